"""Compares the copy, file by file, with what archive had at the start: setup.sh records that out of clerk's reach."""

from dataclasses import dataclass

from rung.checks import Broken, Fail, Host, Values, check

THERE, HERE = "/srv/ledgers", "/home/clerk/ledgers"
RECORD = "/usr/local/share/ledgers.list"
# Names, types, modes, times and sums, each entry ended by a NUL: a name may hold anything else.
LIST = "cd %s && find . -mindepth 1 -printf '%P\\t%y\\t%m\\t%Ts\\0' && find . -type f -exec sha256sum -z {} +"
SHOWN = 3  # files that a reason names


@dataclass
class Paper:
    """A file: its mode in octal, the time of its last change in seconds, its sha256."""

    mode: str
    when: str
    digest: str = ""


def tree(listed: str) -> tuple[dict[str, Paper], set[str]]:
    """The files by their relative names, and the directories, of an output of LIST."""
    files: dict[str, Paper] = {}
    directories = set()
    for entry in listed.split("\0"):
        fields = entry.rsplit("\t", 3)
        if len(fields) == 4 and fields[1] == "f":
            files[fields[0]] = Paper(fields[2], fields[3])
        elif len(fields) == 4 and fields[1] == "d":
            directories.add(fields[0])
        elif "  ./" in entry:
            digest, name = entry.split("  ./", 1)
            if name in files:
                files[name].digest = digest
    return files, directories


def recorded(host: Host) -> tuple[dict[str, Paper], set[str]]:
    """What archive had at the start."""
    files, directories = tree(host.run("cat %s", RECORD).stdout)
    if not files:
        raise Broken(f"archive: {RECORD} cannot be read")
    return files, directories


def both(hosts: dict[str, Host]) -> tuple[dict[str, Paper], dict[str, Paper]]:
    """The files that archive had at the start, and those that office has now."""
    return recorded(hosts["archive"])[0], tree(hosts["office"].run(LIST, HERE).stdout)[0]


def complain(what: list[str]) -> None:
    """Fail with the first few of `what`, if there are any."""
    if what:
        more = len(what) - SHOWN
        raise Fail(*what[:SHOWN], *([f"and {more} more"] if more > 0 else []))


@check(task="copy", points=4)
def content(hosts: dict[str, Host]) -> None:
    """Every file of archive is there, with its contents"""
    there, here = both(hosts)
    missing = [f"{HERE}/{n}: expected a file, found none" for n in sorted(there) if n not in here]
    stale = [
        f"{HERE}/{n}: expected the contents that it has on archive, found others"
        for n in sorted(there)
        if n in here and here[n].digest != there[n].digest
    ]
    complain(missing + stale)


@check(task="copy", points=1)
def directories(hosts: dict[str, Host]) -> None:
    """Every directory of archive is there, the empty one too"""
    there = recorded(hosts["archive"])[1]
    here = tree(hosts["office"].run(LIST, HERE).stdout)[1]
    complain([f"{HERE}/{n}: expected a directory, found none" for n in sorted(there - here)])


@check(task="faithful", points=2)
def modes(hosts: dict[str, Host]) -> None:
    """Each file has the mode that it has on archive"""
    there, here = both(hosts)
    complain(
        [
            f"{HERE}/{n}: mode: expected 0{there[n].mode}, found " + (f"0{here[n].mode}" if n in here else "no file")
            for n in sorted(there)
            if n not in here or here[n].mode != there[n].mode
        ]
    )


@check(task="faithful", points=2)
def times(hosts: dict[str, Host]) -> None:
    """Each file has the time of last change that it has on archive"""
    there, here = both(hosts)
    complain(
        [
            f"{HERE}/{n}: last change: expected the time that it has on archive, found "
            + ("another" if n in here else "no file")
            for n in sorted(there)
            if n not in here or here[n].when != there[n].when
        ]
    )


@check(task="copy", holds=True, points=2)
def survive(host: Host, values: Values) -> None:
    """The office's own papers are as they were"""
    for name in ("promises.txt", f"{values['clerk_year']}/draft of a letter.txt", ".pinboard"):
        file = host.file(f"{HERE}/{name}")
        if not file.is_file:
            raise Fail(f"{HERE}/{name}: expected it to survive, found none")
        if file.content_string.rstrip("\n") != f"kept in the office: {name}":
            raise Fail(f"{HERE}/{name}: expected it as it was, found it changed")


@check(task="copy", id="archive", on="archive", holds=True, points=2)
def archive_unchanged(host: Host) -> None:
    """Nothing has changed on archive"""
    before, now = recorded(host), tree(host.run(LIST, THERE).stdout)
    changed = [n for n in before[0].keys() | now[0].keys() if before[0].get(n) != now[0].get(n)]
    changed += before[1] ^ now[1]
    complain([f"archive: {THERE}/{n}: expected it as it was, found it changed" for n in sorted(changed)])
