#   checker - what a herd may have done, by what clients saw of it
#
#   A history is a list of events, times in seconds of one clock:
#
#       ["tell", sent, replied or None, server, IAMAT's words, AT line or None]
#       ["read", sent, replied, server, client, AT line or None if unknown]
#       ["dead", time, server]            killed; nothing of it is left
#       ["leaves", time, server]          asked to end, it will be dead
#       ["alive", time, server]           started, and answers
#       ["frozen", time, server], ["thawed", time, server]
#       ["bad", time, one, other]         a line between them is not as it was
#       ["good", time, one, other]        both lines between them are again
#       ["end", server, client, AT line or None]      once all is healed
#
#   Of faults the time is noted before they are done, of healing after.

import bisect
import functools
import heapq
import re

NS = 10**9
AHEAD_NS = 60 * NS
PASS_S = 8    #  A record passes over a good link within
FOREVER = float("inf")
LINE = re.compile(r"AT (\S+) ([+-]\d+\.\d{9}) (\S+) (\S+) (\S+)")


def nanoseconds(text):
    """Of a decimal number of any length, cut."""
    whole, _, part = text.partition(".")
    count = int(whole.lstrip("+-")) * NS + int(f"{part[:9]:0<9}")
    return -count if text[0] == "-" else count


class Line:
    """An AT line, in the protocol's order of lines of one client."""

    def __init__(self, text):
        match = LINE.fullmatch(text)
        self.is_one = bool(match)
        if not match:
            return
        self.text = text
        self.server, difference, self.client, place, stamp = match.groups()
        self.told = f"{self.client} {place} {stamp}"
        stamped = nanoseconds(stamp)
        self.heard = stamped + nanoseconds(difference)
        is_ahead = stamped > self.heard + AHEAD_NS
        rank = self.heard if is_ahead else stamped
        self.key = (rank, self.heard, self.server.encode(), stamp.encode(),
                    place.encode())


@functools.cache
def line_of(text):
    return Line(text)


class Times:
    """Of a history, when each server was well and each link good."""

    def __init__(self, history, links, servers):
        self.links = links
        self.deaths = {name: [] for name in servers}
        self.turns = {name: [] for name in servers}  #  Dead, alive, dead ...
        self.exits = []  #  (when it was dead, server, when it was asked)
        self.ill = {name: [] for name in servers}
        self.bad = {link: [] for link in links}
        self.take(history)
        self.good = {link: self.times_good(link) for link in links}

    def take(self, history):
        leaves, since = {}, {}
        for kind, time, *words in history:
            what = tuple(words)
            if kind in ("dead", "frozen", "bad", "leaves"):
                since.setdefault(what, time)
            if kind == "dead":
                self.deaths[what[0]].append(time)
                if what in leaves:
                    self.exits.append((time, what[0], leaves.pop(what)))
            elif kind == "leaves":
                leaves[what] = time
            if kind in ("dead", "alive"):
                self.turns[what[0]].append(time)
            if kind in ("alive", "thawed"):
                self.ill[what[0]].append((since.pop(what), time))
            elif kind == "good":
                self.bad[what].append((since.pop(what), time))
        for what, time in since.items():
            spans = self.bad if len(what) == 2 else self.ill
            spans[what if len(what) == 2 else what[0]].append((time, FOREVER))

    def times_good(self, link):
        """The spans in which both its ends were well and both lines good."""
        spans = sorted(self.bad[link] + self.ill[link[0]] + self.ill[link[1]])
        good, start = [], 0
        for begin, end in spans:
            if begin > start:
                good.append((start, begin))
            start = max(start, end)
        return [*good, (start, FOREVER)] if start < FOREVER else good

    def life(self, server, time):
        """Which of its lives it has then, from 0 on; None between two."""
        turns = bisect.bisect_right(self.turns[server], time)
        return None if turns % 2 else turns // 2

    def neighbours(self, server):
        for link in self.links:
            if server in link:
                yield link, link[link[0] == server]

    def passes(self, link, time):
        """When what one end has since that time comes to the other."""
        for begin, end in self.good[link]:
            if max(begin, time) + PASS_S <= end:
                return max(begin, time) + PASS_S
        return FOREVER

    def passes_at_exit(self, server, asked, dead):
        """The neighbours that take what it has before it leaves politely."""
        for link, other in self.neighbours(server):
            #  Its own illness begins when it is asked
            if any(begin <= asked - PASS_S and end >= asked
                   for begin, end in self.good[link]) and \
                    not any(begin <= dead and end >= asked for begin, end in
                            self.bad[link] + self.ill[other]):
                yield other

    def survives(self, server, time):
        """Must a record that the server has since then be known for ever?
        Not if all who surely had it died."""
        holders = {server}
        agenda = [(dead, 0, name, None) for name, deaths in self.deaths.items()
                  for dead in deaths if dead >= time]
        for dead, name, asked in self.exits:
            if asked >= time:
                agenda.append((dead, -1, name, asked))
        heapq.heapify(agenda)
        self.spread(agenda, server, holders, time)
        while agenda and holders:
            now, _, name, asked = heapq.heappop(agenda)
            if asked is None:  #  It dies
                holders.discard(name)
                for _, other in self.neighbours(name):
                    if other in holders:
                        self.spread(agenda, other, holders, now)
                continue
            takes = [name] if asked == "takes" else \
                self.passes_at_exit(name, asked, now) if name in holders else []
            for other in set(takes) - holders:
                holders.add(other)
                self.spread(agenda, other, holders, now)
        return bool(holders)

    def spread(self, agenda, server, holders, now):
        for link, other in self.neighbours(server):
            when = self.passes(link, now)
            if other not in holders and when < FOREVER:
                heapq.heappush(agenda, (when, 1, other, "takes"))


