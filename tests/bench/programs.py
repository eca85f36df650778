#   programs - what is measured, and how one server of it is started
#
#   All but a few have the same command line; see tests/bench/peers.
#   python-twisted-16.5, which no system has, is a Python that Twisted 16.5.0
#   runs on, 3.9 at most, and finds it.

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
    second.  Protected, it would refuse calls from 127.0.0.2, which many
    connections need."""

    hello = "PING"

    def __init__(self, speech, append="no"):
        super().__init__("redis-server")
        self.speech = speech
        self.append = append

    def words(self, herd, server):
        return [*self.command, "--port", str(server.clients), "--bind",
                "127.0.0.1", "--save", "", "--appendonly", self.append,
                "--appendfsync", "everysec",
                "--maxclients", "19000", "--protected-mode", "no",
                "--dir", herd.folder]


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


class NatsTls(Nats):
    """The same, with TLS between its servers, of which each proves to be one
    by a certificate."""

    CLUSTER = """cluster {{
    name: bench
    listen: "127.0.0.1:{mesh}"
    routes: ["nats://127.0.0.1:{first}"]
    tls {{
        cert_file: "{cert}"
        key_file: "{key}"
        ca_file: "{cert}"
        verify: true
        timeout: 10
    }}
}}
"""

    def words(self, herd, server):
        cert, key = herd.path("cert.pem"), herd.path("key.pem")
        if not os.path.exists(cert):
            subprocess.run(
                ["openssl", "req", "-x509", "-nodes", "-days", "2", "-newkey",
                 "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-subj",
                 "/CN=bench", "-addext", "subjectAltName=IP:127.0.0.1",
                 "-keyout", key, "-out", cert],
                check=True, stderr=subprocess.DEVNULL)
        path = herd.path(f"{server.name}.conf")
        with open(path, "w") as file:
            file.write(self.CLUSTER.format(
                mesh=server.mesh, first=herd.servers[0].mesh, cert=cert,
                key=key))
        return [*self.command, "--config", path, "--addr", "127.0.0.1",
                "--port", str(server.clients)]


#  Shelves of other programs
NOT_SERVERS = {"gateway", "load", "mqtt", "places"}


def sources():
    """All that runs in a zherd."""
    found = [os.path.join(TOP, "src", "zherd.c")]
    for kind in "src/*/*.c", "include/*/*.h":
        found += glob.glob(os.path.join(TOP, kind))
    return [source for source in found if os.path.basename(
        os.path.dirname(source)) not in NOT_SERVERS]


def belongs(source, names):
    """Whether this is a file of one of these rooms, or shelves/."""
    shelf, file = source.split("/")[-2:]
    return f"{shelf}/" in names or os.path.splitext(file)[0] in names


class Zherd(Program):
    """zherd as shipped, but for the level of its log and what a work asks."""

    calls_per_link = 2

    def __init__(self, level, without=frozenset(), only=frozenset()):
        super().__init__(os.path.join(BUILD, "zherd"))
        self.level = level
        self.sources = [source for source in sources()
                        if not belongs(source, without)
                        and (not only or belongs(source, only))]

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


class Part(Program):
    """Some of what there is, to be counted."""

    def __init__(self, only, without=frozenset()):
        super().__init__(os.path.join(BUILD, "zherd"), sources=[
            os.path.join(TOP, path) for kind in ("src/*/*.c", "include/*/*.h")
            for path in glob.glob(kind, root_dir=TOP)
            if belongs(path, only) and not belongs(path, without)])


class ZherdHttp(Zherd):
    """The same, loaded at its HTTP port."""

    loaded = "http"

    def more(self, server):
        return [("http", server.http)]


class ZherdNear(ZherdHttp):
    """The same, which keeps who is near, loaded with lines."""

    loaded = "clients"


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


class OverTcp(Zherd):
    """The same over plain TCP, without ZeroMQ; see tests/bench/tcp."""

    def __init__(self, level):
        super().__init__(level, MESH)
        self.command = built("tcp/zherd"),
        self.sources += OVER_TCP


def own(name):
    return os.path.join(PEERS, name)


def built(name):
    return os.path.join(PEERS_BUILD, name)


#  Rooms, and shelves/: what finds and mends what was lost; what knows ZeroMQ;
#  what has no counterpart in the others, beside repair
REPAIR = {"audit/", "audit_schedule", "change_list", "descent", "digest",
          "digest_keeper", "link", "link_state", "loading", "stream", "take",
          "window"}
MESH = {"callers", "curve", "dealer", "intake", "mesh", "monitor", "router",
        "zap"}
OVER_TCP = glob.glob(os.path.join(TOP, "tests", "bench", "tcp", "*.[ch]"))
MORE = REPAIR | {
    "admin/", "config/", "follow/", "http/", "keys/", "page/", "region/",
    "reports/", "store/", "tokens/", "web/", "base64num", "cache", "cells",
    "cells_keeper", "expiry", "google", "herd_time", "legacy", "near",
    "near_box", "nearby", "notify", "overpass", "rate_limit", "refusals",
    "reload", "restore", "sphere", "telnet", "timing"}

#  What makes a library part of the loop, and what is said by it
GLUES = {"curl": ({"transport"}, {"providers/", "lookup/"}),
         "microhttpd": ({"engine", "host"}, {"web/", "reports/"}),
         "mosquitto": ({"broker", "dial"}, {"mqtt/"}),
         "nats": ({"dialer", "mailbox", "post"}, {"gateway/", "region/"})}

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
    "java-threads": Program("java", "-cp", PEERS_BUILD, "HerdThreads",
                            sources=["HerdJava.java", "HerdThreads.java"]),
}

PROGRAMS = {
    "zherd": Zherd("full"),
    "zherd-keyed": Keyed("full"),
    "zherd-keyed-notices": Keyed("notices"),
    "zherd-notices": Zherd("notices"),
    "zherd-http": ZherdHttp("full"),
    "zherd-http-notices": ZherdHttp("notices"),
    "zherd-near": ZherdNear("full"),
    "zherd-disk": Kept("full"),
    "zherd-disk-notices": Kept("notices"),
    "zherd-same": Zherd("full", MORE),
    "zherd-repair": Zherd("full", only=REPAIR),
    "zherd-mesh": Zherd("full", only=MESH),
    "zherd-tcp": OverTcp("full"),
    "zherd-tcp-mesh": Program(built("tcp/zherd"), sources=OVER_TCP),
    **{f"glue-{library}": Part(glue) for library, (glue, _) in GLUES.items()},
    **{f"use-{library}": Part(use, glue)
       for library, (glue, use) in GLUES.items()},
    "bare": Bare(built("bare")),
    "bare-node": Bare("node", own("bare_node.js")),
    "echo": Echo(built("echo")),
    "redis": Redis("redis"),
    "redis-aof": Redis("redis", "yes"),
    "redis-publish": Redis("redis-publish"),
    "nats": Nats(),
    "nats-tls": NatsTls(),
    "relay": Program(built("relay")),
    "router": Keyed("full"),
    "near": Program(built("near")),
    "bulk": Program(built("bulk")),
    "bulk-keyed": Program(built("bulk"), "-k"),
    "sim": Program(os.path.join(BUILD, "tests", "sim", "zherd-sim")),
    "traps": Program(built("traps")),
    "twisted-16.5": Program("python-twisted-16.5", own("herd_twisted.py")),
    **HERDS,
    **{f"{name}-nolog": program.without_log()
       for name, program in HERDS.items()},
}
