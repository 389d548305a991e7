"""Waiting by asking again and again."""

from __future__ import annotations

import pytest

from rung.runner.core import polling
from rung.runner.core.polling import poll


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that were made; the clock goes on by them alone."""
    made: list[float] = []
    monkeypatch.setattr(polling.time, "monotonic", lambda: 1000.0 + sum(made))
    monkeypatch.setattr(polling.time, "sleep", made.append)
    return made


def test_it_ends_with_the_first_true_result(pauses: list[float]) -> None:
    results = iter(["", "", "here", "later"])
    assert poll(lambda: next(results), seconds=10, pause=0.5) == "here"
    assert pauses == [0.5, 0.5]


def test_it_ends_after_its_time_with_the_last_result(pauses: list[float]) -> None:
    assert poll(lambda: "" if len(pauses) < 99 else "late", seconds=2, pause=0.5) == ""
    assert pauses == [0.5, 0.5, 0.5, 0.5]


def test_it_asks_again_when_the_time_is_over(pauses: list[float]) -> None:
    assert poll(lambda: len(pauses) == 1, seconds=0.1, pause=0.5)


def test_it_asks_once_where_there_is_no_time(pauses: list[float]) -> None:
    assert poll(lambda: True, seconds=0, pause=0.5)
    assert not poll(lambda: False, seconds=0, pause=0.5)
    assert pauses == []


def test_an_error_ends_it(pauses: list[float]) -> None:
    with pytest.raises(ZeroDivisionError):
        poll(lambda: 1 / len(pauses), seconds=10, pause=0.5)
