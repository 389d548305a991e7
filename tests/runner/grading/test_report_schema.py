"""What is published about reports is what reports are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from json_schemas import valid
from rung.checks.core.outcome import Outcome
from rung.runner.grading import report_schema
from rung.runner.grading.report import CheckReport, Report, TaskReport

REPORT = Report(
    "a-lab",
    "0badcafe",
    7,
    [
        TaskReport(
            "one",
            "Do it.",
            [
                CheckReport("a", "It holds", "node1", Outcome.PASSED, 2, live=Outcome.FAILED, live_reasons=["no"]),
                CheckReport("b", "It lasts", "node1", Outcome.BROKEN, 1, when="rebooted", error="no engine"),
                CheckReport("c", "It stays", "node1", Outcome.FAILED, 1, holds=True, reasons=["gone"], hint="Look."),
            ],
        )
    ],
    ["node1"],
)


def test_a_report_is_as_the_schema_says() -> None:
    schema = report_schema.report_schema()
    data = json.loads(json.dumps(REPORT.as_json()))
    assert valid(data, schema, schema)
    for change in ({"score": "2"}, {"tasks": [{"id": "one"}]}):
        assert not valid({**data, **change}, schema, schema)


def test_every_key_has_a_meaning_and_every_meaning_a_key() -> None:
    schema = report_schema.report_schema()
    parts = {"ReportJson": schema, **schema["$defs"]}
    keys = {f"{name}.{key}" for name, part in parts.items() for key in part["properties"]}
    assert set(report_schema.MEANINGS) == keys | set(parts)


def test_the_file_is_up_to_date_and_a_stale_one_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert report_schema.main(["--check"]) == 0
    monkeypatch.setattr(report_schema, "FILE", tmp_path / "x.json")
    assert report_schema.main(["--check"]) == 1
    assert capsys.readouterr().err == (
        f"{tmp_path}/x.json is out of date: run `python -m rung.runner.grading.report_schema`.\n"
    )
    assert (report_schema.main([]), report_schema.main(["--check"])) == (0, 0)
