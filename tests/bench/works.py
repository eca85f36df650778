#   works - what is measured, with which programs, and how
#
#   Each work is a row of WORKS.  Its measure starts a program, works it once,
#   and returns what it read: {metric: value}.

import contextlib
import dataclasses
import re
import subprocess
from typing import Callable

import disk
import recovery
from attack import attack, attack_elsewhere
from code_lines import lines_of
from herd import Herd, report
from process import connections_at, wait_until
from programs import built

WARM_S = 0.5     #  Of load before what is measured, for compilers' sake
CROWD_S = 60     #  More than idle connections take to come, stay and go
SOAK_MINUTES = 10
SEEDS = 1000
SIM_S = 300      #  More than so many take
BUS = built("bus")
BUS_RATE = 200000  #  Updates a second, about
PACE = 200         #  The same, where nobody is to be in a hurry
BULK_SIZE = 12000  #  Bytes of a message
BULK_RATE = 15000  #  Messages a second, about

#  For ten million clients
ROOM = ("limits", "    table_size_max = 8589934592")


@dataclasses.dataclass
class Work:
    name: str
    measure: Callable
    programs: str         #  Their names
    load: str = ""        #  zherd-load's words for the shape
    seconds: float = 1.5  #  A reading lasts
    look: float = 0.5     #  Of that is enough for a look
    size: int = 1         #  Servers
    count: int = 0        #  Clients or connections, if the work is about them
    settings: tuple = ()  #  Lines for zherd's topology
    rounds: int = 99      #  At most
    source: str = ""      #  The address that strangers call from
    once: str = ""        #  Programs that are read in the first round only
    usual: bool = True    #  Measured though not asked for by name


def figures(said):
    """Our metrics in what zherd-load said, those it has figures for."""
    found = {"throughput": said["throughput"],
             "drained": said.get("drained_throughput") or said["throughput"],
             "p50_us": said["latency_us"]["p50"],
             "p99_us": said["latency_us"]["p99"],
             "p999_us": said["latency_us"]["p999"]}
    if said.get("cpu_seconds_per_100k"):
        found["cpu_s_per_100k"] = said["cpu_seconds_per_100k"]
        found["per_cpu_second"] = 1e5 / said["cpu_seconds_per_100k"]
    if said["errors"]:
        found["errors"] = said["errors"]
    return {metric: value for metric, value in found.items()
            if value is not None}


def delays(said):
    """The same of what measures propagation."""
    return {"p50_us": said["p50_us"], "p90_us": said["p90_us"],
            "p90_of_p50": said["p90_us"] / said["p50_us"]}


def load(herd, work, *words):
    """Load the first server in the work's shape, until all know the last."""
    return herd.load(*work.load.split(), *words, *herd.drained())


def warm_up(herd, work):
    load(herd, work, "--load-ids", "-t", WARM_S)


#  Measures.  What they say of themselves is on the page.

def flow(work, program):
    """The first server is told of 10,000 clients (grow-clients: of as many as
    it says; steady: of 100,000), then loaded for half a second to warm up,
    then for one and a half (herd-quiet: two; steady: five, at 2,000 IAMATs a
    second), which are measured. *50 × 32* is 50 connections with 32
    requests under way on each. CPU time is that of all threads of all servers,
    until the others answer WHATSAT for a client that was told to the first
    after all else; what is *known to all* counts until then, too. For WHATSAT,
    a stub in C plays Google and answers at once. All processes share the two
    cores as the kernel places them."""
    with Herd(program, work.size, "whatsat" in work.load,
              work.settings) as herd:
        warm_up(herd, work)
        if herd.places:
            herd.must_find_places()
        return figures(load(herd, work, "-t", work.seconds))


def idle(work, program):
    """100 connections with a request under way on each load the server for a
    second alone, then beside the idle ones, then alone again; the mean of both
    times alone counts. RSS is read before and after the idle ones come."""
    with Herd(program) as herd:
        warm_up(herd, work)
        before = load(herd, work, "-t", work.seconds)["throughput"]
        bytes_before = herd.resident_bytes()
        with crowd(herd, work.count):
            bytes_each = (herd.resident_bytes() - bytes_before) / work.count
            beside = load(herd, work, "-t", work.seconds)["throughput"]
        after = load(herd, work, "-t", work.seconds)["throughput"]
    return {"throughput": beside, "of_alone": beside * 2 / (before + after),
            "rss_per_idle_bytes": bytes_each}


