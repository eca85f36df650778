#   apart - run in namespaces of our own, which go when we go

import os
import signal
import sys

WORDS = ["unshare", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"]
AS_ROOT = ["--user", "--map-root-user"]
MARK = "ZHERD_APART"


def stop(signum, _):
    sys.exit(128 + signum)


def apart():
    """Begin this program anew, apart from all else: all it starts is killed by
    the kernel when it ends, however it ends."""
    if os.environ.get(MARK) != "1":
        os.environ[MARK] = "1"
        user = [] if os.geteuid() == 0 else AS_ROOT
        os.execvp(WORDS[0], [*WORDS, *user, sys.executable, *sys.argv])
    for each in signal.SIGINT, signal.SIGTERM, signal.SIGHUP:
        signal.signal(each, stop)
