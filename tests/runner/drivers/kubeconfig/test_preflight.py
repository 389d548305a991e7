"""Labs that a cluster of the user's cannot serve are told by their files, and by what the cluster says it has."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rung.runner.drivers.kubeconfig.preflight import (
    ClusterNeeds,
    about_cluster,
    about_namespaces,
    about_nodes,
    base_must_reach,
    lacking_images,
    lacking_rights,
)
from rung.runner.drivers.kubeconfig.route import Route
from rung.runner.images import workloads
from rung.runner.lab import loader, manifests

LABS = Path(__file__).parents[4] / "labs" / "kubernetes"
HERE = Route(True, "https://mine-control-plane:6443", "kind")
LAB = """\
title: A lab
objectives: []
difficulty: easy
minutes: 5
environment:
  cluster: {scope: namespace, namespace: shop}
tasks:
  - id: one
    text: Make the ConfigMap `a`.
    expect:
      - {resource: configmap/a}
"""
SETUP = """\
apiVersion: v1
kind: Namespace
metadata: {name: shop}
"""


class _Api:
    """What a cluster says: objects by kind, and what the user may not do."""

    def __init__(self, objects: dict[str, list[str]] | None = None, *, forbidden: tuple[str, ...] = ()) -> None:
        self.objects = objects or {}
        self.forbidden = forbidden

    def resource(self, kind: str, api_version: str | None = None) -> Any:
        from rung.checks.client import discovery
        from rung.checks.client.errors import UnknownKind

        found = discovery.find_resource(kind, api_version, discovery.common_resources())
        if found is None:
            raise UnknownKind(kind, [])
        return found

    def list(self, kind: str) -> list[dict[str, Any]]:
        return [{"metadata": {"name": name}} for name in self.objects.get(kind, [])]

    def raw(self, method: str, path: str, *, body: Any = None) -> Any:
        from rung.checks.cluster import ApiRefused

        if body is None:
            raise ApiRefused(404, "the server could not find the requested resource", f"{method} {path}")
        asked = body["spec"]["resourceAttributes"]
        allowed = f"{asked['verb']} {asked['resource']}" not in self.forbidden
        return type("Answer", (), {"json": lambda _self: {"status": {"allowed": allowed}}})()


def api(objects: dict[str, list[str]] | None = None, *, forbidden: tuple[str, ...] = ()) -> Any:
    return _Api(objects, forbidden=forbidden)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "lab.yaml").write_text(LAB)
    (tmp_path / "setup.yaml").write_text(SETUP)
    return tmp_path


def needs(folder: Path, seed: int = 1) -> ClusterNeeds:
    lab = loader.load(folder, seed)
    return ClusterNeeds(lab, manifests.read(folder, lab.values))


def change(folder: Path, old: str, new: str, file: str = "lab.yaml") -> ClusterNeeds:
    path = folder / file
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    return needs(folder)


def test_a_lab_that_keeps_to_its_namespace_is_fit(folder: Path) -> None:
    fit = needs(folder)
    assert [*about_nodes(fit), *about_namespaces(fit, api()), *about_cluster(fit, api(), HERE)] == []
    assert (fit.images, lacking_rights(fit, api()), base_must_reach(fit)) == ([], [], None)


@pytest.mark.parametrize(
    ("old", "new", "reasons"),
    [
        ("scope: namespace", "scope: cluster", ["it may change the cluster itself (scope: cluster)"]),
        ("scope: namespace", "scope: namespace, workers: 1", ["it is about the nodes controlplane, node01"]),
        ("minutes: 5", "minutes: 5\nreboot: true", ["it restarts nodes"]),
        ("resource: configmap/a", "file: /etc/a, on: controlplane", ["it is about the node controlplane"]),
        ("ConfigMap `a`.", "ConfigMap `a`. Look at `controlplane`.", ["it is about the node controlplane"]),
    ],
)
def test_a_lab_about_nodes_is_not(folder: Path, old: str, new: str, reasons: list[str]) -> None:
    assert list(about_nodes(change(folder, old, new))) == reasons


def test_a_lab_whose_scripts_name_a_node_is_not_either(folder: Path) -> None:
    (folder / "setup.sh").write_text("#@ controlplane\ntouch /etc/a\n")
    assert list(about_nodes(needs(folder))) == ["it is about the node controlplane"]


def test_a_lab_that_works_in_a_namespace_of_others_is_not(folder: Path) -> None:
    pod = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: spy%s}\nspec: {containers: [{name: a, image: b}]}\n"
    (folder / "setup.yaml").write_text(SETUP + pod % ", namespace: kube-system" + pod % "" + pod % ", namespace: shop")
    assert list(about_namespaces(needs(folder), api())) == [
        "it puts pod/spy into the namespace kube-system, which is not the lab's own",
        "it puts pod/spy into the namespace default, which is not the lab's own",
    ]
    changed = change(folder, ", namespace: shop}", "}")
    assert next(about_namespaces(changed, api())) == ("it works in the namespace default, which is not the lab's own")


def test_what_the_cluster_lacks_is_told(folder: Path) -> None:
    asks = change(folder, "minutes: 5", "minutes: 5\ncapabilities: [metrics]")
    assert list(about_cluster(asks, api(), HERE)) == ["it needs metrics, and the cluster serves none"]
    claims = change(LABS / "claims-that-wait", "", "")
    reason = "it needs a StorageClass standard, and the cluster has "
    assert list(about_cluster(claims, api(), HERE)) == [f"{reason}none"]
    assert list(about_cluster(claims, api({"StorageClass": ["fast", "slow"]}), HERE)) == [f"{reason}fast, slow"]
    assert list(about_cluster(claims, api({"StorageClass": ["standard"]}), HERE)) == []


def test_pods_that_have_to_reach_base_need_it_on_the_nodes_network() -> None:
    outside = needs(LABS / "database-outside")
    assert list(about_cluster(outside, api(), HERE)) == []
    assert list(about_cluster(outside, api(), Route(False, "https://api.example.com"))) == [
        "its pods have to reach the machine base, which is on no network of the cluster's nodes"
    ]


def node(name: str, images: list[str], **spec: Any) -> dict[str, Any]:
    return {"metadata": {"name": name}, "spec": spec, "status": {"images": [{"names": [image]} for image in images]}}


def test_images_that_a_node_does_not_have_are_told_for_each_node_that_takes_pods() -> None:
    wants = needs(LABS / "look-not-touch")
    assert wants.images == ["rung/web:1.0", "rung/web:1.1", "rung/web:1.2-bad"]
    taint = {"key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"}
    nodes = [
        node("control", [], taints=[taint]),
        node("cordoned", [], unschedulable=True),
        node("full", [f"docker.io/{name}" for name in workloads.names()]),
        node("local", [f"localhost/{name}" for name in workloads.names()]),
        node("many", [f"docker.io/library/some:{number}" for number in range(50)]),
        node("half", ["docker.io/rung/web:1.0", "docker.io/rung/web@sha256:0a1b"]),
    ]
    assert list(lacking_images(wants, nodes)) == ["the node half lacks the images rung/web:1.1, rung/web:1.2-bad"]


def test_rights_that_the_user_has_not_are_told() -> None:
    wants = needs(LABS / "claims-that-wait")
    forbidden = ("create namespaces", "delete persistentvolumes", "delete pods")
    assert lacking_rights(wants, api(forbidden=forbidden)) == [
        "create namespaces", "delete persistentvolumes"
    ]  # fmt: skip
    reviews = ("create subjectaccessreviews",)
    assert lacking_rights(wants, api(forbidden=reviews)) == []
    assert lacking_rights(needs(LABS / "look-not-touch"), api(forbidden=reviews)) == ["create subjectaccessreviews"]


@pytest.mark.parametrize(
    ("lab", "why"),
    [
        ("look-not-touch", None),
        ("only-the-counter", None),  # its requests are made from pods
        ("back-to-what-worked", "its setup.sh calls the cluster there"),
        ("staging-is-an-overlay", "its checks examine that machine"),
        ("last-words", "its checks examine that machine"),
    ],
)
def test_labs_that_need_base_to_reach_the_cluster_are_known(lab: str, why: str | None) -> None:
    assert base_must_reach(needs(LABS / lab)) == why


def test_a_checks_py_that_takes_a_machine_needs_it_too(folder: Path) -> None:
    (folder / "checks.py").write_text("def shut(cluster): ...\n")
    assert base_must_reach(needs(folder)) is None
    (folder / "checks.py").write_text("def shut(cluster, host): ...\n")
    assert base_must_reach(needs(folder)) == "its checks.py examines that machine"


def test_most_labs_of_scope_namespace_are_fit_for_a_cluster_like_kind_s() -> None:
    like_kind = api({"StorageClass": ["standard"]})
    unfit = {}
    for folder in sorted(path.parent for path in LABS.glob("*/lab.yaml")):
        wants = needs(folder)
        if wants.lab.cluster is not None and wants.lab.cluster.scope == "namespace":
            reasons = [*about_nodes(wants), *about_namespaces(wants, like_kind), *about_cluster(wants, like_kind, HERE)]
            if reasons:
                unfit[folder.name] = reasons
    assert unfit["portal-chart"] == ["it is about the node controlplane"]
    assert len(unfit) * 2 < len(list(LABS.glob("*/lab.yaml"))), unfit
