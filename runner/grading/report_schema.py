"""The JSON Schema of the output of `rung check --json`, for scripts that read it.

`python -m rung.runner.grading.report_schema` writes it to docs/report.schema.json; with `--check` it compares.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, NotRequired, get_args, get_origin, get_type_hints, is_typeddict

from rung.runner.core.generated_file import write_or_check
from rung.runner.grading.report import CheckJson, LiveJson, ReportJson, TaskJson

FILE = Path(__file__).resolve().parents[2] / "docs" / "report.schema.json"
COMMAND = "python -m rung.runner.grading.report_schema"
_NAMES: dict[Any, str] = {str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}

# What each key means; a key without an entry here raises KeyError.
MEANINGS = {
    "ReportJson": "One attempt, graded: what `rung check --json` prints, with `--watch` on one line each time.",
    "ReportJson.lab": "The lab's name.",
    "ReportJson.attempt": "The attempt's id.",
    "ReportJson.seed": "The number that the lab's values were drawn by.",
    "ReportJson.score": "Points earned.",
    "ReportJson.points": "Points that could be had; those of broken checks are taken out.",
    "ReportJson.tasks": "The tasks that were graded, in the lab's order.",
    "TaskJson": "One task.",
    "TaskJson.id": "Its id, unique in the lab.",
    "TaskJson.score": "Its points, less those of guards that fail, never below 0.",
    "TaskJson.points": "The most that it is worth; broken checks and guards do not count.",
    "TaskJson.checks": "Its checks, in the lab's order, those of checks.py last.",
    "CheckJson": "One evaluated expectation.",
    "CheckJson.id": "Its id, unique in its task.",
    "CheckJson.title": "What must hold.",
    "CheckJson.machine": "The machine that it was asked of.",
    "CheckJson.outcome": "The score's: where the lab restarts machines, the one after the restart.",
    "CheckJson.points": "What it is worth; of a guard: what is subtracted while it fails.",
    "CheckJson.holds": "Whether it is a guard, which earns nothing and must not fail.",
    "CheckJson.when": "`rebooted`: it is asked only after the restart.",
    "CheckJson.reasons": "Of a check that failed or is blocked: what was expected and what was found.",
    "CheckJson.hint": "Advice.",
    "CheckJson.error": "Of a broken check: why Rung could not ask.",
    "CheckJson.live": "Where machines were restarted: what was found before it.",
    "LiveJson": "A check before the restart.",
    "LiveJson.outcome": "What it was then.",
    "LiveJson.reasons": "Why it failed then.",
}


def report_schema() -> dict[str, Any]:
    """The schema of `ReportJson`, with a description of each key."""
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    inner = {kind.__name__: mapping(kind, MEANINGS) for kind in (TaskJson, CheckJson, LiveJson)}
    return {**head, **mapping(ReportJson, MEANINGS), "$defs": inner}


def mapping(kind: Any, meanings: Mapping[str, str]) -> dict[str, Any]:
    """The schema of a TypedDict. `meanings`: the descriptions, of the type as `Name` and of its keys as `Name.key`."""
    name = kind.__name__
    keys = get_type_hints(kind, include_extras=True).items()
    return {
        "description": meanings[name],
        "type": "object",
        "properties": {key: {"description": meanings[f"{name}.{key}"], **_value(value)} for key, value in keys},
        "required": [key for key, value in keys if get_origin(value) is not NotRequired],
    }


def _value(kind: Any) -> dict[str, Any]:
    """The schema of a key's value."""
    if is_typeddict(kind):
        return {"$ref": f"#/$defs/{kind.__name__}"}
    inner = get_args(kind)
    if get_origin(kind) is Literal:
        return {"enum": list(inner)}
    if get_origin(kind) is NotRequired:
        return _value(inner[0])
    if get_origin(kind) is dict:
        return {"type": "object", **({} if inner[1] is Any else {"additionalProperties": _value(inner[1])})}
    if get_origin(kind) is list:
        return {"type": "array", "items": _value(inner[0])}
    return {"type": [_NAMES[part] for part in inner] if inner else _NAMES[kind]}


def text() -> str:
    """The content of the file."""
    return json.dumps(report_schema(), indent=1, ensure_ascii=False) + "\n"


def main(arguments: list[str]) -> int:
    """Write the file, or compare it with `--check`. Returns the exit code."""
    return write_or_check(arguments, FILE, text(), COMMAND)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
