"""List labs, and trust folders of labs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rung.runner.lab.difficulties import DIFFICULTIES as DIFFICULTIES  # for whoever offers the choice

if TYPE_CHECKING:
    from rung.runner.catalog.labs import LabSummary
    from rung.runner.core.errors import Mistake


@dataclass(frozen=True)
class LabFilter:
    """What labs must match; None: any."""

    word: str | None = None  # part of a name, a title, an objective or a skill
    track: str | None = None
    domain: str | None = None
    objective: str | None = None
    skill: str | None = None
    difficulty: str | None = None


@dataclass(frozen=True)
class LabList:
    """Labs, easiest first; the names of all labs that the learner has passed; and why labs were skipped."""

    labs: Sequence[LabSummary]
    passed: set[str]
    skipped: Sequence[Mistake]  # the first mistake of each lab, and links in packs to labs that are not trusted


def list_labs(wanted: LabFilter) -> LabList:
    """The labs that match a filter. Raises UsageError for an unknown track, domain, objective or skill."""
    from rung.runner.catalog.filters import select
    from rung.runner.catalog.labs import catalogue
    from rung.runner.grading.record import passed_labs

    every, skipped = catalogue()
    found = select(every, **vars(wanted))
    found.sort(key=lambda summary: (DIFFICULTIES.index(summary.difficulty), summary.name))
    return LabList(found, set(passed_labs()), skipped)


def lab_names() -> list[str]:
    """The names of all labs."""
    from rung.runner.catalog.labs import summaries

    return [summary.name for summary in summaries()]


def track_ids() -> list[str]:
    """The ids of all tracks."""
    from rung.runner.catalog.labs import tracks

    return [track.id for track in tracks()]


def domain_ids() -> list[str]:
    """The ids of the domains of all tracks."""
    from rung.runner.catalog.labs import tracks

    return [domain.id for track in tracks() for domain in track.domains]


def objective_ids() -> list[str]:
    """The ids of the objectives of all tracks."""
    from rung.runner.catalog.labs import tracks

    return [objective.id for track in tracks() for objective in track.objectives()]


def skill_ids() -> list[str]:
    """The ids of all skills."""
    from rung.runner.catalog.labs import skills

    return list(skills())


def permissions_of(folder: Path) -> Sequence[str]:
    """What the labs below a folder may do once they are trusted, as sentences. Raises UsageError for no labs."""
    from rung.runner.catalog.trust import allowed

    return list(allowed(folder))


def trust_labs(folder: Path, *, edits: bool) -> list[str]:
    """Trust the labs below a folder, and return their names; `edits`: trust their later changes, too.

    Raises UsageError where there are none, LabFileError where one cannot be trusted (links out of its folder).
    """
    from rung.runner.catalog import trust

    return list(trust.trust(folder, edits=edits))


def distrust_labs(folder: Path) -> bool:
    """Withdraw trust from a folder; whether it was trusted."""
    from rung.runner.catalog import trust

    return bool(trust.forget(folder))
