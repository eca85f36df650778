"""ring - the assignment's five servers, as any of the programs

What the measurements and the check of the peers share: how each program is
started, who talks with whom, and what one says to a server.  A ring has fifty
ports from its base on: clients, ten further the mesh, ten further zherd's
admin port.
"""

import os
import resource
import signal
import socket
import subprocess
import time
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
PEERS = TOP / "tests/bench/peers"
BUILD = TOP / "build/bench"
ZHERD = Path(os.environ.get("HERD_BIN", TOP / "build/release")) / "zherd"
SERVERS = ["Alford", "Ball", "Hamilton", "Holiday", "Welsh"]

#  Of the peers, who is named first calls
LINKS = [("Alford", "Hamilton"), ("Alford", "Welsh"), ("Ball", "Holiday"),
         ("Ball", "Welsh"), ("Hamilton", "Holiday")]

#  All take --name, --clients, --mesh, --log, --places and --link, but zherd
PROGRAMS = {
    "zherd": [ZHERD],
    "floor": [BUILD / "floor"],
    "node": ["node", PEERS / "herd_node.js"],
    "java": ["java", "-cp", BUILD, "HerdJava"],
    "twisted": [PEERS / "herd_twisted.py"],
    "asyncio": [PEERS / "herd_asyncio.py"],
    "uvloop": [PEERS / "herd_asyncio.py", "--uvloop"],
}

BATCH = 500  #  Lines sent before their replies are read
PATIENCE_S = 20


class Failure(Exception):
    """What was waited for did not come."""


def wait_until(holds, what, seconds=PATIENCE_S):
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise Failure(f"waited {seconds} s in vain: {what}")
        time.sleep(0.01)


def mesh_port(base, name):
    return base + 10 + SERVERS.index(name)


def is_open(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False


def connections_to(port):
    """How many TCP connections there are to that port of this machine."""
    rows = (Path("/proc/net/tcp").read_text().splitlines()
            + Path("/proc/net/tcp6").read_text().splitlines())
    return sum(row.split()[2].endswith(f":{port:04X}")
               and row.split()[3] == "01" for row in rows)


def allow_many_files():
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


class Talk:
    """A client's connection."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), PATIENCE_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.file = self.socket.makefile("rb")

    def close(self):
        self.file.close()
        self.socket.close()

    def ask(self, lines):
        """The replies to these lines, of which none is blank; of a WHATSAT's
        the first line."""
        replies = []
        for start in range(0, len(lines), BATCH):
            batch = lines[start:start + BATCH]
            self.socket.sendall("".join(f"{line}\n" for line in batch).encode())
            replies += [self.reply_to(line) for line in batch]
        return replies

    def reply_to(self, line):
        reply = self.read_line()
        if line.startswith("WHATSAT") and reply.startswith("AT "):
            while self.read_line():
                pass
        return reply

    def read_line(self):
        line = self.file.readline()
        if not line.endswith(b"\n"):
            raise Failure("a server closed the connection")
        return line[:-1].decode()


class Ring:
    """Five servers.  detours are the ports of whom to call in whose place, by
    caller and called."""

    def __init__(self, program, base, folder, log=True, places=None,
                 detours=None):
        self.program = program
        self.base = base
        self.folder = Path(folder)
        self.log = log
        self.places = places
        self.detours = detours or {}
        self.processes = {}
        self.calls = list(LINKS)
        if program == "zherd":
            #  Its links are a connection each way
            self.calls += [(called, caller) for caller, called in LINKS]

    def __enter__(self):
        return self

    def __exit__(self, *error):
        for process in self.processes.values():
            process.kill()
            process.wait()

    def client_port(self, name):
        return self.base + SERVERS.index(name)

    def mesh_port(self, name):
        return mesh_port(self.base, name)

    def call_port(self, caller, called):
        return self.detours.get((caller, called), self.mesh_port(called))

    def start_all(self):
        for name in SERVERS:
            self.spawn(name)
        for name in SERVERS:
            self.await_server(name)
        self.await_links()

    def start(self, name):
        """Returns once it answers; its links may not be up yet."""
        self.spawn(name)
        self.await_server(name)

    def spawn(self, name):
        with open(self.folder / f"{name}.err", "ab") as errors:
            self.processes[name] = subprocess.Popen(
                [str(word) for word in self.command(name)], stdout=errors,
                stderr=errors, preexec_fn=allow_many_files)

    def signal(self, name, number):
        self.processes[name].send_signal(number)
        if number in (signal.SIGKILL, signal.SIGTERM):
            self.processes[name].wait(PATIENCE_S)

    def await_server(self, name):
        def answers():
            if self.processes[name].poll() is not None:
                errors = (self.folder / f"{name}.err").read_text()
                raise Failure(f"{self.program} {name} ended: {errors}")
            return is_open(self.client_port(name))
        wait_until(answers, f"{self.program} {name} to listen")

    def await_links(self):
        #  Behind a detour, the server itself has to be reached too
        ports = [self.call_port(*call) for call in self.calls]
        ports += [self.mesh_port(called) for caller, called in self.calls
                  if (caller, called) in self.detours]
        for port in set(ports):
            wait_until(lambda port=port:
                       connections_to(port) >= ports.count(port),
                       f"{self.program}: connections to port {port}")

    def command(self, name):
        log = self.folder / f"{name}.log"
        if self.program == "zherd":
            topology = self.folder / f"{name}.zpl"
            topology.write_text(self.topology(name))
            return [*PROGRAMS["zherd"], "-l", log, topology, name]
        words = [*PROGRAMS[self.program], "--name", name,
                 "--clients", self.client_port(name),
                 "--mesh", self.mesh_port(name)]
        if self.log:
            words += ["--log", log]
        if self.places:
            words += ["--places", self.places]
        for caller, called in LINKS:
            if caller == name:
                words += ["--link", f"{called}={self.call_port(name, called)}"]
        return words

    def topology(self, name):
        """As the server of that name shall see it."""
        text = "herd\n    name = bench\nservers\n"
        for server in SERVERS:
            text += (
                f"    {server}\n"
                f"        clients = 127.0.0.1:{self.client_port(server)}\n"
                f"        mesh = 127.0.0.1:{self.call_port(name, server)}\n"
                f"        admin = 127.0.0.1:{self.mesh_port(server) + 10}\n")
        text += "links\n"
        for caller in SERVERS:
            called = [to for by, to in LINKS if by == caller]
            if called:
                text += f"    {caller} = {' '.join(called)}\n"
        if self.places:
            text += f"places\n    url = {self.places}\n"
        return text + f"log\n    level = {'full' if self.log else 'notices'}\n"

    def talk(self, name):
        return Talk(self.client_port(name))

    def ask(self, name, *lines):
        talk = self.talk(name)
        try:
            return talk.ask(lines)
        finally:
            talk.close()

    def at_lines(self, name, clients):
        """What the server has of the clients, None where it has nothing."""
        replies = self.ask(name, *(f"WHATSAT {client} 1 0"
                                   for client in clients))
        return [reply if reply.startswith("AT ") else None
                for reply in replies]
