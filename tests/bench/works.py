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
from around import around
from attack import attack, attack_elsewhere
from code_lines import lines_of
from herd import Herd, report
from process import connections_at, wait_until
from programs import GLUES, built

FEW = 3          #  Rounds of programs that no headline is about
WARM_S = 0.5     #  Of load before what is measured, for compilers' sake
SLOW_WARM_S = {"java": 2}  #  The same of those that take longer
CROWD_S = 60     #  More than idle connections take to come, stay and go
SOAK_MINUTES = 10
SEEDS = 400
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
    line: str             #  What it is, for the page
    measure: Callable
    programs: str         #  Their names
    load: str = ""        #  zherd-load's words for the shape
    seconds: float = 1    #  A reading lasts
    look: float = 0.5     #  Of that is enough for a look
    size: int = 1         #  Servers
    count: int = 0        #  Clients or connections, if the work is about them
    settings: tuple = ()  #  Lines for zherd's topology
    rounds: int = 99      #  At most
    source: str = ""      #  The address that strangers call from
    few: str = ""         #  Programs that are read in the first rounds only
    once: str = ""        #  Programs that are read in the first round only

    def rounds_of(self, program):
        if program in self.once.split():
            return 1
        return min(self.rounds, FEW if program in self.few.split() else 99)


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
    seconds = SLOW_WARM_S.get(herd.program.command[0], WARM_S)
    load(herd, work, "--load-ids", "-t", seconds)


#  Measures.  What they say of themselves is on the page.

