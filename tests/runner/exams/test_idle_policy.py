"""Which clusters stand still: never one that somebody works on, and none that was worked on is ever stopped."""

from __future__ import annotations

from rung.runner.exams.idle_policy import CALM, ClusterUse, needed, resting, to_halt


def place(
    *numbers: int, state: str = "running", opened: bool = True, inside: bool = False, idle: float = 999
) -> ClusterUse:
    return ClusterUse(numbers, state, opened, inside, idle)  # type: ignore[arg-type]


def test_one_that_nobody_has_opened_stands_still_at_once() -> None:
    unopened = place(1, opened=False, idle=0)
    assert resting([unopened, place(2, inside=True)], 2) == [(unopened, "pause")]


def test_those_that_were_used_last_go_on_running() -> None:
    places = [place(1, idle=500), place(2, idle=300), place(3, idle=400), place(4, inside=True)]
    assert [p.numbers for p, _ in resting(places, 3)] == [(1,)]
    assert [p.numbers for p, _ in resting(places, 2)] == [(3,), (1,)]


def test_one_that_was_left_just_now_goes_on_whatever_their_number() -> None:
    assert resting([place(n, idle=CALM - 1) for n in range(9)], 2) == []


def test_what_stands_still_already_is_left_alone() -> None:
    assert resting([place(1, state="paused"), place(2, state="stopped", opened=False)], 0) == []


def test_where_memory_is_short_the_last_unopened_one_is_stopped_and_never_one_that_was_worked_on() -> None:
    places = [place(1, opened=False), place(2, 5, opened=False, state="paused"), place(3), place(7, state="paused")]
    found = to_halt(places)
    assert found is not None
    assert found.numbers == (2, 5)
    assert to_halt([place(3), place(4, inside=True, opened=False), place(5, opened=False, state="stopped")]) is None


def test_a_node_needs_more_than_a_machine() -> None:
    assert needed(2, cluster=True) == 1200 << 20
    assert needed(2, cluster=False) == 64 << 20
