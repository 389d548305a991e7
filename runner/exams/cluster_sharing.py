"""Which questions of an exam share a cluster: those whose labs stay in namespaces, each in its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from rung.checks.cluster import ALL, common_resource
from rung.checks.core.registry import Expectation
from rung.checks.kubernetes.tools.references import reference
from rung.runner.lab import manifests
from rung.runner.lab.model import Lab

MAX_QUESTIONS = 6  # questions on one cluster: its network has room for that many machines `base`
_COMMON = {"namespace/default", "namespace/kube-system"}


@dataclass
class _Group:
    workers: int
    capabilities: frozenset[str]
    numbers: list[int] = field(default_factory=list)
    claims: set[str] = field(default_factory=set)


def shares(labs: Mapping[int, Lab]) -> dict[int, str]:
    """Question number -> the id of its shared cluster (`c1`, `c2`, ...), for questions that can share one."""
    groups: list[_Group] = []
    for number, lab in sorted(labs.items()):
        if lab.cluster is None or lab.cluster.scope != "namespace" or lab.reboot or _checks_whole_cluster(lab):
            continue
        claimed, wanted = claims(lab), frozenset(lab.capabilities)
        group = next((g for g in groups if _fits(g, lab.cluster.workers, wanted, claimed)), None)
        if group is None:
            group = _Group(lab.cluster.workers, wanted)
            groups.append(group)
        group.numbers.append(number)
        group.claims |= claimed
    sharing = [group for group in groups if len(group.numbers) > 1]
    return {number: f"c{place}" for place, group in enumerate(sharing, 1) for number in group.numbers}


def _checks_whole_cluster(lab: Lab) -> bool:
    """Whether a lab's checks look at the whole cluster, so that other labs on it would disturb them."""
    python = lab.folder / "checks.py"
    asks_all = python.is_file() and re.search(r"\bALL\b", python.read_text("utf-8")) is not None
    return asks_all or f"namespace/{ALL}" in claims(lab)


def _fits(group: _Group, workers: int, capabilities: frozenset[str], claimed: set[str]) -> bool:
    same_shape = (group.workers, group.capabilities) == (workers, capabilities)
    return same_shape and len(group.numbers) < MAX_QUESTIONS and not group.claims & claimed


def claims(lab: Lab) -> set[str]:
    """The cluster-wide names that a lab uses, as `kind/name`: namespaces, and objects that belong to no namespace."""
    assert lab.cluster is not None
    mentioned = [*manifests.read(lab.folder, lab.values), *(p for task in lab.tasks for p in _partials(task.expect))]
    found = {f"namespace/{lab.cluster.namespace}"}
    for partial in mentioned:
        try:
            mentioned_object = reference(partial)
        except ValueError:
            continue
        known = common_resource(mentioned_object.kind, mentioned_object.api_version)
        if known is not None and not known.namespaced:
            found.add(f"{known.singular}/{mentioned_object.name}")
        found |= {f"namespace/{mentioned_object.namespace}"} if mentioned_object.namespace else set()
    return found - _COMMON


def _partials(entries: Iterable[Expectation]) -> Iterator[Mapping[str, Any]]:
    """The partial manifests in expectations."""
    for entry in entries:
        data = entry.model_dump(by_alias=True)
        yield from (data[key] for key in ("resource", "absent") if isinstance(data.get(key), dict))
        if isinstance(data.get("namespace"), str) and data["namespace"]:
            yield {"kind": "Namespace", "name": data["namespace"]}
