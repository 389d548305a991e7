"""The differences between an expected part and an actual whole, each with its path.

A mapping contains another that has some of its keys with matching values. A list contains another if each entry of that
has a matching entry of its own, in any order. All else is compared by value: true is not 1, but 1 is 1.0, as in JSON.
`Rules` define "by value"; a domain may bring its own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_SIMPLE = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


@dataclass(frozen=True)
class Difference:
    """One difference: its path (`spec.ports[0].port`, empty for the whole), what is expected and what was found."""

    path: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.path + ': ' if self.path else ''}expected {self.expected}, found {self.found}"


class Rules:
    """How single values are compared, and which `keys` identify an entry of a list."""

    keys: tuple[str, ...] = ("name", "id")

    def same(self, expected: Any, actual: Any, path: str) -> bool:  # noqa: ARG002
        """Whether two values at `path` are equal; they are not both mappings, nor both lists."""
        return json_equal(expected, actual)

    def may_be_missing(self, expected: Any) -> bool:  # noqa: ARG002
        """Whether a missing key counts as this value."""
        return False

    def label(self, entry: Any, number: int) -> str:  # noqa: ARG002
        """What stands in a path for an entry of a list, which has this number."""
        return str(number)

    def counterpart(self, entry: Any, actual: list[Any], free: list[int]) -> int | None:
        """The number of the `free` entry that has the same key as an unmatched expected entry, or None."""
        for key in self.keys if isinstance(entry, dict) else ():
            for number in free if entry.get(key) is not None else ():
                candidate = actual[number]
                if isinstance(candidate, dict) and key in candidate and json_equal(entry[key], candidate[key]):
                    return number
        return None


PLAIN = Rules()


def differences(expected: Any, actual: Any, path: str = "", rules: Rules = PLAIN) -> list[Difference]:
    """The differences between `expected` and `actual`; none if `actual` contains `expected`.

    Both are JSON values; `path` is put before the paths of the differences.
    """
    return list(_differences(expected, actual, path, rules))


def short_json(value: Any, longest: int = 80) -> str:
    """A value as JSON, cut to `longest` characters."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= longest else text[: longest - 3] + "..."


def key_path(path: str, key: str) -> str:
    """The path of a key in the mapping at `path`: `a.b`, or `a["b c"]` if the key is no simple word."""
    if not _SIMPLE.fullmatch(key):
        return f"{path}[{json.dumps(key, ensure_ascii=False)}]"
    return f"{path}.{key}" if path else key


def _differences(expected: Any, actual: Any, path: str, rules: Rules) -> Iterator[Difference]:
    if isinstance(expected, dict) and isinstance(actual, dict):
        for key, value in expected.items():
            at = key_path(path, str(key))
            if key in actual:
                yield from _differences(value, actual[key], at, rules)
            elif not rules.may_be_missing(value):
                yield Difference(at, short_json(value), "nothing")
    elif isinstance(expected, list) and isinstance(actual, list):
        yield from _missing(expected, actual, path, rules)
    elif not rules.same(expected, actual, path):
        yield Difference(path, short_json(expected), short_json(actual))


def json_equal(expected: Any, actual: Any) -> bool:
    """Whether two values are equal in JSON: 1 is 1.0, and true is not 1."""
    if isinstance(expected, bool) or isinstance(actual, bool):
        return expected is actual
    return bool(expected == actual)


def _missing(expected: list[Any], actual: list[Any], path: str, rules: Rules) -> Iterator[Difference]:
    """A difference for each expected entry that has no actual entry of its own."""
    partner = _assigned(expected, actual, path, rules)
    free = [number for number in range(len(actual)) if number not in partner.values()]
    for number, entry in enumerate(expected):
        if number not in partner:
            yield from _nearest(entry, actual, free, path, rules)


def _nearest(entry: Any, actual: list[Any], free: list[int], path: str, rules: Rules) -> Iterator[Difference]:
    """The differences to the entry's counterpart if the rules find one; else one difference to the whole list."""
    number = rules.counterpart(entry, actual, free)
    if number is None:
        yield Difference(path, f"an entry {short_json(entry)}", short_json(actual))
    else:
        at = f"{path}[{rules.label(actual[number], number)}]"
        yield from _differences(entry, actual[number], at, rules)


def _assigned(expected: list[Any], actual: list[Any], path: str, rules: Rules) -> dict[int, int]:
    """Partners for as many expected entries as possible: number in `expected` -> number in `actual`.

    A maximum bipartite matching by augmenting paths: a vague entry gives its partner up to a precise one that needs it.
    """
    fits = {
        number: [n for n, value in enumerate(actual) if next(_differences(entry, value, path, rules), None) is None]
        for number, entry in enumerate(expected)
    }
    owner: dict[int, int] = {}
    for number in range(len(expected)):
        _augment(number, fits, owner)
    return {number: other for other, number in owner.items()}


def _augment(start: int, fits: dict[int, list[int]], owner: dict[int, int]) -> None:
    """Give `start` a partner; entries that lose theirs get another one that fits."""
    reached_from: dict[int, int] = {}  # partner -> the entry that it fits
    queue = [start]
    for number in queue:
        for other in fits[number]:
            if other in reached_from:
                continue
            reached_from[other] = number
            if other in owner:
                queue.append(owner[other])
                continue
            _reassign(other, reached_from, owner, start)
            return


def _reassign(other: int, reached_from: dict[int, int], owner: dict[int, int], start: int) -> None:
    """Each entry along the path to the free partner `other` takes the partner through which the path goes on."""
    while True:
        number = reached_from[other]
        previous = next((held for held, who in owner.items() if who == number), None)
        owner[other] = number
        if number == start or previous is None:
            return
        other = previous
