"""A session: one candidate at one exam. What it is now is told by its journal and by the clock, and by nothing else."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from rung.runner.core import processes
from rung.runner.core.errors import UsageError
from rung.runner.exams import heartbeat, paths
from rung.runner.exams.clock import Moment, elapsed, moment, newer, utc
from rung.runner.exams.paper import ExamPaper
from rung.runner.exams.time_spent import visited

Mode = Literal["exam", "practice"]
# drawn: its machines are being made, the clock stands; over: the time is up, and it is not submitted;
# ended: its machines were removed.
Phase = Literal["drawn", "running", "over", "submitted", "graded", "ended"]
MODES: tuple[Mode, ...] = ("exam", "practice")
IN_TIME = 20.0  # seconds after the deadline within which the machines count as stopped at it


@dataclass(frozen=True)
class ExamSession:
    """One exam that is, or was, taken; `now` is the moment at which this was asked for."""

    id: str
    events: tuple[Mapping[str, Any], ...]
    now: Moment

    # -- finding

    @classmethod
    def read(cls, exam: str) -> ExamSession:
        """The exam of that id, as it is now."""
        return cls(exam, tuple(paths.journal(exam).events()), moment())

    @classmethod
    def all(cls) -> list[ExamSession]:
        """Every exam on record, oldest first."""
        found = [cls.read(path.stem) for path in sorted(paths.folder().glob("*.jsonl"))]
        return sorted((s for s in found if s.known), key=lambda s: (str(s.events[0]["at"]), s.id))

    @classmethod
    def find(cls, word: str | None = None) -> ExamSession:
        """The exam named by its id (or the id's beginning), or else the one that is open, or else the newest.

        Raises UsageError where there is none.
        """
        every = cls.all()
        if word is not None:
            matching = [s for s in every if s.id.startswith(word)]
            if len(matching) != 1:
                number = "several exams begin" if matching else "no exam begins"
                raise UsageError(
                    f"Of those that were taken, {number} with `{word}`.", fix="`rung exam list` lists them."
                )
            return matching[0]
        if not every:
            raise UsageError("No exam was taken yet.", fix="`rung exam list` shows which there are.")
        return next((s for s in reversed(every) if s.open), every[-1])

    @classmethod
    def begin(cls, paper: ExamPaper, mode: Mode, **facts: Any) -> ExamSession:
        """A new session: its paper is on record, and its clock does not run yet."""
        exam = secrets.token_hex(4)
        session = cls(exam, (), moment())
        session.append("drawn", name=paper.name, title=paper.title, track=paper.track, mode=mode, seed=paper.seed,
                       digest=paper.digest, paper=paper.as_json(), **facts)  # fmt: skip
        return cls.read(exam)

    # -- writing

    def append(self, event: str, **data: Any) -> None:
        """Enter an event, with the time by every clock. Raises EnvironmentBroken."""
        paths.journal(self.id).append(event, clock=moment().as_json(), **data)

    def again(self) -> ExamSession:
        """The same exam as it is now."""
        return ExamSession.read(self.id)

    # -- what was set

    @cached_property
    def paper(self) -> ExamPaper:
        return ExamPaper.of_json(self._first("drawn")["paper"])

    @property
    def mode(self) -> Mode:
        return "practice" if self._first("drawn").get("mode") == "practice" else "exam"

    @property
    def candidate(self) -> str:
        """Who sits it, as they said; often nothing."""
        return str(self._first("drawn").get("candidate", ""))

    @property
    def minutes(self) -> int | None:
        """How long it may take; None without a clock."""
        found = self._first("drawn").get("minutes", self.paper.minutes)
        return None if found is None else int(found)

    # -- how it stands

    @property
    def known(self) -> bool:
        """Whether its journal is there, with what was drawn."""
        return bool(self._first("drawn"))

    @property
    def phase(self) -> Phase:
        if self._last("ended"):
            return "ended"
        if self._last("graded"):
            return "graded"
        if self._last("submitted"):
            return "submitted"
        if not self._last("started"):
            return "drawn"
        return "over" if self.over else "running"

    @property
    def open(self) -> bool:
        """Whether there is something to go on with before the results."""
        return self.phase in ("drawn", "running", "over", "submitted")

    @property
    def sealed(self) -> bool:
        """Whether nothing may be said yet of what is right."""
        return self.mode == "exam" and self.open

    @property
    def elapsed(self) -> float:
        """Seconds since the clock began, until now or until it was submitted."""
        return self._elapsed_at(self._end)

    @property
    def allowed(self) -> float | None:
        """Seconds that it may take, with what was granted."""
        return None if self.minutes is None else self.minutes * 60 + self.granted

    @property
    def left(self) -> float | None:
        """Seconds that are left, below 0 once it is over; None without a clock."""
        return None if self.allowed is None else self.allowed - self.elapsed

    @property
    def over(self) -> bool:
        """Whether the time is up, in an exam that stops there; the clock of a practice only tells."""
        return self.mode == "exam" and self.left is not None and self.left <= 0

    @property
    def deadline(self) -> str | None:
        """When it ends by the computer's clock as it goes now, in UTC."""
        return None if self.left is None else utc(self.now.wall + self.left)

    @property
    def late(self) -> float:
        """Seconds after the deadline at which the state was seen that is graded; 0 where that was in time."""
        if self.allowed is None:
            return 0.0
        if self.stands_still:
            beyond = next(float(e["late"]) for e in self._since_resumed() if e["event"] == "paused")
        elif given := self._last("submitted"):
            beyond = self._elapsed_at(Moment.of_json(given["clock"])) - self.allowed
        else:
            return 0.0
        return beyond if beyond > IN_TIME else 0.0

    @property
    def stands_still(self) -> bool:
        """Whether its machines were stopped where they are because the time is up."""
        return any(e["event"] == "paused" for e in self._since_resumed())

    @property
    def pausing(self) -> float | None:
        """Seconds after the deadline at which somebody first began to stop the machines; None where nobody did."""
        return next((float(e["late"]) for e in self._since_resumed() if e["event"] == "pausing"), None)

    @property
    def run_on(self) -> list[int]:
        """The questions whose machines could not be stopped when the time was up."""
        return next((list(e.get("running", [])) for e in self._since_resumed() if e["event"] == "paused"), [])

    def _since_resumed(self) -> list[Mapping[str, Any]]:
        """The events since the machines last went on after the end, all where they did not."""
        on = [n for n, e in enumerate(self.events) if e["event"] == "resumed" or e.get("resumed")]
        return list(self.events[on[-1] + 1 :] if on else self.events)

    # -- time that was lost

    @property
    def downs(self) -> list[Mapping[str, Any]]:
        """Times in which Rung, the engine or the computer was down: why, seconds, since when."""
        return [e for e in self._running() if e["event"] in ("back", "down") and "why" in e]

    @property
    def granted(self) -> float:
        """Seconds that were given back."""
        return float(sum(e["seconds"] for e in self.events if e["event"] == "granted"))

    @property
    def grantable(self) -> list[Mapping[str, Any]]:
        """The times that were lost and not given back."""
        done = {since for e in self.events if e["event"] == "granted" for since in e["since"]}
        return [entry for entry in self.downs if entry["since"] not in done]

    # -- questions

    @property
    def flags(self) -> set[int]:
        """Numbers of the questions that the candidate wants to come back to."""
        state = {int(e["question"]): bool(e["on"]) for e in self.events if e["event"] == "flagged"}
        return {number for number, on in state.items() if on}

    @property
    def notes(self) -> dict[int, str]:
        """Question -> the candidate's note."""
        state = {int(e["question"]): str(e["text"]) for e in self.events if e["event"] == "noted"}
        return {number: text for number, text in state.items() if text}

    def numbers(self, event: str) -> list[int]:
        """The questions that an event was about, in order: `prepared`, `opened`, `marked`."""
        return [int(e["question"]) for e in self.events if e["event"] == event and "question" in e]

    def tried(self) -> set[int]:
        """The questions that the candidate opened."""
        return set(self.numbers("opened"))

    def inside(self) -> set[int]:
        """The questions of which a shell is open now, and those that are worked on from outside."""
        left = {event["visit"] for event in self.events if event["event"] == "left"}
        entered = [event for event in self.events if event["event"] == "entered" and event["visit"] not in left]
        outside = {int(e["question"]) for e in self.events if e["event"] == "opened" and e.get("outside")}
        return outside | {int(event["question"]) for event in entered if processes.is_alive(str(event["process"]))}

    def idle(self, number: int) -> float:
        """Seconds since a question was last made, opened or left."""
        named = ("prepared", "opened", "left")
        last = next((e for e in reversed(self.events) if e["event"] in named and e["question"] == number), None)
        return elapsed([Moment.of_json(last["clock"]), self.now]) if last is not None else 0.0

    def seconds_on(self, number: int) -> float:
        """Seconds that the candidate had a shell of that question open."""
        return visited(list(self._running()), number, self._end)

    # -- the journal

    def _first(self, name: str) -> Mapping[str, Any]:
        return next((e for e in self.events if e["event"] == name), {})

    def _last(self, name: str) -> Mapping[str, Any]:
        return next((e for e in reversed(self.events) if e["event"] == name), {})

    def _running(self) -> Iterable[Mapping[str, Any]]:
        """The events from the start of the clock to the submission."""
        begun = False
        for event in self.events:
            begun = begun or event["event"] == "started"
            if begun and "clock" in event:
                yield event
            if event["event"] == "submitted":
                return

    @property
    def _end(self) -> Moment:
        """Now, or when it was submitted."""
        given = self._last("submitted")
        return Moment.of_json(given["clock"]) if given else self.now

    def _elapsed_at(self, at: Moment) -> float:
        """Seconds from the start of the clock to a moment, over every moment on record before it."""
        seen: list[Moment] = []
        for event in self._running():
            if "seen" in event and not (seen and newer(seen[-1], Moment.of_json(event["seen"]))):
                seen.append(Moment.of_json(event["seen"]))
            seen.append(Moment.of_json(event["clock"]))
            if seen[-1] == at:
                return elapsed(seen)
        if not seen:
            return 0.0
        sign = heartbeat.last(self.id)
        known = [event["seen"] for event in self._running() if "seen" in event]
        if sign is not None and sign.as_json() not in known and not newer(seen[-1], sign):
            seen.append(sign)
        return elapsed([*seen, at])
