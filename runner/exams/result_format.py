"""The format of an exam's result: what is kept in its journal and what `rung exam report --format json` prints."""

from __future__ import annotations

from typing import Any, TypedDict

from rung.runner.grading.report import CheckJson


class DomainJson(TypedDict):
    id: str
    name: str
    score: float
    points: float


class ExamTaskJson(TypedDict):
    id: str
    text: str
    score: int
    points: int
    checks: list[CheckJson]


class QuestionJson(TypedDict):
    number: int
    lab: str
    title: str
    domain: str
    difficulty: str
    attempt: str
    seed: int
    digest: str
    values: dict[str, Any]
    weight: int
    score: float
    points: float
    opened: bool
    seconds: int
    flagged: bool
    note: str
    error: str | None
    restarted: list[str]
    intro: str
    docs: list[str]
    solution: str
    tasks: list[ExamTaskJson]


class DownJson(TypedDict):
    why: str
    seconds: float
    since: float
    granted: bool


class VersionsJson(TypedDict):
    rung: str
    python: str
    images: dict[str, str]


class ExamReportJson(TypedDict):
    exam: str
    name: str
    title: str
    track: str
    candidate: str
    mode: str
    seed: int
    digest: str
    content: str
    versions: VersionsJson
    started: str
    submitted: str
    minutes: int | None
    granted_minutes: float
    late_minutes: int
    in_time: bool
    score: float
    points: float
    pass_mark: float
    passed: bool
    taken_out: float
    domains: list[DomainJson]
    questions: list[QuestionJson]
    remarks: list[str]
    downs: list[DownJson]
