"""What exams ask for: tracks, their domains and objectives, and the skills below them."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from rung.runner.lab import Model, Text

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*([.-][a-z0-9]+)*$")]
Feasible = Literal["full", "partial", "no"]

HOME = Path(__file__).parent.parent / "labs"

_ID = re.compile(r"^ *- +id: +([a-z0-9.-]+) *$", re.MULTILINE)


class Feasibility(Model):
    """How much of an objective each kind of machine can teach honestly."""

    container: Feasible | None = Field(None, description="A systemd machine in a container.")
    vm: Feasible | None = Field(None, description="A virtual machine.")
    kind: Feasible | None = Field(None, description="A cluster made by kind.")
    why: str = Field("", description="What is lost, and why.")


class Objective(Model):
    """One thing that an exam asks for."""

    id: Id
    text: Text
    skills: list[Id] = Field(default_factory=list)
    feasible: Feasibility = Feasibility()


class Domain(Model):
    """A group of objectives; `weight` is its share of the exam in per cent, where that is published."""

    id: Id
    name: Text
    weight: int | None = Field(None, ge=0, le=100)
    objectives: list[Objective]


class Track(Model):
    """What one exam asks for."""

    id: Id
    name: Text
    about: str = ""
    link: str = ""
    attribution: str = ""
    facts: dict[str, str] = Field(default_factory=dict)
    domains: list[Domain]

    def objectives(self) -> list[Objective]:
        """The objectives of all domains, in order."""
        return [objective for domain in self.domains for objective in domain.objectives]


class Skill(Model):
    """One thing a learner can do, and the skills that come before it."""

    id: Id
    title: Text
    level: int = Field(ge=0, le=20, description="Distance from the first steps, which are 0.")
    requires: list[Id] = Field(default_factory=list, description="Skills without which it makes no sense.")
    helps: list[Id] = Field(default_factory=list, description="Skills that make it easier; they never block.")


@lru_cache(maxsize=4)
def known_objectives(home: Path = HOME) -> frozenset[str]:
    """Ids of all objectives (and domains), read quickly: the files are ours, and a test reads them in full."""
    files = sorted((home / "tracks").glob("*.yaml"))
    return frozenset(found for file in files for found in _ID.findall(file.read_text("utf-8")))


@lru_cache(maxsize=4)
def known_skills(home: Path = HOME) -> frozenset[str]:
    """Ids of all skills."""
    return frozenset(_ID.findall((home / "skills.yaml").read_text("utf-8")))
