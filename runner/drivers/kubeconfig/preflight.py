"""Whether a lab can be done on a cluster of the user's: every reason why not, before anything is made.

A lab of scope `namespace` was proven on a cluster of Rung's own; what it takes for granted of that one (its nodes,
its StorageClass, the images rung/web and rung/box) is looked for in its files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from rung.checks.cluster import ApiRefused, Cluster, ClusterGone
from rung.checks.core.registry import Expectation
from rung.checks.kinds import LINUX
from rung.runner.drivers.kubeconfig.objects import namespaces_of, resource_of
from rung.runner.drivers.kubeconfig.route import Route
from rung.runner.images import workloads
from rung.runner.lab.model import Lab

_READ = ("lab.yaml", "setup.yaml", "setup.sh", "solution.sh", "checks.py")
_CLASS = re.compile(r"""storageClassName:\s*["']?standard\b|StorageClass `standard`""")
_USES = re.compile(r"\brung/(web|box)\b")
_ADDRESS = re.compile(r"\bhostname -[iI]\b")
_CLIENTS = re.compile(r"\bkubectl\s|\bhelm (install|upgrade)\b")
_HOST = re.compile(r"\bhosts?\b")
_LISTED = 50  # images that a kubelet tells of, the largest first, where nothing else is configured
_AT_BASE = ("kustomize",)  # kinds of clusters that ask a machine as well


@dataclass(frozen=True)
class ClusterNeeds:
    """What a lab wants of a cluster: itself, and the manifests that it begins with."""

    lab: Lab
    manifests: Sequence[Mapping[str, Any]]

    @cached_property
    def texts(self) -> dict[str, str]:
        """Its files as they are, by name; those that are not there are empty."""
        paths = {name: self.lab.folder / name for name in _READ}
        return {name: path.read_text("utf-8") if path.is_file() else "" for name, path in paths.items()}

    @property
    def text(self) -> str:
        return "\n".join(self.texts.values())

    @property
    def images(self) -> list[str]:
        """The images that it may deploy, as nodes have to know them."""
        used = set(_USES.findall(self.text))
        return [name for name in workloads.names() if name.split(":")[0].removeprefix("rung/") in used]

    def asked(self) -> Iterator[tuple[str, Expectation]]:
        """Every expectation, with the machine that it is asked of."""
        lab = self.lab
        listed = [(lab.first, e) for e in lab.start]
        listed += [(task.on or lab.first, e) for task in lab.tasks for e in task.expect]
        for machine, expectation in listed:
            yield expectation.on or machine, expectation
            if expectation.control is not None:
                yield expectation.control.on or machine, expectation.control


def about_nodes(wish: ClusterNeeds) -> Iterator[str]:
    """Why the lab is for a cluster whose nodes are Rung's, as far as its files tell."""
    lab = wish.lab
    assert lab.cluster is not None
    if lab.cluster.scope == "cluster":
        yield "it may change the cluster itself (scope: cluster)"
    if lab.rebooted():
        yield "it restarts nodes"
    if lab.cluster.workers:
        yield f"it is about the nodes {', '.join(lab.cluster.nodes)}"
    elif any(machine in lab.cluster.nodes for machine, _ in wish.asked()) or re.search(
        rf"\b({'|'.join(lab.cluster.nodes)})\b", wish.text
    ):
        yield f"it is about the node {lab.cluster.nodes[0]}"


def about_namespaces(wish: ClusterNeeds, api: Cluster) -> Iterator[str]:
    """Which namespaces that are not its own it works in."""
    assert wish.lab.cluster is not None
    own = namespaces_of(wish.manifests)
    if wish.lab.cluster.namespace == "default":
        yield "it works in the namespace default, which is not the lab's own"
    for manifest in wish.manifests:
        resource = resource_of(api, manifest)
        namespace = manifest["metadata"].get("namespace") or "default"
        if resource is not None and resource.namespaced and namespace not in own:
            name = manifest["metadata"].get("name")
            yield f"it puts {resource.singular}/{name} into the namespace {namespace}, which is not the lab's own"


