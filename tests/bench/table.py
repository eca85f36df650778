#   table - what zherd does at each work, beside what others do in the same run
#
#   Each row is about one metric of zherd at one work.  Its goals are drawn from
#   what was read beside it: zherd is to beat the best of the platforms, and to
#   be near the floor, a bare program that does no more than it must.

import dataclasses

from readings import short
from works import WORKS

#  More is better of these, less of all others
MORE_IS_BETTER = {"throughput", "drained", "per_cpu_second", "of_alone"}

PLATFORMS = ["node", "java", "java-threads", "asyncio", "twisted"]
FLOORS = ["floor", "floor-nolog", "relay"]
NEAR_FLOOR = 0.8  #  Of its throughput; its time may be as much longer

#  They have no keys, so they are compared with zherd without
UNKEYED = {*FLOORS, "nats", "zherd-tcp"}
PLAIN = {"zherd-keyed": "zherd", "zherd-keyed-notices": "zherd-notices"}

ROUNDS = 5
ALONE = "†"  #  Behind a figure of a single round

#  The units of a metric, largest first
UNITS = {"µs": [(1e6, "s"), (1e3, "ms"), (1, "µs")],
         "s": [(1, "s"), (1e-3, "ms")],
         "B": [(1e6, "MB"), (1e3, "kB"), (1, "B")]}


@dataclasses.dataclass
class Row:
    work: str
    metric: str
    title: str
    program: str = "zherd"
    unit: str = ""
    asked: dict = dataclasses.field(default_factory=dict)  #  Of other programs
    bound: float = None  #  Of a figure that is a multiple by itself, and of
                         #  which others' tell nothing
    quick: bool = False  #  A quick look has it, too

    def is_met(self, value, bound):
        return value >= bound if self.metric in MORE_IS_BETTER \
            else value <= bound

    def goal(self, value):
        """A multiple that is good, from one of throughput."""
        return value if self.metric in MORE_IS_BETTER else 1 / value


def group(work, program, *lines, **more):
    """Rows about one work: (metric, title, unit)."""
    return [Row(work, metric, title, program, unit, **more)
            for metric, title, unit in lines]


RATE = "throughput", "replies/s", ""
KNOWN = "drained", "updates/s until all five know them", ""
CPU = "cpu_s_per_100k", "CPU of all servers per 100,000", "CPU-s"

