"""What a proof says, as values, and the parts that a lab's proof has."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Step:
    """One part of a lab's proof. `script` is what it runs on its machine (None: nothing)."""

    name: str
    script: Path | None = None

    @property
    def needs_machine(self) -> bool:
        return self.name != TEXT

    @property
    def wrong(self) -> bool:
        """Whether it is a wrong answer, which must fail."""
        return self.name.startswith("wrong/")


TEXT, UNTOUCHED, SOLUTION, AGAIN = "text", "untouched", "solution", "solution-again"


def steps(folder: Path) -> list[Step]:
    """The parts of the proof of the lab in `folder`, told by its files alone.

    `text` (what can be seen without a machine), `untouched`, `solution`, `solution-again`, then `also/NAME` and
    `wrong/NAME` for each script there.
    """
    solution = folder / "solution.sh"
    fixed = [Step(TEXT), Step(UNTOUCHED), Step(SOLUTION, solution), Step(AGAIN, solution)]
    scripts = [script for kind in ("also", "wrong") for script in sorted((folder / kind).glob("*.sh"))]
    return fixed + [Step(f"{script.parent.name}/{script.stem}", script) for script in scripts]


@dataclass(frozen=True)
class StepReport:
    """How one step went."""

    name: str
    why: tuple[str, ...] = ()  # a sentence for each thing that is not as it must be
    seconds: float = 0.0
    skipped: str | None = None  # why it could not be tried on this computer
    kept: str | None = None  # the id of the attempt that was kept for a look

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
    """The proof of one lab: it is proven when every step is as it must be."""

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
        """Why the lab cannot be tried here, where nothing that was tried is wrong."""
        reasons = [step.skipped for step in self.steps if step.skipped]
        return reasons[0] if reasons and not self.failed else None

    @property
    def seconds(self) -> float:
        """Seconds of work, all steps together (they may have run side by side)."""
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
