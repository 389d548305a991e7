"""Whether a lab can be done on a cluster of the user's: every reason why not, before anything is created.

A lab of scope `namespace` is proven on a cluster that Rung makes. What it assumes of such a cluster (its nodes, its
StorageClass, the images rung/web and rung/box) is found in the lab's files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from rung.checks.cluster import ApiRefused, Cluster, ClusterGone
from rung.checks.core.registry import Expectation
from rung.checks.kinds import LINUX
from rung.runner.core.errors import EnvironmentBroken, UsageError
from rung.runner.drivers.base.plan import Plan, UserCluster
from rung.runner.drivers.kubeconfig.objects import existing, namespaces_of, resource_of
from rung.runner.drivers.kubeconfig.route import Route
from rung.runner.images import workloads
from rung.runner.lab import loader
from rung.runner.lab import manifests as setup_manifests
from rung.runner.lab.model import Lab

_READ = ("lab.yaml", "setup.yaml", "setup.sh", "solution.sh", "checks.py")
_CLASS = re.compile(r"""storageClassName:\s*["']?standard\b|StorageClass `standard`""")
_USES = re.compile(r"\brung/(web|box)\b")
_ADDRESS = re.compile(r"\bhostname -[iI]\b")
_CLIENTS = re.compile(r"\bkubectl\s|\bhelm (install|upgrade)\b")
_HOST = re.compile(r"\bhosts?\b")
_LISTED = 50  # images that a kubelet reports by default, the largest first
_AT_BASE = ("kustomize",)  # Kubernetes kinds that ask a machine too


@dataclass(frozen=True)
class ClusterNeeds:
    """What a lab needs of a cluster: the lab, and the manifests of its setup.yaml."""

    lab: Lab
    manifests: Sequence[Mapping[str, Any]]

    @cached_property
    def texts(self) -> dict[str, str]:
        """File name -> text of the lab's files; empty where a file is missing."""
        paths = {name: self.lab.folder / name for name in _READ}
        return {name: path.read_text("utf-8") if path.is_file() else "" for name, path in paths.items()}

    @property
    def text(self) -> str:
        return "\n".join(self.texts.values())

    @property
    def images(self) -> list[str]:
        """The images that it may deploy, as nodes name them."""
        used = set(_USES.findall(self.text))
        return [name for name in workloads.names() if name.split(":")[0].removeprefix("rung/") in used]

    def expectations(self) -> Iterator[tuple[str, Expectation]]:
        """(machine, expectation) of every expectation."""
        lab = self.lab
        listed = [(lab.first, e) for e in lab.start]
        listed += [(task.on or lab.first, e) for task in lab.tasks for e in task.expect]
        for machine, expectation in listed:
            yield expectation.on or machine, expectation
            if expectation.control is not None:
                yield expectation.control.on or machine, expectation.control


def needs_of(plan: Plan) -> ClusterNeeds:
    """What the plan's lab needs, read from its files. Raises LabFileError."""
    lab: Lab = loader.load(Path(plan.path), plan.seed)
    return ClusterNeeds(lab, setup_manifests.read(lab.folder, lab.values))


def require(needs: ClusterNeeds, own: UserCluster, api: Cluster, route: Route) -> None:
    """Raise EnvironmentBroken with every reason why the lab cannot be done on the cluster, UsageError where an object
    that it creates exists there already."""
    name, where = needs.lab.name, f"the cluster of context {own.context}"
    elsewhere = "`rung start` without --context makes a cluster for it."
    reasons = [*about_nodes(needs), *about_namespaces(needs, api), *about_cluster(needs, api, route)]
    if reasons:
        raise EnvironmentBroken(f"{name} cannot be done on {where}: {'; '.join(reasons)}.", fix=elsewhere)
    if rights := lacking_rights(needs, api):
        raise EnvironmentBroken(
            f"{name} cannot be done on {where}: its user may not {', '.join(rights)}.",
            fix=f"Use a context whose user may. {elsewhere}",
        )
    if missing := list(lacking_images(needs, api.list("Node"))):
        raise EnvironmentBroken(
            f"{name} cannot be done on {where}: {'; '.join(missing)}.",
            fix="`rung images save FILE` writes them to a file, and `kind load image-archive FILE`, or "
            "`ctr --namespace k8s.io images import FILE` on each node, loads it.",
        )
    assert needs.lab.cluster is not None
    if there := existing(api, needs.manifests, needs.lab.cluster.namespace):
        raise UsageError(
            f"{name} would create what {where} has already: {', '.join(there)}.",
            fix="Rung leaves it as it is: start the lab with another --seed, or remove it yourself.",
        )


