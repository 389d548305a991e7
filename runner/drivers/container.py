"""Driver `container`: systemd machines on a Docker or Podman engine, without `--privileged`."""

from __future__ import annotations

import io
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from rung.checks.machine import Channel, MachineGone
from rung.runner.drivers import Found, MachineState, Plan, Progress, State, silent
from rung.runner.drivers.boot import prepare, wait_until_ready
from rung.runner.drivers.channel import BUSYBOX, SHELL, ShellChannel
from rung.runner.drivers.exec import ExecTerminal, exec_socket
from rung.runner.drivers.interrupts import unbroken
from rung.runner.drivers.networks import addresses, candidates, host_routes, known_names, networks_of
from rung.runner.drivers.options import Options, choose, known_capabilities
from rung.runner.errors import EngineGone, EnvironmentBroken
from rung.runner.lab import MachineSpec

if TYPE_CHECKING:
    from docker import DockerClient

T = TypeVar("T")
LABEL = "rung.attempt"
_STOP_SECONDS = 10  # for services to end cleanly before the engine kills what is left
_TMPFS = {"/run": "mode=755,exec", "/run/lock": "", "/tmp": "mode=1777,exec"}
_STATES: dict[str, State] = {"running": "running", "paused": "paused"}


def _each(items: Sequence[T], do: Callable[[T], None]) -> None:
    """Do something for each item at the same time; the first error is raised when all have ended."""
    if len(items) == 1:
        do(items[0])
        return
    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(do, item) for item in items]:
            done.result()


@contextmanager
def engine_errors(doing: str) -> Iterator[None]:
    """Translate the SDK's errors once, at this border."""
    import docker.errors
    import requests.exceptions

    try:
        yield
    except (requests.exceptions.ConnectionError, requests.exceptions.Timeout, ConnectionError) as error:
        raise EngineGone(
            f"The engine stopped answering while {doing}: {error}", fix="Start it again; `rung doctor` tells more."
        ) from error
    except docker.errors.APIError as error:
        text = str(error.explanation or error)
        fix = "`rung doctor` tells what the engine lacks."
        if "no space left" in text:
            fix = "Free some disk space where the engine keeps its data; `rung stop --all` removes Rung's machines."
        raise EnvironmentBroken(f"The engine refused while {doing}: {text}", fix=fix) from error


