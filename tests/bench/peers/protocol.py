"""protocol - what the two servers in Python have in common

The commands, the newest location of every client, and Places' answer cut to
size: what does not depend on how bytes come and go.
"""

import argparse
import json
import re
import time

PLACE = re.compile(rb"([+-]\d+(?:\.\d+)?)([+-]\d+(?:\.\d+)?)")
STAMP = re.compile(rb"(\d{1,15})(?:\.(\d+))?")
RADIUS = re.compile(rb"\d+(?:\.\d+)?")
BOUND = re.compile(rb"0*\d{1,2}")
TIMEOUT_S = 5
NO_ANSWER = (b'{\n   "error_message" : "The Places service did not answer.",\n'
             b'   "html_attributions" : [],\n   "results" : [],\n'
             b'   "status" : "UNKNOWN_ERROR"\n}\n')


def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--name", required=True)
    parser.add_argument("--clients", type=int, required=True, metavar="PORT")
    parser.add_argument("--mesh", type=int, required=True, metavar="PORT")
    parser.add_argument("--log", metavar="FILE")
    parser.add_argument("--places", metavar="URL")
    parser.add_argument("--link", action="append", default=[], type=link,
                        dest="links", metavar="NAME=PORT")
    return parser


def link(text):
    name, port = text.split("=")
    return name, int(port)


def nanoseconds(stamp):
    """A POSIX time in nanoseconds, or None if it is not well written."""
    match = STAMP.fullmatch(stamp)
    if match is None:
        return None
    seconds, fraction = match.groups(b"")
    return int(seconds) * 10**9 + int(fraction[:9].ljust(9, b"0"))


def is_place(text):
    match = PLACE.fullmatch(text)
    return (match is not None and abs(float(match[1])) <= 90
            and abs(float(match[2])) <= 180)


def cut(answer, bound):
    """Google's JSON with so many results at most, as a reply's second part."""
    answer = json.loads(answer)
    answer["results"] = answer["results"][:bound]
    return json.dumps(answer).encode() + b"\n"


class Question:
    """A WHATSAT of a client that is known."""

    def __init__(self, at, radius, bound):
        self.at = at
        self.bound = bound
        self.radius = float(radius) * 1000
        self.latitude, self.longitude = PLACE.fullmatch(at.split()[4]).groups()

    def url(self, places):
        return (f"{places}?location={self.latitude.decode()},"
                f"{self.longitude.decode()}&radius={self.radius:g}")

    def reply(self, answer):
        return self.at + b"\n" + answer


class Atlas:
    """The newest location of every client, as AT lines."""

    def __init__(self, server):
        self.server = server.encode()
        self.known = {}

    def obey(self, line):
        """What to reply to a line with a field in it, text without its last
        LF or a Question; and an AT line to flood, or None."""
        fields = line.split()
        if len(fields) == 4 and b"\0" not in line:
            if fields[0] == b"IAMAT":
                at, is_new = self.iamat(*fields[1:])
                if at is not None:
                    return at, at if is_new else None
            elif fields[0] == b"WHATSAT":
                question = self.whatsat(*fields[1:])
                if question is not None:
                    return question, None
        return b"? " + line.removesuffix(b"\r"), None

    def iamat(self, client, place, stamp):
        sent = nanoseconds(stamp)
        if sent is None or not is_place(place):
            return None, False
        late = time.time_ns() - sent
        seconds, rest = divmod(abs(late), 10**9)
        at = b"AT %b %c%d.%09d %b %b %b" % (
            self.server, b"-+"[late >= 0], seconds, rest, client, place, stamp)
        return at, self.keep(client, sent, at)

    def whatsat(self, client, radius, bound):
        if (client in self.known and RADIUS.fullmatch(radius)
                and float(radius) <= 50 and BOUND.fullmatch(bound)
                and int(bound) <= 20):
            return Question(self.known[client][1], radius, int(bound))
        return None

    def hear(self, at):
        """Take a neighbour's line; true if it is news, to be flooded on."""
        fields = at.split()
        return (len(fields) == 6 and fields[0] == b"AT"
                and self.keep(fields[3], nanoseconds(fields[5]), at))

    def keep(self, client, sent, at):
        kept = self.known.get(client)
        if kept is not None and kept[0] >= sent:
            return False
        self.known[client] = sent, at
        return True
