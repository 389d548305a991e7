"""The JSON Schema says what the loader says, as far as a schema can."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from rung.checks.kinds import load_kinds
from rung.checks.registry import COMMON
from rung.runner import schema, yamltree
from rung.runner.folder import HOME, lab_folders
from rung.runner.validation import keys

LAB: dict[str, Any] = {
    "title": "A lab",
    "objectives": [],
    "difficulty": "easy",
    "minutes": 5,
    "environment": {"machines": [{"name": "node1"}]},
    "tasks": [{"id": "t", "text": "Do it.", "expect": [{"user": "alice", "uid": 2001}]}],
}
TYPES: dict[str, Any] = {
    "string": str, "integer": int, "number": int | float, "boolean": bool, "array": list, "object": dict
}  # fmt: skip


@pytest.fixture(scope="module")
def root() -> dict[str, Any]:
    return schema.lab_schema()


def valid(value: Any, part: dict[str, Any], root: dict[str, Any]) -> bool:
    """Whether a value fits a schema: the few words of JSON Schema that ours uses, and an error for any other."""
    assert set(part) <= {
        "$schema", "$ref", "$defs", "title", "description", "type", "properties", "required", "additionalProperties",
        "propertyNames", "items", "minItems", "maxItems", "anyOf", "allOf", "enum", "const", "pattern", "minLength",
        "maxLength", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
    }, part  # fmt: skip
    if "$ref" in part:
        return valid(value, root["$defs"][part["$ref"].removeprefix("#/$defs/")], root)
    return (
        _type(value, part)
        and all(valid(value, inner, root) for inner in part.get("allOf", []))
        and ("anyOf" not in part or any(valid(value, inner, root) for inner in part["anyOf"]))
        and ("enum" not in part or value in part["enum"])
        and ("const" not in part or value == part["const"])
        and (not isinstance(value, str) or _text(value, part))
        and (isinstance(value, bool) or not isinstance(value, int | float) or _number(value, part))
        and (not isinstance(value, list) or _list(value, part, root))
        and (not isinstance(value, dict) or _mapping(value, part, root))
    )


def _type(value: Any, part: dict[str, Any]) -> bool:
    wanted = part.get("type", list(TYPES))
    wanted = [wanted] if isinstance(wanted, str) else wanted
    return any(isinstance(value, TYPES[name]) and (name == "boolean") == isinstance(value, bool) for name in wanted)


def _text(value: str, part: dict[str, Any]) -> bool:
    fits = part.get("minLength", 0) <= len(value) <= part.get("maxLength", len(value))
    return fits and bool(re.search(part.get("pattern", ""), value))


def _number(value: float, part: dict[str, Any]) -> bool:
    within = part.get("minimum", value) <= value <= part.get("maximum", value)
    return within and part.get("exclusiveMinimum", value - 1) < value < part.get("exclusiveMaximum", value + 1)


def _list(value: list[Any], part: dict[str, Any], root: dict[str, Any]) -> bool:
    counted = part.get("minItems", 0) <= len(value) <= part.get("maxItems", len(value))
    return counted and all(valid(entry, part.get("items", {}), root) for entry in value)


def _mapping(value: dict[str, Any], part: dict[str, Any], root: dict[str, Any]) -> bool:
    properties, others = part.get("properties", {}), part.get("additionalProperties", True)
    if not all(valid(key, part.get("propertyNames", {}), root) for key in value):
        return False
    return set(part.get("required", [])) <= set(value) and all(
        valid(entry, properties[key], root)
        if key in properties
        else others is not False and (others is True or valid(entry, others, root))
        for key, entry in value.items()
    )


def test_the_committed_schema_is_current() -> None:
    assert schema.FILE.read_text("utf-8") == schema.text(), f"stale: run {schema.COMMAND}"


def test_writing_it_writes_it(tmp_path: Path) -> None:
    schema.write(tmp_path / "x.json")
    assert json.loads((tmp_path / "x.json").read_text()) == schema.lab_schema()


def test_every_bundled_lab_fits(root: dict[str, Any]) -> None:
    for folder in lab_folders(HOME / "linux"):
        assert valid(yamltree.read(folder / "lab.yaml").data, root, root), folder.name


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
def test_mistakes_do_not_fit(root: dict[str, Any], change: dict[str, Any]) -> None:
    assert valid(LAB, root, root)
    assert not valid({**LAB, **change}, root, root)


def test_other_ways_to_write_things_fit(root: dict[str, Any]) -> None:
    entry = {"file": "/x", "mode": 640, "same": "inode", "control": {"user": "a"}, "json": {"a": [1]}}
    values = {"a": ["x", 1], "b": {"range": [1, 2]}, "c": {"sample": 1, "from": ["x"]}, "d": "{{ a }}"}
    lab = {**LAB, "values": values, "tasks": [{"id": "t", "text": "x", "hint": "y", "expect": [entry]}]}
    assert valid(lab, root, root)
