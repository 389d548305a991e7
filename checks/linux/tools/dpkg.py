"""Packages in dpkg's database and in apt's repositories; rpm.py has the same functions for RPM."""

from __future__ import annotations

import re

from rung.checks.core.machine import Machine
from rung.checks.core.outcome import Fail
from rung.checks.linux.tools.reasons import no_answer

_OFFER = re.compile(r"^ (?:\*\*\*|   ) (\S+) \d+\n((?: {8,}.*\n)*)", re.MULTILINE)
_VERIFIED = re.compile(r"^(missing|[?.5A-Z]{9})\s+(?:([a-z]) )?(/.*)$")


def installed_version(host: Machine, package: str) -> str | None:
    """The installed version, None if it is not installed. Raises Fail if dpkg does not answer."""
    # Not testinfra's `package`: it takes one that is installed but marked for removal for one that is not, and on a
    # machine with both databases it never asks for RPM's packages.
    result = host.run("dpkg-query -W -f %s -- %s", "${db:Status-Status}|${Version}\\n", package)
    if result.rc not in (0, 1) or (result.rc == 1 and "no packages found" not in result.stderr):
        raise Fail(no_answer(package, "dpkg-query", result))
    rows = (line.split("|") for line in result.stdout.splitlines())
    return next((r[1] for r in rows if r[0] == "installed"), None)


def newest_offered(host: Machine, package: str) -> str | None:
    """The newest version that a repository offers, by the machine's lists; None if there is none.

    Raises Fail if apt-cache does not answer.
    """
    result = host.run("apt-cache policy -- %s", package)
    if not result.ok:
        raise Fail(no_answer(package, "apt-cache policy", result))
    newest: str | None = None
    for found, places in _OFFER.findall(result.stdout):
        from_repository = any("/var/lib/dpkg/status" not in line for line in places.splitlines())
        if from_repository and (newest is None or is_older(host, newest, found)):
            newest = found
    return newest


def is_older(host: Machine, one: str, other: str) -> bool:
    """Whether version `one` comes before `other`. Raises Fail if dpkg does not answer."""
    result = host.run("dpkg --compare-versions %s lt %s", one, other)
    if result.rc not in (0, 1):
        raise Fail(no_answer("versions", "dpkg --compare-versions", result))
    return result.ok


def changed_files(host: Machine, package: str) -> list[str]:
    """`PATH missing` or `PATH changed` for files of the package, apart from configuration.

    Raises Fail if dpkg does not answer.
    """
    result = host.run("dpkg -V -- %s", package)
    if not result.ok and not result.out:
        raise Fail(no_answer(package, "dpkg -V", result))
    lines = (_VERIFIED.match(line) for line in result.stdout.splitlines())
    return [f"{m[3]} {'missing' if m[1] == 'missing' else 'changed'}" for m in lines if m and m[2] != "c"]
