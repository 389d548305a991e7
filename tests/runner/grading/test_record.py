"""What a report leaves in the journal, and which labs count as passed."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from learner_journals import failed, passed, write_attempt
from rung.checks.core.outcome import Outcome
from rung.runner.attempts.attempt import Attempt
from rung.runner.core.journal import EventJournal
from rung.runner.grading.record import passed_labs, record_report
from rung.runner.grading.report import CheckReport, Report, TaskReport


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RUNG_HOME", str(tmp_path))


def test_all_points_with_a_check_that_does_not_hold_are_a_full_score_and_no_pass(tmp_path: Path) -> None:
    write_attempt(tmp_path, "a1", lab="two-files")
    checks = [
        CheckReport("one", "It is there", "node1", Outcome.PASSED, 2),
        CheckReport("extra", "It is neat", "node1", Outcome.FAILED, 0),
    ]
    report = Report("two-files", "a1", 7, [TaskReport("first", "Make it.", checks)])
    attempt = cast(Attempt, SimpleNamespace(journal=EventJournal.of("a1")))
    record_report(attempt, report, whole=True)
    event = EventJournal.of("a1").last("report")
    assert event is not None
    assert (event["score"], event["passed"]) == (1.0, False)
    assert passed_labs() == set()


def test_reports_of_an_older_rung_count_by_their_score(tmp_path: Path) -> None:
    write_attempt(tmp_path, "a1", passed(), lab="links")
    write_attempt(tmp_path, "b2", failed(score=0.99), lab="archive")
    assert passed_labs() == {"links"}