def about_cluster(wish: ClusterNeeds, api: Cluster, way: Route) -> Iterator[str]:
    """What it needs that the cluster does not have."""
    if "metrics" in wish.lab.capabilities and not _serves_metrics(api):
        yield "it needs metrics, and the cluster serves none"
    if _CLASS.search(wish.text) and (classes := _classes(api)) is not None:
        yield f"it needs a StorageClass standard, and the cluster has {classes}"
    if _ADDRESS.search(wish.texts["setup.sh"]) and way.network is None:
        yield "its pods have to reach the machine base, which is on no network of the cluster's nodes"


def lacking_images(wish: ClusterNeeds, nodes: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Which of its images are missing, and on which node where pods may run.

    A kubelet tells only of its largest images; where that may be why one is missing, nothing is said.
    """
    for node in nodes:
        listed = node.get("status", {}).get("images") or []
        have = {name for image in listed for name in image.get("names") or ()}
        missing = [i for i in wish.images if not any(name == i or name.endswith(f"/{i}") for name in have)]
        if missing and len(listed) < _LISTED and _takes_pods(node):
            yield f"the node {node['metadata']['name']} lacks the images {', '.join(missing)}"


def lacking_rights(wish: ClusterNeeds, api: Cluster) -> list[str]:
    """What the user may not do there, of what is done for the lab (`create namespaces`)."""
    wanted = {("create", "", "namespaces"), ("delete", "", "namespaces")}
    for manifest in wish.manifests:
        if (resource := resource_of(api, manifest)) is not None:
            wanted.add(("create", resource.group, resource.plural))
            if not resource.namespaced:
                wanted.add(("delete", resource.group, resource.plural))
    if any(e.kind == "can_i" for _, e in wish.asked()):
        wanted.add(("create", "authorization.k8s.io", "subjectaccessreviews"))
    return [f"{verb} {plural}" for verb, group, plural in sorted(wanted) if not _may(api, verb, group, plural)]


def needs_answer(wish: ClusterNeeds) -> str | None:
    """Why the lab cannot be done without the cluster being reached from `base`; None where it can."""
    if _CLIENTS.search(wish.texts["setup.sh"]):
        return "its setup.sh asks the cluster from there"
    if any(_asks_machine(expectation) for _, expectation in wish.asked()):
        return "its checks look at what is done there"
    if _HOST.search(wish.texts["checks.py"]):
        return "its checks.py asks there"
    return None


def _asks_machine(expectation: Expectation) -> bool:
    """Whether a check looks at a machine, or tries from it what it might try from a pod."""
    if getattr(expectation, "from_", None) is not None:
        return False
    return expectation.kind in LINUX or expectation.kind in _AT_BASE


def _serves_metrics(api: Cluster) -> bool:
    try:
        return bool(api.raw("GET", "/apis/metrics.k8s.io/v1beta1/nodes").json().get("items"))
    except (ApiRefused, ClusterGone):
        return False


def _classes(api: Cluster) -> str | None:
    """Which StorageClasses there are instead of `standard`; None where there is that one."""
    names = [found["metadata"]["name"] for found in api.list("StorageClass")]
    return None if "standard" in names else ", ".join(names) or "none"


def _takes_pods(node: Mapping[str, Any]) -> bool:
    """Whether pods that tolerate nothing may run on a node."""
    spec = node.get("spec", {})
    taints = [taint for taint in spec.get("taints") or () if taint["effect"] != "PreferNoSchedule"]
    return not spec.get("unschedulable") and not taints


def _may(api: Cluster, verb: str, group: str, plural: str) -> bool:
    attributes = {"verb": verb, "group": group, "resource": plural}
    asked = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": attributes},
    }
    answer = api.raw("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", body=asked).json()
    return bool(answer["status"].get("allowed"))
