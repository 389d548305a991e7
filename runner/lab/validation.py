"""pydantic's findings as sentences at their places."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from rung.runner.core.text import did_you_mean, either, found
from rung.runner.lab.yaml_tree import Document, Where

M = TypeVar("M", bound=BaseModel)


class Hole:
    """Stands where a value is missing because of a mistake that is noted already."""


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
        for real, group in _grouped(data, errors).items():
            _note(model, document, where, real, group)
        return None


def _numbers_as_text(data: Any, errors: list[Any]) -> bool:
    """Make text of whole numbers where text is wanted (`{{ port }}`, `mode: 640`); whether any was."""
    done = False
    for error in errors:
        if error["type"] == "string_type" and type(error["input"]) is int:
            way = _real(data, error["loc"])
            holder = _at(data, way[:-1])
            last: Any = way[-1] if way else None
            if _has(holder, last) and holder[last] is error["input"]:
                holder[last] = str(error["input"])
                done = True
    return done


def _has(holder: Any, step: Any) -> bool:
    if isinstance(holder, dict):
        return step in holder
    return isinstance(holder, list) and isinstance(step, int) and 0 <= step < len(holder)


def _real(data: Any, loc: tuple[Any, ...]) -> Where:
    """The part of pydantic's path that exists in the data (it also names branches of unions)."""
    way: list[Any] = []
    for step in loc:
        if _has(data, step):
            data = data[step]
            way.append(step)
    return tuple(way)


def _at(data: Any, loc: tuple[Any, ...]) -> Any:
    for step in _real(data, loc):
        data = data[step]
    return data


def _grouped(data: Any, errors: list[Any]) -> dict[Where, list[Any]]:
    """Errors by the place that they are about; those of a union's branches come together."""
    groups: dict[Where, list[Any]] = {}
    for error in errors:
        if not isinstance(error["input"], Hole):
            missing = (error["loc"][-1],) if error["type"] == "missing" else ()
            groups.setdefault(_real(data, error["loc"]) + missing, []).append(error)
    return groups


def _note(model: type[BaseModel], document: Document, where: Where, real: Where, group: list[Any]) -> None:
    error = group[0]
    at = (*where, *real)
    name = next((str(step) for step in reversed(real) if isinstance(step, str)), "")
    if error["type"] == "extra_forbidden":
        sentence = f"unknown key `{name}`{document.meant(name, _keys_at(model, real[:-1]))}"
        document.mistake(at, sentence, key=True)
    elif error["type"] == "missing":
        document.mistake(at, f"`{name}` is missing")
    else:
        sentence = _either(group)
        document.mistake(at, f"`{name}`: {sentence}" if name else sentence)


def _either(group: list[Any]) -> str:
    """The sentence of a place's errors; where several types are admitted, all of them."""
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


def _keys_at(model: Any, real: Where) -> list[str]:
    """The keys of the model at a place below `model`."""
    for step in real:
        if isinstance(step, str) and step in getattr(model, "model_fields", {}):
            model = _model_in(model.model_fields[step].annotation) or model
    return keys(model)


def _model_in(annotation: Any) -> Any:
    """The model inside an annotation such as `list[Task]` or `Cluster | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner = (_model_in(part) for part in getattr(annotation, "__args__", ()))
    return next((model for model in inner if model is not None), None)
