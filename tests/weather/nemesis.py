#   nemesis - faults that a seed plans, done to a herd
#
#   Each fault has a begin and an end.  Faults overlap, but a process has one
#   of its own at a time.  Every minute all faults end, so that the herd has the
#   chance to agree.

import dataclasses
import random
import signal
import threading
import time

from field import LINKS, NAMES, PATIENCE_S
from process import Failed, wait_until

AT_ONCE_MAX = 4        #  Faults that overlap
BETWEEN_S = 0.5, 6     #  From one's begin to the next's
LAST_S = 1, 15
CALM_EVERY_S = 60      #  Faults begin in so many seconds, then are healed
CALM_S = 20
AGAIN_S = 4            #  A process has to be well between two faults

#  How often each is chosen
KINDS = {"kill": 4, "stop": 2, "freeze": 3, "cut": 2, "oneway": 2, "island": 1,
         "slow": 3, "lossy": 2, "reset": 2}
OF_PROCESSES = {"kill", "stop", "freeze"}


@dataclasses.dataclass(frozen=True)
class Fault:
    begin_s: float
    end_s: float
    kind: str
    servers: tuple = ()  #  Of whom it is
    links: tuple = ()
    how: tuple = ()      #  What the lines become, as (what, number)

    def __str__(self):
        where = " ".join([*self.servers, *map("-".join, self.links)])
        words = "".join(f" {what}={number:g}" for what, number in self.how)
        return f"{self.begin_s:7.1f} {self.end_s:7.1f} {self.kind} " \
               f"{where}{words}"


def island_links(chance):
    """The links between some servers and the others."""
    island = chance.sample(NAMES, chance.choice([1, 2]))
    return tuple(link for link in LINKS
                 if (link[0] in island) != (link[1] in island))


def one_fault(chance, begin_s):
    kind = chance.choices(list(KINDS), KINDS.values())[0]
    end_s = begin_s + chance.uniform(*LAST_S)
    if kind in OF_PROCESSES:
        return Fault(begin_s, end_s, kind, servers=(chance.choice(NAMES),))
    links = (chance.choice(LINKS),)
    how = (("loss", 100),)
    if kind == "oneway" and chance.random() < 0.5:
        links = (links[0][::-1],)
    elif kind == "island":
        links = island_links(chance)
    elif kind == "slow":
        how = (("rate", chance.choice([256e3, 1e6, 5e6])),
               ("delay", chance.choice([1, 20, 100])))
    elif kind == "lossy":
        how = (("loss", chance.choice([5, 20])),
               ("delay", chance.choice([1, 20])), ("jitter", 10))
    elif kind == "reset":
        end_s, how = begin_s, ()
    return Fault(begin_s, end_s, kind, links=links, how=how)


def fits(fault, plan):
    """Does it leave enough of what goes on then?"""
    meanwhile = [other for other in plan if other.end_s > fault.begin_s]
    recent = [other for other in plan
              if other.end_s + AGAIN_S > fault.begin_s
              and set(other.servers) & set(fault.servers)]
    return len(meanwhile) < AT_ONCE_MAX and not recent


def plan_faults(seed, seconds):
    """The faults of this seed, and the times at which all is healed."""
    chance = random.Random(seed)
    plan, calms, now_s, calm_s = [], [], 2.0, CALM_EVERY_S
    while now_s + LAST_S[1] < seconds:
        fault = one_fault(chance, now_s)
        if fits(fault, plan):
            plan.append(fault)
        now_s += chance.uniform(*BETWEEN_S)
        if now_s > calm_s:
            calms.append(max([calm_s, *(other.end_s for other in plan)]))
            now_s = calms[-1] + CALM_S
            calm_s = now_s + CALM_EVERY_S
    return plan, calms


class Nemesis:
    """Does the plan to a field, and writes what it does into the history."""

    def __init__(self, field, history, now):
        self.field = field
        self.history = history
        self.now = now
        self.lock = threading.Lock()
        self.wrong = {}    #  By way: the hows of all faults it has
        self.busy = 0      #  Faults under way
        self.failures = []

    def note(self, kind, *what):
        self.history.append([kind, self.now(), *what])

    def do(self, fault):
        """Begin it, wait, and end it."""
        wait_for(self.now, fault.begin_s)
        with self.lock:
            self.busy += 1
        try:
            getattr(self, fault.kind)(fault)
        except (Failed, OSError) as failure:
            self.failures.append(f"{fault}: {failure}")
        with self.lock:
            self.busy -= 1

    def start(self, plan):
        threads = [threading.Thread(target=self.do, args=(fault,), daemon=True)
                   for fault in plan]
        for thread in threads:
            thread.start()
        return threads

    def begin_again(self, server, fault):
        wait_for(self.now, fault.end_s)
        server.start()
        wait_until(server.status, PATIENCE_S, f"{server.name} answers")
        self.note("alive", server.name)

    def kill(self, fault):
        server = self.field[fault.servers[0]]
        self.note("dead", server.name)
        server.kill()
        self.begin_again(server, fault)

    def stop(self, fault):
        server = self.field[fault.servers[0]]
        self.note("leaves", server.name)
        server.process.ask_to_end()
        server.process.end()
        self.note("dead", server.name)
        self.begin_again(server, fault)

    def freeze(self, fault):
        server = self.field[fault.servers[0]]
        self.note("frozen", server.name)
        server.process.signal(signal.SIGSTOP)
        wait_for(self.now, fault.end_s)
        server.process.signal(signal.SIGCONT)
        self.note("thawed", server.name)

    def change_lines(self, ways, how, begins):
        """Of these ways, add or take away what is wrong."""
        with self.lock:
            for way in ways:
                link = way if way in LINKS else way[::-1]
                hows = self.wrong.setdefault(way, [])
                if begins:
                    if not self.is_wrong(link):
                        self.note("bad", *link)
                    hows.append(how)
                else:
                    hows.remove(how)
                self.field.lines.set_way(*way, **worst(hows))
                if not begins and not self.is_wrong(link):
                    self.note("good", *link)

    def is_wrong(self, link):
        return bool(self.wrong.get(link) or self.wrong.get(link[::-1]))

    def both_ways(self, fault):
        return [way for link in fault.links for way in (link, link[::-1])]

    def lines(self, fault, ways):
        how = dict(fault.how)
        self.change_lines(ways, how, True)
        wait_for(self.now, fault.end_s)
        self.change_lines(ways, how, False)

    def cut(self, fault):
        self.lines(fault, self.both_ways(fault))

    island = slow = lossy = cut

    def oneway(self, fault):
        self.lines(fault, fault.links)

    def reset(self, fault):
        """The lines are as they are; a connection is lost."""
        link, = fault.links
        with self.lock:
            was_wrong = self.is_wrong(link)
            if not was_wrong:
                self.note("bad", *link)
            self.field.lines.reset(*link)
            self.field.lines.reset(*link[::-1])
            if not was_wrong:
                self.note("good", *link)


def worst(hows):
    """What a line is like that has all of these faults."""
    found = {}
    for how in hows:
        for what, number in how.items():
            pick = min if what == "rate" else max
            found[what] = pick(found.get(what, number), number)
    return found


def wait_for(now, time_s):
    time.sleep(max(0, time_s - now()))
