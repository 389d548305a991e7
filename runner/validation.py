"""pydantic's findings as sentences at their places."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from rung.runner.words import did_you_mean, either, found
from rung.runner.yamltree import Document, Where

M = TypeVar("M", bound=BaseModel)


class Hole:
    """Stands where a value is missing because of a mistake that is noted already."""


HOLE = Hole()

_SHAPES = {
    r"^[a-z][a-z0-9-]{0,39}$": "lower-case letters, digits and `-`, first a letter, at most 40",
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
        for at, group in _grouped(errors).items():
            _note(model, data, document, where, at, group)
        return None


def _numbers_as_text(data: Any, errors: list[Any]) -> bool:
    """Make text of whole numbers where text is wanted (`{{ port }}`, `mode: 640`); whether any was."""
    done = False
    for error in errors:
        if error["type"] == "string_type" and type(error["input"]) is int:
            *way, last = error["loc"] or (None,)
            holder = _at(data, tuple(way))
            if isinstance(holder, dict | list) and _has(holder, last) and holder[last] is error["input"]:
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


def _grouped(errors: list[Any]) -> dict[tuple[Any, ...], list[Any]]:
    """Errors by the path of their place; those of a union's branches come together."""
    groups: dict[tuple[Any, ...], list[Any]] = {}
    for error in errors:
        groups.setdefault(error["loc"], []).append(error)
    return groups


def _note(
    model: type[BaseModel], data: Any, document: Document, where: Where, loc: tuple[Any, ...], group: list[Any]
) -> None:
    error = group[0]
    if isinstance(error["input"], Hole):
        return
    real = _real(data, loc)
    name = next(
        (str(step) for step in reversed(loc) if isinstance(step, str) and (step in real or error["type"] == "missing")),
        "",
    )
    if error["type"] == "extra_forbidden":
        known = _fields(model, loc[:-1])
        sentence = f"unknown key `{loc[-1]}`{did_you_mean(str(loc[-1]), known)}"
        document.mistake((*where, *real), sentence, key=True)
        return
    if error["type"] == "missing":
        document.mistake((*where, *real), f"`{loc[-1]}` is missing")
        return
    sentence = explain(error)
    mistake = f"`{name}`: {sentence}" if name else sentence
    if not any(
        m.sentence == mistake for m in document.mistakes if (m.line, m.column) == document.place((*where, *real))
    ):
        document.mistake((*where, *real), mistake)


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


def _fields(model: Any, loc: tuple[Any, ...]) -> list[str]:
    """Names of the keys that the model at `loc` below `model` has."""
    for step in loc:
        if isinstance(step, str) and step in getattr(model, "model_fields", {}):
            model = _model_in(model.model_fields[step].annotation) or model
    return list(getattr(model, "model_fields", {}))


def _model_in(annotation: Any) -> Any:
    """The model inside an annotation such as `list[Task]` or `Cluster | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner = (_model_in(part) for part in getattr(annotation, "__args__", ()))
    return next((model for model in inner if model is not None), None)
