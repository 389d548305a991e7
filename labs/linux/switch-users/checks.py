"""The stamps that were made on node2: who called, in which environment, and from which login."""

import re

from rung.checks import Fail, Host, Values, check

FOLDER = "/var/lib/stamp"
Stamp = dict[str, str]


def stamps(host: Host) -> list[Stamp]:
    """Each stamp as its fields, oldest first; `by` holds the command lines of all its ancestors."""
    out = []
    for name in sorted((host.text("ls %s", FOLDER) or "").split()):
        path = f"{FOLDER}/{name}"
        text = host.text("stat -c owner=%U %s && cat %s", path, path) or ""
        fields = {"by": ""}
        for line in text.split("\n"):
            key, _, value = line.partition("=")
            fields[key] = f"{fields['by']}{value}\n" if key == "by" else value
        out.append(fields)
    if not out:
        raise Fail("stamp: expected a call of it, found none")
    return out


def strange(stamp: Stamp, values: Values) -> list[str]:
    """What in a stamp differs from archivist's own environment."""
    wanted = {
        "owner": "archivist",
        "user": "archivist",
        "logname": "archivist",
        "home": "/home/archivist",
        "shelf": str(values["shelf"]),
        "route": "",
    }
    names = {
        "owner": "owner of the stamp",
        "user": "user",
        "logname": "LOGNAME",
        "home": "HOME",
        "shelf": "SHELF (from archivist's profile)",
        "route": "ROUTE (from courier's profile)",
    }
    return [
        f"stamp: {names[key]}: expected {want or 'nothing'}, found {stamp.get(key) or 'nothing'}"
        for key, want in wanted.items()
        if stamp.get(key, "") != want
    ]


@check(task="shell", points=3)
def login_shell(host: Host, values: Values) -> None:
    """stamp was called by archivist in a login shell's environment"""
    made = stamps(host)
    if all(strange(stamp, values) for stamp in made):
        raise Fail(*strange(made[-1], values))


@check(task="shell", points=3)
def over_ssh(host: Host, values: Values) -> None:
    """The shell that called stamp began with courier's login over ssh"""
    made = [s for s in stamps(host) if s.get("user") == "archivist"]
    made = [s for s in made if not strange(s, values)] or made
    if not made:
        raise Fail("stamp: expected a call by archivist, found none")
    # Newer servers name a login's process sshd-session.
    if not any(re.search(r"^sshd(-session)?: courier\b", s["by"], re.MULTILINE) for s in made):
        raise Fail("stamp: expected an ssh login of courier among the processes above it, found none")
