"""What the station's logs say about each night.

files/lantern.journal.gz was made with systemd-journal-remote from a text in the journal's export
format; the answers were counted when that text was written.
"""

import json
from typing import Any

from rung.checks import Fail, Host, Values, check

ANSWERS = "/root/answers.json"
# day of March on which the night began: first unit, its exit status, the user, refused passwords
NIGHTS = {
    11: ("pump.service", 99, 2117, 49),
    12: ("beacon.service", 4, 2148, 59),
    13: ("pump.service", 78, 2104, 52),
    14: ("beacon.service", 17, 2133, 55),
    15: ("foghorn.service", 112, 2156, 53),
}


def answer(host: Host, member: str) -> Any:
    """A member of the learner's answers; Fail where there is none."""
    file = host.file(ANSWERS)
    if not file.is_file:
        raise Fail(f"{ANSWERS}: expected a file, found none")
    try:
        answers = json.loads(file.content_string.rstrip("\n"))
    except (ValueError, RecursionError) as error:
        raise Fail(f"{ANSWERS}: expected JSON, found something else ({error})") from error
    if not isinstance(answers, dict) or member not in answers:
        raise Fail(f"{ANSWERS}: expected an object with the member {member}, found none")
    return answers[member]


def compare(host: Host, values: Values, member: str, column: int) -> None:
    # The reason does not give the right answer away.
    found = str(answer(host, member)).strip()
    if found != str(NIGHTS[values["night"]][column]):
        raise Fail(f"{member}: expected what the logs say about that night, found {found}")


@check(task="unit", id="first", points=3)
def first_unit(host: Host, values: Values) -> None:
    """The unit that failed first is named"""
    found = str(answer(host, "unit")).strip()
    if found.removesuffix(".service") + ".service" != NIGHTS[values["night"]][0]:
        raise Fail(f"unit: expected the one that failed first in that night, found {found}")


@check(task="status", id="number", points=2)
def exit_status(host: Host, values: Values) -> None:
    """Its exit status is right"""
    compare(host, values, "status", 1)


@check(task="user", id="number", points=2)
def user_id(host: Host, values: Values) -> None:
    """The user who switched off its feed is named"""
    compare(host, values, "uid", 2)


@check(task="logins", id="number", points=3)
def failed_logins(host: Host, values: Values) -> None:
    """The refused passwords are counted"""
    compare(host, values, "failed_logins", 3)
