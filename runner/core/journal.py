"""The journal of an attempt: append-only, one JSON object a line, on the disk before the call returns.

It records what happened (hints, reports, restarts); the driver's labels say what exists. It is kept after the
attempt, as the learner's record.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rung.runner.core.errors import EnvironmentBroken
from rung.runner.core.paths import home


class EventJournal:
    """Events of one attempt, oldest first."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def of(cls, attempt: str) -> EventJournal:
        """The journal of the attempt with this id, in the data folder."""
        return cls(home() / "attempts" / f"{attempt}.jsonl")

    def append(self, event: str, **data: Any) -> None:
        """Write an event with the time; it is on the disk when the call returns.

        Raises EnvironmentBroken where it cannot be written (disk full, no permission).
        """
        line = json.dumps({"at": datetime.now(UTC).isoformat(timespec="milliseconds"), "event": event, **data})
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("ab") as file:
                # One write with O_APPEND, so that two processes never mix their lines. The separator ends a line
                # that a full disk or a power cut left incomplete.
                file.write((self._separator(file) + line + "\n").encode())
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise EnvironmentBroken(
                f"The journal {self.path} cannot be written: {error.strerror}.",
                fix="Free some disk space, or set RUNG_HOME to a folder that can be written.",
            ) from error

    def _separator(self, file: Any) -> str:
        """A newline if the file ends with an incomplete line, else nothing."""
        if not file.tell():
            return ""
        with self.path.open("rb") as written:
            written.seek(-1, os.SEEK_END)
            return "" if written.read(1) == b"\n" else "\n"

    def events(self, *names: str) -> Iterator[dict[str, Any]]:
        """All events, or those with these names; incomplete lines are skipped."""
        try:
            lines = self.path.read_bytes().splitlines()
        except FileNotFoundError:
            return
        for line in lines:
            try:
                event = json.loads(line)
            except ValueError:
                continue
            if not names or event.get("event") in names:
                yield event

    def last(self, *names: str) -> dict[str, Any] | None:
        """The newest event, or the newest with one of these names; None if there is none."""
        return next(reversed(list(self.events(*names))), None)
