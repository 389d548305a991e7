"""Amounts as Kubernetes writes them: `500m`, `0.5`, `1Gi`, `1024Mi`, `1e3`. Exact: no floating point."""

from __future__ import annotations

import re
from decimal import Decimal, localcontext
from typing import Any

_POWERS = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_BINARY = {"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60}
_FORM = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))(?:[eE]([+-]?\d{1,3})|([KMGTPE]i|[numkMGTPE])?)", re.ASCII)
_DIGITS = 200


def quantity(value: Any) -> Decimal | None:
    """The amount that a number or a text stands for, or None if it is no amount."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    form = _FORM.fullmatch(value if isinstance(value, str) else repr(value))
    if form is None or len(form[1]) > _DIGITS:
        return None
    with localcontext(prec=2 * _DIGITS):
        number = Decimal(form[1])
        if form[3] in _BINARY:
            return number * (1 << _BINARY[form[3]])
        return number.scaleb(int(form[2]) if form[2] else _POWERS[form[3] or ""])


def equal(one: Any, other: Any) -> bool:
    """Whether two values are the same amount."""
    first = quantity(one)
    return first is not None and first == quantity(other)
