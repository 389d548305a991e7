"""The learner's shell with a `rung` process on a pseudo-terminal and a real machine."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from rung.runner.catalog import trust
from screens import RUNG, Screen

LAB = """\
title: A file that lasts
objectives: [rhcsa10-1.08]
difficulty: easy
minutes: 5
environment:
  machines: [{name: node1}]
reboot: true
tasks:
  - id: keep
    text: Make `/srv/kept`.
    hint: [Look at touch.]
    expect:
      - {file: /srv/kept, points: 2}
"""

pytestmark = pytest.mark.machines


def rung(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*RUNG, *arguments], capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL)


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Path]:
    """A trusted lab; its attempts are removed afterwards."""
    folder = tmp_path / f"lasting-{os.getpid()}"
    folder.mkdir()
    (folder / "lab.yaml").write_text(LAB)
    trust.trust(folder)
    yield folder
    while rung("stop", "--attempt", folder.name).returncode == 0:
        pass


def test_a_session_in_the_shell(lab: Path) -> None:
    screen = Screen("start", str(lab))
    assert "Make /srv/kept." in screen.sees("root@node1:~# ")

    screen.types("stty size; echo $0 $USER\n")
    assert "30 100\r\n-bash root" in screen.sees("root@node1:~# ")

    screen.types("tasks; echo status $?\n")
    assert "Make /srv/kept." in screen.sees("status 0")

    screen.types("hint\n")
    screen.sees("It is recorded. [y/N] ")
    screen.types("y")
    screen.sees("Look at touch.")
    screen.sees("root@node1:~# ")

    screen.types("touch /srv/kept; check\n")
    shown = screen.sees("node1 was restarted for the check: you are back on it.")
    assert "2 of 2 points (100 %), after a restart of node1" in shown
    screen.sees("root@node1:~# ")

    screen.types("poweroff\n")
    screen.sees("node1 went down and is up again: you are back on it.")
    screen.sees("root@node1:~# ")

    screen.types("reset\n")
    screen.sees("Reset node1 to its starting state? [y/N] ")
    screen.types("n")
    screen.sees("root@node1:~# ")
    screen.types("ls /srv; reset\n")
    assert "kept" in screen.sees("[y/N] ")
    screen.types("y")
    screen.sees("node1 is new, in its starting state: you are back on it.")
    screen.sees("root@node1:~# ")

    screen.types("ls /srv; exit\n")
    assert "kept\r\n" not in screen.sees("node1 keeps running; come back with `rung shell`, finish with `rung stop`.")
    assert screen.ended() == 0
    assert rung("tasks", "--attempt", lab.name).returncode == 0


def test_control_c_in_a_start_leaves_no_attempt(lab: Path) -> None:
    screen = Screen("start", str(lab))
    screen.sees("node1")
    os.kill(screen.pid, signal.SIGINT)
    assert screen.ended() == 130
    assert f" {lab.name} " not in rung("status").stdout


def test_the_shell_ends_with_the_attempt(lab: Path) -> None:
    screen = Screen("start", str(lab))
    screen.sees("root@node1:~# ")
    assert rung("stop", "--attempt", lab.name).returncode == 0
    screen.sees(f"Another process stopped {lab.name}.")
    assert screen.ended() == 0


def test_without_a_terminal_start_does_not_wait(lab: Path) -> None:
    done = rung("start", str(lab))
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, f"A file that lasts  {lab.name}, easy, 5 min")
    assert "rung shell" in done.stderr
