"""The neighbours of a value: what somebody types who is off by one, by a letter, by a case."""

from __future__ import annotations

import re
from collections.abc import Iterator

_SIBLINGS = (
    ("true", "false"),
    ("yes", "no"),
    ("on", "off"),
    ("Ingress", "Egress"),
    ("TCP", "UDP"),
    ("tcp", "udp"),
    ("ReadWriteOnce", "ReadWriteMany"),
    ("NodePort", "ClusterIP"),
    ("Exists", "Equal"),
    ("NoSchedule", "PreferNoSchedule"),
    ("NoExecute", "NoSchedule"),
    ("Retain", "Delete"),
    ("WaitForFirstConsumer", "Immediate"),
    ("Parallel", "OrderedReady"),
    ("IPv4", "IPv6"),
    ("Utilization", "AverageValue"),
    ("persistent", "volatile"),
    ("on-failure", "on-abnormal"),
    ("always", "no"),
    ("simple", "oneshot"),
    ("Requires", "Wants"),
)
_OF_WORD = dict(_SIBLINGS) | {other: one for one, other in reversed(_SIBLINGS)}
_NUMBER = re.compile(r"(?P<sign>[-+]?)(?P<number>\d{1,9})(?P<unit>[A-Za-z%]{0,3})$")
_RANGE = re.compile(r"(?P<from>\d{1,9})-(?P<to>\d{1,9})$")
_TIME = re.compile(r"(?P<hour>\d\d?):(?P<minute>\d\d)$")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.@-]*$")
_PATH = re.compile(r"(~|\.{0,2})/[A-Za-z0-9_./+@-]*[A-Za-z0-9_+@-]$")
_LETTERS = re.compile(r"(?P<who>[ugoa])(?P<how>[-+=][rwxXst]+)$")
_MODE = re.compile(r"[0-7]{3,4}$")


def number(text: str) -> Iterator[str]:
    """One more: 5 -> 6, 64Mi -> 65Mi, 60% -> 61%, 1-5 -> 1-6."""
    if match := _NUMBER.match(text):
        more = str(int(match["number"]) + 1).zfill(len(match["number"]))
        yield f"{match['sign']}{more}{match['unit']}"
    elif match := _RANGE.match(text):
        yield f"{match['from']}-{int(match['to']) + 1}"


def time(text: str) -> Iterator[str]:
    """A minute later, and an hour later: 17:45 -> 17:46, 18:45."""
    if match := _TIME.match(text):
        hour, minute = int(match["hour"]), int(match["minute"])
        yield f"{match['hour']}:{(minute + 1) % 60:02d}"
        yield f"{(hour + 1) % 24:02d}:{match['minute']}"


def mode(text: str) -> Iterator[str]:
    """A mode of a file: readable for others, without its special bits, writable for the group, unreadable for it.

    Of a mode in letters the same for everybody, and without its last letter: `g+rw` -> `a+rw`, `g+r`.
    """
    if match := _LETTERS.match(text):
        if match["who"] != "a":
            yield f"a{match['how']}"
        if len(match["how"]) > 2:
            yield text[:-1]
    if _MODE.match(text):
        bits = int(text, 8)
        for other in (bits | 0o004, bits & 0o777, bits | 0o020, bits & ~0o040):
            if other != bits:
                yield f"{other:0{len(text)}o}"


def word(text: str) -> Iterator[str]:
    """A word's sibling where one is known, else its beginning and its other case: `hal.service` -> `ha.service`."""
    if text in _OF_WORD:
        yield _OF_WORD[text]
    elif _NAME.match(text):
        stem, dot, rest = text.partition(".")
        if len(stem) > 2:
            yield stem[:-1] + dot + rest
        yield text[0].swapcase() + text[1:]


def path(text: str) -> Iterator[str]:
    """The beginning of a path's last part, and its other case; a sibling: /srv/bench -> /srv/benc, /srv/Bench."""
    if _PATH.match(text):
        folder, _, last = text.rpartition("/")
        stem, dot, rest = last.partition(".")
        if len(stem) > 1:
            yield f"{folder}/{stem[:-1]}{dot}{rest}"
        if last[0].isalpha():
            yield f"{folder}/{last[0].swapcase()}{last[1:]}"
