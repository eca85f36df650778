#   works - what is measured, with which programs, and how
#
#   Each work is a row of WORKS.  Its measure starts a program, works it once,
#   and returns what it read: {metric: value}.

import dataclasses
import os
import re
from typing import Callable

import recovery
from herd import Herd
from process import connections_at, wait_until

WARM_S = 0.5     #  Of load before what is measured, for compilers' sake
BUSY = "-c 100"  #  What is beside idle connections
SOAK_MINUTES = 10

ROOM = ("limits", "    table_size_max = 8589934592")  #  For 10 M clients


@dataclasses.dataclass
class Work:
    name: str
    measure: Callable
    programs: str       #  Their names
    load: str = ""      #  zherd-load's words for the shape
    seconds: float = 2  #  A reading lasts
    size: int = 1       #  Servers
    count: int = 0      #  Clients or connections, if the work is about them
    rounds: int = 99    #  At most
    once: str = ""      #  Programs that are read in the first round only
    usual: bool = True  #  Measured though not asked for by name


def figures(said):
    """Our metrics in what zherd-load said."""
    found = {"throughput": said["throughput"],
             "p50_us": said["latency_us"]["p50"],
             "p99_us": said["latency_us"]["p99"]}
    if said.get("drained_throughput"):
        found["drained"] = said["drained_throughput"]
    if said.get("cpu_seconds_per_100k"):
        found["cpu_s_per_100k"] = said["cpu_seconds_per_100k"]
        found["per_cpu_second"] = 1e5 / said["cpu_seconds_per_100k"]
    if said["errors"]:
        found["errors"] = said["errors"]
    return found


def warm_up(herd, work, *words):
    herd.load("--load-ids", "-t", WARM_S, *work.load.split(), *words,
              *herd.drained())


def flow(work, program):
    """Load the first server, until all know the last of it."""
    with Herd(program, work.size, "whatsat" in work.load) as herd:
        warm_up(herd, work)
        return figures(herd.load("-t", work.seconds, *work.load.split(),
                                 *herd.drained()))


def idle(work, program):
    """Some busy connections alone, beside idle ones, and alone again."""
    with Herd(program) as herd:
        busy = [*BUSY.split(), "-t", work.seconds]
        herd.load("--load-ids", *busy)
        before = herd.load(*busy)["throughput"]
        bytes_before = herd.resident_bytes()
        crowd = herd.launch("idle", herd.command(
            "-w", "idle", "-c", work.count, "-t", 600))
        ports = [herd.servers[0].clients]
        wait_until(lambda: connections_at(ports) >= work.count, 60,
                   f"{work.count} connections")
        bytes_each = (herd.resident_bytes() - bytes_before) / work.count
        beside = herd.load(*busy)["throughput"]
        crowd.kill()
        wait_until(lambda: connections_at(ports) == 0, 60, "all are gone")
        after = herd.load(*busy)["throughput"]
        return {"throughput": beside,
                "of_alone": beside * 2 / (before + after),
                "rss_per_idle_bytes": bytes_each}


def memory(work, program):
    """What a server grows by when it is told of many clients."""
    with Herd(program, settings=ROOM) as herd:
        start = herd.resident_bytes()
        herd.load("--load-ids", "-k", work.count, "-n", 1)
        return {"rss_per_client_bytes":
                (herd.resident_bytes() - start) / work.count}


def grown(work, program):
    """Load a server that knows many clients."""
    with Herd(program, settings=ROOM) as herd:
        words = [*work.load.split(), "-k", work.count]
        herd.load("--load-ids", "-t", WARM_S, *words)
        return figures(herd.load("-t", work.seconds, *words))


def propagate(work, program):
    """From Alford to Holiday, two hops, in a herd with nothing else to do."""
    with Herd(program, 5) as herd:
        said = herd.propagation(work.seconds)
    return {"p50_us": said["p50_us"], "p90_us": said["p90_us"],
            "p90_of_p50": said["p90_us"] / said["p50_us"]}


