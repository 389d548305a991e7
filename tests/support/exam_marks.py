"""Marks of an exam's questions, as its journal holds them."""

from __future__ import annotations

from typing import Any


def check(name: str, outcome: str, points: int = 1, **more: Any) -> dict[str, Any]:
    plain_one = {"id": name, "title": f"It is {name}", "machine": "node1", "outcome": outcome, "points": points}
    return plain_one | {"holds": False, "when": None, "reasons": [], "hint": None, "error": None} | more


def mark(number: int, *checks: dict[str, Any], **more: Any) -> tuple[float, str, dict[str, Any]]:
    """The mark of a question: points are as a lab's report counts them."""
    could = [c for c in checks if c["outcome"] != "broken" and not c["holds"]]
    score = sum(c["points"] for c in could if c["outcome"] == "passed")
    points = sum(c["points"] for c in could)
    task = {"id": "one", "score": score, "points": points, "checks": list(checks)}
    report = {"lab": "x", "attempt": "a", "seed": 1, "score": score, "points": points, "tasks": [task]}
    return (3000.0 + number, "marked", {"question": number, "report": report, **more})
