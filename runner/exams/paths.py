"""Where the files of exams lie: each one's journal, its sign of life, its locks."""

from __future__ import annotations

from pathlib import Path

from rung.runner.core.journal import EventJournal
from rung.runner.core.paths import home


def folder() -> Path:
    """The folder of all exams that were taken."""
    return home() / "exams"


def journal(exam: str) -> EventJournal:
    """The journal of one exam, by its id."""
    return EventJournal(folder() / f"{exam}.jsonl")


def beat_file(exam: str) -> Path:
    """The newest sign of life of a process that serves the exam."""
    return folder() / f"{exam}.beat"


def lock(exam: str, what: str) -> Path:
    """The lock of one sort of work on the exam."""
    return folder() / f"{exam}.{what}.lock"


def log(exam: str) -> Path:
    """What the exam's keeper has to say."""
    return folder() / f"{exam}.log"
