"""The JSON Schema accepts and refuses what the loader does, as far as a schema can."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from json_schemas import valid
from rung.checks.core.registry import COMMON
from rung.checks.kinds import load_kinds
from rung.runner.lab import schema, yaml_tree
from rung.runner.lab.folder import BUNDLED_LABS, lab_folders
from rung.runner.lab.validation import keys

LAB: dict[str, Any] = {
    "title": "A lab",
    "objectives": [],
    "difficulty": "easy",
    "minutes": 5,
    "environment": {"machines": [{"name": "node1"}]},
    "tasks": [{"id": "t", "text": "Do it.", "expect": [{"user": "alice", "uid": 2001}]}],
}


@pytest.fixture(scope="module")
def root() -> dict[str, Any]:
    return schema.lab_schema()


def test_the_committed_schema_is_current() -> None:
    assert schema.FILE.read_text("utf-8") == schema.text(), f"stale: run {schema.COMMAND}"


def test_write_writes_the_schema(tmp_path: Path) -> None:
    schema.write(tmp_path / "x.json")
    assert json.loads((tmp_path / "x.json").read_text()) == schema.lab_schema()


def test_every_bundled_lab_matches(root: dict[str, Any]) -> None:
    for folder in lab_folders(BUNDLED_LABS / "linux"):
        assert valid(yaml_tree.read(folder / "lab.yaml").data, root, root), folder.name


def test_every_kind_has_its_own_keys_and_the_common_ones(root: dict[str, Any]) -> None:
    for name, kind in load_kinds().items():
        part = root["$defs"][f"kind-{name}"]
        assert set(part["properties"]) == set(keys(kind)), name
        assert part["required"][0] == next(iter(part["properties"])) == name
        assert set(part["properties"]) >= COMMON


def test_every_key_is_described(root: dict[str, Any]) -> None:
    parts = {"Lab": root, **{name: part for name, part in root["$defs"].items() if "properties" in part}}
    lacking = [
        f"{name}.{key}"
        for name, part in parts.items()
        for key, value in part["properties"].items()
        if "description" not in value and not value.get("$ref", "").startswith("#/$defs/key-")
    ]
    assert lacking == []


def test_a_template_may_stand_in_every_scalars_place(root: dict[str, Any]) -> None:
    assert valid(_with_templates(LAB), root, root)
    assert valid({**LAB, "reboot": "{{ x }}", "tasks": [{**LAB["tasks"][0], "hint": "{{ x }}"}]}, root, root)


def _with_templates(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {key: _with_templates(value) for key, value in tree.items()}
    return [_with_templates(value) for value in tree] if isinstance(tree, list) else "{{ x }}"


@pytest.mark.parametrize(
    "change",
    [
        {"title": None},
        {"titel": "x"},
        {"minutes": "ten"},
        {"minutes": 0},
        {"difficulty": "eassy"},
        {"environment": {"machines": [{"name": "Node1"}]}},
        {"capabilities": ["inet"]},
        {"values": {"X": ["a"]}},
        {"values": {"x": {"range": [1]}}},
        {"seed": 5},
        {"tasks": [{"id": "t"}]},
        {"tasks": [{"id": "t", "text": "x", "expect": [{"usr": "alice"}]}]},
        {"tasks": [{"id": "t", "text": "x", "expect": [{"user": "alice", "uidd": 5}]}]},
        {"tasks": [{"id": "t", "text": "x", "expect": [{"user": "alice", "points": "three"}]}]},
    ],
)
def test_mistakes_do_not_match(root: dict[str, Any], change: dict[str, Any]) -> None:
    assert valid(LAB, root, root)
    assert not valid({**LAB, **change}, root, root)


def test_other_notations_match(root: dict[str, Any]) -> None:
    entry = {"file": "/x", "mode": 640, "same": "inode", "control": {"user": "a"}, "json": {"a": [1]}}
    values = {"a": ["x", 1], "b": {"range": [1, 2]}, "c": {"sample": 1, "from": ["x"]}, "d": "{{ a }}"}
    lab = {**LAB, "values": values, "tasks": [{"id": "t", "text": "x", "hint": "y", "expect": [entry]}]}
    assert valid(lab, root, root)
