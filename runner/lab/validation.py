"""Validates data with pydantic, and turns its errors into sentences with places."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from rung.runner.core.text import did_you_mean, either, found
from rung.runner.lab.yaml_tree import Document, Where

M = TypeVar("M", bound=BaseModel)


class Hole:
    """Takes the place of a value that is missing because of a mistake that is already noted."""


HOLE = Hole()

_SHAPES = {
    r"^[a-z][a-z0-9-]{0,39}$": "lower-case letters, digits and `-`, first a letter, at most 40",
    r"^[a-z_][a-z0-9_.-]{0,31}$": "a user's name",
    r"^[a-z][a-z0-9-]{0,31}$": "lower-case letters, digits and `-`, first a letter, at most 32",
}
_TYPES = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
}
_BOUNDS = {
    "greater_than_equal": ("at least", "ge"),
    "greater_than": ("more than", "gt"),
    "less_than_equal": ("at most", "le"),
    "less_than": ("less than", "lt"),
}


def validated(model: type[M], data: Any, document: Document, where: Where) -> M | None:
    """`data` (from `where` in the document) as a model, or None with its mistakes noted."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        errors = error.errors()
        if _numbers_as_text(data, errors):
            return validated(model, data, document, where)
        for path, group in _grouped(data, errors).items():
            _note(model, document, where, path, group)
        return None


def _numbers_as_text(data: Any, errors: list[Any]) -> bool:
    """Turn whole numbers into text in `data` where a model wants text (`{{ port }}`, `mode: 640`); True if it did."""
    changed = False
    for error in errors:
        if error["type"] == "string_type" and type(error["input"]) is int:
            path = _existing(data, error["loc"])
            holder = _at(data, path[:-1])
            last: Any = path[-1] if path else None
            if _has(holder, last) and holder[last] is error["input"]:
                holder[last] = str(error["input"])
                changed = True
    return changed


def _has(holder: Any, step: Any) -> bool:
    if isinstance(holder, dict):
        return step in holder
    return isinstance(holder, list) and isinstance(step, int) and 0 <= step < len(holder)


def _existing(data: Any, loc: tuple[Any, ...]) -> Where:
    """The steps of pydantic's path that exist in the data; others name branches of unions."""
    path: list[Any] = []
    for step in loc:
        if _has(data, step):
            data = data[step]
            path.append(step)
    return tuple(path)


def _at(data: Any, loc: tuple[Any, ...]) -> Any:
    for step in _existing(data, loc):
        data = data[step]
    return data


def _grouped(data: Any, errors: list[Any]) -> dict[Where, list[Any]]:
    """The errors of each place; errors of all branches of a union share one place."""
    groups: dict[Where, list[Any]] = {}
    for error in errors:
        if not isinstance(error["input"], Hole):
            missing = (error["loc"][-1],) if error["type"] == "missing" else ()
            groups.setdefault(_existing(data, error["loc"]) + missing, []).append(error)
    return groups


def _note(model: type[BaseModel], document: Document, where: Where, path: Where, group: list[Any]) -> None:
    error = group[0]
    at = (*where, *path)
    name = next((str(step) for step in reversed(path) if isinstance(step, str)), "")
    if error["type"] == "extra_forbidden":
        sentence = f"unknown key `{name}`{document.meant(name, _keys_at(model, path[:-1]))}"
        document.mistake(at, sentence, key=True)
    elif error["type"] == "missing":
        document.mistake(at, f"`{name}` is missing")
    else:
        sentence = _either(group)
        document.mistake(at, f"`{name}`: {sentence}" if name else sentence)


def _either(group: list[Any]) -> str:
    """The sentence for the errors of one place; it names all types that are allowed there."""
    types = list(dict.fromkeys(_TYPES[error["type"]] for error in group if error["type"] in _TYPES))
    if len(group) > 1 and types:
        return f"expected {either(types)}, found {found(group[0]['input'])}"
    return explain(group[0])


def explain(error: Any) -> str:
    """One of pydantic's errors in plain words: expected what, found what."""
    kind, context, value = error["type"], error.get("ctx", {}), error["input"]
    if kind in _TYPES:
        return f"expected {_TYPES[kind]}, found {found(value)}"
    if kind in _BOUNDS:
        word, key = _BOUNDS[kind]
        return f"expected {word} {context[key]:g}, found {found(value)}"
    if kind == "literal_error":
        words = [word.strip("'") for word in context["expected"].replace(" or ", ", ").split(", ")]
        return f"expected {either(words)}, found {found(value)}{did_you_mean(str(value), words)}"
    if kind == "string_pattern_mismatch":
        return f"expected {_SHAPES.get(context['pattern'], context['pattern'])}, found {found(value)}"
    if kind in ("string_too_short", "too_short"):
        return "must not be empty"
    if kind == "value_error":
        return str(context["error"])
    message = str(error["msg"])
    return message[:1].lower() + message[1:]


def keys(model: Any) -> list[str]:
    """The keys that a model reads."""
    fields: dict[str, Any] = getattr(model, "model_fields", {})
    return [field.alias or name for name, field in fields.items()]


def _keys_at(model: Any, path: Where) -> list[str]:
    """The keys of the model at a place below `model`."""
    for step in path:
        if isinstance(step, str) and step in getattr(model, "model_fields", {}):
            model = _model_in(model.model_fields[step].annotation) or model
    return keys(model)


def _model_in(annotation: Any) -> Any:
    """The model inside an annotation such as `list[Task]` or `Cluster | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner = (_model_in(part) for part in getattr(annotation, "__args__", ()))
    return next((model for model in inner if model is not None), None)
