#   page - README.md of a folder of readings, with table and pictures
#
#   notes.md beside it holds what people wrote about each picture, under its
#   name as a heading.

import collections
import inspect
import os
import re

import answers
import machine
import pictures
import table
import zeromq
from readings import short
from works import ASKED, SOAK_MINUTES, WORKS

HEAD = """\
# How fast zherd is, beside what one might take instead

`make bench` made this page: zherd {zherd}, commit {commit}, {date}, {cores}
cores of an {processor}, load and servers together. In short:

{dirty}"""

DIRTY = """\
**The sources had changes that are in no commit**, so nobody can measure quite
the same again.

"""

BEGIN = """\

Unless another is named, zherd is as `make up` starts it: with keys on its
links, and a log of every line in and out. A server alone has no links, so some
of its works were measured without keys. The others have plain links, and log
all lines, too.

## How to read this

A figure is a median of {rounds} rounds (or of *n*), with the least and the most
behind it; {alone} marks a single reading, which proves little. In a round every
program does the same work in turn, started afresh. *×* is zherd's figure
divided by the other's of the same round, and the median of these: the machine
is shared, and absolute figures move by a factor of two from hour to hour, but
the ratio of neighbours hardly. All readings are of one machine and one commit;
they are in [runs.tsv](runs.tsv), their medians in [summary.tsv](summary.tsv).

| program | what it is |
| --- | --- |
| zherd-keyed | zherd as `make up` starts it; *zherd* with plain links, \
*-notices* with a log of notices only |
| zherd-tcp | zherd over plain TCP in place of ZeroMQ |
| zherd-http, zherd-disk | zherd loaded over HTTP; with its table on disk |
| node, java, java-threads, asyncio, twisted | the whole protocol, written as \
one writes there; *java* with one selector, *java-threads* with a thread for \
each connection; *-nolog* without a log |
| floor | a bare C server that parses, stores, answers, floods over TCP and \
logs, and does nothing else |
| echo | a bare C server that sends every line back |
| relay, bulk | two hops over bare libzmq, paced and under load |
| redis | a GEOADD for each IAMAT; *-publish* and a PUBLISH; *-aof* with an \
append-only file synced every second |
| nats | five in a cluster pass updates on, and store nothing; *-tls* with TLS \
between them |
| bare, bare-node | an HTTP server on libmicrohttpd, on node:http, that reads a \
location and does nothing else |

Their sources are in [tests/bench/peers](../../tests/bench/peers).

## All figures

Goals are drawn from the same run: zherd is to do at least as well as the best
platform (Node.js, Java, asyncio, Twisted), and to reach {near:.0%} of *floor*
or of what a row names. {met} of {goals} goals are met. *floor*, *relay* and
*nats* have no keys, so zherd with plain links is compared with them.

"""

AGAIN = """\
## Again

    make bench                                  # all of it, 40 minutes
    make bench QUICK=1                          # a look, in three minutes
    make bench WORK=one-50x32,propagate         # only these works
    make bench WORK=soak                        # ten minutes' load
    make bench PROGRAM=zherd,echo ROUNDS=3      # a look at these programs
    tests/bench/bench --plan                    # how long it would take
    tests/bench/bench --minutes 20              # what fits into 20 minutes
    tests/bench/bench --report                  # this page, from runs.tsv

Readings of another machine or commit are never mixed: `make bench` begins anew,
and single works then go to `build/look`.

"""

TITLES = {
    "throughput": "One server: throughput",
    "latency": "One server: latency",
    "herd": "A herd of five",
    "propagation": "From Alford to Holiday",
    "recovery": "Away for a while",
    "grow-clients": "More clients",
    "grow-connections": "More connections",
    "grow-herd": "More servers",
}


def read_notes(path):
    """What is written under each heading."""
    notes, heading = {}, None
    if os.path.exists(path):
        with open(path) as file:
            for line in file:
                if line.startswith("## "):
                    heading = line[3:].strip()
                    notes[heading] = ""
                elif heading:
                    notes[heading] += line
    return {heading: text.strip() for heading, text in notes.items()}


def recovery_table(readings):
    kinds = pictures.RECOVERIES
    programs = readings.programs(kinds[0][1])
    return table.markdown(
        ["all is known again after", *(name for name, *_ in kinds)],
        [[program, *(recovered(readings, work, program)
                     for _, work, _ in kinds)] for program in programs])


