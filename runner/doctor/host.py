"""Checks whether this computer can run labs: findings, each with a fix where something is wrong."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rung.runner.core.errors import RungError
from rung.runner.doctor.clusters import clusters, trial
from rung.runner.doctor.findings import DoctorFinding, State
from rung.runner.drivers.base.plan import Plan
from rung.runner.drivers.base.protocols import Drivers, Machines
from rung.runner.drivers.container.privileges import LAB_CAPABILITIES, choose
from rung.runner.drivers.registry import DriverRegistry
from rung.runner.engine import host
from rung.runner.engine.host import available_memory
from rung.runner.engine.info import EngineFacts, facts, major
from rung.runner.images import from_packages
from rung.runner.images.build import ImageStatus, listing
from rung.runner.images.from_containerfile import registry_unreachable
from rung.runner.images.spec import image as described
from rung.runner.lab.model import MachineSpec

if TYPE_CHECKING:
    from rung.runner.drivers.container.driver import ContainerDriver
    from rung.runner.engine.connect import Engine

OLDEST = 20  # oldest major version of Docker that the driver is tested with
ARCHITECTURES = ("x86_64", "amd64", "aarch64", "arm64")
MEMORY = 1 << 30  # bytes that the engine needs for a few machines
DISK = 12 << 30  # bytes for images while they are built, and some machines
MACHINES = ("linux", "linux-rpm")  # images without which no lab runs
_GIB = 1 << 30


def diagnose(deep: bool = False) -> list[DoctorFinding]:
    """All findings; `deep` also boots a machine and creates a cluster. Nothing is raised: an error is a finding."""
    from rung.runner.drivers.container.driver import ContainerDriver
    from rung.runner.engine.connect import connect

    try:
        engine = connect()
        known = facts(engine)
    except RungError as gone:
        return [DoctorFinding("engine", "bad", str(gone), "Every lab needs a container engine.", gone.fix)]
    except Exception as error:
        return [
            DoctorFinding(
                "engine", "bad", f"The engine answers, but does not describe itself: {error}", fix="Restart the engine."
            )
        ]
    driver = ContainerDriver(engine)
    drivers = DriverRegistry({"container": driver})
    found = [
        DoctorFinding("engine", "ok", f"{known.kind} at {engine.place.url} ({engine.place.origin})"),
        version(known),
        cgroups(known),
        architecture(known),
        memory(known),
        disk(known),
        *images(engine),
        *clusters(),
        isolation(known),
        *capabilities(drivers, known),
    ]
    return [*found, boot(driver), trial(drivers, engine)] if deep else found


def version(known: EngineFacts) -> DoctorFinding:
    """Whether the engine is new enough: Docker before 20 has neither cgroup v2 nor private cgroup namespaces."""
    fact = f"{known.version}, API {known.api}"
    oldest = 4 if known.kind == "podman" else OLDEST
    if 0 < major(known.version) < oldest:
        return DoctorFinding(
            "version", "bad", fact, "Rung is tested with newer versions only.", f"Update it to {oldest}."
        )
    return DoctorFinding("version", "ok", fact)


def cgroups(known: EngineFacts) -> DoctorFinding:
    """The options that a machine boots with, and the limits that cgroups cannot set."""
    limits = {"memory": known.memory_limit, "CPU": known.cpu_limit, "process": known.pids_limit}
    lacking = [name for name, has in limits.items() if not has]
    try:
        fact = f"version {known.cgroup_version}: machines boot with options “{choose(known).row.name}”"
    except LookupError as error:
        return DoctorFinding("cgroups", "bad", str(error), "systemd cannot run without them.", "Use a Linux engine.")
    if lacking:
        why = f"Machines run without {', '.join(lacking)} limits."
        return DoctorFinding("cgroups", "warn", fact, why, "Delegate these controllers to the engine.")
    return DoctorFinding("cgroups", "ok", fact)


def architecture(known: EngineFacts) -> DoctorFinding:
    if known.arch in ARCHITECTURES:
        return DoctorFinding("architecture", "ok", known.arch)
    fix = "Try `rung doctor --deep`, and report what fails; engines on x86_64 and arm64 are known to work."
    return DoctorFinding("architecture", "warn", known.arch, "The images are not tested on it.", fix)


def memory(known: EngineFacts) -> DoctorFinding:
    """The engine's memory and, if it runs on this computer, what of it is available now."""
    fact, few = f"{known.memory / _GIB:.1f} GiB for the engine", "Labs with several machines may not start."
    if known.memory < MEMORY:
        return DoctorFinding("memory", "warn", fact, few, "Give the engine 1 GiB.")
    available = available_memory() if known.local else None
    if available is None:
        return DoctorFinding("memory", "ok", f"{fact}; how much of it is free is unknown")
    fact += f", {available / _GIB:.1f} GiB available on this computer now"
    if available < MEMORY:
        return DoctorFinding("memory", "warn", fact, few, "End some programs; `rung stop --all` ends all labs.")
    return DoctorFinding("memory", "ok", fact)


def disk(known: EngineFacts) -> DoctorFinding:
    if known.disk_free is None:
        return DoctorFinding("disk", "ok", "free space unknown: the engine's disk is not on this computer")
    fact = f"{known.disk_free / _GIB:.1f} GiB free where the engine keeps its data"
    if known.disk_free < DISK:
        fix = "Free some: `rung stop --all` removes Rung's machines, `docker image prune` unnamed images."
        return DoctorFinding("disk", "warn", fact, "Building images may fail.", fix)
    return DoctorFinding("disk", "ok", fact)


