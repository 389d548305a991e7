"""What `rung doctor` found, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "warn", "bad"]


@dataclass(frozen=True)
class DoctorFinding:
    """One thing that was looked at."""

    name: str
    state: State
    fact: str  # what was found
    why: str | None = None  # what follows from it
    fix: str | None = None
