"""What happens beside and in a question's shell: warnings, the end, and words that are sealed."""

from __future__ import annotations

from typing import Any

import pytest

from exam_papers import PAPER, made
from rung.runner.exams import heartbeat, session, supervisor
from rung.runner.exams.session import ExamSession
from rung.runner.services import exam_questions
from rung.runner.shell.exam_shell import ExamRequests, ExamWatch
from rung.runner.shell.proxy import Request

LAUNCHED: list[str] = []


@pytest.fixture(autouse=True)
def _no_signs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session.heartbeat, "last", lambda _exam: None)
    monkeypatch.setattr(heartbeat, "beat", lambda _exam: None)
    monkeypatch.setattr(supervisor, "launch", LAUNCHED.append)
    LAUNCHED.clear()


def looks(monkeypatch: pytest.MonkeyPatch, *stands: ExamSession) -> list[tuple[str, bool]]:
    """What the watch says as the exam comes to stand so, one after the other."""
    row = list(stands)
    watch = ExamWatch(row[0])
    monkeypatch.setattr(ExamSession, "read", lambda _exam: row.pop(0))
    return [watch.look() for _ in range(len(row))]


def test_it_warns_thirty_ten_and_five_minutes_before_the_end_once_each(monkeypatch: pytest.MonkeyPatch) -> None:
    times = (1700, 1790, 1801, 1810, 2990, 3001, 3290, 3301, 3590)
    said = [text for text, ends in looks(monkeypatch, *(made(now=time) for time in times)) if text and not ends]
    assert said == ["\n\a30 minutes left.\n", "\n\a10 minutes left.\n", "\n\a5 minutes left.\n"]


def test_it_ends_the_shell_with_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    said = looks(monkeypatch, made(now=3599), made(now=3600))
    assert said == [
        ("", False),
        ("\n\aTime is up: the machines stand still as they are. `rung exam submit` has them graded.\n", True),
    ]


def test_at_the_end_somebody_stops_the_machines_even_if_the_keeper_was_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    looks(monkeypatch, made(now=3600))
    assert LAUNCHED == ["0badcafe"]
    looks(monkeypatch, made((3600, "paused", {"late": 0.1}), now=3601))
    assert LAUNCHED == ["0badcafe"]


def test_it_ends_the_shell_of_an_exam_that_is_submitted_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    done = made((60, "submitted", {}), now=61)
    assert looks(monkeypatch, done) == [("\nThe exam was submitted or ended from elsewhere.\n", True)]


def test_without_a_clock_it_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    open_end = made(now=9000, mode="practice", minutes=None)
    assert looks(monkeypatch, open_end, open_end) == [("", False)] * 2


class Lab:
    """Enough of a lab and an attempt for errands that must not touch them."""

    lab_name = "x"


def errands(found: ExamSession) -> ExamRequests:
    nothing: Any = Lab()
    return ExamRequests(nothing, nothing, found, PAPER.questions[1])


@pytest.mark.parametrize("verb", ["check", "hint"])
def test_words_that_tell_are_sealed_and_ask_nothing(verb: str) -> None:
    said: list[str] = []
    one, request = errands(made(now=5)), Request(verb, "")
    assert one.question(request) is None
    assert one.carry_out(request, said.append) == 2
    assert "".join(said) == (
        f"`{verb}` is sealed: this is question 2 of three, which is not submitted yet.\n"
        "What to do: `rung exam submit` submits all of it, and shows what was right.\n"
    )


def test_in_a_practice_a_hint_asks_as_it_does_everywhere() -> None:
    practice = made(now=5, mode="practice")
    assert errands(practice).question(Request("hint", "")) == "Show the next hint? It is recorded."


def test_the_question_that_was_opened_last_is_meant() -> None:
    assert exam_questions._last_entered(made(now=5)) == 1
    visits = [(at, "entered", {"question": n, "visit": str(at)}) for at, n in ((1, 2), (2, 1), (3, 2))]
    opened = made((1, "opened", {"question": 2}), (2, "opened", {"question": 1}), *visits, now=5)
    assert exam_questions._last_entered(opened) == 2
