#   talk - a client's connection to a server

import socket

from process import Failed

PATIENCE_S = 10
BATCH = 500  #  Lines sent before their replies are read


class Talk:
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port),
                                               PATIENCE_S)
        self.file = self.socket.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()
        self.socket.close()

    def ask(self, *lines):
        """The replies to these lines, of which none is blank."""
        replies = []
        for start in range(0, len(lines), BATCH):
            batch = lines[start:start + BATCH]
            self.socket.sendall("".join(f"{line}\n" for line in batch).encode())
            replies += [self.reply_to(line) for line in batch]
        return replies

    def reply_to(self, line):
        """One line; or as many as a WHATSAT has, without the empty one at the
        end."""
        lines = [self.read_line()]
        if line.startswith("WHATSAT") and lines[0].startswith("AT "):
            while lines[-1]:
                lines.append(self.read_line())
            lines.pop()
        return "\n".join(lines)

    def read_line(self):
        line = self.file.readline()
        if not line.endswith(b"\n"):
            raise Failed("a server closed our connection")
        return line[:-1].decode()