def recovered(readings, work, program):
    after = readings.spread(work, program, "known_after_s")
    lost = readings.spread(work, program, "lost")
    if lost and lost[2]:
        return f"never: {lost[2]:,.0f} of 1,000 lost"
    return table.figure(readings, work, program, "known_after_s", "s") \
        if after else "–"


def code_table(readings):
    found = [(program, readings.spread("code", program, "lines"))
             for program in readings.programs("code")]
    return found and table.markdown(
        ["", *(program for program, _ in found)],
        [["lines of code", *(short(lines[0]) for _, lines in found)]])


def zeromq_table(readings):
    rows = zeromq.table_of(readings)
    return rows and f"{rows}\n[zeromq.md](../zeromq.md) says what it means.\n"


def soak_table(readings):
    """RSS of the five servers, minute by minute."""
    program = "zherd-notices"
    minutes = [(minute, readings.spread("soak", program, f"rss_{minute}"))
               for minute in range(SOAK_MINUTES + 1)]
    minutes = [(minute, found[0]) for minute, found in minutes if found]
    return minutes and table.markdown(
        ["minute", *(str(minute) for minute, _ in minutes)],
        [["RSS, MB", *(f"{size / 1e6:.0f}" for _, size in minutes)]])


def picture_sections(readings, drawn, notes):
    for name in drawn:
        yield f"## {TITLES[name]}\n\n![{TITLES[name]}]({name}.svg)\n\n"
        if name == "recovery":
            yield f"{recovery_table(readings)}\n"
        if notes.get(name):
            yield f"{notes[name]}\n\n"


def works_table(readings):
    """What each work is that has no row among the figures."""
    read = {row[1] for row in readings.rows} - {
        row.work for row in table.ROWS}
    return table.markdown(["work", "what it is"], [
        [f"*{work.name}*", work.line] for work in WORKS if work.name in read])


def methods(readings):
    """How each work is done, from what its measure says of itself."""
    works = {}
    for work in WORKS:
        if readings.programs(work.name):
            name = re.sub(r"(grow-[a-z]+)-.*", r"\1", work.name)
            works.setdefault(work.measure, {})[name] = True
    for measure, names in works.items():
        text = " ".join(inspect.getdoc(measure).split())
        yield f"- *{', '.join(names)}*: {text}\n"


def left_out(readings):
    """Works that could have been measured."""
    by_name = [work.name for work in ASKED]
    names = table.not_read(readings)
    for title, chosen in (
            ("Not measured in this run", [
                name for name in names if name not in by_name]),
            ("Measured if asked for by name, and not in this run", [
                name for name in names if name in by_name])):
        if chosen:
            yield f"{title}: *{', '.join(chosen)}*.\n\n"


def complaints(readings):
    """The readings with replies that were wrong or missing."""
    wrong = [(number, work, program, value) for
             number, work, program, metric, value in readings.rows
             if metric == "errors"]
    for number, work, program, value in wrong:
        yield f"- {work}, {program}, round {number}: {value:.0f} errors\n"


def write(readings, folder):
    """Write all that follows from the readings into their folder."""
    readings.write_summary(os.path.join(folder, "summary.tsv"))
    drawn = pictures.draw(readings, folder, [pictures.SVG, pictures.PNG])
    notes = read_notes(os.path.join(folder, "notes.md"))
    facts = collections.defaultdict(lambda: "unknown", machine.said(folder))
    met = table.goals_met(readings)
    facts["dirty"] = DIRTY if facts["commit"].endswith("-dirty") else ""
    parts = [HEAD.format_map(facts),
             *answers.lines(readings),
             BEGIN.format(rounds=table.ROUNDS, alone=table.ALONE,
                          near=table.NEAR_FLOOR, met=sum(met),
                          goals=len(met)),
             table.table(readings), "\n", *left_out(readings),
             notes.get("table", ""), "\n\n" if notes.get("table") else "",
             *picture_sections(readings, drawn, notes)]
    for title, text in (("Ten minutes at 80 % of peak", soak_table(readings)),
                        ("What ZeroMQ costs and gives",
                         zeromq_table(readings)),
                        ("What it takes to write", code_table(readings))):
        if text:
            parts += [f"## {title}\n\n", text, "\n"]
    if wrong := list(complaints(readings)):
        parts += ["## What went wrong\n\n", *wrong, "\n"]
    parts += ["## What the other works are\n\n", works_table(readings),
              "\n",
              "## How it was measured\n\n", *methods(readings), "\n"]
    parts += ["## Where\n\n", table.markdown(["", ""], machine.said(folder)),
              "\n", AGAIN]
    with open(os.path.join(folder, "README.md"), "w") as file:
        file.writelines(parts)
