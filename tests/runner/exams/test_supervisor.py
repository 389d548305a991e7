"""The supervisor: creates machines ahead within the free memory, survives an engine that is gone, pauses at the end."""

from __future__ import annotations

import time
from typing import NoReturn

import pytest

from exam_room import Room
from fake_labs import FactDriver
from rung.runner.attempts.attempts import Attempts
from rung.runner.core.errors import EngineGone, EnvironmentBroken
from rung.runner.core.journal import EventJournal
from rung.runner.core.locks import file_lock, is_locked
from rung.runner.exams import deadline, paths, supervisor
from rung.runner.exams.compose import compose
from rung.runner.exams.loader import load
from rung.runner.exams.machines import ExamMachines
from rung.runner.exams.paper import with_attempts
from rung.runner.exams.session import ExamSession
from rung.runner.exams.supervisor import ExamSupervisor


@pytest.fixture
def exam(room: Room) -> str:
    """An exam whose clock runs; no machine of it is made."""
    paper = compose(load(room.exam), 7, lambda _need: {})
    ids = iter(f"{number:08x}" for number in range(1, 9))
    session = ExamSession.begin(with_attempts(paper, ids.__next__, {}), "exam", minutes=60)
    session.append("started")
    return session.id


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> FactDriver:
    monkeypatch.setattr(supervisor, "TICK", 0.01)
    monkeypatch.setattr(supervisor, "BEAT", 0.0)
    return FactDriver()


def kept(exam: str, driver: FactDriver) -> ExamSupervisor:
    return ExamSupervisor(exam, lambda: _connected(driver), say=lambda _text: None)


def _connected(driver: FactDriver) -> FactDriver:
    driver.alive()
    return driver


def turn(one: ExamSupervisor, times: int = 1) -> None:
    for _ in range(times):
        assert one._step()
        if one.worker is not None:
            one.worker.join(20)


def test_it_makes_the_machines_of_one_question_after_the_other(exam: str, driver: FactDriver) -> None:
    one = kept(exam, driver)
    turn(one)
    assert len(driver.attempts()) == 1
    turn(one, 3)
    assert [found.lab for found in driver.attempts()] == ["alpha", "beta", "gamma"]
    assert ExamSession.read(exam).numbers("prepared") == [1, 2, 3]
    assert [attempt.exam for attempt in Attempts(driver).all()] == [exam] * 3


def test_what_cannot_be_made_is_tried_twice_and_the_others_are_made(exam: str, driver: FactDriver) -> None:
    one = kept(exam, driver)
    for _ in range(2):
        driver.fail_at("boot")
        turn(one)
    turn(one, 3)
    session = ExamSession.read(exam)
    assert (session.numbers("unprepared"), session.numbers("prepared")) == ([1, 1], [2, 3])


def test_without_memory_nothing_is_made_ahead(exam: str, driver: FactDriver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "available_memory", lambda: supervisor.RESERVE)
    turn(kept(exam, driver), 3)
    assert list(driver.attempts()) == []
    monkeypatch.setattr(supervisor, "available_memory", lambda: None)
    turn(kept(exam, driver))
    assert len(driver.attempts()) == 1


def test_how_long_the_engine_did_not_answer_is_entered(exam: str, driver: FactDriver) -> None:
    one = kept(exam, driver)
    turn(one)
    driver.dead = True
    turn(one, 2)
    assert one.silent_since is not None
    time.sleep(0.2)
    driver.dead = False
    turn(one)
    (down,) = ExamSession.read(exam).downs
    assert (down["why"], down["seconds"] >= 0.2) == ("engine", True)


def test_what_is_being_made_when_the_exam_ends_is_given_up(exam: str, driver: FactDriver) -> None:
    one = kept(exam, driver)
    ExamSession.read(exam).append("submitted")
    with pytest.raises(supervisor._Stopped):
        one._progress("boot", "node1")
    assert not one._step()


