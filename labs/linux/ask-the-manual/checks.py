"""Answers are compared by meaning: 4100 and "4100", ls(1) and ls.1 say the same."""

import json
import re
from typing import Any

from rung.checks import Fail, Host, Values, check

ANSWERS = "/root/answers.json"


def answer(host: Host, question: str) -> dict[str, Any]:
    """The object given for a question; Fail where there is none."""
    file = host.file(ANSWERS)
    if not file.is_file:
        raise Fail(f"{ANSWERS}: expected a file, found none")
    try:
        document = json.loads(file.content_string.rstrip("\n"))
    except (ValueError, RecursionError) as error:
        raise Fail(f"{ANSWERS}: expected JSON, found a mistake: {error}", hint="jq . FILE shows where.") from None
    given = document.get(question) if isinstance(document, dict) else None
    if not isinstance(given, dict) or not {"value", "page"} <= given.keys():
        raise Fail(f"{ANSWERS}: expected the member {question} to be an object with value and page")
    return given


def told(page: str) -> set[str]:
    """The words of a page as given; a section may stand in brackets, behind a dot, or in a path of man's."""
    words = re.findall(r"[\w./]*\w", page.lower())
    out = set()
    for word in words:
        name = word.rsplit("/", 1)[-1].removesuffix(".gz") if "/man/man" in word else word
        out |= {name, *name.rsplit(".", 1)}
    return out


def judge(host: Host, question: str, value: str, page: str, words: tuple[str, ...]) -> None:
    """Compare one answer: `words` are what its page has to say, and no number but theirs."""
    given = answer(host, question)
    reasons = []
    if str(given["value"]).strip() != value:
        reasons.append(f"{question}: value: expected what the documentation here says, found {given['value']!r}")
    found = told(str(given["page"]))
    # An answer that names every section does not say where the value is.
    if not found.issuperset(words) or any(word.isdigit() and word not in words for word in found):
        reasons.append(f"{question}: page: expected {page} that states it, found {given['page']!r}")
    if reasons:
        raise Fail(*reasons)


@check(task="port", points=2)
def port(host: Host, values: Values) -> None:
    """The port of the gauges, and the page that states it"""
    judge(host, "port", str(values["port"]), "the manual page", ("tidewatch", "7"))


@check(task="retention", points=2)
def retention(host: Host, values: Values) -> None:
    """The days that readings are kept, and the page that states it"""
    judge(host, "retention", str(values["days"]), "the manual page", ("tidewatch.conf", "5"))


@check(task="status", points=2)
def status(host: Host, values: Values) -> None:
    """The exit status for a taken lock, and the page that states it"""
    judge(host, "status", str(values["status"]), "the manual page", ("tidewatchd", "8"))


@check(task="since", points=2)
def since(host: Host, values: Values) -> None:
    """The first version with --quiet, and the file that states it"""
    judge(host, "since", f"3.{values['minor']}", "the file", ("/usr/share/doc/tidewatch/changelog.gz",))


@check(task="calibration", points=2)
def calibration(host: Host, values: Values) -> None:
    """The minutes between calibrations, and the node that states it"""
    judge(host, "calibration", str(values["minutes"]), "the node of the info manual", ("tidewatch", "calibration"))
