"""The two trees, file by file: what archive has, what office has got."""

from rung.checks import Broken, Fail, Host, Values, check

THERE, HERE = "/srv/ledgers", "/home/clerk/ledgers"
SHOWN = 3  # files that a reason names


def tree(host: Host, top: str) -> dict[str, tuple[str, str, str]]:
    """relative name -> (mode in octal, time of last change in seconds, sha256) of each file below `top`."""
    listed = host.run("cd %s && find . -type f -printf '%P\\t%m\\t%T@\\n' && find . -type f -exec sha256sum {} +", top)
    found: dict[str, list[str]] = {}
    for line in listed.stdout.splitlines():
        if "\t" in line:
            name, mode, when = line.split("\t")
            found[name] = [mode, when.split(".")[0], ""]
        elif "  ./" in line:
            digest, name = line.split("  ./", 1)
            found[name][2] = digest
    return {name: (f[0], f[1], f[2]) for name, f in found.items()}


def both(hosts: dict[str, Host]) -> tuple[dict[str, tuple[str, str, str]], dict[str, tuple[str, str, str]]]:
    there = tree(hosts["archive"], THERE)
    if not there:
        raise Broken(f"archive: {THERE} cannot be read")
    return there, tree(hosts["office"], HERE)


def complain(what: list[str]) -> None:
    """Fail with the first few of `what`, if there are any."""
    if what:
        more = len(what) - SHOWN
        raise Fail(*what[:SHOWN], *([f"and {more} more"] if more > 0 else []))


@check(task="copy", points=4)
def content(hosts: dict[str, Host]) -> None:
    """Every file of archive is there, with what is in it now"""
    there, here = both(hosts)
    missing = [f"{HERE}/{n}: expected a file, found none" for n in sorted(there) if n not in here]
    stale = [
        f"{HERE}/{n}: expected what archive has in it, found something else"
        for n in sorted(there)
        if n in here and here[n][2] != there[n][2]
    ]
    complain(missing + stale)


@check(task="copy", points=1)
def directories(hosts: dict[str, Host]) -> None:
    """Every directory of archive is there, the empty one too"""
    listing = "cd %s && find . -mindepth 1 -type d -printf '%P\\n'"
    there = hosts["archive"].run(listing, THERE).stdout.splitlines()
    here = hosts["office"].run(listing, HERE).stdout.splitlines()
    complain([f"{HERE}/{n}: expected a directory, found none" for n in sorted(there) if n not in here])


@check(task="faithful", points=2)
def modes(hosts: dict[str, Host]) -> None:
    """Each file has the mode that it has on archive"""
    there, here = both(hosts)
    complain(
        [
            f"{HERE}/{n}: mode: expected 0{there[n][0]}, found " + (f"0{here[n][0]}" if n in here else "no file")
            for n in sorted(there)
            if n not in here or here[n][0] != there[n][0]
        ]
    )


@check(task="faithful", points=2)
def times(hosts: dict[str, Host]) -> None:
    """Each file was last changed when it was on archive"""
    there, here = both(hosts)
    complain(
        [
            f"{HERE}/{n}: last change: expected the time that it has on archive, found "
            + ("another" if n in here else "no file")
            for n in sorted(there)
            if n not in here or here[n][1] != there[n][1]
        ]
    )


@check(task="extras", holds=True, points=2)
def survive(host: Host, values: Values) -> None:
    """The office's own papers are as they were"""
    for name in ("promises.txt", f"{values['clerk_year']}/draft of a letter.txt", ".pinboard"):
        text = host.text("cat %s", f"{HERE}/{name}")
        if text is None:
            raise Fail(f"{HERE}/{name}: expected it to survive, found none")
        if text != f"kept in the office: {name}":
            raise Fail(f"{HERE}/{name}: expected it as it was, found it changed")


@check(task="extras", id="archive", on="archive", holds=True, points=2)
def archive_unchanged(host: Host) -> None:
    """Nothing has changed on archive"""
    now = tree(host, THERE)
    digest = host.text("cat /usr/local/share/ledgers.sha256") or ""
    expected = dict(reversed(line.split("  ./", 1)) for line in digest.splitlines())
    changed = [n for n in sorted(expected.keys() | now.keys()) if n not in now or now[n][2] != expected.get(n)]
    complain([f"archive: {THERE}/{n}: expected it as it was, found it changed" for n in changed])
