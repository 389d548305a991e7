"""Driver `kubeconfig`: an attempt is a machine `base` that reaches a cluster of the user's, and its objects there.

On this computer an attempt's labels are on `base`, as on every machine. In the cluster its label is on every namespace,
and on every object outside of namespaces, that was created for it; nothing else there is ever changed.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from rung.checks.cluster import Cluster
from rung.checks.core.channel import Channel, CommandTimeout, MachineGone
from rung.checks.core.machine import Machine
from rung.runner.core.errors import EngineRefused, EnvironmentBroken, RungError, UsageError
from rung.runner.core.progress import Progress, silent
from rung.runner.drivers.base.labels import CONTEXT, LABEL, Inventory, inventory, object_name
from rung.runner.drivers.base.plan import NOTHING, AttemptInfo, Plan, UserCluster
from rung.runner.drivers.cluster import base_machine
from rung.runner.drivers.cluster.capabilities import cluster_capabilities
from rung.runner.drivers.cluster.kubeconfig_files import keep_kubeconfig, kubeconfig_file
from rung.runner.drivers.container.create import Assembly, make_network
from rung.runner.drivers.container.driver import ContainerDriver
from rung.runner.drivers.kubeconfig import config, objects
from rung.runner.drivers.kubeconfig.labels import found_among, labels_of, own_of
from rung.runner.drivers.kubeconfig.preflight import base_must_reach, needs_of, require
from rung.runner.drivers.kubeconfig.route import Route, asking, is_loopback, route_to, unreached
from rung.runner.engine.errors import engine_errors
from rung.runner.images import build
from rung.runner.lab.model import BASE

if TYPE_CHECKING:
    from rung.runner.drivers.container.terminal import ExecTerminal
    from rung.runner.engine.connect import Engine

_NETWORK = "way"  # the attempt's own network, where `base` joins no network of the cluster
_FORGET = "Where the cluster is gone for good, `rung stop --forget` ends the lab all the same."


class KubeconfigDriver:
    """A `Driver` for labs on a cluster that the user brings; also `Preloading`, `Clusters` and `UserClusterDriver`
    (`rung.runner.drivers.base.protocols`)."""

    name = "kubeconfig"

    def __init__(self, engine: Engine, machines: ContainerDriver | None = None) -> None:
        self.engine = engine
        self.machines = machines or ContainerDriver(engine)
        self._engine_here = _is_here(engine.place.url)
        self._leftovers: dict[str, list[str]] = {}

    @classmethod
    def connect(cls, machines: ContainerDriver | None = None) -> KubeconfigDriver:
        """The driver on the engine of `machines`, else on the one that answers. Raises EngineGone."""
        machines = machines or ContainerDriver.connect()
        return cls(machines.engine, machines)

    def capabilities(self) -> Mapping[str, str | None]:
        return cluster_capabilities()

    def preload(self) -> None:
        self.machines.preload()

    def prewarm(self, attempt: str | None) -> None:
        self.machines.prewarm(attempt)

    def is_here(self, cluster: UserCluster) -> bool:
        return self._route(cluster).here

    # -- making ----------------------------------------------------------------------------------

    def provision(self, plan: Plan, progress: Progress = silent) -> None:
        assert plan.own is not None
        own, route = plan.own, self._route(plan.own)
        if not route.here and not own.agreed:
            raise UsageError(
                f"The context {own.context} leads to {own.server}, which is not this computer.",
                fix="--yes says that the lab may run there.",
            )
        needs = needs_of(plan)
        document = config.one_context(own)
        progress("look at", own.context)
        with asking(own), config.connect(own, document) as api:
            require(needs, own, api, route)
            before = objects.note(api)
            for_base = config.for_base(document, api, route)
        progress("image", BASE.image)
        image = build.ensure(BASE.image, self.engine, progress)
        progress("boot", BASE.name)
        self._boot(plan, own, route, image)
        keep_kubeconfig(plan.attempt, config.as_text(document))
        _objects_before_file(plan.attempt).write_text(json.dumps(before))
        base = Machine(BASE.name, self.machines.channel(plan.attempt, BASE.name))
        base_machine.give_kubeconfig(base, config.as_text(for_base))
        unreachable, why = unreached(base), base_must_reach(needs)
        if unreachable is not None and why is not None:
            raise EnvironmentBroken(
                f"The machine base does not reach {own.server} ({unreachable}), "
                f"and {needs.lab.name} needs that: {why}.",
                fix="Start it without --context, on a cluster of its own.",
            )

    def _boot(self, plan: Plan, own: UserCluster, route: Route, image: str) -> None:
        options = self.machines.options(plan.capabilities)
        assembly = Assembly(self.engine, self.machines.facts, plan, options)
        labels = labels_of(own)
        network = route.network
        if network is None:
            network = object_name(plan.attempt, _NETWORK)
            make_network(self.engine, network, {**assembly.labels, **labels})
        assembly.create_at(BASE, image, {network: None}, route.peers, labels)
        self.machines.boot(plan.attempt, BASE, options.outside)

    def apply_manifests(self, attempt: str, manifests: Sequence[Mapping[str, Any]]) -> bool:
        own = self._own(attempt)
        with asking(own), self._api(attempt) as api:
            objects.create(api, attempt, manifests)
            if not self._labels(attempt):
                # Another process removed the attempt meanwhile, and may not have seen all of these objects.
                objects.remove(api, attempt)
                raise EnvironmentBroken("The attempt was removed while it was being started.")
        return True

    # -- removing --------------------------------------------------------------------------------

    def destroy(self, attempt: str) -> None:
        labels = self._labels(attempt)
        if CONTEXT in labels and labels.get("rung.machine"):  # a network alone: nothing was created in the cluster yet
            own = own_of(labels)
            try:
                with asking(own), self._api(attempt) as api:
                    objects.remove(api, attempt)
                    self._leftovers[attempt] = _new_since(attempt, api)
            except RungError as error:
                what = f"What the lab made in the cluster of context {own.context} cannot be removed: {error}"
                raise EnvironmentBroken(what, fix=f"{error.fix or 'Try again.'} {_FORGET}") from error
        self._remove_here(attempt)

    def forget(self, attempt: str) -> None:
        with contextlib.suppress(RungError):
            self.destroy(attempt)
        self._remove_here(attempt)

    def _remove_here(self, attempt: str) -> None:
        """Remove what the attempt has on this computer."""
        self.machines.destroy(attempt)
        kubeconfig_file(attempt).unlink(missing_ok=True)
        _objects_before_file(attempt).unlink(missing_ok=True)

    def leftovers(self, attempt: str) -> Sequence[str]:
        return self._leftovers.get(attempt, ())

    # -- running ---------------------------------------------------------------------------------

    def reboot(self, attempt: str, machine: str) -> None:
        if machine != BASE.name:
            own = self._own(attempt)
            raise EngineRefused(
                f"The cluster of context {own.context} ({own.server}) does not answer, "
                "and Rung restarts no node of it.",
                fix=f"Mend the cluster: `kubectl --context {own.context} get nodes` is where to begin.",
            )
        self.machines.reboot(attempt, machine)

    def revive(self, attempt: str) -> list[str]:
        return self.machines.revive(attempt)

    def pause(self, attempt: str) -> None:
        self.machines.pause(attempt)

    def resume(self, attempt: str) -> None:
        self.machines.resume(attempt)

    def halt(self, attempt: str) -> None:
        self.machines.halt(attempt)

    # -- asking ----------------------------------------------------------------------------------

    def attempts(self) -> Sequence[AttemptInfo]:
        return self.seen(inventory(self.engine))

    def seen(self, found: Inventory) -> Sequence[AttemptInfo]:
        """The driver's attempts among what the engine lists."""
        return found_among(found.of(CONTEXT))

    def kubeconfig(self, attempt: str) -> Path:
        """The attempt's kubeconfig, with the credentials that the user's own has now (a token may be new); where the
        user's own has none any more, with those of the start."""
        path, own = kubeconfig_file(attempt), self._own(attempt)
        try:
            text = config.as_text(config.one_context(own))
        except UsageError:
            if not path.exists():
                raise
            return path
        if not path.exists() or path.read_text() != text:
            keep_kubeconfig(attempt, text)
        return path

    def channel(self, attempt: str, machine: str) -> Channel:
        return self.machines.channel(attempt, machine)

    def put(self, attempt: str, machine: str, archive: bytes, folder: str) -> None:
        self.machines.put(attempt, machine, archive, folder)

    def terminal(
        self, attempt: str, machine: str, user: str, rows: int, columns: int, environment: Mapping[str, str] = NOTHING
    ) -> ExecTerminal:
        if machine == BASE.name:
            self._renew_token(attempt)
        return self.machines.terminal(attempt, machine, user, rows, columns, environment)

    # -- the cluster -----------------------------------------------------------------------------

    def _renew_token(self, attempt: str) -> None:
        """Give `base` the token that the user's program or file gives now: the last one may have ended meanwhile."""
        own = self._own(attempt)
        # In any case the shell opens: kubectl there says what it lacks.
        with contextlib.suppress(RungError, MachineGone, CommandTimeout):
            if (token := config.renewed_token(own)) is not None:
                base = Machine(BASE.name, self.machines.channel(attempt, BASE.name))
                base_machine.give_token(base, own.context, token)

    def _route(self, cluster: UserCluster) -> Route:
        with engine_errors("listing containers"):
            containers = self.engine.containers(running=True)
        podman = self.machines.facts.kind == "podman"
        proxy = config.proxy_of(cluster)
        return route_to(cluster.server, containers, engine_here=self._engine_here, podman=podman, proxy=proxy)

    def _labels(self, attempt: str) -> Mapping[str, str]:
        """The labels of the attempt's `base`, else of its network; empty where it has neither."""
        wanted = (f"{LABEL}={attempt}", CONTEXT)
        with engine_errors("listing machines"):
            found = self.engine.containers(*wanted) or self.engine.networks(*wanted)
        return found[0]["Labels"] if found else {}

    def _own(self, attempt: str) -> UserCluster:
        labels = self._labels(attempt)
        if CONTEXT not in labels:
            raise EnvironmentBroken(f"Attempt {attempt} no longer exists.", fix="`rung status` lists the attempts.")
        return own_of(labels)

    @contextmanager
    def _api(self, attempt: str) -> Iterator[Cluster]:
        with config.connect(self._own(attempt), self.kubeconfig(attempt)) as api:
            yield api


def _is_here(url: str) -> bool:
    """Whether the engine at an address publishes ports on this computer."""
    parts = urlsplit(url)
    return parts.scheme in ("unix", "npipe") or is_loopback(parts.hostname or "")


def _objects_before_file(attempt: str) -> Path:
    """The file with the objects that the cluster had when the attempt began."""
    return kubeconfig_file(attempt).with_suffix(".json")


def _new_since(attempt: str, api: Cluster) -> list[str]:
    try:
        before = json.loads(_objects_before_file(attempt).read_text())
    except (OSError, ValueError):
        return []
    return objects.new_since(api, before)
