"""What an exam's journal and the clock tell of it."""

from __future__ import annotations

from typing import Any

import pytest

from exam_papers import DAY, PAPER, at, made
from exam_room import Room
from rung.runner.core import processes
from rung.runner.core.errors import UsageError
from rung.runner.exams import session
from rung.runner.exams.clock import Moment
from rung.runner.exams.session import ExamSession
from rung.runner.exams.time_spent import visited


@pytest.fixture(autouse=True)
def _no_sign_of_life(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session.heartbeat, "last", lambda _exam: None)


def test_an_exam_runs_until_its_time_is_up_and_counts_to_its_submission() -> None:
    assert (made(now=3599).phase, made(now=3600).phase) == ("running", "over")
    done = made((1200, "submitted", {}), now=9000)
    assert (done.phase, done.elapsed, done.left, done.late) == ("submitted", 1200, 2400, 0)


def test_the_clock_of_a_practice_tells_and_ends_nothing() -> None:
    assert made(now=9000, mode="practice").phase == "running"
    assert made(now=9000, mode="practice", minutes=None).left is None


def test_only_an_exam_that_is_open_is_sealed() -> None:
    assert [made(now=5, mode=mode).sealed for mode in ("exam", "practice")] == [True, False]
    assert made((5, "submitted", {}), now=6).sealed
    assert not made((5, "submitted", {}), (6, "graded", {}), now=7).sealed


def test_a_state_is_late_by_the_time_at_which_it_was_seen() -> None:
    in_time = made((3601, "paused", {"late": 0.4}), (9000, "submitted", {}), now=9001)
    assert (in_time.late, in_time.paused_at_deadline) == (0, True)
    late = made((5000, "paused", {"late": 1400.0}), (9000, "submitted", {}), now=9001)
    assert late.late == 1400
    unseen = made((3700, "submitted", {}), now=3701)
    assert unseen.late == 100


def test_what_was_granted_is_time_and_is_not_granted_twice() -> None:
    down = {"why": "rung", "seconds": 600.0, "since": 5.0, "seen": at(10).as_json()}
    engine = {"why": "engine", "seconds": 60.0, "since": 700.0}
    lost = made((610, "back", down), (900, "down", engine), now=3600)
    assert ([e["why"] for e in lost.grantable], lost.phase) == (["rung", "engine"], "over")
    given = made(
        (610, "back", down), (900, "down", engine), (3600, "granted", {"seconds": 600, "since": [5.0]}), now=3600
    )
    assert (given.phase, given.left, [e["why"] for e in given.grantable]) == ("running", 600, ["engine"])


def test_over_a_restart_of_the_computer_the_last_sign_of_life_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    sign = at(1800)
    monkeypatch.setattr(session.heartbeat, "last", lambda _exam: sign)
    # The new boot is 100 s old, and somebody has set the clock back to before the exam.
    back = Moment(DAY - 9999, "two", 100, 100)
    assert ExamSession("x", made(now=0).events, back).elapsed == 1900
    entered = {"event": "back", "at": "x", "clock": back.as_json(), "seen": sign.as_json()}
    later = Moment(DAY - 9989, "two", 110, 110)
    assert ExamSession("x", (*made(now=0).events, entered), later).elapsed == 1910


def test_flags_and_notes_are_the_last_ones() -> None:
    found = made(
        (1, "flagged", {"question": 1, "on": True}), (2, "flagged", {"question": 2, "on": True}),
        (3, "flagged", {"question": 1, "on": False}), (4, "noted", {"question": 2, "text": "one"}),
        (5, "noted", {"question": 2, "text": "two"}), (6, "noted", {"question": 1, "text": "x"}),
        (7, "noted", {"question": 1, "text": ""}), now=9,
    )  # fmt: skip
    assert (found.flags, found.notes) == ({2}, {2: "two"})


def shells(*entries: tuple[float, str, int, str]) -> list[dict[str, Any]]:
    return [{"event": e, "question": q, "visit": v, "clock": at(s).as_json()} for s, e, q, v in entries]


@pytest.mark.parametrize(
    ("entries", "seconds"),
    [
        (shells((10, "entered", 1, "a"), (40, "left", 1, "a")), 30),
        # Two terminals at once count once.
        (shells((10, "entered", 1, "a"), (20, "entered", 1, "b"), (30, "left", 1, "a"), (50, "left", 1, "b")), 40),
        # Another question's shell beside it.
        (shells((10, "entered", 1, "a"), (20, "entered", 2, "b"), (30, "left", 2, "b"), (40, "left", 1, "a")), 30),
        # One that was killed: until the next was opened.
        (shells((10, "entered", 1, "a"), (25, "entered", 2, "b"), (30, "left", 2, "b")), 15),
        (shells((10, "entered", 1, "a")), 90),
        (shells((10, "entered", 2, "a"), (20, "left", 2, "a")), 0),
    ],
)
def test_time_on_a_question_is_that_of_its_open_shells(entries: list[dict[str, Any]], seconds: float) -> None:
    assert visited(entries, 1, at(100)) == seconds


def test_a_shell_whose_computer_went_down_was_open_until_the_last_sign_of_life() -> None:
    back = {"event": "back", "seen": at(30).as_json(), "clock": at(900).as_json()}
    assert visited([*shells((10, "entered", 1, "a")), back], 1, at(1000)) == 20


def test_whoever_is_inside_is_told_by_the_processes_that_live() -> None:
    live, dead = {"visit": "a", "process": processes.this_process()}, {"visit": "b", "process": "1:1"}
    found = made((1, "entered", {"question": 1, **live}), (2, "entered", {"question": 2, **dead}), now=3)
    assert found.inside() == {1}
    assert (
        made((1, "entered", {"question": 1, **live}), (2, "left", {"question": 1, "visit": "a"}), now=3).inside()
        == set()
    )


def test_exams_are_found_by_the_beginning_of_their_id(room: Room) -> None:
    del room
    with pytest.raises(UsageError) as error:
        ExamSession.find()
    assert str(error.value) == "You have taken no exam yet."
    first = ExamSession.begin(PAPER, "exam", minutes=60)
    assert ExamSession.find(first.id[:3]).id == ExamSession.find().id == first.id
    with pytest.raises(UsageError) as error:
        ExamSession.find("zz")
    assert str(error.value) == "No exam has an id that begins with `zz`."
