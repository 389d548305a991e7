"""The outcome of a login, read from the output of `ssh -v`."""

from __future__ import annotations

from typing import Literal

from rung.checks.core.channel import Result

_REFUSED = ("Authentications that can continue", "Permission denied (")


def login_outcome(result: Result) -> tuple[Literal["open", "refused", "unknown"], str]:
    """How far a login came by the output of `ssh -v`, and a description of its end.

    The outcome is "refused" only if the server answered and rejected the login; "unknown" proves nothing.
    """
    lines = [line.strip() for line in result.stderr.splitlines() if line.strip()]
    messages = [line for line in lines if not line.startswith(("debug", "Warning:", "Transferred:", "Bytes per"))]
    detail = messages[-1] if messages else f"exit status {result.rc}"
    if any("ssh_askpass:" in line for line in lines):
        return "unknown", detail
    if any(line.startswith("Authenticated to ") for line in lines):
        # A shell such as nologin prints its reason on the session's stdout.
        last = result.stdout.strip().splitlines()[-1:]
        return "open", ": ".join([f"a session that ended with status {result.rc}", *last])
    if any(text in line for line in lines for text in _REFUSED):
        return "refused", detail
    return "unknown", detail
