#   machine - what the readings were taken on: machine.tsv

import os
import platform
import re
import subprocess
import time

from programs import BUILD, TOP

FILE = "machine.tsv"

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


def read(path):
    with open(path) as file:
        return file.read()


def facts():
    """What there is to say, as (what, value)."""
    yield "processor", first_match(r"^model name\s*: (.*)",
                                   read("/proc/cpuinfo"))
    yield "cores", str(len(os.sched_getaffinity(0)))
    kib = int(first_match(r"^MemTotal:\s*(\d+)", read("/proc/meminfo")))
    yield "memory", f"{kib / 2**20:.0f} GiB"
    yield "system", first_match(r'^PRETTY_NAME="(.*)"',
                                read("/etc/os-release"))
    yield "kernel", platform.release()
    yield "date", time.strftime("%Y-%m-%d", time.gmtime())
    yield "commit", output("git describe --always --dirty").strip()
    for what, command, pattern in VERSIONS:
        yield what, first_match(pattern, output(command))


def write(folder):
    with open(os.path.join(folder, FILE), "w") as file:
        file.write("what\tvalue\n")
        for what, value in facts():
            if value:
                file.write(f"{what}\t{value}\n")


def said(folder):
    """What is written there, as (what, value)."""
    path = os.path.join(folder, FILE)
    lines = read(path).splitlines()[1:] if os.path.exists(path) else []
    return [line.split("\t") for line in lines]
