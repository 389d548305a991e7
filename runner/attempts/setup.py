"""Bring machines into a lab's starting state (manifests, files, setup.sh), and verify what its `start:` expects."""

from __future__ import annotations

import io
import shlex
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rung.checks.cluster import ApiRefused, Cluster, ClusterGone
from rung.checks.core.channel import CommandTimeout, MachineGone
from rung.checks.core.machine import Machine
from rung.checks.core.outcome import Broken, Fail
from rung.checks.core.registry import CheckContext, Expectation
from rung.runner.core.errors import EnvironmentBroken
from rung.runner.core.polling import poll
from rung.runner.core.progress import Progress, silent
from rung.runner.drivers.base.plan import need_of
from rung.runner.drivers.base.protocols import Drivers
from rung.runner.lab import loader, manifests
from rung.runner.lab.model import Lab
from rung.runner.lab.scripts import Part, parts

if TYPE_CHECKING:
    from rung.checks.cluster import Cluster

_FILES = "/var/lib/rung/files"
_SETUP_SECONDS = 120.0
_APPLY_SECONDS = 60.0
_START_SECONDS = 20.0  # for an expectation in `start:` that has no `within`
_TAIL = 20  # lines of a failed script's output that are shown

# The script is written to a file: an argument is limited to 128 KiB, and bash names file and line in errors.
_RUN = """
f=$(mktemp /run/rung-script-XXXXXX) || exit 125
cat >"$f" && chmod 755 "$f"
cd %s || cd /
%s </dev/null 2>&1
r=$?
rm -f "$f"
exit $r
"""


class ScriptFailed(EnvironmentBroken):
    """A script of a lab failed; the message holds its name, the machine and the last lines of its output."""


def run_script(
    driver: Drivers, attempt: str, lab: Lab, text: str, *, name: str = "the script", files: bool = False, timeout: float
) -> None:
    """Run a script part by part, each as `bash -euo pipefail` with the lab's values as variables.

    A part that restarts or stops its machine (`reboot`) ends there; the machine is started again
    before the next one. Raises ScriptFailed.
    """
    variables = loader.environment(lab) | ({"RUNG_FILES": _FILES} if files else {})
    for part in parts(text, lab.first):
        host = Machine(part.machine, driver.channel(attempt, part.machine))
        try:
            result = host.run(_command(part, variables), timeout=timeout, stdin=part.text, again=False)
        except CommandTimeout as late:
            raise ScriptFailed(f"{name} did not end within {timeout:g} s on {part.machine}.") from late
        except MachineGone:
            if not wait_for_shutdown(driver, attempt, part.machine, host):
                raise
            driver.revive(attempt)
            continue
        if wait_for_shutdown(driver, attempt, part.machine, host):
            driver.revive(attempt)
        elif result.rc != 0:
            tail = "\n".join(result.stdout.rstrip().split("\n")[-_TAIL:])
            raise ScriptFailed(f"{name} failed on {part.machine} with exit status {result.rc}:\n{tail}")


def _command(part: Part, variables: dict[str, str]) -> str:
    exports = " ".join(f"{name}={shlex.quote(value)}" for name, value in variables.items())
    if part.user in (None, "root"):
        return _RUN % ("/root", f'env {exports} /bin/bash -euo pipefail "$f"')
    inner = f'env {exports} /bin/bash -euo pipefail "$0"'
    login = f'/usr/sbin/runuser -l {part.user} -s /bin/bash -c {shlex.quote(inner)} "$f"'
    return _RUN % ("/", login)


def wait_for_shutdown(driver: Drivers, attempt: str, machine: str, host: Machine, seconds: float = 30.0) -> bool:
    """Wait for a machine that is shutting down (`reboot`, `poweroff`), at most `seconds`; whether it has stopped."""
    try:
        if host.run("systemctl is-system-running", timeout=5).stdout.strip() != "stopping":
            return False
    except (MachineGone, CommandTimeout):
        pass  # its shells have ended already: it may be shutting down

    def has_stopped() -> bool:
        found = [m for f in driver.attempts() if f.attempt == attempt for m in f.machines if m.name == machine]
        return any(m.state != "running" for m in found)

    return poll(has_stopped, seconds, 0.1)