def flow(work, program):
    """The first server is told of 10,000 clients (grow-clients: of as many as
    it says; steady: of 100,000), then loaded for half a second to warm up
    (Java: two), then for one (herd-quiet: two; steady and disk-steady: three,
    at 2,000 IAMATs a second), which are measured. *50 × 32* is 50 connections
    with 32 requests under way on each. CPU time is that of all threads of all servers,
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
    """Four hundred herds of 2 to 40 servers are simulated, each by its seed, in
    loss, reordering, cuts, kills and tampering; then they have a minute to
    agree: once as they are, once without the digest's audit, and once with
    nothing but time stamps to tell which location is newer."""
    kinds = {"converged": [], "without_audit": ["NO_AUDIT=1"],
             "by_stamps": ["STAMPS_ONLY=1"]}
    command = [*program.command, f"SEEDS={SEEDS}"]
    with Herd(program, 0) as herd:
        runs = {kind: herd.launch(kind, [*command, *words], subprocess.PIPE)
                for kind, words in kinds.items()}
        return {"seeds": SEEDS} | {
            kind: converged(run.output(SIM_S).decode())
            for kind, run in runs.items()}


def converged(text):
    return int(re.search(r"^converged (\d+) of", text, re.MULTILINE)[1])


def code(_, program):
    """Lines with more than blanks and comments. zherd is all that runs in the
    server; zherd-same is without what no peer has at all, such as repair, the
    admin port and other providers; zherd-repair and zherd-mesh are the rooms
    that find and mend what was lost, and that know ZeroMQ; zherd-tcp-mesh are
    those that do the same, but for keys, over plain TCP; a glue is what makes a
    library part of the loop, a use what is said by it."""
    return {"lines": sum(map(lines_of, program.sources))}


#  Who does not do a work as the others do it
OWN_MEASURES = {"nats": bus, "nats-tls": bus, "relay": relay,
                "router": attack_elsewhere}

PEERS = "node twisted asyncio java"
THREADED = f"{PEERS} java-threads"
UNLOGGED = ("node-nolog twisted-nolog asyncio-nolog java-nolog "
            "java-threads-nolog")
GROWN = "zherd-notices floor-nolog"
PIPELINED = "-c 50 -d 32"
DISKS = "zherd zherd-disk redis redis-aof"
BOTH = "zherd zherd-tcp"
SHIPPED = "zherd-keyed zherd"  #  As make up starts it, and plain
LINKS = f"{SHIPPED} zherd-tcp"
GLUED = " ".join(f"glue-{library} use-{library}" for library in GLUES)

#  What the report needs.  All rounds of these come before any of the others, so
#  that it can be set though a run is cut short
FIRST = [
    Work("code", "lines of code", code,
         "zherd zherd-same zherd-repair zherd-mesh "
         f"zherd-tcp-mesh {GLUED} floor {THREADED}", rounds=1),
    Work("one-50x32", "one server, 50 connections with 32 requests under way "
         "on each, full log", flow,
         f"{SHIPPED} echo floor redis redis-publish {THREADED}", PIPELINED,
         few="asyncio java-threads", once="redis-publish"),
    Work("one-50x1", "one server, 50 connections with one request under way on "
         "each, full log", flow,
         f"{SHIPPED} echo floor redis {THREADED} twisted-16.5", "-c 50",
         few="asyncio java-threads twisted-16.5"),
    Work("one-50x32-notices", "50 × 32 without a log of lines: zherd logs "
         "notices, the others nothing", flow,
         f"zherd-keyed-notices zherd-notices echo floor-nolog {UNLOGGED}",
         PIPELINED, few="asyncio-nolog java-threads-nolog"),
    Work("herd-50x1", "a herd of five in a ring, its first server loaded at "
         "50 × 1, full log, until all five know the last update", flow,
         f"{LINKS} floor {THREADED}", "-c 50", size=5,
         few="asyncio java-threads"),
    Work("herd-50x32", "a herd of five at 50 × 32, full log; NATS passes updates on and "
         "stores nothing", flow,
         f"{LINKS} floor nats nats-tls {THREADED}", PIPELINED, size=5,
         few="nats-tls asyncio twisted java-threads"),
    Work("herd-quiet", "a herd of five, full log, quiet at 1,000 updates a second",
         flow,
         f"{LINKS} floor {PEERS}", "-c 50 -r 1000", 2, size=5, few=PEERS),
    Work("propagate", "from Alford, which is told, to Holiday, which is "
         "asked: two hops in an idle herd", propagate,
         f"{LINKS} relay floor {PEERS}", "", 5, look=0.8, size=5, few=PEERS),
    Work("one-1000x1", "one server, 1,000 connections with one request under "
         "way on each", flow, f"zherd echo floor redis {THREADED}",
         "-c 1000", few="asyncio twisted java-threads"),
    Work("whatsat", "WHATSAT on 20 connections, 16 kB and 20 places from a "
         "stub, no cache", flow, f"zherd {PEERS}", "-w whatsat -c 20",
         few="asyncio java"),
    Work("memory-100k", "memory for each of 100,000 known clients", memory,
         f"zherd-notices floor-nolog redis {UNLOGGED}", count=100000,
         rounds=2),
    Work("steady", "2,000 IAMATs a second, 100,000 known clients", flow,
         f"zherd floor {PEERS}", "-c 50 -r 2000 -k 100000", 3, few=PEERS,
         once="twisted"),
    *[Work(f"restart-{name}", line, measure, f"{BOTH} {PEERS}",
           seconds=recovery.AWAY_S, size=5, rounds=3,
           once=PEERS if name in ("kill", "cut") else f"zherd-tcp {PEERS}")
      for name, line, measure in (
          ("kill", "a server of five is killed, and started again after two "
           "seconds", recovery.kill),
          ("cut", "two servers of five are cut off for four seconds",
           recovery.cut),
          ("pause", "a server of five is stopped for four seconds",
           recovery.pause),
          ("partition", "nothing passes between two servers and the other "
           "three for four seconds", recovery.partition))],
    Work("idle-10000", "100 busy connections beside 10,000 idle ones", idle,
         f"zherd floor redis {PEERS}", "-c 100", 1, count=10000, rounds=3,
         once=f"floor redis {PEERS}"),
    *[Work(f"grow-herd-{size}", f"a ring of {size}, 50 × 32, full log", flow,
           "zherd node", PIPELINED, size=size, rounds=3) for size in (1, 8)],
    Work("memory-1m", "memory for each of 1,000,000 known clients", memory,
         "zherd-notices floor-nolog redis", count=1000000, settings=ROOM,
         rounds=2),
    Work("disk-restart", "killed with 1,000,000 clients on its disk",
         disk.restart, "zherd-disk-notices redis-aof", count=1000000,
         rounds=3, once="redis-aof"),
    Work("sim", "four hundred simulated herds", simulated, "sim", rounds=1),
    Work("traps", "traps of libzmq", traps, "traps", rounds=3),
]

#  What else is measured though it is not asked for by name
THEN = [
    Work("one-1x1", "one server, one connection, one request", flow,
         f"zherd echo floor redis {PEERS}", "-c 1", 0.5, look=1, rounds=3),
    Work("churn", "connect, one IAMAT, close", flow, f"zherd floor {PEERS}",
         "-w churn -c 16", rounds=3),
    Work("http", "PUT over HTTP, 50 kept connections; bare reads a location "
         "and does no more", flow, "zherd-http bare bare-node",
         "-w http -c 50", rounds=3),
    Work("phones", "reports of phones over HTTP, a connection each", flow,
         "zherd-http bare bare-node", "-w phones -c 50", rounds=3),
    Work("keys-bulk", "bare libzmq with keys (not zherd), two hops of 12,000 "
         "bytes", bulk, "bulk bulk-keyed", "", 2, rounds=3),
    Work("disk-50x32", "table on disk, synced every second, 50 × 32", flow,
         DISKS, PIPELINED, rounds=3),
    Work("disk-steady", "table on disk, 2,000 IAMATs a second, 100,000 known "
         "clients", flow, DISKS,
         "-c 50 -r 2000 -k 100000", 3, rounds=2),
    Work("idle-18000", "100 busy connections beside 18,000 idle ones", idle,
         "zherd", "-c 100", 1, count=18000, rounds=3),
    Work("disk-generation", "while a table of 1,000,000 clients is written",
         disk.generation, "zherd zherd-disk", seconds=3, count=1000000,
         rounds=1),
    *[Work(f"grow-clients-{name}", f"50 × 32 with {name} known clients", flow,
           GROWN, f"{PIPELINED} -k {count}", settings=ROOM, rounds=1)
      for name, count in (("10k", 10**4), ("100k", 10**5), ("1m", 10**6),
                          ("10m", 10**7))],
    *[Work(f"grow-connections-{count}", f"{count} × 1", flow,
           "zherd echo node", f"-c {count}", rounds=1)
      for count in (1, 10, 100, 1000)],
    *[Work(f"grow-herd-{size}", f"a ring of {size}, 50 × 32, full log", flow,
           "zherd node", PIPELINED, size=size) for size in (2, 5)],
]

#  What is measured only if it is asked for by name
ASKED = [
    Work("one-50x1-notices", "50 × 1 without a log of lines", flow,
         f"zherd-keyed-notices zherd-notices echo floor-nolog {UNLOGGED}",
         "-c 50", rounds=3),
    Work("herd-50x32-notices", "a herd of five without a log of lines, 50 × "
         "32", flow,
         f"zherd-keyed-notices zherd-notices floor-nolog nats {UNLOGGED}",
         PIPELINED, size=5, rounds=3),
    Work("herd-50x1-notices", "a herd of five without a log of lines, 50 × 1", flow,
         f"zherd-keyed-notices zherd-notices floor-nolog {UNLOGGED}", "-c 50",
         size=5, rounds=3),
    Work("near", "GET /v1/clients?near=, the 20 nearest of 10,000 in a city",
         flow, "zherd-http", "-w near -R 1 -B 20 -c 50"),
    Work("near-walk", "who is near is kept, clients walk, 50 × 32", flow,
         "zherd-near zherd", f"{PIPELINED} --walk"),
    Work("near-jump", "who is near is kept, clients jump about their city, 50 × "
         "32", flow,
         "zherd-near zherd", PIPELINED),
    *[Work(f"near-{crowd}", f"1,000,000 clients {where}, in the table alone",
           around, "near redis", crowd, rounds=3)
      for crowd, where in (("city", "in a city"), ("earth", "on the Earth"))],
    *[Work(name, f"strangers at the mesh of a herd with keys, from {whose} "
           "address", attack, "zherd-keyed router", "-c 50 -r 2000", 30,
           size=5, source=source, rounds=3)
      for name, whose, source in (("attack", "a peer's", "127.0.0.1"),
                                  ("attack-away", "another", "127.0.0.9"))],
    Work("restart-100k", "a server of five that know 100,000 clients is "
         "killed and started", recovery.restart, "zherd", count=100000,
         rounds=3),
    Work("disk-written", "100,000 clients on disk, 3,000 updates a second, "
         "ten minutes", disk.written, "zherd-disk-notices redis-aof",
         seconds=600, count=100000, rounds=1),
    Work("soak", "ten minutes at 80 % of the peak, a herd of five", soak,
         "zherd-notices", f"{PIPELINED} -k 1000000", size=5, rounds=1),
]

WORKS = [*FIRST, *THEN, *ASKED]
