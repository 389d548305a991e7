"""Files of the record beside the database: writes imported records, and deletes everything at the learner's request."""

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
# Events that grading needs while the attempt's machines run; every other event is about the learner.
_NEEDED_BY_MACHINES = ("starting", "ready", "kept", "failed")


def write_import(folder: Path, head: str, lines: Iterable[str]) -> Path:
    """Write imported lines atomically to a file that is named by their digest; returns its path."""
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
            fix="Free some disk space, or set RUNG_HOME to a writable folder.",
        ) from error


@dataclass(frozen=True)
class ForgottenCounts:
    """Numbers of attempts and exams that were in the record."""

    attempts: int
    exams: int
    open_attempts: int  # their machines may run: only the events that these need are kept
    open_exams: int  # kept unchanged


def forget(home: Path) -> ForgottenCounts:
    """Delete the record: database, journals, imports, assessments.

    Exams that are running or not graded yet are kept with their attempts. For other attempts that were never stopped,
    the events that grading needs are kept. Raises EnvironmentBroken where a file cannot be removed.
    """
    try:
        exams = {path: _event_names(path) for path in _journals(home / "exams")}
        open_exams = {path.stem for path, names in exams.items() if not names & _EXAM_OVER}
        forgotten = [_forget_attempt(path, open_exams) for path in _journals(home / "attempts")]
        for journal in [path for path in exams if path.stem not in open_exams]:
            for path in [journal, *journal.parent.glob(f"{journal.stem}.*")]:  # with its log and locks
                path.unlink(missing_ok=True)
        database = [path for pattern in _DATABASE for path in home.glob(pattern)]
        for path in [*_journals(home / "imported"), *_journals(home / "assessments"), *database]:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise EnvironmentBroken(
            f"{error.filename} cannot be removed: {error.strerror}.", fix="Remove it by hand, then try again."
        ) from error
    return ForgottenCounts(len(forgotten), len(exams), forgotten.count(False), len(open_exams))


def _forget_attempt(path: Path, open_exams: set[str]) -> bool:
    """Delete one attempt's journal, or the events in it that no machine needs; returns whether the file is deleted."""
    events = [event for event in EventJournal(path).events() if isinstance(event, dict)]
    if any(event.get("exam") in open_exams for event in events if event.get("exam")):
        return False
    states = [event["event"] for event in events if event.get("event") in (*_NEEDED_BY_MACHINES, "stopped")]
    if not states or states[-1] in ("stopped", "failed"):
        path.unlink(missing_ok=True)
        return True
    kept = [event for event in events if event.get("event") in _NEEDED_BY_MACHINES]
    _write(path, "".join(json.dumps(event) + "\n" for event in kept).encode())
    return False


def _journals(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.jsonl")) if folder.is_dir() else []


def _event_names(path: Path) -> set[str]:
    return {str(event.get("event")) for event in EventJournal(path).events() if isinstance(event, dict)}
