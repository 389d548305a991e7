"""Files of records about labs: JSON objects, beside or above the labs, with the path of a lab's folder as key."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rung.runner.core.errors import UsageError
from rung.runner.core.files import write_atomically
from rung.runner.core.locks import folder_lock
from rung.runner.lab import loader


def nearest(folder: Path, name: str) -> Path | None:
    """The nearest file of that name above a lab's folder; None where there is none."""
    return next((p / name for p in folder.resolve().parents if (p / name).is_file()), None)


def key(file: Path, folder: Path) -> str:
    """The key of a lab in a file above it."""
    return folder.resolve().relative_to(file.parent).as_posix()


def read(file: Path) -> dict[str, Any]:
    """The records by key. Raises UsageError for a file that cannot be read."""
    try:
        data = json.loads(file.read_text("utf-8") or "{}")
        if not isinstance(data, dict):
            raise ValueError("expected an object")
    except ValueError as error:
        raise UsageError(
            f"{file} cannot be read: {error}.", fix="Replace its content by {}, and prove again."
        ) from None
    return {str(name): record for name, record in data.items()}


def enter(name: str, records: Mapping[Path, Any]) -> None:
    """Enter records of labs into the nearest file of that name; each lab must have one above it.

    Records of labs that no longer exist are removed. Raises UsageError for a file that cannot be read.
    """
    files: dict[Path, dict[str, Any]] = {}
    for folder, record in records.items():
        file = nearest(folder, name)
        assert file is not None
        files.setdefault(file, {})[key(file, folder)] = record
    for file, new in files.items():
        with folder_lock(file.parent):  # two runs that end at the same time must not overwrite each other's record
            kept = {each: old for each, old in read(file).items() if (file.parent / each / loader.FILE).is_file()}
            content = json.dumps(dict(sorted((kept | new).items())), indent=1) + "\n"
            write_atomically(file, content.encode(), mode=0o644)
