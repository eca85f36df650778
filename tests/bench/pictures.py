#   pictures - what was read, drawn by gnuplot
#
#   Black on white: points are told apart by their form, curves by dashes too.
#   A line through a point shows the least and the most.  The terminal says in
#   what format, how large, and in what letters.  Where something was lost for
#   good, its point stands in a column of its own, which is no part of the axis.

import math
import os
import subprocess

from table import PLATFORMS, in_unit

SVG = 'svg size 720,{height} font "sans-serif,16" background "white"'
PNG = 'pngcairo size 720,{height} font "sans-serif,12"'
PDF = 'pdfcairo size 3.33in,2.1in font "Helvetica,8" fontscale 0.75'
POINT_SIZE = {"svg": 1, "pngcairo": 1.6, "pdfcairo": 1}
SUFFIX = {"svg": "svg", "pngcairo": "png", "pdfcairo": "pdf"}

#  The height of a picture with curves; of one with dots, and for each dot
CURVES_HEIGHT, DOTS_HEIGHT, DOT_HEIGHT = 440, 110, 22

POINTS = [7, 6, 9, 4]  #  Full and empty by turns
SPAN = 'lc "black" notitle'
NEVER = "never"

#  Of the axis: what a label takes, the column of what is never, and its middle
LABEL_ROOM, NEVER_ROOM, NEVER_AT = 0.16, 0.14, 0.94
LEAST_DECADES = 0.5  #  However close the values are

PEERS = [name for name in PLATFORMS if name != "java-threads"]
SINGLES = ["echo", "zherd-keyed", "zherd", "floor", "redis", *PEERS]
HERDS = ["zherd-keyed", "zherd", "zherd-tcp", "floor"]

#  What a metric's name ends with: the unit of its values
UNITS = {"_us": "µs", "_s": "s"}


#  What all pictures have in common
STYLE = """\
set encoding utf8
set terminal {terminal}
set output "{path}"
set datafile separator tab
set border 3
set tics nomirror out
set grid {along}tics lc "dark-gray" dt 3
set key above left Left reverse samplen 1
set pointsize {points}
set {along}label "{label}"
set logscale {along}
set {along}tics ({tics})
set {along}range [{least}:{most}]
"""


class Picture:
    """Lines of data, and what gnuplot is to do with them.  Values are along
    one axis, x or y, of which some part is kept free above the highest."""

    def __init__(self, along, metric, room, height):
        self.along = along
        self.unit = next((unit for end, unit in UNITS.items()
                          if metric.endswith(end)), "")
        self.room = room
        self.has_never = False
        self.height = height
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

    def text(self, value):
        """The value in the unit that suits it."""
        (text,), unit = in_unit(self.unit, [value])
        return text + unit

    def ends(self):
        """Where the axis begins and ends."""
        least, most = min(self.values) / 1.15, max(self.values) * 1.15
        decades = max(math.log10(most / least), LEAST_DECADES)
        return least, least * 10 ** (decades / (1 - self.room))

    def tics(self, least, most):
        """Numbers beside the axis: each power of ten, or more if that is few;
        none beside what is never."""
        decades = range(math.floor(math.log10(least)),
                        math.ceil(math.log10(most)))
        steps = (1,) if most / least > 50 else (1, 2, 5)
        if self.has_never:
            most = least * (most / least) ** (1 - NEVER_ROOM)
        return ", ".join(f'"{self.text(value)}" {value}' for value in (
            step * 10.0 ** decade for decade in decades for step in steps)
            if least <= value <= most)

    def script(self, label, terminal, path):
        least, most = self.ends()
        kind = terminal.split()[0]
        style = STYLE.format(
            terminal=terminal.replace("{height}", str(self.height)),
            path=path, along=self.along, label=label, least=least, most=most,
            tics=self.tics(least, most), points=POINT_SIZE[kind])
        return "\n".join([*self.blocks, style, *self.settings,
                          "plot " + ", ".join(self.plots), ""])

    def add_never(self, places):
        """Points, (number of its kind, place on the other axis), at never."""
        self.room += NEVER_ROOM
        self.has_never = True
        edge = 1 - NEVER_ROOM * 0.85
        self.settings += [
            f'set arrow from graph {edge}, graph 0 to graph {edge}, graph 1 '
            'nohead dt 2 lc "black"',
            f'set label "{NEVER}" at graph {NEVER_AT}, graph 0 center '
            'offset 0,-1']
        self.settings += [
            f'set label "" at graph {NEVER_AT}, first {place} '
            f'point pt {POINTS[number]} lc "black"'
            for number, place in places]


def dot(readings, work, program, metric):
    """Median, least and most; NEVER if something was lost for good, None if
    there is nothing to draw."""
    lost = readings.spread(work, program, "lost")
    if lost and lost[2]:
        return NEVER
    return readings.spread(work, program, metric)


