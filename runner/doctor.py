"""Whether this computer can run labs: findings as data, each with a fix where something is wrong."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from rung.runner.drivers import Driver, Plan
from rung.runner.errors import RungError
from rung.runner.lab import MachineSpec

if TYPE_CHECKING:
    from docker import DockerClient

    from rung.runner.drivers.container import ContainerDriver
    from rung.runner.engine import EngineFacts

State = Literal["ok", "warn", "bad"]

OLDEST = 20  # the engine's first number that the driver is tried with
ARCHITECTURES = ("x86_64", "amd64", "aarch64", "arm64")
MEMORY = 1 << 30  # bytes: the engine's, for a few machines
DISK = 3 << 30  # bytes: both images while they are built, and some machines
_GIB = 1 << 30


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    name: str
    state: State
    fact: str  # what was found
    why: str | None = None  # what follows from it
    fix: str | None = None


def diagnose(deep: bool = False) -> list[Finding]:
    """Look at everything; `deep` also boots a machine. Nothing raises: what fails is a finding."""
    from rung.runner.drivers.container import ContainerDriver
    from rung.runner.engine import facts, whereabouts

    try:
        place, client = whereabouts()
        known = facts(client)
    except RungError as gone:
        return [Finding("engine", "bad", str(gone), "Every lab needs a container engine.", gone.fix)]
    except Exception as error:
        return [Finding("engine", "bad", f"It answers, but not with its facts: {error}", fix="Restart the engine.")]
    driver = ContainerDriver(client)
    found = [
        Finding("engine", "ok", f"{known.kind} at {place.url} ({place.origin})"),
        version(known),
        cgroups(known),
        architecture(known),
        memory(known),
        disk(known),
        *images(client),
        registry(client),
        isolation(known),
        *capabilities(driver),
    ]
    return [*found, boot(driver)] if deep else found


def version(known: EngineFacts) -> Finding:
    """Docker before 20 knows neither cgroup v2 nor private cgroup namespaces."""
    from rung.runner.engine.facts import major

    fact = f"{known.version}, API {known.api}"
    oldest = 4 if known.kind == "podman" else OLDEST
    if 0 < major(known.version) < oldest:
        return Finding("version", "bad", fact, "It is older than what Rung is tried with.", f"Update it to {oldest}.")
    return Finding("version", "ok", fact)


def cgroups(known: EngineFacts) -> Finding:
    """Which row of the driver's table a machine would boot by."""
    from rung.runner.drivers.options import choose

    limits = {"memory": known.memory_limit, "CPU": known.cpu_limit, "process": known.pids_limit}
    lacking = [name for name, has in limits.items() if not has]
    try:
        fact = f"version {known.cgroup_version}: machines boot by “{choose(known).row.name}”"
    except LookupError as error:
        return Finding("cgroups", "bad", str(error), "systemd cannot run without them.", "Use a Linux engine.")
    if lacking:
        why = f"Machines run without {', '.join(lacking)} limits."
        return Finding("cgroups", "warn", fact, why, "Delegate these controllers to the engine.")
    return Finding("cgroups", "ok", fact)


def architecture(known: EngineFacts) -> Finding:
    if known.arch in ARCHITECTURES:
        return Finding("architecture", "ok", known.arch)
    return Finding("architecture", "warn", known.arch, "Nobody has tried the images on it.")


def memory(known: EngineFacts) -> Finding:
    fact = f"{known.memory / _GIB:.1f} GiB for the engine"
    if known.memory < MEMORY:
        return Finding("memory", "warn", fact, "Labs with several machines may not start.", "Give the engine 1 GiB.")
    return Finding("memory", "ok", fact)


def disk(known: EngineFacts) -> Finding:
    if known.disk_free is None:
        return Finding("disk", "ok", "the engine's disk is not this computer's, so its free space is not known")
    fact = f"{known.disk_free / _GIB:.1f} GiB free where the engine keeps its data"
    if known.disk_free < DISK:
        fix = "Free some: `rung stop --all` removes Rung's machines, `docker image prune` images without a name."
        return Finding("disk", "warn", fact, "Building images may fail.", fix)
    return Finding("disk", "ok", fact)


