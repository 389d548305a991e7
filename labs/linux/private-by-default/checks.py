"""Modes of what users and the service create, tried in a temporary directory."""

from rung.checks import Fail, Host, check

_CREATE = 'd=$(mktemp -d) && cd "$d" && touch file && mkdir dir && stat -c %a file dir; cd /; rm -rf "$d"'
USERS = ("sofia", "tomas")


# In a home like that of a new account, so that settings in one user's own files do not count.
_NEW_HOME = 'h=$(mktemp -d) && cp -a /etc/skel/. "$h"; %s; rm -rf "$h"'


def created(host: Host, user: str, shell: str, new_home: bool) -> list[str]:
    """Modes (octal) of a file and a directory that the user creates in a shell of that sort."""
    if shell == "log-in" and not new_home:
        result = host.run("su - %s -s /bin/bash -c %s", user, _CREATE)
    else:
        # Interactive, so that bash reads the files that it reads then; the environment is a fresh one.
        kind, home = "-lc" if shell == "log-in" else "-ic", '"$h"' if new_home else "~"
        inner = f"env -i HOME={home} USER={user} LOGNAME={user} PATH=/usr/bin:/bin bash {kind} '{_CREATE}'"
        script = "cd / && " + (_NEW_HOME.replace("%s", inner) if new_home else inner)
        result = host.run("su %s -s /bin/bash -c %s", user, script)
    return result.stdout.split()[-2:]


def compare(host: Host, users: tuple[str, ...], shell: str, wanted: tuple[str, str], new_home: bool = False) -> None:
    reasons = []
    for user in users:
        who = f"{user}, in a new home" if new_home else user
        found = created(host, user, shell, new_home)
        if len(found) != 2:
            reasons.append(f"{who}: {shell} shell: expected a file and a directory, found that none could be created")
            continue
        for what, want, mode in zip(("file", "directory"), wanted, found, strict=True):
            if mode != want:
                reasons.append(f"{who}: {shell} shell: new {what}: expected 0{want}, found 0{mode}")
    if reasons:
        raise Fail(*reasons)


@check(task="users", points=3)
def login_shell(host: Host) -> None:
    """What users create in a log-in shell is private"""
    compare(host, USERS, "log-in", ("640", "750"))


@check(task="users", points=3)
def other_shell(host: Host) -> None:
    """What users create in another interactive shell is private"""
    compare(host, USERS, "interactive", ("640", "750"))


@check(task="users", points=2)
def newcomer(host: Host) -> None:
    """The same holds in the home of a new account"""
    for shell in ("log-in", "interactive"):
        compare(host, USERS[:1], shell, ("640", "750"), new_home=True)


@check(task="users", id="root", holds=True, points=2)
def root_unchanged(host: Host) -> None:
    """Files of root get the modes that they always got"""
    for shell in ("log-in", "interactive"):
        compare(host, ("root",), shell, ("644", "755"))


@check(task="service", points=2)
def mask(host: Host) -> None:
    """The running service creates files for its user alone"""
    pid = host.text("systemctl show -P MainPID inkwell.service")
    runs = pid not in (None, "", "0")
    found = host.text("sed -n 's/^Umask:[[:space:]]*//p' %s", f"/proc/{pid}/status") if runs else None
    if not found:
        raise Fail("inkwell.service: expected it to run, found no process")
    if int(found, 8) & 0o077 != 0o077:
        raise Fail(f"inkwell.service: mask: expected 0077, found {found}")
