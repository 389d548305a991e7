"""Values to rows and back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, Table, case, delete, func, insert, select
from sqlalchemy.engine import Connection

from rung.runner.store import tables as t
from rung.runner.store.values import AttemptRecord, CheckRecord, DomainScore, ExamRecord, HintRecord, Outcome

Rows = dict[Table, list[dict[str, Any]]]
_NAMED = 500  # ids in one statement


def write_attempts(connection: Connection, found: Iterable[tuple[str, AttemptRecord]]) -> None:
    """Enter attempts, each with its source, in place of what was there of them."""
    rows: Rows = defaultdict(list)
    for source, record in found:
        _add_attempt(rows, source, record)
    _replace(connection, t.attempts, rows)


def write_exams(connection: Connection, found: Iterable[tuple[str, ExamRecord]]) -> None:
    """Enter exams, each with its source, in place of what was there of them."""
    rows: Rows = defaultdict(list)
    for source, record in found:
        rows[t.exams].append(_columns(t.exams, record) | {"source": source, "at": record.at.isoformat()})
        rows[t.exam_domains] += [_columns(t.exam_domains, domain) | {"exam": record.id} for domain in record.domains]
    _replace(connection, t.exams, rows)


def _replace(connection: Connection, head: Table, rows: Rows) -> None:
    for ids in portions([row["id"] for row in rows[head]]):
        connection.execute(delete(head).where(head.c.id.in_(ids)))  # what hangs on them goes with them
    for table, entries in rows.items():
        if entries:
            connection.execute(insert(table), entries)


def portions(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """So many at a time as one statement may name: SQLite has a limit, an imported file may hold more."""
    for at in range(0, len(ids), _NAMED):
        yield ids[at : at + _NAMED]


def _add_attempt(rows: Rows, source: str, record: AttemptRecord) -> None:
    key = {"attempt": record.id}
    times = {
        "started": record.started.isoformat(),
        "last": record.last.isoformat(),
        "solution": record.solution and record.solution.isoformat(),
    }
    rows[t.attempts].append(_columns(t.attempts, record) | times | {"source": source})
    rows[t.attempt_skills] += [key | {"skill": skill} for skill in record.skills]
    for number, hint in enumerate(record.hints):
        rows[t.hints].append(key | {"number": number, "task": hint.task, "at": hint.at.isoformat()})
    for number, check in enumerate(record.checks):
        place = key | {"number": number}
        when = {"at": check.at.isoformat(), "day": check.day.isoformat()}
        rows[t.checks].append(_columns(t.checks, check) | place | when)
        rows[t.results] += [place | {"task": task, "outcome": outcome} for task, outcome in check.tasks]


def _columns(table: Table, value: object) -> dict[str, Any]:
    """The attributes of a value that are columns of a table."""
    return {column.name: getattr(value, column.name) for column in table.c if hasattr(value, column.name)}


def read_attempts(connection: Connection, *, details: bool) -> Iterator[AttemptRecord]:
    """Every attempt, oldest first.

    Without `details` hints and what each task came to are left out, and of each run only the checks that decide are
    there: the first of the whole lab that passed, the last that failed, and the last of all.
    """
    skills = _grouped(connection, t.attempt_skills)
    hints = _grouped(connection, t.hints) if details else {}
    checks = _checks(connection, details=details)
    columns = [t.attempts.c[name] for name in ("id", "lab", "seed", "digest", "ended", "exam")]
    times = [t.attempts.c[name] for name in ("started", "last", "solution")]
    for *values, started, last, solution in connection.execute(
        select(*columns, *times).order_by(t.attempts.c.started, t.attempts.c.id)
    ):
        name, lab, seed, digest, ended, exam = values
        yield AttemptRecord(
            id=name,
            lab=lab,
            seed=seed,
            digest=digest,
            skills=tuple(skill for (skill,) in skills.get(name, ())),
            started=datetime.fromisoformat(started),
            last=datetime.fromisoformat(last),
            ended=ended,
            exam=exam,
            solution=datetime.fromisoformat(solution) if solution else None,
            hints=tuple(HintRecord(task, datetime.fromisoformat(at)) for _, task, at in hints.get(name, ())),
            checks=tuple(checks.get(name, ())),
        )


def _checks(connection: Connection, *, details: bool) -> dict[str, list[CheckRecord]]:
    results: dict[tuple[str, int], list[tuple[str, Outcome]]] = defaultdict(list)
    for attempt, number, task, outcome in connection.execute(select(t.results)) if details else ():
        results[attempt, number].append((task, outcome))
    wanted = select(t.checks) if details else _decisive()
    found: dict[str, list[CheckRecord]] = defaultdict(list)
    for attempt, number, at, day, run, whole, score, verdict, hints, solved, in_time in connection.execute(
        wanted.order_by(t.checks.c.attempt, t.checks.c.number)
    ):
        when, tasks = datetime.fromisoformat(at), tuple(results.get((attempt, number), ()))
        found[attempt].append(
            CheckRecord(when, date.fromisoformat(day), run, whole, score, verdict, hints, solved, in_time, tasks)
        )
    return found


def _decisive() -> Select[Any]:
    """The checks that decide what a run came to."""
    c = t.checks.c
    counts = c.whole & ~c.solved
    picks = [
        func.min(case((counts & (c.verdict == "passed"), c.number))),
        func.max(case((counts & (c.verdict == "failed"), c.number))),
        func.max(case((c.whole, c.number))),
        func.max(c.number),
    ]
    runs = (
        select(c.attempt, *(pick.label(f"p{n}") for n, pick in enumerate(picks))).group_by(c.attempt, c.run).subquery()
    )
    chosen = c.number.in_([runs.c[f"p{n}"] for n in range(len(picks))])
    return select(t.checks).join(runs, (runs.c.attempt == c.attempt) & chosen)


def _grouped(connection: Connection, table: Table) -> dict[str, list[tuple[Any, ...]]]:
    """The rest of each row of a table by the attempt that it belongs to, each attempt's in order."""
    found: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for attempt, *rest in connection.execute(select(table).order_by(*table.primary_key.columns)):
        found[attempt].append(tuple(rest))
    return found


def read_exams(connection: Connection) -> Iterator[ExamRecord]:
    """Every graded exam, oldest first."""
    domains: dict[str, list[DomainScore]] = defaultdict(list)
    for row in connection.execute(select(t.exam_domains).order_by(t.exam_domains.c.id)):
        domains[row.exam].append(DomainScore(row.id, row.score, row.points))
    for row in connection.execute(select(t.exams).order_by(t.exams.c.at, t.exams.c.id)):
        yield ExamRecord(
            id=row.id,
            at=datetime.fromisoformat(row.at),
            name=row.name,
            track=row.track,
            seed=row.seed,
            score=row.score,
            points=row.points,
            pass_mark=row.pass_mark,
            passed=row.passed,
            late_minutes=row.late_minutes,
            domains=tuple(domains.get(row.id, ())),
        )
