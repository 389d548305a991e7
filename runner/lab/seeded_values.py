"""Values drawn by seed: the same on every computer and Python, different from attempt to attempt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from rung.runner.core import seeded_random

Scalar = str | int | float | bool

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
LONGEST = 1000  # characters of one value
MOST = 1000  # entries of one list
# Words of the template language, and variables by which programs are steered.
RESERVED = frozenset(
    {"and", "or", "not", "in", "is", "if", "else", "elif", "true", "false", "none", "loop", "self", "namespace"}
    | {"http_proxy", "https_proxy", "ftp_proxy", "no_proxy", "all_proxy", "auto_resume", "histchars"}
)


class ValueMistake(Exception):
    """What is wrong with one value: the path below it, and a sentence."""

    def __init__(self, sentence: str, *where: str | int) -> None:
        super().__init__(sentence)
        self.where = where


def draw(name: str, spec: Any, seed: int) -> Any:
    """One value: an element of a list, a number of a range (both ends included), or a sample as a list.

    `spec` is a list, `{range: [a, b]}`, `{sample: n, from: [...]}`, or a scalar, which is the value itself.
    Raises ValueMistake.
    """
    if not NAME.fullmatch(name):
        raise ValueMistake(f"`{name}`: a value's name is lower-case letters, digits and `_`, first a letter")
    if name in RESERVED:
        raise ValueMistake(f"`{name}` means something else already: choose another name")
    numbers = _numbers(name, seed)
    if isinstance(spec, list):
        return _choices(spec)[next(numbers) % len(spec)]
    if isinstance(spec, dict) and set(spec) == {"range"}:
        low, high = _bounds(spec["range"])
        return low + next(numbers) % (high - low + 1)
    if isinstance(spec, dict) and set(spec) == {"sample", "from"}:
        return _sample(spec, numbers)
    if isinstance(spec, Scalar):
        return _scalar(spec)
    raise ValueMistake(f"`{name}`: expected a list, {{range: [a, b]}} or {{sample: n, from: [...]}}")


def _numbers(name: str, seed: int) -> Iterator[int]:
    """An endless row of 256-bit numbers that depends on nothing but seed and name."""
    turn = 0
    while True:
        yield seeded_random.number(seed, name, str(turn), separator=":")
        turn += 1


def _choices(spec: Any, *where: str | int) -> list[Scalar]:
    if not isinstance(spec, list) or not spec:
        raise ValueMistake("expected a list with at least one entry", *where)
    if len(spec) > MOST:
        raise ValueMistake(f"more than {MOST} entries", *where)
    return [_scalar(entry, *where, number) for number, entry in enumerate(spec)]


def _scalar(entry: Any, *where: str | int) -> Scalar:
    if not isinstance(entry, Scalar):
        raise ValueMistake("expected text or a number", *where)
    if isinstance(entry, str) and len(entry) > LONGEST:
        raise ValueMistake(f"longer than {LONGEST} characters", *where)
    if isinstance(entry, str) and not entry.isprintable():
        raise ValueMistake("holds a line break or another character that cannot be printed", *where)
    return entry


def _bounds(spec: Any) -> tuple[int, int]:
    whole = isinstance(spec, list) and len(spec) == 2 and all(type(n) is int for n in spec)
    if not whole or spec[0] > spec[1]:
        raise ValueMistake("expected two whole numbers, the smaller one first", "range")
    return spec[0], spec[1]


def _sample(spec: dict[str, Any], numbers: Iterator[int]) -> list[Scalar]:
    pool = _choices(spec["from"], "from")
    for number, entry in enumerate(pool):
        if isinstance(entry, str) and (not entry or re.search(r"\s", entry)):
            raise ValueMistake("expected one word: scripts get a sample joined by spaces", "from", number)
    if len({str(entry) for entry in pool}) < len(pool):
        raise ValueMistake("an entry stands here twice", "from")
    count = spec["sample"]
    if type(count) is not int or not 1 <= count <= len(pool):
        raise ValueMistake(f"expected a whole number from 1 to {len(pool)}", "sample")
    drawn = [pool.pop(next(numbers) % len(pool)) for _ in range(count)]
    if len(as_variable(drawn)) > 10 * LONGEST:
        raise ValueMistake(f"the sample is longer than {10 * LONGEST} characters", "sample")
    return drawn


def as_variable(value: Any) -> str:
    """A value as scripts see it: numbers in decimal, lists joined by spaces, booleans true or false."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return " ".join(as_variable(entry) for entry in value)
    return str(value)
