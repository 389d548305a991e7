"""Label selectors: as objects (`matchLabels`, `matchExpressions`) and as text (`a=b,c in (x,y),!d`)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Labels = Mapping[str, str]
_KEY = r"[A-Za-z0-9](?:[A-Za-z0-9_./-]*[A-Za-z0-9])?"
_VALUE = r"(?:[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?)?"
_SET = re.compile(rf"({_KEY})\s+(in|notin)\s+\(([^()]*)\)")
_EQUAL = re.compile(rf"({_KEY})\s*(==?|!=)\s*({_VALUE})")
_EXISTS = re.compile(rf"(!?)\s*({_KEY})")
_COMMAS = re.compile(r",(?![^()]*\))")  # not inside parentheses


@dataclass(frozen=True)
class Requirement:
    """One condition on labels."""

    key: str
    operator: str  # In, NotIn, Exists, DoesNotExist
    values: tuple[str, ...] = ()

    def holds(self, labels: Labels) -> bool:
        """Whether the labels meet the condition. NotIn also holds if the label is missing."""
        if self.operator == "In":
            return labels.get(self.key) in self.values
        if self.operator == "NotIn":
            return labels.get(self.key) not in self.values
        return (self.key in labels) == (self.operator == "Exists")

    def __str__(self) -> str:
        if self.operator in ("Exists", "DoesNotExist"):
            return self.key if self.operator == "Exists" else f"!{self.key}"
        if len(self.values) == 1:
            return f"{self.key}{'=' if self.operator == 'In' else '!='}{self.values[0]}"
        return f"{self.key} {self.operator.lower()} ({','.join(self.values)})"


@dataclass(frozen=True)
class Selector:
    """Conditions that must all hold; a selector without conditions selects everything."""

    requirements: tuple[Requirement, ...] = ()

    def selects(self, labels: Labels | None) -> bool:
        """Whether an object with these labels is selected."""
        return all(requirement.holds(labels or {}) for requirement in self.requirements)

    def __str__(self) -> str:
        return ",".join(str(requirement) for requirement in self.requirements)


def selector(source: str | Mapping[str, Any] | None) -> Selector:
    """A selector from kubectl's text, from an API object's selector, or from a plain mapping of labels.

    None (no selector) becomes the empty selector; fields where it means "selects nothing" are the caller's to handle.
    Raises ValueError with what is wrong in the selector.
    """
    if source is None:
        return Selector()
    if isinstance(source, str):
        return Selector(tuple(_requirement(part.strip()) for part in _COMMAS.split(source) if part.strip()))
    if source.keys() <= {"matchLabels", "matchExpressions"}:
        equal = [Requirement(key, "In", (str(value),)) for key, value in (source.get("matchLabels") or {}).items()]
        return Selector((*equal, *map(_expression, source.get("matchExpressions") or ())))
    return Selector(tuple(Requirement(key, "In", (_label_value(value),)) for key, value in source.items()))


def selector_text(source: str | Mapping[str, Any] | None) -> str:
    """A selector as the API takes it in a query. Raises ValueError as `selector` does."""
    return str(selector(source))


def _label_value(value: Any) -> str:
    if isinstance(value, Mapping | list):
        raise ValueError(f"expected the value of a label, found {value!r}")
    return str(value).lower() if isinstance(value, bool) else str(value)


def _expression(entry: Mapping[str, Any]) -> Requirement:
    operator, values = entry.get("operator"), tuple(str(value) for value in entry.get("values") or ())
    if operator not in ("In", "NotIn", "Exists", "DoesNotExist"):
        raise ValueError(f"expected the operator In, NotIn, Exists or DoesNotExist, found {operator!r}")
    if (operator in ("In", "NotIn")) != bool(values):
        raise ValueError(f"{operator} and {len(values)} values do not go together")
    return Requirement(entry["key"], operator, values)


def _requirement(text: str) -> Requirement:
    if match := _SET.fullmatch(text):
        values = tuple(value.strip() for value in match[3].split(","))
        if all(re.fullmatch(_VALUE, value) for value in values):
            return Requirement(match[1], "In" if match[2] == "in" else "NotIn", values)
    if match := _EQUAL.fullmatch(text):
        return Requirement(match[1], "NotIn" if match[2] == "!=" else "In", (match[3],))
    if match := _EXISTS.fullmatch(text):
        return Requirement(match[2], "DoesNotExist" if match[1] else "Exists")
    raise ValueError(f"`{text}` is no condition on labels (a=b, a!=b, a in (b,c), a notin (b,c), a, !a)")
