"""Installs packages of Debian and Ubuntu that Rung itself needs, where Rung runs as root."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence

from rung.runner.core.errors import EnvironmentBroken
from rung.runner.core.progress import Progress, silent

_APT_SECONDS = 600.0


def cannot_install() -> str | None:
    """The reason why packages cannot be installed here; None where they can."""
    if not shutil.which("apt-get"):
        return "this computer is not Debian or Ubuntu"
    if os.geteuid() != 0:
        return "installing packages needs root"
    return None


def ensure_program(program: str, packages: Sequence[str], progress: Progress = silent) -> None:
    """Install `packages` unless `program` is on PATH.

    Raises EnvironmentBroken where packages cannot be installed, or with apt's last lines where apt fails.
    """
    if shutil.which(program):
        return
    if reason := cannot_install():
        raise EnvironmentBroken(f"{program} is missing, and {reason}.", fix=f"Install {' '.join(packages)}.")
    progress("install", "package lists")
    _apt(["update"])
    progress("install", " ".join(packages))
    _apt(["install", "-y", "--no-install-recommends", *packages])


def _apt(arguments: Sequence[str]) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    # A computer that has just booted may be updating itself, so apt waits for the lock of dpkg.
    command = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120", *arguments]
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=_APT_SECONDS, env=environment
        )
    except subprocess.TimeoutExpired as late:
        raise EnvironmentBroken(f"`{' '.join(command)}` did not end within {_APT_SECONDS:g} s.") from late
    if done.returncode != 0:
        last = "\n".join((done.stdout + done.stderr).strip().splitlines()[-12:])
        raise EnvironmentBroken(f"`{' '.join(command)}` failed:\n{last}", fix="Does `apt-get update` work by itself?")
