#   recovery - a server is away for a while: when it knows again what it
#   missed, if ever
#
#   Five servers know ten thousand clients.  Ball goes; while it is away, half
#   of a sample of clients move, told to Alford; Ball comes back, and is asked
#   for all of the sample until it has the newest of each.

import contextlib
import os
import signal
import socket
import time

from herd import Herd
from process import wait_until
from programs import TOP
from talk import Talk

SAMPLE = 1000
AWAY_S = 2        #  At least; until the others know what was missed, too
PATIENCE_S = 5    #  Then what is not known is lost
SETTLE_S = 30

AWAY = "Ball"


class Sample:
    """Clients of our own, where they are, and when they said so."""

    def __init__(self):
        self.stamps = dict.fromkeys(range(SAMPLE), 0)

    def tell(self, server, which):
        """Say at the server that these are somewhere now."""
        stamp = time.time_ns()
        lines = []
        for number in which:
            stamp += 1
            self.stamps[number] = stamp
            lines.append(
                f"IAMAT sample{number} +10+20 {stamp_text(stamp)}")
        with Talk(server.clients) as talk:
            talk.say(*lines)
            for _ in lines:
                talk.line()

    def known(self, server):
        """How many of them the server knows with their newest stamp."""
        with Talk(server.clients) as talk:
            talk.say(*(f"WHATSAT sample{number} 1 0"
                       for number in self.stamps))
            return sum(is_newest(talk.answer()[0], stamp)
                       for stamp in self.stamps.values())

    def is_known(self, server):
        return self.known(server) == SAMPLE


def stamp_text(stamp_ns):
    return f"{stamp_ns // 10**9}.{stamp_ns % 10**9:09}"


def is_newest(line, stamp_ns):
    return line.startswith("AT ") and line.endswith(stamp_text(stamp_ns))


class Cut(Herd):
    """A herd in which Ball's links can be cut."""

    def prepare(self):
        super().prepare()
        ball = self.named(AWAY)
        self.control = self.base + 49
        self.routes = []
        words = [os.path.join(TOP, "tests", "herd", "link-proxy"),
                 str(self.control)]
        for pair in self.links:
            if ball in pair:
                for one, other in (pair, pair[::-1]):
                    port = self.base + 40 + len(self.routes)
                    self.doors[one, other] = port
                    self.routes.append(f"{one.name}-{other.name}")
                    words.append(f"{self.routes[-1]}={port}:{other.mesh}")
        self.launch("link-proxy", words)
        wait_until(lambda: self.tell("mend"), SETTLE_S, "link-proxy")

    def tell(self, word):
        try:
            with socket.create_connection(("127.0.0.1", self.control),
                                          5) as proxy:
                proxy.sendall(f"{word} {' '.join(self.routes)}\n".encode())
                return proxy.recv(100).startswith(b"ok")
        except OSError:
            return False


#  Each way to be away: a context in which Ball is

@contextlib.contextmanager
def killed(herd, ball):
    ball.process.kill()
    yield
    herd.spawn(ball)


@contextlib.contextmanager
def paused(_, ball):
    ball.process.signal(signal.SIGSTOP)
    yield
    ball.process.signal(signal.SIGCONT)


@contextlib.contextmanager
def cut(herd, _):
    herd.tell("cut")
    yield
    herd.tell("mend")


def recover(program, kind, away):
    sample = Sample()
    with kind(program, 5) as herd:
        herd.load("--load-ids", "-n", 1, *herd.drained())
        first, ball = herd.servers[0], herd.named(AWAY)
        sample.tell(first, sample.stamps)
        for server in herd.servers:
            wait_until(lambda: sample.is_known(server), SETTLE_S,
                       f"{server.name} knows the sample")
        with away(herd, ball):
            gone = time.monotonic()
            sample.tell(first, range(0, SAMPLE, 2))
            for server in herd.servers:
                if server is not ball:
                    wait_until(lambda: sample.is_known(server), SETTLE_S,
                               f"{server.name} knows what moved")
            time.sleep(max(0, gone + AWAY_S - time.monotonic()))
        return watch(sample, herd, ball)


def watch(sample, herd, ball):
    """How long it takes from now until Ball knows; or what it never does."""
    back = time.monotonic()
    wait_until(lambda: herd.replies(ball), SETTLE_S, f"{ball.name} replies")
    known = 0
    while known < SAMPLE and time.monotonic() < back + PATIENCE_S:
        known = sample.known(ball)
    found = {"lost": SAMPLE - known}
    if known == SAMPLE:
        found["known_after_s"] = time.monotonic() - back
    return found


def kill(_, program):
    """Five servers know ten thousand clients. Ball is killed; two seconds
    later, when half of a thousand clients have moved, it is started again, and
    asked for all of these until it has the newest of each: counted from its
    start. What it does not know after five seconds is lost."""
    return recover(program, Herd, killed)


def pause(_, program):
    """The same, but Ball is stopped by SIGSTOP, and goes on."""
    return recover(program, Herd, paused)


def partition(_, program):
    """The same, but the connections to Ball's neighbours are closed, and new
    ones refused, until its links are mended."""
    return recover(program, Cut, cut)
