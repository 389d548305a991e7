"""Driver `container`: systemd machines on a Docker or Podman engine, without `--privileged`."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from docker.errors import APIError

from rung.checks.core.channel import Channel, MachineGone
from rung.runner.core.errors import EnvironmentBroken
from rung.runner.core.progress import Progress, silent
from rung.runner.core.threads import for_each, submit
from rung.runner.drivers.base.labels import LABEL, Inventory, inventory, object_name
from rung.runner.drivers.base.plan import NOTHING, AttemptInfo, MachineState, Plan, PowerState
from rung.runner.drivers.container.boot import prepare, wait_until_ready
from rung.runner.drivers.container.channel_pool import ChannelPool
from rung.runner.drivers.container.create import Assembly
from rung.runner.drivers.container.privileges import Options, choose, known_capabilities
from rung.runner.drivers.container.shell_channel import ShellChannel
from rung.runner.drivers.container.shell_pool import ShellPool
from rung.runner.drivers.container.terminal import ExecTerminal, login
from rung.runner.engine import info
from rung.runner.engine.connect import connect
from rung.runner.engine.errors import engine_errors, gone
from rung.runner.images import build

if TYPE_CHECKING:
    from rung.runner.engine.connect import Engine
    from rung.runner.engine.info import EngineFacts
    from rung.runner.lab.model import MachineSpec

# Seconds that systemd boots alone before a shell is opened: on two processors a machine is ready 0.05 s earlier so.
_HEAD_START = 0.15
_STOP_SECONDS = 10  # for services to end cleanly before the engine kills what is left
_STATES: dict[str, PowerState] = {"running": "running", "paused": "paused"}


class ContainerDriver:
    """A `Driver` over the engine's API, and `Preloading` (`rung.runner.drivers.base.protocols`)."""

    name = "container"

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.shells = ShellPool(engine)
        self._channels = ChannelPool()
        self._asking = threading.Lock()
        self._facts: EngineFacts | None = None

    @classmethod
    def connect(cls, machines: ContainerDriver | None = None) -> ContainerDriver:
        """The driver on the engine of `machines`, else on the one that answers. Raises EngineGone."""
        return cls(connect()) if machines is None else machines

    @property
    def facts(self) -> EngineFacts:
        """What the engine is and can do, asked once (35 ms: Docker runs three programs for its answer)."""
        with self._asking, engine_errors("being asked what it is"):
            if self._facts is None:
                self._facts = info.facts(self.engine)
            return self._facts

    def preload(self) -> None:
        submit(lambda: self.facts)  # `provision` meets any error again and reports it

    def prewarm(self, attempt: str | None) -> None:
        self.shells.prewarm(attempt)

    def capabilities(self) -> Mapping[str, str | None]:
        return known_capabilities()

    def options(self, capabilities: frozenset[str] = frozenset()) -> Options:
        """The rights of a lab's machines on this engine. Raises EnvironmentBroken where systemd cannot boot on it."""
        try:
            return choose(self.facts, capabilities)
        except LookupError as error:
            raise EnvironmentBroken(str(error), fix="`rung doctor` tells what this engine lacks.") from error

    # -- making and removing ---------------------------------------------------------------------

    def provision(self, plan: Plan, progress: Progress = silent) -> None:
        images: dict[str, str] = {}
        for image in sorted({spec.image for spec in plan.machines}):
            progress("image", image)
            images[image] = build.ensure(image, self.engine, progress)
        options = self.options(plan.capabilities)
        assembly = Assembly(self.engine, self.facts, plan, options)
        for name in assembly.members:
            progress("network", name)
            assembly.create_network(name)
        for spec in plan.machines:
            progress("create", spec.name)
            assembly.create_machine(spec, images[spec.image])
        progress("boot", ", ".join(spec.name for spec in plan.machines))
        for_each(plan.machines, lambda spec: self._start(plan.attempt, spec.name, options.outside))
        progress("wait", ", ".join(spec.name for spec in plan.machines))
        for_each(plan.machines, lambda spec: self._ready(plan.attempt, spec.name, spec.failed_units))

    def destroy(self, attempt: str) -> None:
        self._channels.close(attempt)
        with engine_errors("removing machines"):
            wanted = f"{LABEL}={attempt}"
            ids = [c["Id"] for c in self.engine.containers(wanted)]
            for_each(ids, self._remove_container)
            for network in self.engine.networks(wanted):
                gone(partial(self.engine.remove_network, network["Id"]))

    def _remove_container(self, container: str) -> None:
        gone(lambda: self.engine.remove_container(container))

    # -- running ---------------------------------------------------------------------------------

    def boot(self, attempt: str, spec: MachineSpec, outside: bool) -> None:
        """Start a machine that was created, and wait until it is ready."""
        self._start(attempt, spec.name, outside)
        self._ready(attempt, spec.name, spec.failed_units)

    def _start(self, attempt: str, machine: str, outside: bool | None = None) -> None:
        name = object_name(attempt, machine)
        with engine_errors(f"starting {machine}"):
            if outside is None:
                labels = self.engine.inspect_container(name)["Config"]["Labels"]
                outside = labels.get("rung.outside") == "true"
            self.engine.start(name)
            if outside:
                prepare(self.engine, name, machine)

    def _ready(self, attempt: str, machine: str, allowed: Sequence[str] = ()) -> None:
        time.sleep(_HEAD_START)
        try:
            wait_until_ready(self.channel(attempt, machine), machine, allowed)
        except MachineGone as gone:
            log = self._log(attempt, machine)
            raise EnvironmentBroken(
                f"{machine} did not boot: {gone}{log}", fix="`rung doctor --deep` boots a machine and tells what fails."
            ) from gone

    def _log(self, attempt: str, machine: str) -> str:
        with engine_errors("reading a log"):
            tail = self.engine.logs(object_name(attempt, machine), 5).decode("utf-8", "replace").strip()
        return f"\nIts last words: {tail}" if tail else ""

    def reboot(self, attempt: str, machine: str) -> None:
        with engine_errors(f"stopping {machine}"):
            self.engine.stop(object_name(attempt, machine), _STOP_SECONDS)
        self._start(attempt, machine)
        # A restarted machine is graded as it is: the learner answers for units that fail then.
        self._ready(attempt, machine, ["*"])

    def revive(self, attempt: str) -> list[str]:
        started = [m.name for m in self._found(attempt).machines if m.state == "stopped"]
        for_each(started, lambda name: self._start(attempt, name))
        for_each(started, lambda name: self._ready(attempt, name, ["*"]))
        return started

    def pause(self, attempt: str) -> None:
        with engine_errors("pausing"):
            for machine in self._found(attempt).machines:
                if machine.state == "running":
                    self.engine.pause(object_name(attempt, machine.name))

    def resume(self, attempt: str) -> None:
        with engine_errors("resuming"):
            for machine in self._found(attempt).machines:
                if machine.state == "paused":
                    self.engine.unpause(object_name(attempt, machine.name))
        self.revive(attempt)

    def halt(self, attempt: str) -> None:
        with engine_errors("stopping machines"):
            names = [object_name(attempt, m.name) for m in self._found(attempt).machines if m.state != "stopped"]
            for_each(names, self._stop)

    def _stop(self, container: str) -> None:
        with contextlib.suppress(APIError):  # the machine was not paused
            self.engine.unpause(container)
        self.engine.stop(container, _STOP_SECONDS)

    # -- asking ----------------------------------------------------------------------------------

    def attempts(self) -> Sequence[AttemptInfo]:
        return self.seen(inventory(self.engine))

    def seen(self, found: Inventory) -> Sequence[AttemptInfo]:
        """The driver's attempts among what the engine lists."""
        return found_among(found.of(None))

    def _found(self, attempt: str) -> AttemptInfo:
        with engine_errors("listing machines"):
            containers = self.engine.containers(f"{LABEL}={attempt}")
        return found_by_labels(attempt, containers, [])

    def channel(self, attempt: str, machine: str) -> Channel:
        name = object_name(attempt, machine)
        return self._channels.get(
            attempt, machine, lambda: ShellChannel(machine, lambda: self.shells.open(name, machine))
        )

    def put(self, attempt: str, machine: str, archive: bytes, folder: str) -> None:
        with engine_errors(f"copying files to {machine}"):
            self.engine.put_archive(object_name(attempt, machine), folder, archive)

    def terminal(
        self, attempt: str, machine: str, user: str, rows: int, columns: int, environment: Mapping[str, str] = NOTHING
    ) -> ExecTerminal:
        command = login(user, environment)
        with engine_errors(f"logging in to {machine}"):
            return ExecTerminal(self.engine, object_name(attempt, machine), machine, command, rows, columns)