class ContainerDriver:
    """The verbs of `rung.runner.drivers.Driver` over the engine's API."""

    name = "container"

    def __init__(self, client: DockerClient) -> None:
        self.client = client
        self._channels: dict[tuple[str, str], ShellChannel] = {}

    @classmethod
    def connect(cls) -> ContainerDriver:
        from rung.runner.engine import connect

        return cls(connect())

    @cached_property
    def facts(self) -> Any:
        from rung.runner.engine import facts

        with engine_errors("being asked what it is"):
            return facts(self.client)

    def capabilities(self) -> Mapping[str, str | None]:
        return known_capabilities()

    def options(self, capabilities: frozenset[str] = frozenset()) -> Options:
        """The rights that a lab's machines get on this engine."""
        try:
            return choose(self.facts, capabilities)
        except LookupError as error:
            raise EnvironmentBroken(str(error), fix="`rung doctor` tells what this engine lacks.") from error

    # -- making and removing ---------------------------------------------------------------------

    def provision(self, plan: Plan, progress: Progress = silent) -> None:
        from rung.runner.images import ensure

        images: dict[str, str] = {}
        for image in sorted({spec.image for spec in plan.machines}):
            progress("image", image)
            images[image] = ensure(image, self.client, progress)
        members = networks_of(plan)
        subnets = {}
        for name in members:
            progress("network", name)
            subnets[name] = self._create_network(plan, name)
        options = self.options(plan.capabilities)
        for spec in plan.machines:
            progress("create", spec.name)
            with engine_errors(f"creating {spec.name}"), unbroken():
                self._create(plan, spec, images[spec.image], members, subnets, options)
        progress("boot", ", ".join(spec.name for spec in plan.machines))
        _each(plan.machines, lambda spec: self._start(plan.attempt, spec.name, options))
        progress("wait", ", ".join(spec.name for spec in plan.machines))
        _each(plan.machines, lambda spec: self._ready(plan.attempt, spec.name, spec.failed_units))

    def _labels(self, plan: Plan) -> dict[str, str]:
        return {
            LABEL: plan.attempt,
            "rung.lab": plan.lab,
            "rung.path": plan.path,
            "rung.seed": str(plan.seed),
            "rung.digest": plan.digest,
            "rung.machines": str(len(plan.machines)),
        }

    def _create_network(self, plan: Plan, name: str) -> str:
        import docker.errors
        from docker.types import IPAMConfig, IPAMPool

        inside = "internet" not in plan.capabilities
        # Without an address of the host's on the bridge, the machines cannot reach the host either.
        alone = {"com.docker.network.bridge.inhibit_ipv4": "true"} if inside and self.facts.kind == "docker" else None
        taken = [*host_routes(), *self._subnets()]
        for subnet in candidates(f"{plan.attempt}/{name}", taken):
            ipam = IPAMConfig(pool_configs=[IPAMPool(subnet=subnet)])
            try:
                with unbroken():
                    self.client.api.create_network(
                        self._object(plan.attempt, name),
                        driver="bridge",
                        ipam=ipam,
                        internal=inside,
                        options=alone,
                        labels=self._labels(plan),
                        check_duplicate=True,
                    )
            except docker.errors.APIError as error:
                # Another attempt took it a moment ago.
                if "overlap" in str(error).lower() or "already used" in str(error).lower():
                    continue
                with engine_errors(f"creating network {name}"):
                    raise
            return subnet
        raise EnvironmentBroken("No subnet of 10.213.0.0/16 is free.", fix="`rung stop --all` removes Rung's networks.")

    def _subnets(self) -> list[str]:
        with engine_errors("listing its networks"):
            networks = self.client.api.networks()
        pools = [pool for n in networks for pool in (n.get("IPAM", {}).get("Config") or [])]
        return [pool["Subnet"] for pool in pools if pool.get("Subnet")]

    def _create(
        self,
        plan: Plan,
        spec: MachineSpec,
        image: str,
        members: dict[str, list[MachineSpec]],
        subnets: dict[str, str],
        options: Options,
    ) -> None:
        api = self.client.api
        mine = [net for net, specs in members.items() if spec in specs]
        places = {net: addresses(subnets[net], members[net])[spec.name] for net in mine}
        host_config = api.create_host_config(
            cap_add=list(options.capabilities),
            security_opt=list(options.security),
            tmpfs=_TMPFS,
            network_mode=self._object(plan.attempt, mine[0]) if mine else "none",
            extra_hosts=known_names(subnets, members, spec.name),
            restart_policy={"Name": "no"},
            **self._limits(spec),
        )
        host_config["CgroupnsMode"] = "private"
        endpoints = {
            self._object(plan.attempt, net): api.create_endpoint_config(ipv4_address=address)
            for net, address in places.items()
        }
        first = api.create_networking_config(dict(list(endpoints.items())[:1])) if endpoints else None  # type: ignore[arg-type]
        api.create_container(
            image,
            name=self._object(plan.attempt, spec.name),
            hostname=spec.name,
            labels=self._labels(plan)
            | {
                "rung.machine": spec.name,
                "rung.shell": str(spec.shell).lower(),
                "rung.login": spec.login,
                "rung.row": options.row.name,
                "rung.outside": str(self._outside(options)).lower(),
            },
            environment={"RUNG_PREPARE": "exec"} if self._outside(options) else {},
            host_config=host_config,
            networking_config=first,
            stop_signal="SIGRTMIN+3",
        )
        for net in mine[1:]:
            api.connect_container_to_network(
                self._object(plan.attempt, spec.name), self._object(plan.attempt, net), ipv4_address=places[net]
            )

    @staticmethod
    def _outside(options: Options) -> bool:
        return options.row.prepared_from_outside and not options.sys_admin

    def _limits(self, spec: MachineSpec) -> dict[str, Any]:
        limits: dict[str, Any] = {}
        facts = self.facts
        if facts.memory_limit:
            limits |= {"mem_limit": f"{spec.memory}m", "memswap_limit": f"{spec.memory}m"}
        if facts.cpu_limit:
            limits["nano_cpus"] = int(spec.cpus * 1_000_000_000)
        if facts.pids_limit:
            limits["pids_limit"] = spec.pids
        return limits

    @staticmethod
    def _object(attempt: str, name: str) -> str:
        return f"rung-{attempt}-{name}"

    def destroy(self, attempt: str) -> None:
        self._forget(attempt)
        with engine_errors("removing machines"):
            wanted = {"label": f"{LABEL}={attempt}"}
            ids = [c["Id"] for c in self.client.api.containers(all=True, filters=wanted)]
            _each(ids, self._remove_container)
            for network in self.client.api.networks(filters=wanted):
                self._remove_network(network["Id"])

    def _remove_container(self, container: str) -> None:
        import docker.errors

        try:
            self.client.api.remove_container(container, v=True, force=True)
        except docker.errors.NotFound:
            return
        except docker.errors.APIError as error:
            if "already in progress" not in str(error):
                raise

    def _remove_network(self, network: str) -> None:
        import docker.errors

        try:
            self.client.api.remove_network(network)
        except docker.errors.NotFound:
            return

    def _forget(self, attempt: str) -> None:
        for key in [key for key in self._channels if key[0] == attempt]:
            self._channels.pop(key).close()

    # -- running ---------------------------------------------------------------------------------

    def _start(self, attempt: str, machine: str, options: Options | None = None) -> None:
        name = self._object(attempt, machine)
        with engine_errors(f"starting {machine}"):
            if options is None:
                labels = self.client.api.inspect_container(name)["Config"]["Labels"]
                outside = labels.get("rung.outside") == "true"
            else:
                outside = self._outside(options)
            self.client.api.start(name)
            if outside:
                prepare(self.client, name, machine)

    def _ready(self, attempt: str, machine: str, allowed: Sequence[str] = ()) -> None:
        try:
            wait_until_ready(self.channel(attempt, machine), machine, allowed)
        except MachineGone as gone:
            log = self._log(attempt, machine)
            raise EnvironmentBroken(
                f"{machine} did not boot: {gone}{log}", fix="`rung doctor --deep` boots a machine and tells what fails."
            ) from gone

    def _log(self, attempt: str, machine: str) -> str:
        with engine_errors("reading a log"):
            tail = self.client.api.logs(self._object(attempt, machine), tail=5).decode("utf-8", "replace").strip()
        return f"\nIts last words: {tail}" if tail else ""

    def reboot(self, attempt: str, machine: str) -> None:
        with engine_errors(f"stopping {machine}"):
            self.client.api.stop(self._object(attempt, machine), timeout=_STOP_SECONDS)
        self._start(attempt, machine)
        # After a restart it is graded as it is: a unit that fails then is the learner's matter.
        self._ready(attempt, machine, ["*"])

    def revive(self, attempt: str) -> list[str]:
        started = [m.name for m in self._found(attempt).machines if m.state == "stopped"]
        _each(started, lambda name: self._start(attempt, name))
        _each(started, lambda name: self._ready(attempt, name, ["*"]))
        return started

    def pause(self, attempt: str) -> None:
        with engine_errors("pausing"):
            for machine in self._found(attempt).machines:
                if machine.state == "running":
                    self.client.api.pause(self._object(attempt, machine.name))

    def resume(self, attempt: str) -> None:
        with engine_errors("resuming"):
            for machine in self._found(attempt).machines:
                if machine.state == "paused":
                    self.client.api.unpause(self._object(attempt, machine.name))
        self.revive(attempt)

    # -- asking ----------------------------------------------------------------------------------

    def attempts(self) -> Sequence[Found]:
        with engine_errors("listing machines"):
            containers = self.client.api.containers(all=True, filters={"label": LABEL})
            networks = self.client.api.networks(filters={"label": LABEL})
        ids = {o["Labels"][LABEL] for o in [*containers, *networks]}
        found = [
            _found(
                attempt,
                [c for c in containers if c["Labels"][LABEL] == attempt],
                [n for n in networks if n["Labels"][LABEL] == attempt],
            )
            for attempt in ids
        ]
        return sorted(found, key=lambda f: (f.created, f.attempt))

    def _found(self, attempt: str) -> Found:
        with engine_errors("listing machines"):
            containers = self.client.api.containers(all=True, filters={"label": f"{LABEL}={attempt}"})
        return _found(attempt, containers, [])

    def channel(self, attempt: str, machine: str) -> Channel:
        key = (attempt, machine)
        if key not in self._channels:
            name = self._object(attempt, machine)
            self._channels[key] = ShellChannel(machine, lambda: self._shell_socket(name, machine))
        return self._channels[key]

    def _shell_socket(self, name: str, machine: str) -> socket.socket:
        return exec_socket(self.client, name, machine, SHELL)

    def put(self, attempt: str, machine: str, archive: bytes, folder: str) -> None:
        with engine_errors(f"copying files to {machine}"):
            self.client.api.put_archive(self._object(attempt, machine), folder, io.BytesIO(archive))

    def terminal(self, attempt: str, machine: str, user: str, rows: int, columns: int) -> ExecTerminal:
        # `read` holds the login until the terminal has its size; -f: Rung's user is trusted already.
        script = f"stty -echo; read -r _; stty echo; exec /bin/login -f -- {user}"
        command = [BUSYBOX, "sh", "-c", script]
        with engine_errors(f"logging in to {machine}"):
            return ExecTerminal(self.client, self._object(attempt, machine), machine, command, rows, columns)


def _found(attempt: str, containers: list[dict[str, Any]], networks: list[dict[str, Any]]) -> Found:
    labels = (containers or networks)[0]["Labels"] if containers or networks else {}
    created = min((c["Created"] for c in containers), default=0)
    machines = sorted((_state(c) for c in containers), key=lambda m: m.name)
    return Found(
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
    networks = (container.get("NetworkSettings") or {}).get("Networks") or {}
    address = next((n["IPAddress"] for n in networks.values() if n.get("IPAddress")), None)
    return MachineState(
        name=labels.get("rung.machine", "?"),
        state=_STATES.get(container["State"], "stopped"),
        shell=labels.get("rung.shell") != "false",
        login=labels.get("rung.login", "root"),
        address=address,
    )
