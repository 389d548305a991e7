"""From a started container to a machine that is ready."""

from __future__ import annotations

import fnmatch
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rung.checks.core.machine import Channel, CommandTimeout, MachineGone
from rung.runner.core.errors import EnvironmentBroken
from rung.runner.drivers.base.error_texts import lacks_kernel_resources

if TYPE_CHECKING:
    from rung.runner.engine.connect import Engine

BOOT_SECONDS = 60.0
PREPARE = "/usr/lib/rung/prepare"

# PID 1 is our own init first, then systemd; `is-system-running` can only be asked of the latter. On a busy computer
# systemd may end the question's connection without an answer: it is asked again then.
_WAIT = """
until [ -S /run/systemd/private ] && read -r init < /proc/1/comm && [ "$init" = systemd ]; do sleep 0.02; done
until state=$(systemctl is-system-running --wait); [ -n "$state" ] && [ "$state" != unknown ]; do sleep 0.1; done
echo "$state"
[ "$state" = running ] || systemctl list-units --state=failed --plain --no-legend --no-pager | cut -d' ' -f1
"""


def prepare(engine: Engine, container: str, machine: str) -> None:
    """What the machine itself has no right to: make its cgroups writable, free /etc/hosts of its mount.

    Raises EnvironmentBroken with the command's output where it fails.
    """
    status, output = engine.run(container, [PREPARE], privileged=True)
    if status != 0:
        text = output.decode("utf-8", "replace").strip()
        raise EnvironmentBroken(
            f"{machine} could not be prepared (exit status {status}): {text}",
            fix="`rung doctor --deep` tells which options were used and what failed.",
        )


def wait_until_ready(channel: Channel, machine: str, allowed: Sequence[str] = ()) -> None:
    """Wait for `default.target`; no unit may have failed but those that `allowed` (globs) lists.

    Raises EnvironmentBroken with each failed unit's last lines, MachineGone where the machine ends.
    """
    began = time.monotonic()
    try:
        result = channel.run(_WAIT, timeout=BOOT_SECONDS)
    except CommandTimeout as late:
        jobs = channel.run("systemctl list-jobs --plain --no-legend --no-pager").stdout.strip()
        raise EnvironmentBroken(
            f"{machine} did not finish booting within {BOOT_SECONDS:g} s; it still waits for: {jobs or 'systemd'}",
            fix="`rung doctor --deep` boots a plain machine and tells what fails.",
        ) from late
    state, *units = result.stdout.split("\n")
    failed = [u for u in units if u and not any(fnmatch.fnmatch(u, glob) for glob in allowed)]
    if failed:
        details = channel.run("systemctl status --no-pager --lines=5 " + " ".join(failed)).stdout.strip()
        fix = "If the lab means them to fail, list them in the machine's `failed_units`."
        if lacks_kernel_resources(details):
            # Many machines on one kernel share its limits, inotify's 128 instances first.
            fix = "Stop some machines, or give the host more: sysctl fs.inotify.max_user_instances=1024"
        raise EnvironmentBroken(f"{machine} booted with failed units: {', '.join(failed)}\n{details}", fix=fix)
    if state not in ("running", "degraded"):
        raise MachineGone(f"{machine} is {state or 'silent'} after {time.monotonic() - began:.1f} s", machine)
