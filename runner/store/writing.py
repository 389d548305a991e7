"""Values to rows; the way back is in `reading`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Table, delete, insert
from sqlalchemy.engine import Connection

from rung.runner.store import tables as t
from rung.runner.store.records import AttemptRecord, ExamRecord

Rows = dict[Table, list[dict[str, Any]]]
_NAMED = 500  # ids in one statement


def write_attempts(connection: Connection, found: Iterable[tuple[str, AttemptRecord]]) -> None:
    """Enter attempts, each with its source, in place of what was there of them."""
    rows: Rows = defaultdict(list)
    for source, record in found:
        _add_attempt(rows, source, record)
    _replace(connection, t.attempts, rows)


def write_exams(connection: Connection, found: Iterable[tuple[str, ExamRecord]]) -> None:
    """Enter exams, each with its source, in place of what was there of them."""
    rows: Rows = defaultdict(list)
    for source, record in found:
        rows[t.exams].append(_columns(t.exams, record) | {"source": source, "at": record.at.isoformat()})
        rows[t.exam_domains] += [_columns(t.exam_domains, domain) | {"exam": record.id} for domain in record.domains]
    _replace(connection, t.exams, rows)


def _replace(connection: Connection, head: Table, rows: Rows) -> None:
    for ids in portions([row["id"] for row in rows[head]]):
        connection.execute(delete(head).where(head.c.id.in_(ids)))  # what hangs on them goes with them
    for table, entries in rows.items():
        if entries:
            connection.execute(insert(table), entries)


def portions(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """So many at a time as one statement may name: SQLite has a limit, an imported file may hold more."""
    for at in range(0, len(ids), _NAMED):
        yield ids[at : at + _NAMED]


def _add_attempt(rows: Rows, source: str, record: AttemptRecord) -> None:
    key = {"attempt": record.id}
    times = {
        "started": record.started.isoformat(),
        "last": record.last.isoformat(),
        "solution": record.solution and record.solution.isoformat(),
    }
    rows[t.attempts].append(_columns(t.attempts, record) | times | {"source": source})
    rows[t.attempt_skills] += [key | {"skill": skill} for skill in record.skills]
    for number, hint in enumerate(record.hints):
        rows[t.hints].append(key | {"number": number, "task": hint.task, "at": hint.at.isoformat()})
    for number, check in enumerate(record.checks):
        place = key | {"number": number}
        when = {"at": check.at.isoformat(), "day": check.day.isoformat()}
        rows[t.checks].append(_columns(t.checks, check) | place | when)
        rows[t.results] += [place | {"task": task, "outcome": outcome} for task, outcome in check.tasks]


def _columns(table: Table, value: object) -> dict[str, Any]:
    """The attributes of a value that are columns of a table."""
    return {column.name: getattr(value, column.name) for column in table.c if hasattr(value, column.name)}
