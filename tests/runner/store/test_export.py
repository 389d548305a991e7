"""An exported record is imported unchanged; every mistake in a file is reported with its line."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from learner_journals import DAY, NOON, failed, passed, write_attempt, write_exam
from rung.runner.core.errors import EnvironmentBroken, LabFileError, UsageError
from rung.runner.store import export, writing
from rung.runner.store.export_format import FILE, schema, text
from rung.runner.store.records import AttemptRecord, ExamRecord
from rung.runner.store.store import Store

HEAD = '{"rung":"record","version":1,"made":"2026-03-02T12:00:00Z"}\n'
ATTEMPT = {
    "id": "a1", "lab": "links", "seed": 7, "digest": "d", "skills": ["lin.links"],
    "started": "2026-03-02T12:00:00Z", "last": "2026-03-02T12:09:00Z", "ended": True, "hints": [],
    "checks": [{"at": "2026-03-02T12:05:00Z", "day": "2026-03-02", "run": 0, "whole": True, "score": 1, "hints": 0,
                "solved": False, "tasks": {"one": "passed"}}],
}  # fmt: skip


def everything(home: Path) -> tuple[list[AttemptRecord], list[ExamRecord]]:
    with Store.open(home) as store:
        return store.attempts(details=True), store.exams()


def exported(home: Path, file: Path) -> Path:
    with Store.open(home) as store:
        file.write_text("".join(store.export_lines()))
    return file


def learner(home: Path) -> Path:
    write_attempt(home, "a1", failed(), {"event": "hint", "task": "two"}, {"event": "reset"}, passed())
    write_attempt(home, "b2", {"event": "solution"}, passed(in_time=False, exam="e1"), at=NOON + DAY, stopped=False)
    write_exam(home, "e1")
    return home


def test_an_exported_record_is_imported_unchanged(tmp_path: Path) -> None:
    file = exported(learner(tmp_path / "here"), tmp_path / "record.jsonl")
    with Store.open(tmp_path / "there") as store:
        assert store.import_file(file) == (2, 1)
    assert everything(tmp_path / "there") == everything(tmp_path / "here")


def test_importing_a_file_twice_changes_nothing(tmp_path: Path) -> None:
    file = exported(learner(tmp_path / "here"), tmp_path / "record.jsonl")
    with Store.open(tmp_path / "here") as store:
        assert store.import_file(file) == (0, 0)
        assert store.import_file(exported(tmp_path / "here", tmp_path / "again.jsonl")) == (0, 0)
    assert len(list((tmp_path / "here/imported").iterdir())) == 1
    assert [a.id for a in everything(tmp_path / "here")[0]] == ["a1", "b2"]


def test_records_of_two_computers_are_merged_and_survive_the_loss_of_the_database(tmp_path: Path) -> None:
    learner(tmp_path / "one")
    write_attempt(tmp_path / "two", "c3", passed(), at=NOON + 2 * DAY)
    with Store.open(tmp_path / "two") as store:
        assert store.import_file(exported(tmp_path / "one", tmp_path / "record.jsonl")) == (2, 1)
    before = everything(tmp_path / "two")
    assert [a.id for a in before[0]] == ["a1", "b2", "c3"]
    for path in (tmp_path / "two").glob("record.*"):
        path.unlink()
    assert everything(tmp_path / "two") == before


def test_of_two_records_of_an_attempt_the_one_with_the_later_last_event_counts(tmp_path: Path) -> None:
    write_attempt(tmp_path / "one", "a1", failed(), stopped=False)
    early = exported(tmp_path / "one", tmp_path / "early.jsonl")
    write_attempt(tmp_path / "one", "a1", failed(), passed())
    late = exported(tmp_path / "one", tmp_path / "late.jsonl")
    for order in ((early, late), (late, early)):
        home = tmp_path / order[0].stem
        with Store.open(home) as store:
            assert [store.import_file(file)[0] for file in order] == [1, 0]
        assert everything(home) == everything(tmp_path / "one")
    with Store.open(tmp_path / "one") as store:
        assert store.import_file(early) == (0, 0)
        assert store.attempts()[0].ended


def mistakes(tmp_path: Path, *lines: str) -> list[str]:
    file = tmp_path / "r.jsonl"
    file.write_text(HEAD + "\n".join(lines) + "\n")
    with pytest.raises(LabFileError) as found:
        export.read(file)
    return [str(mistake).removeprefix(str(tmp_path) + "/") for mistake in found.value.mistakes]


def attempt(**changes: object) -> str:
    return json.dumps({"attempt": {**ATTEMPT, **changes}})


def test_every_mistake_of_a_file_is_reported_with_its_line(tmp_path: Path) -> None:
    check = {**ATTEMPT["checks"][0], "score": 7, "tasks": {"one": "brokn"}}  # type: ignore[index]
    found = mistakes(
        tmp_path,
        attempt(),
        "{",
        "{}",
        "[" * 5000,
        attempt(id="../../etc/passwd", seed="x"),
        attempt(checks=[check], extra=1),
        json.dumps({"attempt": {k: v for k, v in ATTEMPT.items() if k != "lab"}}),
        attempt(started="yesterday", last="2026-03-02T12:00:00"),
    )
    assert found == [
        "r.jsonl:3:1: this is not JSON",
        "r.jsonl:4:1: expected either `attempt` or `exam`",
        "r.jsonl:5:1: this is not JSON",
        "r.jsonl:6:1: `attempt.id`: expected letters, digits, `_` and `-`, at most 64, found `../../etc/passwd`",
        "r.jsonl:6:1: `attempt.seed`: expected a whole number, found `x`",
        "r.jsonl:7:1: `attempt.checks.0.score`: expected at most 1, found `7`",
        (
            "r.jsonl:7:1: `attempt.checks.0.tasks.one`: expected passed, failed or broken, found `brokn`; "
            "did you mean `broken`?"
        ),
        "r.jsonl:7:1: unknown key `attempt.extra`",
        "r.jsonl:8:1: `attempt.lab` is missing",
        "r.jsonl:9:1: `attempt.last`: expected a time with its zone, found `2026-03-02T12:00:00`",
        "r.jsonl:9:1: `attempt.started`: expected a time with its zone, found `yesterday`",
    ]


@pytest.mark.parametrize("moment", ["9999-12-31T23:59:59-10:00", "0001-01-01T00:00:00+10:00"])
def test_a_time_that_another_time_zone_lacks_is_a_mistake(tmp_path: Path, moment: str) -> None:
    file = tmp_path / "record.jsonl"
    file.write_text(HEAD + json.dumps({"attempt": {**ATTEMPT, "last": moment}}) + "\n")
    with pytest.raises(LabFileError) as error:
        export.read(file)
    year = int(moment[:4])
    assert [mistake.sentence for mistake in error.value.mistakes] == [
        f"`attempt.last`: the year {year} is not between 2000 and 2100"
    ]


def test_a_statement_names_at_most_500_ids() -> None:
    assert [len(part) for part in writing.id_batches([str(n) for n in range(1201)])] == [500, 500, 201]


def test_at_most_twenty_mistakes_of_a_file_are_reported(tmp_path: Path) -> None:
    assert len(mistakes(tmp_path, *["?"] * 5000)) == 20


def test_a_line_without_an_end_is_not_read_into_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "MAX_LINE_BYTES", 1 << 20)
    assert mistakes(tmp_path, "x" * (3 << 20), "?") == ["r.jsonl:2:1: a line has at most 1 MiB"]


def test_the_number_of_lines_is_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "MAX_LINES", 4)
    assert mistakes(tmp_path, *[attempt()] * 9) == ["r.jsonl:5:1: a file has at most 4 lines"]


def refused(file: Path) -> UsageError:
    with pytest.raises(UsageError) as found:
        export.read(file)
    return found.value


@pytest.mark.parametrize("content", ["", "{}\n", "[1]\n", "PK\x03\x04\0\0", '{"rung": "lab"}\n', "[" * 100_000])
def test_a_file_that_is_not_an_exported_record_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "r.jsonl"
    file.write_text(content)
    assert str(refused(file)) == f"{file} is not an exported record: its first line does not name it as one."
    assert refused(file).fix == "Name a file that `rung progress export` wrote."


def test_a_file_of_a_newer_format_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "r.jsonl"
    file.write_text(HEAD.replace('"version":1', '"version":2'))
    assert str(refused(file)) == (
        f"{file} was written by a newer Rung: its format is version 2, this Rung reads up to 1."
    )
    assert refused(file).fix == "Update Rung, then import it again."


def test_a_missing_file_is_reported(tmp_path: Path) -> None:
    assert str(refused(tmp_path / "none")) == f"{tmp_path / 'none'} cannot be read: No such file or directory."
    assert str(refused(tmp_path)) == f"{tmp_path} cannot be read: Is a directory."


def test_nothing_is_imported_from_a_file_with_a_mistake(tmp_path: Path) -> None:
    file = tmp_path / "r.jsonl"
    file.write_text(HEAD + attempt() + "\n?\n")
    with Store.open(tmp_path / "home") as store:
        with pytest.raises(LabFileError):
            store.import_file(file)
        assert store.attempts() == []
    assert not (tmp_path / "home/imported").exists()


def test_a_damaged_import_says_how_to_repair_it(tmp_path: Path) -> None:
    file = tmp_path / "imported" / "x.jsonl"
    file.parent.mkdir()
    file.write_text(HEAD + "?\n")
    with pytest.raises(EnvironmentBroken) as broken, Store.open(tmp_path):
        pass
    assert str(broken.value) == f"An imported record is damaged: {file}:2:1: this is not JSON"
    assert broken.value.fix == f"Remove {file}, then import the original file again."


def test_the_published_schema_is_that_of_the_code_and_its_references_resolve() -> None:
    assert FILE.read_text() == text()
    assert {reference.removeprefix("#/$defs/") for reference in re.findall(r'"\$ref": "([^"]+)"', text())} <= set(
        schema()["$defs"]
    )
    assert set(schema()["$defs"]) == {
        "Head",
        "ExportLine",
        "AttemptLine",
        "CheckLine",
        "HintLine",
        "ExamLine",
        "DomainLine",
    }
