"""The clock in a shell's prompt: variables that bash makes a prompt of, so that no file of a machine is touched.

The time is counted from the login by /proc/uptime, which setting the date does not change.
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
    """What a login shell gets, so that its prompt begins with the question's number and the minutes that are left."""
    if left is None:
        return {"PROMPT_COMMAND": _NUMBER % number}
    return {"PROMPT_COMMAND": _COUNT % number, "RUNG_LEFT": str(max(0, int(left)))}
