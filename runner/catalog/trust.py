"""Which packs may run: their scripts as root in machines, their checks.py on the user's own computer.

The labs that came with Rung are trusted. For all others the user says so once (`rung trust PATH`); what is
remembered is the digest of each lab, so that a lab that changed, or came later, asks again.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rung.runner.core.errors import LabFileError, UsageError
from rung.runner.core.files import write_atomically
from rung.runner.core.paths import home
from rung.runner.lab import folder as folders
from rung.runner.lab.folder import BUNDLED_LABS, lab_folders, linked_labs

ANY = "*"  # in place of a digest: a pack that the user writes; its changes are trusted too


def require(folder: Path) -> None:
    """Return if the lab in `folder` came with Rung or is trusted as it is now; else raise UsageError."""
    place = folder.resolve()
    if place.is_relative_to(BUNDLED_LABS):
        return
    known = [entry for pack, labs in _read().items() for entry in _known(Path(pack), labs, place)]
    if ANY in known or (known and _digest(place) in known):
        return
    changed = "has changed since it was trusted" if known else "is not trusted yet"
    raise UsageError(
        f"{folder} {changed}. A lab's scripts run as root in its machines, and its checks.py on this computer.",
        fix=f"`rung trust {folder}` shows what it will be allowed to do, and asks.",
    )


def trust(path: Path, *, edits: bool = False) -> list[str]:
    """Trust every lab at or below `path` as it is now; with `edits` whatever becomes of it.

    Returns the names of the labs. Raises UsageError where there is no lab, LabFileError where a lab's files
    cannot be trusted at all (links that lead out of its folder, for example).
    """
    pack = path.resolve()
    labs = {lab.relative_to(pack).as_posix(): ANY if edits else _digest(lab) for lab in _labs(pack)}
    _write(_read() | {str(pack): {ANY: ANY} if edits else labs})
    return [(pack / name).name for name in labs]


def forget(path: Path) -> bool:
    """Trust a pack no longer; whether it was trusted."""
    packs = _read()
    was = packs.pop(str(path.resolve()), None) is not None
    if was:
        _write(packs)
    return was


def packs() -> list[Path]:
    """Folders of the trusted packs that still exist."""
    return [path for path in map(Path, sorted(_read())) if path.is_dir()]


def allowed(path: Path) -> list[str]:
    """What the labs at or below `path` will be allowed to do once they are trusted, as sentences.

    Raises UsageError where there is no lab.
    """
    from rung.runner.catalog.permissions import sentences

    return sentences(path.resolve(), _labs(path.resolve()))


def _labs(pack: Path) -> list[Path]:
    if links := linked_labs(pack):
        raise LabFileError(links)
    labs = lab_folders(pack)
    if not labs:
        raise UsageError(f"There is no lab at or below {pack}.", fix="A lab is a folder with a lab.yaml.")
    return labs


def _known(pack: Path, labs: dict[str, str], place: Path) -> list[str]:
    """The digests under which a pack's entry knows the lab at `place`."""
    if not place.is_relative_to(pack):
        return []
    return [labs[name] for name in (place.relative_to(pack).as_posix(), ANY) if name in labs]


def _digest(lab: Path) -> str:
    try:
        return folders.digest(lab)
    except folders.FolderMistakes as error:
        raise LabFileError(error.mistakes) from None


def _file() -> Path:
    return home() / "trusted.json"


def _read() -> dict[str, dict[str, str]]:
    file = _file()
    try:
        data: Any = json.loads(file.read_text("utf-8"))
        return {str(pack): {str(k): str(v) for k, v in labs.items()} for pack, labs in data["packs"].items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, LookupError, AttributeError, TypeError) as error:
        raise UsageError(f"{file} cannot be read: {error}.", fix="Remove it, and trust your packs again.") from None


def _write(packs: dict[str, dict[str, str]]) -> None:
    """Replace the file in one step: it is whole at any moment."""
    file = _file()
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_atomically(file, json.dumps({"packs": packs}, indent=1, sort_keys=True).encode())
