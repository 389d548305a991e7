"""The shell of a question: warnings, the end of the time, and sealed commands."""

from __future__ import annotations

from typing import Any

import pytest

from exam_papers import PAPER, made
from rung.runner.exams import heartbeat, session, supervisor
from rung.runner.exams.session import ExamSession
from rung.runner.services import exam_questions
from rung.runner.shell.exam_shell import ExamRequests, ExamWatch
from rung.runner.shell.request_parser import Request

LAUNCHED: list[str] = []


@pytest.fixture(autouse=True)
def _no_signs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session.heartbeat, "last", lambda _exam: None)
    monkeypatch.setattr(heartbeat, "beat", lambda _exam: None)
    monkeypatch.setattr(supervisor, "launch", LAUNCHED.append)
    LAUNCHED.clear()


def polls(monkeypatch: pytest.MonkeyPatch, *states: ExamSession) -> list[tuple[str, bool]]:
    """The answers of the watch while the exam is in these states, one after the other."""
    sessions = list(states)
    watch = ExamWatch(sessions[0])
    monkeypatch.setattr(ExamSession, "read", lambda _exam: sessions.pop(0))
    return [watch.poll() for _ in range(len(sessions))]


def test_it_warns_thirty_ten_and_five_minutes_before_the_end_once_each(monkeypatch: pytest.MonkeyPatch) -> None:
    times = (1700, 1790, 1801, 1810, 2990, 3001, 3290, 3301, 3590)
    warnings = [text for text, ends in polls(monkeypatch, *(made(now=time) for time in times)) if text and not ends]
    assert warnings == ["\n\a30 minutes left.\n", "\n\a10 minutes left.\n", "\n\a5 minutes left.\n"]


def test_the_shell_ends_with_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    assert polls(monkeypatch, made(now=3599), made(now=3600)) == [
        ("", False),
        ("\n\aTime is up: the machines are paused as they are. `rung exam submit` grades them.\n", True),
    ]


def test_at_the_end_the_supervisor_is_started_if_it_was_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    polls(monkeypatch, made(now=3600))
    assert LAUNCHED == ["0badcafe"]
    polls(monkeypatch, made((3600, "paused", {"late": 0.1}), now=3601))
    assert LAUNCHED == ["0badcafe"]


def test_the_shell_ends_when_another_process_submits_the_exam(monkeypatch: pytest.MonkeyPatch) -> None:
    done = made((60, "submitted", {}), now=61)
    assert polls(monkeypatch, done) == [("\nAnother process submitted or ended the exam.\n", True)]


def test_without_a_clock_there_are_no_warnings(monkeypatch: pytest.MonkeyPatch) -> None:
    open_end = made(now=9000, mode="practice", minutes=None)
    assert polls(monkeypatch, open_end, open_end) == [("", False)] * 2


class Lab:
    """Stands for a lab and an attempt that sealed requests do not use."""

    lab_name = "x"


def requests(found: ExamSession) -> ExamRequests:
    nothing: Any = Lab()
    return ExamRequests(nothing, nothing, found, PAPER.questions[1])


@pytest.mark.parametrize("verb", ["check", "hint"])
def test_check_and_hint_are_sealed_without_a_question(verb: str) -> None:
    written: list[str] = []
    handler, request = requests(made(now=5)), Request(verb, "")
    assert handler.question(request) is None
    assert handler.carry_out(request, written.append) == 2
    assert "".join(written) == (
        f"`{verb}` is sealed: this is question 2 of three, which is not submitted yet.\n"
        "What to do: `rung exam submit` submits all of it, and shows what was right.\n"
    )


def test_in_a_practice_a_hint_asks_first() -> None:
    practice = made(now=5, mode="practice")
    assert requests(practice).question(Request("hint", "")) == "Show the next hint? It is recorded."


def test_the_default_question_is_the_one_entered_last() -> None:
    assert exam_questions._last_entered(made(now=5)) == 1
    visits = [(at, "entered", {"question": n, "visit": str(at)}) for at, n in ((1, 2), (2, 1), (3, 2))]
    opened = made((1, "opened", {"question": 2}), (2, "opened", {"question": 1}), *visits, now=5)
    assert exam_questions._last_entered(opened) == 2
