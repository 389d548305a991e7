"""Exit statuses of commands, compared with the expected one."""

from __future__ import annotations

from collections.abc import Iterator

from rung.checks.core.machine import Result
from rung.checks.core.registry import expected
from rung.checks.linux.tools.texts import backticked

_NEVER_RAN = (126, 127)  # a shell's words for "cannot be executed" and "not found"


def exit_reasons(subject: str, want: int | None, result: Result) -> Iterator[str]:
    """The reason of an exit status that is not `want` (None: any that a program gives to say no)."""
    if want == result.rc or (want is None and result.rc not in (0, *_NEVER_RAN)):
        return
    lines = result.stderr.strip().splitlines()
    said = f" ({backticked(lines[-1])})" if lines else ""
    yield expected(f"{subject}: exit status", "any but 0" if want is None else want, f"{result.rc}{said}")
