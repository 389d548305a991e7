"""File modes, octal or symbolic, as numbers."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BeforeValidator

_BITS = {"u": 6, "g": 3, "o": 0}
_CLAUSE = re.compile(r"([ugoa]*)([=+])([rwxst]*)")


def parse_mode(text: str) -> int:
    """Parse a mode in octal (`0640`, `640`) or in symbols (`u=rw,g=r,o=`).

    Symbols start from no rights at all, so `=` and `+` mean the same. Raises ValueError for all else.
    """
    if re.fullmatch(r"0?[0-7]{3,4}|[0-7]{1,2}|0", text):
        return int(text, 8)
    mode = 0
    for clause in text.split(","):
        found = _CLAUSE.fullmatch(clause)
        if found is None:
            raise ValueError(f'{text!r} is no mode; write it as "0640" or "u=rw,g=r,o="')
        for who in found[1].replace("a", "ugo") or "ugo":
            mode |= _rights(who, found[3])
    return mode


def _rights(who: str, letters: str) -> int:
    """The bits of `letters` for one of u, g, o."""
    bits = sum({"r": 4, "w": 2, "x": 1}.get(letter, 0) for letter in set(letters)) << _BITS[who]
    if "s" in letters:
        bits |= {"u": 0o4000, "g": 0o2000, "o": 0}[who]
    if "t" in letters:
        bits |= 0o1000
    return bits


def octal(mode: int) -> str:
    """A mode as four octal digits."""
    return f"{mode:04o}"


def _checked(value: object) -> object:
    if isinstance(value, int):
        # YAML 1.1 reads 0640 as 416 and 640 as 640, so the author's intention is lost.
        raise ValueError('a mode is written in quotes, as in "0640"')
    if isinstance(value, str):
        parse_mode(value)
    return value


Mode = Annotated[str, BeforeValidator(_checked)]
