#!/usr/bin/env python3
#   alter - write into the memory of another process: alter.py PID OLD NEW
#
#   Writes NEW, as long as OLD, to all places where OLD stands in its memory.
#   Fails if there is none.

import sys

pid, old, new = sys.argv[1], sys.argv[2].encode(), sys.argv[3].encode()
assert len(old) == len(new)
altered = 0
with open(f"/proc/{pid}/maps") as maps, \
        open(f"/proc/{pid}/mem", "r+b", buffering=0) as memory:
    for line in maps:
        place, rights = line.split()[:2]
        if not rights.startswith("rw"):
            continue
        start, end = (int(part, 16) for part in place.split("-"))
        memory.seek(start)
        text = memory.read(end - start)
        at = text.find(old)
        while at >= 0:
            memory.seek(start + at)
            memory.write(new)
            altered += 1
            at = text.find(old, at + len(old))
sys.exit(altered == 0)
