"""What a lab's setup.yaml lists is made as kubectl makes it; where something is there already, by kubectl itself."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from rung.checks.cluster import Cluster
from rung.checks.core.machine import Machine
from rung.runner.attempts.setup import ScriptFailed, apply_start
from rung.runner.drivers.base.plan import Plan
from rung.runner.drivers.kind.driver import KindDriver
from rung.runner.drivers.registry import DriverRegistry
from rung.runner.lab import loader
from rung.runner.lab.model import BASE
from rung.runner.lab.model import ClusterSpec as Spec

pytestmark = pytest.mark.machines

APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
MANIFESTS: list[dict[str, Any]] = [
    {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "inn", "labels": {"floor": "1"}}},
    {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "guest", "namespace": "inn"},
     "spec": {"terminationGracePeriodSeconds": 0, "containers": [{"name": "web", "image": "rung/web:1.0"}]}},
    {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "menu", "annotations": {"dish": "ü"}},
     "data": {"b": "<1 & 2>", "a": "line\nline\u2028"}},
    {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "host"},
     "rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}]},
]  # fmt: skip
NAMES = [("Namespace", "inn"), ("Pod", "guest"), ("ConfigMap", "menu"), ("ClusterRole", "host")]


@pytest.fixture(scope="module")
def kind() -> Iterator[tuple[KindDriver, str]]:
    """The driver, and an attempt on a cluster of its own."""
    driver, attempt = KindDriver.connect(), secrets.token_hex(4)
    plan = Plan(attempt, "test", "/nowhere", 1, "0", (BASE,), frozenset({"internet"}), Spec(scope="cluster"))
    try:
        driver.provision(plan)
        yield driver, attempt
    finally:
        driver.destroy(attempt)


def base(kind: tuple[KindDriver, str]) -> Machine:
    driver, attempt = kind
    return Machine("base", driver.channel(attempt, "base"))


def written(api: Cluster) -> list[tuple[Any, ...]]:
    """Of each object what a later `kubectl apply` goes by, and who is said to have made it."""
    found = []
    for sort, name in NAMES:
        thing = api.get(sort, name, "inn" if name == "guest" else "default")
        assert thing is not None
        metadata = thing["metadata"]
        mine = next(each for each in metadata["managedFields"] if each["manager"].startswith("kubectl"))
        found.append((metadata["annotations"][APPLIED], metadata.get("labels"), mine["manager"], mine["operation"]))
    return found


def remove(api: Cluster) -> None:
    for sort, name in reversed(NAMES):
        api.delete(sort, name, namespace="inn" if name == "guest" else "default", grace=0)
    until = time.monotonic() + 30
    while api.get("Namespace", "inn") is not None and time.monotonic() < until:
        time.sleep(0.2)


def test_new_objects_are_as_kubectl_makes_them(kind: tuple[KindDriver, str]) -> None:
    driver, attempt = kind
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": MANIFESTS}, ensure_ascii=False)
    with closing(Cluster.from_kubeconfig(driver.kubeconfig(attempt))) as api:
        try:
            assert driver.apply_manifests(attempt, MANIFESTS)
            ours = written(api)
            again = base(kind).run("kubectl apply -f -", stdin=text)
            assert again.stdout.splitlines() == [
                "namespace/inn unchanged",
                "pod/guest unchanged",
                "configmap/menu unchanged",
                "clusterrole.rbac.authorization.k8s.io/host unchanged",
            ]
            remove(api)
            until = time.monotonic() + 30
            while not base(kind).run("kubectl apply -f -", stdin=text).ok:  # a new namespace has no account yet
                assert time.monotonic() < until
            assert ours == written(api)
        finally:
            remove(api)


def test_objects_without_a_name_or_kinds_that_are_not_served_are_left_to_kubectl(kind: tuple[KindDriver, str]) -> None:
    driver, attempt = kind
    nameless = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"generateName": "x"}}
    assert not driver.apply_manifests(attempt, [nameless])
    assert not driver.apply_manifests(
        attempt, [{"apiVersion": "example.org/v1", "kind": "Lamp", "metadata": {"name": "x"}}]
    )


LAB = """\
title: A menu
objectives: [cka.work.config]
difficulty: easy
minutes: 5
environment: {cluster: {scope: cluster}}
tasks: [{id: one, text: Change `menu`., expect: [{count: configmaps, labels: app=x, exactly: 0}]}]
"""


def test_what_is_there_already_is_changed_by_kubectl_and_a_mistake_is_told_in_its_words(
    kind: tuple[KindDriver, str], tmp_path: Path
) -> None:
    driver, attempt = kind
    folder = tmp_path / "menu"
    folder.mkdir()
    (folder / "lab.yaml").write_text(LAB)
    setup = folder / "setup.yaml"
    menu = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: menu}\n"
    with closing(Cluster.from_kubeconfig(driver.kubeconfig(attempt))) as api:
        for dish in ("soup", "cake"):
            setup.write_text(menu + f"data: {{dish: {dish}}}\n")
            apply_start(DriverRegistry.of(driver), attempt, loader.load(folder))
            assert (api.get("ConfigMap", "menu", "default") or {})["data"] == {"dish": dish}
    setup.write_text(menu + "date: {dish: soup}\n")
    with pytest.raises(ScriptFailed) as failed:
        apply_start(DriverRegistry.of(driver), attempt, loader.load(folder))
    assert str(failed.value).startswith("setup.yaml cannot be applied:\n")
    assert 'unknown field "date"' in str(failed.value)
