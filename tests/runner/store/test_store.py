"""The record is updated from the journals and survives the loss of its database."""

from __future__ import annotations

import random
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from learner_journals import DAY, NOON, failed, passed, report, write_attempt, write_exam
from rung.runner.core.errors import EnvironmentBroken
from rung.runner.learning.skill_state import tries, unfinished
from rung.runner.store.reading import SCHEMAS
from rung.runner.store.records import AttemptRecord, ExamRecord
from rung.runner.store.store import Store


def everything(home: Path) -> tuple[list[AttemptRecord], list[ExamRecord]]:
    with Store.open(home) as store:
        return store.attempts(details=True), store.exams()


def test_without_journals_the_record_is_empty(tmp_path: Path) -> None:
    assert everything(tmp_path / "home") == ([], [])


def test_attempts_and_exams_are_read_oldest_first(tmp_path: Path) -> None:
    hint = {"event": "hint", "task": "two"}
    write_attempt(tmp_path, "b2", hint, passed(), {"event": "solution"}, at=NOON + DAY, exam="e1")
    write_attempt(tmp_path, "a1", failed())
    write_exam(tmp_path, "e1")
    (first, second), (exam,) = everything(tmp_path)
    assert (first.id, first.skills, first.checks[0].verdict) == ("a1", ("lin.files", "lin.links"), "failed")
    assert first.checks[0].tasks == (("one", "passed"), ("two", "failed"))
    assert (second.id, second.exam, second.started) == ("b2", "e1", NOON + DAY)
    assert (second.hints[0].task, second.solution) == ("two", NOON + DAY + timedelta(minutes=4))
    assert (exam.name, exam.passed, [d.id for d in exam.domains]) == ("cka-short", False, ["cka.net", "cka.work"])


def test_only_what_changed_is_read_again(tmp_path: Path) -> None:
    path = write_attempt(tmp_path, "a1", failed(), stopped=False)
    write_attempt(tmp_path, "b2", failed())
    with Store.open(tmp_path) as store:
        assert store.sync() == 0
        with path.open("a") as journal:
            journal.write('{"at": "2026-03-02T13:00:00+00:00", "event": "stopped"}\n')
        assert [a.ended for a in store.attempts()] == [False, True]
        assert store.sync() == 1
        assert [a.ended for a in store.attempts()] == [True, True]


def test_an_incomplete_line_is_read_once_it_is_complete(tmp_path: Path) -> None:
    path = write_attempt(tmp_path, "a1", failed(), stopped=False)
    whole = path.read_text() + '{"at": "2026-03-02T13:00:00+00:00", "event": "stopped"}\n'
    path.write_text(whole[:-20])
    with Store.open(tmp_path) as store:
        assert not store.attempts()[0].ended
        path.write_text(whole)
        store.sync()
        assert store.attempts()[0].ended


def test_deleting_the_database_loses_nothing(tmp_path: Path) -> None:
    write_attempt(tmp_path, "a1", failed(), passed())
    write_exam(tmp_path, "e1")
    before = everything(tmp_path)
    for path in tmp_path.glob("record.*"):
        path.unlink()
    assert everything(tmp_path) == before


def test_the_records_of_a_deleted_journal_are_kept(tmp_path: Path) -> None:
    path = write_attempt(tmp_path, "a1", passed())
    before = everything(tmp_path)
    path.unlink()
    assert everything(tmp_path) == before


def test_the_records_of_a_deleted_journal_survive_a_damaged_database(tmp_path: Path) -> None:
    hint = {"event": "hint", "task": "two"}
    deleted = [write_attempt(tmp_path, "a1", hint, failed(), passed()), write_exam(tmp_path, "e1")]
    write_attempt(tmp_path, "b2", failed())
    before = everything(tmp_path)
    for path in deleted:
        path.unlink()
    assert everything(tmp_path) == before
    (kept,) = (tmp_path / "imported").glob("*.jsonl")
    (tmp_path / "record.db").write_bytes(b"no database")
    with Store.open(tmp_path) as store:
        assert store.damaged == tmp_path / "record.db.damaged"
        assert (store.attempts(details=True), store.exams()) == before
    assert list((tmp_path / "imported").glob("*.jsonl")) == [kept]


def test_a_score_is_the_share_of_the_points_even_if_an_older_rung_wrote_another(tmp_path: Path) -> None:
    all_points, partial = failed(score=0.99), failed(score=0.5)
    all_points["report"] |= {"score": 3, "points": 3}
    partial["report"] |= {"score": 1, "points": 2}
    write_attempt(tmp_path, "a1", all_points, partial)
    ((found,), _) = everything(tmp_path)
    assert [(check.score, check.verdict) for check in found.checks] == [(1.0, "failed"), (0.5, "failed")]


