"""Background processes: they leave no zombie, and find the same data folder."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from rung.runner.attempts import spare_cluster
from rung.runner.core import background
from rung.runner.exams import supervisor


def _await(path: Path) -> str:
    until = time.monotonic() + 10
    while not path.exists() and time.monotonic() < until:
        time.sleep(0.05)
    return path.read_text()


def _reaped(pid: int) -> bool:
    until = time.monotonic() + 10
    while Path(f"/proc/{pid}").exists():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


@pytest.fixture
def note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the background process writes its process id, RUNG_HOME, folder and arguments."""
    note = tmp_path / "note"
    monkeypatch.setenv("NOTE", str(note))
    monkeypatch.setattr(
        background,
        "CODE",
        "import os, sys; n = os.environ['NOTE']; f = open(n + '.new', 'w');"
        " f.write(repr((os.getpid(), os.environ['RUNG_HOME'], os.getcwd(), sys.argv[1:]))); f.close();"
        " os.rename(n + '.new', n)",
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RUNG_HOME", "data")
    return note


def test_a_spare_is_made_in_the_same_data_folder_and_leaves_no_zombie(note: Path, tmp_path: Path) -> None:
    spare_cluster.make_spare(2)
    pid, home, folder, arguments = eval(_await(note))
    assert (home, folder, arguments) == (str(tmp_path / "data"), "/", ["warm", "--workers", "2"])
    assert _reaped(pid)


def test_an_exam_is_supervised_in_the_same_data_folder_and_leaves_no_zombie(note: Path, tmp_path: Path) -> None:
    (tmp_path / "data" / "exams").mkdir(parents=True)
    supervisor.launch("e1")
    pid, home, folder, arguments = eval(_await(note))
    assert (home, folder, arguments) == (str(tmp_path / "data"), "/", ["exam", "keep", "e1"])
    assert _reaped(pid)
