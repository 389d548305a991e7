"""The format of a record that is exported: what stands on each line of the file, and its published schema.

`python -m rung.runner.store.export_format` writes the schema to docs/progress.schema.json; with `--check` it compares.
"""

from __future__ import annotations

import json
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints
from pydantic.json_schema import models_json_schema

from rung.runner.lab.model import Model
from rung.runner.store.records import Outcome

FILE = Path(__file__).resolve().parents[2] / "docs" / "progress.schema.json"
COMMAND = "python -m rung.runner.store.export_format"
VERSION = 1

T = TypeVar("T", date, datetime)
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]
Word = Annotated[str, StringConstraints(max_length=200)]
Count = Annotated[int, Field(ge=0, le=1 << 31)]
Points = Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)]
YEARS = range(2000, 2101)  # of a record; nearer to the ends of the calendar another time zone has no such date


def _within(moment: T) -> T:
    """The same date or time. Raises ValueError where no record can be of it."""
    if moment.year not in YEARS:
        raise ValueError(f"no record is of the year {moment.year}")
    return moment


Time = Annotated[AwareDatetime, AfterValidator(_within)]
Day = Annotated[date, AfterValidator(_within)]
Seed = Annotated[int, Field(gt=-(1 << 63), lt=1 << 63)]


class Head(Model):
    """The first line."""

    rung: Literal["record"] = Field(description="What the file is.")
    version: int = Field(ge=1, description="The version of this format.")
    made: Time = Field(description="When it was written.")
    by: Word = Field("", description="The version of Rung that wrote it.")


class HintLine(Model):
    """A hint that was asked for."""

    task: Word = Field(description="The task's id.")
    at: Time = Field(description="When.")


class CheckLine(Model):
    """One grading."""

    at: Time = Field(description="When.")
    day: Day = Field(description="The learner's own day then.")
    run: Count = Field(description="How many times the attempt had been reset before.")
    whole: bool = Field(description="Whether it was of the whole lab.")
    score: float = Field(ge=0, le=1, allow_inf_nan=False, description="The share of the points that could be had.")
    hints: Count = Field(description="Hints seen before it in this attempt.")
    solved: bool = Field(description="Whether the solution had been looked at before it.")
    in_time: bool | None = Field(None, description="Of an exam's: whether it was within the time.")
    tasks: dict[Word, Outcome] = Field(max_length=1000, description="What each task came to.")


class AttemptLine(Model):
    """One learner on one lab."""

    id: Id = Field(description="The attempt's id.")
    lab: Word = Field(description="The lab's name.")
    seed: Seed = Field(description="The number that the lab's values were drawn by.")
    digest: Word = Field(description="SHA-256 of the lab's files as they were.")
    skills: list[Word] = Field(max_length=1000, description="Ids of the skills that the lab trained then.")
    started: Time = Field(description="When it began.")
    last: Time = Field(description="The newest that is known of it.")
    ended: bool = Field(description="Whether it was stopped.")
    exam: Id | None = Field(None, description="The exam that it was part of.")
    solution: Time | None = Field(None, description="When the solution was first looked at.")
    hints: list[HintLine] = Field(max_length=10_000, description="Hints, oldest first.")
    checks: list[CheckLine] = Field(max_length=100_000, description="Gradings, oldest first.")


class DomainLine(Model):
    """One domain of an exam."""

    id: Word = Field(description="The domain's id.")
    score: Points = Field(description="Points earned.")
    points: Points = Field(description="Points that could be had.")


class ExamLine(Model):
    """A graded exam."""

    id: Id = Field(description="The exam's id.")
    at: Time = Field(description="When it was graded.")
    name: Word = Field(description="Which exam.")
    track: Word = Field(description="The track that it belongs to.")
    seed: Seed = Field(description="The number that it was drawn by.")
    score: Points = Field(description="Points earned.")
    points: Points = Field(description="Points that could be had.")
    pass_mark: Points = Field(description="What was needed to pass.")
    passed: bool = Field(description="Whether it was passed.")
    late_minutes: Points = Field(description="How long after the deadline the graded state was seen.")
    domains: list[DomainLine] = Field(max_length=1000, description="Its domains.")


class ExportLine(Model):
    """Any line but the first: exactly one of these."""

    attempt: AttemptLine | None = Field(None, description="An attempt.")
    exam: ExamLine | None = Field(None, description="An exam.")


def schema() -> dict[str, Any]:
    """The JSON Schema of a line."""
    _, made = models_json_schema([(Head, "validation"), (ExportLine, "validation")], ref_template="#/$defs/{model}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "description": "One line of what `rung progress export` writes: the first is a Head, each other one a Line.",
        "anyOf": [{"$ref": "#/$defs/Head"}, {"$ref": "#/$defs/Line"}],
        "$defs": made["$defs"],
    }


def text() -> str:
    """The schema as the file has it."""
    return json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"


def main(arguments: list[str]) -> int:
    """Write the file, or with `--check` compare it; the exit code."""
    if arguments == ["--check"]:
        if FILE.exists() and FILE.read_text("utf-8") == text():
            return 0
        print(f"{FILE} is not as the code is. Run `{COMMAND}`.", file=sys.stderr)
        return 1
    FILE.write_text(text(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
