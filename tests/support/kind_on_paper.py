"""The driver `kind` on an engine in memory: containers, networks and files as the engine lists them, and no Kubernetes.

For what real clusters show only by chance or after minutes: which attempt gets which cluster, and what is removed.
"""

from __future__ import annotations

import io
import ipaddress
import tarfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager, nullcontext
from types import SimpleNamespace
from typing import Any

from docker.errors import NotFound
from requests.exceptions import ConnectionError as NoConnection

from rung.checks.core.machine import Machine
from rung.runner.core.progress import Progress, silent
from rung.runner.drivers.base.labels import KIND_LABEL, cluster_name
from rung.runner.drivers.base.plan import Plan
from rung.runner.drivers.cluster.names import container_name, network_name
from rung.runner.drivers.container.driver import ContainerDriver
from rung.runner.drivers.kind.driver import KindDriver

Labels = dict[str, str]
_MOMENT = 0.02  # seconds that making or removing a container takes: others act meanwhile


class Engine:
    """The part of the engine's API that the driver uses. `refused`: what `create_container` raises; `gone`: it does
    not answer."""

    def __init__(self) -> None:
        self.made: dict[str, dict[str, Any]] = {}
        self.nets: dict[str, dict[str, Any]] = {}
        self.files: dict[tuple[str, str], bytes] = {}
        self.refused: BaseException | None = None
        self.gone = False

    # -- asking

    def containers(self, *labels: str) -> list[dict[str, Any]]:
        return [c for c in list(self.made.values()) if _bears(c["Labels"], labels)]

    def networks(self, *labels: str) -> list[dict[str, Any]]:
        return [n for n in list(self.nets.values()) if _bears(n["Labels"], labels)]

    def inspect_network(self, name: str) -> dict[str, Any]:
        return self.nets[name]

    def names(self) -> list[str]:
        """Names of all containers and networks."""
        return sorted([*self.made, *self.nets])

    # -- making

    def create_network(self, name: str, config: Mapping[str, Any]) -> None:
        created = f"2026-01-01T00:00:{len(self.nets):02}Z"
        told = {"Id": name, "Name": name, "Created": created, "Labels": config["Labels"], "IPAM": config["IPAM"]}
        self.nets[name] = told

    def create_container(self, name: str, config: Mapping[str, Any]) -> None:
        time.sleep(_MOMENT)
        if self.refused is not None:
            raise self.refused
        self.add(name, config["Labels"])

    def add(self, name: str, labels: Labels) -> None:
        """Add a container that runs."""
        self.made[name] = {"Id": name, "Names": [f"/{name}"], "Labels": labels, "State": "running", "Created": 1}

    def put_archive(self, name: str, folder: str, archive: bytes) -> None:
        self._must(name)
        with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
            for member in tar.getmembers():
                content = tar.extractfile(member)
                assert content is not None
                self.files[name, f"{folder}/{member.name}"] = content.read()

    def get_archive(self, name: str, path: str) -> bytes:
        if self.gone:
            raise NoConnection("nobody listens there")
        self._must(name)
        if (name, path) not in self.files:
            raise NotFound("no such file")
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w") as tar:
            entry = tarfile.TarInfo("file")
            entry.size = len(self.files[name, path])
            tar.addfile(entry, io.BytesIO(self.files[name, path]))
        return buffer.getvalue()

    # -- removing

    def remove_container(self, name: str) -> None:
        time.sleep(_MOMENT)
        self._must(name)
        del self.made[name]
        self.files = {key: content for key, content in self.files.items() if key[0] != name}

    def remove_network(self, name: str) -> None:
        if self.nets.pop(name, None) is None:
            raise NotFound("no such network")

    def run(self, _name: str, _command: Sequence[str]) -> tuple[int, bytes]:
        """Nothing runs here."""
        return 0, b""

    def pause(self, name: str) -> None:
        self._must(name)
        self.made[name]["State"] = "paused"

    def unpause(self, name: str) -> None:
        self._must(name)
        self.made[name]["State"] = "running"

    def _must(self, name: str) -> None:
        if name not in self.made:
            raise NotFound("no such container")


def _bears(labels: Mapping[str, str], wanted: Sequence[str]) -> bool:
    pairs = [one.partition("=") for one in wanted]
    return all(key in labels and value in ("", labels[key]) for key, _, value in pairs)


class OnPaper(KindDriver):
    """The driver as another process has it. `api`: opens a session with the cluster, or raises."""

    def __init__(self, engine: Engine) -> None:
        itself: Any = engine
        machines = ContainerDriver(itself)
        facts: Any = SimpleNamespace(kind="docker", runtime=None, memory_limit=False, cpu_limit=False, pids_limit=False)
        machines._facts = facts
        row = SimpleNamespace(name="a row")
        options: Any = SimpleNamespace(row=row, capabilities=(), security=(), outside=False)
        machines.options = lambda *_: options  # type: ignore[method-assign]
        super().__init__(itself, machines)
        self.clusters.create = self._created  # type: ignore[method-assign]
        self.nodes.machines = lambda *_: nullcontext({})  # type: ignore[method-assign]
        self.clusters.addresses = lambda _: {}  # type: ignore[method-assign]
        self.paper = engine
        self.api: Callable[[], Any] = lambda: None

    def _created(
        self,
        _program: str,
        cluster: str,
        nodes: Sequence[str],
        _image: str,
        _podman: bool,
        _progress: Progress = silent,
    ) -> None:
        for node in nodes:
            self.paper.add(container_name(cluster, node), {KIND_LABEL: cluster_name(cluster)})

    def _boot(self, plan: Plan) -> None:
        """It runs already."""

    def _login_nodes(self, _plan: Plan) -> dict[str, Machine]:
        return {}

    def _configure_base(self, plan: Plan, cluster: str, nodes: Mapping[str, Machine], ssh: Future[str]) -> None:
        """There is no machine to configure."""

    def _api(self, _cluster: str) -> AbstractContextManager[Any]:
        return nullcontext(self.api())

    def half_made(self, cluster: str, maker: str) -> None:
        """Create what a process leaves that dies before it creates the nodes."""
        labels = {"rung.cluster": cluster, "rung.nodes": "1", "rung.image": "rung/node", "rung.maker": maker}
        subnet = str(ipaddress.ip_network("10.213.99.0/28"))
        config = {"IPAM": {"Config": [{"Subnet": subnet}]}, "Labels": labels}
        self.paper.create_network(network_name(cluster), config)
