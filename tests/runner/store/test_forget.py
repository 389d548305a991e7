"""Deleting the record removes everything except what running machines and open exams need."""

from __future__ import annotations

import json
from pathlib import Path

from learner_journals import failed, passed, write_attempt, write_exam
from rung.runner.store.files import ForgottenCounts, forget
from rung.runner.store.store import Store

HINT = {"event": "hint", "task": "two"}


def test_finished_attempts_and_exams_are_deleted(tmp_path: Path) -> None:
    write_attempt(tmp_path, "a1", failed(), passed())
    write_exam(tmp_path, "e1")
    (tmp_path / "trust.json").write_text("{}")
    with Store.open(tmp_path) as store:
        file = tmp_path / "record.jsonl"
        file.write_text("".join(store.export_lines()))
        store.import_file(file)
    (tmp_path / "assessments").mkdir()
    (tmp_path / "assessments/s1.jsonl").write_text("{}\n")
    assert forget(tmp_path) == ForgottenCounts(attempts=1, exams=1, open_attempts=0, open_exams=0)
    assert sorted(p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()) == [
        "record.jsonl",
        "trust.json",
    ]
    with Store.open(tmp_path) as store:
        assert (store.attempts(), store.exams()) == ([], [])


def test_an_attempt_that_may_still_run_keeps_the_events_that_its_machines_need(tmp_path: Path) -> None:
    path = write_attempt(tmp_path, "a1", failed(), HINT, stopped=False)
    assert forget(tmp_path) == ForgottenCounts(attempts=1, exams=0, open_attempts=1, open_exams=0)
    assert [json.loads(line)["event"] for line in path.read_text().splitlines()] == ["starting", "ready"]


def test_a_running_exam_is_kept_with_its_attempts(tmp_path: Path) -> None:
    exam = write_exam(tmp_path, "e1", graded=False)
    of_exam = write_attempt(tmp_path, "a1", HINT, exam="e1", stopped=False)
    write_attempt(tmp_path, "b2", failed())
    before = exam.read_text(), of_exam.read_text()
    assert forget(tmp_path) == ForgottenCounts(attempts=2, exams=1, open_attempts=1, open_exams=1)
    assert (exam.read_text(), of_exam.read_text()) == before
    assert not (tmp_path / "attempts/b2.jsonl").exists()


def test_an_exam_that_ended_ungraded_is_deleted_with_its_log(tmp_path: Path) -> None:
    exam = write_exam(tmp_path, "e1", graded=False)
    with exam.open("a") as journal:
        journal.write('{"at": "2026-03-02T13:00:00+00:00", "event": "ended"}\n')
    exam.with_suffix(".log").write_text("")
    assert forget(tmp_path) == ForgottenCounts(attempts=0, exams=1, open_attempts=0, open_exams=0)
    assert list(exam.parent.iterdir()) == []


def test_an_empty_record_can_be_deleted(tmp_path: Path) -> None:
    assert forget(tmp_path / "none") == ForgottenCounts(0, 0, 0, 0)
