"""A candidate's room: three small labs, an exam of them, and `rung` as a process on an engine in a file."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from disk_driver import DiskDriver
from fake_labs import LAB, write_lab
from rung.runner.catalog import trust
from rung.runner.exams.session import ExamSession

RUNG = [sys.executable, str(Path(__file__).with_name("disk_driver.py"))]
EXAM = """\
title: Three small labs
track: rhcsa10
minutes: 60
pass_mark: 60
labs:
  - {lab: ../labs/alpha, weight: 2}
  - {lab: ../labs/beta}
  - {lab: ../labs/gamma}
"""
OBJECTIVES = {"alpha": "rhcsa10-1.08", "beta": "rhcsa10-9.01", "gamma": "rhcsa10-9.01"}


@dataclass
class Said:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass
class Room:
    """An exam's candidate: a home of their own, an engine in a file, `rung` as a process."""

    home: Path
    exam: Path
    driver: DiskDriver
    environment: dict[str, str] = field(default_factory=dict)

    def rung(self, *words: str, kill: int = 0, log: Path | None = None) -> Said:
        """Run `rung`; with `kill` it is killed at the N-th thing that it does (its code is then -9)."""
        env = {**os.environ, "RUNG_HOME": str(self.home), "WORLD": str(self.driver.path), "COLUMNS": "200"}
        env |= {"KILL": str(kill), **({"KILL_LOG": str(log)} if log else {}), **self.environment}
        done = subprocess.run(
            [*RUNG, *words], env=env, capture_output=True, text=True, timeout=120, check=False, stdin=subprocess.DEVNULL
        )
        return Said(done.returncode, done.stdout, done.stderr)

    def start(self, *words: str, kill: int = 0) -> Said:
        return self.rung("exam", "start", str(self.exam), "--seed", "7", *words, kill=kill)

    def status(self) -> Any:
        said = self.rung("exam", "status", "--json")
        assert said.code == 0, said.err
        return said.json

    def attempt(self, number: int) -> str:
        """The id of a question's attempt."""
        drawn = next(event for event in self.events() if event["event"] == "drawn")
        return str(drawn["paper"]["questions"][number - 1]["attempt"])

    def solve(self, number: int, *facts: str) -> None:
        """Open a question and make facts true on its machine."""
        said = self.rung("exam", "shell", str(number))
        assert said.code == 0, said.err
        self.do(number, *facts)

    def do(self, number: int, *facts: str) -> None:
        attempt = self.attempt(number)
        for fact in facts:
            self.driver.do(attempt, f"set {fact} yes")

    def events(self) -> list[dict[str, Any]]:
        """The exam's journal."""
        return [json.loads(line) for line in self.journal().read_text().splitlines()]

    def reports(self, number: int) -> list[dict[str, Any]]:
        """The reports in the journal of a question's attempt."""
        path = self.home / "attempts" / f"{self.attempt(number)}.jsonl"
        lines = path.read_text().splitlines() if path.exists() else []
        return [event for event in map(json.loads, lines) if event["event"] == "report"]

    def journal(self) -> Path:
        (path,) = (self.home / "exams").glob("*.jsonl")
        return path

    def pass_time(self, seconds: float) -> None:
        """Let the exam have begun so much earlier, and the last sign of life with it."""
        beat = self.journal().with_suffix(".beat")
        lines = []
        for event in self.events():
            if "clock" in event:
                event["clock"] = _earlier(event["clock"], seconds)
            lines.append(json.dumps(event))
        self.journal().write_text("\n".join(lines) + "\n")
        if beat.exists():
            beat.write_text(json.dumps(_earlier(json.loads(beat.read_text()), seconds)))

    def restart(self, off: float) -> None:
        """Let the computer, and with it the machines, have been off for so many seconds, until a minute ago."""
        self.pass_time(off + 60)
        self.environment["BOOTED"] = str(time.time() - 60)
        for found in self.driver.attempts():
            self.driver.halt(found.attempt)

    def served(self, seconds: float) -> None:
        """Let somebody have served it all that time, so that nothing was lost: the last sign of life is of now."""
        self.pass_time(seconds)
        beat = self.journal().with_suffix(".beat")
        if beat.exists():
            beat.write_text(json.dumps(_earlier(json.loads(beat.read_text()), -seconds)))

    def leave(self, seconds: float) -> None:
        """Let so much time be left, and all that is over have been served."""
        left = ExamSession.read(self.journal().stem).left
        assert left is not None
        self.served(left - seconds)

    def states(self) -> set[str]:
        """The states that the machines are in."""
        return {machine.state for found in self.driver.attempts() for machine in found.machines}

    def copied(self, to: Path) -> Room:
        """The same candidate once more, as everything is now."""
        shutil.copytree(self.home, to / "home")
        shutil.copy(self.driver.path, to / "world.json")
        return replace(self, home=to / "home", driver=DiskDriver(to / "world.json"))


def _earlier(clock: dict[str, Any], seconds: float) -> dict[str, Any]:
    return {**clock, **{name: clock[name] - seconds for name in ("wall", "up", "awake")}}


def until(holds: Any, what: str, seconds: float = 30.0) -> None:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, what
        time.sleep(0.1)


def furnish(place: Path) -> Room:
    """A candidate, without a supervisor; the labs are trusted and the exam is not started."""
    for name, objective in OBJECTIVES.items():
        write_lab(place / "labs" / name, LAB.replace("objectives: []", f"objectives: [{objective}]"))
    trust.trust(place / "labs")
    exam = place / "exams" / "three.yaml"
    exam.parent.mkdir()
    exam.write_text(EXAM)
    return Room(place / "home", exam, DiskDriver(place / "world.json"), {"NO_KEEPER": "1"})
