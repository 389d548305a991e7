"""Mount options, compared by value."""

from __future__ import annotations

import re

_SIZES = {"": 1, "k": 2**10, "m": 2**20, "g": 2**30}


def same_option(want: str, found: str) -> bool:
    """Whether two mount options are equal as text, as sizes (64m, 65536k) or as octal modes."""
    key, has_value, value = want.partition("=")
    found_key, _, found_value = found.partition("=")
    if want == found or key != found_key or not has_value:
        return want == found
    if key == "mode":
        return value.lstrip("0") == found_value.lstrip("0")
    return (size := _size(value)) is not None and size == _size(found_value)


def _size(text: str) -> int | None:
    """Bytes, or None if the text is no size."""
    found = re.fullmatch(r"(\d+)([kmg]?)", text.lower())
    return int(found[1]) * _SIZES[found[2]] if found else None
