"""The format of an exported record: the models of its lines, and the published JSON Schema.

`python -m rung.runner.store.export_format` writes the schema to docs/progress.schema.json; `--check` compares only.
"""

from __future__ import annotations

import json
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints
from pydantic.json_schema import models_json_schema

from rung.runner.core.generated_file import write_or_check
from rung.runner.lab.model import Model
from rung.runner.store.records import TaskOutcome

FILE = Path(__file__).resolve().parents[2] / "docs" / "progress.schema.json"
COMMAND = "python -m rung.runner.store.export_format"
VERSION = 1

T = TypeVar("T", date, datetime)
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]
Word = Annotated[str, StringConstraints(max_length=200)]
Count = Annotated[int, Field(ge=0, le=1 << 31)]
Points = Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)]
YEARS = range(2000, 2101)  # near the ends of the calendar a date may not exist in another time zone


def _within(moment: T) -> T:
    """Return the date or time. Raises ValueError for a year outside YEARS."""
    if moment.year not in YEARS:
        raise ValueError(f"the year {moment.year} is not between {YEARS[0]} and {YEARS[-1]}")
    return moment


Time = Annotated[AwareDatetime, AfterValidator(_within)]
Day = Annotated[date, AfterValidator(_within)]
Seed = Annotated[int, Field(gt=-(1 << 63), lt=1 << 63)]


class Head(Model):
    """The first line of the file."""

    rung: Literal["record"] = Field(description="The kind of file.")
    version: int = Field(ge=1, description="The version of this format.")
    made: Time = Field(description="When it was written.")
    by: Word = Field("", description="The version of Rung that wrote it.")


class HintLine(Model):
    """A hint that the learner asked for."""

    task: Word = Field(description="The task's id.")
    at: Time = Field(description="When the hint was shown.")


class CheckLine(Model):
    """One grading."""

    at: Time = Field(description="When it was graded.")
    day: Day = Field(description="The date in the learner's time zone.")
    run: Count = Field(description="Number of resets of the attempt before it.")
    whole: bool = Field(description="Whether the whole lab was graded.")
    score: float = Field(ge=0, le=1, allow_inf_nan=False, description="Share of the possible points.")
    hints: Count = Field(description="Number of hints shown before it in this attempt.")
    solved: bool = Field(description="Whether the solution was shown before it.")
    in_time: bool | None = Field(None, description="In an exam: whether it was within the time limit.")
    tasks: dict[Word, TaskOutcome] = Field(max_length=1000, description="Outcome of each task.")


class AttemptLine(Model):
    """One attempt of a learner on a lab."""

    id: Id = Field(description="The attempt's id.")
    lab: Word = Field(description="The lab's name.")
    seed: Seed = Field(description="The number that determines the lab's drawn values.")
    digest: Word = Field(description="SHA-256 of the lab's files at that time.")
    skills: list[Word] = Field(max_length=1000, description="Ids of the skills that the lab trained at that time.")
    started: Time = Field(description="When it started.")
    last: Time = Field(description="Time of its newest event.")
    ended: bool = Field(description="Whether it was stopped or failed to start.")
    exam: Id | None = Field(None, description="Id of the exam that it belongs to.")
    solution: Time | None = Field(None, description="When the solution was first shown.")
    hints: list[HintLine] = Field(max_length=10_000, description="Hints, oldest first.")
    checks: list[CheckLine] = Field(max_length=100_000, description="Gradings, oldest first.")


class DomainLine(Model):
    """The points of one domain in an exam."""

    id: Word = Field(description="The domain's id.")
    score: Points = Field(description="Points earned.")
    points: Points = Field(description="Possible points.")


class ExamLine(Model):
    """A graded exam."""

    id: Id = Field(description="The exam's id.")
    at: Time = Field(description="When it was graded.")
    name: Word = Field(description="The exam's name.")
    track: Word = Field(description="The track that it belongs to.")
    seed: Seed = Field(description="The number that determines its drawn questions.")
    score: Points = Field(description="Points earned.")
    points: Points = Field(description="Possible points.")
    pass_mark: Points = Field(description="Points needed to pass.")
    passed: bool = Field(description="Whether it was passed.")
    late_minutes: Points = Field(description="Minutes from the deadline until the graded state was observed.")
    domains: list[DomainLine] = Field(max_length=1000, description="Points by domain.")


class ExportLine(Model):
    """Any line but the first; exactly one of the keys is given."""

    attempt: AttemptLine | None = Field(None, description="An attempt.")
    exam: ExamLine | None = Field(None, description="An exam.")


def schema() -> dict[str, Any]:
    """The JSON Schema of one line."""
    _, definitions = models_json_schema(
        [(Head, "validation"), (ExportLine, "validation")], ref_template="#/$defs/{model}"
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "description": "A line that `rung progress export` writes: the first is a Head, each other one an ExportLine.",
        "anyOf": [{"$ref": "#/$defs/Head"}, {"$ref": "#/$defs/ExportLine"}],
        "$defs": definitions["$defs"],
    }


def text() -> str:
    """The content of the schema's file."""
    return json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"


def main(arguments: list[str]) -> int:
    """Write the schema's file, or compare it with `--check`; returns the exit code."""
    return write_or_check(arguments, FILE, text(), COMMAND)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
