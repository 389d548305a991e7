"""Reads the record's database, and lists the files that it is filled from.

Most commands only read. Loading SQLAlchemy takes 0.17 s, longer than reading a year of attempts, so reading uses
Python's sqlite3; writing uses SQLAlchemy.
"""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from rung.runner.core.errors import EnvironmentBroken
from rung.runner.store.records import AttemptRecord, CheckRecord, DomainScore, ExamRecord, HintRecord, TaskOutcome

FILE = "record.db"
IMPORTED = "imported"  # folder
PATIENCE = 60.0  # seconds to wait for another process's lock
SCHEMAS = ("0001", "0002", "0003")  # every schema, oldest first; `tables` describes the last one
_FOLDERS = ("attempts", "exams", IMPORTED)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}\.jsonl")  # excludes copies such as `a1 (copy).jsonl`
DAMAGED = ("malformed", "file is not a database", "file is encrypted")

_ATTEMPTS = "SELECT id, lab, seed, digest, ended, exam, started, last, solution FROM attempts ORDER BY started, id"
_SKILLS = "SELECT attempt, skill FROM attempt_skills ORDER BY attempt, skill"
_HINTS = "SELECT attempt, task, at FROM hints ORDER BY attempt, number"
_RESULTS = "SELECT attempt, number, task, outcome FROM results"
_CHECKS = """
SELECT c.attempt, c.number, at, day, c.run, whole, score, verdict, hints, solved, in_time FROM checks AS c {decisive}
ORDER BY c.attempt, c.number
"""
# The checks that decide the outcome of a run.
_DECISIVE = """
JOIN (
  SELECT attempt, run,
         min(CASE WHEN whole AND NOT solved AND verdict = 'passed' THEN number END) AS passed,
         max(CASE WHEN whole AND NOT solved AND verdict = 'failed' THEN number END) AS failed,
         max(CASE WHEN whole THEN number END) AS whole_one,
         max(number) AS newest
  FROM checks GROUP BY attempt, run
) AS r ON r.attempt = c.attempt AND c.number IN (r.passed, r.failed, r.whole_one, r.newest)
"""
_EXAMS = "SELECT id, at, name, track, seed, score, points, pass_mark, passed, late_minutes FROM exams ORDER BY at, id"
_DOMAINS = "SELECT exam, id, score, points FROM exam_domains ORDER BY exam, id"


class SourceFile(NamedTuple):
    """A file with the attributes that the table `sources` stores. It is read again when one of them differs."""

    name: str  # relative to the data folder
    size: int  # bytes
    mtime: int  # nanoseconds
    inode: int


def source_files(home: Path) -> Iterator[SourceFile]:
    """The files that the record is filled from: journals of attempts and exams, and imported records."""
    for folder in _FOLDERS:
        try:
            with os.scandir(home / folder) as entries:
                found = {entry.name: entry.stat() for entry in entries if _NAME.fullmatch(entry.name)}
        except FileNotFoundError:
            continue
        for name, status in sorted(found.items()):
            yield SourceFile(f"{folder}/{name}", status.st_size, status.st_mtime_ns, status.st_ino)


def connect(home: Path) -> sqlite3.Connection:
    """Connect to the record in `home`. Raises sqlite3.Error where it does not exist."""
    return sqlite3.connect(f"{(home / FILE).absolute().as_uri()}?mode=rw", uri=True, timeout=PATIENCE)


def connect_if_current(home: Path) -> sqlite3.Connection | None:
    """Connect to the record if it has the newest schema and matches the files as they are now.

    Returns None otherwise, also after an error: `sync.update` meets the same error and reports it.
    """
    with contextlib.ExitStack() as closing:
        try:
            connection = connect(home)
            closing.callback(connection.close)
            (schema,) = connection.execute("SELECT version_num FROM alembic_version").fetchone() or (None,)
            if schema != SCHEMAS[-1] or changed_files(connection, home) or missing_files(connection, home):
                return None
        except sqlite3.Error:
            return None
        closing.pop_all()
        return connection


def changed_files(connection: sqlite3.Connection, home: Path) -> list[SourceFile]:
    """The files that are new or differ from what was read."""
    known = set(connection.execute("SELECT name, size, mtime, inode FROM sources"))
    return [file for file in source_files(home) if file not in known]


