"""Locks between processes and threads."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from rung.runner.core.errors import EnvironmentBroken
from rung.runner.core.locks import file_lock, folder_lock, is_locked, queued_lock


def test_a_lock_has_one_holder(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "a.lock"
    assert not is_locked(path)
    with file_lock(path) as first, file_lock(path) as second:
        assert (first, second, is_locked(path)) == (True, False, True)
    assert not is_locked(path)
    assert path.exists()


def test_a_lock_is_waited_for_no_longer_than_asked(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    with file_lock(path):
        began = time.monotonic()
        with file_lock(path, 0.2) as second:
            assert not second
        assert 0.2 <= time.monotonic() - began < 2


def test_a_lock_is_free_when_its_process_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    code = (
        "import pathlib, sys, time; from rung.runner.core.locks import file_lock\n"
        "with file_lock(pathlib.Path(sys.argv[1])): print('locked', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "locked\n"
        assert is_locked(path)
        child.kill()
    assert not is_locked(path)


def test_a_lock_file_that_cannot_be_created_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    path = tmp_path / "file" / "a.lock"
    with pytest.raises(EnvironmentBroken) as error, file_lock(path):
        pass
    assert str(error.value) == f"The lock file {path} cannot be created: File exists."


def test_a_queue_says_once_that_it_waits_and_then_has_the_lock(tmp_path: Path) -> None:
    path, waits = tmp_path / "a.lock", threading.Event()
    order: list[str] = []

    def second() -> None:
        with queued_lock(path, waits.set):
            order.append("second")

    waiting = threading.Thread(target=second)
    with queued_lock(path, lambda: order.append("waited")):
        waiting.start()
        assert waits.wait(5)
        order.append("first")
    waiting.join(5)
    assert order == ["first", "second"]


def test_a_folder_has_one_holder_and_no_lock_file(tmp_path: Path) -> None:
    with folder_lock(tmp_path) as first, folder_lock(tmp_path, wait=False) as second:
        assert (first, second) == (True, False)
    with folder_lock(tmp_path, wait=False) as later:
        assert later
    assert list(tmp_path.iterdir()) == []