ROWS = [
    *group("one-50x32", "zherd-keyed", RATE, CPU, quick=True),
    *group("one-50x32-notices", "zherd-keyed-notices", RATE, quick=True),
    *group("one-50x1", "zherd-keyed", RATE, ("p99_us", "p99", "µs"),
           quick=True),
    *group("one-50x1-notices", "zherd-keyed-notices", RATE),
    *group("one-1x1", "zherd", ("p50_us", "p50", "µs")),
    *group("one-1000x1", "zherd", RATE),
    *group("steady", "zherd", ("p99_us", "p99", "µs")),
    *group("herd-50x32", "zherd-keyed", KNOWN, CPU, quick=True),
    *group("herd-50x32-notices", "zherd-keyed-notices", KNOWN),
    *group("herd-50x1", "zherd-keyed", KNOWN, CPU, quick=True),
    *group("herd-50x1-notices", "zherd-keyed-notices", CPU),
    *group("herd-quiet", "zherd-keyed", CPU, quick=True),
    *group("propagate", "zherd-keyed", ("p50_us", "p50", "µs"),
           ("p90_us", "p90", "µs"), quick=True),
    *group("whatsat", "zherd", RATE, CPU, quick=True),
    *group("churn", "zherd", RATE),
    *group("memory-100k", "zherd-notices",
           ("rss_per_client_bytes", "RSS per client", "B"), quick=True),
    *group("memory-1m", "zherd-notices",
           ("rss_per_client_bytes", "RSS per client", "B")),
    *group("idle-10000", "zherd",
           ("rss_per_idle_bytes", "RSS per idle connection", "B")),
    *group("idle-10000", "zherd", ("of_alone", "throughput, of that without "
                                   "the idle ones", ""), bound=0.9),
    *group("idle-18000", "zherd",
           ("rss_per_idle_bytes", "RSS per idle connection", "B")),
    *group("idle-18000", "zherd", ("of_alone", "throughput, of that without "
                                   "the idle ones", ""), bound=0.9),
    *group("http", "zherd-http", ("per_cpu_second", "replies per CPU-second",
                                  ""), asked={"bare": 0.7}),
    *group("phones", "zherd-http", ("per_cpu_second", "reports per CPU-second",
                                    ""), asked={"bare": 0.8}),
    *group("keys-bulk", "bulk-keyed", ("throughput", "messages/s", ""), CPU),
    *group("disk-50x32", "zherd-disk", RATE, asked={"zherd": 0.9}),
    *group("disk-steady", "zherd-disk", ("p99_us", "p99", "µs"),
           asked={"zherd": 0.8}),
    *group("disk-generation", "zherd-disk", ("p99_us", "p99", "µs"),
           ("rss_bytes", "RSS then", "B"), asked={"zherd": 0.8}),
    *group("disk-restart", "zherd-disk-notices",
           ("first_s", "until it has one client drawn at random", "s"),
           ("all_s", "until it has all", "s"),
           ("slowest_us", "slowest reply meanwhile", "µs")),
    *group("disk-written", "zherd-disk-notices",
           ("bytes_per_update", "bytes written per update", "B"),
           ("written_of_changed", "bytes written, of bytes changed", "")),
    *group("near-walk", "zherd-near", RATE, asked={"zherd": 0.9}),
    *group("near-jump", "zherd-near", RATE, asked={"zherd": 0.75}),
    *group("near", "zherd-http", RATE),
    *group("near-city", "near", ("search_1km_us", "20 nearest in 1 km", "µs"),
           ("move_us", "a client moves", "µs")),
    *group("near-earth", "near", ("search_5km_us", "20 nearest in 5 km", "µs"),
           ("move_us", "a client moves", "µs")),
    *[row for work in ("attack", "attack-away") for row in
      group(work, "zherd-keyed", ("p99_us", "clients' p99", "µs"),
            ("rss_growth", "RSS in the last third, of that in the first", ""))],
    *group("soak", "zherd-notices",
           ("rss_growth", "RSS at the end, of that after a minute", "")),
]


#  What each work is
LINES = {work.name: work.line for work in WORKS}


def quick_programs(work):
    """Whom a quick look compares at this work."""
    rows = [row for row in ROWS if row.work == work and row.quick]
    found = [name for row in rows
             for name in (row.program, PLAIN.get(row.program), *FLOORS,
                          "echo", "node", "node-nolog")]
    return set(filter(None, found))


def mark(is_met):
    return "✓" if is_met else "✗"


def in_unit(unit, values):
    """The values as text, and the unit that suits the first of them."""
    size, name = next(((size, name) for size, name in UNITS.get(unit, ())
                       if abs(values[0]) >= size * 0.9995), (1, unit))
    if unit in UNITS and abs(values[0]) < UNITS[unit][-1][0]:
        size, name = UNITS[unit][-1]
    return [short(value / size) for value in values], name and f" {name}"


def range_text(spread):
    return f"({short(spread[1])}–{short(spread[2])})"


def figure(readings, work, program, metric, unit=""):
    """Median with its unit, least and most; a dagger behind a single reading,
    and how many there are if not five."""
    spread = readings.spread(work, program, metric)
    (median, least, most), name = in_unit(unit, spread)
    count = readings.count(work, program, metric)
    if count == 1:
        return f"{median}{name}{ALONE}"
    few = "" if count == ROUNDS else f", n={count}"
    return f"{median}{name} ({least}–{most}{few})"


def base_of(row, other):
    """Which zherd is compared with the other."""
    return PLAIN.get(row.program, row.program) if other in UNKEYED \
        else row.program


def multiple(row, other, readings):
    return readings.ratios(row.work, base_of(row, other), other, row.metric)


