"""Computes the right answers from a copy of the log as setup.sh made it, so that changes to the log do not matter."""

import re
from ipaddress import IPv4Address

from rung.checks import Fail, Host, Values, check

COPY = "/usr/local/share/gate-log.gz"
ENTRY = re.compile(
    r"(?P<day>\S+)T(?P<hour>\d\d)\S* gate=\S+ reader=\S+ (?P<key>badge|BADGE)=(?P<badge>\d+) "
    r"client=(?P<client>\S+) result=(?P<result>\S+)"
)


def entries(host: Host) -> list[re.Match[str]]:
    """All entries of the log, in its order, without comments."""
    text = host.text("zcat %s", COPY)
    if not text:
        raise Fail(f"{COPY}: expected the copy of the log that answers are compared with, found none")
    return [found for line in text.split("\n") if (found := ENTRY.match(line))]


def answer(host: Host, path: str) -> list[str]:
    file = host.file(path)
    if not file.is_file:
        raise Fail(f"{path}: expected a file, found none")
    text = file.content_string.rstrip("\n")
    return text.split("\n") if text else []


@check(task="refused", points=4)
def lines(host: Host, values: Values) -> None:
    """refused.txt holds exactly the entries asked for, in the order of the log"""
    wanted = [
        e.string
        for e in entries(host)
        if (e["key"], e["badge"], e["result"]) == ("badge", str(values["badge"]), "refused")
    ]
    found = answer(host, "/root/refused.txt")
    if found == wanted:
        return
    if sorted(found) == sorted(wanted):
        raise Fail("/root/refused.txt: expected the order of the log, found the right lines in another order")
    extra = [line for line in found if line not in wanted]
    missing = [line for line in wanted if line not in found]
    reasons = [f"/root/refused.txt: expected {len(wanted)} lines, found {len(found)}"]
    reasons += [f"/root/refused.txt: does not belong there: {line}" for line in extra[:2]]
    reasons += [f"/root/refused.txt: {len(missing)} of the entries are missing"] if missing else []
    raise Fail(*reasons)


@check(task="clients", points=4)
def addresses(host: Host) -> None:
    """clients.txt holds each client's address once"""
    wanted = {e["client"] for e in entries(host)}
    found = answer(host, "/root/clients.txt")
    reasons = []
    if len(found) != len(set(found)):
        reasons.append("/root/clients.txt: expected each line once, found some repeated")
    if extra := sorted(set(found) - wanted):
        reasons.append(f"/root/clients.txt: {len(extra)} lines are no client's address, such as {extra[0]!r}")
    if missing := wanted - set(found):
        reasons.append(f"/root/clients.txt: {len(missing)} of {len(wanted)} clients are missing")
    if reasons:
        raise Fail(*reasons)


@check(task="clients", points=1)
def order(host: Host) -> None:
    """clients.txt is sorted"""
    found = answer(host, "/root/clients.txt")
    try:
        by_number = sorted(found, key=IPv4Address)
    except ValueError:
        by_number = []
    if not found or found not in (sorted(found), by_number):
        raise Fail("/root/clients.txt: expected sorted lines, found them in another order")


@check(task="night", points=2)
def number(host: Host) -> None:
    """night.txt holds the number of entries written at night"""
    wanted = sum(e["hour"] in ("22", "23", "00", "01", "02", "03", "04", "05") for e in entries(host))
    found = " ".join(answer(host, "/root/night.txt")).strip()
    if found != str(wanted):
        raise Fail(f"/root/night.txt: expected the number of entries from 22:00:00 to 05:59:59, found {found!r}")
