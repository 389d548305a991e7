"""Signs of life, and what is known of the time in which there was none."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest

from rung.runner.exams import heartbeat, paths
from rung.runner.exams.clock import Moment

DAY = 1_800_000_000.0


@dataclass
class Clock:
    now: Moment

    def set(self, seconds: float, boot: str, up: float) -> None:
        self.now = Moment(DAY + seconds, boot, up, up)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> Clock:
    monkeypatch.setenv("RUNG_HOME", str(tmp_path))
    clock = Clock(Moment(DAY, "here", 1000, 1000))
    monkeypatch.setattr(heartbeat, "moment", lambda: clock.now)
    return clock


def gaps() -> list[tuple[str, float, str]]:
    return [(e["why"], e["seconds"], e["seen"]["boot"]) for e in paths.journal("x").events("back")]


def test_a_gap_between_signs_of_life_is_entered_once(clock: Clock) -> None:
    heartbeat.beat("x")
    clock.set(50, "here", 1050)
    heartbeat.beat("x")
    assert gaps() == []
    clock.set(250, "here", 1250)
    heartbeat.beat("x")
    heartbeat.beat("x")
    assert gaps() == [("rung", 200.0, "here")]
    clock.set(400, "there", 20)
    heartbeat.beat("x")
    heartbeat.beat("x")
    assert gaps() == [("rung", 200.0, "here"), ("computer", 150.0, "here")]


def test_what_was_entered_is_a_sign_of_life_too(clock: Clock) -> None:
    heartbeat.beat("x")
    clock.set(900, "here", 1900)
    paths.journal("x").append("flagged", clock=clock.now.as_json())
    clock.set(950, "here", 1950)
    heartbeat.beat("x")
    assert gaps() == []


def test_a_process_that_was_killed_before_it_gave_its_sign_leaves_no_second_gap(clock: Clock) -> None:
    heartbeat.beat("x")
    sign = paths.beat_file("x").read_text()
    clock.set(600, "there", 100)
    heartbeat.beat("x")
    paths.beat_file("x").write_text(sign)
    heartbeat.beat("x")
    assert gaps() == [("computer", 600.0, "here")]


def test_a_new_boot_is_entered_even_where_no_time_was_lost(clock: Clock) -> None:
    heartbeat.beat("x")
    clock.set(30, "there", 10)
    heartbeat.beat("x")
    (event,) = paths.journal("x").events("back")
    assert ("why" in event, event["seen"]["boot"]) == (False, "here")


def test_a_sign_of_life_that_cannot_be_read_is_none(clock: Clock) -> None:
    heartbeat.beat("x")
    assert heartbeat.last("x") == clock.now
    for text in ("", "{", "[]", json.dumps({"wall": "x"})):
        paths.beat_file("x").write_text(text)
        assert heartbeat.last("x") is None


def test_a_full_disk_ends_no_process_and_keeps_the_last_sign_of_life(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    heartbeat.beat("x")
    first = clock.now

    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(heartbeat, "write_atomically", full)
    clock.set(10, "here", 1010)
    heartbeat.beat("x")
    assert heartbeat.last("x") == first
