"""Kind `node`: a node's state, its labels and taints, and the configuration of its running kubelet."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from rung.checks.cluster import ApiRefused, Cluster, Object
from rung.checks.core.match import differences, short_json
from rung.checks.core.registry import CheckContext, Expectation, expected, kind
from rung.checks.from_pod import required_cluster
from rung.checks.kubernetes.tools.manifest_match import ManifestRules
from rung.checks.kubernetes.tools.readiness import unready_reasons
from rung.checks.kubernetes.tools.scheduling import taint_text
from rung.checks.linux.tools.reasons import listed

_TAINT = re.compile(r"([^=:\s]+)(?:=([^=:\s]*))?(?::(NoSchedule|PreferNoSchedule|NoExecute))?")
_UNITS = {"h": Decimal(3600), "m": Decimal(60), "s": Decimal(1), "ms": Decimal("1e-3"), "us": Decimal("1e-6")}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(h|ms|us|m|s)")


def _taint(text: str) -> str:
    if not _TAINT.fullmatch(text):
        raise ValueError(f"expected a taint such as key=value:NoSchedule, found {text!r}")
    return text


Taint = Annotated[str, AfterValidator(_taint)]


@kind("node")
class Node(Expectation):
    """A node of the cluster, or every node (`*`)."""

    node: str = Field(min_length=1, description="Its name; `*` for every node.")
    ready: bool | None = Field(
        True, description="Whether its kubelet reports that it is ready, and still does; null: not asked."
    )
    schedulable: bool | None = Field(None, description="false: it is cordoned.")
    labels: dict[str, str | None] = Field(default_factory=dict, description="Labels that it has; null: has not.")
    taints: list[Taint] = Field(default_factory=list, description="Taints that it has: key=value:Effect, key:Effect.")
    no_taints: list[Taint] = Field(
        default_factory=list, description="Taints that it has not: key, key:Effect or key=value:Effect."
    )
    kubelet: dict[str, Any] = Field(
        default_factory=dict, description="A part of its kubelet's configuration (KubeletConfiguration), as it runs."
    )
    at_least: int = Field(1, ge=1, description="How many nodes there are at least, for `*`.")

    def reasons(self, context: CheckContext) -> Iterator[str]:
        cluster = required_cluster(context)
        nodes = self._nodes(cluster)
        if self.node == "*" and len(nodes) < self.at_least:
            yield expected("nodes", f"at least {self.at_least}", listed(n["metadata"]["name"] for n in nodes))
        elif not nodes:
            yield expected(f"node/{self.node}", "to exist", "none")
        for node in nodes:
            for reason in self._differences(context, cluster, node):
                yield f"node/{node['metadata']['name']}: {reason}"

    def _nodes(self, cluster: Cluster) -> list[Object]:
        if self.node == "*":
            return cluster.list("nodes")
        found = cluster.get("nodes", self.node)
        return [found] if found else []

    def _differences(self, context: CheckContext, cluster: Cluster, node: Object) -> Iterator[str]:
        yield from self._state(context, cluster, node)
        labels = node["metadata"].get("labels") or {}
        for key, wanted in self.labels.items():
            if labels.get(key) != wanted:
                yield expected(f"label {key}", "none" if wanted is None else wanted, labels.get(key, "none"))
        yield from self._taints(node["spec"].get("taints") or [])
        if self.kubelet:
            yield from _kubelet_reasons(cluster, node["metadata"]["name"], self.kubelet)

    def _state(self, context: CheckContext, cluster: Cluster, node: Object) -> Iterator[str]:
        unready = list(unready_reasons(context, cluster, node)) if self.ready is not None else []
        if self.ready:
            yield from unready
        elif self.ready is False and not unready:
            yield expected("state", "not ready", "ready")
        cordoned = bool(node["spec"].get("unschedulable"))
        if self.schedulable is not None and self.schedulable == cordoned:
            yield expected("state", *_wanted_and_found(self.schedulable))

    def _taints(self, found: list[dict[str, Any]]) -> Iterator[str]:
        shown = listed(taint_text(taint) for taint in found)
        for wanted in self.taints:
            if not any(_matches_taint(wanted, taint) for taint in found):
                yield expected("taints", wanted, shown)
        for unwanted in self.no_taints:
            for taint in found:
                if _matches_taint(unwanted, taint):
                    yield expected("taints", f"no {unwanted}", taint_text(taint))

    def sentence(self) -> str:
        what = {True: ["ready"], False: ["not ready"], None: []}[self.ready]
        what += [] if self.schedulable is None else [("not " if self.schedulable else "") + "cordoned"]
        what += [f"labelled {k}={v}" if v is not None else f"not labelled {k}" for k, v in self.labels.items()]
        what += [f"tainted {taint}" for taint in self.taints] + [f"not tainted {taint}" for taint in self.no_taints]
        what += ["configured as the task says"] if self.kubelet else []
        return f"{'Every node' if self.node == '*' else f'Node {self.node}'} is {', '.join(what) or 'there'}"

    def names(self) -> Iterable[str]:
        keys = [word for key, value in self.labels.items() for word in (key, value)]
        return [word for word in ([] if self.node == "*" else [self.node, *keys]) if word]


def _matches_taint(wanted: str, taint: dict[str, Any]) -> bool:
    form = _TAINT.fullmatch(wanted)
    assert form is not None
    key, value, effect = form.groups()
    return taint["key"] == key and value in (None, taint.get("value", "")) and effect in (None, taint["effect"])


def _wanted_and_found(schedulable: bool) -> tuple[str, str]:
    return ("schedulable", "cordoned") if schedulable else ("cordoned", "schedulable")


def _kubelet_reasons(cluster: Cluster, name: str, partial: dict[str, Any]) -> Iterator[str]:
    """The differences between the wanted part and the configuration that the running kubelet reports."""
    try:
        found = cluster.raw("GET", f"/api/v1/nodes/{name}/proxy/configz").json()["kubeletconfig"]
    except ApiRefused as refused:
        yield expected("kubelet", f"{short_json(partial)} in its configuration", f"no answer ({refused.message})")
        return
    for difference in differences(partial, found, "kubelet", KubeletRules()):
        yield str(difference)


class KubeletRules(ManifestRules):
    """Equality of values in a kubelet's configuration: durations compare by value, so `1m0s` is `60s`."""

    def same(self, expected: Any, actual: Any, path: str) -> bool:
        first = duration_seconds(expected)
        return super().same(expected, actual, path) or (first is not None and first == duration_seconds(actual))


def duration_seconds(text: Any) -> Decimal | None:
    """The seconds of a duration as Go writes it (`1h2m3.5s`), or None if it is no duration."""
    if not isinstance(text, str) or not re.fullmatch(rf"({_DURATION.pattern})+", text):
        return None
    return sum((Decimal(number) * _UNITS[unit] for number, unit in _DURATION.findall(text)), Decimal(0))
