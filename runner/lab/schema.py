"""The JSON Schema of lab.yaml, for editors: made from the models and the table of kinds.

`python -m rung.runner.lab.schema` writes it to labs/lab.schema.json.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from rung.checks.core.registry import COMMON
from rung.checks.kinds import load_kinds
from rung.runner.lab.folder import BUNDLED_LABS
from rung.runner.lab.model import CAPABILITIES, Lab
from rung.runner.lab.validation import keys

FILE = BUNDLED_LABS / "lab.schema.json"
COMMAND = "python -m rung.runner.lab.schema"

Schema = dict[str, Any]

_CLOSED = ("integer", "number", "boolean", "array")
_SET_BY_LOADER = ("name", "folder", "seed", "digest")
_SCALAR: Schema = {"type": ["string", "number", "boolean"]}
_TEMPLATE: Schema = {
    "description": "A template that the drawn values fill in.",
    "type": "string",
    "pattern": r"\{\{|\{%",
}
_VALUES: Schema = {
    "description": "Values drawn by seed, usable as {{ name }} here and as $name in scripts.",
    "type": "object",
    "propertyNames": {"pattern": "^[a-z][a-z0-9_]{0,39}$"},
    "additionalProperties": {
        "anyOf": [
            {"description": "One of these.", "type": "array", "items": _SCALAR, "minItems": 1},
            {
                "description": "A whole number from the first to the second.",
                "type": "object",
                "properties": {"range": {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2}},
                "required": ["range"],
                "additionalProperties": False,
            },
            {
                "description": "That many of these, all different.",
                "type": "object",
                "properties": {
                    "sample": {"type": "integer", "minimum": 1},
                    "from": {"type": "array", "items": _SCALAR, "minItems": 1},
                },
                "required": ["sample", "from"],
                "additionalProperties": False,
            },
            {"description": "This value, or what its template makes of the values above.", **_SCALAR},
        ]
    },
}


def lab_schema() -> Schema:
    """The schema of lab.yaml (JSON Schema, draft 7, with `$defs`)."""
    schema = schema_of(Lab)
    definitions: Schema = schema.pop("$defs")
    kinds = load_kinds()
    for name, kind in sorted(kinds.items()):
        own = schema_of(kind)
        definitions |= own.pop("$defs", {})
        definitions[f"kind-{name}"] = _kind(name, kind, own)
    definitions |= _shared(definitions["Expectation"]["properties"])
    definitions["Expectation"] = {"anyOf": [{"$ref": f"#/$defs/kind-{name}"} for name in sorted(kinds)]}
    definitions["Task"]["properties"]["hint"] = _one_or_more(definitions["Task"]["properties"]["hint"])
    schema["properties"] = _lab_properties(schema["properties"])
    definitions = {name: _with_templates(definitions[name]) for name in sorted(definitions)}
    schema = _with_templates(schema)
    schema["properties"]["values"] = _VALUES
    head = {"$schema": "http://json-schema.org/draft-07/schema#", "title": "lab.yaml"}
    return {**head, **schema, "$defs": {**definitions, "template": _TEMPLATE}}


def schema_of(model: type[BaseModel]) -> Schema:
    """The JSON Schema of a model, without redundant parts."""
    return dict(_tidy(model.model_json_schema(by_alias=True)))


def _tidy(schema: Any, *, names: bool = False) -> Any:
    """The schema without titles (pydantic makes them of names), defaults (descriptions state them) and null (it means
    the same as a missing key)."""
    if isinstance(schema, list):
        return [_tidy(part) for part in schema if part != {"type": "null"}]
    if not isinstance(schema, dict):
        return schema
    tidied = {
        key: _tidy(value, names=key in ("properties", "$defs") and not names)
        for key, value in schema.items()
        if names or key not in ("title", "default")
    }
    if not names and len(tidied.get("anyOf", ())) == 1:
        return {**tidied.pop("anyOf")[0], **tidied}
    return tidied


def _kind(name: str, kind: type[BaseModel], own: Schema) -> Schema:
    """The schema of a kind: its own keys, then references to those that all expectations share."""
    order = [key for key in keys(kind) if key not in COMMON]
    properties = {key: own["properties"][key] for key in order}
    properties |= {key: {"$ref": f"#/$defs/key-{key}"} for key in keys(kind) if key in COMMON}
    required = [name, *(key for key in own.get("required", ()) if key != name)]
    return {**own, "properties": properties, "required": required}


def _shared(properties: Schema) -> Schema:
    """Definitions of the keys that all expectations share."""
    properties = {**properties, "same": _one_or_more(properties["same"])}
    properties["control"] = {
        "description": properties["control"]["description"],
        "allOf": [{"$ref": "#/$defs/Expectation"}],
    }
    return {f"key-{name}": part for name, part in properties.items()}


def _one_or_more(schema: Schema) -> Schema:
    """A list of texts, or a single text."""
    return {"description": schema.pop("description"), "anyOf": [schema, {"type": "string"}]}


def _lab_properties(properties: Schema) -> Schema:
    kept = {key: value for key, value in properties.items() if key not in _SET_BY_LOADER}
    kept["capabilities"] = {**kept["capabilities"], "items": {"enum": list(CAPABILITIES)}}
    return kept


def _with_templates(schema: Any, *, names: bool = False) -> Any:
    """The schema that also allows templates in place of scalars and lists, and whole numbers in place of text."""
    if isinstance(schema, list):
        return [_with_templates(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {
        key: _with_templates(value, names=key in ("properties", "$defs") and not names) for key, value in schema.items()
    }
    if names:
        return inner
    if {"pattern", "enum", "const", "format"} & set(inner) or inner.get("type") in _CLOSED:
        return _or_template(inner)
    if inner.get("type") == "string":
        return {**inner, "type": ["string", "integer"]}
    return _flat(inner)


def _or_template(schema: Schema) -> Schema:
    described = {key: schema.pop(key) for key in ("description",) if key in schema}
    return {**described, "anyOf": [schema, {"$ref": "#/$defs/template"}]}


def _flat(schema: Schema) -> Schema:
    """Nested alternatives as one list without duplicates."""
    if "anyOf" not in schema:
        return schema
    alternatives: list[Any] = []
    for entry in schema["anyOf"]:
        inner = entry["anyOf"] if set(entry) == {"anyOf"} else [entry]
        alternatives += [part for part in inner if part not in alternatives]
    return {**schema, "anyOf": alternatives}


def text() -> str:
    """The content of the schema's file."""
    return json.dumps(lab_schema(), indent=1, ensure_ascii=False) + "\n"


def write(path: Path = FILE) -> None:
    """Write the schema to a file."""
    path.write_text(text(), "utf-8")


if __name__ == "__main__":
    write()
