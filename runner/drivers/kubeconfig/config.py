"""The user's kubeconfig: which cluster a context means, and the least of the file that a lab needs.

It must hold the credentials (a certificate, a token, or files with these): a copy of that one context goes into the
machine `base`, which lacks the programs that other kubeconfigs get credentials from.
"""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from rung.checks.client.kubeconfig import Access, from_kubeconfig
from rung.checks.client.session import tls_context
from rung.runner.core.errors import UsageError
from rung.runner.core.text import did_you_mean
from rung.runner.drivers.base.plan import UserCluster

_FILES = ("certificate-authority", "client-certificate", "client-key", "tokenFile")
_TOKEN = "docs/kubernetes.md, “A cluster of your own”, tells how to make a context with a token of its own."


@dataclass(frozen=True)
class KubeconfigEntry:
    """One named part of a kubeconfig, and the folder that its relative paths start from."""

    value: Mapping[str, Any]
    folder: Path


def default_files() -> str:
    """Where kubectl looks: $KUBECONFIG, else the file in the home folder."""
    return os.environ.get("KUBECONFIG") or str(Path.home() / ".kube" / "config")


def choose(context: str | None, files: str | None = None) -> UserCluster:
    """The cluster of the user's context (None: the current context).

    Raises UsageError where the context does not exist, or labs cannot use it.
    """
    paths = os.pathsep.join(str(Path(p).expanduser().absolute()) for p in (files or default_files()).split(os.pathsep))
    name = context or _current(paths)
    cluster = UserCluster(name, _server(name, paths), paths)
    access_to(cluster)
    return cluster


def contexts(files: str | None = None) -> list[str]:
    """Names of all contexts. Raises UsageError where there is no kubeconfig, or the file is none."""
    return list(dict.fromkeys(name for name, _ in _entries(files or default_files(), "contexts", "context")))


def access_to(cluster: UserCluster) -> Access:
    """How to reach the cluster, from the user's kubeconfig as it is now.

    Raises UsageError where the kubeconfig lacks it, or the context has another server now.
    """
    server = _server(cluster.context, cluster.files)
    if server != cluster.server:
        raise UsageError(
            f"The context {cluster.context} leads to {server} now; the lab was started on {cluster.server}.",
            fix="Give the context its server back; `rung stop --forget` ends the lab and leaves there what it made.",
        )
    chosen = _part(cluster.files, "contexts", "context", cluster.context)
    user = _user(cluster, chosen)
    document = {
        "contexts": [{"name": "it", "context": {"cluster": "it", "user": "it"}}],
        "clusters": [{"name": "it", "cluster": _absolute(_cluster(cluster.context, cluster.files))}],
        "users": [{"name": "it", "user": _absolute(user)}],
    }
    try:
        access = from_kubeconfig(document, "it")
        if urlsplit(access.server).scheme == "https":
            tls_context(access)
    except (ValueError, ssl.SSLError) as error:
        raise UsageError(f"The context {cluster.context} cannot be used: {error}.", fix=_TOKEN) from error
    except OSError as error:
        raise UsageError(
            f"The context {cluster.context} names the file {error.filename}: {error.strerror}.",
            fix="Put the file there, or mend the kubeconfig.",
        ) from error
    return access


def minimal(access: Access, name: str, server: str | None = None, server_name: str | None = None) -> str:
    """A kubeconfig (YAML) with this access alone, all of its parts named `name`.

    server: the server's address for the machine that gets the kubeconfig; server_name: the name in its certificate.
    """
    import yaml

    moved = replace(
        access, server=server or access.server, server_name=server_name or access.server_name, namespace="default"
    )
    config = moved.as_kubeconfig()
    config["contexts"] = [{"name": name, "context": {"cluster": name, "user": name}}]
    for part in ("clusters", "users"):
        config[part][0]["name"] = name
    whole = {"apiVersion": "v1", "kind": "Config", **config, "current-context": name}
    text: str = yaml.safe_dump(whole, sort_keys=False)
    return text


