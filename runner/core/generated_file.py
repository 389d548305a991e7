"""Writes a file that is generated from the code, or says that it is out of date."""

from __future__ import annotations

import sys
from pathlib import Path


def write_or_check(arguments: list[str], file: Path, wanted: str, command: str) -> int:
    """Write a generated file, or with `--check` print an error if it is out of date. Returns the exit code.

    `wanted`: the content that the file should have. `command`: the command that generates it, for the error message.
    """
    if arguments == ["--check"]:
        if file.exists() and file.read_text("utf-8") == wanted:
            return 0
        print(f"{file} is out of date: run `{command}`.", file=sys.stderr)
        return 1
    file.parent.mkdir(exist_ok=True)
    file.write_text(wanted, "utf-8")
    return 0
