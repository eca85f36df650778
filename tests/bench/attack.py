#   attack - strangers call at a mesh port while clients are served

import contextlib
import json
import os
import re
import statistics
import subprocess
import threading
import urllib.request

from herd import Herd
from process import Process, resident_bytes
from programs import built

STRANGER = built("stranger")
CROWD = ["-r", "1000", "-i", "700", "-e", "4"]
SETTLED_S = 5  #  From then on memory is not to grow
LOOK_S = 0.25


class Watch:
    """The least and the most that a process has in memory while this lasts,
    and how much at first."""

    def __init__(self, pid):
        self.pid = pid
        self.sizes = []
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.look)

    def look(self):
        while not self.over.wait(LOOK_S):
            self.sizes.append(resident_bytes(self.pid))

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()

    def settled(self):
        return self.sizes[int(SETTLED_S / LOOK_S):]

    def swing(self):
        """The most as a multiple of the least, after it has settled."""
        return max(self.settled()) / min(self.settled())

    def growth(self):
        """The last third's median as a multiple of the first third's."""
        third = len(self.settled()) // 3
        return (statistics.median(self.settled()[-third:]) /
                statistics.median(self.settled()[:third]))


def key_of(herd, server):
    with open(herd.path(os.path.join("keys", "herd.pub"))) as file:
        return dict(line.split()[:2] for line in file)[server.name]


@contextlib.contextmanager
def bare(herd, port):
    """A bare ROUTER at the port; its key."""
    router = Process("bare", [STRANGER, "-b", "-p", str(port)], herd.folder,
                     subprocess.PIPE)
    try:
        yield router.child.stdout.readline().decode().strip()
    finally:
        router.kill()


def refused(server):
    """How many callers it refused."""
    with urllib.request.urlopen(
            f"http://127.0.0.1:{server.admin}/metrics") as page:
        return sum(map(int, re.findall(
            r"^zherd_refused_total.* (\d+)$", page.read().decode(), re.M)))


def strike(herd, work, port, key):
    """Load the first server while strangers call at the port."""
    server = herd.servers[0]
    stranger = Process("stranger", [
        STRANGER, "-p", str(port), "-k", key, "-a", work.source, *CROWD,
        "-t", str(work.seconds)], herd.folder, subprocess.PIPE)
    with Watch(server.process.pid) as watch:
        said = herd.load(*work.load.split(), "-t", work.seconds)
    shaken = json.loads(stranger.output(work.seconds))
    found = {"p50_us": said["latency_us"]["p50"],
             "p99_us": said["latency_us"]["p99"],
             "cpu_s": said["cpu_seconds"],
             "handshakes_per_s": shaken["handshakes"] / shaken["seconds"],
             "refused_per_s": refused(server) / shaken["seconds"],
             "rss_mb": watch.sizes[-1] / 1e6,
             "rss_swing": watch.swing(),
             "rss_growth": watch.growth()}
    if said["errors"]:
        found["errors"] = said["errors"]
    return found


def attack(work, program):
    """Five servers with keys share the machine with a thousand handshakes a
    second by keys that nobody has, 700 connections that say nothing and four
    that send parts of a message without an end, all at the first server's mesh,
    and all at once: from the address of its peers, or (-away) from another.
    Meanwhile it is sent 2,000 IAMATs a second. For router, the strangers call at
    a bare ROUTER with keys instead, a process beside the same herd. RSS is the
    first server's, from the fifth second on."""
    with Herd(program, work.size) as herd:
        server = herd.servers[0]
        return strike(herd, work, server.mesh, key_of(herd, server))


def attack_elsewhere(work, program):
    with Herd(program, work.size) as herd:
        port = herd.base + 40
        with bare(herd, port) as key:
            return strike(herd, work, port, key)
