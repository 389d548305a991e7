"""Processes with the same id are distinguished by their start time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from rung.runner.core import processes


def test_this_process_lives() -> None:
    assert processes.is_alive(processes.this_process())


def test_a_later_process_of_the_same_id_is_another_one() -> None:
    assert not processes.is_alive(f"{os.getpid()}:1")


def test_a_process_that_has_ended_does_not_live() -> None:
    code = "from rung.runner.core import processes; print(processes.this_process())"
    process = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    assert not processes.is_alive(process)


def test_what_is_no_process_does_not_live() -> None:
    assert [processes.is_alive(word) for word in ("", "x", "-1", "0")] == [False] * 4


def test_a_process_is_asked_to_end_and_waited_for() -> None:
    code = (
        "import time; from rung.runner.core import processes as p; print(p.this_process(), flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        process = child.stdout.readline().strip()
        terminator = subprocess.Popen(
            [sys.executable, "-c", f"from rung.runner.core import processes; processes.terminate({process!r})"]
        )
        assert child.wait(10) == -15
        assert terminator.wait(10) == 0


def test_it_never_ends_itself() -> None:
    processes.terminate(processes.this_process())


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs /proc")
def test_a_zombie_does_not_live_and_is_not_waited_for() -> None:
    code = "from rung.runner.core import processes as p; print(p.this_process(), flush=True)"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        process = child.stdout.readline().strip()
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)  # until it has ended; it is not reaped
        assert not processes.is_alive(process)


def test_a_process_that_cannot_be_killed_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[int] = []
    monkeypatch.setattr(processes, "is_alive", lambda _process: True)
    monkeypatch.setattr(processes, "_TERM_SECONDS", 0.1)
    monkeypatch.setattr(processes, "_KILL_SECONDS", 0.1)
    monkeypatch.setattr(processes.os, "kill", lambda _pid, number: sent.append(number))
    processes.terminate("1:1")
    assert sent == [signal.SIGTERM, signal.SIGKILL]