def found_among(objects: Inventory) -> list[AttemptInfo]:
    """The attempts that containers and networks belong to, oldest first."""
    found = [
        found_by_labels(
            attempt,
            [c for c in objects.containers if c["Labels"][LABEL] == attempt],
            [n for n in objects.networks if n["Labels"][LABEL] == attempt],
        )
        for attempt in {item["Labels"][LABEL] for item in [*objects.containers, *objects.networks]}
    ]
    return sorted(found, key=lambda f: (f.created, f.attempt))


def found_by_labels(attempt: str, containers: list[dict[str, Any]], networks: list[dict[str, Any]]) -> AttemptInfo:
    """The attempt as the labels of its containers and networks describe it."""
    labels = (containers or networks)[0]["Labels"] if containers or networks else {}
    created = min((c["Created"] for c in containers), default=0)
    machines = sorted((_state(c) for c in containers), key=lambda m: m.name)
    return AttemptInfo(
        attempt=attempt,
        lab=labels.get("rung.lab", ""),
        path=labels.get("rung.path", ""),
        seed=int(labels.get("rung.seed", "0")),
        digest=labels.get("rung.digest", ""),
        created=datetime.fromtimestamp(created, UTC),
        machines=tuple(machines),
        networks=tuple(sorted(n["Name"] for n in networks)),
        expected=int(labels.get("rung.machines", "0")),
    )


def _state(container: dict[str, Any]) -> MachineState:
    labels = container["Labels"]
    name, login = labels.get("rung.machine", "?"), labels.get("rung.login", "root")
    return machine_state(container, name, shell=labels.get("rung.shell") != "false", login=login)


def machine_state(container: dict[str, Any], name: str, *, shell: bool, login: str) -> MachineState:
    """The machine that a container of the engine's list is."""
    networks = (container.get("NetworkSettings") or {}).get("Networks") or {}
    address = next((n["IPAddress"] for n in networks.values() if n.get("IPAddress")), None)
    return MachineState(name, _STATES.get(container["State"], "stopped"), shell, login, address)
