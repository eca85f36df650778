#   around - who is near, of a million clients: zherd's table beside Redis

import re
import subprocess

from herd import Herd
from process import run
from programs import built

NEAR = built("near")
PATIENCE_S = 300  #  Redis sorts all that is within the distance
DISTANCES_KM = 1, 5
FOUND = "20"


def around(work, program):
    """A million clients in a city of 33 by 28 km (near-earth: all over the
    Earth) are in a table, then each is told elsewhere in it once on average,
    then 100 (near-earth: 2,000; zherd: 20,000) random places are asked for the
    20 nearest clients within 1 and 5 km. For zherd, the table's own calls are
    timed, with each client's line printed and parsed; for Redis, GEOADD and
    GEOSEARCH count as its statistics have them, without sockets."""
    if program.speech == "redis":
        with Herd(program) as herd:
            return of_redis(herd, work.load)
    with Herd(program, 0) as herd:
        text = run("near", [NEAR, work.load], herd.folder, PATIENCE_S)
    return of_table(text.decode())


def of_table(text):
    """What near says of the table that has an index."""
    _, text = re.split(r"^with:", text, flags=re.MULTILINE)
    found = {"move_us": r"^jump: ([0-9.]+) us"}
    for km in DISTANCES_KM:
        found[f"search_{km}km_us"] = \
            rf"^{FOUND} nearest in {km} km: ([0-9.]+) us"
    return {metric: float(re.search(pattern, text, re.MULTILINE)[1])
            for metric, pattern in found.items()}


def of_redis(herd, crowd):
    tell(herd, crowd, "geoadd")
    found = {"move_us": tell(herd, crowd, "geoadd")}
    for km in DISTANCES_KM:
        found[f"search_{km}km_us"] = \
            tell(herd, crowd, "geosearch", str(km), FOUND)
    return found


def tell(herd, crowd, *words):
    """Give Redis all the commands of that kind; how long each took, in µs."""
    client = ["redis-cli", "-p", str(herd.servers[0].clients)]
    run("resetstat", [*client, "config", "resetstat"], herd.folder, PATIENCE_S)
    command = [NEAR, crowd, *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as near:
        subprocess.run([*client, "--pipe", "--pipe-timeout", "0"],
                       stdin=near.stdout, stdout=subprocess.DEVNULL,
                       check=True, timeout=PATIENCE_S)
    said = run("info", [*client, "info", "commandstats"], herd.folder,
               PATIENCE_S).decode()
    return float(re.search(rf"cmdstat_{words[0]}:.*usec_per_call=([0-9.]+)",
                           said)[1])