def ratios_text(readings, work, program, other, metric):
    """What the program is in multiples of the other."""
    ratios = readings.ratios(work, program, other, metric)
    if min(readings.count(work, each, metric)
           for each in (program, other)) == 1:
        return f"**{short(ratios[0])} ×**{ALONE}"
    return f"**{short(ratios[0])} ×** {range_text(ratios)}"


def others_of(row, readings):
    """Who did the same in the same rounds."""
    if row.bound is not None:
        return []
    return [other for other in readings.programs(row.work)
            if other not in (row.program, PLAIN.get(row.program))
            and multiple(row, other, readings)]


def best_platform(row, others, readings):
    """The one that zherd gains least on."""
    found = [other for other in others
             if other.removesuffix("-nolog") in PLATFORMS]
    pick = min if row.metric in MORE_IS_BETTER else max
    return pick(found, default=None,
                key=lambda other: multiple(row, other, readings)[0])


def goals(row, readings):
    """What is asked of zherd here, as (other, multiple)."""
    others = others_of(row, readings)
    best = best_platform(row, others, readings)
    if best:
        yield best, 1
    for other in others:
        if other in row.asked:
            yield other, row.goal(row.asked[other])
        elif other in FLOORS:
            yield other, row.goal(NEAR_FLOOR)


def goal_lines(row, readings):
    """The same in words, and whether it is met."""
    sign = "≥" if row.metric in MORE_IS_BETTER else "≤"
    for other, bound in goals(row, readings):
        is_met = row.is_met(multiple(row, other, readings)[0], bound)
        times = ratios_text(readings, row.work, base_of(row, other), other,
                            row.metric)
        yield (f"{other}: {times} "
               f"{sign} {short(bound)} {mark(is_met)}", is_met)
    if row.bound is not None:
        value = readings.spread(row.work, row.program, row.metric)[0]
        is_met = row.is_met(value, row.bound)
        yield f"{sign} {short(row.bound)} {mark(is_met)}", is_met


def goals_met(readings):
    """Of each goal, whether it is met."""
    return [is_met for row in ROWS if is_read(row, readings)
            for _, is_met in goal_lines(row, readings)]


def own_lines(row, readings):
    plain = PLAIN.get(row.program)
    yield f"**{figure(readings, row.work, row.program, row.metric, row.unit)}**"
    if plain and readings.spread(row.work, plain, row.metric):
        yield "plain links: " + figure(readings, row.work, plain, row.metric,
                                       row.unit)


def other_lines(row, readings):
    for other in others_of(row, readings):
        found = figure(readings, row.work, other, row.metric, row.unit)
        ratios = multiple(row, other, readings)
        yield f"{other} {found}: {short(ratios[0])} ×"


def cells(row, readings, is_first=True):
    said = list(goal_lines(row, readings))
    return (f"*{row.work}*, {LINES[row.work]}: **{row.title}**" if is_first
            else f"*{row.work}*: **{row.title}**",
            "<br>".join(own_lines(row, readings)),
            "<br>".join(text for text, _ in said),
            "<br>".join(other_lines(row, readings)))


def is_read(row, readings):
    return readings.spread(row.work, row.program, row.metric) is not None


def markdown(head, rows):
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def table(readings):
    rows = [row for row in ROWS if is_read(row, readings)]
    firsts = {row.work: row for row in reversed(rows)}
    return markdown(
        ["work and **metric**", "zherd", "goals: zherd as a multiple of the "
         "best platform and of the floor", "all others, and zherd as a "
         "multiple"],
        [cells(row, readings, firsts[row.work] is row) for row in rows])


def not_read(readings):
    """Works that have a row, but no readings."""
    return list(dict.fromkeys(row.work for row in ROWS
                              if not is_read(row, readings)))


def plain(readings, works):
    """The rows of these works, for a terminal."""
    for row in ROWS:
        if row.work in works and is_read(row, readings):
            title, own, wanted, others = cells(row, readings, False)
            yield f"{title}: {own}".replace("<br>", ", ").replace("*", "")
            for text in wanted, others:
                for line in filter(None, text.split("<br>")):
                    yield f"      {line}".replace("*", "")
