"""The graph of skills and their prerequisites. No I/O here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rung.runner.catalog.tracks import Skill


@dataclass(frozen=True)
class SkillGraph:
    """Skills by id, with two kinds of edges: `requires` is a prerequisite, `helps` only makes a skill easier."""

    skills: Mapping[str, Skill]

    def title(self, skill: str) -> str:
        """The skill's title, or the id of an unknown skill."""
        return self.skills[skill].title if skill in self.skills else skill

    def level(self, skill: str) -> int:
        return self.skills[skill].level if skill in self.skills else 0

    def requires(self, skill: str) -> list[str]:
        """The direct prerequisites of a skill."""
        return self.skills[skill].requires if skill in self.skills else []

    def helps(self, skill: str) -> list[str]:
        """The skills that make a skill easier."""
        return self.skills[skill].helps if skill in self.skills else []

    def below(self, skills: Iterable[str]) -> set[str]:
        """All direct and indirect prerequisites of these skills, without the skills themselves."""
        chosen = set(skills)
        return set().union(*(self._below.get(skill, frozenset()) for skill in chosen)) - chosen

    def above(self, skills: Iterable[str]) -> set[str]:
        """All skills that directly or indirectly require one of these, without the skills themselves."""
        chosen = set(skills)
        return {skill for skill, below in self._below.items() if below & chosen} - chosen

    @cached_property
    def _below(self) -> dict[str, frozenset[str]]:
        found: dict[str, frozenset[str]] = {}

        def visit(skill: str) -> frozenset[str]:
            if skill not in found:
                found[skill] = frozenset()  # ends the recursion in a circle, which the reader of the files excludes
                direct = [name for name in self.requires(skill) if name in self.skills]
                found[skill] = frozenset(direct).union(*(visit(name) for name in direct))
            return found[skill]

        for skill in self.skills:
            visit(skill)
        return found
