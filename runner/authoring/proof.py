"""The steps of a lab's proof, and the reports of them, as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Step:
    """One step of a lab's proof. `script`: what it runs on its machine; None for nothing."""

    name: str
    script: Path | None = None

    @property
    def needs_machine(self) -> bool:
        return self.name != TEXT

    @property
    def wrong(self) -> bool:
        """Whether the step is a wrong answer, which must fail."""
        return self.name.startswith("wrong/")


TEXT, UNTOUCHED, SOLUTION, AGAIN = "text", "untouched", "solution", "solution-again"


def steps(folder: Path) -> list[Step]:
    """The steps of the proof of the lab in `folder`, from its file names alone.

    `text` (lint, without a machine), `untouched`, `solution`, `solution-again`, then `also/NAME` and `wrong/NAME` for
    each script there.
    """
    solution = folder / "solution.sh"
    fixed = [Step(TEXT), Step(UNTOUCHED), Step(SOLUTION, solution), Step(AGAIN, solution)]
    scripts = [script for kind in ("also", "wrong") for script in sorted((folder / kind).glob("*.sh"))]
    return fixed + [Step(f"{script.parent.name}/{script.stem}", script) for script in scripts]


@dataclass(frozen=True)
class StepReport:
    """The result of one step."""

    name: str
    why: tuple[str, ...] = ()  # a sentence for each failure; empty for a step that succeeded
    seconds: float = 0.0
    skipped: str | None = None  # why the step cannot run on this computer
    kept: str | None = None  # the id of the attempt whose machine was kept

    @property
    def ok(self) -> bool:
        return not self.why and self.skipped is None

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "ok": self.ok,
            "why": list(self.why),
            "seconds": round(self.seconds, 2),
            "skipped": self.skipped,
            "kept": self.kept,
        }


@dataclass(frozen=True)
class Proof:
    """The proof of one lab, which is proven (`ok`) when every step succeeded."""

    lab: str
    folder: Path
    steps: list[StepReport] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return bool(self.steps) and all(step.ok for step in self.steps)

    @property
    def failed(self) -> list[StepReport]:
        return [step for step in self.steps if step.why]

    @property
    def skipped(self) -> str | None:
        """Why the lab cannot run here; None where it can, or where a step that did run failed."""
        reasons = [step.skipped for step in self.steps if step.skipped]
        return reasons[0] if reasons and not self.failed else None

    @property
    def seconds(self) -> float:
        """Seconds of work: the sum of all steps, which may have run in parallel."""
        return sum(step.seconds for step in self.steps)

    def as_json(self) -> dict[str, Any]:
        """`{"lab", "folder", "ok", "skipped", "seconds", "steps": [{"name", "ok", "why", "seconds", ...}]}`."""
        return {
            "lab": self.lab,
            "folder": str(self.folder),
            "ok": self.ok,
            "skipped": self.skipped,
            "seconds": round(self.seconds, 2),
            "steps": [step.as_json() for step in self.steps],
        }
