#   zeromq - what ZeroMQ costs and gives: zherd beside itself over plain TCP

import table
from readings import short

OURS, OTHER = "zherd", "zherd-tcp"

#  Work, metric, title, unit
ROWS = [
    ("herd-quiet", "cpu_s_per_100k", "quiet, 1,000 updates/s: CPU of all "
     "five per 100,000", "CPU-s"),
    ("herd-50x1", "cpu_s_per_100k", "50 × 1: the same", "CPU-s"),
    ("herd-50x32", "cpu_s_per_100k", "50 × 32: the same", "CPU-s"),
    ("herd-50x32", "drained", "50 × 32: updates/s until all five know them",
     ""),
    ("propagate", "p50_us", "Alford → Holiday, two hops, idle herd: p50",
     "µs"),
    ("propagate", "p90_us", "the same: p90", "µs"),
    *((f"restart-{kind}", "known_after_s", f"{title}: all is known after",
       "s")
      for kind, title in (("kill", "killed and restarted"),
                          ("pause", "paused for 4 s"),
                          ("partition", "parted for 4 s"),
                          ("cut", "cut off for 4 s"))),
]


def lost(readings, work, program):
    """Of the sample of a restart, the most that was never known again."""
    found = readings.spread(work, program, "lost")
    return found[2] if found else 0


def cell(readings, row, program):
    work, metric, _, unit = row
    if lost(readings, work, program):
        return f"never: {lost(readings, work, program):.0f} of 1,000 lost"
    found = readings.spread(work, program, metric)
    if not found:
        return "–"
    return table.figure(readings, work, program, metric, unit)


def lines_row(readings):
    found = [readings.spread("code", f"{program}-mesh", "lines")
             for program in (OURS, OTHER)]
    if not all(found):
        return []
    ours, other = (lines[0] for lines in found)
    return [["lines of code for it", short(ours), short(other),
             f"{short(ours / other)} ×"]]


def table_of(readings):
    """The table in Markdown; "" if zherd was not read over TCP."""
    rows = []
    for row in ROWS:
        ratios = readings.ratios(row[0], OURS, OTHER, row[1])
        if readings.spread(row[0], OTHER, row[1]):
            rows.append([row[2], cell(readings, row, OURS),
                         cell(readings, row, OTHER),
                         table.ratios_text(readings, row[0], OURS, OTHER,
                                           row[1]) if ratios else "–"])
    return rows and table.markdown(
        ["herd of five", "over ZeroMQ", "over plain TCP", "ZeroMQ / TCP"],
        [*rows, *lines_row(readings)])
