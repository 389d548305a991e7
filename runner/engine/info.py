"""Facts about the engine on which Rung bases its decisions."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from rung.runner.engine.client import Engine

RUNTIME = "rung"  # the OCI runtime that Rung registers with an engine that needs it


@dataclass(frozen=True)
class EngineFacts:
    """Facts from the answers of the engine's API to `info` and `version`."""

    kind: Literal["docker", "podman"]
    version: str
    api: str
    cgroup_version: int  # 0: it reports none
    apparmor: bool
    selinux: bool
    rootless: bool
    userns: bool  # root in a container is another user of the host
    desktop: bool  # it runs in a virtual machine, so the user cannot reach addresses of containers
    arch: str
    cpus: int
    memory: int  # bytes
    disk_free: int | None  # bytes free where it keeps its data; None where that is not on this computer
    writable_cgroups: bool  # it knows the security option of that name
    memory_limit: bool
    cpu_limit: bool
    pids_limit: bool
    runtime: str | None = None  # the OCI runtime that Rung's containers name; None: the engine's default
    local: bool = False  # it runs on this computer itself, not in a virtual machine


def facts(engine: Engine) -> EngineFacts:
    """Ask the engine for its facts. Raises as the methods of Engine do."""
    version = engine.version()
    return read(engine.info(), version, _controllers(engine) if _is_podman(version) else None)


def _controllers(engine: Engine) -> list[str] | None:
    """The cgroup controllers that Podman may use, from its own API; None where the API does not tell."""
    found = engine.podman_info().get("host", {}).get("cgroupControllers")
    return found if isinstance(found, list) else None


def _is_podman(version: Mapping[str, Any]) -> bool:
    return "podman" in " ".join(str(c.get("Name", "")) for c in version.get("Components") or []).lower()


def read(info: Mapping[str, Any], version: Mapping[str, Any], controllers: list[str] | None = None) -> EngineFacts:
    """The facts in the API's answers. `controllers`: cgroup controllers, None where they are not known."""
    kind: Literal["docker", "podman"] = "podman" if _is_podman(version) else "docker"
    number = str(info.get("ServerVersion") or version.get("Version") or "")
    security = {
        part.removeprefix("name=") for option in info.get("SecurityOptions") or [] for part in str(option).split(",")
    }
    cgroups = int(info.get("CgroupVersion") or 0)

    def limit(name: str, controller: str) -> bool:
        return bool(info.get(name)) if controllers is None else controller in controllers

    confined = bool(security & {"rootless", "userns"})
    folder = _folder_here(str(info.get("DockerRootDir") or ""), str(info.get("Name") or ""))
    return EngineFacts(
        kind=kind,
        version=number,
        api=str(version.get("ApiVersion", "")),
        cgroup_version=cgroups,
        apparmor="apparmor" in security,
        selinux="selinux" in security,
        rootless="rootless" in security,
        userns="userns" in security,
        desktop=info.get("OperatingSystem") == "Docker Desktop",
        arch=str(info.get("Architecture", "")),
        cpus=int(info.get("NCPU") or 0),
        memory=int(info.get("MemTotal") or 0),
        disk_free=shutil.disk_usage(folder).free if folder else None,
        writable_cgroups=kind == "docker" and major(number) >= 28 and cgroups == 2 and not confined,
        memory_limit=limit("MemoryLimit", "memory"),
        cpu_limit=limit("CpuCfsQuota", "cpu"),
        pids_limit=limit("PidsLimit", "pids"),
        runtime=container_runtime(info) if kind == "docker" else None,
        local=folder is not None,
    )


def container_runtime(info: Mapping[str, Any]) -> str | None:
    """The OCI runtime that Rung's containers name, by the engine's answer to `info`; None: its default."""
    return RUNTIME if RUNTIME in (info.get("Runtimes") or {}) else None


def major(version: str) -> int:
    """The first number of a version; 0 where the version begins with none."""
    found = re.match(r"v?(\d+)", version)
    return int(found[1]) if found else 0


def _folder_here(folder: str, host: str) -> Path | None:
    """The folder of the engine's data; None where the engine does not run on this computer."""
    import platform

    return Path(folder) if folder and host == platform.node() and Path(folder).exists() else None
