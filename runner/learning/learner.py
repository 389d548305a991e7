"""The learner: combines the record, the skills, the tracks and the labs for the commands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from rung.runner.catalog import labs as catalog
from rung.runner.core.errors import UsageError
from rung.runner.core.text import did_you_mean
from rung.runner.learning.readiness import Reach, Readiness, readiness, skill_weights, skills_in
from rung.runner.learning.recommend import LabCandidate, Proposal, View, proposals
from rung.runner.learning.remediation import Remediation, find_remediation
from rung.runner.learning.skill_graph import SkillGraph
from rung.runner.learning.skill_state import SkillState, Standing, Try, standings, tries, unfinished
from rung.runner.store.records import AttemptRecord, ExamRecord
from rung.runner.store.store import Store

if TYPE_CHECKING:
    from rung.runner.catalog.labs import LabSummary
    from rung.runner.catalog.tracks import Track
    from rung.runner.drivers.base.plan import Capabilities


@dataclass(frozen=True)
class Learner:
    """The learner at one moment."""

    attempts: Sequence[AttemptRecord]
    exams: Sequence[ExamRecord]
    tracks: Sequence[Track]
    graph: SkillGraph
    labs: Sequence[LabCandidate]  # labs that run here
    now: datetime
    damaged: Path | None = None  # path that a damaged database was moved to

    @cached_property
    def tries(self) -> list[Try]:
        return tries(self.attempts, self.now)

    @cached_property
    def standings(self) -> dict[str, Standing]:
        return standings(self.tries, self.graph, self.now)

    @cached_property
    def reach(self) -> dict[str, Reach]:
        """Skill -> whether a lab trains it here, or why none does."""
        trained = {skill for lab in self.labs for skill in lab.skills}
        found: dict[str, Reach] = dict.fromkeys(self.graph.skills, "no lab")
        for skill, feasible in _feasible(self.tracks).items():
            if not feasible:
                found[skill] = "beyond reach"
        return found | dict.fromkeys(trained, "lab")

    @property
    def today(self) -> date:
        return self.now.astimezone().date()

    def track(self, name: str) -> Track:
        """The track with this id, or the first whose id starts with it. Raises UsageError where there is none."""
        ids = [track.id for track in self.tracks]
        matching = [t for t in self.tracks if t.id == name] or [t for t in self.tracks if t.id.startswith(name)]
        if not matching:
            raise UsageError(
                f"There is no track `{name}`{did_you_mean(name, ids) or '.'}", fix=f"Known: {', '.join(ids)}."
            )
        return matching[0]

    def chosen(self, track: str | None) -> list[Track]:
        """The named track; without a name those with a try by the learner; if there are none, all."""
        if track is not None:
            return [self.track(track)]
        tried = {skill for attempt in self.tries for skill in attempt.skills}
        started = [t for t in self.tracks if tried & {s for domain in t.domains for s in skills_in(domain)}]
        return started or list(self.tracks)

    def readiness(self, track: Track) -> Readiness:
        return readiness(track, self.standings, self.reach, self.now)

    def view(self, chosen: Sequence[Track]) -> View:
        """The input of the rules for the next rung, for these tracks."""
        weights: dict[str, float] = {}
        for track in chosen:
            for skill, weight in skill_weights(track).items():
                if weight:  # 0 where the exam no longer asks for it
                    weights[skill] = weights.get(skill, 0.0) + weight / len(chosen)
        return View(self.graph, self.standings, self.labs, weights, self.today)

    def next(self, chosen: Sequence[Track], count: int = 3) -> list[Proposal]:
        """The labs worth most now, best first."""
        return proposals(self.view(chosen), count)

    def fall(self) -> Try | None:
        """The newest failed try of which some skill has not been shown since."""
        for latest in reversed(self.tries):
            if not latest.passed and any(self.standings[s].state is SkillState.AGAIN for s in latest.skills):
                return latest
        return None

    def remediation(self, fall: Try, chosen: Sequence[Track]) -> Remediation:
        """The smallest set of labs that trains the missing prerequisites of a failed lab."""
        return find_remediation(fall.lab, fall.skills, self.view(chosen))

    def unfinished(self) -> list[AttemptRecord]:
        """Running attempts whose last check failed."""
        return unfinished(self.attempts, self.now)


def _feasible(tracks: Sequence[Track]) -> dict[str, bool]:
    """Skill -> whether Rung's machines or clusters can teach any objective that requires it."""
    found: dict[str, bool] = {}
    for track in tracks:
        for objective in track.objectives():
            answers = {objective.feasible.container, objective.feasible.kind} - {None}
            for skill in objective.skills:
                found[skill] = found.get(skill, False) or answers != {"no"}
    return found


def candidates(
    entries: Sequence[LabSummary], tracks: Sequence[Track], capabilities: Capabilities
) -> list[LabCandidate]:
    """The labs that run here, each with the skills that it names, or otherwise with those of its objectives."""
    by_objective = {objective.id: objective.skills for track in tracks for objective in track.objectives()}
    lacking = cache(capabilities)
    return [
        LabCandidate(
            name=entry.name,
            title=entry.title,
            difficulty=entry.difficulty,
            minutes=entry.minutes,
            skills=entry.skills or tuple(dict.fromkeys(s for o in entry.objectives for s in by_objective.get(o, ()))),
        )
        for entry in entries
        if all(lacking(entry.need).get(name, "unknown") is None for name in entry.required)
    ]


def load_learner(capabilities: Capabilities, now: datetime | None = None) -> Learner:
    """The learner of this data folder; `capabilities` are those of this computer for a need, as in `rung labs`.

    Raises EnvironmentBroken where the record cannot be read or updated.
    """
    with Store.open() as store:
        attempts, exams, damaged = store.attempts(), store.exams(), store.damaged
    tracks = catalog.tracks()
    return Learner(
        attempts=attempts,
        exams=exams,
        tracks=tracks,
        graph=SkillGraph(catalog.skills()),
        labs=candidates(catalog.summaries(), tracks, capabilities),
        now=now or datetime.now(UTC),
        damaged=damaged,
    )
