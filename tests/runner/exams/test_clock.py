"""An exam's time passes as it does for the candidate, whatever becomes of the computer's clocks."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from rung.runner.exams.clock import Down, Moment, between, down, elapsed, left_in_words, moment, warning

DAY = 1_800_000_000.0


@dataclass
class Computer:
    """A computer whose clocks are told to go on, to sleep, to be set and to start anew."""

    true: float = 0.0  # seconds that have passed
    wall: float = DAY
    boot: int = 1
    up: float = 1000.0
    awake: float = 900.0

    def now(self) -> Moment:
        return Moment(self.wall, f"boot-{self.boot}", self.up, self.awake)

    def work(self, seconds: float) -> None:
        self.true += seconds
        self.wall += seconds
        self.up += seconds
        self.awake += seconds

    def sleep(self, seconds: float) -> None:
        self.work(seconds)
        self.awake -= seconds

    def set_clock(self, by: float) -> None:
        self.wall += by

    def off(self, seconds: float) -> None:
        self.true += seconds
        self.wall += seconds
        self.boot, self.up, self.awake = self.boot + 1, 0.0, 0.0


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("work"), st.floats(0, 4000)),
        st.tuples(st.just("sleep"), st.floats(0, 4000)),
        st.tuples(st.just("set_clock"), st.floats(-90_000, 90_000)),
        st.tuples(st.just("off"), st.floats(0, 4000)),
    ),
    max_size=12,
)


@given(STEPS)
def test_no_clock_that_is_set_and_no_sleep_gives_more_time_to_work(steps: list[tuple[str, float]]) -> None:
    computer, off = Computer(), 0.0
    seen = [computer.now()]
    for what, seconds in steps:
        getattr(computer, what)(seconds)
        off += seconds if what == "off" else 0.0
        seen.append(computer.now())
    assert elapsed(seen) >= computer.true - off - 0.001


@given(STEPS)
def test_where_nobody_sets_the_clock_just_as_much_passes_as_did(steps: list[tuple[str, float]]) -> None:
    computer = Computer()
    seen = [computer.now()]
    for what, seconds in steps:
        if what != "set_clock":
            getattr(computer, what)(seconds)
            seen.append(computer.now())
    assert abs(elapsed(seen) - computer.true) < 0.001


@given(STEPS)
def test_what_is_known_as_down_is_never_more_than_what_was_counted(steps: list[tuple[str, float]]) -> None:
    computer = Computer()
    seen = [computer.now()]
    for what, seconds in steps:
        getattr(computer, what)(seconds)
        seen.append(computer.now())
    for before, after in pairwise(seen):
        found = down(before, after)
        assert found is None or found.seconds <= between(before, after) + 0.001


def test_a_clock_set_forward_takes_no_time_away() -> None:
    computer = Computer()
    before = computer.now()
    computer.work(60)
    computer.set_clock(7200)
    assert between(before, computer.now()) == 60


def test_sleep_is_time_that_passes_and_no_time_that_was_down() -> None:
    computer = Computer()
    before = computer.now()
    computer.sleep(1800)
    assert between(before, computer.now()) == 1800
    assert down(before, computer.now()) is None


def test_a_computer_that_was_off_is_known_by_its_new_boot() -> None:
    computer = Computer()
    before = computer.now()
    computer.off(600)
    computer.work(20)
    assert down(before, computer.now()) == Down("computer", 620, DAY)


def test_rung_was_down_where_nothing_told_that_it_lived() -> None:
    computer = Computer()
    before = computer.now()
    computer.work(45)
    assert down(before, computer.now()) is None
    computer.work(45)
    assert down(before, computer.now()) == Down("rung", 90, DAY)


def test_without_a_boot_id_the_date_counts_where_it_tells_of_more() -> None:
    assert between(Moment(DAY, "", 100, 100), Moment(DAY + 500, "", 130, 130)) == 500
    assert between(Moment(DAY, "", 100, 100), Moment(DAY - 500, "", 130, 130)) == 30


def test_this_computer_tells_a_moment_that_can_be_kept() -> None:
    now = moment()
    assert Moment.of_json(now.as_json()).boot == now.boot
    assert 0 <= between(now, moment()) < 5


def test_warnings_come_once_each_and_none_where_the_exam_is_no_longer_than_that() -> None:
    hour = 3600.0
    assert warning(1801, 1799, 2 * hour) == 30
    assert warning(1799, 1798, 2 * hour) is None
    assert warning(1801, 1799, 1800) is None
    assert warning(601, 600, 1800) == 10
    assert warning(2000, 290, 2 * hour) == 5


def test_the_time_left_in_words_is_never_more_than_there_is() -> None:
    words = {7199.9: "1 h 59 min", 3600: "1 h 00 min", 3599: "59 min", 570.9: "9 min 30 s", 59.9: "59 s", -3: "no time"}
    assert {seconds: left_in_words(seconds) for seconds in words} == words
