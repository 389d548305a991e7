"""`rung author new`: a small lab that proves as it stands, to be changed bit by bit."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from rung.runner.catalog import trust
from rung.runner.core.errors import UsageError

STARTER = Path(__file__).parent / "starter"
_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")


def new(name: str, folder: Path = Path()) -> Path:
    """Write the starter lab into `folder`/`name`, and trust it, changes included; the folder it was written to.

    Raises UsageError for a name that no lab may have, and where there is something of that name already.
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
        # copyfile: the lab is its author's, whatever the rights of the installed starter are.
        shutil.copytree(STARTER, place, copy_function=shutil.copyfile, ignore=shutil.ignore_patterns("__pycache__"))
    except OSError as error:
        raise UsageError(
            f"{place} cannot be written: {error.strerror or error}.", fix="Choose another folder."
        ) from error
    trust.trust(place, edits=True)
    return place


def files(place: Path) -> list[str]:
    """The names of the files of a lab, relative to its folder."""
    return [path.relative_to(place).as_posix() for path in sorted(place.rglob("*")) if path.is_file()]
