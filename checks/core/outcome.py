"""The four outcomes of a check, and the two ways in which one ends early."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """How one check ended."""

    PASSED = "passed"
    FAILED = "failed"
    BLOCKED = "blocked"  # it fails while a task that it needs has not passed
    BROKEN = "broken"  # Rung could not ask, for a reason that the learner could not cause; never scored


class Fail(Exception):  # a verdict that a check's author raises, not an error of the program
    """The machine is not in the expected state: what was expected, what was found.

    `reasons` are facts in the learner's words; `hint` is advice and is shown only when asked for.
    """

    def __init__(self, *reasons: str, hint: str | None = None) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = list(reasons)
        self.hint = hint


class Broken(Exception):  # a verdict as well
    """The question could not be asked, for a reason that the learner could not cause."""
