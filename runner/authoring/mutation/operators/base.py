"""What an operator is, and what it reads."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar

from rung.runner.authoring.mutation.syntax.edit import Change
from rung.runner.authoring.mutation.syntax.manifests import Document, documents
from rung.runner.authoring.mutation.syntax.shell import Command, Script, Statement
from rung.runner.authoring.mutation.syntax.words import command_looks, looks

# Commands that set up the shell for the lines below them.
PREPARING = frozenset({"read", "mapfile", "set", "shopt", "export", "unset", "local", "declare"})


@dataclass(frozen=True)
class Answer:
    """A right answer to a lab, as operators read it."""

    script: Script
    values: Mapping[str, Any] = field(default_factory=dict)  # the lab's values, by the name of their variable

    @cached_property
    def acts(self) -> list[Statement]:
        """The statements that change something, without those that define functions or only set variables."""
        return [
            each
            for each in self.script.statements
            if each.kind != "function_definition" and not (each.assigns and not each.commands) and not looks(each)
        ]

    @cached_property
    def commands(self) -> list[Command]:
        """The commands that change something, without those that only prepare the shell."""
        return [
            each
            for each in self.script.commands
            if each.name not in PREPARING and (each.here or each.writes or not command_looks(each))
        ]

    @cached_property
    def documents(self) -> list[Document]:
        """The YAML and JSON documents in the script."""
        return documents(self.script)


class Operator(ABC):
    """Derives changes from a right answer. One instance of each class is used, for all labs."""

    name: ClassVar[str]  # lower-case words with dashes; the ids of its mutants begin with it

    @abstractmethod
    def changes(self, answer: Answer) -> Iterator[Change]:
        """Every change that this operator makes, in the order of the script. It must depend on `answer` alone."""
