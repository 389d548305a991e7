"""What Rung, the engine or a kill was to blame for costs a candidate nothing, and gives them nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from exam_room import Room
from fake_labs import FactDriver
from rung.runner.attempts.attempts import Attempts
from rung.runner.core.locks import file_lock
from rung.runner.exams import grade as marking
from rung.runner.exams import paths, supervisor
from rung.runner.exams.compose import compose
from rung.runner.exams.deadline import pause_exam
from rung.runner.exams.grade import ExamGrader
from rung.runner.exams.loader import load
from rung.runner.exams.machines import ExamMachines, lock_of
from rung.runner.exams.paper import with_attempts
from rung.runner.exams.result import graded
from rung.runner.exams.session import ExamSession
from rung.runner.exams.supervisor import ExamSupervisor


def report(room: Room) -> Any:
    said = room.rung("exam", "report", "--format", "json")
    assert said.code in (0, 1), said.err  # passed, or not
    return said.json


def test_a_question_whose_machines_could_not_be_made_is_taken_out_with_its_weight(room: Room) -> None:
    room.start("--no-shell")
    room.solve(1, "a", "b")
    with room.driver.world() as world:
        world["refused"] = ["gamma"]
    assert room.rung("exam", "shell", "3").code == 3
    assert room.rung("exam", "submit", "--yes").code == 0
    found = report(room)
    assert (found["score"], found["points"], found["taken_out"], found["passed"]) == (50, 75, 25, True)
    assert found["questions"][2]["error"] == "its machines could not be created: gamma does not boot."


def test_what_nobody_opened_still_earns_nothing_and_is_no_evidence(room: Room) -> None:
    room.start("--no-shell")
    said = room.rung("exam", "submit", "--yes")
    assert said.code == 1, said.err
    assert (report(room)["score"], report(room)["points"]) == (0, 100)
    assert room.reports(1) == []


def test_what_was_never_made_is_untouched_whoever_was_on_its_cluster(room: Room) -> None:
    paper = compose(load(room.exam), 7, lambda _need: {})
    ids = iter(f"{number:08x}" for number in range(1, 9))
    session = ExamSession.begin(with_attempts(paper, ids.__next__, {1: "c1", 2: "c1"}), "exam", minutes=60)
    machines = ExamMachines(session.id, Attempts(FactDriver()))
    session.append("started")
    machines.open(session.paper.questions[0])
    session.append("opened", question=1)
    session.append("submitted")
    assert ExamGrader(machines).grade_all() == {}
    result = graded(ExamSession.read(session.id))
    assert [question["error"] for question in result["questions"]] == [None] * 3
    assert (result["score"], result["points"], result["taken_out"]) == (0, 100, 0)


def test_a_kill_right_after_a_grant_leaves_an_end_that_stops_the_machines(room: Room, tmp_path: Path) -> None:
    room.start("--no-shell")
    room.solve(1, "a")
    room.pass_time(3660)
    assert room.status()["state"] == "over"
    log = tmp_path / "log"
    room.copied(tmp_path / "counted").rung("exam", "start", "--grant", log=log)
    at = next(int(line.split()[0]) for line in log.read_text().splitlines() if line.endswith("after granted"))
    assert room.rung("exam", "start", "--grant", kill=at).code == -9
    assert room.status()["state"] == "running"
    assert room.rung("exam", "shell", "1").code == 0
    assert "running" in room.states()
    room.leave(-1)
    assert (room.status()["state"], room.states()) == ("over", {"paused"})


def test_after_the_end_nobody_has_to_serve_it(room: Room) -> None:
    room.start("--no-shell")
    room.status()
    room.leave(-1)
    assert room.status()["state"] == "over"
    room.pass_time(36_000)
    room.status()
    room.rung("exam", "submit", "--yes")
    assert report(room)["downs"] == []


def test_a_kill_between_standing_still_and_its_entry_makes_nobody_late(room: Room, tmp_path: Path) -> None:
    room.start("--no-shell")
    room.leave(-1)
    log = tmp_path / "log"
    room.copied(tmp_path / "counted").rung("exam", "status", log=log)
    # The machine's own journal says `paused` first; the exam's follows.
    at = [int(line.split()[0]) for line in log.read_text().splitlines() if line.endswith("before paused")][-1]
    assert room.rung("exam", "status", kill=at).code == -9
    assert room.states() == {"paused"}
    room.pass_time(1800)
    room.status()
    room.rung("exam", "submit", "--yes")
    assert (report(room)["late_minutes"], report(room)["in_time"]) == (0, True)


@pytest.fixture
def exam(room: Room) -> str:
    """An exam whose clock runs; no machine of it is made."""
    paper = compose(load(room.exam), 7, lambda _need: {})
    ids = iter(f"{number:08x}" for number in range(1, 9))
    session = ExamSession.begin(with_attempts(paper, ids.__next__, {}), "exam", minutes=60)
    session.append("started")
    return session.id


def test_a_question_that_is_there_is_opened_while_others_are_made(exam: str) -> None:
    machines, said = ExamMachines(exam, Attempts(FactDriver())), []
    one, two = ExamSession.read(exam).paper.questions[:2]
    machines.prepare(one)
    with file_lock(lock_of(exam, two)), file_lock(lock_of(exam, one)):
        assert machines.prepare(one, lambda *step: said.append(step)).state == "ready"
    assert said == []


def test_what_goes_wrong_in_an_unforeseen_way_keeps_nobody_from_a_result(
    exam: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    machines = ExamMachines(exam, Attempts(FactDriver()))
    session = ExamSession.read(exam)
    for question in session.paper.questions[:2]:
        machines.open(question)
        session.append("opened", question=question.number)
    session.append("submitted")
    real = marking.grade

    def grade(lab: Any, *given: Any, **more: Any) -> Any:
        if lab.name == "alpha":
            raise ValueError("no such thing")
        return real(lab, *given, **more)

    monkeypatch.setattr(marking, "grade", grade)
    assert ExamGrader(machines).grade_all() == {1: "ValueError: no such thing"}
    states = {m.state for found in machines.attempts.driver.attempts() for m in found.machines}
    assert states == {"paused"}, "what is not graded yet stays as it is"
    assert ExamGrader(machines, give_up=True).grade_all() == {}
    result = graded(ExamSession.read(exam))
    assert (result["questions"][0]["error"], result["points"]) == ("ValueError: no such thing", 50)


def test_of_less_than_half_an_exam_nobody_says_that_it_was_passed(exam: str) -> None:
    session = ExamSession.read(exam)
    session.append("submitted")
    whole = {"score": 2, "points": 2, "tasks": [{"id": "one", "score": 2, "points": 2, "checks": [
        {"points": 2, "holds": False, "outcome": "passed"}]}]}  # fmt: skip
    session.append("marked", question=1, error="no engine")
    session.append("marked", question=2, report=whole)
    session.append("marked", question=3, error="no engine")
    result = graded(ExamSession.read(exam))
    assert (result["score"], result["points"], result["taken_out"], result["passed"]) == (25, 25, 75, False)


def test_an_engine_that_was_gone_at_the_deadline_is_on_record(exam: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "BEAT", 0.0)
    driver = FactDriver()

    def connect() -> FactDriver:
        driver.alive()
        return driver

    one = ExamSupervisor(exam, connect, say=lambda _text: None)
    monkeypatch.setattr(ExamSession, "over", property(lambda _self: True))
    driver.dead = True
    assert one._step()
    driver.dead = False
    assert not one._step()
    assert [down["why"] for down in ExamSession.read(exam).downs] == ["engine"]


def test_machines_that_could_not_be_stopped_are_told_of(exam: str, monkeypatch: pytest.MonkeyPatch) -> None:
    machines = ExamMachines(exam, Attempts(FactDriver()))
    machines.open(ExamSession.read(exam).paper.question(1))
    monkeypatch.setattr(ExamSession, "over", property(lambda _self: True))
    monkeypatch.setattr(FactDriver, "pause", lambda *_: None)
    pause_exam(machines)
    assert ExamSession.read(exam).unpaused_questions == [1]


def test_a_supervisor_whose_exam_is_gone_ends(exam: str) -> None:
    paths.journal(exam).path.unlink()
    said: list[str] = []
    assert not ExamSupervisor(exam, FactDriver, say=said.append)._step()
    assert said[0].endswith(" the exam's journal is gone")


def test_one_check_that_could_not_be_asked_takes_its_own_weight_out_and_no_more(
    exam: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver = FactDriver()
    machines, session = ExamMachines(exam, Attempts(driver)), ExamSession.read(exam)
    for question in session.paper.questions:
        machines.open(question)
        session.append("opened", question=question.number)
        driver.facts[question.attempt] |= {"a": "yes"}
    real = FactDriver.told

    def told(self: FactDriver, name: str, facts: dict[str, str]) -> str:
        if name == "b" and facts is driver.facts[session.paper.question(1).attempt]:
            raise OSError("the channel broke")
        return real(self, name, facts)

    monkeypatch.setattr(FactDriver, "told", told)
    session.append("submitted")
    assert ExamGrader(machines).grade_all() == {}
    result = graded(ExamSession.read(exam))
    whole: dict[str, Any] = dict(result)
    expected = {"score": 50, "points": 75, "pass_mark": 45, "taken_out": 25, "passed": True}
    assert {key: whole[key] for key in expected} == expected
    one, two, _ = result["questions"]
    assert (one["weight"], one["score"], one["points"], one["error"]) == (50, 25, 25, None)
    assert [(c["id"], c["outcome"]) for t in one["tasks"] for c in t["checks"]] == [
        ("a", "passed"),
        ("b", "broken"),
        ("kept", "passed"),
    ]
    assert (two["score"], two["points"]) == (12.5, 25)
    assert [(d["id"], d["score"], d["points"]) for d in result["domains"]] == [
        ("rhcsa10.tools", 25, 25),
        ("rhcsa10.users", 25, 50),
    ]
