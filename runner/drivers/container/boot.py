"""From a started container to a machine that is ready."""

from __future__ import annotations

import fnmatch
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rung.checks.core.channel import Channel, CommandTimeout, MachineGone
from rung.runner.core.errors import EnvironmentBroken
from rung.runner.drivers.base.error_texts import lacks_kernel_resources

if TYPE_CHECKING:
    from rung.runner.engine.connect import Engine

BOOT_SECONDS = 60.0
PREPARE = "/usr/lib/rung/prepare"

# PID 1 is the image's own init first, then systemd, which alone answers `is-system-running`. On a busy computer systemd
# may close the connection without an answer: then ask again.
_WAIT = """
until [ -S /run/systemd/private ] && read -r init < /proc/1/comm && [ "$init" = systemd ]; do sleep 0.02; done
until state=$(systemctl is-system-running --wait); [ -n "$state" ] && [ "$state" != unknown ]; do sleep 0.1; done
echo "$state"
[ "$state" = running ] || systemctl list-units --state=failed --plain --no-legend --no-pager | cut -d' ' -f1
"""


def prepare(engine: Engine, container: str, machine: str) -> None:
    """Do what the machine itself may not: make its cgroups writable, unmount /etc/hosts.

    Raises EnvironmentBroken with the command's output where that fails.
    """
    status, output = engine.run(container, [PREPARE], privileged=True)
    if status != 0:
        text = output.decode("utf-8", "replace").strip()
        raise EnvironmentBroken(
            f"{machine} could not be prepared (exit status {status}): {text}",
            fix="`rung doctor --deep` tells which options were used and what failed.",
        )


def wait_until_ready(channel: Channel, machine: str, allowed: Sequence[str] = ()) -> None:
    """Wait until `default.target` is reached; only units that match one of the globs `allowed` may have failed.

    Raises EnvironmentBroken with each failed unit's last lines, MachineGone where the machine stops.
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
            # All machines share the kernel's limits; inotify's 128 instances are used up first.
            fix = "Stop some machines, or give the host more: sysctl fs.inotify.max_user_instances=1024"
        raise EnvironmentBroken(f"{machine} booted with failed units: {', '.join(failed)}\n{details}", fix=fix)
    if state not in ("running", "degraded"):
        raise MachineGone(f"{machine} is {state or 'silent'} after {time.monotonic() - began:.1f} s", machine)
