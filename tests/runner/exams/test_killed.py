"""kill -9 at whatever moment loses nothing that was confirmed, and makes nothing count twice.

The process is killed at the first thing that it does to the world, then at the second, and so on, until it comes to
its end; each time a fresh process goes on from what the killed one left.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from exam_room import Room

# What differs between two sessions; on a busy computer two commands may be a minute apart, which is a gap.
_OWN = ("exam", "started", "submitted", "versions", "content", "downs", "at", "clock")


def result(room: Room) -> dict[str, Any]:
    """The result without what no two sessions have in common."""
    (report,) = [event for event in room.events() if event["event"] == "graded"]
    for key in _OWN:
        del report[key]
    for question in report["questions"]:
        del question["attempt"], question["seconds"]
    return report


def steps(room: Room, log: Path, *words: str) -> int:
    """How many things a command does to the world."""
    said = room.rung(*words, log=log)
    assert said.code in (0, 1), said.err
    return len(log.read_text().splitlines())


def test_a_start_that_is_killed_anywhere_goes_on(room: Room, tmp_path: Path) -> None:
    words = ("exam", "start", str(room.exam), "--seed", "7", "--no-shell")
    room.driver.path.write_text("")
    room.home.mkdir(exist_ok=True)
    fresh = room.copied(tmp_path / "counted")
    count = steps(fresh, tmp_path / "log", *words)
    assert count > 10
    for number in range(1, count + 1):
        one = room.copied(tmp_path / f"at-{number}")
        killed = one.rung(*words, kill=number)
        assert killed.code == -9, (number, killed)
        again = one.rung(*words)
        assert again.code == 0, (number, again.err)
        assert len(list((one.home / "exams").glob("*.jsonl"))) == 1, number
        names = [event["event"] for event in one.events()]
        assert (names.count("drawn"), names.count("started"), names.count("prepared")) == (1, 1, 1), number
        (found,) = one.driver.attempts()  # and nothing half-made is left
        assert found.attempt == one.attempt(1)


@pytest.fixture
def worked_on(room: Room) -> Room:
    """An exam of which two questions were worked on."""
    room.start("--no-shell")
    room.solve(1, "a", "b")
    room.solve(2, "a")
    return room


def test_a_submission_that_is_killed_anywhere_gives_the_same_result_once(worked_on: Room, tmp_path: Path) -> None:
    whole = worked_on.copied(tmp_path / "whole")
    count = steps(whole, tmp_path / "log", "exam", "submit", "--yes")
    assert count > 10
    expected = result(whole)
    assert expected["score"] == 62.5
    for number in range(1, count + 1):
        one = worked_on.copied(tmp_path / f"at-{number}")
        killed = one.rung("exam", "submit", "--yes", kill=number)
        assert killed.code == -9, (number, killed)
        again = one.rung("exam", "submit", "--yes")
        assert again.code == 0, (number, again.err)
        assert result(one) == expected, number
        names = [event["event"] for event in one.events()]
        assert (names.count("submitted"), names.count("graded"), names.count("marked")) == (1, 1, 3), number
        assert [len(one.reports(question)) for question in (1, 2)] == [1, 1], number


def test_a_supervisor_that_is_killed_anywhere_leaves_whole_machines_or_none(worked_on: Room, tmp_path: Path) -> None:
    """Question 3 is made by a supervisor; it is killed at each step, and the next one makes it, once."""
    exam = worked_on.journal().stem
    worked_on.leave(15)  # it ends by itself, with the exam's time
    for number in range(1, 9):
        one = worked_on.copied(tmp_path / f"at-{number}")
        killed = one.rung("exam", "keep", exam, kill=number)
        if killed.code != -9:
            assert number > 6, killed
            break
        said = one.rung("exam", "keep", exam)
        assert said.code == 0, (number, said.err)
        names = [event["event"] for event in one.events()]
        assert names.count("paused") == 1, number
        assert one.states() == {"paused"}, number
        assert len(one.driver.attempts()) in (2, 3)


def test_opening_a_question_that_is_killed_anywhere_loses_no_answer(worked_on: Room, tmp_path: Path) -> None:
    count = steps(worked_on.copied(tmp_path / "counted"), tmp_path / "log", "exam", "shell", "3")
    for number in range(1, count + 1):
        one = worked_on.copied(tmp_path / f"at-{number}")
        assert one.rung("exam", "shell", "3", kill=number).code == -9
        one.solve(3, "a", "b")
        assert one.rung("exam", "submit", "--yes").code == 0
        assert result(one)["score"] == 87.5, number
