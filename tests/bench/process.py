#   process - start processes, wait for what they shall do, stop them by pid

import functools
import os
import resource
import signal
import subprocess
import time

STOP_S = 10
ESTABLISHED = "01"


class Failed(Exception):
    """A program did not do what it was started for: its reading is missing."""


def wait_until(holds, seconds, what):
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise Failed(f"{what}: not within {seconds} s")
        time.sleep(0.005)


def raise_descriptors():
    """Let us, and what we start, have all the descriptors there are to get."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


@functools.cache
def promptly():
    """The words before a command that have it wake up on time, whatever else
    this machine does; none if we may not say so."""
    words = ["chrt", "--rr", "1"]
    may = subprocess.run([*words, "true"], stderr=subprocess.DEVNULL,
                         check=False)
    return words if may.returncode == 0 else []


def pinned(core):
    """The words before a command that keep it on one of our cores, if we have
    two."""
    cores = sorted(os.sched_getaffinity(0))
    return ["taskset", "-c", str(cores[core])] if len(cores) > 1 else []


def resident_bytes(pid):
    with open(f"/proc/{pid}/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def connections_at(ports):
    """How many connections are established at these listening ports."""
    local = {f"{port:04X}" for port in ports}
    count = 0
    for table in "tcp", "tcp6":
        with open(f"/proc/net/{table}") as file:
            next(file)
            for line in file:
                _, address, _, state, _ = line.split(maxsplit=4)
                count += (state == ESTABLISHED
                          and address.rpartition(":")[2] in local)
    return count


class Process:
    """A process of ours, with a session of its own, so that it does not hear
    our ^C.  It goes when the thread that started it goes, whatever becomes of
    us."""

    tied = ["setpriv", "--pdeathsig", "KILL"]

    def __init__(self, name, command, folder, stdout=None):
        self.name = name
        self.errors = os.path.join(folder, f"{name}.err")
        with open(self.errors, "ab") as errors:
            self.child = subprocess.Popen(
                [*self.tied, *command],
                stdin=subprocess.DEVNULL, stdout=stdout or errors,
                stderr=errors, cwd=folder, start_new_session=True)
        self.pid = self.child.pid

    def last_words(self):
        with open(self.errors, errors="replace") as file:
            lines = file.read().strip().splitlines()
        return lines[-1] if lines else "it said nothing"

    def must_run(self):
        if self.child.poll() is not None:
            raise Failed(f"{self.name} ended: {self.last_words()}")

    def signal(self, number):
        if self.child.poll() is None:
            os.kill(self.pid, number)

    def ask_to_end(self):
        """One that is frozen can't hear, so it is thawed."""
        self.signal(signal.SIGTERM)
        self.signal(signal.SIGCONT)

    def end(self):
        try:
            self.child.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self):
        self.signal(signal.SIGKILL)
        self.child.wait()

    def output(self, seconds):
        """All it writes until it ends by itself, and something it must."""
        try:
            text, _ = self.child.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            raise Failed(f"{self.name} has not ended after {seconds} s")
        finally:
            self.kill()
        if self.child.returncode and not text:
            raise Failed(self.last_words())
        return text


def run(name, command, folder, seconds):
    return Process(name, command, folder, subprocess.PIPE).output(seconds)