class Checker:
    """Holds a history against the rules; found is what is against them."""

    def __init__(self, history, links, servers):
        self.servers = servers
        self.found = []
        self.tells = {}  #  By IAMAT's words; each is said once
        self.seen = {}   #  What was first seen of each
        self.talks = []
        self.ends = {}
        faults = []
        for event in history:
            if event[0] == "tell":
                self.tells[event[4]] = event
                self.talks.append(event)
            elif event[0] == "read":
                self.talks.append(event)
            elif event[0] == "end":
                self.ends[event[1], event[2]] = event[3]
            else:
                faults.append(event)
        self.times = Times(faults, links, servers)
        self.survivals = {}

    def wrong(self, rule, words):
        self.found.append((rule, words))

    def check(self):
        self.nothing_invented()
        self.never_back()
        self.agreed()
        self.kept()
        return self.found

    def nothing_invented(self):
        """Every line was told, to the server it names, before it was seen; and
        what was acknowledged never became something else."""
        for kind, sent, replied, server, what, text in self.talks:
            if text is not None:
                self.was_told(text, replied,
                              what if kind == "tell" else None)
        for (server, client), text in self.ends.items():
            if text is not None:
                self.was_told(text, FOREVER)

    def was_told(self, text, seen, told=None):
        line = line_of(text)
        tell = self.tells.get(line.told) if line.is_one else None
        if not tell or told not in (None, line.told) or \
                tell[3] != line.server or tell[1] > seen:
            self.wrong("invented", f"{text}: nobody said so")
        elif self.seen.setdefault(line.told, text) != text:
            self.wrong("invented", f"{text}: it was {self.seen[line.told]}")

    def never_back(self):
        """What a living server said of a client, it does not take back."""
        agenda = []
        for number, (kind, sent, replied, server, what, _) in \
                enumerate(self.talks):
            life = replied and self.times.life(server, sent)
            if life is None or life != self.times.life(server, replied):
                continue
            if kind == "read":
                agenda.append((sent, 1, number))
            agenda.append((replied, 0, number))
        agenda.sort()
        best, bounds = {}, {}
        for time, is_sent, number in agenda:
            kind, _, _, server, what, text = self.talks[number]
            client = what.split(" ")[0]
            place = server, self.times.life(server, time), client
            line = line_of(text) if text else None
            if is_sent:
                bounds[number] = best.get(place)
                continue
            bound = bounds.pop(number, None)
            if bound and (not line or line.key < bound.key):
                self.wrong("back", f"{server} went from {bound.text} back to "
                           f"{text}")
            if line and (place not in best or best[place].key < line.key):
                best[place] = line

    def agreed(self):
        """In the end all servers say the same."""
        for client in {client for _, client in self.ends}:
            said = {server: self.ends.get((server, client))
                    for server in self.servers}
            if len(set(said.values())) > 1:
                self.wrong("differ", f"{client}: {said}")

    def survives(self, server, time):
        """The same for all records of a second, as if of its end."""
        soon = int(time) + 1
        life = self.times.life(server, time)
        if life is None or life != self.times.life(server, soon):
            return False
        key = server, soon
        if key not in self.survivals:
            self.survivals[key] = self.times.survives(server, soon)
        return self.survivals[key]

    def kept(self):
        """What was acknowledged, and whose server could pass it on, is known in
        the end, or what is newer by the protocol's order."""
        for kind, sent, replied, server, what, text in self.talks:
            if kind != "tell" or not text or \
                    not self.survives(server, replied):
                continue
            line = line_of(text)
            for name in self.servers:
                end = self.ends.get((name, line.client))
                if end is None:
                    self.wrong("lost", f"{name} does not know {text}")
                elif line_of(end).is_one and line_of(end).key < line.key:
                    self.wrong("older", f"{name} has {end}, not {text}")

    def excused(self):
        """Acknowledged records whose server died too early."""
        return sum(not self.survives(event[3], event[2])
                   for event in self.talks if event[0] == "tell" and event[5])
