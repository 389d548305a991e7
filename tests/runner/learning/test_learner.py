"""Readiness and proposals keep the rules for two hundred random learners."""

from __future__ import annotations

from itertools import combinations

import pytest

from rung.runner.learning.readiness import Reach, readiness, skill_weights
from rung.runner.learning.recommend import LabCandidate, View, proposals
from rung.runner.learning.remediation import find_remediation, smallest_cover
from rung.runner.learning.skill_state import MET, SkillState, Try, standings
from skill_worlds import NOW, World, track, tried


class Learner(World):
    """A world with a history and a track that asks for most of its skills."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.history = self.learns(self.rng.choice([0, 1, 5, 20, 60]))
        asked = [name for name in self.graph.skills if self.rng.random() < 0.8] or ["s0"]
        cut = self.rng.randint(0, len(asked))
        domains = {"x": (None, [[s] for s in asked[:cut]]), "y": (None, [[s] for s in asked[cut:]])}
        self.track = track("t", **{k: v for k, v in domains.items() if v[1]})
        self.standings = standings(self.history, self.graph, NOW)
        trained = {skill for one in self.labs for skill in one.skills}
        self.reach: dict[str, Reach] = {s: "lab" if s in trained else "no lab" for s in self.graph.skills}
        self.view = self.seen(self.history)

    def seen(self, history: list[Try]) -> View:
        found = standings(history, self.graph, NOW)
        return View(self.graph, found, self.labs, skill_weights(self.track), NOW.date())


LEARNERS = range(200)


@pytest.mark.parametrize("seed", LEARNERS)
def test_readiness_counts_every_skill_once_and_predicts_within_bounds(seed: int) -> None:
    learner = Learner(seed)
    found = readiness(learner.track, learner.standings, learner.reach, NOW)
    asked = {skill for objective in learner.track.objectives() for skill in objective.skills}
    assert sum(found.counts.values()) == len(asked)
    assert sum(d.skills for d in found.domains) == len(asked)
    assert sum(d.weight for d in found.domains) == pytest.approx(1)
    for predicted in (found.predicted, *(d.predicted for d in found.domains)):
        assert 0 < predicted.low < predicted.mean < predicted.high < 1
    means = [round(d.predicted.mean, 6) for d in found.domains]
    assert means == sorted(means)
    passed = {skill for one in learner.history if one.passed for skill in one.skills}
    for skill, standing in learner.standings.items():
        assert (standing.state in (SkillState.HELD, SkillState.SHOWN, SkillState.FADING)) <= (skill in passed)
        assert 0 <= standing.recall <= 1


@pytest.mark.parametrize("seed", LEARNERS)
def test_proposals_start_with_a_lab_that_can_be_done_and_include_every_useful_lab(seed: int) -> None:
    learner = Learner(seed)
    view = learner.view
    of_use = {one.name for one in learner.labs if view.wanted & set(one.skills)}
    found = proposals(view, len(learner.labs))
    assert {p.lab.name for p in found} == of_use
    held_back = [bool(p.first) for p in found]
    assert held_back == sorted(held_back)
    assert not found or not found[0].first  # the first lab never lacks a prerequisite
    for proposal in found:
        assert proposal.first == () or not any(view.met(skill) for skill in proposal.first)
        for skill in proposal.opens:
            assert set(view.graph.requires(skill)) & set(proposal.lab.skills)
    three = proposals(view)
    assert [p.lab.name for p in three] == [p.lab.name for p in found[:3]]


@pytest.mark.parametrize("seed", LEARNERS)
def test_a_passed_lab_never_lowers_the_prediction(seed: int) -> None:
    learner = Learner(seed)
    best = proposals(learner.view, 1)
    if not best:
        return
    lab = best[0].lab
    after = [*learner.history, tried(lab.skills, 0, lab=lab.name, seed=99)]
    before_, after_ = (readiness(learner.track, standings(h, learner.graph, NOW), learner.reach, NOW) for h in
                       (learner.history, after))  # fmt: skip
    assert after_.predicted.mean >= before_.predicted.mean - 1e-9
    later = learner.seen(after)
    assert all(later.state(skill) in (SkillState.HELD, SkillState.SHOWN) for skill in lab.skills)
    assert {s for s in learner.graph.skills if learner.view.met(s)} <= {s for s in learner.graph.skills if later.met(s)}


@pytest.mark.parametrize("seed", LEARNERS)
def test_remediation_covers_the_missing_prerequisites(seed: int) -> None:
    learner = Learner(seed)
    for fall in [one for one in learner.history if not one.passed][-2:]:
        way = find_remediation(fall.lab, fall.skills, learner.view)
        assert all(learner.standings[skill].state not in MET for skill in way.missing)
        shown = {skill for one in way.labs for skill in one.skills}
        trained = {skill for one in learner.labs if one.name != fall.lab for skill in one.skills}
        assert set(way.missing) & trained <= shown


@pytest.mark.parametrize("seed", range(60))
def test_the_smallest_cover_is_as_small_as_an_exhaustive_search_finds(seed: int) -> None:
    world = World(seed)
    labs = world.labs[:10]
    wanted = {skill for one in labs for skill in one.skills if world.rng.random() < 0.4}

    def covers(chosen: tuple[LabCandidate, ...]) -> bool:
        return wanted <= {skill for one in chosen for skill in one.skills}

    sizes = (n for n in range(len(labs) + 1) if any(covers(chosen) for chosen in combinations(labs, n)))
    found = smallest_cover(wanted, labs)
    size = next(sizes)
    assert len(found) == size
    shortest = min(sum(x.minutes for x in c) for c in combinations(labs, size) if covers(c))
    assert sum(x.minutes for x in found) == shortest
