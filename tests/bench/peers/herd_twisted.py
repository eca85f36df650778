#!/usr/bin/python3
"""herd_twisted - a server of the herd on Twisted

What the assignment had in mind: LineOnlyReceiver for clients and neighbours,
ReconnectingClientFactory for the links we call, Agent with a pool of kept
connections for Places, twisted.logger for the log.
"""

from collections import deque

from twisted.internet import reactor
from twisted.internet.defer import inlineCallbacks, succeed
from twisted.internet.interfaces import IHalfCloseableProtocol
from twisted.internet.protocol import Factory, ReconnectingClientFactory
from twisted.logger import Logger, globalLogBeginner, textFileLogObserver
from twisted.protocols.basic import LineOnlyReceiver
from twisted.web.client import Agent, HTTPConnectionPool, readBody
from zope.interface import implementer

import protocol

HOST = "127.0.0.1"
BACKLOG = 4096


class Herd:
    """This server: its atlas, the links that are up, Places and the log."""

    def __init__(self, options):
        self.atlas = protocol.Atlas(options.name)
        self.links = set()
        self.places = options.places
        pool = HTTPConnectionPool(reactor)
        pool.maxPersistentPerHost = 100
        self.agent = Agent(reactor, pool=pool)
        self.log = Logger() if options.log else None

    def note(self, sign, who, text):
        if self.log is not None:
            self.log.info("{sign} {who} {text}", sign=sign, who=who, text=text)

    def flood(self, at, source=None):
        for link in self.links:
            if link is not source:
                link.say(at)

    def answer(self, question):
        """The reply to a question, once Places has answered."""
        if self.places is None:
            return succeed(question.reply(protocol.NO_ANSWER))
        answer = self.agent.request(b"GET", question.url(self.places).encode())
        answer.addCallback(readBody)
        answer.addTimeout(protocol.TIMEOUT_S, reactor)
        answer.addCallback(protocol.cut, question.bound)
        answer.addErrback(lambda failure: protocol.NO_ANSWER)
        return answer.addCallback(question.reply)


class Talk(LineOnlyReceiver):
    """A connection of either kind: lines come and go, and are logged."""

    delimiter = b"\n"
    MAX_LENGTH = 65536

    def __init__(self, herd):
        self.herd = herd

    def connectionMade(self):
        self.transport.setTcpNoDelay(True)
        peer = self.transport.getPeer()
        self.who = f"{self.kind} {peer.host}:{peer.port}"
        self.herd.note("*", self.who, "up")

    def connectionLost(self, reason):
        self.herd.note("*", self.who, "down")

    def lineReceived(self, line):
        self.herd.note("<", self.who, line.decode("utf-8", "backslashreplace"))
        self.take(line)

    def say(self, text):
        self.herd.note(">", self.who, text.decode("utf-8", "backslashreplace"))
        self.sendLine(text)


class Link(Talk):
    """A neighbour, whoever called whom."""

    kind = "link"

    def connectionMade(self):
        super().connectionMade()
        self.herd.links.add(self)

    def connectionLost(self, reason):
        super().connectionLost(reason)
        self.herd.links.discard(self)

    def take(self, line):
        if self.herd.atlas.hear(line):
            self.herd.flood(line, self)


@implementer(IHalfCloseableProtocol)
class Client(Talk):
    """A client.  Replies leave in the order of the commands: once one waits
    for Places, what follows queues up behind it."""

    kind = "client"

    def connectionMade(self):
        super().connectionMade()
        self.queue = deque()
        self.ended = False

    def take(self, line):
        if not line.strip():
            return
        reply, news = self.herd.atlas.obey(line)
        if news is not None:
            self.herd.flood(news)
        is_question = isinstance(reply, protocol.Question)
        if not self.queue and not is_question:
            self.say(reply)
            return
        self.queue.append(self.herd.answer(reply) if is_question
                          else succeed(reply))
        if len(self.queue) == 1:
            self.drain()

    @inlineCallbacks
    def drain(self):
        while self.queue:
            self.say((yield self.queue[0]))
            self.queue.popleft()
        if self.ended:
            self.transport.loseConnection()

    def readConnectionLost(self):
        if self._buffer:
            self.lineReceived(self._buffer)
        self.ended = True
        if not self.queue:
            self.transport.loseConnection()

    def writeConnectionLost(self):
        pass


class Talks(Factory):
    """Who calls us."""

    noisy = False

    def __init__(self, herd, talk):
        self.herd = herd
        self.talk = talk

    def buildProtocol(self, address):
        return self.talk(self.herd)


class Calls(ReconnectingClientFactory):
    """Whom we call, until they answer."""

    noisy = False
    initialDelay = 0.1
    maxDelay = 1

    def __init__(self, herd):
        self.herd = herd

    def buildProtocol(self, address):
        self.resetDelay()
        return Link(self.herd)


def main():
    options = protocol.options().parse_args()
    observers = []
    if options.log:
        observers.append(textFileLogObserver(open(options.log, "a")))
    globalLogBeginner.beginLoggingTo(observers, redirectStandardIO=False)
    herd = Herd(options)
    for port, talk in (options.clients, Client), (options.mesh, Link):
        reactor.listenTCP(port, Talks(herd, talk), BACKLOG, HOST)
    for name, port in options.links:
        reactor.connectTCP(HOST, port, Calls(herd))
    reactor.run()


main()
