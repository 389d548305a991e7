"""Exit statuses of commands, compared with the expected one."""

from __future__ import annotations

from collections.abc import Iterator

from rung.checks.core.channel import Result
from rung.checks.core.registry import expected
from rung.checks.linux.tools.texts import backticked

_NEVER_RAN = (126, 127)  # a shell's statuses for "cannot be executed" and "not found"


def exit_reasons(subject: str, want: int | None, result: Result) -> Iterator[str]:
    """A reason if the exit status is not `want`; None accepts any status but 0 of a program that ran."""
    if want == result.rc or (want is None and result.rc not in (0, *_NEVER_RAN)):
        return
    lines = result.stderr.strip().splitlines()
    message = f" ({backticked(lines[-1])})" if lines else ""
    yield expected(f"{subject}: exit status", "any but 0" if want is None else want, f"{result.rc}{message}")
