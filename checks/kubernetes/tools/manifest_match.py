"""Whether an object of the API contains a partial manifest: core/match.py with the API's own equality of values."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from typing import Any

from rung.checks.core.match import Difference, Rules, differences, json_equal
from rung.checks.kubernetes.tools.quantities import equal

# Keys whose values are amounts, and keys that hold a mapping of them.
_AMOUNTS = {"sizeLimit", "averageValue", "divisor", "shmSize"}
_AMOUNT_MAPPINGS = {
    "requests", "limits", "capacity", "allocatable", "hard", "used", "overhead", "podFixed", "default",
    "defaultRequest", "max", "min", "maxLimitRequestRatio", "allocatedResources", "minResources",
}  # fmt: skip
_METRICS = {"target", "current"}  # mappings whose `value` is an amount
_PORTS = {"port", "targetPort", "containerPort"}
_STEP = re.compile(r'\["((?:[^"\\]|\\.)*)"\]|\[[^\]]*\]|([^.\[]+)')


class ManifestRules(Rules):
    """A null may be missing, `500m` is `0.5`, `"80"` is `80`, and a port's name is its number.

    `ports` maps the names of the ports that the containers declare to their numbers.
    """

    keys = ("name", "containerPort", "port", "mountPath", "key", "type", "ip", "topologyKey")

    def __init__(self, ports: Mapping[str, int] | None = None) -> None:
        self.ports = ports or {}

    def same(self, expected: Any, actual: Any, path: str) -> bool:
        if json_equal(expected, actual) or _same_text(expected, actual):
            return True
        steps = [form[1] or form[2] for form in _STEP.finditer(path) if form[1] or form[2]]
        if _is_amount(steps) and equal(expected, actual):
            return True
        return bool(steps) and steps[-1] in _PORTS and self._number(expected) == self._number(actual)

    def may_be_missing(self, expected: Any) -> bool:
        return expected is None

    def label(self, entry: Any, number: int) -> str:
        names = [entry[key] for key in self.keys if key in entry] if isinstance(entry, dict) else []
        return str(names[0] if names else number)

    def counterpart(self, entry: Any, actual: list[Any], free: list[int]) -> int | None:
        number = super().counterpart(entry, actual, free)
        only_one = number is None and len(actual) == len(free) == 1 and isinstance(entry, dict)
        return free[0] if only_one and isinstance(actual[0], dict) and "name" not in entry else number

    def _number(self, port: Any) -> Any:
        return self.ports.get(port, port) if isinstance(port, str) else port


def _same_text(expected: Any, actual: Any) -> bool:
    """Whether a text and a number or boolean are the same: the API fixes the type, so only the spelling differs."""
    if isinstance(actual, str) and isinstance(expected, bool):
        return actual.lower() == str(expected).lower()
    if isinstance(actual, str) != isinstance(expected, str):
        plain = (str, int, float)
        return isinstance(actual, plain) and isinstance(expected, plain) and str(expected) == str(actual)
    return False


def _is_amount(steps: list[str]) -> bool:
    leaf, holder = (["", "", *steps])[-1], (["", "", *steps])[-2]
    return leaf in _AMOUNTS or holder in _AMOUNT_MAPPINGS or (leaf == "value" and holder in _METRICS)


def manifest_differences(partial: Any, actual: Any, path: str = "") -> list[Difference]:
    """The differences between a partial manifest and an object of the API; none if the object contains it.

    `path` is put before the paths of the differences.
    """
    return differences(partial, comparable_view(actual), path, ManifestRules(_ports(actual)))


def comparable_view(actual: Any) -> Any:
    """The object as it is compared: native sidecars among the containers, a Secret's data also as `stringData`."""
    if isinstance(actual, list):
        return [comparable_view(entry) for entry in actual]
    if not isinstance(actual, dict):
        return actual
    result = {key: comparable_view(value) for key, value in actual.items()}
    sidecars = [c for c in _entries(actual, "initContainers") if c.get("restartPolicy") == "Always"]
    if sidecars and "containers" in result:
        result["containers"] = [*(result["containers"] or ()), *sidecars]
    if actual.get("kind") == "Secret" and isinstance(actual.get("data"), dict):
        result["stringData"] = {key: _decoded(value) for key, value in actual["data"].items()}
    return result


def _decoded(text: Any) -> str:
    try:
        return base64.b64decode(str(text)).decode("utf-8", "replace")
    except ValueError:  # a manifest may hold what the API would refuse
        return str(text)


def _ports(actual: Any) -> dict[str, int]:
    """The numbers of the containers' named ports, without names that stand for several numbers."""
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
    """The mappings in the list under `key`; [] if there is no list."""
    found = holder.get(key)
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []
