"""The journal of an attempt: append-only, one JSON object a line, on the disk before the call returns.

It says what happened (hints asked for, reports, restarts), never what exists: that the driver's labels
say. It stays after the attempt as the learner's record.
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
        return cls(home() / "attempts" / f"{attempt}.jsonl")

    def append(self, event: str, **data: Any) -> None:
        """Write an event, so that it survives a kill or a power cut right after this call.

        Raises EnvironmentBroken where it cannot be written (disk full, no permission).
        """
        line = json.dumps({"at": datetime.now(UTC).isoformat(timespec="milliseconds"), "event": event, **data})
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("ab") as file:
                # One write: two processes never mix their lines (O_APPEND). The newline before it ends
                # a line that a full disk or a power cut left half-written.
                file.write((self._mend(file) + line + "\n").encode())
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise EnvironmentBroken(
                f"The journal {self.path} cannot be written: {error.strerror}.",
                fix="Free some disk space, or set RUNG_HOME to a folder that can be written.",
            ) from error

    def _mend(self, file: Any) -> str:
        if not file.tell():
            return ""
        with self.path.open("rb") as old:
            old.seek(-1, os.SEEK_END)
            return "" if old.read(1) == b"\n" else "\n"

    def events(self, *names: str) -> Iterator[dict[str, Any]]:
        """Events, all or only those named; a line cut short by a power cut is passed over."""
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
        """The newest event of these names."""
        return next(reversed(list(self.events(*names))), None)
