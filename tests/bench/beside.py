#   beside - two builds of zherd, read in turn: is the new one as fast?
#
#   A pair is one reading of each build, one right after the other, so that both
#   have the machine's mood in common; who is first changes from pair to pair
#   (old new, new old, and so on).  Each row asks of one metric how many times
#   better the new build is: above 1 it is faster, smaller or sooner.  The new
#   build is not slower if the upper quartile of its pairs is at least ENOUGH.

import dataclasses
import os
import shutil
import statistics

from programs import BUILD, PROGRAMS, TOP, Zherd
from readings import Readings, short
from table import MORE_IS_BETTER
from works import WORKS

PAIRS = 9
ENOUGH = 0.95
FOLDER = os.path.join(TOP, "build", "beside")
OLD, NEW = "old", "new"


@dataclasses.dataclass
class Row:
    work: str
    metric: str
    title: str
    quick: bool = False  #  A quick look has it, too


ROWS = [
    Row("one-50x32", "throughput", "50 × 32, full log: replies/s", True),
    Row("one-50x32", "per_cpu_second", "the same: replies a CPU-second", True),
    Row("one-50x32-notices", "throughput", "50 × 32, notices: replies/s"),
    Row("one-50x32-notices", "per_cpu_second",
        "the same: replies a CPU-second"),
    Row("one-50x1", "throughput", "50 × 1: replies/s", True),
    Row("one-1000x1", "throughput", "1,000 × 1: replies/s"),
    Row("one-1x1", "p50_us", "1 × 1: p50, µs"),
    Row("herd-50x32", "drained", "herd of five, 50 × 32: known to all/s",
        True),
    Row("herd-50x32", "cpu_s_per_100k", "the same: CPU-s per 100,000", True),
    Row("herd-quiet", "cpu_s_per_100k", "herd, 1,000/s: CPU-s per 100,000"),
    Row("propagate", "p50_us", "Alford to Holiday: p50, µs", True),
    Row("whatsat", "cpu_s_per_100k", "WHATSAT: CPU-s per 100,000"),
    Row("memory-100k", "rss_per_client_bytes", "RSS a client, bytes"),
    Row("restart-100k", "known_after_s", "restart, 100,000 clients: s"),
]


class Build(Zherd):
    """A build of zherd, at the level of log that a work asks of zherd."""

    def __init__(self, folder, level):
        super().__init__(level)
        self.command = os.path.join(folder, "zherd"),


def both(work, folder):
    """The two programs to read at this work, both without keys, which older
    builds do not have."""
    level = PROGRAMS[work.programs.split()[0]].level
    return {OLD: Build(folder, level), NEW: Build(BUILD, level)}


def rows_of(work):
    return [row for row in ROWS if row.work == work.name]


def usual(is_quick):
    """The works that rows are about; for a quick look only a few."""
    return [work for work in WORKS
            if any(row.quick or not is_quick for row in rows_of(work))]


def measure(works, options, take):
    """Read all pairs, all works in each, so that a bad minute of the machine
    spoils no work alone.  Returns the readings."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    readings = Readings(os.path.join(FOLDER, "runs.tsv"))
    for work in works:
        readings.forget(work.name)
    for number in range(1, options.pairs + 1):
        for work in works:
            programs = both(work, options.beside)
            for name in (OLD, NEW) if number % 2 else (NEW, OLD):
                take(number, work, name, programs[name], readings)
    return readings


def ratios(row, readings):
    """How many times better the new build was, in each pair."""
    old, new = (readings.by_round(row.work, name, row.metric)
                for name in (OLD, NEW))
    if row.metric not in MORE_IS_BETTER:
        old, new = new, old
    return [new[number] / old[number] for number in new if old.get(number)]


def quartiles(values):
    if len(values) < 2:
        return values * 3
    return statistics.quantiles(values, n=4, method="inclusive")


def judge(row, readings, pairs):
    """Does the row hold, and in words what was read; readings that failed in
    more than half of the pairs do not hold."""
    found = ratios(row, readings)
    if not found:
        return False, f"{row.title}: not read"
    low, middle, high = quartiles(found)
    old, new = (short(readings.spread(row.work, name, row.metric)[0])
                for name in (OLD, NEW))
    holds = high >= ENOUGH and 2 * len(found) >= pairs
    return holds, (f"{row.title:38} {middle:6.3f} × ({low:.3f}–{high:.3f})  "
                   f"{old} → {new}, {len(found)} pairs")


def report(works, options, readings):
    """Print each row of the works; True if all hold."""
    names = [work.name for work in works]
    print("new / old, so that above 1 is better: median (quartiles)  medians; "
          f"it holds if the upper quartile is at least {ENOUGH}")
    verdicts = [judge(row, readings, options.pairs) for row in ROWS
                if row.work in names]
    for holds, words in verdicts:
        print(f"{'holds ' if holds else 'SLOWER'}  {words}")
    return all(holds for holds, _ in verdicts)
