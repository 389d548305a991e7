"""An OCI runtime: the real one, without the rights that this computer cannot give.

Registered with the engine where the bounding set lacks a capability that privileged containers and
execs ask for, or where hard limits are lower than engines ask: the real runtime would refuse to start
anything. It is copied out of the package and run by itself, so it imports nothing of Rung, and reads
what is possible anew at each start. Each container and each exec waits for it, so it loads no module that it can do
without: pathlib and typing were a quarter of its time.
"""

from __future__ import annotations

import json
import os
import resource
import sys

TYPE_CHECKING = False  # type checkers take it for True
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    Json = dict[str, Any]

REAL = ("runc", "crun")
FOLDERS = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin")
# In the kernel's order: number -> name.
CAPABILITIES = (
    "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETPCAP",
    "LINUX_IMMUTABLE", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_ADMIN", "NET_RAW", "IPC_LOCK", "IPC_OWNER",
    "SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT", "SYS_PTRACE", "SYS_PACCT", "SYS_ADMIN", "SYS_BOOT", "SYS_NICE",
    "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "MKNOD", "LEASE", "AUDIT_WRITE", "AUDIT_CONTROL", "SETFCAP",
    "MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG", "WAKE_ALARM", "BLOCK_SUSPEND", "AUDIT_READ", "PERFMON", "BPF",
    "CHECKPOINT_RESTORE",
)  # fmt: skip


def missing(status: str, last: int) -> set[str]:
    """Capabilities that the kernel knows (numbers up to `last`) and a process's bounding set lacks.

    `status`: the text of /proc/PID/status.
    """
    bounding = next(int(line.split()[1], 16) for line in status.splitlines() if line.startswith("CapBnd:"))
    return {f"CAP_{name}" for i, name in enumerate(CAPABILITIES[: last + 1]) if not bounding >> i & 1}


def missing_here() -> set[str]:
    """What this process, and so every container that it starts, cannot have."""
    return missing(_read("/proc/self/status"), int(_read("/proc/sys/kernel/cap_last_cap")))


def hard_limit(name: str) -> int:
    """This process's hard limit of an OCI name such as RLIMIT_NOFILE; -1: none, or an unknown name."""
    number = getattr(resource, name, None)
    return -1 if number is None else resource.getrlimit(number)[1]


def possible(process: Json, lacking: set[str], hard: Callable[[str], int]) -> Json:
    """The OCI process without capabilities that are lacking, and with limits that may be set.

    Without CAP_SYS_RESOURCE nobody may raise a hard limit.
    """
    wanted = process.get("capabilities") or {}
    kept = {kind: [name for name in names or [] if name not in lacking] for kind, names in wanted.items()}
    limits = [dict(limit) for limit in process.get("rlimits") or []]
    if "CAP_SYS_RESOURCE" in lacking:
        for limit in limits:
            ceiling = hard(limit["type"])
            if ceiling >= 0:
                limit["hard"] = min(limit["hard"], ceiling)
                limit["soft"] = min(limit["soft"], limit["hard"])
    return {**process, **({"capabilities": kept} if wanted else {}), **({"rlimits": limits} if limits else {})}


def _read(path: str) -> str:
    with open(path, encoding="utf-8") as file:
        return file.read()


def _edit(path: str, change: Callable[[Json], Json]) -> None:
    changed = json.dumps(change(json.loads(_read(path))))
    with open(path, "w", encoding="utf-8") as file:
        file.write(changed)


def _value(arguments: Sequence[str], names: Sequence[str]) -> str | None:
    for i, argument in enumerate(arguments):
        for name in names:
            if argument == name and i + 1 < len(arguments):
                return arguments[i + 1]
            if argument.startswith(f"{name}="):
                return argument[len(name) + 1 :]
    return None


def prepare(arguments: Sequence[str]) -> None:
    """Rewrite the files that a call names: a bundle's config.json, or an exec's process."""

    def mended(process: Json) -> Json:
        return possible(process, missing_here(), hard_limit)

    verb = next((a for a in arguments if a in ("create", "run", "restore", "exec")), None)
    if verb == "exec" and (path := _value(arguments, ("--process", "-p"))):
        _edit(path, mended)
    elif verb in ("create", "run", "restore"):
        bundle = _value(arguments, ("--bundle", "-b")) or "."
        _edit(f"{bundle}/config.json", lambda config: {**config, "process": mended(config.get("process") or {})})


def main() -> None:
    arguments = sys.argv[1:]
    prepare(arguments)
    for name in REAL:
        for folder in FOLDERS:
            if os.path.exists(f"{folder}/{name}"):
                os.execv(f"{folder}/{name}", [name, *arguments])
    sys.exit(f"no {' or '.join(REAL)} in {', '.join(FOLDERS)}")


if __name__ == "__main__":
    main()
