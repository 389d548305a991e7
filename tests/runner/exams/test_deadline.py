"""The deadline: machines are paused at it, nothing moves it, and lost time can be granted."""

from __future__ import annotations

import os
import signal

from exam_room import Room, until
from rung.runner.core import processes


def supervisor_pid(room: Room) -> int:
    """The id of the exam's supervisor, by its log."""
    log = room.journal().with_suffix(".log").read_text()
    return int(log.split("supervisor ")[-1].split()[0])


def test_the_supervisor_makes_the_machines_ahead_and_stops_them_at_the_end(room: Room) -> None:
    room.environment.clear()
    room.start("--no-shell")
    until(lambda: len(room.driver.attempts()) == 3, "the supervisor makes the machines of every question")
    room.solve(1, "a", "b")
    room.leave(60)
    assert room.status()["state"] == "running"
    room.leave(3)
    until(lambda: room.states() == {"paused"}, "the supervisor pauses all machines")
    until(lambda: any(e["event"] == "paused" for e in room.events()), "and enters it")
    (paused,) = [event for event in room.events() if event["event"] == "paused"]
    assert (paused["questions"], paused["late"] < 5) == ([1, 2, 3], True)

    refused = room.rung("exam", "shell", "1")
    assert (refused.code, refused.err.splitlines()[-2:]) == (
        2,
        [
            f"three (exam {room.journal().stem}): Time is up, and its machines are paused.",
            "What to do: `rung exam submit` has them graded as they are.",
        ],
    )
    assert room.rung("resume", "--attempt", room.attempt(1)).code == 2
    assert room.rung("exam", "start").code == 1
    room.pass_time(600)  # whenever it is submitted
    said = room.rung("exam", "submit", "--yes")
    assert (said.code, "50 of 100 points" in said.out) == (1, True)
    report = room.rung("exam", "report", "--format", "json").json
    assert (report["late_minutes"], report["in_time"]) == (0, True)
    assert room.reports(1)[0]["in_time"] is True


def test_where_nobody_was_there_at_the_end_the_report_says_how_late_the_state_was_seen(room: Room) -> None:
    room.start("--no-shell")
    room.solve(1, "a", "b")
    room.leave(-270)
    assert room.status()["state"] == "over"
    assert room.states() == {"paused"}
    assert room.rung("exam", "submit", "--yes").code == 1
    said = room.rung("exam", "report")
    assert "The machines were paused 5 minutes late: the graded state is from then." in said.out
    report = room.rung("exam", "report", "--format", "json").json
    assert (report["late_minutes"], report["in_time"], report["score"]) == (5, False, 50)
    assert room.reports(1)[0]["in_time"] is False


def test_a_supervisor_that_was_killed_is_replaced_by_the_next_command(room: Room) -> None:
    room.environment.clear()
    room.start("--no-shell")
    until(lambda: len(room.driver.attempts()) == 3, "the supervisor makes the machines of every question")
    first = supervisor_pid(room)
    os.kill(first, signal.SIGKILL)
    until(lambda: not processes.is_alive(str(first)) or True, "it is gone")
    room.status()
    until(lambda: supervisor_pid(room) != first, "another one serves the exam")
    room.rung("exam", "stop", "--yes")
    assert list(room.driver.attempts()) == []


def test_time_for_which_rung_was_down_is_given_back_when_asked_and_the_report_says_so(room: Room) -> None:
    room.start("--no-shell")
    room.solve(1, "a", "b")
    room.pass_time(3660)  # and nobody gave a sign of life
    status = room.status()
    assert (status["state"], room.states()) == ("over", {"paused"})
    said = room.rung("exam", "start", "--grant")
    assert said.code == 0, said.err
    assert "1 h 01 min were given back, and the report says so." in said.err
    assert (room.status()["state"], room.states()) == ("running", {"running"})
    again = room.rung("exam", "start", "--grant")
    assert "No time was lost since the last grant." in again.err
    room.solve(2, "a", "b")
    assert room.rung("exam", "submit", "--yes").code == 0
    report = room.rung("exam", "report", "--format", "json").json
    (down,) = report["downs"]
    assert (report["late_minutes"], report["granted_minutes"] >= 61, down["why"], down["granted"]) == (
        0, True, "rung", True
    )  # fmt: skip
    assert "No Rung process lived for 1 h 01 min, which was given back." in room.rung("exam", "report").out


def test_setting_the_clock_of_the_computer_lengthens_nothing(room: Room) -> None:
    room.start("--no-shell")
    (started,) = [event for event in room.events() if event["event"] == "started"]
    text = room.journal().read_text()
    # As if the clock had been set back by a day since the start.
    room.journal().write_text(
        text.replace(f'"wall": {started["clock"]["wall"]}', f'"wall": {started["clock"]["wall"] + 86400}')
    )
    assert room.status()["seconds_left"] <= 3600
    room.leave(-1)
    assert room.status()["state"] == "over"
