"""The rules of docs/progress.md for tries and the states of skills, one by one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from rung.runner.learning.skill_state import SkillState, Standing, Try, half_life, standings, tries, unfinished
from rung.runner.store.records import AttemptRecord
from skill_worlds import NOW, attempt, check, graph, tried

GRAPH = graph(b=["a"], c=["b"], s=[])


def found(*attempts: AttemptRecord) -> list[tuple[bool, bool]]:
    """Of each try: whether it passed, and whether it was helped."""
    return [(one.passed, one.helped) for one in tries(attempts, NOW)]


def standing(*history: Try, skill: str = "s") -> Standing:
    return standings(sorted(history, key=lambda one: one.at), GRAPH, NOW)[skill]


def state(*history: Try, skill: str = "s") -> SkillState:
    return standing(*history, skill=skill).state


def test_failed_checks_before_a_passed_one_do_not_count() -> None:
    assert found(attempt(check(3, "failed"), check(2.9, "failed"), check(2.8))) == [(True, False)]


def test_checks_after_the_first_passed_one_do_not_count() -> None:
    assert found(attempt(check(3), check(2, "failed"), check(1))) == [(True, False)]


def test_an_attempt_that_ends_without_passing_is_a_failed_try() -> None:
    assert found(attempt(check(3, "failed"), check(2.9, "failed"))) == [(False, False)]


def test_a_running_attempt_becomes_a_failed_try_after_a_day() -> None:
    running = attempt(check(0.5, "failed"), ended=False)
    assert found(running) == []
    assert unfinished([running], NOW) == [running]
    abandoned = attempt(check(1.5, "failed"), ended=False)
    assert found(abandoned) == [(False, False)]
    assert unfinished([abandoned], NOW) == []


def test_an_attempt_without_a_check_of_the_whole_lab_is_no_try() -> None:
    assert found(attempt(), attempt(check(2, whole=False))) == []


def test_hints_before_passing_are_help_and_hints_after_it_are_not() -> None:
    assert found(attempt(check(3, hints=1))) == [(True, True)]
    assert found(attempt(check(3), check(2, hints=4))) == [(True, False)]


def test_after_the_solution_nothing_counts() -> None:
    assert found(attempt(check(3, solved=True), solution=NOW)) == []
    assert found(attempt(check(3), check(2, run=1, solved=True), solution=NOW)) == [(True, False)]
    assert found(attempt(check(3, "failed"), check(2, solved=True), solution=NOW, ended=False)) == [(False, False)]


def test_a_broken_check_is_no_try() -> None:
    assert found(attempt(check(3, None))) == []


def test_each_run_after_a_reset_is_a_try() -> None:
    assert found(attempt(check(5, "failed"), check(4, run=1), check(3, run=2))) == [
        (False, False), (True, False), (True, False),
    ]  # fmt: skip


def test_after_the_solution_later_attempts_with_the_same_values_are_helped() -> None:
    seen = attempt(check(5, "failed"), solution=NOW - timedelta(days=4))
    assert found(seen, attempt(check(3))) == [(False, False), (True, True)]
    assert found(seen, replace(attempt(check(3)), seed=99)) == [(False, False), (True, False)]


def test_the_result_of_an_exam_is_final_and_after_its_time_it_is_helped() -> None:
    assert found(attempt(check(0.1, "failed", in_time=True), ended=False, exam="e")) == [(False, False)]
    assert found(attempt(check(0.1, "failed"), ended=False, exam="e")) == []  # in practice one may go on
    assert unfinished([attempt(check(0.1, "failed"), ended=False, exam="e")], NOW) == []
    assert found(attempt(check(3, in_time=False), exam="e")) == [(True, True)]
    assert found(attempt(check(3, in_time=True), exam="e")) == [(True, False)]


def test_shown_once_is_shown() -> None:
    assert state(tried("s", 2)) is SkillState.SHOWN


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        (tried("s", 1, seed=1), SkillState.HELD),  # another day
        (tried("s", 2, seed=2), SkillState.HELD),  # other values
        (tried("s", 2, seed=1, lab="other"), SkillState.HELD),  # another lab
        (tried("s", 2, seed=1), SkillState.SHOWN),  # the very same
        (tried("s", 1, seed=2, helped=True), SkillState.SHOWN),  # with help
    ],
)
def test_a_second_try_without_help_that_differs_makes_a_skill_held(second: Try, expected: SkillState) -> None:
    assert state(tried("s", 2, seed=1), second) is expected


def test_only_the_second_try_must_be_without_help() -> None:
    assert state(tried("s", 2, helped=True), tried("s", 1)) is SkillState.HELD


def test_a_failed_try_makes_a_skill_again_and_a_passed_one_restores_it() -> None:
    held = [tried("s", 4), tried("s", 3)]
    assert state(*held, tried("s", 2, passed=False)) is SkillState.AGAIN
    assert state(*held, tried("s", 2, passed=False), tried("s", 1)) is SkillState.HELD
    assert state(tried("s", 4), tried("s", 2, passed=False), tried("s", 1, seed=9)) is SkillState.HELD
    assert state(tried("s", 2, passed=False)) is SkillState.AGAIN


def test_a_failed_try_counts_against_the_skills_that_are_not_held() -> None:
    held = [tried("a", 5), tried("a", 4)]
    fell = tried("a s", 1, passed=False)
    assert (state(*held, fell, skill="a"), state(*held, fell)) == (SkillState.HELD, SkillState.AGAIN)
    both = [tried("a s", 5), tried("a s", 4)]
    assert (state(*both, fell, skill="a"), state(*both, fell)) == (SkillState.AGAIN, SkillState.AGAIN)


def test_half_lives_are_those_of_the_formula() -> None:
    assert half_life([tried("s", 9)], []) == 16
    assert half_life([tried("s", 9), tried("s", 5)], []) == 32
    assert half_life([tried("s", 9), tried("s", 9, seed=3)], []) == 16  # the same day
    assert half_life([tried("s", 9, helped=True)], []) == pytest.approx(2**3.5)
    assert half_life([tried("s", 9), tried("s", 5)], [tried("s", 7, passed=False)]) == 16
    assert half_life([tried("s", n) for n in range(20)], []) == 274
    assert half_life([tried("s", 1)], [tried("s", n, passed=False) for n in range(2, 9)]) == 4


def test_a_skill_fades_after_a_half_life_until_it_is_shown_again() -> None:
    assert state(tried("s", 15.9)) is SkillState.SHOWN
    assert state(tried("s", 16.1)) is SkillState.FADING
    assert standing(tried("s", 16)).recall == pytest.approx(0.5)
    assert standing(tried("s", 32)).recall == pytest.approx(0.25)
    assert state(tried("s", 40), tried("s", 30)) is SkillState.HELD
    assert state(tried("s", 50), tried("s", 33)) is SkillState.FADING
    assert state(tried("s", 50), tried("s", 33), tried("s", 1)) is SkillState.HELD


def test_a_try_in_the_future_does_not_fade() -> None:
    assert standing(tried("s", -3)).recall == 1


def test_prerequisites_of_a_shown_skill_are_assumed_unless_they_were_tried() -> None:
    one = tried("c", 1)
    assert (state(one, skill="a"), state(one, skill="b"), state(one)) == (
        SkillState.ASSUMED,
        SkillState.ASSUMED,
        SkillState.NEVER,
    )
    assert state(tried("a", 2, passed=False), one, skill="a") is SkillState.AGAIN
    assert state(tried("c", 60), skill="a") is SkillState.NEVER  # a faded skill is no evidence for its prerequisites
    assert state(tried("c", 1, passed=False), skill="a") is SkillState.NEVER


def test_skills_that_are_no_longer_in_the_files_still_count() -> None:
    assert state(tried("gone", 1), skill="gone") is SkillState.SHOWN
