"""Endpoints at which a container engine may answer."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docker.tls import TLSConfig


@dataclass(frozen=True)
class Endpoint:
    """The address of an engine. `origin`: the product or the variable that the address comes from."""

    url: str
    origin: str
    certificates: Path | None = None  # folder of ca.pem, cert.pem, key.pem

    @property
    def socket(self) -> Path | None:
        """The path of the socket; None for other addresses."""
        return Path(self.url.removeprefix("unix://")) if self.url.startswith("unix://") else None

    def absent(self) -> str | None:
        """The reason why nothing can answer here; None where it is worth trying."""
        try:
            return "no such socket" if self.socket and not self.socket.exists() else None
        except OSError as error:
            return str(error.strerror)

    def tls(self) -> TLSConfig | None:
        """The client's certificates for Docker's SDK; None where the endpoint has none."""
        if self.certificates is None:
            return None
        from docker.tls import TLSConfig

        pair = (str(self.certificates / "cert.pem"), str(self.certificates / "key.pem"))
        return TLSConfig(
            client_cert=pair if Path(pair[0]).exists() else None,
            ca_cert=str(self.certificates / "ca.pem"),
            verify=True,
        )


def named_by() -> str | None:
    """The environment variable with which the user chose an engine; None where there is none."""
    return next((v for v in ("DOCKER_HOST", "CONTAINER_HOST", "DOCKER_CONTEXT") if os.environ.get(v)), None)


def candidates() -> list[Endpoint]:
    """Endpoints in the order in which they are tried; an endpoint that the user named is the only one."""
    for variable in ("DOCKER_HOST", "CONTAINER_HOST"):
        if url := os.environ.get(variable):
            return [Endpoint(url, variable, _environment_certificates())]
    if name := os.environ.get("DOCKER_CONTEXT"):
        return [_context(name) or Endpoint("unix:///nonexistent", f"DOCKER_CONTEXT={name}, which does not exist")]
    found = [place for place in [_context(_current_context())] if place] + list(_usual())
    return list({place.url: place for place in reversed(found)}.values())[::-1]


def _environment_certificates() -> Path | None:
    if not os.environ.get("DOCKER_TLS_VERIFY"):
        return None
    return Path(os.environ.get("DOCKER_CERT_PATH") or _config_folder())


def _config_folder() -> Path:
    return Path(os.environ.get("DOCKER_CONFIG") or Path.home() / ".docker")


def _json(path: Path) -> dict[str, Any]:
    """The JSON object in a file of Docker's; an empty one where the file is missing or damaged."""
    try:
        found = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _current_context() -> str:
    return str(_json(_config_folder() / "config.json").get("currentContext") or "default")


def _context(name: str) -> Endpoint | None:
    """The endpoint of a context of the docker command; None for `default` and for unknown contexts."""
    import hashlib

    key = hashlib.sha256(name.encode()).hexdigest()
    folder = _config_folder() / "contexts"
    endpoint = _json(folder / "meta" / key / "meta.json").get("Endpoints", {}).get("docker", {})
    if not endpoint.get("Host"):
        return None
    certificates = folder / "tls" / key / "docker"
    return Endpoint(endpoint["Host"], f"context {name}", certificates if certificates.is_dir() else None)


def _usual() -> Iterator[Endpoint]:
    home = Path.home()
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR") or f"/run/user/{os.getuid()}")
    sockets = {
        Path("/var/run/docker.sock"): "Docker Engine",
        runtime / "docker.sock": "Docker Engine, rootless",
        home / ".docker/run/docker.sock": "Docker Desktop",
        home / ".docker/desktop/docker.sock": "Docker Desktop on Linux",
        home / ".colima/default/docker.sock": "Colima",
        home / ".orbstack/run/docker.sock": "OrbStack",
        home / ".rd/docker.sock": "Rancher Desktop",
        runtime / "podman/podman.sock": "Podman, rootless",
        Path("/run/podman/podman.sock"): "Podman",
        home / ".local/share/containers/podman/machine/podman.sock": "Podman machine",
    }
    for path, origin in sockets.items():
        yield Endpoint(f"unix://{path}", origin)
