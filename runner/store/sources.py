"""The files that the record is made of: journals of attempts and exams, and what was imported."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

IMPORTED = "imported"
_FOLDERS = ("attempts", "exams", IMPORTED)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}\.jsonl")  # copies that a person made are named otherwise


class Source(NamedTuple):
    """A file as it was seen, and as the record's table `sources` has it. It is read again when any of this differs."""

    name: str  # relative to the data folder
    size: int
    mtime: int  # nanoseconds
    inode: int


def sources(home: Path) -> Iterator[Source]:
    """Every file that there is now."""
    for folder in _FOLDERS:
        try:
            with os.scandir(home / folder) as inner:
                found = {entry.name: entry.stat() for entry in inner if _NAME.fullmatch(entry.name)}
        except FileNotFoundError:
            continue
        for name, status in sorted(found.items()):
            yield Source(f"{folder}/{name}", status.st_size, status.st_mtime_ns, status.st_ino)
