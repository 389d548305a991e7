"""The skills and what they build on, as a graph that can be asked. No I/O here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rung.runner.catalog.tracks import Skill


@dataclass(frozen=True)
class SkillGraph:
    """Skills by id. `requires` edges hold back, `helps` edges never do."""

    skills: Mapping[str, Skill]

    def title(self, skill: str) -> str:
        """The skill's title; its id where it is not known (any more)."""
        return self.skills[skill].title if skill in self.skills else skill

    def level(self, skill: str) -> int:
        return self.skills[skill].level if skill in self.skills else 0

    def requires(self, skill: str) -> list[str]:
        """What must come directly before it."""
        return self.skills[skill].requires if skill in self.skills else []

    def helps(self, skill: str) -> list[str]:
        """What makes it easier."""
        return self.skills[skill].helps if skill in self.skills else []

    def below(self, skills: Iterable[str]) -> set[str]:
        """Everything that these require, directly or not, themselves left out."""
        chosen = set(skills)
        return set().union(*(self._below.get(skill, frozenset()) for skill in chosen)) - chosen

    def above(self, skills: Iterable[str]) -> set[str]:
        """Everything that requires one of these, directly or not, themselves left out."""
        chosen = set(skills)
        return {skill for skill, below in self._below.items() if below & chosen} - chosen

    @cached_property
    def _below(self) -> dict[str, frozenset[str]]:
        found: dict[str, frozenset[str]] = {}

        def visit(skill: str) -> frozenset[str]:
            if skill not in found:
                found[skill] = frozenset()  # the files are read without circles; one would end here
                direct = [name for name in self.requires(skill) if name in self.skills]
                found[skill] = frozenset(direct).union(*(visit(name) for name in direct))
            return found[skill]

        for skill in self.skills:
            visit(skill)
        return found
