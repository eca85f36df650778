#   table - what was asked for, and what came of it
#
#   Each row asks something of one metric of zherd at one work: an absolute
#   bound, or a multiple of others in the same round.

import dataclasses

from readings import short

#  More is better of these, less of all others
MORE_IS_BETTER = {"throughput", "drained", "per_cpu_second", "of_alone"}


@dataclasses.dataclass
class Row:
    work: str
    metric: str
    title: str
    asked: dict = dataclasses.field(default_factory=dict)
    bound: float = None    #  Of zherd itself
    program: str = "zherd"
    unit: str = ""
    alone: bool = False    #  Others' figures tell nothing

    def sign(self):
        return "≥" if self.metric in MORE_IS_BETTER else "≤"

    def is_met(self, value, bound):
        return value >= bound if self.metric in MORE_IS_BETTER \
            else value <= bound


AS_FAST = {"node": 1, "twisted": 1, "asyncio": 1, "java": 1}

ROWS = [
    Row("one-50x32", "throughput", "one server, 50 connections × 32 "
        "pipelined, IAMAT, full log: replies/s",
        {"echo": 0.40, "redis": 3.5, "node": 11, "twisted": 60}),
    Row("one-50x32-notices", "throughput", "the same, log reduced to notices "
        "(others: no log)", {"echo": 0.50}, program="zherd-notices"),
    Row("one-50x1", "throughput", "one server, 50 × 1: replies/s",
        {"echo": 0.75}),
    Row("one-50x1", "p99_us", "the same: p99", {"echo": 1.5}, unit=" µs"),
    Row("one-1x1", "p50_us", "one server, 1 × 1: p50", {"echo": 1.5},
        unit=" µs"),
    Row("one-1000x1", "throughput", "one server, 1,000 × 1: replies/s",
        {"echo": 0.8, "redis": 1.3}),
    Row("one-50x32", "per_cpu_second", "IAMATs per server CPU-second, "
        "50 × 32, full log",
        {"floor": 0.84, "redis": 3.3, "node": 14, "twisted": 70}, 1.2e6),
    Row("idle-10000", "of_alone", "100 busy connections beside 10,000 idle "
        "ones: throughput, of the same 100 alone", bound=0.9, alone=True),
    Row("idle-18000", "of_alone", "the same beside 18,000", bound=0.9,
        alone=True),
    Row("idle-10000", "rss_per_idle_bytes", "RSS per idle connection, "
        "10,000", bound=256, unit=" B"),
    Row("idle-18000", "rss_per_idle_bytes", "the same, 18,000", bound=256,
        unit=" B"),
    Row("herd-50x32", "drained", "herd of five, 50 × 32, full log: updates/s "
        "until all five know them", {"node": 9, "twisted": 50, "nats": 1.7}),
    Row("herd-50x32", "cpu_s_per_100k", "the same: CPU-seconds of all five "
        "per 100,000 updates", bound=0.75, unit=" s"),
    Row("herd-50x1", "cpu_s_per_100k", "the same, 50 × 1", bound=2.0,
        unit=" s"),
    Row("herd-quiet", "cpu_s_per_100k", "the same, quiet at 1,000 updates/s",
        bound=40, unit=" s"),
    Row("propagate", "p50_us", "Alford → Holiday, two hops, idle herd: p50",
        {**AS_FAST, "relay": 2}, unit=" µs"),
    Row("propagate", "p90_of_p50", "the same: p90 / p50", bound=2, alone=True),
    Row("keys-one", "throughput", "one server with keys, 50 × 32, full log: "
        "replies/s", {"zherd": 0.95}, program="zherd-keyed"),
    Row("keys-herd", "drained", "herd of five with keys, 50 × 32, full log: "
        "updates/s until all five know them", {"zherd": 0.65},
        program="zherd-keyed"),
    Row("keys-herd", "cpu_s_per_100k", "the same: CPU-seconds of all five per "
        "100,000 updates", {"zherd": 1.25}, program="zherd-keyed", unit=" s"),
    Row("keys-bulk", "throughput", "bare libzmq with keys (not zherd), two "
        "hops of 12,000 bytes: messages/s", program="bulk-keyed"),
    Row("keys-bulk", "cpu_s_per_100k", "the same: CPU-seconds per 100,000 "
        "messages", program="bulk-keyed", unit=" s"),
    Row("keys-propagate", "p50_us", "Alford → Holiday, two hops with keys, "
        "idle herd: p50", {"zherd": 1.3}, program="zherd-keyed", unit=" µs"),
    Row("attack", "p99_us", "strangers at the mesh of a herd with keys, from a "
        "peer's address, for 30 s: clients' p99", {"router": 1.5},
        program="zherd-keyed", unit=" µs"),
    Row("attack", "rss_swing", "the same: the most RSS / the least", bound=1.1,
        program="zherd-keyed", alone=True),
    Row("attack-away", "p99_us", "strangers from an address that is no peer's: "
        "clients' p99", {"router": 1.5}, program="zherd-keyed", unit=" µs"),
    Row("attack-away", "rss_swing", "the same: the most RSS / the least",
        bound=1.1, program="zherd-keyed", alone=True),
    Row("whatsat", "throughput", "WHATSAT, 20 connections, upstream of 16 kB "
        "and 20 results, no cache: replies/s", {"twisted": 25, "node": 5}),
    Row("whatsat", "cpu_s_per_100k", "the same: CPU-seconds per 100,000",
        bound=5, unit=" s"),
    Row("churn", "throughput", "connect, one IAMAT, close: connections/s",
        {"node": 1.5, "twisted": 1.5}),
    Row("http", "per_cpu_second", "PUT over HTTP, 50 kept connections, full "
        "log: replies per server CPU-second", {"bare": 0.7},
        program="zherd-http"),
    Row("phones", "per_cpu_second", "reports of phones over HTTP, a "
        "connection each: the same", {"bare": 0.8}, program="zherd-http"),
    Row("memory-1m", "rss_per_client_bytes", "RSS per known client, "
        "1,000,000", bound=128, program="zherd-notices", unit=" B"),
    Row("disk-50x32", "throughput", "table on disk, synced every second "
        "(Redis: AOF), 50 × 32, full log: replies/s", {"zherd": 0.9},
        program="zherd-disk"),
    Row("disk-steady", "p99_us", "the same at 2,000 IAMATs/s: p99",
        {"zherd": 1.2}, program="zherd-disk", unit=" µs"),
    Row("disk-generation", "p99_us", "the same, while a table of 1,000,000 "
        "clients is written: p99", {"zherd": 1.2}, program="zherd-disk",
        unit=" µs"),
    Row("disk-generation", "rss_bytes", "RSS then (16 MiB are 0.11 of it)",
        {"zherd": 1.11}, program="zherd-disk", unit=" B"),
    Row("disk-written", "bytes_per_update", "bytes written per update, 100,000 "
        "clients, 3,000 updates/s, six minutes",
        program="zherd-disk-notices", unit=" B"),
    Row("disk-written", "written_of_changed", "the same, of bytes changed",
        bound=2.2, program="zherd-disk-notices", alone=True),
    Row("disk-restart", "first_s", "killed with 1,000,000 clients on disk: "
        "until it has one drawn at random", bound=1,
        program="zherd-disk-notices", unit=" s"),
    Row("disk-restart", "all_s", "the same: until it has all", bound=2,
        program="zherd-disk-notices", unit=" s"),
    Row("disk-restart", "slowest_us", "the same: slowest reply meanwhile",
        bound=50000, program="zherd-disk-notices", unit=" µs"),
    Row("soak", "rss_growth", "ten minutes at 80 % of peak, herd of five: "
        "RSS at the end / after a minute", bound=1.02,
        program="zherd-notices"),
]


