"""A journal becomes one attempt or exam, with the values of its time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from learner_journals import report
from rung.runner.store.from_journals import Event, attempt_of, exam_of
from rung.runner.store.records import AttemptRecord, DomainScore, HintRecord, verdict


def event(kind: str, minute: int = 0, /, **data: Any) -> Event:
    return {"at": f"2026-03-02T12:{minute:02}:00+00:00", "event": kind, **data}


STARTING = event("starting", lab="links", seed=7, digest="d1", objectives=["o"], skills=["lin.links"])


def read(*events: Event) -> AttemptRecord:
    found = attempt_of("a1", events, lambda objectives: tuple(f"of-{o}" for o in objectives))
    assert found is not None
    return found


def minute(number: int) -> datetime:
    return datetime(2026, 3, 2, 12, number, tzinfo=UTC)


def test_an_attempt_has_the_lab_of_its_start_and_its_times() -> None:
    found = read(STARTING, event("ready", 1), event("stopped", 5))
    assert (found.id, found.lab, found.seed, found.digest, found.skills) == ("a1", "links", 7, "d1", ("lin.links",))
    assert (found.started, found.last, found.ended) == (minute(0), minute(5), True)


def test_a_lab_that_names_no_skills_has_those_of_its_objectives() -> None:
    assert read(STARTING | {"skills": []}).skills == ("of-o",)


def test_each_check_has_the_hints_and_the_solution_shown_before_it() -> None:
    found = read(
        STARTING,
        event("report", 1, score=0.5, report=report(one="passed", two="failed")),
        event("hint", 2, task="two", number=1),
        event("look", 3, score=1.0, report=report(two="passed")),
        event("solution", 4),
        event("reset", 5),
        STARTING,
        event("report", 6, score=1.0, report=report(one="passed", two="passed")),
    )
    assert [(c.run, c.whole, c.score, c.verdict, c.hints, c.solved) for c in found.checks] == [
        (0, True, 0.5, "failed", 0, False),
        (0, False, 1.0, "passed", 1, False),
        (1, True, 1.0, "passed", 1, True),
    ]
    assert found.hints == (HintRecord("two", minute(2)),)
    assert found.solution == minute(4)
    assert found.checks[0].tasks == (("one", "passed"), ("two", "failed"))


def test_a_failed_start_or_a_stop_ends_an_attempt_and_a_new_start_continues_it() -> None:
    assert read(STARTING, event("failed")).ended
    assert not read(STARTING, event("kept")).ended
    assert not read(STARTING, event("stopped"), STARTING).ended


def test_a_broken_check_is_neither_passed_nor_failed() -> None:
    assert verdict(["passed", "broken"]) is None
    assert verdict([]) is None
    assert verdict(["broken", "failed"]) == "failed"
    mixed = {"tasks": [{"id": "one", "checks": [{"outcome": "passed"}, {"outcome": "broken"}]}]}
    assert read(STARTING, event("report", report=mixed)).checks[0].tasks == (("one", "broken"),)
    blocked = {"tasks": [{"id": "one", "checks": [{"outcome": "passed"}, {"outcome": "blocked"}]}]}
    assert read(STARTING, event("report", report=blocked)).checks[0].tasks == (("one", "failed"),)


def test_the_start_or_the_report_names_the_exam() -> None:
    assert read(STARTING | {"exam": "e1"}).exam == "e1"
    found = read(STARTING, event("report", exam="e2", in_time=False, report=report(one="failed")))
    assert (found.exam, found.checks[0].in_time) == ("e2", False)


def test_events_of_an_unexpected_shape_are_ignored() -> None:
    odd: list[Event] = [
        {"event": "report"},
        event("report", report=[1]),
        event("report", report={"tasks": [3, {"checks": 4}]}, score="much"),
        event("hint", task=5),
        event("starting", lab=None),
        {"at": 3, "event": "stopped"},
        event("from-the-future", 9),
    ]
    found = read(STARTING, *odd)
    assert [(c.score, c.verdict, c.tasks) for c in found.checks] == [(0.0, None, ())]
    assert (found.ended, found.hints, found.last) == (False, (), minute(9))


def test_a_journal_that_names_no_lab_is_not_an_attempt() -> None:
    assert attempt_of("a1", [event("ready")], lambda _: ()) is None
    assert attempt_of("a1", [], lambda _: ()) is None


def test_a_graded_exam_has_its_points_by_domain_and_the_first_result_counts() -> None:
    graded = event("graded", 3, name="cka-short", track="cka", seed=4, score=30, points=50, pass_mark=33, passed=True)
    graded["domains"] = [{"id": "cka.net", "score": 30, "points": 50}]
    found = exam_of("e1", [event("started"), graded | {"late_minutes": 2.5}, event("graded", score=1)])
    assert found is not None
    assert (found.id, found.at, found.score, found.passed, found.late_minutes) == ("e1", minute(3), 30, True, 2.5)
    assert found.domains == (DomainScore("cka.net", 30, 50),)


def test_an_exam_that_was_not_graded_is_not_on_record() -> None:
    assert exam_of("e1", [event("started"), event("submitted")]) is None
