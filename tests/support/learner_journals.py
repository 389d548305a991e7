"""Writes journals of past attempts and exams with chosen times."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

DAY = timedelta(days=1)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def report(**tasks: str) -> dict[str, Any]:
    """A report with one check of the given outcome for each task."""
    return {"tasks": [{"id": name, "checks": [{"outcome": outcome}]} for name, outcome in tasks.items()]}


def write_attempt(
    home: Path,
    name: str,
    *events: Mapping[str, Any],
    lab: str = "links",
    seed: int = 7,
    skills: tuple[str, ...] = ("lin.files", "lin.links"),
    at: datetime = NOON,
    stopped: bool = True,
    **head: Any,
) -> Path:
    """Write an attempt's journal: it starts at `at`, and each event follows after a minute, or at its own `at`."""
    first = {"event": "starting", "lab": lab, "path": "/labs", "seed": seed, "digest": "d1", "objectives": []}
    lines: list[dict[str, Any]] = [first | {"skills": list(skills)} | head, {"event": "ready", "facts": {}}]
    lines += [dict(event) for event in events] + ([{"event": "stopped"}] if stopped else [])
    for minute, line in enumerate(lines):
        line.setdefault("at", (at + timedelta(minutes=minute)).isoformat())
    return _write(home / "attempts" / f"{name}.jsonl", lines)


def passed(**data: Any) -> dict[str, Any]:
    """The event of a check of the whole lab that passed."""
    return {"event": "report", "score": 1.0, "report": report(one="passed", two="passed"), **data}


def failed(**data: Any) -> dict[str, Any]:
    """The event of a check of the whole lab with one failed task."""
    return {"event": "report", "score": 0.5, "report": report(one="passed", two="failed"), **data}


def write_exam(home: Path, exam: str, *, at: datetime = NOON, graded: bool = True, **data: Any) -> Path:
    """Write an exam's journal."""
    result = {
        "event": "graded", "name": "cka-short", "track": "cka", "seed": 3, "score": 30, "points": 50, "pass_mark": 33,
        "passed": False, "late_minutes": 0,
        "domains": [{"id": "cka.net", "score": 10, "points": 20}, {"id": "cka.work", "score": 20, "points": 30}],
    }  # fmt: skip
    lines = [{"event": "started", "name": "cka-short"}, *([result | data] if graded else [])]
    return _write(home / "exams" / f"{exam}.jsonl", [{"at": at.isoformat(), **line} for line in lines])


def _write(path: Path, lines: list[dict[str, Any]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path
