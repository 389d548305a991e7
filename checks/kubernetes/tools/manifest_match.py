"""When an object of the API contains a partial manifest: `match`, with the API's own idea of equal values."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from typing import Any

from rung.checks.core.match import Difference, Rules, differences
from rung.checks.core.match import same as same_value
from rung.checks.kubernetes.tools.quantities import equal

# Keys whose values are amounts, and keys that hold a mapping of them.
_AMOUNTS = {"sizeLimit", "averageValue", "divisor", "shmSize"}
_HOLDERS = {
    "requests", "limits", "capacity", "allocatable", "hard", "used", "overhead", "podFixed", "default",
    "defaultRequest", "max", "min", "maxLimitRequestRatio", "allocatedResources", "minResources",
}  # fmt: skip
_METRICS = {"target", "current"}  # in which `value` is an amount
_PORTS = {"port", "targetPort", "containerPort"}
_STEP = re.compile(r'\["((?:[^"\\]|\\.)*)"\]|\[[^\]]*\]|([^.\[]+)')


class Manifests(Rules):
    """A null may be missing, `500m` is `0.5`, `"80"` is `80`, and a port is the same by number and by name."""

    keys = ("name", "containerPort", "port", "mountPath", "key", "type", "ip", "topologyKey")

    def __init__(self, ports: Mapping[str, int] | None = None) -> None:
        self.ports = ports or {}

    def same(self, expected: Any, actual: Any, path: str) -> bool:
        if same_value(expected, actual) or _same_text(expected, actual):
            return True
        steps = [form[1] or form[2] for form in _STEP.finditer(path) if form[1] or form[2]]
        if _is_amount(steps) and equal(expected, actual):
            return True
        return bool(steps) and steps[-1] in _PORTS and self._number(expected) == self._number(actual)

    def dispensable(self, expected: Any) -> bool:
        return expected is None

    def place(self, entry: Any, number: int) -> str:
        names = [entry[key] for key in self.keys if key in entry] if isinstance(entry, dict) else []
        return str(names[0] if names else number)

    def meant(self, entry: Any, actual: list[Any], free: list[int]) -> int | None:
        number = super().meant(entry, actual, free)
        lone = number is None and len(actual) == len(free) == 1 and isinstance(entry, dict)
        return free[0] if lone and isinstance(actual[0], dict) and "name" not in entry else number

    def _number(self, port: Any) -> Any:
        return self.ports.get(port, port) if isinstance(port, str) else port


def _same_text(expected: Any, actual: Any) -> bool:
    """The API's types are fixed, so a number or a boolean for a text is only another spelling, and the reverse."""
    if isinstance(actual, str) and isinstance(expected, bool):
        return actual.lower() == str(expected).lower()
    if isinstance(actual, str) != isinstance(expected, str):
        plain = (str, int, float)
        return isinstance(actual, plain) and isinstance(expected, plain) and str(expected) == str(actual)
    return False


def _is_amount(steps: list[str]) -> bool:
    leaf, holder = (["", "", *steps])[-1], (["", "", *steps])[-2]
    return leaf in _AMOUNTS or holder in _HOLDERS or (leaf == "value" and holder in _METRICS)


def contained(partial: Any, actual: Any, path: str = "") -> list[Difference]:
    """What an object of the API lacks to contain a partial manifest."""
    return differences(partial, view(actual), path, Manifests(_ports(actual)))


def view(actual: Any) -> Any:
    """The object as it is compared: native sidecars among the containers, a Secret's data also as `stringData`."""
    if isinstance(actual, list):
        return [view(entry) for entry in actual]
    if not isinstance(actual, dict):
        return actual
    seen = {key: view(value) for key, value in actual.items()}
    sidecars = [c for c in _entries(actual, "initContainers") if c.get("restartPolicy") == "Always"]
    if sidecars and "containers" in seen:
        seen["containers"] = [*(seen["containers"] or ()), *sidecars]
    if actual.get("kind") == "Secret" and isinstance(actual.get("data"), dict):
        seen["stringData"] = {key: _decoded(value) for key, value in actual["data"].items()}
    return seen


def _decoded(text: Any) -> str:
    try:
        return base64.b64decode(str(text)).decode("utf-8", "replace")
    except ValueError:  # a manifest may hold anything; the API would refuse it
        return str(text)


def _ports(actual: Any) -> dict[str, int]:
    """Names of the ports that the containers declare, where a name means one number only."""
    found: dict[str, set[int]] = {}
    for container in _containers(actual):
        for port in _entries(container, "ports"):
            if "name" in port and "containerPort" in port:
                found.setdefault(port["name"], set()).add(port["containerPort"])
    return {name: next(iter(numbers)) for name, numbers in found.items() if len(numbers) == 1}


def _containers(actual: Any) -> Iterator[dict[str, Any]]:
    if isinstance(actual, dict):
        yield from _entries(actual, "containers")
        yield from _entries(actual, "initContainers")
        for value in actual.values():
            yield from _containers(value)


def _entries(holder: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """The mappings in a list that stands under `key`, if it does."""
    found = holder.get(key)
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []
