#   programs - what is measured, and how one server of it is started
#
#   All but a few have the same command line; see tests/bench/peers.

import glob
import os
import shutil
import subprocess

TOP = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", ".."))
BUILD = os.path.join(TOP, "build", "release")
PEERS = os.path.join(TOP, "tests", "bench", "peers")
PEERS_BUILD = os.path.join(TOP, "build", "bench")


class Program:
    """How to start a server of a herd; its command is what comes before the
    options.  What is not installed or not built is left out."""

    speech = "zherd"  #  What zherd-load is to speak with it
    hello = "IAMAT hello +0+0 1"  #  It must have a reply
    loaded = "clients"  #  Which of a server's ports is
    calls_per_link = 1  #  2: both ends of a link call each other

    def __init__(self, *command, sources=(), logs=True):
        self.command = command
        self.sources = [os.path.join(PEERS, source) for source in sources]
        self.logs = logs

    def without_log(self):
        return Program(*self.command, logs=False)

    def is_there(self):
        return bool(shutil.which(self.command[0])) and all(
            os.path.exists(word) for word in self.command
            if word.startswith("/"))

    def words(self, herd, server):
        """The command that starts this server of the herd."""
        words = [*self.command, "--name", server.name,
                 "--clients", str(server.clients), "--mesh", str(server.mesh)]
        if self.logs:
            words += ["--log", server.log]
        if herd.places:
            words += ["--places", herd.places]
        for caller, called in herd.links:
            if caller is server:
                door = herd.door(caller, called)
                words += ["--link", f"{called.name}={door}"]
        return words


class Echo(Program):
    """It sends back what comes, and knows of no others."""

    speech = "echo"


class Bare(Program):
    """It takes locations over HTTP, and does nothing with them."""

    hello = "GET / HTTP/1.1\r\nHost: localhost\r\n"


class Redis(Program):
    """redis-server, keeping nothing on disk, or an AOF that it syncs every
    second."""

    hello = "PING"

    def __init__(self, speech, append="no"):
        super().__init__("redis-server")
        self.speech = speech
        self.append = append

    def words(self, herd, server):
        return [*self.command, "--port", str(server.clients), "--bind",
                "127.0.0.1", "--save", "", "--appendonly", self.append,
                "--appendfsync", "everysec",
                "--maxclients", "19000", "--dir", herd.folder]


class Nats(Program):
    """nats-server; a cluster finds all its servers through the first."""

    hello = "PING"

    def __init__(self):
        super().__init__("nats-server")

    def words(self, herd, server):
        return [*self.command, "--addr", "127.0.0.1",
                "--port", str(server.clients), "--cluster_name", "bench",
                "--cluster", f"nats://127.0.0.1:{server.mesh}",
                "--routes", f"nats://127.0.0.1:{herd.servers[0].mesh}"]


def sources():
    """All that runs in a zherd."""
    found = [os.path.join(TOP, "src", "zherd.c")]
    for kind in "src/*/*.c", "include/*/*.h":
        found += glob.glob(os.path.join(TOP, kind))
    return [source for source in found if os.path.basename(
        os.path.dirname(source)) not in ("places", "load")]


def room(source):
    return os.path.splitext(os.path.basename(source))[0]


class Zherd(Program):
    """zherd as shipped, but for the level of its log and what a work asks."""

    calls_per_link = 2

    def __init__(self, level, without=(), only=()):
        super().__init__(os.path.join(BUILD, "zherd"))
        self.level = level
        self.sources = [source for source in sources()
                        if room(source) not in without
                        and (not only or room(source) in only)]

    def words(self, herd, server):
        path = herd.path(f"{server.name}.zpl")
        with open(path, "w") as file:
            file.write("\n".join(self.topology(herd, server)) + "\n")
        return [*self.command, "-l", server.log, path, server.name]

    def more(self, _):
        """Its servers' other ports, as the topology has them."""
        return []

    def topology(self, herd, server):
        """As this server is to see it: its peers may be behind doors."""
        yield from ["herd", "    name = bench", "servers"]
        for other in herd.servers:
            yield f"    {other.name}"
            for key, port in (("clients", other.clients),
                              ("mesh", herd.door(server, other)),
                              ("admin", other.admin), *self.more(other)):
                yield f"        {key} = 127.0.0.1:{port}"
        if herd.links:
            yield "links"
        for server in herd.servers:
            called = [other.name for one, other in herd.links
                      if one is server]
            if called:
                yield f"    {server.name} = {' '.join(called)}"
        if herd.places:
            yield from ["places", f"    url = {herd.places}"]
        yield from ["log", f"    level = {self.level}"]
        yield from herd.settings


class ZherdHttp(Zherd):
    """The same, loaded at its HTTP port."""

    loaded = "http"

    def more(self, server):
        return [("http", server.http)]


class Kept(Zherd):
    """The same with its table on disk, which it syncs every second."""

    def topology(self, herd, server):
        yield from super().topology(herd, server)
        yield from ["store", "    folder = tables"]


class Keyed(Zherd):
    """The same, with keys on its links."""

    def words(self, herd, server):
        words = super().words(herd, server)
        keys = herd.path("keys")
        if not os.path.exists(keys):
            subprocess.run([*self.command, "keys", words[-2], keys], check=True,
                           stdout=subprocess.DEVNULL)
        return [*words[:-2], "-k", keys, *words[-2:]]


def own(name):
    return os.path.join(PEERS, name)


def built(name):
    return os.path.join(PEERS_BUILD, name)


#  Rooms of zherd's that have no counterpart in the others
MORE = {
    "audit", "changes", "code", "digest", "expiry", "refusals", "take",
    "admin", "http", "status", "config", "zpl", "cache", "restraint", "dialect",
    "legacy", "google", "overpass", "nearby",
}

#  What finds and mends what was lost; what knows ZeroMQ
REPAIR = {"audit", "changes", "digest", "link", "stream", "sums", "take"}
MESH = {"mesh"}

HERDS = {
    "floor": Program(built("floor"), sources=[
        "floor.c", "words.h", "words.c", "wire.h", "wire.c"]),
    "twisted": Program(own("herd_twisted.py"),
                       sources=["herd_twisted.py", "protocol.py"]),
    "asyncio": Program(own("herd_asyncio.py"),
                       sources=["herd_asyncio.py", "protocol.py"]),
    "uvloop": Program(own("herd_asyncio.py"), "--uvloop"),
    "node": Program("node", own("herd_node.js"), sources=["herd_node.js"]),
    "java": Program("java", "-cp", PEERS_BUILD, "HerdJava",
                    sources=["HerdJava.java"]),
}

PROGRAMS = {
    "zherd": Zherd("full"),
    "zherd-keyed": Keyed("full"),
    "zherd-notices": Zherd("notices"),
    "zherd-http": ZherdHttp("full"),
    "zherd-http-notices": ZherdHttp("notices"),
    "zherd-disk": Kept("full"),
    "zherd-disk-notices": Kept("notices"),
    "zherd-same": Zherd("full", MORE),
    "zherd-repair": Zherd("full", only=REPAIR),
    "zherd-mesh": Zherd("full", only=MESH),
    "bare": Bare(built("bare")),
    "echo": Echo(built("echo")),
    "redis": Redis("redis"),
    "redis-aof": Redis("redis", "yes"),
    "redis-publish": Redis("redis-publish"),
    "nats": Nats(),
    "relay": Program(built("relay")),
    "router": Keyed("full"),
    "bulk": Program(built("bulk")),
    "bulk-keyed": Program(built("bulk"), "-k"),
    "sim": Program(os.path.join(BUILD, "tests", "sim", "zherd-sim")),
    "traps": Program(built("traps")),
    **HERDS,
    **{f"{name}-nolog": program.without_log()
       for name, program in HERDS.items()},
}
