"""The difference between an expected part and an actual whole, each difference with its path.

A mapping is contained in one that has its keys with matching values; a list is contained in one that has,
for each entry, a matching entry of its own, in any order; all else is compared by value. true is not 1, but
1 is 1.0, as in JSON. `Rules` say what "by value" means, and may be replaced by a domain's own.
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
    """One thing that is not as expected: where (`spec.ports[0].port`, or `` for the whole), and what."""

    path: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.path + ': ' if self.path else ''}expected {self.expected}, found {self.found}"


class Rules:
    """How single values are compared, and by which key an entry of a list is the one that is meant."""

    keys: tuple[str, ...] = ("name", "id")

    def same(self, expected: Any, actual: Any, path: str) -> bool:  # noqa: ARG002
        """Whether two values, of which one is no mapping or list, are equal."""
        return json_equal(expected, actual)

    def dispensable(self, expected: Any) -> bool:  # noqa: ARG002
        """Whether a key that should have this value may as well be missing."""
        return False

    def place(self, entry: Any, number: int) -> str:  # noqa: ARG002
        """What an entry of a list is called in a path."""
        return str(number)

    def meant(self, entry: Any, actual: list[Any], free: list[int]) -> int | None:
        """The number of the one free entry that is meant by an expected one that none matches."""
        for key in self.keys if isinstance(entry, dict) else ():
            for number in free if entry.get(key) is not None else ():
                candidate = actual[number]
                if isinstance(candidate, dict) and key in candidate and json_equal(entry[key], candidate[key]):
                    return number
        return None


PLAIN = Rules()


def differences(expected: Any, actual: Any, path: str = "", rules: Rules = PLAIN) -> list[Difference]:
    """What `actual` lacks to contain `expected`; an empty list where it contains it.

    `path` is put before the paths of the differences.
    """
    return list(_differences(expected, actual, path, rules))


def short_json(value: Any, longest: int = 80) -> str:
    """A value in JSON's words, short."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= longest else text[: longest - 3] + "..."


def key_path(path: str, key: str) -> str:
    """The path of a key: `a.b`, or `a["b c"]` for a key that is no simple word."""
    if not _SIMPLE.fullmatch(key):
        return f"{path}[{json.dumps(key, ensure_ascii=False)}]"
    return f"{path}.{key}" if path else key


def _differences(expected: Any, actual: Any, path: str, rules: Rules) -> Iterator[Difference]:
    if isinstance(expected, dict) and isinstance(actual, dict):
        for key, value in expected.items():
            at = key_path(path, str(key))
            if key in actual:
                yield from _differences(value, actual[key], at, rules)
            elif not rules.dispensable(value):
                yield Difference(at, short_json(value), "nothing")
    elif isinstance(expected, list) and isinstance(actual, list):
        yield from _missing(expected, actual, path, rules)
    elif not rules.same(expected, actual, path):
        yield Difference(path, short_json(expected), short_json(actual))


def json_equal(expected: Any, actual: Any) -> bool:
    """Whether two plain values are equal as JSON has it: 1 is 1.0, and true is not 1."""
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
    """The differences to the one entry that is meant, where the rules know it; else to the list."""
    number = rules.meant(entry, actual, free)
    if number is None:
        yield Difference(path, f"an entry {short_json(entry)}", short_json(actual))
    else:
        at = f"{path}[{rules.place(actual[number], number)}]"
        yield from _differences(entry, actual[number], at, rules)


def _assigned(expected: list[Any], actual: list[Any], path: str, rules: Rules) -> dict[int, int]:
    """Partners for as many expected entries as possible: number in `expected` -> number in `actual`.

    By augmenting paths: a vague entry that came first makes room for a precise one that needs its partner.
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
    """Give `start` a partner, moving others to further partners of theirs where that is needed."""
    came: dict[int, int] = {}  # partner -> who asked for it
    queue = [start]
    for number in queue:
        for other in fits[number]:
            if other in came:
                continue
            came[other] = number
            if other in owner:
                queue.append(owner[other])
                continue
            _hand_over(other, came, owner, start)
            return


def _hand_over(other: int, came: dict[int, int], owner: dict[int, int], start: int) -> None:
    """Along the path that led to the free partner, everybody takes the partner they asked for."""
    while True:
        number = came[other]
        previous = next((held for held, who in owner.items() if who == number), None)
        owner[other] = number
        if number == start or previous is None:
            return
        other = previous
