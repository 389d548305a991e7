"""Phases on stderr: one line each in a pipe, a spinner with marks on a terminal."""

from __future__ import annotations

import io
import re
import sys

import pytest

from rung.runner.render import phases
from rung.runner.render.phases import Phases, Ticker


def test_a_pipe_gets_a_line_for_each_phase_with_its_time(capsys: pytest.CaptureFixture[str]) -> None:
    with Phases("done") as tell:
        tell("boot", "node1")
        tell("setup", "a-lab")
        tell("ready", "a-lab")
    out, err = capsys.readouterr()
    assert out == ""
    assert re.sub(r"\d+\.\d", "N", err) == "boot node1 … N s\nsetup a-lab … N s\ndone in N s\n"


def test_an_interrupted_phase_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted() -> None:
        with Phases("done") as tell:
            tell("boot", "node1")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert re.sub(r"\d+\.\d", "N", capsys.readouterr().err) == "boot node1 … stopped after N s\n"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_keeps_the_lines_of_long_phases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setattr(phases, "PATIENCE", 0.0)
    with Phases() as tell:
        tell("boot", "node[1]")
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", sys.stderr.getvalue())  # type: ignore[attr-defined]
    assert re.search(r"✓ boot node\[1\] 0\.\d s", plain)


def test_a_ticker_prints_nothing_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    with Ticker() as tell:
        tell("prove", "links: untouched")
    assert capsys.readouterr() == ("", "")