def test_a_rewritten_journal_is_read_from_its_beginning(tmp_path: Path) -> None:
    write_attempt(tmp_path, "a1", passed(), passed(), passed())
    everything(tmp_path)
    write_attempt(tmp_path, "a1", failed())
    ((found,), _) = everything(tmp_path)
    assert [check.verdict for check in found.checks] == ["failed"]
    (tmp_path / "attempts/a1.jsonl").write_text("")
    assert everything(tmp_path) == ([], [])


def test_copies_beside_a_journal_are_ignored(tmp_path: Path) -> None:
    path = write_attempt(tmp_path, "a1", passed())
    (path.parent / "a1 (copy).jsonl").write_text(path.read_text())
    (path.parent / "a1.bak.jsonl").write_text(path.read_text())
    assert [a.id for a in everything(tmp_path)[0]] == ["a1"]


def test_the_date_in_the_learners_time_zone_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    monkeypatch.setenv("TZ", "Pacific/Auckland")
    time.tzset()
    try:
        write_attempt(tmp_path, "a1", passed(at="2026-03-02T20:00:00+00:00"))
        ((found,), _) = everything(tmp_path)
    finally:
        monkeypatch.undo()
        time.tzset()
    assert found.checks[0].at == datetime(2026, 3, 2, 20, tzinfo=UTC)
    assert found.checks[0].day.isoformat() == "2026-03-03"


def test_a_record_of_a_newer_rung_is_refused(tmp_path: Path) -> None:
    everything(tmp_path)
    with sqlite3.connect(tmp_path / "record.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '0099'")
    with pytest.raises(EnvironmentBroken) as refused, Store.open(tmp_path):
        pass
    assert str(refused.value) == (
        f"A newer Rung wrote the record {tmp_path / 'record.db'}: "
        f"its schema is 0099, this Rung knows up to {SCHEMAS[-1]}."
    )
    assert refused.value.fix == "Update Rung, or move that file away: Rung creates it again from the journals."


@pytest.mark.parametrize(
    "content", [b"this is no database, and long enough to be seen as none" * 20, b"SQLite format 3\0" + b"\xff" * 4096]
)
def test_a_damaged_database_is_moved_aside_and_created_again(tmp_path: Path, content: bytes) -> None:
    write_attempt(tmp_path, "a1", passed())
    before = everything(tmp_path)
    for path in tmp_path.glob("record.*"):
        path.unlink()
    (tmp_path / "record.db").write_bytes(content)
    with Store.open(tmp_path) as store:
        assert store.damaged == tmp_path / "record.db.damaged"
        assert (store.attempts(details=True), store.exams()) == before
    assert (tmp_path / "record.db.damaged").read_bytes() == content


def test_a_folder_that_cannot_be_created_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EnvironmentBroken) as broken, Store.open(tmp_path / "file" / "home"):
        pass
    assert str(broken.value) == f"The record {tmp_path}/file/home/record.db cannot be written: Not a directory."
    assert broken.value.fix == "Free some disk space, or set RUNG_HOME to a writable folder; no grading is lost."


@pytest.mark.parametrize("seed", range(12))
def test_the_deciding_checks_give_the_same_tries_as_all_checks(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    now = NOON + 2 * DAY
    for number in range(25):
        kinds: list[dict[str, Any]] = [
            passed(), failed(), failed(), {"event": "look", "score": 0.0, "report": report(one="failed")},
            {"event": "hint", "task": "two"}, {"event": "solution"}, {"event": "reset"},
            {"event": "report", "score": 0.0, "report": report(one="broken")},
        ]  # fmt: skip
        events = [dict(rng.choice(kinds)) for _ in range(rng.randint(0, 12))]
        more = {"exam": "e1"} if rng.random() < 0.2 else {}
        at = now - rng.uniform(0.1, 3) * DAY
        write_attempt(tmp_path, f"a{number}", *events, at=at, stopped=rng.random() < 0.5, **more)
    with Store.open(tmp_path) as store:
        all_of_them, deciding = store.attempts(details=True), store.attempts()
    assert tries(deciding, now) == tries(all_of_them, now)
    assert [a.id for a in unfinished(deciding, now)] == [a.id for a in unfinished(all_of_them, now)]
