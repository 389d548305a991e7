"""Locks among processes and threads."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from rung.runner.core.errors import EnvironmentBroken
from rung.runner.core.locks import file_lock, is_locked


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


def test_a_lock_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EnvironmentBroken, match="cannot be made"), file_lock(tmp_path / "file" / "a.lock"):
        pass
