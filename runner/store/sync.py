"""Updates the record from its files: journals of attempts and exams, and imported records.

A file is read again when its size, modification time or inode differs. Its records and these attributes are written in
one transaction, so after a kill at any moment the next call completes the record.
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
from rung.runner.store import files, from_journals, reading, writing
from rung.runner.store import tables as t
from rung.runner.store.database import connect, transaction, translate_database_errors
from rung.runner.store.reading import FILE, IMPORTED, SourceFile
from rung.runner.store.records import AttemptRecord, ExamRecord

R = TypeVar("R", AttemptRecord, ExamRecord)

_BATCH = 50  # files in one transaction


def update(home: Path) -> tuple[int, Path | None]:
    """Create or update the record; returns the number of files read, and where a damaged database was moved to.

    Raises EnvironmentBroken where it cannot be written or read, or a newer Rung wrote it.
    """
    connection, damaged = connect(home)
    try:
        with translate_database_errors(home / FILE):
            return _sync(connection, home), damaged
    finally:
        connection.close()


def _sync(connection: Connection, home: Path) -> int:
    """Read the new and changed files; returns their number."""
    _preserve_missing(connection, home)
    changed = reading.changed_files(_sqlite(connection), home)
    for batch in _batches(changed):
        with transaction(connection):
            _read_batch(connection, home, batch)
    return len(changed)


def _sqlite(connection: Connection) -> sqlite3.Connection:
    return connection.connection.driver_connection  # type: ignore[return-value]


def _preserve_missing(connection: Connection, home: Path) -> None:
    """Write the records of deleted files to an imported file, so that everything in the database is in a file."""
    names = reading.missing_files(_sqlite(connection), home)
    if not names:
        return
    from rung.runner.store import export

    records = reading.records_from_files(_sqlite(connection), names)
    if records:
        files.write_import(home / IMPORTED, export.head(), export.lines(records))
    with transaction(connection):
        connection.execute(delete(t.sources).where(t.sources.c.name.in_(names)))


def _batches(changed: list[SourceFile]) -> Iterator[list[SourceFile]]:
    for start in range(0, len(changed), _BATCH):
        yield changed[start : start + _BATCH]


def _read_batch(connection: Connection, home: Path, batch: list[SourceFile]) -> None:
    """Read files and write their records. The attributes of a file are those from before it was read: a line that is
    appended meanwhile changes them, so the file is read again."""
    attempts: dict[str, tuple[str, AttemptRecord]] = {}
    exams: dict[str, tuple[str, ExamRecord]] = {}
    empty: list[str] = []
    for source in batch:
        records = _read(home, source.name)
        empty += [] if records or _is_copy(source.name) else [source.name]
        for record in records:
            if isinstance(record, ExamRecord):
                _add_newest(exams, source.name, record)
            else:
                _add_newest(attempts, source.name, record)
    for table in (t.attempts, t.exams):
        connection.execute(delete(table).where(table.c.source.in_(empty)))
    writing.write_attempts(connection, _newer(connection, t.attempts, t.attempts.c.last, attempts))
    writing.write_exams(connection, _newer(connection, t.exams, t.exams.c.at, exams))
    names = [source.name for source in batch]
    connection.execute(delete(t.sources).where(t.sources.c.name.in_(names)))
    connection.execute(insert(t.sources), [source._asdict() for source in batch])


def _add_newest(records: dict[str, tuple[str, R]], source: str, record: R) -> None:
    """Add a record, unless there is one with its id that is newer."""
    other = records.get(record.id)
    if other is None or _is_newer(source, _last_time(record), other[0], _last_time(other[1])):
        records[record.id] = (source, record)


def _newer(
    connection: Connection, table: Table, last_time: Column[str], records: dict[str, tuple[str, R]]
) -> Iterator[tuple[str, R]]:
    """The records that are newer than those in the table, or come from the same file."""
    known: dict[str, tuple[str, str]] = {}
    for ids in writing.id_batches(list(records)):
        rows = connection.execute(select(table.c.id, table.c.source, last_time).where(table.c.id.in_(ids)))
        known |= {name: (source, last) for name, source, last in rows}
    for name, (source, record) in records.items():
        other = known.get(name)
        if other is None or other[0] == source or _is_newer(source, _last_time(record), *other):
            yield source, record


def _last_time(record: AttemptRecord | ExamRecord) -> str:
    return (record.at if isinstance(record, ExamRecord) else record.last).isoformat()


def _is_newer(source: str, last: str, other_source: str, other_last: str) -> bool:
    """Whether a record has a later last event than another; at equal times the journal wins over an imported copy."""
    return (last, not _is_copy(source)) > (other_last, not _is_copy(other_source))


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
    """The skills that objectives require, by today's tracks."""
    skills = _skills_by_objective() if objectives else {}
    return tuple(dict.fromkeys(skill for objective in objectives for skill in skills.get(objective, ())))


@lru_cache(maxsize=1)
def _skills_by_objective() -> dict[str, tuple[str, ...]]:
    from rung.runner.catalog.labs import tracks

    return {objective.id: tuple(objective.skills) for track in tracks() for objective in track.objectives()}
