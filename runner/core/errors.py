"""Rung's own errors: one class and one exit code per way to fail.

RungError
├── UsageError          2  the command line, or a lab that does not exist
├── LabFileError        2  mistakes in a file, all at once, each with its place
└── EnvironmentBroken   3  engine, image or machine missing or broken
    ├── EngineGone      3  the engine does not answer
    ├── EngineRefused   3  the engine answers, but refuses a request
    └── Unrecorded      3  the action succeeded, but the journal could not be written
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


class RungError(Exception):
    """An error for the user: what happened and why (`str(error)`), and what to do (`fix`)."""

    exit_code = 1

    def __init__(self, message: str, *, fix: str | None = None) -> None:
        super().__init__(message)
        self.fix = fix


class UsageError(RungError):
    """Rung cannot carry out the command as it was typed."""

    exit_code = 2


@dataclass(frozen=True, order=True)
class Mistake:
    """One mistake in a file: `path:line:column: sentence` (line and column from 1)."""

    path: Path
    line: int
    column: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.sentence}"


class LabFileError(RungError):
    """All mistakes in the files of one lab, in a track or in the skills."""

    exit_code = 2

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__("\n".join(str(m) for m in sorted(mistakes)))
        self.mistakes = sorted(mistakes)


class EnvironmentBroken(RungError):
    """The engine, an image or a machine is missing or does not work; not the learner's doing."""

    exit_code = 3


class EngineGone(EnvironmentBroken):
    """The engine does not answer, or no longer."""


class EngineRefused(EnvironmentBroken):
    """The engine answered with an error.

    by_machine: it could not run a program in the machine, where the learner may have changed the files.
    """

    def __init__(self, message: str, *, fix: str | None = None, by_machine: bool = False) -> None:
        super().__init__(message, fix=fix)
        self.by_machine = by_machine


class Unrecorded(EnvironmentBroken):
    """The action succeeded, but the journal could not be written."""
