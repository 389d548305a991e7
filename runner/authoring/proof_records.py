"""Records of successful proofs: a lab needs proving again only when something that its proof depends on has changed.

A record is a digest of the lab's own files, of its images' tags, and of the code that its proof depends on (see
`proof_code`). It is kept under the lab's folder name in `proofs.json`, a file beside or above the labs. Where there is
no such file nothing is recorded. Only contents count: not times, absolute paths or the computer.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from rung.runner.authoring.proof_code import ROOT, code_of, decisive_text
from rung.runner.core.errors import RungError, UsageError
from rung.runner.core.files import write_atomically
from rung.runner.core.locks import folder_lock
from rung.runner.images import build
from rung.runner.lab import loader
from rung.runner.lab.model import Lab

FILE = "proofs.json"


def book(folder: Path) -> Path | None:
    """The nearest `proofs.json` above a lab's folder; None where there is none."""
    return next((p / FILE for p in folder.resolve().parents if (p / FILE).is_file()), None)


def fingerprint(lab: Lab) -> str:
    """SHA-256 (hex) of everything that the proof of a lab depends on."""
    total = hashlib.sha256(lab.digest.encode())
    for name in lab.images:
        total.update(f"\0image {build.tag(name)}".encode())
    for path in sorted(code_of(lab)):
        total.update(f"\0{path.relative_to(ROOT).as_posix()}\0".encode())
        total.update(decisive_text(path))
    return total.hexdigest()


def valid(folder: Path) -> bool:
    """Whether the lab in `folder` was proven in its present form, by the present code."""
    file = book(folder)
    if file is None:
        return False
    try:
        return _read(file).get(_key(file, folder)) == fingerprint(loader.load(folder))
    except RungError:
        return False


def record(folders: Iterable[Path]) -> list[Path]:
    """Record labs that were just proven, and return those recorded: the ones with a `proofs.json` above them.

    Records of labs that no longer exist are removed. Raises UsageError for a `proofs.json` that cannot be read.
    """
    entered: dict[Path, list[Path]] = {}
    for folder in folders:
        file = book(folder)
        if file is not None:
            entered.setdefault(file, []).append(folder)
    for file, proven in entered.items():
        new = {_key(file, folder): fingerprint(loader.load(folder)) for folder in proven}
        with folder_lock(file.parent):  # two proofs that end at the same time must not overwrite each other's record
            kept = {key: digest for key, digest in _read(file).items() if (file.parent / key / loader.FILE).is_file()}
            content = json.dumps(dict(sorted((kept | new).items())), indent=1) + "\n"
            write_atomically(file, content.encode(), mode=0o644)
    return [folder for proven in entered.values() for folder in proven]


def _key(file: Path, folder: Path) -> str:
    return folder.resolve().relative_to(file.parent).as_posix()


def _read(file: Path) -> dict[str, str]:
    try:
        data = json.loads(file.read_text("utf-8") or "{}")
        if not isinstance(data, dict):
            raise ValueError("expected an object")
    except ValueError as error:
        raise UsageError(
            f"{file} cannot be read: {error}.", fix="Replace its content by {}, and prove again."
        ) from None
    return {str(key): str(value) for key, value in data.items()}
