#   shapes - the shapes of load over which programs are compared as a whole

#  Work: metric
SHAPES = {"one-50x32": "throughput", "one-50x1": "throughput",
          "one-50x32-notices": "throughput", "herd-50x1": "drained"}

#  What a program is called where it logs no lines
UNLOGGED = {"zherd": "zherd-notices", "zherd-keyed": "zherd-keyed-notices"}


def program_of(work, program):
    """Who does this work as the program does the others."""
    if not work.endswith("-notices"):
        return program
    return UNLOGGED.get(program, f"{program}-nolog")


def multiples(readings, program, other, shapes=None):
    """What the program is in multiples of the other: a median for each of the
    shapes, None where one of them was not read."""
    found = [readings.ratios(work, program_of(work, program),
                             program_of(work, other), metric)
             for work, metric in (shapes or SHAPES).items()]
    return [ratios and ratios[0] for ratios in found]
