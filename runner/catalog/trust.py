"""Which labs the user trusts to run scripts as root in machines, and checks.py on the user's own computer.

The labs that come with Rung are trusted. The user trusts others with `rung trust PATH`, which stores the digest of
each lab: a lab that changes or is added later has to be trusted again.
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

ANY = "*"  # in place of a digest: the user writes the pack, and its later changes are trusted, too


def require(folder: Path) -> None:
    """Raise UsageError unless the lab in `folder` comes with Rung or is trusted as it is now."""
    place = folder.resolve()
    if place.is_relative_to(BUNDLED_LABS):
        return
    digests = [entry for pack, labs in _read().items() for entry in _digests_in(Path(pack), labs, place)]
    if ANY in digests or (digests and _digest(place) in digests):
        return
    reason = "has changed since it was trusted" if digests else "is not trusted yet"
    raise UsageError(
        f"{folder} {reason}. A lab's scripts run as root in its machines, and its checks.py on this computer.",
        fix=f"`rung trust {folder}` shows what it will be allowed to do, and asks.",
    )


def trust(path: Path, *, edits: bool = False) -> list[str]:
    """Trust every lab at or below `path` as it is now; with `edits` its later changes, too.

    Returns the names of the labs. Raises UsageError where there is no lab, and LabFileError for links that lead out
    of a lab or out of the pack, and for files that cannot be read.
    """
    pack = path.resolve()
    labs = {lab.relative_to(pack).as_posix(): ANY if edits else _digest(lab) for lab in _labs(pack)}
    _write(_read() | {str(pack): {ANY: ANY} if edits else labs})
    return [(pack / name).name for name in labs]


def forget(path: Path) -> bool:
    """Withdraw trust from a pack; returns whether it was trusted."""
    packs = _read()
    trusted = packs.pop(str(path.resolve()), None) is not None
    if trusted:
        _write(packs)
    return trusted


def packs() -> list[Path]:
    """The folders of the trusted packs that still exist, absolute and without symbolic links."""
    return [path for path in map(Path, sorted(_read())) if path.is_dir()]


def allowed(path: Path) -> list[str]:
    """What the labs at or below `path` may do once they are trusted, as sentences.

    Raises UsageError where there is no lab, and LabFileError for links out of the pack and mistakes in a lab.
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


def _digests_in(pack: Path, labs: dict[str, str], place: Path) -> list[str]:
    """The digests that the entry of a pack holds for the lab at `place`."""
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
    """Replace the file atomically, so that no process reads half of it."""
    file = _file()
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_atomically(file, json.dumps({"packs": packs}, indent=1, sort_keys=True).encode())
