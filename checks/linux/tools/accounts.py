"""Accounts as the passwd database and `id` describe them."""

from __future__ import annotations

from dataclasses import dataclass

from rung.checks.core.machine import Machine
from rung.checks.core.outcome import Fail
from rung.checks.linux.tools.reasons import no_answer

NO_SUCH_KEY = 2  # getent: the database has no such entry


@dataclass(frozen=True)
class Account:
    """A line of the passwd database, and the names of all groups, the primary one first."""

    name: str
    uid: int
    gid: int
    comment: str
    home: str
    shell: str
    groups: tuple[str, ...]


def find_account(host: Machine, name: str) -> Account | None:
    """The account of that name, None if there is none. Raises Fail if getent or id do not answer."""
    # Not testinfra's `user`: it takes digits for the account of that uid, has no groups where one of them has no name,
    # and asks once for each property.
    result = host.run("getent passwd -- %s || exit; id -gn -- %s; id -Gn -- %s", name, name, name)
    entry, *more = result.stdout.rstrip("\n").split("\n")
    fields = entry.split(":")
    # getent reads digits as a uid, and answers with the account that has it.
    if (result.rc == NO_SUCH_KEY and not result.out) or (len(fields) == 7 and fields[0] != name):
        return None
    if len(fields) != 7 or len(more) != 2:
        raise Fail(no_answer(name, "getent and id", result))
    primary, others = more[0], more[1].split()
    groups = (primary, *(g for g in others if g != primary))
    return Account(name, int(fields[2]), int(fields[3]), fields[4], fields[5], fields[6] or "/bin/sh", groups)