def soak(work, program):
    """Ten minutes at 80 % of what the herd can drain: RSS of all five."""
    with Herd(program, work.size) as herd:
        shape = work.load.split()
        warm_up(herd, work)
        peak = herd.load("-t", 5, *shape, *herd.drained())
        rate = int(0.8 * peak["drained_throughput"])
        found = {"rate": rate, "rss_0": herd.resident_bytes()}
        for minute in range(1, SOAK_MINUTES + 1):
            said = herd.load("-t", 60, "-r", rate, *shape, *herd.drained())
            found[f"rss_{minute}"] = herd.resident_bytes()
            found["p99_us"] = said["latency_us"]["p99"]
        found["rss_growth"] = found[f"rss_{SOAK_MINUTES}"] / found["rss_1"]
        return found


def code(_, program):
    """Lines that are neither blank nor comment; of zherd the server with all
    that is linked into it, but the local Places service."""
    return {"lines": sum(map(code_lines, program.sources))}


def code_lines(path):
    with open(path) as file:
        text = file.read()
    for pattern in COMMENTS[os.path.splitext(path)[1]]:
        text = re.sub(pattern, "", text, flags=re.MULTILINE)
    return sum(bool(line.strip()) for line in text.splitlines())


C_COMMENTS = [r"/\*[^*]*\*+(?:[^/*][^*]*\*+)*/", r"^\s*//.*|\s//.*"]
COMMENTS = {".py": [r'^\s*"""(?s:.*?)"""', r"^\s*#.*"],
            **dict.fromkeys([".c", ".h", ".js", ".java"], C_COMMENTS)}

PEERS = "node twisted asyncio java"
UNLOGGED = "node-nolog twisted-nolog asyncio-nolog java-nolog"

WORKS = [
    Work("one-50x32", flow, f"zherd echo floor redis redis-publish {PEERS}",
         "-c 50 -d 32"),
    Work("one-50x32-notices", flow, f"zherd-notices echo {UNLOGGED}",
         "-c 50 -d 32"),
    Work("one-50x1", flow, f"zherd echo floor redis {PEERS}", "-c 50"),
    Work("one-1x1", flow, f"zherd echo floor redis {PEERS}", "-c 1"),
    Work("one-1000x1", flow, f"zherd echo floor redis {PEERS}", "-c 1000"),
    Work("idle-10000", idle, "zherd floor redis", count=10000, seconds=1),
    Work("idle-18000", idle, "zherd", count=18000, seconds=1),
    Work("whatsat", flow, f"zherd {PEERS}", "-w whatsat -c 20"),
    Work("churn", flow, f"zherd floor {PEERS}", "-w churn -c 16"),
    Work("memory-1m", memory, "zherd-notices floor redis", count=1000000,
         rounds=3),
    Work("herd-50x32", flow, f"zherd floor nats {PEERS}", "-c 50 -d 32",
         size=5),
    Work("herd-50x1", flow, f"zherd floor {PEERS}", "-c 50", size=5),
    Work("herd-quiet", flow, f"zherd floor {PEERS}", "-c 50 -r 1000", size=5,
         seconds=3),
    Work("propagate", propagate, f"zherd relay floor {PEERS}", seconds=3),
    Work("restart-kill", recovery.kill, f"zherd {PEERS}", once=PEERS),
    Work("restart-pause", recovery.pause, f"zherd {PEERS}", once=PEERS),
    Work("restart-partition", recovery.partition, f"zherd {PEERS}",
         once=PEERS),
    *[Work(f"grow-clients-{name}", grown, "zherd-notices floor-nolog",
           "-c 50 -d 32", count=count, rounds=rounds)
      for name, count, rounds in (("10k", 10**4, 3), ("100k", 10**5, 3),
                                  ("1m", 10**6, 3), ("10m", 10**7, 1))],
    *[Work(f"grow-connections-{count}", flow, "zherd echo node",
           f"-c {count}", rounds=3) for count in (1, 10, 100, 1000)],
    *[Work(f"grow-herd-{size}", flow, "zherd node", "-c 50 -d 32", size=size,
           rounds=3) for size in (1, 2, 5, 8)],
    Work("code", code, f"zherd floor {PEERS}", rounds=1),
    Work("soak", soak, "zherd-notices", "-c 50 -d 32", size=5, rounds=1,
         usual=False),
]
