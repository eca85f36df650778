#   field - five servers, each in a namespace of its own, in the assignment's
#   ring, and what a test asks of them

import http.client
import json
import os
import re
import shutil
import socket
import sys
import tempfile
import time

TOP = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", ".."))
sys.path.append(os.path.join(TOP, "tests", "bench"))

from lines import Lines
from process import Failed, Process, wait_until

NAMES = ["Alford", "Ball", "Hamilton", "Holiday", "Welsh"]
LINKS = [("Alford", "Hamilton"), ("Alford", "Welsh"), ("Ball", "Holiday"),
         ("Ball", "Welsh"), ("Hamilton", "Holiday")]
CLIENTS, MESH, ADMIN = 12000, 12100, 12200
PATIENCE_S = 30


class Talk:
    """A client's connection to a server."""

    def __init__(self, address, patience_s=PATIENCE_S):
        self.socket = socket.create_connection((address, CLIENTS), patience_s)
        self.file = self.socket.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()
        self.socket.close()

    def line(self):
        line = self.file.readline()
        if not line.endswith(b"\n"):
            raise ConnectionError("the server closed a connection")
        return line[:-1].decode()

    def send(self, lines):
        self.socket.sendall("".join(f"{line}\n" for line in lines).encode())

    def tell(self, lines):
        """The replies to these IAMATs."""
        self.send(lines)
        return [self.line() for _ in lines]

    def answer(self):
        """The AT line that answers a WHATSAT, or None."""
        first = self.line()
        if not first.startswith("AT "):
            return None
        while self.line():
            pass
        return first

    def known(self, client):
        """The AT line of the client, or None."""
        self.send([f"WHATSAT {client} 1 0"])
        return self.answer()


class Apart(Process):
    """A process that goes with our namespaces, not with a thread."""

    tied = []


class Server:
    def __init__(self, field, name):
        self.field = field
        self.name = name
        self.address = field.lines.addresses[name]
        self.log = os.path.join(field.folder, f"{name}.log")
        self.process = None

    def start(self):
        words = [os.path.join(self.field.build, "zherd"), "-l", self.log,
                 self.field.topology, self.name]
        self.process = Apart(
            self.name, self.field.lines.command(self.name, words),
            self.field.folder)

    def kill(self):
        self.process.kill()

    def talk(self, **how):
        return Talk(self.address, **how)

    def status(self):
        """What it says of itself; None if it says nothing."""
        connection = http.client.HTTPConnection(self.address, ADMIN, timeout=2)
        try:
            connection.request("GET", "/status")
            return json.load(connection.getresponse())
        except (OSError, ValueError, http.client.HTTPException):
            return None
        finally:
            connection.close()

    def count(self):
        status = self.status()
        return status["clients_known"] if status else -1

    def up(self, name):
        """Does it say that its link to that one is up?"""
        status = self.status()
        return bool(status) and any(
            peer["up"] for peer in status["peers"] if peer["name"] == name)

    def links_are_up(self):
        status = self.status()
        return bool(status) and all(peer["up"] for peer in status["peers"])

    def notices(self, pattern):
        """The lines of its log that say so."""
        with open(self.log, errors="replace") as log:
            return [line for line in log if re.search(pattern, line)]


class Field:
    """The herd, all links up.  Leaves neither processes nor files, unless it
    is told to keep them."""

    def __init__(self, build, switch, level="notices"):
        self.build = os.path.abspath(build)
        self.folder = tempfile.mkdtemp(prefix="zherd-weather.")
        self.topology = os.path.join(self.folder, "herd.zpl")
        self.lines = Lines(NAMES, switch)
        self.servers = {name: Server(self, name) for name in NAMES}
        with open(self.topology, "w") as file:
            file.write("\n".join(self.described(level)) + "\n")

    def described(self, level):
        yield from ["herd", "    name = weather", "servers"]
        for name, address in self.lines.addresses.items():
            yield from [f"    {name}", f"        clients = {address}:{CLIENTS}",
                        f"        mesh = {address}:{MESH}",
                        f"        admin = {address}:{ADMIN}"]
        yield "links"
        for one in NAMES:
            others = [other for caller, other in LINKS if caller == one]
            if others:
                yield f"    {one} = {' '.join(others)}"
        yield from ["mesh", "    security = plain"]
        yield from ["log", f"    level = {level}"]

    def __enter__(self):
        try:
            for server in self.servers.values():
                server.start()
            self.await_links()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        running = [server.process for server in self.servers.values()
                   if server.process]
        for process in running:
            process.kill()
        self.lines.__exit__()
        if not os.environ.get("KEEP"):
            shutil.rmtree(self.folder)

    def __getitem__(self, name):
        return self.servers[name]

    def all(self, holds):
        return all(holds(server) for server in self.servers.values())

    def await_links(self):
        self.await_all(Server.links_are_up, "all links are up")

    def await_all(self, holds, what, seconds=PATIENCE_S):
        wait_until(lambda: self.all(holds), seconds, what)

    def set_lines(self, **how):
        for one, other in LINKS:
            self.lines.set(one, other, **how)

    def sum(self, key):
        """Of that number, over all links of all servers that say it."""
        return sum(peer[key] for server in self.servers.values()
                   for peer in (server.status() or {"peers": []})["peers"])

    def downs(self):
        """The notices of links called down, from all logs."""
        return [line for server in self.servers.values()
                for line in server.notices(r"\* .*link to \S+ down|flaps")]

    def tell(self, name, prefix, count, stamp):
        """Tell the server of so many clients; how many bytes their lines have
        in the table."""
        size = 0
        with self[name].talk() as talk:
            for start in range(0, count, 1000):
                numbers = range(start, min(count, start + 1000))
                replies = talk.tell(
                    [f"IAMAT {prefix}{number} +34.068930-118.445127 "
                     f"{stamp}.{number:09}" for number in numbers])
                if not all(reply.startswith("AT ") for reply in replies):
                    raise Failed(f"{name} did not take {prefix}{start}")
                size += sum(map(len, replies)) + len(replies)
        return size