def images(client: DockerClient) -> Iterator[Finding]:
    """Each image that the labs use."""
    from rung.runner.images import listing

    for image in listing(client):
        if not image.exercised:
            continue
        if image.bytes is None:
            why = "It is built when a lab first needs it."
            yield Finding(f"image {image.name}", "warn", "not built yet", why, f"`rung images build {image.name}`")
        else:
            yield Finding(f"image {image.name}", "ok", f"{image.tag}, {image.bytes / 1e6:.0f} MB")


def registry(client: DockerClient) -> Finding:
    """Which of the two ways to images is open."""
    from rung.runner.images import bootstrap
    from rung.runner.images.containerfile import registry_silent

    silence = registry_silent(client)
    if silence is None:
        return Finding("registry", "ok", "a container registry answers: images are built on its base image")
    closed = bootstrap.possible()
    if closed is None:
        return Finding("registry", "ok", f"{silence}: images are built from Debian packages instead")
    fix = "Connect the engine to the internet once, or build the images as root on Debian or Ubuntu."
    return Finding("registry", "warn", silence, f"Images that are missing cannot be built ({closed}).", fix)


def isolation(known: EngineFacts) -> Finding:
    """Who could leave a machine."""
    from rung.runner.drivers.options import choose

    if known.rootless or known.userns:
        return Finding("isolation", "ok", "root in a machine is an ordinary user of this computer")
    if known.desktop:
        return Finding("isolation", "ok", "machines run in the engine's own virtual machine")
    try:
        admin = choose(known).sys_admin
    except LookupError:
        admin = True
    if admin:
        why = "Machines have CAP_SYS_ADMIN here: root in a machine can become root on this computer."
        fix = "Run only labs that you trust; cgroup v2, or a rootless engine, needs less."
        return Finding("isolation", "warn", "root in a machine is root here", why, fix)
    why = "A machine shares the kernel, and labs that ask for `sys-admin` lift most of what separates it."
    if known.kind == "podman":
        why += " On a lab's network, machines also reach what this computer serves there."
    return Finding("isolation", "warn", "root in a machine is root here, with few rights", why, "Run labs you trust.")


def capabilities(driver: Driver) -> Iterator[Finding]:
    """What labs may ask for, by the names that they use."""
    for name, lacking in sorted(driver.capabilities().items()):
        if lacking is None:
            yield Finding(f"capability {name}", "ok", "yes")
        else:
            yield Finding(f"capability {name}", "ok", "no", lacking)


def boot(driver: ContainerDriver) -> Finding:
    """Boot a plain machine, restart it, remove it: which options were used, and what failed at which step."""
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
        return Finding("boot", "bad", f"failed at {where}: {error}", options_text(driver), error.fix)
    except Exception as error:
        where = steps[-1] if steps else "options"
        return Finding("boot", "bad", f"failed at {where}: {error!r}", options_text(driver), "Please report it.")
    finally:
        _remove(driver, attempt)
    again = time.monotonic() - began - booted
    return Finding("boot", "ok", f"a machine booted in {booted:.1f} s and restarted in {again:.1f} s by {row}")


def options_text(driver: ContainerDriver) -> str:
    """The row of the table that was used, with all that it asks of the engine."""
    try:
        options = driver.options()
    except RungError as error:
        return str(error)
    asked = [*(f"--cap-add {c}" for c in options.capabilities), *(f"--security-opt {s}" for s in options.security)]
    return f"Row “{options.row.name}” was used: {options.row.why}. Asked for: {' '.join(asked)}"


def _remove(driver: Driver, attempt: str) -> None:
    try:
        driver.destroy(attempt)
    except RungError:
        return  # the finding of why it failed says more than that removing failed too
