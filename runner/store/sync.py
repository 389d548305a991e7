"""Bringing the record up to date with the files that it is made of: journals of attempts and exams, imported files.

A file is read again when its size, its time or its inode differ from what they were. What comes of it and what the file
was like are entered in one transaction, so a kill at any moment leaves a record that the next call completes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Column, Table, delete, insert, select
from sqlalchemy.engine import Connection

from rung.runner.core.errors import EnvironmentBroken
from rung.runner.core.journal import EventJournal
from rung.runner.store import files, from_journals, reading
from rung.runner.store import tables as t
from rung.runner.store import writing as rows
from rung.runner.store.database import connect, told, writing
from rung.runner.store.reading import FILE
from rung.runner.store.records import AttemptRecord, ExamRecord
from rung.runner.store.sources import IMPORTED, Source

R = TypeVar("R", AttemptRecord, ExamRecord)

_BATCH = 50  # files entered in one transaction


def update(home: Path) -> tuple[int, Path | None]:
    """Make the record, or bring it up to date: the number of files read, and where a damaged one was put aside.

    Raises EnvironmentBroken where it cannot be written or read, or is a newer Rung's.
    """
    connection, damaged = connect(home)
    try:
        with told(home / FILE):
            return _sync(connection, home), damaged
    finally:
        connection.close()


def _sync(connection: Connection, home: Path) -> int:
    """Read what is new or has changed since the last time; the number of files read."""
    _preserve(connection, home)
    changed = reading.changed(_plain(connection), home)
    for batch in _batches(changed):
        with writing(connection):
            _enter(connection, home, batch)
    return len(changed)


def _plain(connection: Connection) -> sqlite3.Connection:
    return connection.connection.driver_connection  # type: ignore[return-value]


def _preserve(connection: Connection, home: Path) -> None:
    """Write what files said that are gone to a file of its own: the database must hold nothing that no file does."""
    names = reading.vanished(_plain(connection), home)
    if not names:
        return
    from rung.runner.store import export

    records = reading.told_by(_plain(connection), names)
    if records:
        files.keep(home / IMPORTED, export.head(), export.lines(records))
    with writing(connection):
        connection.execute(delete(t.sources).where(t.sources.c.name.in_(names)))


def _batches(changed: list[Source]) -> Iterator[list[Source]]:
    for start in range(0, len(changed), _BATCH):
        yield changed[start : start + _BATCH]


def _enter(connection: Connection, home: Path, batch: list[Source]) -> None:
    """Read files and enter what they say. Each is noted as it was before it was read: what is appended meanwhile
    makes it differ, and it is read again."""
    attempts: dict[str, tuple[str, AttemptRecord]] = {}
    exams: dict[str, tuple[str, ExamRecord]] = {}
    gone: list[str] = []
    for source in batch:
        found = _read(home, source.name)
        gone += [] if found or _is_copy(source.name) else [source.name]
        for record in found:
            if isinstance(record, ExamRecord):
                _keep(exams, source.name, record)
            else:
                _keep(attempts, source.name, record)
    for table in (t.attempts, t.exams):
        connection.execute(delete(table).where(table.c.source.in_(gone)))
    rows.write_attempts(connection, _newer(connection, t.attempts, t.attempts.c.last, attempts))
    rows.write_exams(connection, _newer(connection, t.exams, t.exams.c.at, exams))
    names = [source.name for source in batch]
    connection.execute(delete(t.sources).where(t.sources.c.name.in_(names)))
    connection.execute(insert(t.sources), [source._asdict() for source in batch])


def _keep(found: dict[str, tuple[str, R]], source: str, record: R) -> None:
    held = found.get(record.id)
    if held is None or _later(source, _until(record), held[0], _until(held[1])):
        found[record.id] = (source, record)


def _newer(
    connection: Connection, table: Table, until: Column[str], found: dict[str, tuple[str, R]]
) -> Iterator[tuple[str, R]]:
    """Those that say more than what is on record."""
    known: dict[str, tuple[str, str]] = {}
    for ids in rows.portions(list(found)):
        held = select(table.c.id, table.c.source, until).where(table.c.id.in_(ids))
        known |= {name: (source, last) for name, source, last in connection.execute(held)}
    for name, (source, record) in found.items():
        was = known.get(name)
        if was is None or was[0] == source or _later(source, _until(record), *was):
            yield source, record


def _until(record: AttemptRecord | ExamRecord) -> str:
    return (record.at if isinstance(record, ExamRecord) else record.last).isoformat()


def _later(source: str, last: str, held_source: str, held_last: str) -> bool:
    """Whether one telling goes on longer than another; of two as long the journal itself counts, not a copy."""
    return (last, not _is_copy(source)) > (held_last, not _is_copy(held_source))


def _is_copy(source: str) -> bool:
    return source.startswith(f"{IMPORTED}/")


def _read(home: Path, name: str) -> list[AttemptRecord | ExamRecord]:
    path = home / name
    folder, identity = path.parent.name, path.stem
    try:
        if folder == IMPORTED:
            from rung.runner.store import export

            return export.read_trusted(path)
        events = [event for event in EventJournal(path).events() if isinstance(event, dict)]
    except OSError as error:
        raise EnvironmentBroken(
            f"{path} cannot be read: {error.strerror}.", fix="Make it readable, or move it out of that folder."
        ) from error
    record: AttemptRecord | ExamRecord | None
    if folder == "exams":
        record = from_journals.exam_of(identity, events)
    else:
        record = from_journals.attempt_of(identity, events, skills_of)
    return [] if record is None else [record]


def skills_of(objectives: tuple[str, ...]) -> tuple[str, ...]:
    """The skills that objectives ask for, as the tracks say today."""
    known = _by_objective() if objectives else {}
    return tuple(dict.fromkeys(skill for objective in objectives for skill in known.get(objective, ())))


@lru_cache(maxsize=1)
def _by_objective() -> dict[str, tuple[str, ...]]:
    from rung.runner.catalog.labs import tracks

    return {objective.id: tuple(objective.skills) for track in tracks() for objective in track.objectives()}
