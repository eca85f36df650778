#   recovery - servers are away for a while: when all know again what they
#   missed, if ever
#
#   A herd of five knows 10,000 clients, and a sample of 1,000 more.  While
#   something is wrong, half of the sample move.  Once it is right again, the
#   servers concerned are asked for all of the sample, until they have the
#   newest of each or some seconds are over.

import json
import os
import signal
import socket
import time
import urllib.request

from herd import Herd
from process import wait_until
from programs import TOP

SAMPLE = 1000
KILLED_S, AWAY_S = 2, 4
PATIENCE_S = 6  #  Then what is not known is lost
SETTLE_S = 30

BALL = "Ball"
ISLAND = [BALL, "Welsh"]


class Sample:
    """Clients of our own, and when each said last where it is."""

    def __init__(self):
        self.stamps_ns = dict.fromkeys(range(SAMPLE), 0)

    def tell(self, server, which):
        """Say at the server that these are somewhere now."""
        for number in which:
            self.stamps_ns[number] = time.time_ns()
        server.ask(*(f"IAMAT sample{number} +10+20 "
                     f"{stamp_text(self.stamps_ns[number])}"
                     for number in which))

    def known(self, servers):
        """Of how many of them all these servers have the newest."""
        known = set(self.stamps_ns)
        for server in servers:
            lines = server.at_lines(f"sample{number}"
                                    for number in self.stamps_ns)
            known &= {number for number, line in zip(self.stamps_ns, lines)
                      if line.endswith(stamp_text(self.stamps_ns[number]))}
        return len(known)


def stamp_text(stamp_ns):
    return f"{stamp_ns // 10**9}.{stamp_ns % 10**9:09}"


class Parted(Herd):
    """A herd in which the links between Ball and Welsh and the others pass
    through a proxy."""

    def prepare(self):
        super().prepare()
        self.control = self.base + 49
        self.routes = []
        ways = []
        for one, other in self.links:
            if (one.name in ISLAND) != (other.name in ISLAND):
                ways += [(one, other), (other, one)]
        for port, (one, other) in enumerate(ways, self.base + 40):
            self.doors[one, other] = port
            self.routes.append(f"{one.name}-{other.name}={port}:{other.mesh}")
        self.launch("link-proxy", [
            os.path.join(TOP, "tests", "herd", "link-proxy"),
            str(self.control), *self.routes])
        wait_until(lambda: self.tell("mend"), SETTLE_S, "link-proxy")

    def tell(self, word):
        names = " ".join(route.split("=")[0] for route in self.routes)
        try:
            with socket.create_connection(("127.0.0.1", self.control),
                                          5) as proxy:
                proxy.sendall(f"{word} {names}\n".encode())
                return proxy.recv(100).startswith(b"ok")
        except OSError:
            return False


def prepared(herd):
    """A sample that all servers of the herd know."""
    sample = Sample()
    herd.load("--load-ids", "-n", 1, *herd.drained())
    sample.tell(herd.servers[0], sample.stamps_ns)
    wait_until(lambda: sample.known(herd.servers) == SAMPLE, SETTLE_S,
               "all know the sample")
    return sample


def watch(sample, servers):
    """How long it takes from now until they know; or what they never do."""
    back = time.monotonic()
    known = 0
    while known < SAMPLE and time.monotonic() < back + PATIENCE_S:
        known = sample.known(servers)
    found = {"lost": SAMPLE - known}
    if known == SAMPLE:
        found["known_after_s"] = time.monotonic() - back
    return found


def kill(_, program):
    """Five servers know ten thousand clients, and a thousand more. Ball is
    killed; half of the thousand move, which Alford is told; two seconds later
    Ball is started again, and once it answers it is asked for the thousand
    until it has the newest of each. What is not known after six seconds is
    lost."""
    with Herd(program, 5) as herd:
        sample = prepared(herd)
        ball = herd.named(BALL)
        ball.process.kill()
        sample.tell(herd.servers[0], range(0, SAMPLE, 2))
        time.sleep(KILLED_S)
        herd.start(ball)
        return watch(sample, [ball])


def known_at(server):
    """How many clients it says that it knows; -1 if it says nothing."""
    try:
        with urllib.request.urlopen(
                f"http://127.0.0.1:{server.admin}/status", timeout=1) as page:
            return json.load(page)["clients_known"]
    except OSError:
        return -1


def restart(work, program):
    """Five servers know a hundred thousand clients. Ball is killed and started
    at once; its status is asked until it counts as many clients as Alford
    knows. Time counts from the start command."""
    with Herd(program, 5) as herd:
        herd.load("--load-ids", "-k", work.count, "-n", 1, *herd.drained())
        wanted, ball = known_at(herd.servers[0]), herd.named(BALL)
        wait_until(lambda: known_at(ball) == wanted, SETTLE_S, "all are known")
        ball.process.kill()
        start = time.monotonic()
        herd.spawn(ball)
        wait_until(lambda: known_at(ball) == wanted, SETTLE_S,
                   "all are known again")
        return {"known_after_s": time.monotonic() - start}


def pause(_, program):
    """The same, but Ball is stopped by SIGSTOP for four seconds."""
    with Herd(program, 5) as herd:
        sample = prepared(herd)
        ball = herd.named(BALL)
        ball.process.signal(signal.SIGSTOP)
        sample.tell(herd.servers[0], range(0, SAMPLE, 2))
        time.sleep(AWAY_S)
        ball.process.signal(signal.SIGCONT)
        return watch(sample, [ball])


def partition(_, program):
    """The same, but nothing passes between Ball and Welsh and the other three
    for four seconds, though their connections stay; clients move on both
    sides, and all five are asked."""
    return part(program, "hole")


def cut(_, program):
    """The same, but the connections are lost, and new ones refused."""
    return part(program, "cut")


def part(program, how):
    with Parted(program, 5) as herd:
        sample = prepared(herd)
        herd.tell(how)
        sample.tell(herd.named("Alford"), range(0, SAMPLE, 4))
        sample.tell(herd.named("Welsh"), range(2, SAMPLE, 4))
        time.sleep(AWAY_S)
        herd.tell("mend")
        return watch(sample, herd.servers)
