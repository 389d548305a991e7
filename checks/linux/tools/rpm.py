"""Packages in the RPM database and in dnf's repositories; dpkg.py has the same functions for Debian."""

from __future__ import annotations

import re

from rung.checks.core.machine import Machine
from rung.checks.core.outcome import Fail
from rung.checks.linux.tools.reasons import no_answer

_VERIFIED = re.compile(r"^(missing|[?.A-Z5]{8,9})\s+(?:([a-z]) )?\s*(/.*)$")
_REPOSITORY_SECONDS = 20.0  # dnf may read the repositories' lists first


def installed_version(host: Machine, package: str) -> str | None:
    """The installed version and release, None if it is not installed. Raises Fail if rpm does not answer."""
    # Not testinfra's `package`: on Debian it asks dpkg alone, and it takes NAME-VERSION for the name of a package.
    result = host.run("rpm -q --qf %s -- %s", "%{NAME}|%{EPOCHNUM}:%{VERSION}-%{RELEASE}\\n", package)
    if result.rc == 1 and f"package {package} is not installed" in result.stdout:
        return None
    if not result.ok:
        raise Fail(no_answer(package, "rpm -q", result))
    # rpm also matches NAME-VERSION; the package of that exact name is then not installed.
    rows = [line.split("|") for line in result.stdout.splitlines()]
    return next((_plain(r[1]) for r in reversed(rows) if r[0] == package), None)


def newest_offered(host: Machine, package: str) -> str | None:
    """The newest version that an enabled repository offers; None if there is none.

    Raises Fail if dnf does not answer.
    """
    query = "%{name}|%{epoch}:%{version}-%{release}\\n"
    result = host.run("dnf -q repoquery --latest-limit=1 --qf %s -- %s", query, package, timeout=_REPOSITORY_SECONDS)
    if not result.ok:
        raise Fail(no_answer(package, "dnf repoquery", result))
    rows = [line.split("|") for line in result.stdout.splitlines() if "|" in line]
    return next((_plain(r[1]) for r in rows if r[0] == package), None)


def is_older(host: Machine, one: str, other: str) -> bool:
    """Whether version `one` comes before `other`. Raises Fail if rpm does not answer."""
    result = host.run("rpm --eval %s", f"%{{lua:print(rpm.vercmp('{one}', '{other}'))}}")
    if not result.ok or result.stdout.strip() not in ("-1", "0", "1"):
        raise Fail(no_answer("versions", "rpm --eval", result))
    return result.stdout.strip() == "-1"


def changed_files(host: Machine, package: str) -> list[str]:
    """`PATH missing` or `PATH changed` for files of the package, apart from configuration and times.

    Raises Fail if rpm does not answer.
    """
    result = host.run("rpm -V --nodeps --nomtime -- %s", package)
    if result.rc not in (0, 1) or (result.rc == 1 and not result.out):
        raise Fail(no_answer(package, "rpm -V", result))
    lines = (_VERIFIED.match(line) for line in result.stdout.splitlines())
    return [f"{m[3]} {'missing' if m[1] == 'missing' else 'changed'}" for m in lines if m and m[2] != "c"]


def _plain(version: str) -> str:
    """A version without the epoch 0, which labs leave out."""
    return version.removeprefix("0:")
