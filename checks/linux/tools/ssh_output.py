"""The outcome of a login, read from the output of `ssh -v`."""

from __future__ import annotations

from typing import Literal

from rung.checks.core.machine import Result

_REFUSED = ("Authentications that can continue", "Permission denied (")


def login_outcome(result: Result) -> tuple[Literal["open", "refused", "unknown"], str]:
    """How far a login came by `ssh -v`, and its last words: only a server that was asked can refuse."""
    lines = [line.strip() for line in result.stderr.splitlines() if line.strip()]
    said = [line for line in lines if not line.startswith(("debug", "Warning:", "Transferred:", "Bytes per"))]
    told = said[-1] if said else f"exit status {result.rc}"
    if any("ssh_askpass:" in line for line in lines):
        return "unknown", told
    if any(line.startswith("Authenticated to ") for line in lines):
        # nologin and its like tell the reason on the session's own stdout.
        last = result.stdout.strip().splitlines()[-1:]
        return "open", ": ".join([f"a session that ended with status {result.rc}", *last])
    if any(text in line for line in lines for text in _REFUSED):
        return "refused", told
    return "unknown", told
