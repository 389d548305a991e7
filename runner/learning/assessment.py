"""Stores an assessment as a journal of the proposed labs; the record has their results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from rung.runner.attempts.attempts import new_id
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

_EXPIRY = timedelta(days=14)  # an assessment without events for so long is over


@dataclass(frozen=True)
class Assessment:
    """One assessment, with the learner by the present record."""

    id: str
    track: Track
    minutes: int
    asked: Sequence[AnsweredQuestion]
    learner: Learner

    @cached_property
    def open(self) -> AnsweredQuestion | None:
        """The lab that was proposed last, if it has no result yet."""
        last = self.asked[-1] if self.asked else None
        return last if last is not None and result(last, self.learner.tries) == "open" else None

    @property
    def minutes_left(self) -> int:
        return self.minutes - sum(question.minutes for question in self.asked)

    @cached_property
    def knowledge(self) -> Knowledge:
        view = self.learner.view([self.track])
        labs = {lab.name: lab.skills for lab in self.learner.labs}
        skipped = {skill for asked in self.asked if asked.skipped for skill in labs.get(asked.lab, ())}
        return knowledge(view.wanted, self.learner.standings, self.learner.graph, skipped)

    def question(self) -> AssessmentQuestion | None:
        """The lab to propose next; None at the end, when no remaining lab fits the time or settles anything."""
        before = [asked.lab for asked in self.asked]
        return question(self.learner.labs, self.knowledge, self.learner.graph, self.minutes_left, before)

    def results(self) -> list[tuple[str, str]]:
        """Each proposed lab with its result."""
        return [(asked.lab, result(asked, self.learner.tries)) for asked in self.asked]

    @property
    def journal(self) -> EventJournal:
        return _journal(self.id)

    def propose(self, chosen: AssessmentQuestion) -> None:
        """Record the proposal of a lab. Raises EnvironmentBroken where the journal cannot be written."""
        self.journal.append("proposed", lab=chosen.lab.name, minutes=chosen.lab.minutes)

    def skip(self) -> None:
        """Record that the learner skips the open lab."""
        self.journal.append("skipped", lab=self.open.lab if self.open else "")

    def finish(self) -> None:
        """Record the end of the assessment; `current_assessment` then starts a new one."""
        self.journal.append("finished")


def _journal(identity: str) -> EventJournal:
    return EventJournal(home() / "assessments" / f"{identity}.jsonl")


def current_assessment(learner: Learner, track: Track, *, minutes: int | None = None, new: bool = False) -> Assessment:
    """The unfinished assessment of a track, or a new one where there is none or `new` asks for one."""
    unfinished = None if new else _unfinished(track.id, learner.now)
    if unfinished is not None:
        return read_assessment(unfinished, learner, track)
    identity = new_id()
    _journal(identity).append("started", track=track.id, minutes=minutes or MINUTES)
    return read_assessment(identity, learner, track)


def _unfinished(track: str, now: datetime) -> str | None:
    """The id of the newest unfinished assessment of a track."""
    folder = home() / "assessments"
    found: list[tuple[datetime, str]] = []
    for path in folder.glob("*.jsonl") if folder.is_dir() else ():
        events = [event for event in EventJournal(path).events() if isinstance(event, dict)]
        if not events or events[0].get("track") != track or events[-1].get("event") == "finished":
            continue
        last = time_of(events[-1])
        if last is not None and now - last < _EXPIRY:
            found.append((last, path.stem))
    return max(found)[1] if found else None


def read_assessment(identity: str, learner: Learner, track: Track) -> Assessment:
    """The assessment that its journal describes now."""
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
                elapsed = max(1, round((at - last.at) / timedelta(minutes=1)))
                asked[-1] = AnsweredQuestion(last.lab, last.at, min(last.minutes, elapsed), skipped=True)
    return Assessment(identity, track, minutes, asked, learner)
