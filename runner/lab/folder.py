"""A lab's folder: its files, what must not be among them, and their digest."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from rung.runner.core.errors import Mistake

BUNDLED_LABS = Path(__file__).resolve().parents[2] / "labs"  # the labs, tracks and skills that come with Rung
MOST_FILES = 2000
MOST_BYTES = 64 * 1024 * 1024
SKIPPED = frozenset({"__pycache__", ".git"})  # made by tools; never read by Rung


class FolderMistakes(Exception):
    """What is wrong with the files of a folder."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__(f"{len(mistakes)} mistakes")
        self.mistakes = mistakes


def files(folder: Path) -> list[Path]:
    """All files and links below a folder, sorted by relative name.

    Raises FolderMistakes for links that lead out of the folder, for what is neither file nor folder, and
    for a folder that is too large to be a lab.
    """
    found: list[Path] = []
    mistakes: list[Mistake] = []
    size = 0
    for path in _walk(folder):
        sentence, length = _judged(path, folder)
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


def _judged(path: Path, folder: Path) -> tuple[str, int]:
    """What is wrong with one file (or nothing), and its length in bytes."""
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


def lab_folders(path: Path, deep: int = 4) -> list[Path]:
    """The labs at or below a path (folders that hold a lab.yaml), in the order of their names."""
    if (path / "lab.yaml").is_file():
        return [path]
    if deep == 0 or not path.is_dir():
        return []
    try:
        inner = sorted(entry for entry in path.iterdir() if not entry.name.startswith("."))
    except OSError:  # not ours to read
        return []
    return [lab for entry in inner if entry.is_dir() and not entry.is_symlink() for lab in lab_folders(entry, deep - 1)]


def linked_labs(path: Path, deep: int = 4) -> list[Path]:
    """The symbolic links below a path that lead to labs outside of it; `lab_folders` does not follow links."""
    if deep == 0 or not path.is_dir() or (path / "lab.yaml").is_file():
        return []
    try:
        inner = sorted(entry for entry in path.iterdir() if not entry.name.startswith("."))
    except OSError:  # not ours to read
        return []
    found: list[Path] = []
    for entry in inner:
        if not entry.is_symlink():
            found += [
                link for link in linked_labs(entry, deep - 1) if not link.resolve().is_relative_to(path.resolve())
            ]
        elif (entry / "lab.yaml").is_file() and not entry.resolve().is_relative_to(path.resolve()):
            found.append(entry)
    return [link for link in found if not link.resolve().is_relative_to(path.resolve())]


def digest(folder: Path) -> str:
    """SHA-256 (hex) over the folder's files: relative names in order, kinds, and bytes.

    Raises FolderMistakes as `files` does, and where a file cannot be read.
    """
    total = hashlib.sha256()
    for path in files(folder):
        try:
            link = path.is_symlink()
            content = os.fsencode(path.readlink()) if link else path.read_bytes()
            name = os.fsencode(path.relative_to(folder).as_posix())
        except OSError as error:
            raise FolderMistakes([Mistake(path, 1, 1, f"this file cannot be read: {error.strerror}")]) from None
        total.update(b"%s\0%s\0%d\0" % (name, b"link" if link else b"file", len(content)))
        total.update(content)
    return total.hexdigest()