def draw_dots(readings, programs, kinds):
    """A row for each program, with a dot for each kind; None if there is
    nothing to draw."""
    there = [program for program in programs
             if any(dot(readings, work, program, metric)
                    for _, work, metric in kinds)]
    if not there:
        return None
    picture = Picture("x", kinds[0][2], LABEL_ROOM, DOTS_HEIGHT +
                      DOT_HEIGHT * len(there) * len(kinds))
    never = []
    for number, kind in enumerate(kinds):
        offset = (number - (len(kinds) - 1) / 2) * 0.8 / len(kinds)
        places = {index + offset: dot(readings, kind[1], program, kind[2])
                  for index, program in enumerate(there)}
        never += [(number, place) for place, found in places.items()
                  if found == NEVER]
        add_dots(picture, number, kind[0], [
            (place, *found) for place, found in places.items()
            if found not in (None, NEVER)])
    if not picture.values:
        return None
    if never:
        picture.add_never(never)
    names = ", ".join(f'"{program}" {index}'
                      for index, program in enumerate(there))
    picture.settings += [f"set yrange [{len(there) - 0.4}:-0.6]",
                         f"set ytics ({names}) scale 0"]
    return picture


def add_dots(picture, number, title, rows):
    """Dots of a kind, as (place, median, least, most), each with its value
    beside it."""
    if not rows:
        return
    picture.values += [value for row in rows for value in row[1:]]
    data = picture.add([(*row, picture.text(row[1])) for row in rows])
    picture.plots += [
        f'{data} using 3:1:($4-$3):(0) with vectors nohead {SPAN}',
        f'{data} using 2:1 with points pt {POINTS[number]} lc "black" '
        f'title "{title}"',
        f'{data} using 4:1:5 with labels left offset 0.7,0 notitle']


def draw_curves(readings, programs, along, metric, works):
    """A curve for each program; None if there is nothing to draw."""
    picture = Picture("y", metric, 0, CURVES_HEIGHT)
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
            f'{data} using 1:3:(0):($4-$3) with vectors nohead {SPAN}']
    names = ", ".join(f'"{picture.text(x)}" {x}' for x, _ in works)
    picture.settings = [
        f'set xlabel "{along}"', "set logscale x", f"set xtics ({names})",
        f"set xrange [{works[0][0] / 1.4}:{works[-1][0] * 1.4}]"]
    return picture if picture.plots else None


RECOVERIES = [("killed", "restart-kill", "known_after_s"),
              ("paused", "restart-pause", "known_after_s"),
              ("parted", "restart-partition", "known_after_s"),
              ("cut off", "restart-cut", "known_after_s")]

#  name: (what its values are, how it is drawn, and of what)
PICTURES = {
    "throughput": (
        "updates a second", draw_dots, SINGLES,
        [("50 × 32", "one-50x32", "throughput"),
         ("50 × 1", "one-50x1", "throughput")]),
    "latency": (
        "time until the reply", draw_dots, SINGLES,
        [("1 × 1: p50", "one-1x1", "p50_us"),
         ("50 × 1: p99", "one-50x1", "p99_us")]),
    "herd": (
        "updates a second, known to all five", draw_dots,
        [*HERDS, "nats", *PEERS],
        [("50 × 32", "herd-50x32", "drained"),
         ("50 × 1", "herd-50x1", "drained")]),
    "propagation": (
        "from Alford to Holiday, p50", draw_dots, [*HERDS, "relay", *PEERS],
        [("", "propagate", "p50_us")]),
    "recovery": (
        "until all is known again", draw_dots,
        ["zherd", "zherd-tcp", *PEERS],
        RECOVERIES),
    "grow-clients": (
        "updates a second", draw_curves, ["floor-nolog", "zherd-notices"],
        "known clients", "throughput",
        [(10**4, "grow-clients-10k"), (10**5, "grow-clients-100k"),
         (10**6, "grow-clients-1m"), (10**7, "grow-clients-10m")]),
    "grow-connections": (
        "updates a second", draw_curves, ["echo", "zherd", "node"],
        "connections, one request on each", "throughput",
        [(count, f"grow-connections-{count}")
         for count in (1, 10, 100, 1000)]),
    "grow-herd": (
        "updates a second, known to all", draw_curves, ["zherd", "node"],
        "servers in the ring", "drained",
        [(size, f"grow-herd-{size}") for size in (1, 2, 5, 8)]),
}


def remove(path):
    if os.path.exists(path):
        os.remove(path)


def draw(readings, folder, terminals):
    """Draw whatever can be drawn, and leave no older picture of what cannot;
    returns the names of the pictures."""
    drawn = []
    for name, (label, draw_it, *spec) in PICTURES.items():
        picture = draw_it(readings, *spec)
        for terminal in terminals:
            path = os.path.join(
                folder, f"{name}.{SUFFIX[terminal.split()[0]]}")
            if picture is None:
                remove(path)
                continue
            script = picture.script(label, terminal, path)
            subprocess.run(["gnuplot"], input=script, text=True, check=True)
        if picture:
            drawn.append(name)
    return drawn
