"""What the computer that runs the engine can give, where that is this one: memory, rights, a way to the internet."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

from rung.runner.engine import oci_runtime

_WAIT = 1.0  # seconds for a name to be resolved
_ASKED = "deb.debian.org"


def available_memory(meminfo: Path = Path("/proc/meminfo")) -> int | None:
    """Bytes that programs may still have, as the kernel estimates them; None where it does not tell."""
    try:
        lines = meminfo.read_text().splitlines()
    except OSError:
        return None
    found = (line.split()[1] for line in lines if line.startswith("MemAvailable:"))
    return next((int(kibibytes) * 1024 for kibibytes in found), None)


def lacking_rights() -> frozenset[str]:
    """Capabilities (CAP_...) that no process here, and so no container, can have."""
    try:
        return frozenset(oci_runtime.missing_here())
    except (OSError, ValueError, StopIteration):  # no Linux
        return frozenset()


def internet(routes: Path = Path("/proc/net/route")) -> tuple[bool, str]:
    """Whether this computer seems to reach the internet, and by what that was decided."""
    if not default_route(routes):
        return False, "this computer has no default route"
    if not resolves(_ASKED):
        return False, f"this computer has a default route, but does not resolve {_ASKED} within {_WAIT:g} s"
    return True, f"this computer has a default route and resolves {_ASKED}"


def default_route(routes: Path) -> bool:
    """Whether the kernel's table of IPv4 routes has one for everywhere; True where there is no such table."""
    try:
        lines = routes.read_text().splitlines()[1:]
    except OSError:
        return True
    up = 1  # RTF_UP
    fields = (line.split() for line in lines)
    return any(f[1] == "00000000" and f[7] == "00000000" and int(f[3], 16) & up for f in fields if len(f) > 7)


def resolves(name: str) -> bool:
    """Whether a name has an address; the resolver has no limit of its own, so it is asked from a thread."""
    found: list[object] = []

    def ask() -> None:
        try:
            found.extend(socket.getaddrinfo(name, 443, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError):
            return

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(_WAIT)
    return bool(found)
