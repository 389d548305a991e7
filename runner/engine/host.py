"""Properties of this computer that limit an engine on it: memory, rights, the internet."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

from rung.runner.engine import oci_runtime

_RESOLVE_SECONDS = 1.0
_HOST_NAME = "deb.debian.org"


def available_memory(meminfo: Path = Path("/proc/meminfo")) -> int | None:
    """Bytes that programs can still get, by the kernel's estimate; None where the kernel gives none."""
    try:
        lines = meminfo.read_text().splitlines()
    except OSError:
        return None
    found = (line.split()[1] for line in lines if line.startswith("MemAvailable:"))
    return next((int(kibibytes) * 1024 for kibibytes in found), None)


def lacking_rights() -> frozenset[str]:
    """Capabilities (CAP_...) that no process on this computer, and so no container, can have."""
    try:
        return frozenset(oci_runtime.missing_here())
    except (OSError, ValueError, StopIteration):  # no Linux
        return frozenset()


def internet(routes: Path = Path("/proc/net/route")) -> tuple[bool, str]:
    """Whether this computer seems to reach the internet, and the reason as a clause."""
    if not default_route(routes):
        return False, "this computer has no default route"
    if not resolves(_HOST_NAME):
        return (
            False,
            f"this computer has a default route, but does not resolve {_HOST_NAME} within {_RESOLVE_SECONDS:g} s",
        )
    return True, f"this computer has a default route and resolves {_HOST_NAME}"


def default_route(routes: Path) -> bool:
    """Whether the kernel's table of IPv4 routes has a default route; True where there is no such table."""
    try:
        lines = routes.read_text().splitlines()[1:]
    except OSError:
        return True
    up = 1  # RTF_UP
    fields = (line.split() for line in lines)
    return any(f[1] == "00000000" and f[7] == "00000000" and int(f[3], 16) & up for f in fields if len(f) > 7)


def resolves(name: str) -> bool:
    """Whether a name resolves within a second; a thread asks, because the resolver knows no time limit."""
    found: list[object] = []

    def ask() -> None:
        try:
            found.extend(socket.getaddrinfo(name, 443, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError):
            return

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(_RESOLVE_SECONDS)
    return bool(found)
