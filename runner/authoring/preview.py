"""`rung author preview`: a lab as a learner meets it for one seed, and beside it what will be asked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rung.runner.grading.grade import bound_checks
from rung.runner.lab import loader
from rung.runner.lab.model import Lab


@dataclass(frozen=True)
class PreviewedCheck:
    """One check: its id (`task.check`), the sentence in a report, its machine and its points."""

    id: str
    sentence: str
    machine: str
    points: int
    holds: bool


@dataclass(frozen=True)
class Preview:
    """`lab` has its values filled in: its intro, tasks and hints are what the learner reads."""

    lab: Lab
    values: dict[str, Any]
    asked: list[PreviewedCheck]

    @property
    def points(self) -> int:
        return sum(each.points for each in self.asked if not each.holds)


def preview(folder: Path, seed: int = 1) -> Preview:
    """The lab in `folder` as `seed` draws it. Its checks.py is loaded, so it must be trusted.

    Raises LabFileError with its mistakes, UsageError where it has a checks.py and is not trusted.
    """
    lab = loader.load(folder, seed)
    asked = [PreviewedCheck(f"{q.task}.{q.id}", q.title, q.machine, q.points, q.holds) for q in bound_checks(lab, {})]
    return Preview(lab, lab.values, asked)
