"""Readiness and the predicted score, on small tracks with figures that can be calculated by hand."""

from __future__ import annotations

import pytest

from rung.runner.learning.readiness import Reach, Readiness, domain_weights, estimate, readiness, skill_weights
from rung.runner.learning.skill_state import Try, standings
from skill_worlds import NOW, graph, track, tried

GRAPH = graph(a=[], b=[], c=[], d=["c"])
TRACK = track(x=(60, [["a"], ["b"]]), y=(40, [["c", "d"]]))
ALL: dict[str, Reach] = dict.fromkeys("abcd", "lab")


def ready(*history: Try, reach: dict[str, Reach] = ALL) -> Readiness:
    return readiness(TRACK, standings(list(history), GRAPH, NOW), reach, NOW)


def mean(*history: Try) -> float:
    return estimate(standings(list(history), GRAPH, NOW)["a"], NOW)[0]


def test_weights_are_published_or_go_by_the_number_of_objectives() -> None:
    assert domain_weights(TRACK) == {"t.x": 0.6, "t.y": 0.4}
    assert skill_weights(TRACK) == {"a": 0.3, "b": 0.3, "c": 0.2, "d": 0.2}
    unpublished = track(x=(None, [["a"], ["b"], ["c"]]), y=(None, [["d"]]))
    assert domain_weights(unpublished) == {"t.x": 0.75, "t.y": 0.25}


def test_a_domain_that_is_no_longer_asked_for_weighs_nothing_and_comes_last() -> None:
    old = TRACK.domains[0].model_copy(update={"asked": False})
    found = readiness(TRACK.model_copy(update={"domains": [old, TRACK.domains[1]]}), {}, ALL, NOW)
    assert [(d.id, d.weight) for d in found.domains] == [("t.y", 1.0), ("t.x", 0.0)]
    assert found.counts == {"never tried": 2}


def test_skills_are_counted_by_state_and_by_reach() -> None:
    found = ready(tried("a", 2), tried("a", 1), reach={"a": "lab", "b": "no lab", "c": "lab", "d": "beyond reach"})
    x, y = sorted(found.domains, key=lambda d: d.id)
    assert x.counts == {"held": 1, "no lab": 1}
    assert y.counts == {"never tried": 1, "beyond reach": 1}
    assert (x.ready, found.ready) == (0.5, 0.25)
    shown_elsewhere = ready(tried("d", 1), reach={"d": "beyond reach", "c": "lab"})
    assert shown_elsewhere.counts == {"shown": 1, "assumed": 1, "no lab": 2}


def test_the_weakest_domain_comes_first() -> None:
    assert [d.id for d in ready(tried("a b", 1)).domains] == ["t.y", "t.x"]
    assert [d.id for d in ready(tried("c d", 1)).domains] == ["t.x", "t.y"]
    assert [d.id for d in ready().domains] == ["t.x", "t.y"]  # alike: the heavier one


def test_the_chance_for_a_skill_is_the_mean_of_its_beta_distribution() -> None:
    assert mean() == pytest.approx(1 / 3)
    assert mean(tried("a", 0)) == pytest.approx(1.5 / 2.5)
    assert mean(tried("a", 0, helped=True)) == pytest.approx(1.0 / 2.0)
    assert mean(tried("a", 0, passed=False)) == pytest.approx(0.5 / 2.5)
    assert mean(tried("a", 16)) == pytest.approx(1.0 / 2.0)  # half of it has faded
    assert mean(tried("a", 1, passed=False, seed=2), tried("a", 0)) > mean(tried("a", 0), tried("a", 0, passed=False))


def test_an_assumed_skill_counts_half() -> None:
    history = [tried("d", 0)]
    assert estimate(standings(history, GRAPH, NOW)["c"], NOW)[0] == pytest.approx(1.0 / 2.0)


def test_the_prediction_is_the_weighted_mean_and_its_range_narrows_with_evidence() -> None:
    nothing = ready().predicted
    assert nothing.mean == pytest.approx(1 / 3)
    much = ready(*[tried("a b c d", n) for n in range(9, 0, -1)]).predicted
    assert much.mean > 0.8
    assert much.high - much.low < nothing.high - nothing.low
    half = ready(tried("a b", 0)).predicted
    assert half.mean == pytest.approx(0.6 * 0.6 + 0.4 / 3)
    assert half.low < half.mean < half.high