def about_nodes(needs: ClusterNeeds) -> Iterator[str]:
    """Why the lab needs the nodes of a cluster that Rung makes, as its files tell."""
    lab = needs.lab
    assert lab.cluster is not None
    if lab.cluster.scope == "cluster":
        yield "it may change the cluster itself (scope: cluster)"
    if lab.rebooted():
        yield "it restarts nodes"
    if lab.cluster.workers:
        yield f"it is about the nodes {', '.join(lab.cluster.nodes)}"
    elif any(machine in lab.cluster.nodes for machine, _ in needs.expectations()) or re.search(
        rf"\b({'|'.join(lab.cluster.nodes)})\b", needs.text
    ):
        yield f"it is about the node {lab.cluster.nodes[0]}"


def about_namespaces(needs: ClusterNeeds, api: Cluster) -> Iterator[str]:
    """Where the lab works in a namespace that is not its own."""
    assert needs.lab.cluster is not None
    own = namespaces_of(needs.manifests)
    if needs.lab.cluster.namespace == "default":
        yield "it works in the namespace default, which is not the lab's own"
    for manifest in needs.manifests:
        resource = resource_of(api, manifest)
        namespace = manifest["metadata"].get("namespace") or "default"
        if resource is not None and resource.namespaced and namespace not in own:
            name = manifest["metadata"].get("name")
            yield f"it puts {resource.singular}/{name} into the namespace {namespace}, which is not the lab's own"


def about_cluster(needs: ClusterNeeds, api: Cluster, route: Route) -> Iterator[str]:
    """What the lab needs and the cluster lacks."""
    if "metrics" in needs.lab.capabilities and not _serves_metrics(api):
        yield "it needs metrics, and the cluster serves none"
    if _CLASS.search(needs.text) and (classes := _classes(api)) is not None:
        yield f"it needs a StorageClass standard, and the cluster has {classes}"
    if _ADDRESS.search(needs.texts["setup.sh"]) and route.network is None:
        yield "its pods have to reach the machine base, which is on no network of the cluster's nodes"


def lacking_images(needs: ClusterNeeds, nodes: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Which of the lab's images are missing on which node that runs pods.

    A kubelet reports only its largest images: where it reports as many as it can, an image may be there unreported.
    """
    for node in nodes:
        listed = node.get("status", {}).get("images") or []
        have = {name for image in listed for name in image.get("names") or ()}
        missing = [i for i in needs.images if not any(name == i or name.endswith(f"/{i}") for name in have)]
        if missing and len(listed) < _LISTED and _takes_pods(node):
            yield f"the node {node['metadata']['name']} lacks the images {', '.join(missing)}"


def lacking_rights(needs: ClusterNeeds, api: Cluster) -> list[str]:
    """What the lab needs to do and the user may not (`create namespaces`)."""
    wanted = {("create", "", "namespaces"), ("delete", "", "namespaces")}
    for manifest in needs.manifests:
        if (resource := resource_of(api, manifest)) is not None:
            wanted.add(("create", resource.group, resource.plural))
            if not resource.namespaced:
                wanted.add(("delete", resource.group, resource.plural))
    if any(e.kind == "can_i" for _, e in needs.expectations()):
        wanted.add(("create", "authorization.k8s.io", "subjectaccessreviews"))
    return [f"{verb} {plural}" for verb, group, plural in sorted(wanted) if not _may(api, verb, group, plural)]


def base_must_reach(needs: ClusterNeeds) -> str | None:
    """Why `base` must reach the cluster for this lab; None where it need not."""
    if _CLIENTS.search(needs.texts["setup.sh"]):
        return "its setup.sh calls the cluster there"
    if any(_asks_machine(expectation) for _, expectation in needs.expectations()):
        return "its checks examine that machine"
    if _HOST.search(needs.texts["checks.py"]):
        return "its checks.py examines that machine"
    return None


def _asks_machine(expectation: Expectation) -> bool:
    """Whether a check runs on a machine, not in a pod."""
    if getattr(expectation, "from_", None) is not None:
        return False
    return expectation.kind in LINUX or expectation.kind in _AT_BASE


def _serves_metrics(api: Cluster) -> bool:
    try:
        return bool(api.raw("GET", "/apis/metrics.k8s.io/v1beta1/nodes").json().get("items"))
    except (ApiRefused, ClusterGone):
        return False


def _classes(api: Cluster) -> str | None:
    """The StorageClasses there are instead of `standard`; None where that one exists."""
    names = [found["metadata"]["name"] for found in api.list("StorageClass")]
    return None if "standard" in names else ", ".join(names) or "none"


def _takes_pods(node: Mapping[str, Any]) -> bool:
    """Whether pods without tolerations may run on a node."""
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
