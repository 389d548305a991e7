"""Creates files on the bench as its members, looks at their group and modes, and removes them again."""

from rung.checks import Fail, Host, Values, check

BENCH = "/srv/bench"
PROBE = f"{BENCH}/.rung-probe"
# Somebody without an account who is only in the group: like a future member.
NEWCOMER = "setpriv --reuid 65533 --regid 65533 --groups makers sh -c %s"
NOBODY_YET = "a new member"


def can(host: Host, who: str, script: str) -> bool:
    """Whether a script succeeds for a user in a login environment, or for one who has just joined the group."""
    result = host.run(NEWCOMER, script) if who == NOBODY_YET else host.run(script, user=who)
    return bool(result.ok)


def probe(host: Host, maker: str, others: list[str], stranger: str) -> dict[str, str]:
    """`maker` makes a file and a directory with a file; who owns them, and who can write to them.

    Keys: file and deep (their groups), and for both of them written (those of `others` who cannot) and leaked.
    The bench's own times are put back, so that a look at it changes nothing.
    """
    paths = {"file": f"{PROBE}.txt", "deep": f"{PROBE}/deep"}
    host.run("rm -rf %s %s; touch -r %s /run/rung-bench", PROBE, PROBE + ".txt", BENCH)
    try:
        host.run(f"mkdir {PROBE} && echo one > {PROBE}/deep && echo one > {PROBE}.txt", user=maker)
        facts = {}
        for key, path in paths.items():
            new = host.file(path)
            facts[key] = new.group if new.exists else "none"
            # A login may print anything, so only the exit status counts.
            refused = [who for who in others if not can(host, who, f"echo 2 >> {path}")]
            facts[f"{key}-refused"] = " and ".join(refused)
            facts[f"{key}-leaked"] = "yes" if can(host, stranger, f"echo 2 >> {path}") else "no"
        return facts
    finally:
        host.run("rm -rf %s %s; touch -r /run/rung-bench %s; rm -f /run/rung-bench", PROBE, PROBE + ".txt", BENCH)


def both(host: Host, values: Values) -> dict[str, dict[str, str]]:
    one, two, stranger = values["people"]
    return {
        one: probe(host, one, [two, NOBODY_YET], stranger),
        two: probe(host, two, [one, NOBODY_YET], stranger),
    }


@check(task="door", points=2)
def members(host: Host, values: Values) -> None:
    """Members can list the bench and make files on it"""
    shut = [
        f"{who}: expected to be able to list {BENCH} and make a file there, found a refusal"
        for who in (*values["people"][:2], NOBODY_YET)
        if not can(host, who, f"test -d {BENCH} && test -r {BENCH} && test -w {BENCH} && test -x {BENCH}")
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
            if refused := facts[f"{key}-refused"]:
                reasons.append(f"{new}: expected that every other member can write to it, found {refused} refused")
            if facts[f"{key}-leaked"] == "yes":
                reasons.append(f"{new}: expected that strangers cannot write to it, found that they can")
    if reasons:
        raise Fail(*reasons)


@check(task="write", points=2, holds=True)
def own_umask(host: Host, values: Values) -> None:
    """The umask of the second member is what it was"""
    who = values["people"][1]
    for shell in ("sh", "bash"):
        # A login may print anything first; the command's own line is the last.
        lines = host.run("runuser -l %s -s %s -c umask", who, f"/bin/{shell}").stdout.split()
        found = lines[-1] if lines else "none"
        if found.lstrip("0") != "77":
            raise Fail(f"{who}: umask: expected 077, found {found}")
