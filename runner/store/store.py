"""The record of a learner's attempts and exams, in SQLite. SQL stays in this package.

The files are the source: journals, and the records in `imported/`. The database is filled from them, is updated each
time it is opened, and is created again where it is missing or damaged. When a journal has been deleted, its records are
written to `imported/`, so everything in the database is also in a file.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from rung.runner.core.paths import home as data_folder
from rung.runner.store import files, reading
from rung.runner.store.records import AttemptRecord, ExamRecord


class Store:
    """The open record. `damaged` is the path that an unreadable database was moved to, if any."""

    def __init__(self, home: Path, connection: sqlite3.Connection, damaged: Path | None) -> None:
        self.home = home
        self.damaged = damaged
        self._connection = connection

    @classmethod
    @contextlib.contextmanager
    def open(cls, home: Path | None = None) -> Iterator[Store]:
        """Open the record of the data folder `home` (default: Rung's own), updated from its files, for the block.

        Raises EnvironmentBroken where it cannot be written or read, or a newer Rung wrote it.
        """
        home = home or data_folder()
        connection, damaged = reading.connect_if_current(home), None
        if connection is None:
            damaged = _update(home)[1]
            with reading.translate_sqlite_errors(home / reading.FILE):
                connection = reading.connect(home)
        try:
            yield cls(home, connection, damaged)
        finally:
            connection.close()

    def sync(self) -> int:
        """Update the record from new and changed files; returns the number of files read."""
        return _update(self.home)[0]

    def attempts(self, *, details: bool = False) -> list[AttemptRecord]:
        """Every attempt, oldest first; without `details` only what decides its outcome (see `reading.attempts`)."""
        with reading.translate_sqlite_errors(self.home / reading.FILE):
            return list(reading.attempts(self._connection, details=details))

    def exams(self) -> list[ExamRecord]:
        """Every graded exam, oldest first."""
        with reading.translate_sqlite_errors(self.home / reading.FILE):
            return list(reading.exams(self._connection))

    def export_lines(self) -> Iterator[str]:
        """The whole record as lines that `import_file` reads."""
        from rung.runner.store import export  # loads pydantic, which reading does not need

        yield export.head()
        yield from export.lines([*self.attempts(details=True), *self.exams()])

    def import_file(self, file: Path) -> tuple[int, int]:
        """Add an exported record; returns the numbers of attempts and exams that are new.

        Known records are ignored, so importing a file twice changes nothing. Where two files have the same attempt, the
        one with the later last event counts. Raises UsageError and LabFileError as `export.read` does.
        """
        from rung.runner.store import export

        records = export.read(file)
        attempts, exams = len(self.attempts()), len(self.exams())
        if records:
            files.write_import(self.home / reading.IMPORTED, export.head(), export.lines(records))
        self.sync()
        return len(self.attempts()) - attempts, len(self.exams()) - exams


def _update(home: Path) -> tuple[int, Path | None]:
    from rung.runner.store.sync import update  # loads SQLAlchemy, which only writing needs

    return update(home)
