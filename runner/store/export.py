"""Writes and reads the record as a file for another computer: one JSON object a line, by a published schema.

The first line names the kind of file and the version of the format; each other line holds one attempt or one exam.
An imported file may come from anybody, so it is read line by line, within limits, and every value is validated.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from rung.runner.core.errors import EnvironmentBroken, LabFileError, Mistake, UsageError
from rung.runner.core.text import found
from rung.runner.lab.validation import explain
from rung.runner.store.export_format import VERSION, AttemptLine, CheckLine, ExamLine, ExportLine, Head
from rung.runner.store.records import AttemptRecord, CheckRecord, DomainScore, ExamRecord, HintRecord, verdict

MAX_LINE_BYTES = 4 << 20  # of one line
MAX_LINES = 1_000_000  # of one file
_MAX_MISTAKES = 20  # of one file that are reported

Records = list[AttemptRecord | ExamRecord]


def lines(records: Iterable[AttemptRecord | ExamRecord]) -> Iterator[str]:
    """One line for each record, with its newline; `head` gives the first line of a file."""
    for record in records:
        if isinstance(record, ExamRecord):
            line = ExportLine(exam=ExamLine.model_validate(_fields(record)))
        else:
            line = ExportLine(attempt=AttemptLine.model_validate(_fields(record)))
        yield line.model_dump_json(exclude_none=True) + "\n"


def head() -> str:
    """The first line of a file that is written now, with its newline."""
    made = Head(rung="record", version=VERSION, made=datetime.now(UTC).replace(microsecond=0), by=version("rung"))
    return made.model_dump_json() + "\n"


def _fields(record: AttemptRecord | ExamRecord) -> dict[str, Any]:
    """The record's fields that the models have."""
    data = dict(vars(record))
    if isinstance(record, ExamRecord):
        return data | {"domains": [vars(domain) for domain in record.domains]}
    checks = [{k: v for k, v in vars(c).items() if k != "verdict"} | {"tasks": dict(c.tasks)} for c in record.checks]
    return data | {"skills": list(record.skills), "hints": [vars(hint) for hint in record.hints], "checks": checks}


def read(path: Path) -> Records:
    """Read the attempts and exams of an exported file.

    Raises UsageError where the file cannot be read or is not an exported record, and LabFileError with its mistakes
    (at most twenty).
    """
    records: Records = []
    mistakes: list[Mistake] = []
    try:
        with path.open("rb") as file:
            _check_head(path, file.readline(MAX_LINE_BYTES + 1))
            for number, line in enumerate(iter(lambda: file.readline(MAX_LINE_BYTES + 1), b""), 2):
                if line.strip():
                    records += _record(path, number, line, mistakes)
                if len(mistakes) >= _MAX_MISTAKES or number > MAX_LINES or len(line) > MAX_LINE_BYTES:
                    break
    except OSError as error:
        raise UsageError(
            f"{path} cannot be read: {error.strerror}.", fix="Name a file that `rung progress export` wrote."
        ) from error
    if mistakes:
        raise LabFileError(mistakes)
    return records


def read_trusted(path: Path) -> Records:
    """Read a file that Rung itself wrote into its data folder. Raises EnvironmentBroken where it is damaged."""
    try:
        return read(path)
    except (UsageError, LabFileError) as error:
        raise EnvironmentBroken(
            f"An imported record is damaged: {error}", fix=f"Remove {path}, then import the original file again."
        ) from error


def _check_head(path: Path, line: bytes) -> None:
    not_exported = UsageError(
        f"{path} is not an exported record: its first line does not name it as one.",
        fix="Name a file that `rung progress export` wrote.",
    )
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):
        raise not_exported from None
    if not isinstance(data, dict) or data.get("rung") != "record":
        raise not_exported
    version = data.get("version")
    if type(version) is int and version > VERSION:
        raise UsageError(
            f"{path} was written by a newer Rung: its format is version {version}, this Rung reads up to {VERSION}.",
            fix="Update Rung, then import it again.",
        )
    try:
        Head.model_validate_json(line)
    except ValidationError as error:
        raise LabFileError([_mistake(path, 1, detail) for detail in error.errors()]) from None


def _record(path: Path, number: int, line: bytes, mistakes: list[Mistake]) -> Records:
    """The record of a line, in a list that is empty where the line has mistakes; these are appended to `mistakes`."""
    if number > MAX_LINES:
        mistakes.append(Mistake(path, number, 1, f"a file has at most {MAX_LINES:,} lines"))
    elif len(line) > MAX_LINE_BYTES:
        mistakes.append(Mistake(path, number, 1, f"a line has at most {MAX_LINE_BYTES >> 20} MiB"))
    else:
        try:
            parsed = ExportLine.model_validate_json(line)
        except ValidationError as error:
            mistakes += [_mistake(path, number, detail) for detail in error.errors()[:_MAX_MISTAKES]]
        else:
            if (parsed.attempt is None) != (parsed.exam is None):
                return [_attempt(parsed.attempt) if parsed.attempt else _exam(parsed.exam)]
            mistakes.append(Mistake(path, number, 1, "expected either `attempt` or `exam`"))
    return []


def _mistake(path: Path, number: int, error: Any) -> Mistake:
    key = ".".join(str(step) for step in error["loc"])
    if error["type"] == "json_invalid":
        sentence = "this is not JSON"
    elif error["type"] == "extra_forbidden":
        sentence = f"unknown key `{key}`"
    elif error["type"] == "missing":
        sentence = f"`{key}` is missing"
    else:
        sentence = f"`{key}`: {_sentence(error)}" if key else _sentence(error)
    return Mistake(path, number, 1, sentence)


def _sentence(error: Any) -> str:
    if error["type"].startswith(("datetime", "timezone", "date")):
        return f"expected {'a day' if 'day' in error['loc'] else 'a time with its zone'}, found {found(error['input'])}"
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    if error["type"] == "string_pattern_mismatch":
        return f"expected letters, digits, `_` and `-`, at most 64, found {found(error['input'])}"
    return explain(error)


def _attempt(line: AttemptLine) -> AttemptRecord:
    fields = {name: getattr(line, name) for name in ("id", "lab", "seed", "digest", "ended", "exam")}
    return AttemptRecord(
        **fields,
        skills=tuple(dict.fromkeys(line.skills)),
        started=line.started.astimezone(UTC),
        last=line.last.astimezone(UTC),
        solution=line.solution and line.solution.astimezone(UTC),
        hints=tuple(HintRecord(hint.task, hint.at.astimezone(UTC)) for hint in line.hints),
        checks=tuple(_check(check) for check in line.checks),
    )


def _check(line: CheckLine) -> CheckRecord:
    fields = {name: getattr(line, name) for name in ("day", "run", "whole", "score", "hints", "solved", "in_time")}
    tasks = tuple(line.tasks.items())
    return CheckRecord(**fields, at=line.at.astimezone(UTC), verdict=verdict(line.tasks.values()), tasks=tasks)


def _exam(line: ExamLine | None) -> ExamRecord:
    assert line is not None
    domains = {domain.id: DomainScore(domain.id, domain.score, domain.points) for domain in line.domains}
    fields = {name: getattr(line, name) for name in ExamLine.model_fields if name not in ("at", "domains")}
    return ExamRecord(**fields, at=line.at.astimezone(UTC), domains=tuple(domains.values()))
