"""Access to a cluster's API as a kubeconfig describes it: address, trusted CA, credentials."""

from __future__ import annotations

import base64
import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

_PLUGIN_SECONDS = 30


@dataclass(frozen=True)
class Access:
    """A server and the credentials for it. Certificates and keys are PEM.

    `server_name` is the name in the server's certificate if it differs from the address.
    """

    server: str
    ca: bytes | None = None
    certificate: bytes | None = None
    key: bytes | None = None
    token: str | None = None
    insecure: bool = False
    server_name: str | None = None
    namespace: str = "default"

    def as_kubeconfig(self) -> dict[str, Any]:
        """A kubeconfig of this access alone, for the official client."""
        cluster = {
            "server": self.server,
            "certificate-authority-data": _encoded(self.ca),
            "tls-server-name": self.server_name,
            "insecure-skip-tls-verify": self.insecure or None,
        }
        user = {
            "client-certificate-data": _encoded(self.certificate),
            "client-key-data": _encoded(self.key),
            "token": self.token,
        }
        return {
            "current-context": "rung",
            "contexts": [{"name": "rung", "context": {"cluster": "rung", "user": "rung", "namespace": self.namespace}}],
            "clusters": [{"name": "rung", "cluster": {k: v for k, v in cluster.items() if v is not None}}],
            "users": [{"name": "rung", "user": {k: v for k, v in user.items() if v is not None}}],
        }


def from_kubeconfig(source: Mapping[str, Any] | Path | str, context: str | None = None) -> Access:
    """The access that a kubeconfig (a mapping, or a file's path) describes; `context` defaults to its current one.

    Relative paths in a file start at its folder. A credential plugin (`exec`) runs, for at most 30 seconds.
    Raises ValueError if a named part is missing or not supported, and OSError if a file cannot be read.
    """
    folder = Path()
    if not isinstance(source, Mapping):
        folder = Path(source).parent
        source = _document(Path(source))
    chosen = _entry(source, "contexts", context or source.get("current-context") or "", "context")
    cluster = _entry(source, "clusters", chosen.get("cluster") or "", "cluster")
    user = _entry(source, "users", chosen["user"], "user") if chosen.get("user") else {}
    if cluster.get("proxy-url"):
        raise ValueError("the kubeconfig asks for a proxy (proxy-url), which is not supported")
    access = Access(
        server=str(cluster["server"]).rstrip("/"),
        ca=_pem(cluster, "certificate-authority", folder),
        insecure=bool(cluster.get("insecure-skip-tls-verify")),
        server_name=cluster.get("tls-server-name"),
        namespace=chosen.get("namespace") or "default",
    )
    return _with_user(access, user, folder)


def _with_user(access: Access, user: Mapping[str, Any], folder: Path) -> Access:
    token = user.get("token")
    if not token and user.get("tokenFile"):
        token = (folder / user["tokenFile"]).read_text("utf-8").strip()
    access = replace(
        access,
        certificate=_pem(user, "client-certificate", folder),
        key=_pem(user, "client-key", folder),
        token=token or None,
    )
    if user.get("exec"):
        return _with_plugin(access, user["exec"])
    unsupported = [key for key in ("auth-provider", "username", "as") if user.get(key)]
    if unsupported:
        raise ValueError(f"the kubeconfig's user has `{unsupported[0]}`, which is not supported")
    return access


def _with_plugin(access: Access, plugin: Mapping[str, Any]) -> Access:
    """Add the credentials that a plugin prints (an ExecCredential), as cloud providers use them."""
    request = {
        "apiVersion": plugin.get("apiVersion", "client.authentication.k8s.io/v1"),
        "kind": "ExecCredential",
        "spec": {"interactive": False},
    }
    plugin_env = {each["name"]: each["value"] for each in plugin.get("env") or ()}
    command = [plugin["command"], *(plugin.get("args") or ())]
    try:
        done = subprocess.run(
            command,
            env={**os.environ, **plugin_env, "KUBERNETES_EXEC_INFO": json.dumps(request)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PLUGIN_SECONDS,
            check=True,
        )
        status = json.loads(done.stdout)["status"]
    except (OSError, subprocess.SubprocessError, ValueError, KeyError) as error:
        raise ValueError(f"the kubeconfig's program `{command[0]}` gave no credentials: {error}") from error
    certificate, key = status.get("clientCertificateData"), status.get("clientKeyData")
    return replace(
        access,
        token=status.get("token") or access.token,
        certificate=certificate.encode() if certificate else access.certificate,
        key=key.encode() if key else access.key,
    )


def _document(path: Path) -> Mapping[str, Any]:
    import yaml

    document = yaml.load(path.read_text("utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    if not isinstance(document, dict):
        raise ValueError(f"{path} is no kubeconfig")
    return document


def _entry(config: Mapping[str, Any], part: str, name: str, key: str) -> Mapping[str, Any]:
    for entry in config.get(part) or ():
        if entry.get("name") == name:
            found = entry.get(key)
            return found if isinstance(found, Mapping) else {}
    raise ValueError(f"the kubeconfig has no {key} `{name}`")


def _pem(part: Mapping[str, Any], key: str, folder: Path) -> bytes | None:
    """A PEM text, from base64 in the kubeconfig or from a file that it names."""
    if part.get(f"{key}-data"):
        return base64.b64decode(part[f"{key}-data"])
    return (folder / part[key]).read_bytes() if part.get(key) else None


def _encoded(pem: bytes | None) -> str | None:
    return None if pem is None else base64.b64encode(pem).decode()
