"""Advice for a computer on which no engine answers."""

from __future__ import annotations

import shutil
import sys

from rung.runner.engine.apt import cannot_install

COMMAND = "python -m rung.runner.images"


def advice() -> str:
    """What the user can do to get an engine, as one sentence or command."""
    if cannot_install() is None:
        return f"`make engine` (or `{COMMAND}`) installs and starts one."
    if shutil.which("apt-get"):
        return "Install one: `sudo apt-get install docker.io`, then `sudo usermod -aG docker $USER` and log in again."
    if sys.platform == "darwin":
        return "Install and start Docker Desktop, OrbStack, Colima or Podman Desktop."
    if shutil.which("dnf"):
        return "Install one: `sudo dnf install podman`, then `systemctl --user enable --now podman.socket`."
    return "Install Docker Engine or Podman with your system's package manager, and start it."
