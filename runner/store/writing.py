"""Writes records as rows; `reading` reads them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Table, delete, insert
from sqlalchemy.engine import Connection

from rung.runner.store import tables as t
from rung.runner.store.records import AttemptRecord, ExamRecord

Rows = dict[Table, list[dict[str, Any]]]
_BATCH = 500  # ids in one statement


def write_attempts(connection: Connection, records: Iterable[tuple[str, AttemptRecord]]) -> None:
    """Write attempts, each with its source; a row with the same id is replaced."""
    rows: Rows = defaultdict(list)
    for source, record in records:
        _add_attempt(rows, source, record)
    _replace(connection, t.attempts, rows)


def write_exams(connection: Connection, records: Iterable[tuple[str, ExamRecord]]) -> None:
    """Write exams, each with its source; a row with the same id is replaced."""
    rows: Rows = defaultdict(list)
    for source, record in records:
        rows[t.exams].append(_columns(t.exams, record) | {"source": source, "at": record.at.isoformat()})
        rows[t.exam_domains] += [_columns(t.exam_domains, domain) | {"exam": record.id} for domain in record.domains]
    _replace(connection, t.exams, rows)


def _replace(connection: Connection, parent: Table, rows: Rows) -> None:
    for ids in id_batches([row["id"] for row in rows[parent]]):
        connection.execute(delete(parent).where(parent.c.id.in_(ids)))  # cascades to the rows that refer to them
    for table, entries in rows.items():
        if entries:
            connection.execute(insert(table), entries)


def id_batches(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """The ids in batches: SQLite limits the parameters of a statement, and an imported file may exceed the limit."""
    for start in range(0, len(ids), _BATCH):
        yield ids[start : start + _BATCH]


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
        check_key = key | {"number": number}
        when = {"at": check.at.isoformat(), "day": check.day.isoformat()}
        rows[t.checks].append(_columns(t.checks, check) | check_key | when)
        rows[t.results] += [check_key | {"task": task, "outcome": outcome} for task, outcome in check.tasks]


def _columns(table: Table, value: object) -> dict[str, Any]:
    """The attributes of a value for which a table has columns."""
    return {column.name: getattr(value, column.name) for column in table.c if hasattr(value, column.name)}
