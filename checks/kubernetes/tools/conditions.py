"""Conditions in an object's status."""

from collections.abc import Mapping
from typing import Any


def condition(thing: Mapping[str, Any], name: str) -> dict[str, Any] | None:
    """The condition of that type in an object's status; None where the object has none."""
    return next((c for c in thing.get("status", {}).get("conditions") or () if c.get("type") == name), None)


def condition_is_true(thing: Mapping[str, Any], name: str) -> bool:
    """Whether the condition of that type is True."""
    return (condition(thing, name) or {}).get("status") == "True"