@contextlib.contextmanager
def crowd(herd, count):
    """Idle connections, while this lasts."""
    ports = [herd.servers[0].clients]
    process = herd.launch("idle", herd.command(
        "-w", "idle", "-c", count, "-t", CROWD_S))
    wait_until(lambda: connections_at(ports) >= count, CROWD_S,
               f"{count} connections")
    yield
    process.kill()
    wait_until(lambda: connections_at(ports) == 0, CROWD_S, "all are gone")


def memory(work, program):
    """RSS before and after the server is told of a million clients (or a
    hundred thousand), on 50 connections."""
    with Herd(program, settings=work.settings) as herd:
        start = herd.resident_bytes()
        herd.load("--load-ids", "-k", work.count, "-n", 1)
        grown = herd.resident_bytes() - start
    return {"rss_per_client_bytes": grown / work.count}


def propagate(work, program):
    """Two hundred times a second Alford is told of a new client, and a while
    later Holiday is asked for it, once; that while is moved to where half, and
    nine of ten, of the questions find the client. relay is paced alike."""
    with Herd(program, work.size) as herd:
        herd.load("--load-ids", "-n", 1, *herd.drained())
        return delays(herd.propagation("-r", PACE, "-t", work.seconds))


def relay(work, program):
    with Herd(program, 0) as herd:
        return delays(report(
            [*program.command, "-p", str(herd.base), "-r", str(PACE),
             "-n", str(int(work.seconds * PACE))], herd.folder))


def bulk(work, program):
    """Two hops over bare libzmq as fast as they go, from a DEALER to a ROUTER
    each, of messages as large as a loaded herd's are on average; bulk-keyed has
    keys on both. CPU time is that of all three processes."""
    with Herd(program, 0) as herd:
        return figures_of_bulk(report(
            [*program.command, "-p", str(herd.base), "-s", str(BULK_SIZE),
             "-n", str(int(work.seconds * BULK_RATE))], herd.folder))


def figures_of_bulk(said):
    return {metric: said[metric] for metric in ("throughput", "cpu_s_per_100k")}


def traps(work, program):
    """How many messages a DEALER of libzmq takes for a server that is stopped,
    and how many of them come once it was killed and another is there; whether
    it calls again by itself after it was answered by nonsense, and how soon it
    is connected when told to; whether a monitor that nobody reads stalls all
    sockets beside it, and whether they go on when it is read."""
    with Herd(program, 0) as herd:
        return report([*program.command, "-p", str(herd.base)], herd.folder)


def bus(work, program):
    with Herd(program, work.size) as herd:
        ports = [str(server.clients) for server in herd.servers]
        return figures(report(
            [BUS, "-n", str(int(work.seconds * BUS_RATE)), *ports],
            herd.folder))


def soak(work, program):
    """The herd is loaded at 80 % of what it drained in five seconds, for ten
    minutes; RSS is that of all five, at the start and at the end of every
    minute."""
    with Herd(program, work.size) as herd:
        warm_up(herd, work)
        peak = load(herd, work, "-t", 5)["drained_throughput"]
        found = {"rate": int(0.8 * peak), "rss_0": herd.resident_bytes()}
        for minute in range(1, SOAK_MINUTES + 1):
            load(herd, work, "-t", 60, "-r", found["rate"])
            found[f"rss_{minute}"] = herd.resident_bytes()
    found["rss_growth"] = found[f"rss_{SOAK_MINUTES}"] / found["rss_1"]
    return found


def simulated(_, program):
    """A thousand herds of 2 to 40 servers are simulated, each by its seed, in
    loss, reordering, cuts, kills and tampering; then they have a minute to
    agree: once as they are, once without the digest's audit, and once with
    nothing but time stamps to tell which location is newer."""
    found = {"seeds": SEEDS}
    for metric, words in (("converged", []), ("without_audit", ["NO_AUDIT=1"]),
                          ("by_stamps", ["STAMPS_ONLY=1"])):
        done = subprocess.run(
            [*program.command, f"SEEDS={SEEDS}", *words], text=True,
            capture_output=True, check=False, timeout=SIM_S)
        count = re.search(r"^converged (\d+) of", done.stdout, re.MULTILINE)
        found[metric] = int(count[1])
    return found


def code(_, program):
    """Lines with more than blanks and comments. zherd is all that runs in the
    server; zherd-same is without what no peer has at all, such as repair, the
    admin port and other providers; zherd-repair and zherd-mesh are the rooms
    that find and mend what was lost, and that know ZeroMQ."""
    return {"lines": sum(map(lines_of, program.sources))}


#  Who does not do a work as the others do it
OWN_MEASURES = {"nats": bus, "relay": relay, "router": attack_elsewhere}

