#   pictures - what was read, drawn by gnuplot
#
#   Black on white; bars are told apart by their filling, curves by dashes and
#   points.  The terminal says in what format, how large, and in what letters.

import math
import os
import subprocess

from readings import short
from recovery import PATIENCE_S

SVG = 'svg size 720,400 font "sans-serif,16" background "white"'
PNG = 'pngcairo size 720,400 font "sans-serif,12"'
PDF = 'pdfcairo size 3.33in,2.1in font "Helvetica,7"'
SUFFIX = {"svg": "svg", "pngcairo": "png", "pdfcairo": "pdf"}

FILLS = ["solid 0.7", "pattern 4", "pattern 0", "pattern 2"]
POINTS = [7, 4, 9]
SPAN = 'vectors heads size graph 0.006,90 lc "black" notitle'
LABEL_ROOM = 10  #  A label takes: times the highest

PEERS = ["node", "java", "asyncio", "twisted"]
SINGLES = ["echo", "zherd", "floor", "redis", *PEERS]


#  What all pictures have in common
STYLE = """\
set encoding utf8
set terminal {terminal}
set output "{path}"
set datafile separator tab
set border 3
set tics nomirror out
set grid ytics lc "gray" lw 0.5
set key above left Left reverse samplen 2
set ylabel "{up}"
set format y "{form}"
set logscale y
set yrange [{least}:{most}]
"""


class Picture:
    """Lines of data, and what gnuplot is to do with them."""

    def __init__(self, room_above):
        self.room_above = room_above
        self.blocks = []
        self.settings = []
        self.plots = []
        self.values = []

    def add(self, rows):
        """Rows of numbers and words as data; returns its name."""
        name = f"$data{len(self.blocks)}"
        lines = ["\t".join(map(str, row)) for row in rows]
        self.blocks.append("\n".join([f"{name} << END", *lines, "END"]))
        return name

    def script(self, up, terminal, path):
        """Draw all, with room for labels above the highest."""
        least = 10 ** math.floor(math.log10(min(self.values)))
        most = max(self.values) * self.room_above
        style = STYLE.format(terminal=terminal, path=path, up=up, least=least,
                             most=most, form="%g" if most < 1e3 else "%.0s%c")
        return "\n".join([*self.blocks, style, *self.settings,
                          "plot " + ", ".join(self.plots), ""])


def bar(readings, work, program, metric):
    """Height, least, most and label; None if there is nothing to draw."""
    lost = readings.spread(work, program, "lost")
    if lost and lost[2]:
        return PATIENCE_S, PATIENCE_S, PATIENCE_S, "never"
    found = readings.spread(work, program, metric)
    return found and (*found, short(found[0]))


def draw_bars(readings, programs, kinds):
    """A group of bars for each program; None if there is nothing to draw."""
    picture = Picture(LABEL_ROOM)
    bars = {(program, kind): bar(readings, *kind_of(kind, program))
            for program in programs for kind in kinds}
    there = [program for program in programs
             if any(bars[program, kind] for kind in kinds)]
    if not there:
        return None
    width = 0.84 / len(kinds)
    for number, kind in enumerate(kinds):
        offset = (number - (len(kinds) - 1) / 2) * width
        rows = [(index + offset, *bars[program, kind])
                for index, program in enumerate(there) if bars[program, kind]]
        if not rows:
            continue
        picture.values += [row[column] for row in rows for column in (1, 3)]
        data = picture.add(rows)
        picture.plots += [
            f'{data} using 1:2 with boxes fs {FILLS[number]} lc "black" '
            f'title "{kind[0]}"',
            f'{data} using 1:3:(0):($4-$3) with {SPAN}',
            f'{data} using 1:4:5 with labels rotate left offset 0,0.4 '
            f'notitle']
    names = ", ".join(f'"{program}" {index}'
                      for index, program in enumerate(there))
    picture.settings = [f"set boxwidth {width}",
                        f"set xrange [-0.6:{len(there) - 0.4}]",
                        f"set xtics ({names}) rotate by -35 scale 0"]
    return picture


