"""Checks whether this computer can run labs on clusters; the other findings are in `rung.runner.doctor.host`."""

from __future__ import annotations

import secrets
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from rung.runner.core.errors import RungError
from rung.runner.doctor.findings import DoctorFinding
from rung.runner.drivers.base.plan import Plan
from rung.runner.drivers.base.protocols import Drivers
from rung.runner.drivers.kind import kind_cli
from rung.runner.images import go_programs
from rung.runner.images.build import listing
from rung.runner.lab.model import BASE, ClusterSpec

if TYPE_CHECKING:
    from rung.runner.engine.connect import Engine

INSTANCES = 512  # of inotify: a control plane takes about 28, a worker fewer, a machine four
_SETTING = Path("/proc/sys/fs/inotify/max_user_instances")


def clusters() -> Iterator[DoctorFinding]:
    """The version of Kubernetes, the program kind, and the inotify instances that many nodes need."""
    yield DoctorFinding("kubernetes", "ok", f"{go_programs.version('kubernetes')}, in node images that are built here")
    yield kind()
    yield from inotify()


def kind() -> DoctorFinding:
    """Which program kind is used, and where it comes from."""
    found = kind_cli.installed()
    if found is not None and found.fits:
        return DoctorFinding("kind", "ok", f"{found.path} ({found.version})")
    version = go_programs.version("kind")
    how = "is downloaded, and compared with its digest, when it is first needed"
    if shutil.which("go"):
        how = "is compiled from its module when a cluster is first needed"
    if found is None:
        return DoctorFinding("kind", "ok", f"{version} {how}")
    oldest = ".".join(map(str, kind_cli.OLDEST))
    what = f"is {found.version}" if found.version else "reports no version"
    return DoctorFinding(
        "kind", "ok", f"{found.path} {what}: not used, since Rung needs v{oldest} or newer; {version} {how}"
    )


def inotify(setting: Path = _SETTING) -> Iterator[DoctorFinding]:
    """How many inotify instances the kernel allows a user; nothing where `setting` cannot be read."""
    try:
        instances = int(setting.read_text())
    except (OSError, ValueError):
        return
    fact = f"{instances} instances"
    if instances >= INSTANCES:
        yield DoctorFinding("inotify", "ok", fact)
        return
    why = f"Enough for {instances // 30} clusters or {instances // 4} machines, if nothing else here uses inotify."
    yield DoctorFinding("inotify", "warn", fact, why, "`sudo sysctl fs.inotify.max_user_instances=1024`")


def trial(driver: Drivers, engine: Engine) -> DoctorFinding:
    """Create a cluster of one node with the machine `base`, and remove it; finds the times, or the step that failed."""
    name, only = "cluster", "Labs on clusters cannot run here; labs on machines may."
    needed = {"node", BASE.image}
    if missing := [i.name for i in listing(engine) if i.name in needed and i.bytes is None]:
        images = " ".join(missing)
        return DoctorFinding(name, "warn", f"not tried: not built yet: {images}", fix=f"`rung images build {images}`")
    attempt, steps = secrets.token_hex(4), ["begin"]
    # With capability `internet` no spare cluster is used, and one of scope `cluster` is removed with its attempt.
    spec = ClusterSpec(scope="cluster")
    plan = Plan(attempt, "doctor", "", 1, "", (BASE,), frozenset({"internet"}), spec)
    began = time.monotonic()
    try:
        driver.provision(plan, lambda step, what: steps.append(f"{step} {what}"))
        made = time.monotonic() - began
    except RungError as error:
        found = DoctorFinding(name, "warn", f"failed at {steps[-1]}: {error}", only, error.fix)
    except Exception as error:
        found = DoctorFinding(name, "warn", f"failed at {steps[-1]}: {error!r}", only, "Please report it.")
    else:
        found = DoctorFinding(name, "ok", f"a cluster of one node, and the machine base, were ready in {made:.1f} s")
    began = time.monotonic()
    try:
        driver.destroy(attempt)
    except RungError as error:
        return DoctorFinding(name, "warn", f"{found.fact}; it could not be removed: {error}", fix="`rung stop --all`")
    if found.state != "ok":
        return found
    return DoctorFinding(name, "ok", f"{found.fact}, and removed in {time.monotonic() - began:.1f} s")
