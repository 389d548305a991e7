"""Tracks say what an exam asks for: domains, their objectives, and the skills that those need."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from rung.runner.core.text import found
from rung.runner.lab.folder import BUNDLED_LABS
from rung.runner.lab.known_ids import known_skills
from rung.runner.lab.model import Model, Text
from rung.runner.lab.rules import cycle
from rung.runner.lab.validation import validated
from rung.runner.lab.yaml_tree import Document, Where, read

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*([.-][a-z0-9]+)*$")]
Feasible = Literal["full", "partial", "no"]


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
    asked: bool = Field(True, description="false: the exam no longer asks for it; its skills are kept.")
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
    """One thing that a learner can do, and the skills that it builds on."""

    id: Id
    title: Text
    level: int = Field(ge=0, le=20, description="Distance from the first skills, whose level is 0.")
    requires: list[Id] = Field(default_factory=list, description="Skills that have to come before it.")
    helps: list[Id] = Field(default_factory=list, description="Skills that make it easier; they never block.")


def read_tracks(home: Path = BUNDLED_LABS) -> list[Track]:
    """The tracks of `home`/tracks, in the order of their files.

    Raises LabFileError for mistakes: wrong types, ids used twice, unknown skills.
    """
    tracks: list[Track] = []
    skills = set(known_skills(home))
    seen: set[str] = set()
    for file in sorted((home / "tracks").glob("*.yaml")):
        document = read(file)
        if isinstance(document.data, dict):
            _check_track(document, document.data, skills, seen)
        track = None if document.mistakes else validated(Track, document.data, document, ())
        document.check()
        tracks += [track] if track else []
    return tracks


def _check_track(document: Document, data: dict[str, Any], skills: set[str], seen: set[str]) -> None:
    for where, item in _items(data):
        if item.get("id") in seen:
            document.mistake((*where, "id"), f"the id `{item['id']}` is used twice")
        seen |= {item["id"]} if isinstance(item.get("id"), str) else set()
        _check_known(document, item, where, "skills", skills)


def _items(data: dict[str, Any]) -> list[tuple[Where, dict[str, Any]]]:
    """The domains and objectives of a track that are mappings, with their places."""
    items: list[tuple[Where, dict[str, Any]]] = []
    for number, domain in _mappings(data.get("domains")):
        items.append((("domains", number), domain))
        objectives = _mappings(domain.get("objectives"))
        items += [(("domains", number, "objectives", place), objective) for place, objective in objectives]
    return items


def _mappings(value: Any) -> list[tuple[int, dict[str, Any]]]:
    entries = value if isinstance(value, list) else []
    return [(number, entry) for number, entry in enumerate(entries) if isinstance(entry, dict)]


def _check_known(document: Document, item: dict[str, Any], where: Where, key: str, skills: set[str]) -> None:
    names = item.get(key)
    for number, name in enumerate(names if isinstance(names, list) else []):
        if isinstance(name, str) and name not in skills:
            document.mistake((*where, key, number), f"unknown skill `{name}`{document.meant(name, skills)}")


def read_skills(home: Path = BUNDLED_LABS) -> dict[str, Skill]:
    """The skills of `home`/skills.yaml by their ids, in the file's order.

    Raises LabFileError for mistakes: wrong types, ids used twice, unknown skills, circles in `requires`.
    """
    document = read(home / "skills.yaml")
    if not document.mistakes and not isinstance(document.data, list):
        document.mistake((), f"expected a list of skills, found {found(document.data)}")
    document.check()
    _check_skills(document)
    skills = [validated(Skill, item, document, (number,)) for number, item in enumerate(document.data)]
    document.check()
    return {skill.id: skill for skill in skills if skill is not None}


def _check_skills(document: Document) -> None:
    items = _mappings(document.data)
    places: dict[str, int] = {}
    for number, item in items:
        if isinstance(item.get("id"), str):
            if item["id"] in places:
                document.mistake((number, "id"), f"the id `{item['id']}` is used twice")
            places.setdefault(item["id"], number)
    for number, item in items:
        for key in ("requires", "helps"):
            _check_known(document, item, (number,), key, set(places))
    edges = {item["id"]: _names(item.get("requires")) for _, item in items if isinstance(item.get("id"), str)}
    circle = cycle(edges)
    if circle:
        document.mistake((places[circle[0]], "requires"), "these skills require each other: " + " -> ".join(circle))


def _names(value: Any) -> list[str]:
    return [name for name in value if isinstance(name, str)] if isinstance(value, list) else []
