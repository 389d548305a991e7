"""The four outcomes of a check, and the two exceptions that end one early."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """How one check ended."""

    PASSED = "passed"
    FAILED = "failed"
    BLOCKED = "blocked"  # it fails, and a task that its task needs has not passed
    BROKEN = "broken"  # Rung could not ask, for a reason that the learner could not cause; it is never scored


class Fail(Exception):  # a result that a check raises, not an error of the program
    """The check fails.

    `reasons` are facts in the learner's words (`subject: what: expected X, found Y`); `hint` is advice, which is shown
    only when the learner asks for it.
    """

    def __init__(self, *reasons: str, hint: str | None = None) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = list(reasons)
        self.hint = hint


class Broken(Exception):  # a result as well
    """The check could not be evaluated, for a reason that the learner could not cause."""
