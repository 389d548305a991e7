"""A lab and a whole exam are done through `services` alone: no command line, no terminal, nothing printed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from exam_room import Room
from fake_lab import LAB, SOLUTION, World
from rung.checks.core.outcome import Outcome
from rung.runner.catalog import trust
from rung.runner.core.errors import UsageError
from rung.runner.exams import supervisor
from rung.runner.services import current, lifecycle
from rung.runner.services.check import GradeRequest, check_lab
from rung.runner.services.exam_questions import opened_question
from rung.runner.services.exam_report import exam_result, review_exam
from rung.runner.services.exam_serve import machine_states, note_of, question_views, served_session, set_flag, set_note
from rung.runner.services.exam_start import ExamRequest, create_first_machines, draw_exam, end_exam, start_clock
from rung.runner.services.exam_submit import grade_exam, needs_submission, submit_exam
from rung.runner.services.hints import next_hint, solution_of
from rung.runner.services.start import StartRequest, find_lab, start_lab
from rung.runner.services.tasks import tasks_of


@pytest.fixture(autouse=True)
def _no_terminal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither a terminal nor a data folder of somebody else's."""
    monkeypatch.setenv("RUNG_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(sys, "stdin", None)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    world = World()
    monkeypatch.setattr(current, "driver", lambda: world)
    return world


def test_a_lab_from_start_to_stop(world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "two-files"
    folder.mkdir()
    (folder / "lab.yaml").write_text(LAB)
    (folder / "solution.sh").write_text(SOLUTION)
    trust.trust(folder)
    steps: list[str] = []
    told: list[str] = []

    started = start_lab(
        current.attempts(), find_lab(str(folder)), StartRequest(seed=1), progress=lambda step, _what: steps.append(step)
    )
    assert (started.resumed, started.lab.name, steps[:2]) == (False, "two-files", ["network", "create"])
    assert tasks_of(started.lab).points == {"first": 2, "second": 1}

    again = start_lab(
        current.attempts(),
        find_lab(str(folder)),
        StartRequest(),
        tell=lambda *pieces: told.append("".join(p if isinstance(p, str) else p[0] for p in pieces)),
    )
    attempt = again.attempt
    assert (again.resumed, attempt.id) == (True, started.attempt.id)
    going_on = f"two-files is running already: you go on with attempt {attempt.id}. "
    assert told == [going_on + "rung start --new starts another one beside it."]

    before = check_lab(attempt, again.lab, GradeRequest())
    assert [check.outcome for task in before.tasks for check in task.checks] == [
        Outcome.FAILED, Outcome.BLOCKED, Outcome.PASSED
    ]  # fmt: skip
    assert next_hint(attempt, again.lab, None).shown == ("Look at touch.",)
    assert solution_of(attempt, again.lab).startswith("# the values of this attempt\ncolour=red\n")
    world.holds |= {"one", "two"}
    assert check_lab(attempt, again.lab, GradeRequest()).passed

    assert [found.id for found in lifecycle.status().attempts] == [attempt.id]
    assert lifecycle.pause(None).id == attempt.id
    with pytest.raises(UsageError) as paused:
        current.running(None)
    assert str(paused.value) == "two-files is paused."
    lifecycle.resume(None)
    lifecycle.reset(None)
    stopped = lifecycle.stop(None)
    assert (stopped.lab_name, stopped.leftovers, stopped.spare_stays) == ("two-files", (), False)
    assert lifecycle.status().attempts == []
    assert capsys.readouterr() == ("", "")


def test_an_exam_from_the_draw_to_the_result(
    room: Room, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(current, "driver", lambda: room.driver)
    monkeypatch.setattr(supervisor, "launch", lambda _exam: None)

    drawn = draw_exam(ExamRequest(str(room.exam), seed=7))
    assert (drawn.new, drawn.session.phase) == (True, "drawn")
    assert not draw_exam(ExamRequest()).new
    with pytest.raises(UsageError) as early:
        question_views(None)
    assert str(early.value) == "The clock of three does not run yet."
    create_first_machines(drawn.session)
    session = start_clock(drawn.session)
    assert (session.phase, machine_states(session)) == ("running", {1: "ready"})
    assert [view.points for view in question_views(None)] == [{"one": 1, "two": 1}] * 3

    with opened_question(None, 2) as opened:
        room.do(2, "a", "b")
        assert opened.view.question.number == 2
    set_flag(None, 3, on=True)
    set_note(None, 3, "later")
    assert (served_session(None).flags, note_of(None, 3)) == ({3}, "later")

    session = served_session(None)
    assert needs_submission(session)
    session = submit_exam(session)
    assert (session.phase, needs_submission(session)) == ("submitted", False)
    graded = grade_exam(session)
    assert graded.failures == {}
    assert graded.report == exam_result(None)
    assert [question["score"] for question in graded.report["questions"]] == [0.0, 25.0, 0.0]
    assert [question["number"] for question in review_exam(None, 2).questions] == [2]
    with pytest.raises(UsageError) as over, opened_question(None, 1):
        pass
    assert str(over.value) == f"three (exam {session.id}): It is graded."
    end_exam(served_session(None))
    assert room.driver.attempts() == []
    assert capsys.readouterr() == ("", "")
