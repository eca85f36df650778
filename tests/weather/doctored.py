#   doctored - histories that show of each of checker's rules that it can fail
#
#   A history that is well, and others that differ from it in one thing.

from checker import PASS_S, Checker
from field import LINKS, NAMES

LONG = 3 * PASS_S


def words(client, stamp):
    return f"{client} +1+1 {stamp}"


def at(server, client, stamp, difference="+1.000000000"):
    return f"AT {server} {difference} {words(client, stamp)}"


def tell(time, server, client, stamp, **how):
    return ["tell", time, time + 0.1, server, words(client, stamp),
            at(server, client, stamp, **how)]


def end(client, line):
    return [["end", name, client, line] for name in NAMES]


def well():
    """One client moves, another is told of at two servers with clocks that
    differ, and a third says what is never answered."""
    newest = at("Ball", "moves", "200")
    ahead = at("Hamilton", "ahead", "7300", difference="-7000.000000000")
    return [
        tell(1, "Alford", "moves", "100"),
        ["read", 2, 2.1, "Ball", "moves", at("Alford", "moves", "100")],
        tell(3, "Ball", "moves", "200"),
        ["read", 3.2, 3.3, "Ball", "moves", newest],
        ["read", 3.2, 3.3, "Welsh", "moves", at("Alford", "moves", "100")],
        ["read", 4, 4.1, "Welsh", "moves", newest],
        tell(5, "Holiday", "ahead", "250"),
        #  An hour ahead: it counts when it was heard, at 300
        tell(5, "Hamilton", "ahead", "7300", difference="-7000.000000000"),
        ["tell", 6, None, "Welsh", words("lost", "300"), None],
        ["read", 7, 7.1, "Welsh", "unknown", None],
        *end("moves", newest), *end("ahead", ahead), *end("unknown", None),
        *end("lost", at("Welsh", "lost", "300"))]


def with_end(client, line, server=None):
    history = well()
    for event in history:
        if event[0] == "end" and event[2] == client and \
                server in (None, event[1]):
            event[3] = line
    return history


def with_read(line, **how):
    """Ball is asked again, later."""
    return [*well(), ["read", 50, 50.1, "Ball", "moves", line]]


def dies(after_s, faults=(), ends_known=False, how="dead", server="Alford"):
    """Alone at this server it is told; so long after it dies, and comes
    back."""
    line = at(server, "told", "400")
    dead_s = 100 + after_s
    leaves = [["leaves", dead_s - 0.5, server]] if how == "leaves" else []
    return [*well(), *faults, tell(100, server, "told", "400"), *leaves,
            ["dead", dead_s, server], ["alive", dead_s + 1, server],
            *end("told", line if ends_known else None)]


def alone(server):
    """The server is cut off from before it is told to after it died."""
    faults = []
    for one, other in LINKS:
        if server in (one, other):
            faults += [["bad", 90, one, other], ["good", 180, one, other]]
    return faults


#  What is done, and the rules that must say so, and no others
CASES = [
    ("all is well", well(), ""),
    ("one server does not know a client in the end",
     with_end("moves", None, "Welsh"), "lost differ"),
    ("none does", with_end("moves", None), "lost"),
    ("an older stamp survives",
     with_end("moves", at("Alford", "moves", "100")), "older"),
    ("a stamp of an hour ahead is believed",
     with_end("ahead", at("Holiday", "ahead", "250")), "older"),
    ("two servers differ, by something never acknowledged",
     with_end("lost", None, "Ball"), "differ"),
    ("a server takes back what it said",
     with_read(at("Alford", "moves", "100")), "back"),
    ("a server forgets whom it knew", with_read(None), "back"),
    ("but not after it died", [
        *with_read(None), ["dead", 20, "Ball"], ["alive", 21, "Ball"]], ""),
    ("somebody nobody spoke of", [
        *well(), ["read", 8, 8.1, "Ball", "x", at("Ball", "x", "1")]],
     "invented"),
    ("a place that nobody told", [
        *well(), ["read", 8, 8.1, "Welsh", "lost",
                  at("Welsh", "lost", "300").replace("+1+1", "+2+1")]],
     "invented"),
    ("a line of another server's", [
        *well(), ["read", 8, 8.1, "Ball", "lost",
                  at("Ball", "lost", "300")]], "invented"),
    ("a line known before it was told", [
        ["read", 0, 0.1, "Ball", "moves", at("Ball", "moves", "200")],
        *well()], "invented back"),
    ("a line that was altered on its way", [
        *well(), ["read", 8, 8.1, "Holiday", "moves",
                  at("Ball", "moves", "200", difference="+1.000000001")]],
     "invented"),
    ("an answer about another client", [
        *well(), ["tell", 8, 8.1, "Ball", words("b", "1"),
                  at("Ball", "moves", "200")]], "invented"),
    ("a server died at once with what it was told", dies(0.2), ""),
    ("or kept it all the same", dies(0.2, ends_known=True), ""),
    ("a server died long after it was told", dies(LONG), "lost"),
    ("but it was alone all the while",
     dies(LONG, alone("Alford")), ""),
    ("it was frozen nearly all the while",
     dies(LONG, [["frozen", 101, "Alford"], ["thawed", 99 + LONG, "Alford"]]),
     ""),
    ("its neighbours were",
     dies(LONG, [[kind, time, name] for name in ("Hamilton", "Welsh")
                 for kind, time in (("frozen", 95), ("thawed", 140))]), ""),
    ("one neighbour was not",
     dies(LONG, [["frozen", 95, "Welsh"], ["thawed", 140, "Welsh"]]), "lost"),
    ("the neighbour who had it died as well, before others had it",
     dies(PASS_S + 3, [
         ["frozen", 95, "Welsh"], ["thawed", 140, "Welsh"],
         ["bad", 95, "Hamilton", "Holiday"], ["good", 140, "Hamilton",
                                              "Holiday"],
         ["dead", 100 + PASS_S + 2, "Hamilton"],
         ["alive", 140, "Hamilton"]]), ""),
    ("a server that left politely took it along", dies(2, how="leaves"),
     "lost"),
    ("but it was alone", dies(2, alone("Alford"), how="leaves"), ""),
]


def run():
    """Print as TAP whether checker finds what it must; True if so."""
    is_good = True
    for number, (sentence, history, rules) in enumerate(CASES, 1):
        found = Checker(sorted_faults(history), LINKS, NAMES).check()
        holds = {rule for rule, _ in found} == set(rules.split())
        is_good = is_good and holds
        print(f"{'ok' if holds else 'not ok'} {number} - {sentence}: "
              f"{rules or 'nothing wrong'}")
        if not holds:
            print(f"#   {found}")
    print(f"1..{len(CASES)}")
    return is_good


def sorted_faults(history):
    """Faults are noted in the order of their times."""
    faults = [event for event in history if isinstance(event[1], (int, float))
              and event[0] not in ("tell", "read")]
    others = [event for event in history if event not in faults]
    return others + sorted(faults, key=lambda event: event[1])
