#!/usr/bin/python3
"""herd_asyncio - a server of the herd on asyncio

Protocols, which are asyncio's fast way, not streams: what was read at once is
answered at once, and flooded at once.  aiohttp asks Places, logging keeps the
log; with --uvloop the loop is libuv's.
"""

import asyncio
import logging
from collections import deque

import protocol

HOST = "127.0.0.1"
BACKLOG = 4096
RETRY_S = 0.1


class Herd:
    """This server: its atlas, the links that are up, Places and the log."""

    def __init__(self, options):
        self.atlas = protocol.Atlas(options.name)
        self.links = set()
        self.places = options.places
        self.web = None
        self.log = logging.getLogger(options.name) if options.log else None
        if self.log is not None:
            file = logging.FileHandler(options.log)
            file.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
            self.log.addHandler(file)
            self.log.setLevel(logging.INFO)

    def note(self, sign, who, text):
        if self.log is not None:
            self.log.info("%s %s %s", sign, who, text)

    def note_all(self, sign, who, lines):
        if self.log is not None:
            for line in lines:
                self.note(sign, who, line.decode("utf-8", "backslashreplace"))

    def flood(self, ats, source=None):
        for link in self.links:
            if link is not source:
                link.say(ats)

    def open_web(self):
        #  Only who asks Places pays for aiohttp
        import aiohttp
        self.web = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=protocol.TIMEOUT_S))

    async def answer(self, question):
        """The reply to a question."""
        if self.places is None:
            return question.reply(protocol.NO_ANSWER)
        try:
            async with self.web.get(question.url(self.places)) as response:
                answer = protocol.cut(await response.read(), question.bound)
        except Exception:
            answer = protocol.NO_ANSWER
        return question.reply(answer)


class Talk(asyncio.Protocol):
    """A connection of either kind: lines come and go, and are logged."""

    def __init__(self, herd):
        self.herd = herd
        self.rest = b""

    def connection_made(self, transport):
        self.transport = transport
        host, port = transport.get_extra_info("peername")
        self.who = f"{self.kind} {host}:{port}"
        self.herd.note("*", self.who, "up")

    def connection_lost(self, error):
        self.herd.note("*", self.who, "down")

    def data_received(self, data):
        *lines, self.rest = (self.rest + data).split(b"\n")
        self.herd.note_all("<", self.who, lines)
        self.take(lines)

    def say(self, lines):
        self.herd.note_all(">", self.who, lines)
        self.transport.write(b"\n".join(lines) + b"\n")


class Link(Talk):
    """A neighbour, whoever called whom."""

    kind = "link"

    def connection_made(self, transport):
        super().connection_made(transport)
        self.herd.links.add(self)
        self.lost = asyncio.get_running_loop().create_future()

    def connection_lost(self, error):
        super().connection_lost(error)
        self.herd.links.discard(self)
        self.lost.set_result(None)

    def take(self, lines):
        news = [line for line in lines if self.herd.atlas.hear(line)]
        if news:
            self.herd.flood(news, self)


class Client(Talk):
    """A client.  Replies leave in the order of the commands: once one waits
    for Places, what follows queues up behind it."""

    kind = "client"

    def connection_made(self, transport):
        super().connection_made(transport)
        self.queue = deque()
        self.draining = None
        self.ended = False

    def take(self, lines):
        replies, ats = [], []
        for line in lines:
            if not line.strip():
                continue
            reply, news = self.herd.atlas.obey(line)
            if news is not None:
                ats.append(news)
            if isinstance(reply, protocol.Question):
                reply = asyncio.create_task(self.herd.answer(reply))
            elif not self.queue:
                replies.append(reply)
                continue
            self.queue.append(reply)
        if ats:
            self.herd.flood(ats)
        if replies:
            self.say(replies)
        if self.queue and not self.draining:
            self.draining = asyncio.create_task(self.drain())

    async def drain(self):
        while self.queue:
            reply = self.queue[0]
            self.say([reply if isinstance(reply, bytes) else await reply])
            self.queue.popleft()
        self.draining = None
        if self.ended:
            self.transport.close()

    def eof_received(self):
        if self.rest:
            self.data_received(b"\n")
        self.ended = True
        if not self.queue:
            self.transport.close()
        return True


async def call(herd, port):
    """Keep a link to a neighbour."""
    loop = asyncio.get_running_loop()
    while True:
        try:
            _, link = await loop.create_connection(
                lambda: Link(herd), HOST, port)
            await link.lost
        except OSError:
            pass
        await asyncio.sleep(RETRY_S)


async def serve(options):
    loop = asyncio.get_running_loop()
    herd = Herd(options)
    if options.places:
        herd.open_web()
    for port, talk in (options.clients, Client), (options.mesh, Link):
        await loop.create_server(lambda talk=talk: talk(herd), HOST, port,
                                 backlog=BACKLOG)
    await asyncio.gather(*(call(herd, port) for _, port in options.links),
                         loop.create_future())


def main():
    parser = protocol.options()
    parser.add_argument("--uvloop", action="store_true")
    options = parser.parse_args()
    if options.uvloop:
        import uvloop
        uvloop.install()
    asyncio.run(serve(options))


main()
