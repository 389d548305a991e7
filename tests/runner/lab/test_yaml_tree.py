"""YAML becomes plain values with places; what a lab file does not need is refused."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.runner.lab.yaml_tree import LIMIT, parse, plain, read

FILE = Path("lab.yaml")


def mistakes(text: str | bytes) -> list[str]:
    content = text.encode() if isinstance(text, str) else text
    return [str(mistake) for mistake in parse(content, FILE).mistakes]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", 5), ("-5", -5), ("0", 0), ("1.5", 1.5), ("1e3", 1000.0), ("true", True), ("False", False), ("null", None),
        ("~", None), ("", None), ("on", "on"), ("yes", "yes"), ("0640", "0640"), ("12:30", "12:30"), ("0x1F", "0x1F"),
        ("1_000", "1_000"), ("2030-01-01", "2030-01-01"), ("1e999", "1e999"), ("9" * 30, "9" * 30), (".inf", ".inf"),
    ],
)  # fmt: skip
def test_unquoted_scalars_mean_what_they_look_like(text: str, value: Any) -> None:
    assert plain(text) == value
    assert type(plain(text)) is type(value)


def test_quoted_scalars_are_text() -> None:
    assert parse(b"a: '5'\nb: \"true\"\nc: |\n  null\n", FILE).data == {"a": "5", "b": "true", "c": "null\n"}


def test_every_value_and_key_has_its_place() -> None:
    document = parse(b"a: 1\nb:\n  - c: x\n", FILE)
    assert document.place(("b", 0, "c")) == (3, 8)
    assert document.place(("b", 0, "c"), key=True) == (3, 5)
    assert document.place(("b", 0, "nothing", "here")) == (3, 5)
    assert document.place(("nothing",)) == (1, 1)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("a: &x 1\nb: *x\n", [
            "lab.yaml:1:4: anchors (`&x`) are not allowed: write the value out",
            "lab.yaml:2:4: aliases (`*x`) are not allowed: write the value out",
        ]),
        ("a: 1\na: 2\na: {b: 1, b: 2}\n", [
            "lab.yaml:2:1: the key `a` is already used in line 1",
            "lab.yaml:3:1: the key `a` is already used in line 1",
            "lab.yaml:3:11: the key `b` is already used in line 3",
        ]),
        ("a: {<<: {b: 1}}\n", ["lab.yaml:1:5: merge keys (`<<`) are not allowed: write the keys out"]),
        ("a: !!python/object:os.system x\n",
         ["lab.yaml:1:4: tags (`tag:yaml.org,2002:python/object:os.system`) are not allowed"]),
        ("a: 1\n---\nb: 2\n", ["lab.yaml:2:1: this file holds more than one YAML document"]),
        ("? [a]\n: 1\n", ["lab.yaml:1:3: a key must be plain text"]),
        ('a: "x\\0y"\n', ["lab.yaml:1:4: this text holds a NUL character"]),
        ("a: [" * 40, ["lab.yaml:1:65: this is nested more than 32 levels deep"]),
        ("a: [1,\n", ["lab.yaml:2:1: this is not YAML: did not find expected node content"]),
        (b"a: 1\nb: \xff\n", ["lab.yaml:2:4: this is not UTF-8 text"]),
        ("title: \x01\n", ["lab.yaml:1:1: this is not YAML: control characters are not allowed"]),
        ("a: '" + "x" * LIMIT + "'", ["lab.yaml:1:1: this file is larger than 256 KiB"]),
    ],
)  # fmt: skip
def test_what_a_lab_file_does_not_need_is_refused_with_its_place(text: str | bytes, sentences: list[str]) -> None:
    assert mistakes(text) == sentences


def test_a_yaml_bomb_is_refused_at_once() -> None:
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True):
        bomb += f"{name}: &{name} [{','.join([f'*{before}'] * 9)}]\n"
    started = time.process_time()
    assert len(mistakes(bomb)) == 9 + 8 * 9
    assert time.process_time() - started < 1


def test_a_path_that_is_no_file_is_a_mistake_and_blocks_nothing(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to("loop")
    assert [m.sentence for m in read(tmp_path / "pipe").mistakes] == ["this is not a regular file"]
    assert [m.sentence for m in read(tmp_path).mistakes] == ["this is not a regular file"]
    assert [m.sentence for m in read(tmp_path / "none").mistakes] == ["this file does not exist"]
    assert [m.sentence for m in read(tmp_path / "loop").mistakes] == [
        "this file cannot be read: Too many levels of symbolic links"
    ]


def test_ten_megabytes_are_not_read(tmp_path: Path) -> None:
    file = tmp_path / "lab.yaml"
    file.write_bytes(b"- x\n" * 2_600_000)
    started = time.process_time()
    assert [m.sentence for m in read(file).mistakes] == ["this file is larger than 256 KiB"]
    assert time.process_time() - started < 0.5


@given(st.binary(max_size=200) | st.text(alphabet="ab:-[]{}&*!|>'\"#%@`,? \n\t0\\", max_size=60).map(str.encode))
def test_any_bytes_give_a_document_or_mistakes(content: bytes) -> None:
    document = parse(content, FILE)
    assert all(m.line >= 1 and m.column >= 1 for m in document.mistakes)
