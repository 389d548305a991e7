"""An exam's file is read, or every mistake in it is told with its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rung.runner.authoring.lint import lint_exam
from rung.runner.core.errors import LabFileError, UsageError
from rung.runner.exams import loader, schema
from rung.runner.exams.definition import Exam
from rung.runner.lab.folder import BUNDLED_LABS
from rung.runner.lab.validation import keys

EXAM = """\
title: Two labs
track: rhcsa10
minutes: 30
pass_mark: 70
labs:
  - lab: links
    weight: 2
  - lab: linux/two-streams
"""


def mistakes(tmp_path: Path, text: str, name: str = "mine.yaml") -> list[str]:
    (tmp_path / name).write_text(text)
    with pytest.raises(LabFileError) as error:
        loader.load(tmp_path / name)
    return [str(mistake).removeprefix(f"{tmp_path}/") for mistake in error.value.mistakes]


def test_an_exam_is_read(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(EXAM)
    exam = loader.load(tmp_path / "mine.yaml")
    assert (exam.name, exam.minutes, exam.points, exam.pass_mark, exam.draw) == ("mine", 30, 100, 70, None)
    assert [(listed.lab, listed.weight) for listed in exam.labs] == [("links", 2), ("linux/two-streams", 1)]
    assert loader.find(str(tmp_path / "mine.yaml")) == exam


def test_every_mistake_is_told_at_once_with_its_place(tmp_path: Path) -> None:
    text = """\
title: Wrong in many ways
track: rhcsa
minutes: 0
points: 50
pass_mark: 70
colour: red
labs:
  - lab: link
  - {lab: links, weight: many}
  - lab: links
"""
    assert mistakes(tmp_path, text) == [
        "mine.yaml:2:8: `track`: unknown track `rhcsa`; did you mean `rhcsa10`?",
        "mine.yaml:3:10: `minutes`: expected at least 1, found `0`",
        "mine.yaml:5:12: `pass_mark`: expected at most the exam's 50 points, found `70`",
        "mine.yaml:6:1: unknown key `colour`",
        "mine.yaml:8:10: there is no lab `link`; did you mean `links`?",
        "mine.yaml:9:26: `weight`: expected a whole number, found `many`",
        "mine.yaml:10:10: the lab `links` is listed twice",
    ]


def test_a_draw_names_domains_of_its_track_and_labs_that_exist(tmp_path: Path) -> None:
    text = """\
title: Drawn
track: cka
minutes: 30
pass_mark: 66
draw:
  questions: 5
  domains: {cka.netz: 1, cka.store: 0}
  difficulty: {simple: 1}
  without: [look-not-tuch]
"""
    assert mistakes(tmp_path, text) == [
        "mine.yaml:7:13: unknown domain `cka.netz`; did you mean `cka.net`?",
        "mine.yaml:7:37: `cka.store`: expected a share from 1 to 1000, found `0`",
        "mine.yaml:8:24: `simple`: expected easy, medium or hard, found `simple`",
        "mine.yaml:9:13: there is no lab `look-not-tuch`; did you mean `look-not-touch`?",
    ]


def test_labs_or_a_draw_but_not_both(tmp_path: Path) -> None:
    head = "title: T\ntrack: cka\nminutes: 5\npass_mark: 1\n"
    assert mistakes(tmp_path, head) == ["mine.yaml:1:1: `labs` or `draw` is missing"]
    both = f"{head}labs: [{{lab: links}}]\ndraw: {{questions: 1}}\n"
    assert mistakes(tmp_path, both) == ["mine.yaml:6:1: `labs` and `draw` exclude each other: leave one out"]


def test_a_list_is_no_exam_and_a_file_is_named_as_exams_are(tmp_path: Path) -> None:
    assert mistakes(tmp_path, "- a\n") == [
        "mine.yaml:1:1: expected a mapping with `title`, `track` and so on, found a list"
    ]
    assert mistakes(tmp_path, EXAM, "My Exam.yaml") == [
        "My Exam.yaml:1:1: expected a file name of at most 40 lower-case letters, digits and `-`, first a letter"
    ]


def test_an_exam_that_does_not_exist_is_said_with_what_was_perhaps_meant() -> None:
    with pytest.raises(UsageError) as error:
        loader.find("cka-mok")
    assert str(error.value) == "There is no exam `cka-mok`; did you mean `cka-mock`?"
    assert error.value.fix == "`rung exam list` lists them."


@pytest.mark.parametrize("path", sorted((BUNDLED_LABS / "exams").glob("*.yaml")), ids=lambda path: path.stem)
def test_the_exams_that_come_with_rung_have_no_mistakes(path: Path) -> None:
    assert [finding for finding in lint_exam(path) if not finding.advice] == []


def test_what_a_draw_cannot_meet_is_advice_to_its_author(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(
        "title: T\ntrack: rhcsa10\nminutes: 600\npass_mark: 1\n"
        "draw: {questions: 4, domains: {rhcsa10.storage: 1, rhcsa10.tools: 1}}\n"
    )
    assert [(finding.advice, finding.sentence) for finding in lint_exam(path)] == [
        (
            True,
            (
                "Local storage: 2 questions were asked for, and the catalogue has 0 that fit; "
                "no other domain fills their place."
            ),
        )
    ]


def test_a_draw_of_nothing_is_a_mistake(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(
        "title: T\ntrack: rhcsa10\nminutes: 60\npass_mark: 1\ndraw: {questions: 4, domains: {rhcsa10.storage: 1}}\n"
    )
    (finding,) = lint_exam(path)
    assert (finding.advice, str(finding).removeprefix(f"{path}:1:1: ")) == (
        False, "Not one lab of Red Hat Certified System Administrator (EX200), RHEL 10 can be drawn for mine."
    )  # fmt: skip


def test_the_schema_has_every_key_and_the_file_is_as_the_code_is() -> None:
    made = schema.exam_schema()
    assert set(made["properties"]) == set(keys(Exam)) - {"name", "path"}
    assert json.loads(schema.FILE.read_text("utf-8")) == made
