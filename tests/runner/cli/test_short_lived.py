"""Shortcuts of a process that lives for less than a second are given up by one that lives on."""

from __future__ import annotations

import subprocess
import sys

ENTER = (
    "import atexit, gc; from rung.runner.cli import short_lived as s; "
    "atexit.register(print, 'taken apart'); s.enter()"
)  # fmt: skip


def run(code: str) -> tuple[int, str]:
    done = subprocess.run([sys.executable, "-c", f"{ENTER}; {code}"], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def test_a_command_collects_no_garbage_while_it_imports_and_ends_at_once() -> None:
    assert run("print(gc.get_threshold()[0]); s.end(3)") == (3, "1000000\n")


def test_a_process_that_lives_on_collects_garbage_and_ends_as_any_other() -> None:
    assert run("s.leave(); print(gc.get_threshold()[0]); s.end(1)") == (1, "700\ntaken apart\n")


def test_a_background_process_never_takes_the_shortcuts() -> None:
    code = "import gc; from rung.runner.cli import main; main(); print(gc.get_threshold()[0])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == "700\n"
