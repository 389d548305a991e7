"""A session: one candidate at one exam. Its state follows from its journal and the clock alone."""

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
# drawn: its machines are being created, the clock has not started; over: the time is up, and it is not submitted;
# ended: its machines were removed.
Phase = Literal["drawn", "running", "over", "submitted", "graded", "ended"]
MODES: tuple[Mode, ...] = ("exam", "practice")
IN_TIME = 20.0  # seconds after the deadline within which machines count as paused in time


@dataclass(frozen=True)
class ExamSession:
    """One exam that is, or was, taken, as it was at the moment `now`."""

    id: str
    events: tuple[Mapping[str, Any], ...]
    now: Moment

    # -- finding

    @classmethod
    def read(cls, exam: str) -> ExamSession:
        """The session with this id, as it is now."""
        return cls(exam, tuple(paths.journal(exam).events()), moment())

    @classmethod
    def all(cls) -> list[ExamSession]:
        """All sessions on this computer, oldest first."""
        found = [cls.read(path.stem) for path in sorted(paths.folder().glob("*.jsonl"))]
        return sorted((s for s in found if s.known), key=lambda s: (str(s.events[0]["at"]), s.id))

    @classmethod
    def find(cls, word: str | None = None) -> ExamSession:
        """The session whose id begins with `word`; without a word the open session, or else the newest.

        Raises UsageError where there is none, and where several ids begin so.
        """
        sessions = cls.all()
        if word is not None:
            matching = [s for s in sessions if s.id.startswith(word)]
            if len(matching) != 1:
                number = "The ids of several exams begin" if matching else "No exam has an id that begins"
                raise UsageError(f"{number} with `{word}`.", fix="`rung exam list` lists them.")
            return matching[0]
        if not sessions:
            raise UsageError("You have taken no exam yet.", fix="`rung exam list` lists all exams.")
        return next((s for s in reversed(sessions) if s.open), sessions[-1])

    @classmethod
    def begin(cls, paper: ExamPaper, mode: Mode, **facts: Any) -> ExamSession:
        """Record a new session with its paper; its clock has not started. Raises EnvironmentBroken."""
        exam = secrets.token_hex(4)
        session = cls(exam, (), moment())
        session.append("drawn", name=paper.name, title=paper.title, track=paper.track, mode=mode, seed=paper.seed,
                       digest=paper.digest, paper=paper.as_json(), **facts)  # fmt: skip
        return cls.read(exam)

    # -- writing

    def append(self, event: str, **data: Any) -> None:
        """Record an event with the time by each clock. Raises EnvironmentBroken where the journal cannot be written."""
        paths.journal(self.id).append(event, clock=moment().as_json(), **data)

    def again(self) -> ExamSession:
        """The same session as it is now."""
        return ExamSession.read(self.id)

    # -- how it was started

    @cached_property
    def paper(self) -> ExamPaper:
        return ExamPaper.of_json(self._first("drawn")["paper"])

    @property
    def mode(self) -> Mode:
        return "practice" if self._first("drawn").get("mode") == "practice" else "exam"

    @property
    def candidate(self) -> str:
        """The candidate's name, as given at the start; may be empty."""
        return str(self._first("drawn").get("candidate", ""))

    @property
    def minutes(self) -> int | None:
        """How many minutes it may take, without granted time; None without a clock."""
        found = self._first("drawn").get("minutes", self.paper.minutes)
        return None if found is None else int(found)

    # -- its state

    @property
    def known(self) -> bool:
        """Whether its journal exists and holds its paper."""
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
        """Whether it has no results yet and was not ended."""
        return self.phase in ("drawn", "running", "over", "submitted")

    @property
    def sealed(self) -> bool:
        """Whether checks, hints and solutions are refused."""
        return self.mode == "exam" and self.open

    @property
    def elapsed(self) -> float:
        """Seconds since the clock started, until now or until the submission."""
        return self._elapsed_at(self._end)

    @property
    def allowed(self) -> float | None:
        """Seconds that it may take, with granted time; None without a clock."""
        return None if self.minutes is None else self.minutes * 60 + self.granted

    @property
    def left(self) -> float | None:
        """Seconds left, negative after the deadline; None without a clock."""
        return None if self.allowed is None else self.allowed - self.elapsed

    @property
    def over(self) -> bool:
        """Whether the time is up; never in practice mode, whose clock ends nothing."""
        return self.mode == "exam" and self.left is not None and self.left <= 0

    @property
    def deadline(self) -> str | None:
        """The time of its end by the computer's present date, in UTC; None without a clock."""
        return None if self.left is None else utc(self.now.wall + self.left)

    @property
    def late(self) -> float:
        """Seconds from the deadline to the state that is graded; 0 where it is at most IN_TIME."""
        if self.allowed is None:
            return 0.0
        if self.paused_at_deadline:
            beyond = next(float(e["late"]) for e in self._since_resumed() if e["event"] == "paused")
        elif given := self._last("submitted"):
            beyond = self._elapsed_at(Moment.of_json(given["clock"])) - self.allowed
        else:
            return 0.0
        return beyond if beyond > IN_TIME else 0.0

    @property
    def paused_at_deadline(self) -> bool:
        """Whether its machines were paused because the time is up."""
        return any(e["event"] == "paused" for e in self._since_resumed())

    @property
    def pause_lateness(self) -> float | None:
        """Seconds from the deadline to the first pause request; None where none is recorded."""
        return next((float(e["late"]) for e in self._since_resumed() if e["event"] == "pausing"), None)

    @property
    def unpaused_questions(self) -> list[int]:
        """The questions whose machines could not be paused when the time was up."""
        return next((list(e.get("running", [])) for e in self._since_resumed() if e["event"] == "paused"), [])

    def _since_resumed(self) -> list[Mapping[str, Any]]:
        """The events since machines last resumed after the deadline; all events where they never did."""
        on = [n for n, e in enumerate(self.events) if e["event"] == "resumed" or e.get("resumed")]
        return list(self.events[on[-1] + 1 :] if on else self.events)

    # -- lost time

    @property
    def downs(self) -> list[Mapping[str, Any]]:
        """Events of times in which Rung, the engine or the computer was down, with `why`, `seconds` and `since`."""
        return [e for e in self._running() if e["event"] in ("back", "down") and "why" in e]

    @property
    def granted(self) -> float:
        """Seconds of lost time that were granted."""
        return float(sum(e["seconds"] for e in self.events if e["event"] == "granted"))

    @property
    def grantable(self) -> list[Mapping[str, Any]]:
        """The lost times that were not granted yet."""
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
        """The question numbers of all events with this name (`prepared`, `opened`, `marked`, ...), in order."""
        return [int(e["question"]) for e in self.events if e["event"] == event and "question" in e]

    def tried(self) -> set[int]:
        """The questions that the candidate opened."""
        return set(self.numbers("opened"))

    def inside(self) -> set[int]:
        """The questions with an open shell, and those with access from outside (`rung env`)."""
        left = {event["visit"] for event in self.events if event["event"] == "left"}
        entered = [event for event in self.events if event["event"] == "entered" and event["visit"] not in left]
        outside = {int(e["question"]) for e in self.events if e["event"] == "opened" and e.get("outside")}
        return outside | {int(event["question"]) for event in entered if processes.is_alive(str(event["process"]))}

    def idle(self, number: int) -> float:
        """Seconds since a question's machines were created, or since it was last opened or left."""
        named = ("prepared", "opened", "left")
        last = next((e for e in reversed(self.events) if e["event"] in named and e["question"] == number), None)
        return elapsed([Moment.of_json(last["clock"]), self.now]) if last is not None else 0.0

    def seconds_on(self, number: int) -> float:
        """Seconds in which the candidate had a shell of the question open."""
        return visited(list(self._running()), number, self._end)

    # -- the journal

    def _first(self, name: str) -> Mapping[str, Any]:
        return next((e for e in self.events if e["event"] == name), {})

    def _last(self, name: str) -> Mapping[str, Any]:
        return next((e for e in reversed(self.events) if e["event"] == name), {})

    def _running(self) -> Iterable[Mapping[str, Any]]:
        """The events from the start of the clock to the submission, inclusive."""
        begun = False
        for event in self.events:
            begun = begun or event["event"] == "started"
            if begun and "clock" in event:
                yield event
            if event["event"] == "submitted":
                return

    @property
    def _end(self) -> Moment:
        """The moment of its submission, or else `now`."""
        given = self._last("submitted")
        return Moment.of_json(given["clock"]) if given else self.now

    def _elapsed_at(self, at: Moment) -> float:
        """Seconds from the start of the clock to a moment, added up over all recorded moments between."""
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
