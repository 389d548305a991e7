"""The findings of `rung doctor`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "warn", "bad"]


@dataclass(frozen=True)
class DoctorFinding:
    """The result of looking at one thing."""

    name: str
    state: State
    fact: str  # what was found
    why: str | None = None  # what follows from it for labs
    fix: str | None = None  # what to do about it
