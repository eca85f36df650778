#   disk - the table on disk: what it costs, and how soon it is back
#
#   Beside it a zherd without, and Redis with an append-only file (AOF).

import glob
import json
import os
import random
import threading
import time
import urllib.request
from subprocess import PIPE

from herd import Herd
from process import Failed, run, wait_until
from talk import Talk

RATE = 2000      #  IAMATs a second, while a table is written
UPDATES = 3000   #  The same, of which it is counted what is written
LOAD_S = 60
SYNCED_S = 2.5   #  More than two syncs
LOOK_S = 0.2
RESTART_S = 2
MINUTES = 10
SAMPLE = 100
BLOCK_RECORDS = 2000  #  More than a block has

#  Where each keeps what is on disk
FOLDERS = {"zherd": "tables", "redis": "appendonlydir"}


def status_of(server):
    with urllib.request.urlopen(
            f"http://127.0.0.1:{server.admin}/status", timeout=10) as page:
        return json.load(page)


def store_of(server):
    """What the server says of its table on disk."""
    return status_of(server)["store"]


def known_at(server):
    return status_of(server)["clients_known"]


def is_settled(server):
    store = store_of(server)
    return store["good"] and store["behind"] == 0


def await_disk(herd):
    """All that the servers know is on their disks, if they have any."""
    for server in herd.servers:
        if store_of(server)["on"]:
            wait_until(lambda: is_settled(server), LOAD_S, "all is on disk")


def told(herd, count):
    """Tell the first server of so many clients, as fast as it takes them."""
    herd.load("--load-ids", "-k", count, "-n", 1)


def table_of(herd):
    return herd.path(f"tables/{herd.servers[0].name}.table")


def spoil(path):
    """Alter a byte: when the table is read, a new one is written."""
    with open(path, "r+b") as file:
        file.seek(os.path.getsize(path) // 2)
        byte = file.read(1)
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte[0] ^ 1]))


def generation(work, program):
    """A server is told of a million clients; one with a table on disk is
    killed, a byte of the table altered, and the server started again, so that
    it writes a new one of all. Meanwhile it has 2,000 IAMATs a second for five
    seconds. When the new one is there it has as many once more: p99_times is
    how much longer they took before. RSS is that while it was written."""
    with Herd(program, settings=work.settings) as herd:
        server = herd.servers[0]
        told(herd, work.count)
        if is_kept := store_of(server)["on"]:
            await_disk(herd)
            server.process.kill()
            spoil(table_of(herd))
            herd.start(server)
            wait_until(lambda: known_at(server) >= work.count - BLOCK_RECORDS,
                       LOAD_S, "it is read")
            before = store_of(server)["generation"]
        said = steady(herd, work)
        found = {"p99_us": said["p99"], "p999_us": said["p999"],
                 "rss_bytes": herd.resident_bytes()}
        if is_kept:
            if store_of(server)["generation"] != before:
                raise Failed("the new table was written too soon")
            wait_until(lambda: store_of(server)["generation"] != before,
                       LOAD_S, "the new table is written")
            found["p99_times"] = said["p99"] / steady(herd, work)["p99"]
        return found


def steady(herd, work):
    """How long IAMATs take at 2,000 a second."""
    return herd.load("-c", 50, "-r", RATE, "-k", work.count,
                     "-t", work.seconds)["latency_us"]


class Growth(threading.Thread):
    """Adds up how much the files below a folder grow, and those that come and
    go."""

    def __init__(self, folder):
        super().__init__(daemon=True)
        self.folder = folder
        self.sizes = {}
        self.bytes = 0
        self.over = threading.Event()

    def look(self):
        found = {}
        for path in glob.glob(f"{self.folder}/*"):
            try:
                facts = os.stat(path)
            except OSError:
                continue
            found[facts.st_ino] = facts.st_size
        for file, size in found.items():
            self.bytes += max(0, size - self.sizes.get(file, 0))
        self.sizes = found

    def run(self):
        while not self.over.wait(LOOK_S):
            self.look()

    def __enter__(self):
        self.look()
        self.bytes = 0
        self.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.join()
        self.look()


def written(work, program):
    """A server is told of 100,000 clients, then of 3,000 locations a second,
    for ten minutes. What is written is how much the files on disk grow and
    new ones have, beside the first, of all clients; what is changed, the AT
    lines of these locations."""
    with Herd(program) as herd:
        told(herd, work.count)
        time.sleep(SYNCED_S)
        folder = herd.path(FOLDERS[program.speech])
        with Growth(folder) as growth:
            requests = sum(
                herd.load("-c", 50, "-r", UPDATES, "-k", work.count,
                          "-t", work.seconds / MINUTES)["requests"]
                for _ in range(MINUTES))
            time.sleep(SYNCED_S)
        found = {"bytes_per_update": growth.bytes / requests}
        if program.speech == "zherd":
            lines = run("table", [*program.command, "table", table_of(herd)],
                        herd.folder, LOAD_S)
            found["written_of_changed"] = \
                found["bytes_per_update"] * work.count / len(lines)
        return found


def connect(server):
    while True:
        server.process.must_run()
        try:
            return Talk(server.clients)
        except OSError:
            time.sleep(0.001)


def sample(herd):
    """Lines of the table on disk, drawn at random."""
    lines = run("table", [*herd.program.command, "table", table_of(herd)],
                herd.folder, LOAD_S).decode().split("\n")
    return random.sample(lines[:-1], SAMPLE)


def await_lines(talk, lines):
    replies = talk.ask(*(f"WHATSAT {line.split(' ')[3]} 1 0"
                         for line in lines))
    if [reply.split("\n")[0] for reply in replies] != lines:
        raise Failed("what was on the disk is not known")


def restart(work, program):
    """A server with a million clients on its disk is killed and started again,
    from when on time counts: until it has the right location of one client
    drawn at random, and of a hundred, and counts all. Meanwhile and after, two
    seconds in all, another connection has one IAMAT under way: the slowest
    takes no less than the longest turn of the loop. Redis replies when it has
    read all."""
    with Herd(program, settings=work.settings) as herd:
        server = herd.servers[0]
        told(herd, work.count)
        if program.speech == "redis":
            time.sleep(SYNCED_S)
            return restart_redis(herd)
        await_disk(herd)
        server.process.kill()
        lines = sample(herd)
        start = time.monotonic()
        herd.spawn(server)
        found = {}
        with connect(server) as talk:
            other = herd.launch("load", herd.command(
                "--json", "-c", 1, "-k", 1, "-t", RESTART_S), PIPE)
            await_lines(talk, lines[:1])
            found["first_s"] = time.monotonic() - start
            await_lines(talk, lines)
            wait_until(lambda: known_at(server) >= work.count, LOAD_S, "all")
            found["all_s"] = time.monotonic() - start
        said = json.loads(other.output(LOAD_S))
        return found | {"slowest_us": said["latency_us"]["max"]}


def restart_redis(herd):
    server = herd.servers[0]
    server.process.kill()
    start = time.monotonic()
    herd.spawn(server)
    while True:
        with connect(server) as talk:
            talk.socket.sendall(b"PING\r\n")
            if talk.read_line() == "+PONG\r":
                return {"all_s": time.monotonic() - start}
        time.sleep(0.005)