def images(engine: Engine) -> Iterator[DoctorFinding]:
    """Each image that labs use, how missing ones can be built, and whether a registry answers."""
    answer = registry(engine)
    closed = answer if answer.state != "ok" else None
    for listed in listing(engine):
        if listed.exercised:
            yield image(listed, closed)
    yield answer


def image(listed: ImageStatus, closed: DoctorFinding | None) -> DoctorFinding:
    """An image that labs use; `closed`: the finding that says why images cannot be built here, if so."""
    name = f"image {listed.name}"
    if listed.bytes is not None:
        return DoctorFinding(name, "ok", f"{listed.tag}, {listed.bytes / 1e6:.0f} MB")
    if closed is not None and described(listed.name).parent is None:
        # Without the other images, labs on machines still run.
        state: State = "bad" if listed.name in MACHINES else "warn"
        return DoctorFinding(name, state, "not built yet", f"It cannot be built here: {closed.fact}.", closed.fix)
    why = "It is built when a lab first needs it."
    return DoctorFinding(name, "warn", "not built yet", why, f"`rung images build {listed.name}`")


def registry(engine: Engine) -> DoctorFinding:
    """Whether images can be built: on a registry's base image, or from Debian packages."""
    unreachable = registry_unreachable(engine.sdk)
    if unreachable is None:
        return DoctorFinding("registry", "ok", "a container registry answers: images are built on its base image")
    closed = from_packages.cannot_build()
    if closed is None:
        return DoctorFinding("registry", "ok", f"{unreachable}: images are built from Debian packages instead")
    fix = "Connect the engine to the internet once, or build the images as root on Debian or Ubuntu."
    return DoctorFinding("registry", "warn", unreachable, f"Images that are missing cannot be built ({closed}).", fix)


def isolation(known: EngineFacts) -> DoctorFinding:
    """How well a machine is separated from this computer."""
    if known.rootless or known.userns:
        return DoctorFinding("isolation", "ok", "root in a machine is an ordinary user of this computer")
    if known.desktop:
        return DoctorFinding("isolation", "ok", "machines run in the engine's own virtual machine")
    try:
        admin = choose(known).sys_admin
    except LookupError:
        admin = True
    if admin:
        why = "Machines have CAP_SYS_ADMIN here: root in a machine can become root on this computer."
        fix = "Run only labs that you trust; cgroup v2, or a rootless engine, needs less."
        return DoctorFinding("isolation", "warn", "root in a machine is root here", why, fix)
    why = "A machine shares the kernel, and labs that ask for `sys-admin` lift most of what separates it."
    if known.kind == "podman":
        why += " On a lab's network, machines also reach what this computer serves there."
    return DoctorFinding(
        "isolation", "warn", "root in a machine is root here, with few rights", why, "Run labs you trust."
    )


def capabilities(driver: Drivers, known: EngineFacts) -> Iterator[DoctorFinding]:
    """For each capability that a lab may name, whether it is available on machines or clusters here."""
    machines, clusters = driver.capabilities_for("machines"), driver.capabilities_for("cluster")
    for name in sorted({**machines, **clusters}):
        on_machines, on_clusters = machines.get(name), clusters.get(name)
        lacking = on_machines if on_clusters is not None else None
        has, why = (False, lacking) if lacking is not None else host_has(name, known)
        where = "yes" if on_machines is None else "on clusters"
        yield DoctorFinding(f"capability {name}", "ok", where if has else "no", why)


def host_has(name: str, known: EngineFacts) -> tuple[bool, str | None]:
    """Whether this computer has a capability that the driver can use, and a reason where one is known."""
    if name != "internet" and name not in LAB_CAPABILITIES:
        return True, None
    if not known.local:
        return True, "not checked: the engine is not on this computer"
    if name == "internet":
        return host.internet()
    right = f"CAP_{LAB_CAPABILITIES[name]}"
    if right in host.lacking_rights() and not known.rootless:
        return False, f"{right} is missing from the bounding set of this computer's processes"
    return True, None


def boot(driver: ContainerDriver) -> DoctorFinding:
    """Boot a machine, restart it and remove it; finds the times and options, or the step that failed."""
    attempt = secrets.token_hex(4)
    steps: list[str] = []
    began = time.monotonic()
    try:
        options = driver.options()
        row = f"“{options.row.name}” (capabilities: {', '.join(options.capabilities) or 'none added'})"
        machine = MachineSpec(name="node1")
        plan = Plan(attempt, "doctor", "", 1, "", (machine,))
        driver.provision(plan, lambda step, _what: steps.append(step))
        booted = time.monotonic() - began
        steps.append("reboot")
        driver.reboot(attempt, "node1")
    except RungError as error:
        where = steps[-1] if steps else "options"
        return DoctorFinding("boot", "bad", f"failed at {where}: {error}", options_text(driver), error.fix)
    except Exception as error:
        where = steps[-1] if steps else "options"
        return DoctorFinding("boot", "bad", f"failed at {where}: {error!r}", options_text(driver), "Please report it.")
    finally:
        _remove(driver, attempt)
    again = time.monotonic() - began - booted
    return DoctorFinding("boot", "ok", f"a machine booted in {booted:.1f} s and restarted in {again:.1f} s with {row}")


def options_text(driver: ContainerDriver) -> str:
    """The options that machines boot with, as arguments of the engine, and the reason for them."""
    try:
        options = driver.options()
    except RungError as error:
        return str(error)
    asked = [*(f"--cap-add {c}" for c in options.capabilities), *(f"--security-opt {s}" for s in options.security)]
    return f"Options “{options.row.name}” were used: {options.row.why}. Arguments: {' '.join(asked)}"


def _remove(driver: Machines, attempt: str) -> None:
    try:
        driver.destroy(attempt)
    except RungError:
        return  # the finding about the failed boot says more
