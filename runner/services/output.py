"""Writes the files that a person names."""

from __future__ import annotations

from pathlib import Path

from rung.runner.core.errors import UsageError


def write_output(path: Path, text: str) -> None:
    """Write `text` to a file that a person named. Raises UsageError where it cannot be written."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.", fix="Name another file.") from error
