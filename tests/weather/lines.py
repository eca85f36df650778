#   lines - namespaces of their own, and lines between them as bad as told
#
#       with Lines(["Alford", "Ball"], switch) as lines:
#           lines.set("Alford", "Ball", rate=1e6, delay=20)
#
#   The namespaces are made by the program switch; its banner says what a line
#   can be.  The test itself stands outside: what it says to a server, and a
#   server to it, goes over no line.

import contextlib
import ctypes
import os
import socket
import subprocess
import threading
import time

NET = "10.77.0"
HERE = f"{NET}.1"
STREAM_PORT = 9
CLONE_NEWNET = 0x40000000
LIBC = ctypes.CDLL(None, use_errno=True)


class Lines:
    def __init__(self, names, switch):
        self.addresses = {name: f"{NET}.{number}"
                          for number, name in enumerate(names, 2)}
        self.paths = {}
        self.here = os.open("/proc/self/ns/net", os.O_RDONLY)
        self.switch = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", switch, HERE,
             *(f"{name}={address}"
               for name, address in self.addresses.items())],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            bufsize=1, start_new_session=True)
        for line in self.switch.stdout:
            if line == "ok\n":
                return
            name, path = line.split()
            self.paths[name] = path
        raise OSError("there are no namespaces to be had")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.switch.stdin.close()
        self.switch.wait()
        os.close(self.here)

    def tell(self, *words):
        self.switch.stdin.write(" ".join(words) + "\n")
        answer = self.switch.stdout.readline().split()
        if answer[:1] != ["ok"]:
            raise ValueError(f"switch: {words}: {answer}")
        return answer[1:]

    def set_way(self, one, other, **how):
        """How what the one says to the other fares."""
        self.tell("line", one, other,
                  *(f"{what}={number}" for what, number in how.items()))

    def set(self, one, other, **how):
        self.set_way(one, other, **how)
        self.set_way(other, one, **how)

    def reset(self, one, other):
        self.tell("reset", one, other)

    def command(self, name, words):
        """The command, run where that name is."""
        return ["nsenter", f"--net={self.paths[name]}", *words]

    def socket_at(self, name):
        """A TCP socket there: one stays where it was made."""
        path = os.open(self.paths[name], os.O_RDONLY)
        try:
            enter(path)
            return socket.socket()
        finally:
            enter(self.here)
            os.close(path)

    def stream(self, one, other, size):
        """Send so many bytes over a bare TCP connection; how many a second
        came."""
        address = (self.addresses[other], STREAM_PORT)
        with self.socket_at(other) as listener, \
                self.socket_at(one) as sender:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen()
            thread = threading.Thread(
                target=send_all, args=(sender, address, size))
            start = time.monotonic()
            thread.start()
            with contextlib.closing(listener.accept()[0]) as receiver:
                while receiver.recv(1 << 18):
                    pass
            took = time.monotonic() - start
            thread.join()
        return size / took


def send_all(sender, address, size):
    sender.connect(address)
    sender.sendall(bytes(size))
    sender.close()


def enter(path):
    """Have this thread be in that namespace."""
    if LIBC.setns(path, CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns")