def kind_of(kind, program):
    _, work, metric = kind
    return work, program, metric


def draw_curves(readings, programs, along, metric, works):
    """A curve for each program; None if there is nothing to draw."""
    picture = Picture(2)
    for number, program in enumerate(programs):
        rows = [(x, *found) for x, work in works
                if (found := readings.spread(work, program, metric))]
        if not rows:
            continue
        picture.values += [value for row in rows for value in row[1:]]
        data = picture.add(rows)
        look = f'lc "black" pt {POINTS[number]} dt'
        picture.plots += [
            f'{data} using 1:2 with linespoints {look} {number + 1} '
            f'title "{program}"',
            f'{data} using 1:3:(0):($4-$3) with {SPAN}']
    names = ", ".join(f'"{short(x)}" {x}' for x, _ in works)
    picture.settings = [
        f'set xlabel "{along}"', "set logscale x", f"set xtics ({names})",
        f"set xrange [{works[0][0] / 1.4}:{works[-1][0] * 1.4}]"]
    return picture if picture.plots else None


RECOVERIES = [("killed", "restart-kill", "known_after_s"),
              ("paused", "restart-pause", "known_after_s"),
              ("parted", "restart-partition", "known_after_s"),
              ("cut off", "restart-cut", "known_after_s")]

#  name: (what goes up, how it is drawn, and of what)
PICTURES = {
    "throughput": (
        "IAMATs a second", draw_bars, SINGLES,
        [("50 × 32", "one-50x32", "throughput"),
         ("50 × 1", "one-50x1", "throughput")]),
    "latency": (
        "µs until the reply", draw_bars, SINGLES,
        [("1 × 1: p50", "one-1x1", "p50_us"),
         ("50 × 1: p99", "one-50x1", "p99_us")]),
    "herd": (
        "updates a second, known to all five", draw_bars,
        ["zherd", "floor", "nats", *PEERS],
        [("50 × 32", "herd-50x32", "drained"),
         ("50 × 1", "herd-50x1", "drained")]),
    "propagation": (
        "µs from Alford to Holiday", draw_bars,
        ["zherd", "floor", "relay", *PEERS],
        [("p50", "propagate", "p50_us"),
         ("p90", "propagate", "p90_us")]),
    "recovery": (
        "seconds until all is known", draw_bars, ["zherd", *PEERS],
        RECOVERIES),
    "grow-clients": (
        "IAMATs a second", draw_curves, ["floor-nolog", "zherd-notices"],
        "known clients", "throughput",
        [(10**4, "grow-clients-10k"), (10**5, "grow-clients-100k"),
         (10**6, "grow-clients-1m"), (10**7, "grow-clients-10m")]),
    "grow-connections": (
        "IAMATs a second", draw_curves, ["echo", "zherd", "node"],
        "connections, one request on each", "throughput",
        [(count, f"grow-connections-{count}")
         for count in (1, 10, 100, 1000)]),
    "grow-herd": (
        "updates a second, known to all", draw_curves, ["zherd", "node"],
        "servers in the ring", "drained",
        [(size, f"grow-herd-{size}") for size in (1, 2, 5, 8)]),
}


def draw(readings, folder, terminals):
    """Draw whatever can be drawn; returns the names of the pictures."""
    drawn = []
    for name, (up, draw_it, *spec) in PICTURES.items():
        picture = draw_it(readings, *spec)
        if picture is None:
            continue
        for terminal in terminals:
            path = os.path.join(
                folder, f"{name}.{SUFFIX[terminal.split()[0]]}")
            script = picture.script(up, terminal, path)
            subprocess.run(["gnuplot"], input=script, text=True, check=True)
        drawn.append(name)
    return drawn
