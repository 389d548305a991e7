"""Records of successful proofs: a lab needs proving again only when something that its proof depends on has changed.

A record is a digest of the lab's own files, of its images' tags, and of the code that its proof depends on (see
`proof_code`). It is kept under the lab's folder name in `proofs.json`, a file beside or above the labs. Where there is
no such file nothing is recorded. Only contents count: not times, absolute paths or the computer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from rung.runner.authoring import record_file
from rung.runner.authoring.proof_code import ROOT, code_of, decisive_text
from rung.runner.core.errors import RungError
from rung.runner.images import build
from rung.runner.lab import loader
from rung.runner.lab.model import Lab

FILE = "proofs.json"


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
    file = record_file.nearest(folder, FILE)
    if file is None:
        return False
    try:
        return record_file.read(file).get(record_file.key(file, folder)) == fingerprint(loader.load(folder))
    except RungError:
        return False


def record(folders: Iterable[Path]) -> list[Path]:
    """Record labs that were just proven, and return those recorded: the ones with a `proofs.json` above them.

    Records of labs that no longer exist are removed. Raises UsageError for a `proofs.json` that cannot be read.
    """
    entered = [folder for folder in folders if record_file.nearest(folder, FILE) is not None]
    record_file.enter(FILE, {folder: fingerprint(loader.load(folder)) for folder in entered})
    return entered
