#   talk - a client's connection to a server

import socket

from process import Failed

PATIENCE_S = 10


class Talk:
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port),
                                               PATIENCE_S)
        self.file = self.socket.makefile("r", encoding="utf-8")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()
        self.socket.close()

    def say(self, *lines):
        self.socket.sendall("".join(f"{line}\n" for line in lines).encode())

    def line(self):
        text = self.file.readline()
        if not text:
            raise Failed("a server closed our connection")
        return text.rstrip("\n")

    def answer(self):
        """The lines of a reply to WHATSAT, but the empty one at its end."""
        lines = [self.line()]
        while lines[0].startswith("AT ") and lines[-1]:
            lines.append(self.line())
        return lines
