"""docs/progress.md states the rules of the code."""

from __future__ import annotations

from pathlib import Path

from rung.runner.learning import adaptive_test, readiness, recommend, skill_state
from rung.runner.learning.skill_state import SkillState
from rung.runner.render.map import STATE_STYLES

PAGE = " ".join((Path(__file__).parents[3] / "docs" / "progress.md").read_text().split())


def test_the_page_has_every_state_with_its_letter() -> None:
    for word in readiness.STATE_WORDS:
        letter = STATE_STYLES[word].letter
        assert f"| {word} | {letter + ', ' if letter else ''}" in PAGE, word


def test_the_figures_on_the_page_are_those_of_the_code() -> None:
    assert f"2^({skill_state.BIAS:g} + right - wrong)" in PAGE
    assert f"at least {skill_state.SHORTEST:g} and at most {skill_state.LONGEST:g}" in PAGE
    assert skill_state.half_life((), ()) * 2 == 16
    assert skill_state.UNTOUCHED.days == 1
    assert (readiness.PRIOR, readiness.CORRELATION, readiness.CERTAINTY) == ((0.5, 1.0), 0.5, 0.8)
    assert (skill_state.HELPED, skill_state.FADED) == (0.5, 0.5)
    need = recommend.NEED
    assert need[SkillState.NEVER] == need[SkillState.AGAIN] == 1
    factors = [
        (SkillState.FADING, "fading"),
        (SkillState.SHOWN, "shown"),
        (SkillState.ASSUMED, "assumed"),
        (SkillState.HELD, "held"),
    ]
    assert "; ".join(f"{word} {need[state]}" for state, word in factors) in PAGE
    assert f"ends after {adaptive_test.MINUTES} minutes" in PAGE
