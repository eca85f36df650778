#   machine - what the readings were taken on: machine.tsv

import functools
import os
import platform
import re
import subprocess
import time

from programs import BUILD, TOP

FILE = "machine.tsv"

#  For git: all but what is written about them
SOURCES = [".", ":!docs", ":!*.md"]

#  What tells a version, and what of it to keep
VERSIONS = [
    ("compiler", "cc --version", r"\S+ \(.*\) (\S+)"),
    ("zherd", f"{BUILD}/zherd -V", r"zherd (\S+)"),
    ("libzmq", "pkg-config --modversion libzmq", r"(\S+)"),
    ("CZMQ", "pkg-config --modversion libczmq", r"(\S+)"),
    ("Python", "/usr/bin/python3 --version", r"Python (\S+)"),
    ("Twisted", "/usr/bin/python3 -c 'import twisted; "
     "print(twisted.__version__)'", r"(\S+)"),
    ("aiohttp", "/usr/bin/python3 -c 'import aiohttp; "
     "print(aiohttp.__version__)'", r"(\S+)"),
    ("Node.js", "node --version", r"v(\S+)"),
    ("Java", "java --version", r"\S+ (\S+)"),
    ("Redis", "redis-server --version", r"v=(\S+)"),
    ("NATS server", "nats-server --version", r"v(\d\S*)"),
]


def first_match(pattern, text):
    match = re.search(pattern, text, re.MULTILINE)
    return match[1] if match else None


def output(command):
    done = subprocess.run(command, shell=True, capture_output=True, text=True,
                          cwd=TOP, check=False)
    return done.stdout or done.stderr if done.returncode == 0 else ""


def git(*words):
    """What git says about the sources."""
    return subprocess.run(["git", *words, "--", *SOURCES], cwd=TOP, text=True,
                          capture_output=True, check=False)


def read(path):
    with open(path) as file:
        return file.read()


def commit():
    """What was built.  Readings and what is written are no change of it, though
    they are part of the tree."""
    changes = git("status", "--porcelain", "-uno").stdout
    return output("git describe --always").strip() + (
        "-dirty" if changes else "")


def is_same_commit(other):
    """Whether this is built from the same sources, whatever is written about
    them since."""
    here = commit()
    if other == here:
        return True
    if f"{other}{here}".count("-dirty"):
        return False
    return git("diff", "--quiet", other).returncode == 0


def is_same(folder):
    """Whether what is in the folder was read on this machine, of what is built
    here now."""
    there = dict(said(folder))
    return is_same_commit(there.get("commit", "none")) and all(
        there.get(what) == value for what, value in facts()
        if what not in ("date", "commit"))


@functools.cache
def facts():
    """What there is to say, as [what, value] each."""
    return [[what, value] for what, value in looked_up() if value]


def looked_up():
    yield "processor", first_match(r"^model name\s*: (.*)",
                                   read("/proc/cpuinfo"))
    yield "cores", str(len(os.sched_getaffinity(0)))
    kib = int(first_match(r"^MemTotal:\s*(\d+)", read("/proc/meminfo")))
    yield "memory", f"{kib / 2**20:.0f} GiB"
    yield "system", first_match(r'^PRETTY_NAME="(.*)"',
                                read("/etc/os-release"))
    yield "kernel", platform.release()
    yield "date", time.strftime("%Y-%m-%d", time.gmtime())
    yield "commit", commit()
    for what, command, pattern in VERSIONS:
        yield what, first_match(pattern, output(command))


def write(folder):
    with open(os.path.join(folder, FILE), "w") as file:
        file.write("what\tvalue\n")
        for what, value in facts():
            file.write(f"{what}\t{value}\n")


def said(folder):
    """What is written there, as (what, value)."""
    path = os.path.join(folder, FILE)
    lines = read(path).splitlines()[1:] if os.path.exists(path) else []
    return [line.split("\t") for line in lines]
