"""Kernel settings in the files of sysctl.d(5)."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase


def proc_path(key: str) -> str:
    """The path below /proc/sys that a key means; the first separator tells what a dot is, see sysctl.d(5)."""
    first = re.search(r"[./]", key)
    return key if first and first[0] == "/" else key.translate(str.maketrans("./", "/."))


def configured_value(text: str, key: str) -> str | None:
    """The value that the last setting of `key` gives it; a pattern counts only where no line names the key."""
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
