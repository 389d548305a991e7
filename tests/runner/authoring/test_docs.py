"""The generated pages are up to date, and every key has a description."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest

from rung.checks.kinds import load_kinds
from rung.runner.authoring import docs
from rung.runner.exams.definition import Draw, Exam, ListedLab
from rung.runner.lab.model import ClusterSpec, Environment, Lab, MachineSpec, Task


def test_the_pages_are_up_to_date() -> None:
    assert docs.stale() == [], f"run `{docs.COMMAND}`"


def test_a_stale_page_is_reported_with_the_command_that_updates_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(docs, "FOLDER", tmp_path)
    assert docs.main(["--check"]) == 1
    assert capsys.readouterr().err.splitlines() == [
        f"{tmp_path}/kinds.md is out of date: run `python -m rung.runner.authoring.docs`.",
        f"{tmp_path}/lab-format.md is out of date: run `python -m rung.runner.authoring.docs`.",
        f"{tmp_path}/exam-format.md is out of date: run `python -m rung.runner.authoring.docs`.",
    ]
    assert docs.main([]) == 0
    assert docs.main(["--check"]) == 0


@pytest.mark.parametrize("kind", sorted(load_kinds()))
def test_every_option_of_a_kind_is_described(kind: str) -> None:
    cls = load_kinds()[kind]
    models = [cls, *(model for field in cls.model_fields.values() for model in docs._models(field.annotation))]
    assert [name for m in models for name, field in m.model_fields.items() if not field.description] == []
    assert cls.__doc__


@pytest.mark.parametrize("model", [Lab, Environment, MachineSpec, ClusterSpec, Task, Exam, Draw, ListedLab])
def test_every_key_of_a_lab_is_described(model: Any) -> None:
    own = {name: field for name, field in model.model_fields.items() if not field.exclude}
    assert [name for name, field in own.items() if not field.description] == []


@pytest.mark.parametrize(
    ("annotation", "words"),
    [
        (str, "text"),
        (int | None, "whole number"),
        (list[str], "list of text"),
        (Literal["tcp", "udp"], "`tcp` or `udp`"),
        (bool | list[str], "true or false or list of text"),
        (Annotated[float, "anything"], "number"),
        (dict[str, str], "mapping"),
        (Any, "anything"),
    ],
)
def test_types_are_told_in_an_authors_words(annotation: Any, words: str) -> None:
    assert docs.type_name(annotation) == words
