"""Databases of older Rungs are migrated to the newest schema without loss."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from learner_journals import failed, passed, write_attempt, write_exam
from rung.runner.store.database import _engine, connect, transaction
from rung.runner.store.migrate import config, upgrade
from rung.runner.store.reading import SCHEMAS
from rung.runner.store.store import Store
from rung.runner.store.tables import metadata

# An attempt in the first schema whose journal has been deleted.
OLD = """\
INSERT INTO sources VALUES ('attempts/gone.jsonl', 1, 2, 3);
INSERT INTO attempts VALUES ('gone', 'attempts/gone.jsonl', 'links', 7, 'd1',
    '2026-03-01T12:00:00+00:00', '2026-03-01T12:05:00+00:00', 1, NULL);
INSERT INTO attempt_skills VALUES ('gone', 'lin.links');
INSERT INTO checks VALUES ('gone', 0, '2026-03-01T12:04:00+00:00', '2026-03-01', 0, 1, 1.0, 'passed', 0, 0);
INSERT INTO results VALUES ('gone', 0, 'one', 'passed');
"""


def first_schema(home: Path) -> None:
    """Create a database with the first schema."""
    with _engine(home / "record.db").connect() as connection:
        with transaction(connection):
            upgrade(connection, "0001")
        for statement in OLD.split(";\n"):
            if statement.strip():
                connection.execute(text(statement))


def test_a_database_of_the_first_schema_keeps_its_records_and_gets_new_ones(tmp_path: Path) -> None:
    first_schema(tmp_path)
    write_attempt(tmp_path, "a1", passed(in_time=False), exam="e1")
    write_exam(tmp_path, "e1")
    with Store.open(tmp_path) as store:
        gone, new = store.attempts(details=True)
        assert (gone.id, gone.skills, gone.exam, gone.checks[0].tasks) == (
            "gone", ("lin.links",), None, (("one", "passed"),)
        )  # fmt: skip
        assert (new.exam, new.checks[0].in_time) == ("e1", False)
        assert [exam.id for exam in store.exams()] == ["e1"]


def test_an_interrupted_migration_is_undone(tmp_path: Path) -> None:
    first_schema(tmp_path)
    code = (
        "import os, sys; from pathlib import Path; from rung.runner.store.migrate import upgrade\n"
        "from rung.runner.store.database import _engine, transaction\n"
        "with _engine(Path(sys.argv[1])).connect() as connection:\n"
        "    with transaction(connection):\n"
        "        upgrade(connection)\n"
        "        os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "record.db")], check=False)
    assert done.returncode == -9
    with _engine(tmp_path / "record.db").connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "0001"
        assert connection.scalar(text("SELECT count(*) FROM sqlite_master WHERE name = 'exams'")) == 0
    write_attempt(tmp_path, "a1", failed())
    with Store.open(tmp_path) as store:
        assert [a.id for a in store.attempts()] == ["gone", "a1"]


def test_the_migrations_create_the_tables_of_the_code(tmp_path: Path) -> None:
    connection, _ = connect(tmp_path)
    with connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    revisions = [script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()]
    assert tuple(reversed(revisions)) == SCHEMAS


@pytest.mark.parametrize("library", ["alembic", "sqlalchemy"])
def test_a_current_record_is_read_without_the_libraries_for_writing(tmp_path: Path, library: str) -> None:
    with Store.open(tmp_path):
        pass
    code = (
        "import sys; from pathlib import Path; from rung.runner.store.store import Store\n"
        "with Store.open(Path(sys.argv[1])) as store: store.attempts(), store.exams()\n"
        "print(sys.argv[2] in sys.modules)"
    )
    command = [sys.executable, "-c", code, str(tmp_path), library]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "False\n"