def _current(files: str) -> str:
    for _, document in _documents(files):
        if document.get("current-context"):
            return str(document["current-context"])
    raise UsageError("The kubeconfig has no current context.", fix=f"Name one with --context: {_known(files)}.")


def _server(context: str, files: str) -> str:
    """The address of a context's API server."""
    cluster = _cluster(context, files).value
    server = str(cluster.get("server") or "").rstrip("/")
    parts = urlsplit(server)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(f"The context {context} has no server that can be asked: `{server}`.", fix=_TOKEN)
    return server


def _cluster(context: str, files: str) -> KubeconfigEntry:
    chosen = _part(files, "contexts", "context", context)
    return _part(files, "clusters", "cluster", str(chosen.value.get("cluster") or ""))


def _user(cluster: UserCluster, chosen: KubeconfigEntry) -> KubeconfigEntry:
    """The context's user. Raises UsageError where a program gives the credentials."""
    if not chosen.value.get("user"):
        return KubeconfigEntry({}, chosen.folder)
    user = _part(cluster.files, "users", "user", str(chosen.value["user"]))
    program = user.value.get("exec") or user.value.get("auth-provider")
    if program:
        called = program.get("command") or program.get("name") if isinstance(program, Mapping) else None
        raise UsageError(
            f"The user of the context {cluster.context} gets credentials from a program ({called or 'exec'}), "
            "which a lab's machine does not have.",
            fix=_TOKEN,
        )
    return user


def _part(files: str, part: str, key: str, name: str) -> KubeconfigEntry:
    found = list(_entries(files, part, key))
    for called, entry in found:
        if called == name:
            return entry
    names = list(dict.fromkeys(called for called, _ in found))
    if part != "contexts":
        raise UsageError(f"There is no {key} `{name}` in {files}.", fix="Mend the kubeconfig.")
    raise UsageError(
        f"There is no {key} `{name}` in {files}{did_you_mean(name, names) or '.'}",
        fix=f"There are: {', '.join(names) or 'none'}.",
    )


def _known(files: str) -> str:
    return ", ".join(contexts(files)) or "it has none"


def _entries(files: str, part: str, key: str) -> Iterator[tuple[str, KubeconfigEntry]]:
    """(name, entry) of a part, in kubectl's order: the first of a name counts."""
    for path, document in _documents(files):
        listed = document.get(part)
        for entry in listed if isinstance(listed, list) else ():
            if isinstance(entry, Mapping) and isinstance(entry.get("name"), str):
                value = entry.get(key)
                yield entry["name"], KubeconfigEntry(value if isinstance(value, Mapping) else {}, path.parent)


def _documents(files: str) -> list[tuple[Path, Mapping[str, Any]]]:
    """(path, content) of every kubeconfig. Raises UsageError where there is none, or a file is none."""
    import yaml

    found: list[tuple[Path, Mapping[str, Any]]] = []
    for path in [Path(name) for name in files.split(os.pathsep) if name]:
        try:
            document = yaml.load(path.read_text("utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        except FileNotFoundError:
            continue
        except (OSError, ValueError, yaml.YAMLError) as error:
            why = error.strerror if isinstance(error, OSError) else "it is no YAML"
            raise UsageError(f"{path} cannot be read: {why}.", fix="Name another file with --kubeconfig.") from error
        if document is not None and not isinstance(document, dict):
            raise UsageError(f"{path} is no kubeconfig.", fix="Name another file with --kubeconfig.")
        found.append((path, document or {}))
    if not found:
        raise UsageError(f"There is no kubeconfig at {files}.", fix="Name one with --kubeconfig.")
    return found


def _absolute(entry: KubeconfigEntry) -> dict[str, Any]:
    """An entry with absolute paths."""
    return {key: str(entry.folder / value) if key in _FILES and value else value for key, value in entry.value.items()}
