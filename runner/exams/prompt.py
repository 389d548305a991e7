"""The clock in a shell's prompt: environment variables for bash, so that no file of a machine changes.

The time counts from the login by /proc/uptime, which setting the date does not change.
"""

from __future__ import annotations

_COUNT = (
    "read -r _rung_now _ < /proc/uptime; "
    ': "${RUNG_END:=$((${_rung_now%%.*} + RUNG_LEFT))}"; export RUNG_END; '
    "_rung_left=$(((RUNG_END - ${_rung_now%%.*}) / 60)); [ $_rung_left -ge 0 ] || _rung_left=0; "
    'PS1="${PS1#"$_rung_tag"}"; _rung_tag="[%d: $_rung_left min] "; PS1="$_rung_tag$PS1"'
)
_NUMBER = 'PS1="${PS1#"$_rung_tag"}"; _rung_tag="[%d] "; PS1="$_rung_tag$PS1"'


def environment(number: int, left: float | None) -> dict[str, str]:
    """The variables with which a shell's prompt begins with the question's number and the minutes left.

    left: seconds; None without a clock.
    """
    if left is None:
        return {"PROMPT_COMMAND": _NUMBER % number}
    return {"PROMPT_COMMAND": _COUNT % number, "RUNG_LEFT": str(max(0, int(left)))}
