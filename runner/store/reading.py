"""Reading the record. Most commands only do that, and SQLAlchemy takes longer to load (0.17 s) than they take to read
a year: so these are plain statements over Python's own sqlite3, and whatever writes goes through SQLAlchemy.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from rung.runner.core.errors import EnvironmentBroken
from rung.runner.store.records import AttemptRecord, CheckRecord, DomainScore, ExamRecord, HintRecord, Outcome
from rung.runner.store.sources import Source, sources

FILE = "record.db"
PATIENCE = 60.0  # seconds that one who writes, or reads, waits for another
SCHEMAS = ("0001", "0002", "0003")  # every schema that there was, oldest first; the last is what `tables` has
DAMAGED = ("malformed", "file is not a database", "file is encrypted")

_ATTEMPTS = "SELECT id, lab, seed, digest, ended, exam, started, last, solution FROM attempts ORDER BY started, id"
_SKILLS = "SELECT attempt, skill FROM attempt_skills ORDER BY attempt, skill"
_HINTS = "SELECT attempt, task, at FROM hints ORDER BY attempt, number"
_RESULTS = "SELECT attempt, number, task, outcome FROM results"
_CHECKS = """
SELECT c.attempt, c.number, at, day, c.run, whole, score, verdict, hints, solved, in_time FROM checks AS c {decisive}
ORDER BY c.attempt, c.number
"""
# The checks that decide what a run came to.
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


def connect(home: Path) -> sqlite3.Connection:
    """A connection to the record in `home`, which must be there. Raises sqlite3.Error."""
    return sqlite3.connect(f"{(home / FILE).absolute().as_uri()}?mode=rw", uri=True, timeout=PATIENCE)


def up_to_date(home: Path) -> sqlite3.Connection | None:
    """A connection to a record that has this Rung's schema and knows every file as it is now.

    None where there is none, for whatever reason: bringing the record up to date meets the reason again, and says it.
    """
    with contextlib.ExitStack() as closing:
        try:
            connection = connect(home)
            closing.callback(connection.close)
            (schema,) = connection.execute("SELECT version_num FROM alembic_version").fetchone() or (None,)
            if schema != SCHEMAS[-1] or changed(connection, home) or vanished(connection, home):
                return None
        except sqlite3.Error:
            return None
        closing.pop_all()
        return connection


def changed(connection: sqlite3.Connection, home: Path) -> list[Source]:
    """The files that are new, or other than when they were read."""
    known = set(connection.execute("SELECT name, size, mtime, inode FROM sources"))
    return [source for source in sources(home) if source not in known]


def vanished(connection: sqlite3.Connection, home: Path) -> list[str]:
    """The names of files that were read and are no longer there."""
    there = {source.name for source in sources(home)}
    return [name for (name,) in connection.execute("SELECT name FROM sources") if name not in there]


def told_by(connection: sqlite3.Connection, names: list[str]) -> list[AttemptRecord | ExamRecord]:
    """The attempts and exams that were read from files of these names."""
    told: set[str] = set()
    for table in ("attempts", "exams"):
        told |= {key for key, source in connection.execute(f"SELECT id, source FROM {table}") if source in names}
    found: list[AttemptRecord | ExamRecord] = [*attempts(connection, details=True), *exams(connection)]
    return [record for record in found if record.id in told]


def attempts(connection: sqlite3.Connection, *, details: bool) -> Iterator[AttemptRecord]:
    """Every attempt, oldest first.

    Without `details` hints and what each task came to are left out, and of each run only the checks that decide are
    there: the first of the whole lab that passed, the last that failed, and the last of all.
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
    results: dict[tuple[str, int], list[tuple[str, Outcome]]] = defaultdict(list)
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
    """The rest of each row by what it belongs to, which is its first column."""
    found: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for belongs, *rest in connection.execute(statement):
        found[belongs].append(tuple(rest))
    return found


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
def translated(path: Path) -> Iterator[None]:
    """Errors of the database and its folder as EnvironmentBroken: what was graded is in the journals all the same."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        if any(word in str(why) for word in DAMAGED):
            raise EnvironmentBroken(
                f"The record {path} is damaged: {why}.", fix="Remove it: it is made anew from the journals."
            ) from error
        raise EnvironmentBroken(
            f"The record {path} cannot be written: {why}.",
            fix="Free some disk space, or set RUNG_HOME to a folder that can be written; nothing graded is lost.",
        ) from error
