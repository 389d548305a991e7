"""Where the scheduler may place a pod: selectors, required affinity and taints, evaluated for one node.

A lab's checks.py can so judge a pod's specification for nodes that do not exist.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

Spec = Mapping[str, Any]
HARD_EFFECTS = ("NoSchedule", "NoExecute")  # effects of a taint that keep a pod off the node
_Operator = Callable[[str | None, Sequence[str]], bool]


def affinity_accepts(spec: Spec, name: str, labels: Mapping[str, str]) -> bool:
    """Whether a pod's nodeSelector and its required node affinity accept a node; `spec` is the pod's `spec`."""
    if any(labels.get(key) != value for key, value in (spec.get("nodeSelector") or {}).items()):
        return False
    affinity = (spec.get("affinity") or {}).get("nodeAffinity") or {}
    required = affinity.get("requiredDuringSchedulingIgnoredDuringExecution")
    return required is None or any(_term(term, name, labels) for term in required.get("nodeSelectorTerms") or ())


def untolerated_taints(spec: Spec, taints: Iterable[Spec]) -> list[str]:
    """The taints of a node, as `key=value:Effect`, that keep a pod off it because the pod does not tolerate them."""
    hard = [taint for taint in taints if taint["effect"] in HARD_EFFECTS]
    return [taint_text(taint) for taint in hard if not tolerates(spec, taint)]


def tolerates(spec: Spec, taint: Spec) -> bool:
    """Whether one of a pod's tolerations covers a taint."""
    return any(_covers(each, taint) for each in spec.get("tolerations") or ())


def _covers(toleration: Spec, taint: Spec) -> bool:
    if toleration.get("effect") and toleration["effect"] != taint["effect"]:
        return False
    exists = toleration.get("operator") == "Exists"
    if not toleration.get("key"):
        return exists
    same_value = (toleration.get("value") or "") == (taint.get("value") or "")
    return bool(toleration["key"] == taint["key"] and (exists or same_value))


def taint_text(taint: Spec) -> str:
    """A taint as kubectl writes it: `key=value:Effect`."""
    value = f"={taint['value']}" if taint.get("value") else ""
    return f"{taint['key']}{value}:{taint['effect']}"


def _term(term: Spec, name: str, labels: Mapping[str, str]) -> bool:
    """Whether a node meets one nodeSelectorTerm; an empty term matches no node."""
    expressions, fields = term.get("matchExpressions") or (), term.get("matchFields") or ()
    return bool(expressions or fields) and (
        all(_holds(each, labels) for each in expressions)
        and all(_holds(each, {"metadata.name": name}) for each in fields)
    )


def _holds(expression: Spec, labels: Mapping[str, str]) -> bool:
    operator = _OPERATORS.get(expression["operator"])
    return operator is not None and operator(labels.get(expression["key"]), expression.get("values") or ())


def _compared(found: str | None, values: Sequence[str], sign: int) -> bool:
    try:
        return found is not None and sign * (int(found) - int(values[0])) > 0
    except (ValueError, IndexError):
        return False


_OPERATORS: dict[str, _Operator] = {
    "In": lambda found, values: found in values,
    "NotIn": lambda found, values: found not in values,
    "Exists": lambda found, _: found is not None,
    "DoesNotExist": lambda found, _: found is None,
    "Gt": lambda found, values: _compared(found, values, 1),
    "Lt": lambda found, values: _compared(found, values, -1),
}
