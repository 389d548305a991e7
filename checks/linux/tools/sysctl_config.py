"""Kernel settings in the files of sysctl.d(5)."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase


def proc_path(key: str) -> str:
    """The path of a key below /proc/sys; the first separator decides what a dot means, see sysctl.d(5)."""
    first = re.search(r"[./]", key)
    return key if first and first[0] == "/" else key.translate(str.maketrans("./", "/."))


def configured_value(text: str, key: str) -> str | None:
    """The value configured for `key`: of the last line that names it, else of the last pattern; None for none."""
    exact: str | None = None
    by_pattern: str | None = None
    path = proc_path(key)
    for line in text.splitlines():
        name, found, value = line.strip().partition("=")
        if not found or name.startswith(("#", ";")):
            continue
        pattern = proc_path(name.strip().removeprefix("-"))
        if pattern == path:
            exact = value.strip()
        elif any(c in pattern for c in "*?[") and fnmatchcase(path, pattern):
            by_pattern = value.strip()
    return by_pattern if exact is None else exact
