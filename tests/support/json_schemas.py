"""Whether a value fits a JSON Schema, without a library for it."""

from __future__ import annotations

import re
from typing import Any

TYPES: dict[str, Any] = {
    "string": str, "integer": int, "number": int | float, "boolean": bool, "array": list, "object": dict,
    "null": type(None),
}  # fmt: skip


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
