"""Signs of life: processes that serve an exam write them, so that gaps show when none served it."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

from rung.runner.core.files import write_atomically
from rung.runner.core.locks import file_lock
from rung.runner.exams import paths
from rung.runner.exams.clock import Moment, down, moment, newer

_WAIT = 5.0  # seconds to wait for another process that writes one


def last(exam: str) -> Moment | None:
    """The newest sign of life; None where none can be read."""
    try:
        return Moment.of_json(json.loads(paths.beat_file(exam).read_text("utf-8")))
    except (OSError, ValueError, LookupError, TypeError):
        return None


def beat(exam: str) -> None:
    """Write a sign of life; a gap since the one before, or another boot, is recorded in the journal.

    Raises EnvironmentBroken where the journal cannot be written.
    """
    with file_lock(paths.lock(exam, "beat"), _WAIT) as acquired:
        if not acquired:
            return  # another process writes one
        now = moment()
        before = _newest(exam, now)
        if before is not None:
            gap = down(before, now)
            if gap is not None or before.boot != now.boot:
                found: dict[str, Any] = {} if gap is None else {"why": gap.why, "seconds": round(gap.seconds, 1)}
                since = {} if gap is None else {"since": round(gap.since, 1)}
                paths.journal(exam).append("back", clock=now.as_json(), seen=before.as_json(), **found, **since)
        _write(exam, now)


def _newest(exam: str, now: Moment) -> Moment | None:
    """The moment at which somebody last served the exam: that of the sign of life, or of the journal's last event."""
    sign = last(exam)
    last_event = next((e for e in reversed(list(paths.journal(exam).events())) if "clock" in e), None)
    if last_event is None:
        return sign
    recorded = Moment.of_json(last_event["clock"])
    # The present boot is later than any other.
    later = sign is not None and sign.boot != recorded.boot and recorded.boot == now.boot
    return recorded if sign is None or later or newer(recorded, sign) else sign


def _write(exam: str, now: Moment) -> None:
    with suppress(OSError):  # a full disk: writing the journal, which must not be lost, reports it
        write_atomically(paths.beat_file(exam), json.dumps(now.as_json()).encode())
