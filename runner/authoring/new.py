"""`rung author new`: writes a small lab that can be proven unchanged, for its author to build on."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from rung.runner.catalog import trust
from rung.runner.core.errors import UsageError

STARTER = Path(__file__).parent / "starter"
_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")


def new(name: str, folder: Path = Path()) -> Path:
    """Write the starter lab to `folder`/`name`, trust it with its later changes, and return its folder.

    Raises UsageError for an invalid name, and where the folder exists already or cannot be written.
    """
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"`{name}` cannot be the name of a lab.",
            fix="Use lower-case letters, digits and `-`, first a letter, at most 40.",
        )
    place = folder / name
    if place.exists():
        raise UsageError(f"{place} exists already.", fix="Choose another name, or remove it first.")
    try:
        # copyfile does not copy file modes: the installed starter may be read-only.
        shutil.copytree(STARTER, place, copy_function=shutil.copyfile, ignore=shutil.ignore_patterns("__pycache__"))
    except OSError as error:
        raise UsageError(
            f"{place} cannot be written: {error.strerror or error}.", fix="Choose another folder."
        ) from error
    trust.trust(place, edits=True)
    return place


def files(place: Path) -> list[str]:
    """The paths of a lab's files, relative to its folder."""
    return [path.relative_to(place).as_posix() for path in sorted(place.rglob("*")) if path.is_file()]
