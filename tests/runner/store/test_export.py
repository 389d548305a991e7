"""Records that are written to a file come back as they were, and what else is in such a file is told with its place."""

from __future__ import annotations

import json
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
        file.write_text("".join(store.exported()))
    return file


def learner(home: Path) -> Path:
    write_attempt(home, "a1", failed(), {"event": "hint", "task": "two"}, {"event": "reset"}, passed())
    write_attempt(home, "b2", {"event": "solution"}, passed(in_time=False, exam="e1"), at=NOON + DAY, stopped=False)
    write_exam(home, "e1")
    return home


def test_an_exported_record_comes_back_as_it_was(tmp_path: Path) -> None:
    file = exported(learner(tmp_path / "here"), tmp_path / "record.jsonl")
    with Store.open(tmp_path / "there") as store:
        assert store.take_in(file) == (2, 1)
    assert everything(tmp_path / "there") == everything(tmp_path / "here")


def test_taking_the_same_file_in_again_changes_nothing(tmp_path: Path) -> None:
    file = exported(learner(tmp_path / "here"), tmp_path / "record.jsonl")
    with Store.open(tmp_path / "here") as store:
        assert store.take_in(file) == (0, 0)
        assert store.take_in(exported(tmp_path / "here", tmp_path / "again.jsonl")) == (0, 0)
    assert len(list((tmp_path / "here/imported").iterdir())) == 1
    assert [a.id for a in everything(tmp_path / "here")[0]] == ["a1", "b2"]


def test_records_of_two_computers_come_together_and_survive_the_loss_of_the_database(tmp_path: Path) -> None:
    learner(tmp_path / "one")
    write_attempt(tmp_path / "two", "c3", passed(), at=NOON + 2 * DAY)
    with Store.open(tmp_path / "two") as store:
        assert store.take_in(exported(tmp_path / "one", tmp_path / "record.jsonl")) == (2, 1)
    before = everything(tmp_path / "two")
    assert [a.id for a in before[0]] == ["a1", "b2", "c3"]
    for path in (tmp_path / "two").glob("record.*"):
        path.unlink()
    assert everything(tmp_path / "two") == before


def test_of_two_tellings_of_an_attempt_the_one_that_goes_on_longer_counts(tmp_path: Path) -> None:
    write_attempt(tmp_path / "one", "a1", failed(), stopped=False)
    early = exported(tmp_path / "one", tmp_path / "early.jsonl")
    write_attempt(tmp_path / "one", "a1", failed(), passed())
    late = exported(tmp_path / "one", tmp_path / "late.jsonl")
    for order in ((early, late), (late, early)):
        home = tmp_path / order[0].stem
        with Store.open(home) as store:
            assert [store.take_in(file)[0] for file in order] == [1, 0]
        assert everything(home) == everything(tmp_path / "one")
    with Store.open(tmp_path / "one") as store:
        assert store.take_in(early) == (0, 0)
        assert store.attempts()[0].ended


def mistakes(tmp_path: Path, *lines: str) -> list[str]:
    file = tmp_path / "r.jsonl"
    file.write_text(HEAD + "\n".join(lines) + "\n")
    with pytest.raises(LabFileError) as found:
        export.read(file)
    return [str(mistake).removeprefix(str(tmp_path) + "/") for mistake in found.value.mistakes]


def attempt(**changes: object) -> str:
    return json.dumps({"attempt": {**ATTEMPT, **changes}})


def test_every_mistake_of_a_file_is_told_with_its_line(tmp_path: Path) -> None:
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
def test_a_time_that_another_zone_has_not_is_a_mistake_like_any_other(tmp_path: Path, moment: str) -> None:
    file = tmp_path / "record.jsonl"
    file.write_text(HEAD + json.dumps({"attempt": {**ATTEMPT, "last": moment}}) + "\n")
    with pytest.raises(LabFileError) as error:
        export.read(file)
    year = int(moment[:4])
    assert [mistake.sentence for mistake in error.value.mistakes] == [
        f"`attempt.last`: no record is of the year {year}"
    ]


def test_a_statement_names_only_so_many_ids() -> None:
    assert [len(part) for part in writing.portions([str(n) for n in range(1201)])] == [500, 500, 201]


def test_of_a_file_that_is_nothing_but_mistakes_the_first_twenty_are_told(tmp_path: Path) -> None:
    assert len(mistakes(tmp_path, *["?"] * 5000)) == 20


def test_a_line_without_an_end_is_not_read_into_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "LONGEST", 1 << 20)
    assert mistakes(tmp_path, "x" * (3 << 20), "?") == ["r.jsonl:2:1: a line has at most 1 MiB"]


def test_a_file_has_so_many_lines_and_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "MOST", 4)
    assert mistakes(tmp_path, *[attempt()] * 9) == ["r.jsonl:5:1: a record has at most 4 lines"]


def refused(file: Path) -> UsageError:
    with pytest.raises(UsageError) as found:
        export.read(file)
    return found.value


@pytest.mark.parametrize("content", ["", "{}\n", "[1]\n", "PK\x03\x04\0\0", '{"rung": "lab"}\n', "[" * 100_000])
def test_what_is_no_record_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "r.jsonl"
    file.write_text(content)
    assert str(refused(file)) == f"{file} is not a record: its first line does not say so."
    assert refused(file).fix == "Name a file that `rung progress export` wrote."


def test_a_file_of_a_newer_format_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "r.jsonl"
    file.write_text(HEAD.replace('"version":1', '"version":2'))
    assert str(refused(file)) == (
        f"{file} was written by a newer Rung: its format is version 2, this Rung reads up to 1."
    )
    assert refused(file).fix == "Update Rung, then import it again."


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    assert str(refused(tmp_path / "none")) == f"{tmp_path / 'none'} cannot be read: No such file or directory."
    assert str(refused(tmp_path)) == f"{tmp_path} cannot be read: Is a directory."


def test_nothing_is_taken_in_of_a_file_with_a_mistake(tmp_path: Path) -> None:
    file = tmp_path / "r.jsonl"
    file.write_text(HEAD + attempt() + "\n?\n")
    with Store.open(tmp_path / "home") as store:
        with pytest.raises(LabFileError):
            store.take_in(file)
        assert store.attempts() == []
    assert not (tmp_path / "home/imported").exists()


def test_a_damaged_import_says_how_to_mend_it(tmp_path: Path) -> None:
    file = tmp_path / "imported" / "x.jsonl"
    file.parent.mkdir()
    file.write_text(HEAD + "?\n")
    with pytest.raises(EnvironmentBroken) as broken, Store.open(tmp_path):
        pass
    assert str(broken.value) == f"What was imported is damaged: {file}:2:1: this is not JSON"
    assert broken.value.fix == f"Remove {file}, and import the file again that it came from."


def test_the_published_schema_is_that_of_the_code() -> None:
    assert FILE.read_text() == text()
    assert set(schema()["$defs"]) == {
        "Head",
        "ExportLine",
        "AttemptLine",
        "CheckLine",
        "HintLine",
        "ExamLine",
        "DomainLine",
    }