def missing_files(connection: sqlite3.Connection, home: Path) -> list[str]:
    """The names of files that were read and no longer exist."""
    existing = {file.name for file in source_files(home)}
    return [name for (name,) in connection.execute("SELECT name FROM sources") if name not in existing]


def records_from_files(connection: sqlite3.Connection, names: list[str]) -> list[AttemptRecord | ExamRecord]:
    """The attempts and exams that were read from the files of these names."""
    ids: set[str] = set()
    for table in ("attempts", "exams"):
        ids |= {key for key, source in connection.execute(f"SELECT id, source FROM {table}") if source in names}
    records: list[AttemptRecord | ExamRecord] = [*attempts(connection, details=True), *exams(connection)]
    return [record for record in records if record.id in ids]


def attempts(connection: sqlite3.Connection, *, details: bool) -> Iterator[AttemptRecord]:
    """Every attempt, oldest first.

    Without `details`, hints and the outcomes of tasks are left out, and each run has only its deciding checks: the
    first check of the whole lab that passed, the last that failed, and the last of all.
    """
    skills = _grouped(connection, _SKILLS)
    hints = _grouped(connection, _HINTS) if details else {}
    checks = _checks(connection, details=details)
    for name, lab, seed, digest, ended, exam, started, last, solution in connection.execute(_ATTEMPTS):
        yield AttemptRecord(
            id=name,
            lab=lab,
            seed=seed,
            digest=digest,
            skills=tuple(skill for (skill,) in skills.get(name, ())),
            started=datetime.fromisoformat(started),
            last=datetime.fromisoformat(last),
            ended=bool(ended),
            exam=exam,
            solution=datetime.fromisoformat(solution) if solution else None,
            hints=tuple(HintRecord(task, datetime.fromisoformat(at)) for task, at in hints.get(name, ())),
            checks=tuple(checks.get(name, ())),
        )


def _checks(connection: sqlite3.Connection, *, details: bool) -> dict[str, list[CheckRecord]]:
    results: dict[tuple[str, int], list[tuple[str, TaskOutcome]]] = defaultdict(list)
    for attempt, number, task, outcome in connection.execute(_RESULTS) if details else ():
        results[attempt, number].append((task, outcome))
    found: dict[str, list[CheckRecord]] = defaultdict(list)
    for attempt, number, at, day, run, whole, score, verdict, hints, solved, in_time in connection.execute(
        _CHECKS.format(decisive="" if details else _DECISIVE)
    ):
        found[attempt].append(
            CheckRecord(
                at=datetime.fromisoformat(at),
                day=date.fromisoformat(day),
                run=run,
                whole=bool(whole),
                score=score,
                verdict=verdict,
                hints=hints,
                solved=bool(solved),
                in_time=None if in_time is None else bool(in_time),
                tasks=tuple(results.get((attempt, number), ())),
            )
        )
    return found


def _grouped(connection: sqlite3.Connection, statement: str) -> dict[str, list[tuple[Any, ...]]]:
    """The rows by their first column, without it."""
    rows: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for key, *rest in connection.execute(statement):
        rows[key].append(tuple(rest))
    return rows


def exams(connection: sqlite3.Connection) -> Iterator[ExamRecord]:
    """Every graded exam, oldest first."""
    domains = _grouped(connection, _DOMAINS)
    for name, at, title, track, seed, score, points, mark, passed, late in connection.execute(_EXAMS):
        yield ExamRecord(
            id=name,
            at=datetime.fromisoformat(at),
            name=title,
            track=track,
            seed=seed,
            score=score,
            points=points,
            pass_mark=mark,
            passed=bool(passed),
            late_minutes=late,
            domains=tuple(DomainScore(*domain) for domain in domains.get(name, ())),
        )


@contextlib.contextmanager
def translate_sqlite_errors(path: Path) -> Iterator[None]:
    """Raise errors of the database and its folder as EnvironmentBroken; the journals still keep every grading."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        if any(word in str(why) for word in DAMAGED):
            raise EnvironmentBroken(
                f"The record {path} is damaged: {why}.", fix="Remove it: Rung creates it again from the journals."
            ) from error
        raise EnvironmentBroken(
            f"The record {path} cannot be written: {why}.",
            fix="Free some disk space, or set RUNG_HOME to a writable folder; no grading is lost.",
        ) from error
