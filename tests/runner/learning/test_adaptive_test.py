"""An assessment finds out in a few labs which skills a learner has."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest

from rung.runner.learning.adaptive_test import MINUTES, AnsweredQuestion, Knowledge, knowledge, question, result
from rung.runner.learning.skill_state import Try, standings
from skill_worlds import NOW, World, graph, lab, tried

# Eleven skills in a row, a lab for each.
NAMES = [f"r{n:02}" for n in range(11)]
ROW = graph(**{name: [before] for before, name in itertools.pairwise(NAMES)})
LABS = [lab(name, name, minutes=5) for name in NAMES]


def known(*history: Try, skipped: tuple[str, ...] = ()) -> Knowledge:
    return knowledge(NAMES, standings(list(history), ROW, NOW), ROW, skipped)


def asked(of: Knowledge, minutes: float = 30, before: tuple[str, ...] = ()) -> str | None:
    chosen = question(LABS, of, ROW, minutes, before)
    return chosen.lab.name if chosen else None


def test_the_first_question_is_in_the_middle() -> None:
    assert asked(known()) == "r05"


def test_a_passed_lab_settles_all_prerequisites_and_a_failed_one_all_that_requires_it() -> None:
    found = known(tried("r05", 0))
    assert (found.known, found.not_yet) == (frozenset(NAMES[:6]), frozenset())
    found = known(tried("r05", 0, passed=False))
    assert (found.known, found.not_yet) == (frozenset(), frozenset(NAMES[5:]))


def test_a_skipped_lab_counts_as_not_yet_unless_it_was_shown() -> None:
    assert known(skipped=("r05",)).not_yet == frozenset(NAMES[5:])
    assert known(tried("r05", 1), skipped=("r05",)).not_yet == frozenset()


def test_a_faded_skill_is_still_known() -> None:
    assert "r05" in known(tried("r05", 90)).known


def test_the_last_known_skill_of_a_row_is_found_by_halving() -> None:
    history: list[Try] = []
    labs = []
    while name := asked(known(*history), before=tuple(labs)):
        labs.append(name)
        history.append(tried(name, 1 - len(labs) / 100, passed=name <= "r07"))
    assert labs == ["r05", "r08", "r06", "r07"]
    assert known(*history).known == frozenset(NAMES[:8])
    assert known(*history).unknown == frozenset()


def test_no_lab_is_proposed_twice_or_beyond_the_time() -> None:
    assert asked(known(), minutes=4) is None
    assert asked(known(), before=("r05",)) in ("r04", "r06")


def test_of_equally_informative_questions_the_shorter_is_asked() -> None:
    labs = [lab("long", "r05", minutes=20), lab("short", "r05", minutes=10)]
    chosen = question(labs, known(), ROW, 30)
    assert chosen is not None
    assert chosen.lab.name == "short"


@pytest.mark.parametrize(
    ("history", "skipped", "expected"),
    [
        ([], False, "open"),
        ([], True, "not yet"),
        ([tried("r05", 0, lab="r05")], False, "shown"),
        ([tried("r05", 0, lab="r05")], True, "shown"),
        ([tried("r05", 0, lab="r05", passed=False)], False, "not yet"),
        ([tried("r05", 2, lab="r05")], False, "open"),  # before it was asked
        ([tried("r05", 0, lab="other")], False, "open"),
    ],
)
def test_the_first_try_since_the_proposal_is_the_result(history: list[Try], skipped: bool, expected: str) -> None:
    assert result(AnsweredQuestion("r05", NOW - timedelta(days=1), 5, skipped), history) == expected


@pytest.mark.parametrize("seed", range(200))
def test_random_learners_are_assessed_in_time_and_no_missing_skill_counts_as_known(seed: int) -> None:
    world = World(seed)
    able = {skill for skill in world.knows if world.graph.below([skill]) <= world.knows}
    minutes, history, labs = MINUTES, list[Try](), list[str]()
    found = knowledge(world.graph.skills, {}, world.graph)
    while chosen := question(world.labs, found, world.graph, minutes, labs):
        assert chosen.if_shown
        assert chosen.if_not
        minutes -= chosen.lab.minutes
        labs.append(chosen.lab.name)
        passed = set(chosen.lab.skills) <= able
        history.append(tried(chosen.lab.skills, 1 - len(labs) / 100, passed=passed, lab=chosen.lab.name))
        before, found = found, knowledge(world.graph.skills, standings(history, world.graph, NOW), world.graph)
        assert found.known >= before.known
        assert found != before  # a passed lab may also correct what a failed one before it suggested
        assert found.known <= able
    assert minutes >= 0
    assert len(set(labs)) == len(labs)
    assert found.known | found.not_yet | found.unknown == set(world.graph.skills)
    assert not found.known & found.not_yet