PEERS = "node twisted asyncio java"
UNLOGGED = "node-nolog twisted-nolog asyncio-nolog java-nolog"
GROWN = "zherd-notices floor-nolog"
PIPELINED = "-c 50 -d 32"
DISKS = "zherd zherd-disk redis redis-aof"
KEYS = "zherd zherd-keyed"

WORKS = [
    Work("one-50x32", flow, f"zherd echo floor redis redis-publish {PEERS}",
         PIPELINED),
    Work("one-50x32-notices", flow,
         f"zherd-notices echo floor-nolog {UNLOGGED}", PIPELINED),
    Work("one-50x1", flow, f"zherd echo floor redis {PEERS}", "-c 50"),
    Work("one-1x1", flow, f"zherd echo floor redis {PEERS}", "-c 1"),
    Work("one-1000x1", flow, f"zherd echo floor redis {PEERS}", "-c 1000"),
    Work("steady", flow, f"zherd floor {PEERS}", "-c 50 -r 2000 -k 100000", 5,
         rounds=3),
    Work("idle-10000", idle, f"zherd floor redis {PEERS}", "-c 100", 1,
         count=10000, once=f"floor redis {PEERS}"),
    Work("idle-18000", idle, "zherd", "-c 100", 1, count=18000),
    Work("whatsat", flow, f"zherd {PEERS}", "-w whatsat -c 20"),
    Work("churn", flow, f"zherd floor {PEERS}", "-w churn -c 16"),
    Work("http", flow, "zherd-http bare", "-w http -c 50"),
    Work("phones", flow, "zherd-http bare", "-w phones -c 50"),
    Work("memory-1m", memory, "zherd-notices floor-nolog redis",
         count=1000000, settings=ROOM, rounds=3),
    Work("memory-100k", memory, f"zherd-notices floor-nolog redis {UNLOGGED}",
         count=100000, rounds=1),
    Work("herd-50x32", flow, f"zherd floor nats {PEERS}", PIPELINED, size=5),
    Work("herd-50x1", flow, f"zherd floor {PEERS}", "-c 50", size=5),
    Work("herd-quiet", flow, f"zherd floor {PEERS}", "-c 50 -r 1000", 2,
         size=5),
    Work("propagate", propagate, f"zherd relay floor {PEERS}", "", 6, look=1,
         size=5),
    Work("keys-one", flow, KEYS, PIPELINED),
    Work("keys-herd", flow, KEYS, PIPELINED, 3, size=5),
    Work("keys-bulk", bulk, "bulk bulk-keyed", "", 2),
    Work("keys-propagate", propagate, KEYS, "", 6, look=1, size=5),
    *[Work(name, attack, "zherd-keyed router", "-c 50 -r 2000", 30, size=5,
           source=source, rounds=3, usual=False)
      for name, source in (("attack", "127.0.0.1"),
                           ("attack-away", "127.0.0.9"))],
    *[Work(f"restart-{name}", measure, f"zherd {PEERS}", rounds=3, once=PEERS)
      for name, measure in (("kill", recovery.kill),
                            ("pause", recovery.pause),
                            ("partition", recovery.partition),
                            ("cut", recovery.cut))],
    *[Work(f"grow-clients-{name}", flow, GROWN, f"{PIPELINED} -k {count}",
           settings=ROOM, rounds=rounds)
      for name, count, rounds in (("10k", 10**4, 3), ("100k", 10**5, 3),
                                  ("1m", 10**6, 3), ("10m", 10**7, 1))],
    *[Work(f"grow-connections-{count}", flow, "zherd echo node",
           f"-c {count}", rounds=3) for count in (1, 10, 100, 1000)],
    *[Work(f"grow-herd-{size}", flow, "zherd node", PIPELINED, size=size,
           rounds=3) for size in (1, 2, 5, 8)],
    Work("restart-100k", recovery.restart, "zherd", count=100000, rounds=3,
         usual=False),
    Work("disk-50x32", flow, DISKS, PIPELINED),
    Work("disk-steady", flow, DISKS, "-c 50 -r 2000 -k 100000", 5),
    Work("disk-generation", disk.generation, "zherd zherd-disk", seconds=5,
         count=1000000, rounds=3),
    Work("disk-restart", disk.restart, "zherd-disk-notices redis-aof",
         count=1000000),
    Work("disk-written", disk.written, "zherd-disk-notices redis-aof",
         seconds=360, count=100000, rounds=1, usual=False),
    Work("sim", simulated, "sim", rounds=1),
    Work("traps", traps, "traps", rounds=3),
    Work("code", code, "zherd zherd-same zherd-repair zherd-mesh floor "
         f"{PEERS}", rounds=1),
    Work("soak", soak, "zherd-notices", f"{PIPELINED} -k 1000000", size=5,
         rounds=1, usual=False),
]
