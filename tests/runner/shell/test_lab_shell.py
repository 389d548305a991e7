"""Requests in the shell, and when a shell is opened again; the machine is fake."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from fake_lab import LAB, World
from rung.runner.attempts.attempt import Attempt
from rung.runner.attempts.attempts import Attempts
from rung.runner.shell import lab_shell
from rung.runner.shell.lab_shell import LabRequests, open_shell
from rung.runner.shell.request_parser import Request


@pytest.fixture
def attempt(started: World) -> Attempt:
    return Attempts(started).all()[0]


def carried_out(attempt: Attempt, verb: str, argument: str = "") -> tuple[int, str]:
    """The exit code and the output of a request."""
    written: list[str] = []
    code = LabRequests(attempt, attempt.lab()).carry_out(Request(verb, argument), written.append)
    return code, "".join(written)


def test_a_check_in_the_shell_is_like_one_outside(attempt: Attempt) -> None:
    code, text = carried_out(attempt, "check")
    assert code == 1
    assert text.splitlines()[-1] == "Next: first. hint first gives a hint, check first grades it alone."


def test_a_check_in_the_shell_without_the_restart(attempt: Attempt, started: World, lab: Path) -> None:
    from rung.runner.catalog import trust

    trust.trust(lab, edits=True)
    (lab / "lab.yaml").write_text(LAB.replace("minutes: 5", "minutes: 5\nreboot: true"))
    attempt.reset()
    (fresh,) = Attempts(started).all()
    started.holds |= {"one", "two"}
    assert carried_out(fresh, "check", "--live")[1].splitlines()[-2:] == [
        "3 of 3 points (100 %), without a restart: not yet the score",
        "All of it holds now. Does it last? check restarts the machines to find out.",
    ]
    assert carried_out(fresh, "check", "second --live")[0] == 0
    assert "reboot node1" not in started.done
    assert carried_out(fresh, "check")[0] == 0
    assert "reboot node1" in started.done
    assert carried_out(fresh, "check", "--lively") == (
        2,
        "`check --lively` is not known here.\nWhat to do: Type `check [--live] [TASK]`.\n",
    )
    assert carried_out(fresh, "tasks")[1].splitlines()[-1] == (
        "It must last: before the score is taken, node1 is restarted. check --live grades without the restart."
    )


def test_a_changed_lab_is_graded_after_a_reset(attempt: Attempt, lab: Path) -> None:
    from rung.runner.catalog import trust

    trust.trust(lab, edits=True)
    handler, written = LabRequests(attempt, attempt.lab()), list[str]()
    (lab / "lab.yaml").write_text(LAB.replace("minutes: 5", "minutes: 6"))
    assert handler.carry_out(Request("check", ""), written.append) == 2
    assert written == [
        (
            "two-files changed since this attempt began, so its machines cannot be graded by it.\n"
            "What to do: `rung reset` starts it afresh.\n"
        )
    ]
    assert handler.carry_out(Request("reset", ""), written.append) == 0
    assert handler.carry_out(Request("check", ""), written.append) == 1


def test_tasks_and_hints_in_the_shell(attempt: Attempt) -> None:
    assert carried_out(attempt, "tasks", "second")[1].startswith("Two files")
    assert carried_out(attempt, "hint", "first") == (0, "first, hint 1 of 2\n  Look at touch.\n")


def test_a_mistake_in_the_shell_is_a_sentence(attempt: Attempt) -> None:
    assert carried_out(attempt, "check", "frist") == (
        2,
        "two-files has no task `frist`.\nWhat to do: Its tasks: first, second.\n",
    )


def test_an_unreachable_engine_does_not_end_the_shell(attempt: Attempt, started: World) -> None:
    handler = LabRequests(attempt, attempt.lab())
    started.dead = True
    written: list[str] = []
    assert handler.carry_out(Request("check", ""), written.append) == 3
    assert written == ["The engine does not answer.\nWhat to do: Start it again.\n"]


def test_only_hint_and_reset_ask_first(attempt: Attempt) -> None:
    handler = LabRequests(attempt, attempt.lab())
    assert [handler.question(Request(verb, "")) for verb in ("check", "tasks", "hint", "reset")] == [
        None,
        None,
        "Show the next hint? It is recorded.",
        "Reset node1 to its starting state?",
    ]


def test_a_machine_that_does_not_stay_up_ends_the_shell(
    attempt: Attempt, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    logins: list[str] = []

    def login(_attempt: Attempt, name: str, *_others: object) -> SimpleNamespace:
        logins.append(name)
        return SimpleNamespace(stopped=False, ended=True, used=False)

    monkeypatch.setattr(lab_shell, "_login", login)
    monkeypatch.setattr(lab_shell, "_is_back", lambda *_: True)
    assert open_shell(attempt, attempt.lab(), None) == 3
    assert logins == ["node1"] * 3
    assert capsys.readouterr().err == (
        "node1 shuts down right after each login. `rung reset` restores its starting state.\n"
    )
