"""The tables of the record in its newest schema, the last of `reading.SCHEMAS`; `migrations` upgrades older ones."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    String,
    Table,
)

metadata = MetaData()

# The files that were read, with their attributes at that time.
sources = Table(
    "sources",
    metadata,
    Column("name", String, primary_key=True),  # relative to Rung's data folder
    Column("size", Integer, nullable=False),
    Column("mtime", Integer, nullable=False),  # nanoseconds
    Column("inode", Integer, nullable=False),
)


def _attempt(**options: bool) -> Column[str]:
    return Column("attempt", String, ForeignKey("attempts.id", ondelete="CASCADE"), **options)  # type: ignore[arg-type]


# Times are ISO 8601 in UTC; days are dates in the learner's time zone.
attempts = Table(
    "attempts",
    metadata,
    Column("id", String, primary_key=True),
    Column("source", String, nullable=False),  # name of the file that it was read from
    Column("lab", String, nullable=False),
    Column("seed", Integer, nullable=False),
    Column("digest", String, nullable=False),
    Column("started", String, nullable=False),
    Column("last", String, nullable=False),
    Column("ended", Boolean, nullable=False),
    Column("solution", String),
    Column("exam", String),
)
attempt_skills = Table(
    "attempt_skills",
    metadata,
    _attempt(primary_key=True),
    Column("skill", String, primary_key=True),
)
hints = Table(
    "hints",
    metadata,
    _attempt(primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("task", String, nullable=False),
    Column("at", String, nullable=False),
)
checks = Table(
    "checks",
    metadata,
    _attempt(primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("at", String, nullable=False),
    Column("day", String, nullable=False),
    Column("run", Integer, nullable=False),
    Column("whole", Boolean, nullable=False),
    Column("score", Float, nullable=False),
    Column("verdict", String),
    Column("hints", Integer, nullable=False),
    Column("solved", Boolean, nullable=False),
    Column("in_time", Boolean),
)
results = Table(
    "results",
    metadata,
    Column("attempt", String, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("task", String, primary_key=True),
    Column("outcome", String, nullable=False),
    ForeignKeyConstraint(["attempt", "number"], ["checks.attempt", "checks.number"], ondelete="CASCADE"),
)
exams = Table(
    "exams",
    metadata,
    Column("id", String, primary_key=True),
    Column("source", String, nullable=False),
    Column("at", String, nullable=False),
    Column("name", String, nullable=False),
    Column("track", String, nullable=False),
    Column("seed", Integer, nullable=False),
    Column("score", Float, nullable=False),
    Column("points", Float, nullable=False),
    Column("pass_mark", Float, nullable=False),
    Column("passed", Boolean, nullable=False),
    Column("late_minutes", Float, nullable=False),
)
exam_domains = Table(
    "exam_domains",
    metadata,
    Column("exam", String, ForeignKey("exams.id", ondelete="CASCADE"), primary_key=True),
    Column("id", String, primary_key=True),
    Column("score", Float, nullable=False),
    Column("points", Float, nullable=False),
)
