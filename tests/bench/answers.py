#   answers - what a user wants to know first, in ten lines
#
#   A line is left out if one of its readings is missing.

import contextlib

import shapes
import table
from readings import short

PLATFORMS = {"node": "Node.js", "java": "Java (NIO)", "asyncio": "asyncio",
             "twisted": "Twisted"}

#  Where one server is compared with what is no herd
SINGLE = {"one-50x32": "throughput", "one-50x1": "throughput",
          "one-1000x1": "throughput"}
UNDER_LOAD = {"herd-50x32": "drained", "herd-50x1": "drained"}


class Missing(Exception):
    """There is no such reading."""


def some(*parts):
    """Those that have readings, if there is one."""
    found = []
    for part in parts:
        with contextlib.suppress(Missing):
            found.append(part())
    if not found:
        raise Missing
    return ", ".join(found)


class Asked:
    """The readings, as words for a sentence."""

    def __init__(self, readings):
        self.readings = readings

    def figure(self, work, program, metric, unit=""):
        if not self.readings.spread(work, program, metric):
            raise Missing
        return table.figure(self.readings, work, program, metric, unit)

    def times(self, work, program, other, metric):
        ratios = self.readings.ratios(work, program, other, metric)
        if not ratios:
            raise Missing
        return short(ratios[0])

    def span(self, program, other, where=None):
        """The least and the most multiple over several shapes."""
        found = shapes.multiples(self.readings, program, other, where)
        if None in found:
            raise Missing
        return f"{short(min(found))} to {short(max(found))} ×"

    def spans(self, program, others, where=None):
        return some(*(lambda other=other, name=name:
                      f"{self.span(program, other, where)} {name}"
                      for other, name in others.items()))

    def lost(self, work, program):
        lost = self.readings.spread(work, program, "lost")
        if not lost:
            raise Missing
        return f"{lost[2]:,.0f}"


def one_server(asked):
    return "**One server** takes " + some(*(
        lambda work=work, program=program, shape=shape:
        f"{asked.figure(work, program, 'throughput')} {shape}"
        for work, program, shape in (
            ("one-50x32", "zherd-keyed", "updates a second from 50 "
             "connections with 32 requests under way on each"),
            ("one-50x1", "zherd-keyed", "with one on each"),
            ("one-1000x1", "zherd", "from 1,000 connections")))) + "."


def platforms(asked):
    return ("**Beside the same on other platforms**, over four shapes of load "
            "(one server at 50 × 32, at 50 × 1, and at 50 × 32 without a log; "
            "a herd at 50 × 1), zherd's rate in multiples of theirs is "
            f"{asked.spans('zherd-keyed', PLATFORMS)}.")


def bare(asked):
    return ("**Beside Redis and bare C**, one server takes, over three "
            "shapes, " + asked.spans("zherd", {
                "redis": "Redis's with a GEOADD for each",
                "floor": "*floor*'s, a bare C server of this protocol",
                "echo": "*echo*'s, which only sends lines back"}, SINGLE) + ".")


def herd(asked):
    return ("**A herd of five** on this machine takes "
            f"{asked.figure('herd-50x32', 'zherd-keyed', 'drained')} updates a "
            "second at 50 × 32 until all five know them, "
            f"{asked.figure('herd-50x1', 'zherd-keyed', 'drained')} at 50 × 1: "
            f"{asked.span('zherd-keyed', 'node', UNDER_LOAD)} Node's; with "
            "plain links " + some(
                lambda: f"{asked.span('zherd', 'floor', UNDER_LOAD)} "
                "*floor*'s",
                lambda: asked.times('herd-50x32', 'zherd', 'nats', 'drained')
                + " × that of NATS, which passes on and stores nothing")
            + ".")


def delay(asked):
    key = "propagate", "zherd-keyed"
    return ("**Another server, two hops away, knows an update** after "
            f"{asked.figure(*key, 'p50_us', 'µs')} (p50) or "
            f"{asked.figure(*key, 'p90_us', 'µs')} (p90) in an idle herd: "
            f"{asked.times(*key, 'node', 'p50_us')} × Node's p50; with plain "
            "links "
            f"{asked.times('propagate', 'zherd', 'floor', 'p50_us')} × "
            "*floor*'s.")


def quiet(asked):
    def spent(program):
        return asked.figure("herd-quiet", program, "cpu_s_per_100k", "CPU-s")
    return ("**A quiet herd**, 1,000 updates a second, spends "
            f"{spent('zherd-keyed')} on 100,000 updates, with plain links "
            f"{spent('zherd')}; *floor* {spent('floor')}, Node "
            f"{spent('node')}: most of that is wake-ups and system calls, "
            "whatever the language.")


def costs(asked):
    def of(work, metric):
        return asked.times(work, "zherd-keyed", "zherd", metric)
    return ("**Keys** multiply the herd's CPU by "
            f"{of('herd-50x32', 'cpu_s_per_100k')} at 50 × 32 and "
            f"{of('herd-quiet', 'cpu_s_per_100k')} when it is quiet, the delay "
            f"by {of('propagate', 'p50_us')}. Without **the log** one server "
            "takes "
            + asked.figure('one-50x32-notices', 'zherd-keyed-notices',
                           'throughput') + " updates a second at 50 × 32.")


def memory(asked):
    def client(program):
        return asked.figure("memory-100k", program, "rss_per_client_bytes",
                            "B")
    return (f"**Memory**: {client('zherd-notices')} per client among 100,000 "
            f"(Redis {client('redis')}, Node {client('node-nolog')}, Java "
            f"{client('java-nolog')}), "
            + asked.figure('idle-10000', 'zherd', 'rss_per_idle_bytes', 'B')
            + " per idle connection.")


def faults(asked):
    return ("**Killed and restarted**, a server knows all again after "
            f"{asked.figure('restart-kill', 'zherd', 'known_after_s', 's')}; "
            f"Node's lacks {asked.lost('restart-kill', 'node')} of 1,000 "
            "clients until these move again, and so do those on the other "
            "platforms.")


def whatsat(asked):
    return ("**WHATSAT** with 16 kB from a provider on this machine: "
            f"{asked.figure('whatsat', 'zherd', 'throughput')} a second, "
            + some(*(lambda other=other, name=name: asked.times(
                'whatsat', 'zherd', other, 'throughput') + f" × {name}"
                for other, name in PLATFORMS.items())) + ".")


ANSWERS = [one_server, platforms, bare, herd, delay, quiet, costs, memory,
           faults, whatsat]


def lines(readings):
    """The answers that the readings have, as a list in Markdown."""
    asked = Asked(readings)
    for answer in ANSWERS:
        try:
            yield f"- {answer(asked)}\n"
        except Missing:
            continue