def test_at_the_deadline_all_machines_are_paused_and_it_ends(
    exam: str, driver: FactDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = kept(exam, driver)
    turn(one, 4)
    monkeypatch.setattr(ExamSession, "over", property(lambda _self: True))
    assert not one._step()
    assert {m.state for found in driver.attempts() for m in found.machines} == {"paused"}
    assert ExamSession.read(exam).paused_at_deadline


def test_where_the_engine_is_gone_at_the_end_it_tries_again(
    exam: str, driver: FactDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = kept(exam, driver)
    turn(one)
    monkeypatch.setattr(ExamSession, "over", property(lambda _self: True))
    driver.dead = True
    assert one._step()
    assert not ExamSession.read(exam).paused_at_deadline
    driver.dead = False
    assert not one._step()
    assert ExamSession.read(exam).paused_at_deadline


def test_a_full_disk_at_the_deadline_stops_no_machine_from_being_paused(
    exam: str, driver: FactDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = kept(exam, driver)
    turn(one, 4)
    monkeypatch.setattr(ExamSession, "over", property(lambda _self: True))
    with monkeypatch.context() as disk:
        disk.setattr(EventJournal, "append", _full)
        assert one._step()
        assert {m.state for found in driver.attempts() for m in found.machines} == {"paused"}
        assert not ExamSession.read(exam).paused_at_deadline
    assert not one._step()  # there is room again
    session = ExamSession.read(exam)
    assert session.paused_at_deadline
    (event,) = [event for event in session.events if event["event"] == "paused"]
    assert event["questions"] == [1, 2, 3]


def test_where_not_even_a_lock_can_be_made_the_machines_are_paused(
    exam: str, driver: FactDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = kept(exam, driver)
    turn(one, 4)
    monkeypatch.setattr(ExamSession, "over", property(lambda _self: True))
    monkeypatch.setattr(deadline, "file_lock", _full)
    assert not one._step()
    assert {m.state for found in driver.attempts() for m in found.machines} == {"paused"}


def test_a_log_that_cannot_be_written_does_not_end_it(exam: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("builtins.print", _no_room)
    one = ExamSupervisor(exam, _no_room)
    with one._errors_logged():
        one.connect()


def _no_room(*_args: object, **_more: object) -> NoReturn:
    raise OSError(28, "No space left on device")


def test_a_journal_that_cannot_be_read_does_not_end_it(
    exam: str, driver: FactDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    one = ExamSupervisor(exam, lambda: _connected(driver), say=said.append)
    monkeypatch.setattr(ExamSession, "read", classmethod(_unreadable))
    assert one._pause() == supervisor.TICK
    assert said[0].endswith("the disk is gone")


def test_after_a_grant_of_time_machines_are_created_again(
    exam: str, driver: FactDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = kept(exam, driver)
    turn(one)
    driver.dead = True
    with monkeypatch.context() as over:
        over.setattr(ExamSession, "over", property(lambda _self: True))
        assert one._step()  # the engine is gone: the machines are not paused yet
    driver.dead = False
    turn(one, 3)
    assert ExamSession.read(exam).numbers("prepared") == [1, 2, 3]


def test_after_a_grant_of_time_the_new_deadline_counts(exam: str, driver: FactDriver) -> None:
    one = kept(exam, driver)
    one.late = 90.0  # of the old deadline, which was not recorded
    turn(one)
    assert one.late is None


def test_an_exam_that_runs_again_before_it_is_paused_is_supervised_on(exam: str, driver: FactDriver) -> None:
    one = kept(exam, driver)
    turn(one)
    assert not one._time_is_up()  # time was granted since the supervisor looked at the clock
    assert {m.state for found in driver.attempts() for m in found.machines} == {"running"}


def test_a_supervisor_that_ends_serves_an_exam_that_was_granted_time_meanwhile(
    exam: str, driver: FactDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The grant comes while the supervisor still holds its lock, so that no other one can start."""
    one = kept(exam, driver)
    monkeypatch.setattr(ExamSession, "over", property(lambda _self: True))
    give_up, runs = ExamSupervisor._give_up, []

    def ending(self: ExamSupervisor) -> None:
        give_up(self)
        runs.append(ExamSession.read(exam).phase)
        monkeypatch.setattr(ExamSession, "over", property(lambda _self: False))

    def progress(text: str) -> None:
        if text.endswith("question 3 is ready"):
            ExamSession.read(exam).append("submitted")

    one.say = progress
    monkeypatch.setattr(ExamSupervisor, "_give_up", ending)
    assert one.serve()
    assert runs == ["over", "submitted"]
    assert ExamSession.read(exam).numbers("prepared") == [1, 2, 3]


def test_an_engine_that_stays_gone_is_asked_less_and_less_often(
    exam: str, driver: FactDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "TICK", 1.0)
    monkeypatch.setattr(supervisor, "BEAT", 10.0)
    one = kept(exam, driver)
    driver.dead = True
    pauses = []
    for _ in range(6):
        one._ask_engine()
        pauses.append(one._pause())
    assert pauses == [2, 4, 8, 10, 10, 10]
    driver.dead = False
    one._ask_engine()
    assert one._pause() == 1


def _full(*_args: object, **_data: object) -> None:
    raise EnvironmentBroken("the disk is full")


def _unreadable(*_args: object) -> ExamSession:
    raise EnvironmentBroken("the disk is gone")


def test_an_exam_has_one_supervisor(exam: str, driver: FactDriver) -> None:
    with file_lock(paths.lock(exam, "keeper")) as mine:
        assert mine
        assert is_locked(paths.lock(exam, "keeper"))
        assert not kept(exam, driver).serve()
    assert not is_locked(paths.lock(exam, "keeper"))


def test_a_question_that_was_opened_is_never_made_again_by_itself(exam: str, driver: FactDriver) -> None:
    machines = ExamMachines(exam, Attempts(driver))
    question = ExamSession.read(exam).paper.question(1)
    machines.open(question)
    driver.destroy(question.attempt)
    turn(kept(exam, driver), 4)
    assert question.attempt not in [found.attempt for found in driver.attempts()]
    with pytest.raises(Exception, match="The machines of question 1 are gone") as error:
        machines.open(question)
    assert not isinstance(error.value, EngineGone)
    assert machines.open(question, anew=True).state == "ready"
