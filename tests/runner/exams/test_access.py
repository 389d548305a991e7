"""What an attempt's exam allows."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest

from exam_papers import made
from rung.runner.attempts.attempt import Attempt
from rung.runner.core.errors import UsageError
from rung.runner.exams.access import number_of


def attempt(identity: str) -> Attempt:
    return cast(Attempt, SimpleNamespace(id=identity))


def test_an_attempt_is_the_question_that_the_paper_says() -> None:
    assert [number_of(made(now=5), attempt(f"a{number}")) for number in (1, 2)] == [1, 2]


def test_an_attempt_that_the_paper_does_not_know_is_a_mistake_with_a_way_out() -> None:
    with pytest.raises(UsageError) as unknown:
        number_of(made(now=5), attempt("a9"))
    assert str(unknown.value) == (
        "Attempt a9 says that it is a question of three (exam 0badcafe), whose paper has no such question."
    )
    assert unknown.value.fix == "`rung exam stop 0badcafe` ends that exam; `rung stop --all` removes every machine."
