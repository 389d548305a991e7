"""Endpoints at which a container engine may answer."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from docker.context import ContextAPI
from docker.context.config import get_current_context_name
from docker.tls import TLSConfig

from rung.runner.core.errors import EngineGone
from rung.runner.engine.errors import reason

_DEFAULT = "default"  # the docker command's built-in context, which stands for the usual sockets
_CONNECT_SECONDS = 2.0  # to a socket of this computer


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
        """The reason why nothing can answer here; None where an engine may."""
        if self.socket is None:
            return None
        with socket.socket(socket.AF_UNIX) as tried:
            tried.settimeout(_CONNECT_SECONDS)
            try:
                tried.connect(str(self.socket))
            except OSError as error:
                return reason(error)
        return None

    def tls(self) -> TLSConfig | None:
        """The certificates for Docker's SDK; None where the endpoint has none.

        Raises FileNotFoundError where a certificate has no key, or a key no certificate.
        """
        if self.certificates is None:
            return None
        found = {name: self.certificates / name for name in ("ca.pem", "cert.pem", "key.pem")}
        ca, certificate, key = (str(path) if path.exists() else None for path in found.values())
        if (certificate is None) != (key is None):
            raise FileNotFoundError(f"{self.certificates} has no {'key.pem' if certificate else 'cert.pem'}")
        pair = (certificate, key) if certificate and key else None
        return TLSConfig(client_cert=pair, ca_cert=ca, verify=True)


def named_by() -> str | None:
    """The environment variable with which the user chose an engine; None where there is none."""
    return next((v for v in ("DOCKER_HOST", "CONTAINER_HOST", "DOCKER_CONTEXT") if os.environ.get(v)), None)


def candidates() -> list[Endpoint]:
    """Endpoints in the order in which they are tried; an endpoint that the user named is the only one.

    Raises EngineGone where DOCKER_CONTEXT names no context.
    """
    for variable in ("DOCKER_HOST", "CONTAINER_HOST"):
        if url := os.environ.get(variable):
            return [Endpoint(url, variable, _environment_certificates())]
    named = os.environ.get("DOCKER_CONTEXT") or ""
    chosen = _context(named or get_current_context_name())
    if named not in ("", _DEFAULT):
        if chosen is None:
            fix = "`docker context use NAME` chooses one that exists; or unset DOCKER_CONTEXT."
            raise EngineGone(f"DOCKER_CONTEXT names `{named}`, and there is no such context.", fix=fix)
        return [chosen]
    found: dict[str, Endpoint] = {}
    for place in [*([chosen] if chosen else []), *_usual()]:
        found.setdefault(place.url, place)
    return list(found.values())


def _environment_certificates() -> Path | None:
    if not os.environ.get("DOCKER_TLS_VERIFY"):
        return None
    return Path(os.environ.get("DOCKER_CERT_PATH") or _config_folder())


def _config_folder() -> Path:
    return Path(os.environ.get("DOCKER_CONFIG") or Path.home() / ".docker")


def _context(name: str) -> Endpoint | None:
    """The endpoint of a context of the docker command; None for `default`, for unknown and for damaged contexts."""
    try:
        found = ContextAPI.get_context(name)
    except Exception:  # the SDK raises no narrower error where a context's file is damaged
        return None
    if found is None or found.name == _DEFAULT or not found.Host:
        return None
    certificates = Path(found.tls_path) / "docker"
    return Endpoint(found.Host, f"context {name}", certificates if certificates.is_dir() else None)


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
