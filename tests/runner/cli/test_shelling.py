"""Errands in the shell, and when a shell is opened again; the machine is fake."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from fake_lab import World

from rung.runner.attempt import Attempt, Attempts
from rung.runner.cli import shelling
from rung.runner.cli.shelling import LabErrands, open_shell
from rung.runner.terminal import Request


@pytest.fixture
def attempt(started: World) -> Attempt:
    return Attempts(started).all()[0]


def carried_out(attempt: Attempt, verb: str, argument: str = "") -> tuple[int, str]:
    """The exit code of an errand and what it wrote."""
    written: list[str] = []
    code = LabErrands(attempt, attempt.lab()).carry_out(Request(verb, argument), written.append)
    return code, "".join(written)


def test_a_check_in_the_shell_is_the_check_outside(attempt: Attempt) -> None:
    code, text = carried_out(attempt, "check")
    assert code == 1
    assert text.splitlines()[-1] == "Next: first. hint first gives a hint, check first grades it alone."


def test_tasks_and_hints_in_the_shell(attempt: Attempt) -> None:
    assert carried_out(attempt, "tasks", "second")[1].startswith("Two files")
    assert carried_out(attempt, "hint", "first") == (0, "first, hint 1 of 2\n  Look at touch.\n")


def test_a_mistake_in_the_shell_is_a_sentence(attempt: Attempt) -> None:
    assert carried_out(attempt, "check", "frist") == (
        2,
        "two-files has no task `frist`.\nWhat to do: Its tasks: first, second.\n",
    )


def test_an_engine_that_goes_does_not_end_the_shell(attempt: Attempt, started: World) -> None:
    errands = LabErrands(attempt, attempt.lab())
    started.dead = True
    written: list[str] = []
    assert errands.carry_out(Request("check", ""), written.append) == 3
    assert written == ["The engine does not answer.\nWhat to do: Start it again.\n"]


def test_only_hint_and_reset_ask_first(attempt: Attempt) -> None:
    errands = LabErrands(attempt, attempt.lab())
    assert [errands.question(Request(verb, "")) for verb in ("check", "tasks", "hint", "reset")] == [
        None,
        None,
        "Show the next hint? It is recorded.",
        "Reset node1 to its starting state?",
    ]


def test_a_machine_that_never_stays_up_is_not_opened_for_ever(
    attempt: Attempt, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    logins: list[str] = []

    def login(_attempt: Attempt, name: str, _errands: LabErrands) -> SimpleNamespace:
        logins.append(name)
        return SimpleNamespace(ended=True, used=False)

    monkeypatch.setattr(shelling, "_login", login)
    monkeypatch.setattr(shelling, "_comes_back", lambda *_: True)
    assert open_shell(attempt, attempt.lab(), None) == 3
    assert logins == ["node1"] * 3
    assert capsys.readouterr().err == (
        "node1 goes down again and again. `rung reset` puts it back to its starting state.\n"
    )
