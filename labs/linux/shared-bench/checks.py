"""Members make files on the bench and look what has come of them; the probes are taken away again."""

from rung.checks import Fail, Host, Values, check

BENCH = "/srv/bench"
PROBE = f"{BENCH}/.rung-probe"


def probe(host: Host, maker: str, other: str, stranger: str) -> dict[str, str]:
    """`maker` makes a file and a directory with a file; who owns them, and who can write to them.

    Keys: made (yes or no), file and deep (their groups), and for both of them written (by `other`) and leaked.
    The bench's own times are put back, so that a look at it changes nothing.
    """
    host.run("rm -rf %s %s; touch -r %s /run/rung-bench", PROBE, PROBE + ".txt", BENCH)
    try:
        made = host.run(f"mkdir {PROBE} && echo one > {PROBE}/deep && echo one > {PROBE}.txt", user=maker).ok
        facts = {"made": "yes" if made else "no"}
        for who, key in [(other, "written"), (stranger, "leaked")]:
            tries = host.run(
                f"for f in {PROBE}.txt {PROBE}/deep; do (echo 2 >> $f) && echo yes || echo no; done", user=who
            )
            facts[f"file-{key}"], facts[f"deep-{key}"] = (*tries.stdout.split(), "no", "no")[:2]
        for key, path in [("file", f"{PROBE}.txt"), ("deep", f"{PROBE}/deep")]:
            facts[key] = host.text("stat -c %G %s", path) or "none"
        return facts
    finally:
        host.run("rm -rf %s %s; touch -r /run/rung-bench %s; rm -f /run/rung-bench", PROBE, PROBE + ".txt", BENCH)


def both(host: Host, values: Values) -> dict[str, dict[str, str]]:
    one, two, stranger = values["people"]
    return {one: probe(host, one, two, stranger), two: probe(host, two, one, stranger)}


@check(task="door", points=2)
def members(host: Host, values: Values) -> None:
    """Both members can make files on the bench"""
    shut = [
        f"{who}: expected to be able to make a file in {BENCH}, found a refusal"
        for who in values["people"][:2]
        if not host.run("test -w %s -a -x %s", BENCH, BENCH, user=who).ok
    ]
    if shut:
        raise Fail(*shut)


@check(task="door", points=2)
def stranger(host: Host, values: Values) -> None:
    """Somebody who is no member cannot list or enter it"""
    who = values["people"][2]
    if not host.run("ls /srv", user=who).ok:
        raise Fail(f"{who}: expected to list /srv as before, found a refusal")
    for what, command in [("list", "ls %s"), ("enter", "cd %s")]:
        if host.run(command, BENCH, user=who).ok:
            raise Fail(f"{who}: expected a refusal, found that {who} can {what} {BENCH}")


@check(task="group", points=3)
def new_files(host: Host, values: Values) -> None:
    """New files, in new directories too, belong to group makers"""
    reasons = []
    for who, facts in both(host, values).items():
        for key, where in [("file", BENCH), ("deep", f"a new directory in {BENCH}")]:
            if facts[key] != "makers":
                reasons.append(f"a new file of {who} in {where}: group: expected makers, found {facts[key]}")
    if reasons:
        raise Fail(*reasons)


@check(task="write", points=4)
def each_others(host: Host, values: Values) -> None:
    """Each member can write to the other's new files, and nobody else can"""
    reasons = []
    for who, facts in both(host, values).items():
        for key, where in [("file", BENCH), ("deep", f"a new directory in {BENCH}")]:
            new = f"a new file of {who} in {where}"
            if facts[f"{key}-written"] == "no":
                reasons.append(f"{new}: expected that the other member can write to it, found a refusal")
            if facts[f"{key}-leaked"] == "yes":
                reasons.append(f"{new}: expected that strangers cannot write to it, found that they can")
    if reasons:
        raise Fail(*reasons)


@check(task="write", points=2, holds=True)
def own_umask(host: Host, values: Values) -> None:
    """The umask of the second member is what it was"""
    who = values["people"][1]
    found = host.text("umask", user=who)
    if found is None or int(found, 8) != 0o077:
        raise Fail(f"{who}: umask: expected 077, found {found}")
