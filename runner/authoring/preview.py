"""`rung author preview`: a lab as a learner sees it with one seed, and its checks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rung.runner.grading.grade import bound_checks
from rung.runner.lab import loader
from rung.runner.lab.model import Lab


@dataclass(frozen=True)
class PreviewedCheck:
    """A check: its id (`task.check`), its title in reports, its machine and its points. `holds`: it is a guard."""

    id: str
    sentence: str
    machine: str
    points: int
    holds: bool


@dataclass(frozen=True)
class Preview:
    """A lab with the values of one seed in its texts, these values, and its checks."""

    lab: Lab
    values: dict[str, Any]
    asked: list[PreviewedCheck]

    @property
    def points(self) -> int:
        return sum(each.points for each in self.asked if not each.holds)


def preview(folder: Path, seed: int = 1) -> Preview:
    """The lab in `folder` with the values that `seed` draws.

    Raises LabFileError with its mistakes, UsageError where it has a checks.py (which is loaded) and is not trusted.
    """
    lab = loader.load(folder, seed)
    asked = [PreviewedCheck(f"{q.task}.{q.id}", q.title, q.machine, q.points, q.holds) for q in bound_checks(lab, {})]
    return Preview(lab, lab.values, asked)