def apply_start(driver: Drivers, attempt: str, lab: Lab, progress: Progress = silent) -> dict[str, dict[str, str]]:
    """Bring a lab's machines into the starting state and verify it.

    Returns the facts (`task.check` -> fact -> value) that `same:` compares with later. Raises ScriptFailed with the
    output where setup.sh or setup.yaml fails, EnvironmentBroken where an expectation in `start:` does not hold.
    """
    if wanted := manifests.read(lab.folder, lab.values):
        progress("apply", manifests.FILE)
        if not driver.apply_manifests(attempt, wanted):
            _apply(Machine(lab.first, driver.channel(attempt, lab.first)), manifests.text(wanted))
    setup = lab.folder / "setup.sh"
    if setup.exists():
        progress("setup", lab.name)
        with_files = (lab.folder / "files").is_dir()
        if with_files:
            _copy_files(driver, attempt, lab)
        run_script(driver, attempt, lab, setup.read_text(), name="setup.sh", files=with_files, timeout=_SETUP_SECONDS)
        if with_files:
            for name in lab.hosts:
                Machine(name, driver.channel(attempt, name)).run(f"rm -rf {_FILES}")
    progress("verify", lab.name)
    hosts = {name: Machine(name, driver.channel(attempt, name)) for name in lab.hosts}
    with cluster_of(driver, attempt, lab) as cluster:
        _verify(lab, hosts, cluster)
        return _facts(lab, hosts, cluster)


@contextmanager
def cluster_of(driver: Drivers, attempt: str, lab: Lab) -> Iterator[Cluster | None]:
    """The lab's cluster as checks see it, its connections closed at the end; None for a lab of machines.

    Capability `network-policy` is left out here: `Attempt.cluster` adds it where the probe has shown it.
    """
    access = driver.kubeconfig(attempt) if lab.cluster is not None else None
    if lab.cluster is None or access is None:
        yield None
        return
    known = driver.capabilities_for(need_of(lab.cluster))
    has = frozenset(name for name, lacking in known.items() if lacking is None) - {"network-policy"}
    try:
        cluster = Cluster.from_kubeconfig(access, lab.cluster.namespace, capabilities=has)
    except (ValueError, OSError) as error:  # a program gives no credentials, or a file with them is gone
        raise EnvironmentBroken(f"The cluster of {lab.name} cannot be asked: {error}.") from error
    try:
        yield cluster
    finally:
        cluster.close()


def _apply(base: Machine, text: str) -> None:
    """Apply manifests; tried again while a new namespace has no service account yet, which pods need."""
    until = time.monotonic() + _APPLY_SECONDS
    while True:
        result = base.run("kubectl apply -f -", stdin=text, timeout=_APPLY_SECONDS)
        if result.ok:
            return
        if "serviceaccount" not in result.stderr or time.monotonic() > until:
            raise ScriptFailed(f"{manifests.FILE} cannot be applied:\n{result.stderr.strip()}")
        time.sleep(0.2)


def _copy_files(driver: Drivers, attempt: str, lab: Lab) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        archive.add(lab.folder / "files", arcname="files", filter=_owned_by_root)
    for name in lab.hosts:
        Machine(name, driver.channel(attempt, name)).run("mkdir -p /var/lib/rung")
        driver.put(attempt, name, buffer.getvalue(), "/var/lib/rung")


def _owned_by_root(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = "root"
    return member


def _verify(lab: Lab, hosts: dict[str, Machine], cluster: Cluster | None) -> None:
    until = time.monotonic() + max([_START_SECONDS, *(e.within or 0 for e in lab.start)])
    for expectation in lab.start:
        place = CheckContext(hosts[expectation.on or lab.first], hosts, lab.values, cluster)
        while reasons := _reasons(expectation, place, lab):
            if time.monotonic() > until:
                raise EnvironmentBroken(
                    f"{lab.name} is not in its starting state ({expectation.heading()}): {'; '.join(reasons)}",
                    fix="Start it again; if it stays so, the lab is wrong: `rung author prove` tells its author.",
                )
            time.sleep(0.1 if cluster is None else 0.3)  # asking takes processor time from the cluster


def _reasons(expectation: Expectation, context: CheckContext, lab: Lab) -> list[str]:
    try:
        return list(expectation.reasons(context))
    except Fail as fail:
        return fail.reasons
    except (CommandTimeout, ClusterGone, ApiRefused) as late:
        return [str(late)]
    except Broken as broken:
        raise EnvironmentBroken(f"{lab.name}: {expectation.heading()} cannot be asked: {broken}") from broken


def _facts(lab: Lab, hosts: dict[str, Machine], cluster: Cluster | None) -> dict[str, dict[str, str]]:
    found = {}
    for task in lab.tasks:
        for expectation in task.expect:
            if expectation.same:
                place = CheckContext(hosts[expectation.on or task.on or lab.first], hosts, lab.values, cluster)
                key = f"{task.id}.{expectation.id or expectation.kind}"
                try:
                    facts = expectation.facts(place)
                except (Fail, Broken, CommandTimeout) as fail:
                    raise EnvironmentBroken(f"{lab.name}: {key} has nothing to keep the same: {fail}") from fail
                found[key] = {name: facts.get(name, "") for name in expectation.same}
    return found
