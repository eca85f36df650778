#   page - README.md of a folder of readings, with table and pictures
#
#   notes.md beside it holds what people wrote about each picture, under its
#   name as a heading.

import inspect
import os
import re

import machine
import pictures
import table
from readings import short
from works import SOAK_MINUTES, WORKS

HEAD = """\
# How fast zherd is, beside what one might take instead

`make bench` made this page. A figure is a median, with the least and the most
behind it, of up to {rounds} rounds. In a round every program does the same work
in turn, started afresh; *×* is zherd's figure divided by the other's of the
same round, and the median of these: the machine's mood changes absolute figures
by a factor of two from hour to hour, but hardly the ratio of neighbours. Every
program logs all input and output, as zherd does as shipped, unless it says
*nolog* or *notices*. All readings are in [runs.tsv](runs.tsv), their medians in
[summary.tsv](summary.tsv).

Beside zherd: *echo*, a bare C server that sends every line back; *floor*, a
bare C server that parses, stores, answers, floods over TCP and logs, and can do
nothing else; *redis*, a GEOADD for each IAMAT, and *redis-aof*, which syncs its
append-only file every second; *nats*, a cluster of five that passes updates on
and stores nothing; *relay*, two hops over bare libzmq; *bulk*, the same under
load; *router*, the same herd while a bare ROUTER is attacked in its place;
*bare*, an HTTP server on libmicrohttpd that reads a location and can do nothing
else; and the whole protocol on *node*, *java* (NIO), *asyncio* and *twisted*,
written as one writes there. Names that end in *keyed* have keys on their links.
Sources are in
[tests/bench/peers](../../tests/bench/peers).

## What was asked for, and what came of it

"""

AGAIN = """\
## Again

    make bench                                  # all of it, half an hour
    make bench QUICK=1                          # a look, in two minutes
    make bench WORK=one-50x32,propagate         # only these works
    make bench WORK='keys-*'                    # what keys on links cost
    make bench WORK=soak                        # ten minutes' load
    make bench PROGRAM=zherd,echo ROUNDS=3      # a look at these programs
    tests/bench/bench --report                  # this page, from runs.tsv

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
        ["all is known again, s after", *(name for name, *_ in kinds)],
        [[program, *(recovered(readings, work, program)
                     for _, work, _ in kinds)] for program in programs])


def recovered(readings, work, program):
    after = readings.spread(work, program, "known_after_s")
    lost = readings.spread(work, program, "lost")
    if lost and lost[2]:
        return f"never: {lost[2]:.0f} of 1,000 lost"
    return f"{short(after[0])} {table.range_text(after)}" if after else "–"


def code_table(readings):
    found = [(program, readings.spread("code", program, "lines"))
             for program in readings.programs("code")]
    return found and table.markdown(
        ["", *(program for program, _ in found)],
        [["lines of code", *(short(lines[0]) for _, lines in found)]])


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


def methods():
    """How each work is done, from what its measure says of itself."""
    works = {}
    for work in WORKS:
        name = re.sub(r"(grow-[a-z]+)-.*", r"\1", work.name)
        works.setdefault(work.measure, {})[name] = True
    for measure, names in works.items():
        text = " ".join(inspect.getdoc(measure).split())
        yield f"- *{', '.join(names)}*: {text}\n"


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
    parts = [HEAD.format(rounds=readings.rounds()),
             table.table(readings, table.ROWS), "\n",
             notes.get("table", ""), "\n\n" if notes.get("table") else "",
             *picture_sections(readings, drawn, notes)]
    for title, text in (("Ten minutes at 80 % of peak", soak_table(readings)),
                        ("What it takes to write", code_table(readings))):
        if text:
            parts += [f"## {title}\n\n", text, "\n"]
    if wrong := list(complaints(readings)):
        parts += ["## What went wrong\n\n", *wrong, "\n"]
    parts += ["## How it was measured\n\n", *methods(), "\n"]
    parts += ["## Where\n\n", table.markdown(["", ""], machine.said(folder)),
              "\n", AGAIN]
    with open(os.path.join(folder, "README.md"), "w") as file:
        file.writelines(parts)
