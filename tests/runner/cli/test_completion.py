"""What a shell offers when Tab is pressed."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from fake_lab import Rung, World
from rung.runner.attempts.attempts import Attempts
from rung.runner.cli import rung


def offered(*words: str) -> list[str]:
    """Completions of the last word."""
    complete = ShellComplete(rung, {}, "rung", "_RUNG_COMPLETE")
    return [item.value for item in complete.get_completions(list(words[:-1]), words[-1])]


def test_commands_complete() -> None:
    assert offered("st") == ["start", "stop", "status"]


def test_labs_complete() -> None:
    assert "links" in offered("start", "li")


@pytest.mark.usefixtures("started")
def test_tasks_and_machines_of_the_running_lab_complete() -> None:
    assert offered("check", "") == ["first", "second"]
    assert offered("hint", "s") == ["second"]
    assert offered("shell", "n") == ["node1"]


def test_attempts_complete(started: World) -> None:
    assert offered("stop", "--attempt", "") == [Attempts(started).all()[0].id]


def test_tracks_complete() -> None:
    assert offered("labs", "--track", "rh") == ["rhcsa10"]


def test_nothing_is_offered_and_nothing_said_where_the_engine_is_gone(
    started: World, capsys: pytest.CaptureFixture[str]
) -> None:
    started.dead = True
    assert offered("check", "") == []
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_for_each_shell(said: Rung, shell: str) -> None:
    done = said("completion", shell)
    assert done.code == 0
    assert "_RUNG_COMPLETE" in done.out
    assert done.err == ""


def test_another_shell_is_a_mistake_of_usage(said: Rung, tmp_path: Path) -> None:
    assert said("completion", "tcsh").code == 2
    assert list(tmp_path.iterdir()) == []
