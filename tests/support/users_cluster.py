"""A cluster that kind makes for a user, with objects of theirs in it, and doors through which its API is reached."""

from __future__ import annotations

import json
import select
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from docker_command import environment
from rung.checks.cluster import ALL, Cluster
from rung.runner.drivers.base.plan import UserCluster
from rung.runner.drivers.cluster.readiness import wait_until_settled
from rung.runner.drivers.cluster.resources import ResourceType, resource_types
from rung.runner.drivers.kubeconfig.config import choose
from rung.runner.images import go_programs

NAME = "kc-users"
SUBNET = "10.213.252.0/28"
NODE = f"{NAME}-control-plane"
CONTEXT = f"kind-{NAME}"
THEIRS: list[dict[str, Any]] = [
    {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "theirs", "labels": {"rung.attempt": ""}}},
    {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "plan", "namespace": "theirs"}, "data": {"a": "b"}},
    {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "works", "namespace": "theirs"},
        "spec": {"containers": [{"name": "box", "image": "rung/box:1.0"}]},
    },
    {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRole",
        "metadata": {"name": "theirs"},
        "rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}],
    },
    {
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {"name": "theirs"},
        "spec": {
            "capacity": {"storage": "1Gi"},
            "accessModes": ["ReadWriteOnce"],
            "storageClassName": "by-hand",
            "hostPath": {"path": "/tmp/theirs"},
        },
    },
]


@dataclass(frozen=True)
class Users:
    """The cluster, by the kubeconfig that its user has."""

    kubeconfig: Path

    def api(self) -> Cluster:
        return Cluster.from_kubeconfig(self.kubeconfig)

    def own(self, kubeconfig: Path | None = None) -> UserCluster:
        return choose(CONTEXT, str(kubeconfig or self.kubeconfig))

    @property
    def address(self) -> tuple[str, int]:
        parts = urlsplit(self.own().server)
        assert parts.hostname
        assert parts.port
        return parts.hostname, parts.port

    def everything(self) -> dict[str, str]:
        """Path -> version of every object that does not change by itself (as events, leases, nodes and pods of other
        namespaces do); of a pod, whose state changes, its spec."""
        found = {}
        for sort, item in self._listed():
            metadata = item["metadata"]
            namespace = metadata.get("namespace", "")
            if sort.plural != "pods":
                found[f"{sort.key} {namespace}/{metadata['name']}"] = metadata["resourceVersion"]
            elif namespace == "theirs":
                kept = {key: metadata.get(key) for key in ("uid", "labels", "annotations", "deletionTimestamp")}
                found[f"{sort.key} {namespace}/{metadata['name']}"] = json.dumps([kept, item["spec"]], sort_keys=True)
        return found

    def labelled(self, attempt: str) -> list[str]:
        """Names of all objects, wherever they are, that bear an attempt's label."""
        return [item["metadata"]["name"] for _, item in self._listed(labelSelector=f"rung.attempt={attempt}")]

    def _listed(self, **query: str) -> Iterator[tuple[ResourceType, dict[str, Any]]]:
        with self.api() as api:
            for sort in resource_types(api):
                for item in api.raw("GET", sort.key, query=query).json()["items"] or ():
                    yield sort, item

    def create(self, *manifests: dict[str, Any]) -> None:
        """Create objects, and wait for what the cluster itself puts into a new namespace."""
        with self.api() as api:
            for manifest in manifests:
                api.create(manifest, namespace="default")
                if manifest["kind"] == "Namespace":
                    _inhabited(api, manifest["metadata"]["name"])

    def remove(self, kind: str, *names: str) -> None:
        """Remove objects outside of namespaces, and wait until they are gone."""
        with self.api() as api:
            for name in names:
                api.delete(kind, name)
            until = time.monotonic() + 60
            while any(api.get(kind, name) for name in names):
                assert time.monotonic() < until
                time.sleep(0.2)


def _inhabited(api: Cluster, namespace: str) -> None:
    until = time.monotonic() + 60
    while not (
        api.get("configmaps", "kube-root-ca.crt", namespace) and api.get("serviceaccounts", "default", namespace)
    ):
        assert time.monotonic() < until
        time.sleep(0.1)


def docker(*arguments: str) -> str:
    done = subprocess.run(
        ["docker", *arguments], env=environment(), capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, f"{arguments}: {done.stderr}"
    return done.stdout.strip()


def kind(kubeconfig: Path, *arguments: str) -> None:
    """Run kind for the user."""
    variables = {**environment(), "KUBECONFIG": str(kubeconfig), "KIND_EXPERIMENTAL_DOCKER_NETWORK": NAME}
    command = [str(go_programs.binary("kind")), *arguments]
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@contextmanager
def users_cluster(kubeconfig: Path, image: str) -> Iterator[Users]:
    """Make the cluster, with what is theirs in it, and remove it."""
    docker("network", "create", "--subnet", SUBNET, NAME)
    try:
        kind(kubeconfig, "create", "cluster", "--name", NAME, "--image", image, "--wait", "120s")
        users = Users(kubeconfig)
        with users.api() as api:
            wait_until_settled(api, [NODE])
            for manifest in THEIRS:
                create(api, manifest)
            until = time.monotonic() + 60
            while any(pod["status"].get("phase") != "Running" for pod in api.list("Pod", ALL)):
                assert time.monotonic() < until
                time.sleep(0.2)
        yield users
    finally:
        kind(kubeconfig, "delete", "cluster", "--name", NAME)
        docker("network", "rm", NAME)


def create(api: Cluster, manifest: dict[str, Any]) -> None:
    """Create an object, a pod as soon as its namespace has what pods need."""
    place = manifest["metadata"].get("namespace", "default")
    until = time.monotonic() + 30
    while manifest["kind"] == "Pod" and api.get("ServiceAccount", "default", place) is None:
        assert time.monotonic() < until
        time.sleep(0.1)
    api.create(manifest, namespace="default")


class Door:
    """A port of this computer that leads to the API server, until it is shut."""

    def __init__(self, to: tuple[str, int], listen: str = "127.0.0.1") -> None:
        self.to = to
        self.socket = socket.create_server((listen, 0))
        self.port = self.socket.getsockname()[1]
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def kubeconfig(self, users: Users, path: Path) -> Path:
        """The user's kubeconfig with this door as the server's address."""
        document = yaml.safe_load(users.kubeconfig.read_text())
        document["clusters"][0]["cluster"]["server"] = f"https://127.0.0.1:{self.port}"
        path.write_text(yaml.safe_dump(document))
        return path

    def shut(self) -> None:
        # Shut down first: a thread that waits in accept would keep it open.
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        for each in self._open:
            each.close()

    def _accept(self) -> None:
        while True:
            try:
                one, _ = self.socket.accept()
                other = socket.create_connection(self.to)
            except OSError:
                return
            self._open += [one, other]
            threading.Thread(target=_pass_on, args=(one, other), daemon=True).start()


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    try:
        while True:
            for ready in select.select([one, other], [], [])[0]:
                block = ready.recv(1 << 16)
                if not block:
                    return
                (other if ready is one else one).sendall(block)
    except (OSError, ValueError):
        return
    finally:
        one.close()
        other.close()