def needed(work):
    """The programs that a row compares at this work."""
    found = []
    for row in ROWS:
        if row.work == work:
            found += [row.program, *row.asked]
    return list(dict.fromkeys(found))


def mark(is_met):
    return "✓" if is_met else "✗"


def range_text(spread):
    return f"({short(spread[1])}–{short(spread[2])})"


def amounts(values, unit):
    """The values as text, and the unit that suits the first of them."""
    if unit == " µs" and values[0] >= 1000:
        values, unit = [value / 1000 for value in values], " ms"
    return *map(short, values), unit


def own_cell(row, spread):
    """What zherd does, and whether that is enough by itself."""
    median, least, most, unit = amounts(spread, row.unit)
    text = f"**{median}{unit}** ({least}–{most})"
    if row.bound is None:
        return text, True
    is_met = row.is_met(spread[0], row.bound)
    return (f"{text}<br>{row.sign()} {short(row.bound)}{row.unit} "
            f"{mark(is_met)}", is_met)


def other_line(row, other, readings):
    """What another does, zherd as a multiple of it, and whether that is
    enough."""
    spread = readings.spread(row.work, other, row.metric)
    ratios = readings.ratios(row.work, row.program, other, row.metric)
    if not ratios:
        return f"{other}: not measured", False
    median, *_, unit = amounts(spread, row.unit)
    text = f"{other} {median}{unit}: " \
           f"**{short(ratios[0])} ×** {range_text(ratios)}"
    if other not in row.asked:
        return text, True
    is_met = row.is_met(ratios[0], row.asked[other])
    return (f"{text} {row.sign()} {row.asked[other]} × {mark(is_met)}",
            is_met)


def others_of(row, readings):
    """With whom zherd is compared: those asked for, then whoever did the
    same."""
    if row.alone:
        return []
    others = [*row.asked, *readings.programs(row.work)]
    return [other for other in dict.fromkeys(others)
            if other != row.program and (
                other in row.asked
                or readings.spread(row.work, other, row.metric))]


def cells(row, readings):
    spread = readings.spread(row.work, row.program, row.metric)
    if not spread:
        return row.title, "not measured", "", "–"
    own, is_met = own_cell(row, spread)
    lines = [other_line(row, other, readings)
             for other in others_of(row, readings)]
    is_met = is_met and all(is_good for _, is_good in lines)
    return row.title, own, "<br>".join(text for text, _ in lines), \
        mark(is_met)


def markdown(head, rows):
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def table(readings, rows):
    return markdown(["work", "zherd", "beside it, and zherd as a multiple of "
                     "it", "met"], [cells(row, readings) for row in rows])


def plain(readings, works):
    """The rows of these works, for a terminal."""
    for row in ROWS:
        if row.work in works:
            title, own, others, is_met = cells(row, readings)
            yield f"{is_met} {title}: {own}".replace("<br>", ", ")
            for line in filter(None, others.split("<br>")):
                yield f"      {line}"
