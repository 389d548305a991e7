"""Questions share a cluster where they cannot get into each other's way."""

from __future__ import annotations

from pathlib import Path

import pytest

from rung.runner.exams.cluster_sharing import MAX_QUESTIONS, claims, shares
from rung.runner.lab import loader
from rung.runner.lab.model import Lab

LAB = """\
title: A lab
objectives: []
difficulty: easy
minutes: 5
environment:
  cluster: {{scope: {scope}, namespace: {namespace}{more}}}
{head}tasks:
  - id: one
    text: Make it.
    expect: [{{resource: {resource}}}]
"""


@pytest.fixture
def lab(tmp_path: Path) -> object:
    def write(
        name: str,
        *,
        namespace: str = "shop",
        scope: str = "namespace",
        resource: str = "configmap/a",
        more: str = "",
        head: str = "",
        setup: str = "",
        python: str = "",
    ) -> Lab:
        folder = tmp_path / name
        folder.mkdir()
        (folder / "lab.yaml").write_text(
            LAB.format(scope=scope, namespace=namespace, resource=resource, more=more, head=head)
        )
        (folder / "solution.sh").write_text("true\n")
        if setup:
            (folder / "setup.yaml").write_text(setup)
        if python:
            (folder / "checks.py").write_text(python)
        return loader.load(folder)

    return write


def test_labs_in_namespaces_of_their_own_share_one(lab) -> None:  # type: ignore[no-untyped-def]
    found = shares({1: lab("a", namespace="one"), 2: lab("b", namespace="two"), 4: lab("c", namespace="three")})
    assert found == {1: "c1", 2: "c1", 4: "c1"}


def test_a_lab_that_would_share_with_nobody_has_no_word(lab) -> None:  # type: ignore[no-untyped-def]
    assert shares({1: lab("a", namespace="one"), 2: lab("b", namespace="one"), 3: lab("c", scope="cluster")}) == {}


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({"scope": "cluster"}, "it may break it"),
        ({"more": ", workers: 1"}, "another size"),
        ({"head": "capabilities: [metrics]\n"}, "more is installed there"),
        ({"head": "reboot: true\n"}, "its nodes are restarted"),
        ({"namespace": "one"}, "the same namespace"),
        ({"resource": "persistentvolume/big"}, "the same volume"),
        ({"setup": "apiVersion: v1\nkind: PersistentVolume\nmetadata: {name: big}\n"}, "the same volume"),
        ({"setup": "apiVersion: v1\nkind: Secret\nmetadata: {name: x, namespace: one}\n"}, "the same namespace"),
        ({"python": "from rung.checks.cluster import ALL\n"}, "it looks everywhere"),
    ],
)
def test_others_have_a_cluster_of_their_own(lab, other: dict[str, str], why: str) -> None:  # type: ignore[no-untyped-def]
    first = lab("a", namespace="one", resource="pv/big")
    second = lab("b", **{"namespace": "two", **other})
    assert shares({1: first, 2: second}) == {}, why


def test_no_more_share_one_than_have_room_there(lab) -> None:  # type: ignore[no-untyped-def]
    labs = {number: lab(f"lab-{number}", namespace=f"ns-{number}") for number in range(1, MAX_QUESTIONS + 3)}
    assert list(shares(labs).values()) == ["c1"] * MAX_QUESTIONS + ["c2"] * 2


def test_what_a_lab_claims_is_told_by_its_manifests_and_expectations(lab) -> None:  # type: ignore[no-untyped-def]
    setup = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: reader}\n"
    found = claims(lab("a", resource="storageclass/fast", setup=setup))
    assert found == {"namespace/shop", "storageclass/fast", "clusterrole/reader"}
