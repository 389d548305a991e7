"""Reads the expectations of a lab file: one key of each mapping names its kind."""

from __future__ import annotations

from typing import Any

from rung.checks.core.registry import COMMON, Expectation
from rung.checks.kinds import Kinds, load_kinds
from rung.runner.core.text import found
from rung.runner.lab.validation import Hole, keys, validated
from rung.runner.lab.yaml_tree import Document, Where

# Keys that a control may not have -> why.
_NOT_IN_CONTROLS = {
    "points": "which is not scored",
    "holds": "which is not scored",
    "when": "which is checked whenever its expectation is",
    "same": "which is not compared with the start",
    "control": "which is one itself",
}


def expectations(data: Any, document: Document, where: Where) -> list[Expectation] | Hole:
    """The expectations of a list; those with mistakes are left out, and their mistakes noted."""
    if isinstance(data, Hole):
        return data
    if not isinstance(data, list):
        document.mistake(where, f"`{where[-1]}`: expected a list, found {found(data)}")
        return []
    entries: dict[str, Expectation] = {}
    for number, fields in enumerate(data):
        entry = expectation(fields, document, (*where, number))
        if entry is not None:
            _add(entries, entry, document, (*where, number))
    return list(entries.values())


def _add(entries: dict[str, Expectation], entry: Expectation, document: Document, where: Where) -> None:
    """Add an expectation; an id that is used already is a mistake (the default id is the kind)."""
    name = entry.id or entry.kind
    if name in entries:
        what = "is used twice here" if entry.id else "is the default of two expectations here: give this one an `id`"
        document.mistake((*where, "id"), f"the id `{name}` {what}", key=True)
    entries[name if name not in entries else f"{name} {len(entries)}"] = entry


def expectation(data: Any, document: Document, where: Where) -> Expectation | None:
    """One expectation, or None if it has mistakes, which are noted."""
    if isinstance(data, Hole):
        return None
    if not isinstance(data, dict):
        document.mistake(where, f"expected a mapping such as `user: alice`, found {found(data)}")
        return None
    kind = _kind(data, document, where, load_kinds())
    if kind is None:
        return None
    fields = dict(data)
    if fields.get("control") is not None:
        fields["control"] = _control(fields["control"], document, (*where, "control"))
    entry = validated(kind, fields, document, where)
    if entry is not None:
        _check_identity(entry, document, where)
    return entry


def _control(data: Any, document: Document, where: Where) -> Expectation | None:
    """The positive control of an expectation, which is checked but not scored."""
    for key in _NOT_IN_CONTROLS if isinstance(data, dict) else ():
        if key in data:
            document.mistake((*where, key), f"`{key}` has no meaning in a `control`, {_NOT_IN_CONTROLS[key]}", key=True)
    return expectation(data, document, where)


def _kind(data: dict[str, Any], document: Document, where: Where, kinds: Kinds) -> type[Expectation] | None:
    """The kind that one key names; other keys that name kinds must be its options (`service: x, user: y`)."""
    named = [key for key in data if key in kinds]
    for key in named:
        if all(other in keys(kinds[key]) for other in named):
            return kinds[key]
    if named:
        document.mistake((*where, named[1]), _two_kinds(named, kinds), key=True)
        return None
    document.mistake(where, "this expectation names no kind" + _nearest(data, kinds, document))
    return None


def _two_kinds(named: list[str], kinds: Kinds) -> str:
    other = next(key for key in named[1:] if key not in keys(kinds[named[0]]))
    return f"`{named[0]}` and `{other}` are two kinds: make two expectations of them"


def _nearest(data: dict[str, Any], kinds: Kinds, document: Document) -> str:
    for key in data:
        meant = document.meant(key, kinds) if key not in COMMON else ""
        if meant:
            return f": unknown key `{key}`{meant}"
    unknown = [key for key in data if key not in COMMON]
    return f": unknown key `{unknown[0]}`" if unknown else ""


def _check_identity(entry: Expectation, document: Document, where: Where) -> None:
    for number, name in enumerate(entry.same):
        if name not in entry.identity:
            known = ", ".join(entry.identity) or "none"
            sentence = f"`same`: unknown fact `{name}` of kind {entry.kind} (known: {known})"
            document.mistake((*where, "same", number), sentence + document.meant(name, entry.identity))
