"""The files of exam sessions: journal, sign of life, locks, log."""

from __future__ import annotations

from pathlib import Path

from rung.runner.core.journal import EventJournal
from rung.runner.core.paths import home


def folder() -> Path:
    """The folder of all exam sessions."""
    return home() / "exams"


def journal(exam: str) -> EventJournal:
    """The journal of one exam, by its id."""
    return EventJournal(folder() / f"{exam}.jsonl")


def beat_file(exam: str) -> Path:
    """The file with the newest sign of life of a process that serves the exam."""
    return folder() / f"{exam}.beat"


def lock(exam: str, what: str) -> Path:
    """The lock of one kind of work on the exam."""
    return folder() / f"{exam}.{what}.lock"


def log(exam: str) -> Path:
    """The log of the exam's supervisor."""
    return folder() / f"{exam}.log"
