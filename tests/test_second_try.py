"""Only tests on machines are tried twice, and what passed only then is named."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

TESTS = """\
import pathlib, pytest
@pytest.mark.machines
def test_late():
    seen = pathlib.Path("seen")
    seen.write_text(seen.read_text() + "x" if seen.exists() else "x")
    assert len(seen.read_text()) > 1
def test_wrong():
    assert {wrong}
"""
SUPPORT = Path(__file__).parent / "support"


def second_try(folder: Path, *, wrong: bool) -> tuple[int, str]:
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = machines\n")
    (folder / "test_some.py").write_text(TESTS.format(wrong=not wrong))
    environment = os.environ | {"PYTHONPATH": str(SUPPORT)}
    command = [sys.executable, "-m", "pytest", "-q"]
    subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)
    done = subprocess.run(
        [sys.executable, "-m", "second_try", "-q"],
        cwd=folder, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout


def test_a_machine_that_was_late_gets_a_second_try_and_is_named(tmp_path: Path) -> None:
    code, out = second_try(tmp_path, wrong=False)
    assert code == 0
    assert "passed only at the second try" in out
    assert out.count("test_some.py::test_late") == 1


def test_what_needs_no_machine_stays_failed(tmp_path: Path) -> None:
    code, out = second_try(tmp_path, wrong=True)
    assert code == 1
    assert "failed, and not tried again: no machine is needed" in out
    assert "test_some.py::test_wrong" in out
    assert "passed only at the second try" in out
