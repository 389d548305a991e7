"""A lab's folder: its files, what must not be among them, and their digest."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from rung.runner.core.errors import Mistake

BUNDLED_LABS = Path(__file__).resolve().parents[2] / "labs"  # the labs, tracks and skills that come with Rung
DEPTH = 4  # how many folders deep a pack is searched for labs
MOST_FILES = 2000
MOST_BYTES = 64 * 1024 * 1024
SKIPPED = frozenset({"__pycache__", ".git"})  # made by tools; Rung does not read them
MUTANTS = "mutants.yaml"  # declares survivors of mutation, which decides nothing about an attempt


class FolderMistakes(Exception):
    """Mistakes in the files of a folder."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__(f"{len(mistakes)} mistakes")
        self.mistakes = mistakes


def files(folder: Path) -> list[Path]:
    """All files and links below a folder, sorted by relative name.

    Raises FolderMistakes for links that lead out of the folder, for anything that is neither a file nor a
    folder, and for a folder that is too large for a lab.
    """
    found: list[Path] = []
    mistakes: list[Mistake] = []
    size = 0
    for path in _walk(folder):
        sentence, length = _inspected(path, folder)
        if sentence:
            mistakes.append(Mistake(path, 1, 1, sentence))
        found.append(path)
        size += length
        if len(found) > MOST_FILES or size > MOST_BYTES:
            most = f"{MOST_FILES} files or {MOST_BYTES // 1024 // 1024} MiB"
            raise FolderMistakes([*mistakes, Mistake(folder, 1, 1, f"this folder holds more than {most}")])
    if mistakes:
        raise FolderMistakes(mistakes)
    return sorted(found, key=lambda path: path.relative_to(folder).as_posix())


def _walk(folder: Path) -> Iterator[Path]:
    for name, folders, names in os.walk(folder):
        folders[:] = [entry for entry in folders if entry not in SKIPPED]
        yield from (Path(name, entry) for entry in names)
        yield from (Path(name, entry) for entry in folders if Path(name, entry).is_symlink())


def _inspected(path: Path, folder: Path) -> tuple[str, int]:
    """The mistake in one file as a sentence (empty: none), and its length in bytes."""
    try:
        status = path.lstat()
        if stat.S_ISLNK(status.st_mode):
            target = Path(os.path.normpath(path.parent / path.readlink()))
            inside = target.is_relative_to(folder) and path.resolve().is_relative_to(folder.resolve())
            return "" if inside else f"this link leads out of {folder.name}", 0
        if not stat.S_ISREG(status.st_mode):
            return "this is neither a file nor a folder", 0
        return "", status.st_size
    except (OSError, RuntimeError) as error:
        return f"this file cannot be read: {error}", 0


def lab_folders(path: Path, depth: int = DEPTH) -> list[Path]:
    """The labs at or below a path (folders that hold a lab.yaml), in the order of their names.

    Symbolic links and hidden folders are not followed.
    """
    if (path / "lab.yaml").is_file():
        return [path]
    return [lab for entry in _folders(path, depth) if not entry.is_symlink() for lab in lab_folders(entry, depth - 1)]


def linked_labs(pack: Path) -> list[Mistake]:
    """A mistake for each symbolic link in a pack that leads to a lab outside of it: `lab_folders` leaves it out."""
    sentence = "this link leads to a lab outside of the pack; copy that lab into the pack, or trust its own folder"
    links = [link for link in _links(pack, DEPTH) if (link / "lab.yaml").is_file()]
    return [Mistake(link, 1, 1, sentence) for link in links if not link.resolve().is_relative_to(pack.resolve())]


def _links(path: Path, depth: int) -> Iterator[Path]:
    """The symbolic links to folders below a path, except those inside labs."""
    if (path / "lab.yaml").is_file():
        return
    for entry in _folders(path, depth):
        if entry.is_symlink():
            yield entry
        else:
            yield from _links(entry, depth - 1)


def _folders(path: Path, depth: int) -> list[Path]:
    """The visible folders in a folder and links to folders, by name; none at depth 0, nor where Rung may not read."""
    try:
        entries = sorted(path.iterdir()) if depth else []
    except OSError:
        return []
    return [entry for entry in entries if not entry.name.startswith(".") and entry.is_dir()]


def digest(folder: Path) -> str:
    """SHA-256 (hex) over the folder's files, but for its mutants.yaml: relative names in order, kinds, and bytes.

    Raises FolderMistakes as `files` does, and where a file cannot be read.
    """
    total = hashlib.sha256()
    for path in files(folder):
        if path == folder / MUTANTS:
            continue
        try:
            link = path.is_symlink()
            content = os.fsencode(path.readlink()) if link else path.read_bytes()
            name = os.fsencode(path.relative_to(folder).as_posix())
        except OSError as error:
            raise FolderMistakes([Mistake(path, 1, 1, f"this file cannot be read: {error.strerror}")]) from None
        total.update(b"%s\0%s\0%d\0" % (name, b"link" if link else b"file", len(content)))
        total.update(content)
    return total.hexdigest()
