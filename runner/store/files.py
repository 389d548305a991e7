"""The record's files beside the database: what was imported, and what is removed when all of it is to be forgotten."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rung.runner.core.errors import EnvironmentBroken
from rung.runner.core.files import write_atomically
from rung.runner.core.journal import EventJournal

_DATABASE = ("record.db*", "record.lock")
_EXAM_OVER = {"graded", "ended"}
# What a machine that still runs needs of its journal; whatever else is in there is about the learner.
_FOR_THE_MACHINE = ("starting", "ready", "kept", "failed")


def keep(folder: Path, head: str, lines: Iterable[str]) -> Path:
    """Keep imported lines as a file named by what they hold; it is there whole or not at all."""
    content = "".join(sorted(lines)).encode()
    path = folder / f"{hashlib.sha256(content).hexdigest()[:32]}.jsonl"
    _write(path, head.encode() + content)
    return path


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, content)
    except OSError as error:
        raise EnvironmentBroken(
            f"{path} cannot be written: {error.strerror}.",
            fix="Free some disk space, or set RUNG_HOME to a folder that can be written.",
        ) from error


@dataclass(frozen=True)
class Forgotten:
    """How many there were of each."""

    attempts: int
    exams: int
    open_attempts: int  # kept without what they said of the learner: their machines may still run
    open_exams: int  # kept as they are


def forget(home: Path) -> Forgotten:
    """Remove the record: database, journals, imports, assessments.

    An exam that goes on, or waits to be graded, stays, and so do the attempts that are part of it. Of other attempts
    that were never stopped stays what grading needs. Raises EnvironmentBroken where something cannot be removed.
    """
    try:
        exams = {path: _names(path) for path in _journals(home / "exams")}
        open_exams = {path.stem for path, names in exams.items() if not names & _EXAM_OVER}
        forgotten = [_forget_attempt(path, open_exams) for path in _journals(home / "attempts")]
        for path in [p for p in exams if p.stem not in open_exams]:
            for one in [path, *path.parent.glob(f"{path.stem}.*")]:  # its log and locks, too
                one.unlink(missing_ok=True)
        database = [path for pattern in _DATABASE for path in home.glob(pattern)]
        for path in [*_journals(home / "imported"), *_journals(home / "assessments"), *database]:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise EnvironmentBroken(
            f"{error.filename} cannot be removed: {error.strerror}.", fix="Remove it by hand, then try again."
        ) from error
    return Forgotten(len(forgotten), len(exams), forgotten.count(False), len(open_exams))


def _forget_attempt(path: Path, open_exams: set[str]) -> bool:
    """Forget one attempt; whether nothing of it is left."""
    events = [event for event in EventJournal(path).events() if isinstance(event, dict)]
    if any(event.get("exam") in open_exams for event in events if event.get("exam")):
        return False
    states = [event["event"] for event in events if event.get("event") in (*_FOR_THE_MACHINE, "stopped")]
    if not states or states[-1] in ("stopped", "failed"):
        path.unlink(missing_ok=True)
        return True
    kept = [event for event in events if event.get("event") in _FOR_THE_MACHINE]
    _write(path, "".join(json.dumps(event) + "\n" for event in kept).encode())
    return False


def _journals(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.jsonl")) if folder.is_dir() else []


def _names(path: Path) -> set[str]:
    return {str(event.get("event")) for event in EventJournal(path).events() if isinstance(event, dict)}
