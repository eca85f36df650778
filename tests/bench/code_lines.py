#   code_lines - how many lines of a source have more than blanks and comments

import io
import re
import tokenize

#  Strings first: what looks like a comment in one is none
PIECES = re.compile(r'"""(?:\\.|[^\\])*?"""|"(?:\\.|[^"\\\n])*"'
                    r"|'(?:\\.|[^'\\\n])*'|//[^\n]*|/\*.*?\*/", re.S)
STARTS = (tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT)
EMPTY = (tokenize.COMMENT, tokenize.NL, tokenize.ENDMARKER)


def without_comment(match):
    piece = match[0]
    return "\n" * piece.count("\n") if piece.startswith("/") else piece


def lines_of_c(text):
    text = PIECES.sub(without_comment, text)
    return sum(bool(line.strip()) for line in text.splitlines())


def lines_of_python(text):
    lines = set()
    is_first = True
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type in EMPTY:
            continue
        #  A string that begins a statement is a comment too
        is_comment = is_first and token.type == tokenize.STRING
        if token.type not in STARTS and not is_comment:
            lines.update(range(token.start[0], token.end[0] + 1))
        is_first = token.type in STARTS
    return len(lines)


def lines_of(path):
    with open(path) as file:
        text = file.read()
    return lines_of_python(text) if path.endswith(".py") else lines_of_c(text)
