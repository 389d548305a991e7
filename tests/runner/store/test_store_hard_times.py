"""The record with several processes, after kill -9 and on a full disk: in the end it matches the journals."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from learner_journals import DAY, NOON, failed, passed, write_attempt, write_exam
from rung.runner.core.errors import EnvironmentBroken
from rung.runner.store.records import AttemptRecord, ExamRecord
from rung.runner.store.store import Store

FILL = """\
import sys; from pathlib import Path; from rung.runner.store.store import Store
with Store.open(Path(sys.argv[1])): pass
"""


def everything(home: Path) -> tuple[list[AttemptRecord], list[ExamRecord]]:
    with Store.open(home) as store:
        return store.attempts(details=True), store.exams()


def fill(home: Path, attempts: int) -> None:
    for number in range(attempts):
        write_attempt(home, f"a{number}", failed(), {"event": "hint", "task": "two"}, passed(), at=NOON + number * DAY)
    write_exam(home, "e1")


def open_in_process(home: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", FILL, str(home)], stderr=subprocess.PIPE)


def recreated(home: Path) -> tuple[list[AttemptRecord], list[ExamRecord]]:
    """The content of a new database that is filled from the same journals."""
    for path in home.glob("record.*"):
        path.unlink()
    return everything(home)


def test_several_processes_create_and_update_it_at_once(tmp_path: Path) -> None:
    fill(tmp_path, 120)
    first = [open_in_process(tmp_path) for _ in range(4)]
    assert [process.communicate()[1] for process in first] == [b""] * 4
    fill(tmp_path, 180)
    second = [open_in_process(tmp_path) for _ in range(4)]
    assert [process.communicate()[1] for process in second] == [b""] * 4
    found = everything(tmp_path)
    assert len(found[0]) == 180
    assert found == recreated(tmp_path)


def test_a_reader_does_not_wait_for_a_writer(tmp_path: Path) -> None:
    fill(tmp_path, 3)
    with Store.open(tmp_path) as store:
        import sqlite3

        with contextlib.closing(sqlite3.connect(tmp_path / "record.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            other.execute("DELETE FROM attempts")
            assert len(store.attempts()) == 3
            other.execute("ROLLBACK")


def test_after_a_kill_at_any_moment_the_next_call_completes_it(tmp_path: Path) -> None:
    fill(tmp_path, 400)
    killed = 0
    while True:  # each process lives a little longer, until one of them finishes
        process = open_in_process(tmp_path)
        time.sleep(0.05 + 0.06 * killed)
        process.kill()
        process.communicate()
        if process.returncode != -signal.SIGKILL:
            break
        killed += 1
    assert process.returncode == 0
    assert killed
    found = everything(tmp_path)
    assert len(found[0]) == 400
    assert found == recreated(tmp_path)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk of 1 MiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")
def test_a_full_disk_is_reported_and_the_record_is_completed_once_there_is_room(small_disk: Path) -> None:
    fill(small_disk, 40)
    assert len(everything(small_disk)[0]) == 40
    ballast = small_disk / "ballast"
    free = os.statvfs(small_disk)
    ballast.write_bytes(bytes(free.f_bavail * free.f_frsize - (160 << 10)))
    for number in range(40, 60):
        write_attempt(small_disk, f"b{number}", *[failed() for _ in range(30)])
    with pytest.raises(EnvironmentBroken) as broken:
        everything(small_disk)
    # SQLite's message depends on the file that did not fit.
    assert str(broken.value) in {
        f"The record {small_disk / 'record.db'} cannot be written: {why}."
        for why in ("database or disk is full", "disk I/O error")
    }
    ballast.unlink()
    found = everything(small_disk)
    assert len(found[0]) == 60
    assert found == recreated(small_disk)
