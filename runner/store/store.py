"""The record: what a learner has done, in SQLite. SQL stays in this package.

Files are the source: the journals, and what lies in `imported/`. The database is made of them, follows them whenever
it is opened, and is made anew where it is missing or damaged. When a journal is gone, what it said is written to
`imported/`, so that the database never holds anything that no file does.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from rung.runner.core.paths import home as data_folder
from rung.runner.store import files, reading
from rung.runner.store.records import AttemptRecord, ExamRecord
from rung.runner.store.sources import IMPORTED


class Store:
    """The record, open. `damaged` is where a database that could not be read was put aside, if there was one."""

    def __init__(self, home: Path, connection: sqlite3.Connection, damaged: Path | None) -> None:
        self.home = home
        self.damaged = damaged
        self._connection = connection

    @classmethod
    @contextlib.contextmanager
    def open(cls, home: Path | None = None) -> Iterator[Store]:
        """The record of the data folder `home` (default: Rung's own), up to date with its journals, until it is left.

        Raises EnvironmentBroken where it cannot be written or read, or is a newer Rung's.
        """
        home = home or data_folder()
        connection, damaged = reading.up_to_date(home), None
        if connection is None:
            damaged = _update(home)[1]
            with reading.translated(home / reading.FILE):
                connection = reading.connect(home)
        try:
            yield cls(home, connection, damaged)
        finally:
            connection.close()

    def sync(self) -> int:
        """Read what journals and imported files say that is new; the number of files read."""
        return _update(self.home)[0]

    def attempts(self, *, details: bool = False) -> list[AttemptRecord]:
        """Every attempt, oldest first; all of it with `details`, else what tells what came of it (see `reading`)."""
        with reading.translated(self.home / reading.FILE):
            return list(reading.attempts(self._connection, details=details))

    def exams(self) -> list[ExamRecord]:
        """Every graded exam, oldest first."""
        with reading.translated(self.home / reading.FILE):
            return list(reading.exams(self._connection))

    def exported(self) -> Iterator[str]:
        """The whole record, line by line, as `take_in` reads it again."""
        from rung.runner.store import export  # pydantic is for files; following journals does without

        yield export.head()
        yield from export.lines([*self.attempts(details=True), *self.exams()])

    def take_in(self, file: Path) -> tuple[int, int]:
        """Add what an exported record holds; how many attempts and exams the record has more than before.

        What is known already is passed over, so the same file can be taken in again, and where two files tell of the
        same attempt the one that goes on longer counts. Raises UsageError and LabFileError as `exchange.read` does.
        """
        from rung.runner.store import export

        found = export.read(file)
        before = len(self.attempts()), len(self.exams())
        if found:
            files.keep(self.home / IMPORTED, export.head(), export.lines(found))
        self.sync()
        return len(self.attempts()) - before[0], len(self.exams()) - before[1]


def _update(home: Path) -> tuple[int, Path | None]:
    from rung.runner.store.sync import update  # SQLAlchemy is for writing

    return update(home)
