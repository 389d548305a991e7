"""Opens the record's database for writing, after creating it or migrating it to the newest schema.

Everything in the database is also in a journal or in an imported file (`sync` ensures it). So a damaged database is
moved aside and created again without loss.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.exc import DatabaseError, DBAPIError
from sqlalchemy.pool import NullPool

from rung.runner.core.errors import EnvironmentBroken
from rung.runner.core.locks import file_lock
from rung.runner.store.reading import DAMAGED, FILE, PATIENCE, SCHEMAS, translate_sqlite_errors

_LOCK = "record.lock"


class DatabaseDamaged(Exception):
    """The file is not a readable database."""


def connect(home: Path) -> tuple[Connection, Path | None]:
    """Open the record in `home`; returns the connection, and the path that a damaged database was moved to, if any.

    Raises EnvironmentBroken where it cannot be written or a newer Rung wrote it.
    """
    path = home / FILE
    with translate_database_errors(path):
        home.mkdir(parents=True, exist_ok=True)
        try:
            return _open(path), None
        except DatabaseDamaged:
            aside = _move_aside(path)
            return _open(path), aside


def _open(path: Path) -> Connection:
    connection = _engine(path).connect()
    try:
        if _schema(connection) != SCHEMAS[-1]:
            with _exclusive(path.parent):  # one process migrates while the others wait
                _migrate(connection, path)
        return connection
    except BaseException:
        connection.close()
        raise


def _engine(path: Path) -> Engine:
    # `transaction` starts each transaction, because the driver itself would take the lock only at the first write.
    url = URL.create("sqlite", database=str(path))
    return create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT", connect_args={"timeout": PATIENCE})


def _schema(connection: Connection) -> str | None:
    """The schema's number, or None for an empty database. Raises DatabaseDamaged."""
    with _damage_detected():
        connection.exec_driver_sql("PRAGMA foreign_keys = ON")
        if not connection.scalar(text("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'")):
            return None
        number = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return None if number is None else str(number)


def _migrate(connection: Connection, path: Path) -> None:
    schema = _schema(connection)
    if schema == SCHEMAS[-1]:
        return
    if schema is not None and schema not in SCHEMAS:
        raise EnvironmentBroken(
            f"A newer Rung wrote the record {path}: its schema is {schema}, this Rung knows up to {SCHEMAS[-1]}.",
            fix="Update Rung, or move that file away: Rung creates it again from the journals.",
        )
    with _damage_detected():
        # With a write-ahead log readers do not wait for writers, and a kill loses only what was not committed.
        connection.exec_driver_sql("PRAGMA journal_mode = WAL")
        from rung.runner.store.migrate import upgrade  # loading Alembic takes 0.1 s

        with transaction(connection):
            upgrade(connection)


@contextlib.contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """Run the block as a transaction that holds the write lock from its start; an error or a kill undoes all of it."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    try:
        yield
        connection.exec_driver_sql("COMMIT")
    except BaseException:
        with contextlib.suppress(DBAPIError):  # on a full disk SQLite has rolled back already
            connection.exec_driver_sql("ROLLBACK")
        raise


@contextlib.contextmanager
def _damage_detected() -> Iterator[None]:
    try:
        yield
    except DatabaseError as error:
        if any(word in str(error.orig) for word in DAMAGED):
            raise DatabaseDamaged from error
        raise


@contextlib.contextmanager
def _exclusive(home: Path) -> Iterator[None]:
    """Keep other processes from creating, migrating or moving the database. Raises EnvironmentBroken."""
    with file_lock(home / _LOCK, wait=PATIENCE) as acquired:
        if not acquired:
            raise EnvironmentBroken(
                f"Another Rung process has held the lock {home / _LOCK} for {PATIENCE:.0f} s.",
                fix="Wait until that process ends, or end it; then try again.",
            )
        yield


def _move_aside(path: Path) -> Path | None:
    """Move a damaged database away; returns the new path, or None where another process moved it just before."""
    aside = path.with_name(path.name + ".damaged")
    with _exclusive(path.parent):
        if _is_sound(path):
            return None
        path.replace(aside)
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
    return aside


def _is_sound(path: Path) -> bool:
    with contextlib.closing(_engine(path).connect()) as connection:
        try:
            _schema(connection)
        except DatabaseDamaged:
            return False
    return True


@contextlib.contextmanager
def translate_database_errors(path: Path) -> Iterator[None]:
    """Do what `translate_sqlite_errors` does, also for errors of sqlite3 that SQLAlchemy has wrapped."""
    with translate_sqlite_errors(path):
        try:
            yield
        except DBAPIError as error:
            raise (error.orig or error) from error
