#   herd - servers of one program in a ring, and what loads them
#
#       with Herd(program, 5) as herd:
#           report = herd.load("-c", 50, "-d", 32, "-t", 2)
#
#   The servers are started fresh, in a folder that goes when they go.  They and
#   their load share the cores as the kernel places them: nailed to one core
#   each, client and server wake each other up across cores all the time, which
#   costs twice as much as their work, and threads of Java and Node have less to
#   run on than a user would give them.

import json
import os
import shutil
import socket
import tempfile

from process import (Failed, Process, connections_at, promptly,
                     resident_bytes, run, wait_until)
from programs import BUILD, PEERS_BUILD
from talk import Talk

#  In the ring's order: from Alford to Holiday it is two hops.  The
#  assignment has the first five.
NAMES = ["Alford", "Hamilton", "Holiday", "Ball", "Welsh", "Leaf", "Goloman",
         "Anigbogu"]

#  A herd has fifty ports, below the ephemeral ones, and not those of the herd
#  before it, whose connections may linger
FIRST_PORT, PORTS, TURNS = 20000, 50, 40

LOAD = os.path.join(BUILD, "zherd-load")
START_S = 30
PATIENCE_S = 120  #  More than any load takes, with what there is to drain
STUB = os.path.join(PEERS_BUILD, "stub")


class Server:
    """One server of a herd: its ports, its log, its process if it has one."""

    def __init__(self, herd, index, base):
        self.name = NAMES[index]
        self.log = herd.path(f"{self.name}.log")
        self.clients = base + index
        self.mesh = base + 10 + index
        self.admin = base + 20 + index
        self.http = base + 40 + index
        self.process = None

    def ask(self, *lines):
        """The replies to these lines."""
        with Talk(self.clients) as talk:
            return talk.ask(*lines)

    def at_lines(self, clients):
        """What it has of each of these; "" of whom it has nothing."""
        replies = self.ask(*(f"WHATSAT {client} 1 0" for client in clients))
        return [reply.split("\n")[0] if reply.startswith("AT ") else ""
                for reply in replies]


class Herd:
    turn = 0

    def __init__(self, program, size=1, has_places=False, settings=()):
        self.program = program
        self.settings = settings  #  More lines for zherd's topology
        self.folder = tempfile.mkdtemp(prefix="zherd-bench.")
        self.base = FIRST_PORT + Herd.turn % TURNS * PORTS
        Herd.turn += 1
        self.servers = [Server(self, index, self.base)
                        for index in range(size)]
        self.links = self.ring()
        self.doors = {}  #  Ports through which a server sees another's mesh
        self.others = []  #  Processes beside the servers
        self.places_port = self.base + 30
        self.places = has_places and \
            f"http://127.0.0.1:{self.places_port}/nearby"

    def ring(self):
        """Each link once, as (who calls, who is called): a server calls those
        that were started before it."""
        links = list(zip(self.servers[1:], self.servers))
        if len(self.servers) > 2:
            links.append((self.servers[-1], self.servers[0]))
        return links

    def path(self, name):
        return os.path.join(self.folder, name)

    def door(self, one, other):
        return self.doors.get((one, other), other.mesh)

    def named(self, name):
        return self.servers[NAMES.index(name)]

    def prepare(self):
        """Start what the servers need."""
        if self.places:
            self.stub = self.launch("places", [STUB, str(self.places_port)])
            wait_until(lambda: is_open(self.places_port), START_S,
                       "Places answers")

    def __enter__(self):
        try:
            self.prepare()
            for server in self.servers:
                self.start(server)
            self.await_links()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        ours = self.others + [server.process for server in self.servers
                              if server.process]
        for process in ours:
            process.ask_to_end()
        for process in ours:
            process.end()
        shutil.rmtree(self.folder)

    def spawn(self, server):
        server.process = Process(
            server.name, self.program.words(self, server), self.folder)

    def start(self, server):
        """Start it, and wait until it has a reply to a client."""
        self.spawn(server)
        wait_until(lambda: self.replies(server), START_S,
                   f"{server.name} replies")

    def await_links(self):
        wanted = len(self.links) * self.program.calls_per_link
        meshes = [server.mesh for server in self.servers]
        wait_until(lambda: connections_at(meshes) >= wanted, START_S,
                   "all links up")

    def replies(self, server):
        server.process.must_run()
        try:
            with socket.create_connection(("127.0.0.1", server.clients),
                                          1) as client:
                client.sendall(f"{self.program.hello}\r\n".encode())
                return client.recv(1) != b""
        except OSError:
            return False

    def launch(self, name, command, stdout=None):
        """Start another process; it is stopped when the herd is."""
        process = Process(name, command, self.folder, stdout)
        self.others.append(process)
        return process

    def must_find_places(self):
        """See that what comes from Places is passed on."""
        _, answer = self.servers[0].ask("IAMAT seeker +34-118 1",
                                        "WHATSAT seeker 10 5")
        if answer.count('"name"') != 5:
            raise Failed(f"five places are not in {answer[:200]!r}")

    def pids(self):
        return [server.process.pid for server in self.servers]

    def resident_bytes(self):
        return sum(map(resident_bytes, self.pids()))

    def drained(self):
        """The words that have a load wait until all others know it."""
        others = [str(server.clients) for server in self.servers[1:]]
        return ["--settle", ",".join(others)] if others else []

    def command(self, *words):
        """zherd-load against the first server."""
        return [LOAD, "-s", self.program.speech, *map(str, words),
                str(getattr(self.servers[0], self.program.loaded))]

    def load(self, *words):
        """Load it, and return what zherd-load reports."""
        pids = ",".join(map(str, self.pids()))
        found = report(self.command("--json", "--pid", pids, *words),
                       self.folder)
        for server in self.servers:
            server.process.must_run()
        return found

    def propagation(self, *words):
        """The same of zherd-load propagate, from Alford to Holiday."""
        ports = [self.named(name).clients for name in ("Alford", "Holiday")]
        return report([*promptly(), LOAD, "propagate", "--json",
                       *map(str, words), *map(str, ports)], self.folder)


def is_open(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def report(command, folder):
    text = run("zherd-load", command, folder, PATIENCE_S)
    try:
        return json.loads(text)
    except ValueError:
        raise Failed(f"zherd-load reports {text[:80]!r}")
