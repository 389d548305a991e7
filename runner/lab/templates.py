"""Fills in templates in YAML scalars, which hold expressions over the drawn values and nothing else.

Jinja2's sandbox protects the internals of Python, but limits neither memory nor time. So only a small part of the
language is allowed: no loops, no calls, only the filters below; and operators that can make something large are
limited.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from rung.runner.core.text import did_you_mean

LONGEST_TEMPLATE = 16_384  # characters, as the two below
LONGEST_TEXT = 10_000  # of an intermediate value
LONGEST_RESULT = 65_536
MARKS = ("{{", "{%")

_NAME = re.compile(r"\{\{ *([a-z][a-z0-9_]*) *\}\}")


class TemplateMistake(Exception):
    """A mistake in a template; `undefined` is the name that does not exist, if that is the mistake."""

    def __init__(self, sentence: str, undefined: str = "") -> None:
        super().__init__(sentence)
        self.undefined = undefined


def is_template(text: str) -> bool:
    """Whether a text holds a template."""
    return "{" in text and any(mark in text for mark in MARKS)


def render(text: str, values: Mapping[str, Any]) -> Any:
    """Fill in a template; a template that is a single expression gives the value itself, with its type.

    Raises TemplateMistake for anything wrong with it.
    """
    if len(text) > LONGEST_TEMPLATE:
        raise TemplateMistake(f"this template is longer than {LONGEST_TEMPLATE} characters")
    if _only_names(text, values):
        return _limited(_fill(text, values))
    import jinja2

    try:
        return _limited(_render(text, values))
    except TemplateMistake:
        raise
    except jinja2.UndefinedError as error:
        raise TemplateMistake(f"in the template: {error.message}", _quoted(str(error.message))) from None
    except jinja2.TemplateError as error:
        raise TemplateMistake(f"in the template: {error.message}") from None
    except RecursionError:
        raise TemplateMistake("in the template: nested too deeply") from None
    except Exception as error:  # any error of an expression is the author's mistake
        raise TemplateMistake(f"in the template: {str(error)[:200] or type(error).__name__}") from None


def _only_names(text: str, values: Mapping[str, Any]) -> bool:
    """Whether a template holds only text and `{{ name }}`, which need no Jinja2."""
    names = _NAME.findall(text)
    return "{%" not in text and text.count("{{") == text.count("}}") == len(names) and set(names) <= set(values)


def _fill(text: str, values: Mapping[str, Any]) -> Any:
    whole = _NAME.fullmatch(text.strip(" "))  # with a line end it is text
    return values[whole[1]] if whole else _NAME.sub(lambda match: str(_finalize(values[match[1]])), text)


def count(text: str) -> int:
    """An upper bound of the number of expressions and statements in a text."""
    return sum(text.count(mark) for mark in MARKS)


def _quoted(message: str) -> str:
    return message.split("'")[1] if message.endswith("is undefined") else ""


def _render(text: str, values: Mapping[str, Any]) -> Any:
    env = _environment()
    tree = env.parse(text)
    _check_nodes(tree)
    from jinja2 import nodes

    outputs = tree.body[0].nodes if len(tree.body) == 1 and isinstance(tree.body[0], nodes.Output) else []
    if len(outputs) == 1 and not isinstance(outputs[0], nodes.TemplateData) and text.strip(" ").endswith("}}"):
        expression = text.strip(" ")[2:-2]
        expression = expression[1:] if expression[:1] in "+-" else expression
        expression = expression[:-1] if expression[-1:] in "+-" else expression
        return _plain(env.compile_expression(expression, undefined_to_none=False)(values))
    return env.from_string(text).render(values)


def _check_nodes(tree: Any) -> None:
    from jinja2 import nodes

    known = (
        nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.List, nodes.Tuple,
        nodes.Getitem, nodes.Slice, nodes.Filter, nodes.Test, nodes.CondExpr, nodes.Compare, nodes.Operand,
        nodes.BinExpr, nodes.UnaryExpr, nodes.If,
    )  # fmt: skip
    for node in tree.find_all(nodes.Node):
        if not isinstance(node, known):
            raise TemplateMistake(_refusal(node))
        if isinstance(node, nodes.Filter) and node.name not in FILTERS:
            raise TemplateMistake(f"in the template: unknown filter `{node.name}`{did_you_mean(node.name, FILTERS)}")


def _refusal(node: Any) -> str:
    word = {"Call": "calls", "Getattr": f"attributes (`.{getattr(node, 'attr', '')}`)", "For": "loops"}
    what = word.get(type(node).__name__, f"`{type(node).__name__.lower()}`")
    return f"in the template: {what} cannot be used here, only values, filters and operators"


def _plain(value: Any) -> Any:
    if hasattr(value, "_fail_with_undefined_error"):
        value._fail_with_undefined_error()
    if isinstance(value, tuple | list):
        return [_plain(entry) for entry in value]
    if value is not None and not isinstance(value, str | int | float | bool):
        raise TemplateMistake(f"in the template: expected text, a number or a list, found {type(value).__name__}")
    return value


def _limited(value: Any) -> Any:
    too_long = isinstance(value, str) and len(value) > LONGEST_RESULT
    if too_long or (isinstance(value, int) and abs(value) >= 10**18):
        raise TemplateMistake("in the template: the result is too large")
    if isinstance(value, list):
        if len(value) > LONGEST_TEXT:
            raise TemplateMistake("in the template: the result is too large")
        for entry in value:
            _limited(entry)
    return value


def _checked_size(value: Any) -> Any:
    """The value, if it is small enough for further operations; raises TemplateMistake otherwise."""
    if isinstance(value, str | list | tuple) and len(value) > LONGEST_TEXT:
        raise TemplateMistake("in the template: an intermediate value is too large")
    if isinstance(value, int) and abs(value) >= 10**18:
        raise TemplateMistake("in the template: an intermediate number is too large")
    return value


def _multiply(left: Any, right: Any) -> Any:
    if not all(isinstance(side, int | float) for side in (left, right)):
        raise TemplateMistake("in the template: only numbers can be multiplied")
    return left * right


def _power(left: Any, right: Any) -> Any:
    if not all(isinstance(side, int | float) for side in (left, right)) or abs(right) > 64 or abs(left) > 10**9:
        raise TemplateMistake("in the template: `**` is for small numbers only")
    return left**right


def _modulo(left: Any, right: Any) -> Any:
    if not isinstance(left, int | float):  # on text it would format, with any width
        raise TemplateMistake("in the template: `%` is for numbers only")
    return left % right


def _add(left: Any, right: Any) -> Any:
    return left + right


OPERATORS: dict[str, Callable[[Any, Any], Any]] = {"*": _multiply, "**": _power, "%": _modulo, "+": _add}


def _replace(text: Any, old: str, new: str) -> str:
    if not str(old):
        raise TemplateMistake("in the template: there is no text to replace")
    parts = str(text).split(str(old))
    if len(parts) * len(str(new)) > LONGEST_TEXT:
        raise TemplateMistake("in the template: an intermediate value is too large")
    return str(new).join(parts)


def _join(value: Any, between: str = "") -> str:
    entries = [_string(entry) for entry in value]
    if len(entries) * len(str(between)) + sum(map(len, entries)) > LONGEST_TEXT:
        raise TemplateMistake("in the template: an intermediate value is too large")
    return str(between).join(entries)


def _string(value: Any) -> str:
    if isinstance(value, list | tuple):  # repeated quoting would double its backslashes each time
        raise TemplateMistake("in the template: a list becomes text by `join` only")
    return str(value)


FILTERS: dict[str, Callable[..., Any]] = {
    "abs": abs,
    "capitalize": lambda value: _string(value).capitalize(),
    "first": lambda value: value[0],
    "int": int,
    "join": _join,
    "last": lambda value: value[-1],
    "length": len,
    "lower": lambda value: _string(value).lower(),
    "max": max,
    "min": min,
    "replace": _replace,
    "reverse": lambda value: value[::-1],
    "round": round,
    "sort": sorted,
    "string": _string,
    "sum": sum,
    "title": lambda value: _string(value).title(),
    "trim": lambda value: _string(value).strip(),
    "upper": lambda value: _string(value).upper(),
}


def _guarded(function: Callable[..., Any]) -> Callable[..., Any]:
    """The filter, which refuses undefined and too large arguments, and too large results."""

    def run(*args: Any, **options: Any) -> Any:
        for value in args:
            _checked_size(_plain(value))
        return _checked_size(function(*args, **options))

    return run


@lru_cache(maxsize=1)
def _environment() -> Any:
    import jinja2
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Environment(ImmutableSandboxedEnvironment):
        intercepted_binops = frozenset(OPERATORS)

        def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:  # noqa: ARG002
            return _checked_size(OPERATORS[operator](_plain(left), _plain(right)))

    # `{#` begins no comment, because shell texts such as `${#names[@]}` hold it.
    env = Environment(
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
        optimized=False,  # else the compiler tries filters of constants again and again
        finalize=_finalize,
        comment_start_string="\0#",
        comment_end_string="#\0",
    )
    env.globals.clear()
    env.filters = {name: _guarded(function) for name, function in FILTERS.items()}
    return env


def _finalize(value: Any) -> Any:
    value = _checked_size(_plain(value))
    if isinstance(value, list):
        return ", ".join(str(entry) for entry in value)
    return str(value).lower() if isinstance(value, bool) else value
