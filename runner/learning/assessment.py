"""An assessment as it is kept: a journal that says what was proposed. What came of it, the record says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from rung.runner.core.journal import EventJournal
from rung.runner.core.paths import home
from rung.runner.learning.adaptive_test import (
    MINUTES,
    AnsweredQuestion,
    AssessmentQuestion,
    Knowledge,
    knowledge,
    question,
    result,
)
from rung.runner.store.from_journals import time_of

if TYPE_CHECKING:
    from rung.runner.catalog.tracks import Track
    from rung.runner.learning.learner import Learner

_GIVEN_UP = timedelta(days=14)  # an assessment that nobody went on with for so long is over


@dataclass(frozen=True)
class Assessment:
    """One assessment, with the learner as the record says now."""

    id: str
    track: Track
    minutes: int
    asked: Sequence[AnsweredQuestion]
    learner: Learner

    @cached_property
    def open(self) -> AnsweredQuestion | None:
        """The lab that was proposed last, while nothing has come of it."""
        last = self.asked[-1] if self.asked else None
        return last if last is not None and result(last, self.learner.tries) == "open" else None

    @property
    def minutes_left(self) -> int:
        return self.minutes - sum(one.minutes for one in self.asked)

    @cached_property
    def knowledge(self) -> Knowledge:
        view = self.learner.view([self.track])
        labs = {lab.name: lab.skills for lab in self.learner.labs}
        skipped = {skill for one in self.asked if one.skipped for skill in labs.get(one.lab, ())}
        return knowledge(view.wanted, self.learner.standings, self.learner.graph, skipped)

    def question(self) -> AssessmentQuestion | None:
        """The lab to propose next; None when it is over: the time is used up, or no lab tells more."""
        before = [one.lab for one in self.asked]
        return question(self.learner.labs, self.knowledge, self.learner.graph, self.minutes_left, before)

    def results(self) -> list[tuple[str, str]]:
        """Each lab that was proposed, and what came of it."""
        return [(one.lab, result(one, self.learner.tries)) for one in self.asked]

    @property
    def journal(self) -> EventJournal:
        return _journal(self.id)

    def propose(self, chosen: AssessmentQuestion) -> None:
        """Write down that a lab is proposed. Raises EnvironmentBroken where that cannot be written."""
        self.journal.append("proposed", lab=chosen.lab.name, minutes=chosen.lab.minutes)

    def skip(self) -> None:
        """Write down that the learner passes over the open lab."""
        self.journal.append("skipped", lab=self.open.lab if self.open else "")

    def finish(self) -> None:
        """Write down that it is over: the next one begins anew."""
        self.journal.append("finished")


def _journal(identity: str) -> EventJournal:
    return EventJournal(home() / "assessments" / f"{identity}.jsonl")


def current_assessment(learner: Learner, track: Track, *, minutes: int | None = None, new: bool = False) -> Assessment:
    """The assessment of a track that is going on; a new one where none is, or one is asked for."""
    from rung.runner.attempts.attempt import new_id

    going_on = None if new else _going_on(track.id, learner.now)
    if going_on is not None:
        return read_assessment(going_on, learner, track)
    identity = new_id()
    _journal(identity).append("started", track=track.id, minutes=minutes or MINUTES)
    return read_assessment(identity, learner, track)


def _going_on(track: str, now: datetime) -> str | None:
    """The newest assessment of a track that is not over."""
    folder = home() / "assessments"
    found: list[tuple[datetime, str]] = []
    for path in folder.glob("*.jsonl") if folder.is_dir() else ():
        events = [event for event in EventJournal(path).events() if isinstance(event, dict)]
        if not events or events[0].get("track") != track or events[-1].get("event") == "finished":
            continue
        last = time_of(events[-1])
        if last is not None and now - last < _GIVEN_UP:
            found.append((last, path.stem))
    return max(found)[1] if found else None


def read_assessment(identity: str, learner: Learner, track: Track) -> Assessment:
    """An assessment as its journal says now."""
    minutes, asked = MINUTES, []
    for event in _journal(identity).events():
        at = time_of(event)
        match event.get("event"):
            case "started" if type(event.get("minutes")) is int:
                minutes = event["minutes"]
            case "proposed" if at is not None and type(event.get("minutes")) is int:
                asked.append(AnsweredQuestion(str(event.get("lab")), at, event["minutes"]))
            case "skipped" if asked and at is not None:
                last = asked[-1]
                looked_at = max(1, round((at - last.at) / timedelta(minutes=1)))
                asked[-1] = AnsweredQuestion(last.lab, last.at, min(last.minutes, looked_at), skipped=True)
    return Assessment(identity, track, minutes, asked, learner)
