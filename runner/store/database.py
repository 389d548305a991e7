"""Opening the record's database for writing: made or brought up to date first.

The database holds nothing that journals and imported files do not (`sync` sees to that): a damaged one is put aside
and made anew.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.exc import DatabaseError, DBAPIError
from sqlalchemy.pool import NullPool

from rung.runner.core.errors import EnvironmentBroken
from rung.runner.store.reading import DAMAGED, FILE, PATIENCE, SCHEMAS, translated

_LOCK = "record.lock"


class Damaged(Exception):
    """The file is no database that can be read."""


def connect(home: Path) -> tuple[Connection, Path | None]:
    """A connection to the record in `home`, and where a damaged one was put aside.

    Raises EnvironmentBroken where it cannot be written or is a newer Rung's.
    """
    path = home / FILE
    with told(path):
        home.mkdir(parents=True, exist_ok=True)
        try:
            return _ready(path), None
        except Damaged:
            aside = _put_aside(path)
            return _ready(path), aside


def _ready(path: Path) -> Connection:
    connection = _engine(path).connect()
    try:
        if _schema(connection) != SCHEMAS[-1]:
            with _alone(path.parent):  # of several processes one makes it, the others wait
                _migrate(connection, path)
        return connection
    except BaseException:
        connection.close()
        raise


def _engine(path: Path) -> Engine:
    # Transactions are begun by `writing`: the driver would not take the lock until the first write.
    url = URL.create("sqlite", database=str(path))
    return create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT", connect_args={"timeout": PATIENCE})


def _schema(connection: Connection) -> str | None:
    """The database's schema, or None where it has none yet. Raises Damaged."""
    with _damage_told():
        connection.exec_driver_sql("PRAGMA foreign_keys = ON")
        if not connection.scalar(text("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'")):
            return None
        found = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return None if found is None else str(found)


def _migrate(connection: Connection, path: Path) -> None:
    found = _schema(connection)
    if found == SCHEMAS[-1]:
        return
    if found is not None and found not in SCHEMAS:
        raise EnvironmentBroken(
            f"The record {path} is a newer Rung's: its schema is {found}, this Rung knows {SCHEMAS[-1]}.",
            fix="Update Rung, or move that file away: it is made anew from the journals.",
        )
    with _damage_told():
        # With a log beside it, readers do not wait for writers, and a kill loses at most what was not yet confirmed.
        connection.exec_driver_sql("PRAGMA journal_mode = WAL")
        from rung.runner.store.migrate import upgrade  # Alembic costs every command 0.1 s otherwise

        with writing(connection):
            upgrade(connection)


@contextlib.contextmanager
def writing(connection: Connection) -> Iterator[None]:
    """A transaction that has the lock from its beginning; on any error, or a kill, nothing of it is done."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    try:
        yield
        connection.exec_driver_sql("COMMIT")
    except BaseException:
        with contextlib.suppress(DBAPIError):  # a full disk has ended the transaction already
            connection.exec_driver_sql("ROLLBACK")
        raise


@contextlib.contextmanager
def _damage_told() -> Iterator[None]:
    try:
        yield
    except DatabaseError as error:
        if any(word in str(error.orig) for word in DAMAGED):
            raise Damaged from error
        raise


@contextlib.contextmanager
def _alone(home: Path) -> Iterator[None]:
    lock = os.open(home / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _put_aside(path: Path) -> Path | None:
    """Move a damaged record away; where to, or None where another process did so just before."""
    aside = path.with_name(path.name + ".damaged")
    with _alone(path.parent):
        if _is_sound(path):
            return None
        path.replace(aside)
        for ending in ("-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)
    return aside


def _is_sound(path: Path) -> bool:
    with contextlib.closing(_engine(path).connect()) as connection:
        try:
            _schema(connection)
        except Damaged:
            return False
    return True


@contextlib.contextmanager
def told(path: Path) -> Iterator[None]:
    """As `translated`, also where SQLAlchemy has wrapped what sqlite3 raised."""
    with translated(path):
        try:
            yield
        except DBAPIError as error:
            raise (error.orig or error) from error
