#   readings - all that was read, in a file as it comes, and what it adds up to
#
#   A reading is one metric of one program at one work in one round.

import os
import statistics

HEAD = "round\twork\tprogram\tmetric\tvalue\n"
SUMMARY_HEAD = "work\tprogram\tmetric\tmedian\tleast\tmost\truns\n"


class Readings:
    def __init__(self, path):
        self.path = path
        self.rows = []  #  (round, work, program, metric, value)
        if os.path.exists(path):
            with open(path) as file:
                next(file)
                for line in file:
                    self.rows.append(parse(line))

    def forget(self, work=None):
        """Forget what was read of this work, or everything."""
        self.rows = [row for row in self.rows if work and row[1] != work]
        os.makedirs(os.path.dirname(self.path), exist_ok=True)
        with open(f"{self.path}.new", "w") as file:
            file.write(HEAD)
            file.writelines(map(unparse, self.rows))
        os.replace(f"{self.path}.new", self.path)

    def add(self, number, work, program, metrics):
        rows = [(number, work, program, metric, value)
                for metric, value in metrics.items()]
        self.rows += rows
        with open(self.path, "a") as file:
            file.writelines(map(unparse, rows))

    def by_round(self, work, program, metric):
        return {row[0]: row[4] for row in self.rows
                if row[1:4] == (work, program, metric)}

    def count(self, work, program, metric):
        return len(self.by_round(work, program, metric))

    def spread(self, work, program, metric):
        """Median, least and most; None if there are no readings."""
        values = self.by_round(work, program, metric).values()
        if not values:
            return None
        return statistics.median(values), min(values), max(values)

    def ratios(self, work, program, other, metric):
        """Median, least and most of what the program is in multiples of the
        other, each time in the same round: neighbours in time have the
        machine's mood in common, medians of many rounds have not."""
        ours = self.by_round(work, program, metric)
        theirs = self.by_round(work, other, metric)
        ratios = [ours[number] / theirs[number] for number in ours
                  if theirs.get(number)]
        if not ratios:
            return None
        return statistics.median(ratios), min(ratios), max(ratios)

    def programs(self, work):
        return list(dict.fromkeys(row[2] for row in self.rows
                                  if row[1] == work))

    def rounds(self):
        return max((row[0] for row in self.rows), default=0)

    def write_summary(self, path):
        keys = dict.fromkeys(row[1:4] for row in self.rows)
        with open(path, "w") as file:
            file.write(SUMMARY_HEAD)
            for key in keys:
                numbers = map(number_text, self.spread(*key))
                runs = str(self.count(*key))
                file.write("\t".join([*key, *numbers, runs]) + "\n")


def parse(line):
    number, work, program, metric, value = line.rstrip("\n").split("\t")
    return int(number), work, program, metric, float(value)


def unparse(row):
    return "\t".join([*map(str, row[:4]), number_text(row[4])]) + "\n"


def number_text(value):
    return f"{value:.6g}"


def short(value):
    """Three digits and a letter, for people: 1.24M, 93k, 0.57."""
    for letter, unit in ("G", 1e9), ("M", 1e6), ("k", 1e3), ("", 1):
        if abs(value) >= unit * 0.9995:
            break
    return f"{value / unit:.3g}{letter}"
