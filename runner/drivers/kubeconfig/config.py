"""The user's kubeconfig: which cluster a context means, and the parts of it that a lab gets.

What stays on this computer is that one context, with a program that gives credentials, as kubectl uses it. The machine
`base` has no such program: it gets the credentials that the program gave.
"""

from __future__ import annotations

import base64
import os
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from rung.checks.cluster import Cluster
from rung.runner.core.errors import UsageError
from rung.runner.drivers.base.plan import UserCluster
from rung.runner.drivers.kubeconfig.entries import KubeconfigEntry, current_context, default_files, part_of

if TYPE_CHECKING:
    from rung.runner.drivers.kubeconfig.route import Route

_PEM = ("certificate-authority", "client-certificate", "client-key")
_CLUSTER_AT_BASE = ("certificate-authority-data", "insecure-skip-tls-verify", "tls-server-name")
_USER_AT_BASE = ("token", "client-certificate-data", "client-key-data", "username", "password",
                 "as", "as-uid", "as-groups", "as-user-extra")  # fmt: skip
_TOKEN = "docs/kubernetes.md, “A cluster of your own”, tells how to make a context with a token of its own."


def choose(context: str | None, files: str | None = None) -> UserCluster:
    """The cluster of the user's context (None: the current context). A program that gives credentials is not run.

    Raises UsageError where the context does not exist, or labs cannot use it.
    """
    paths = os.pathsep.join(str(Path(p).expanduser().absolute()) for p in (files or default_files()).split(os.pathsep))
    name = context or current_context(paths)
    cluster = UserCluster(name, _server(name, paths), paths)
    document = one_context(cluster)
    if not _only(document, "users").get("exec"):
        connect(cluster, document).close()
    return cluster


def proxy_of(cluster: UserCluster) -> str | None:
    """The proxy that the kubeconfig names for a cluster. Raises UsageError where the kubeconfig lacks the cluster."""
    return _cluster(cluster.context, cluster.files).value.get("proxy-url") or None


def one_context(cluster: UserCluster) -> dict[str, Any]:
    """A kubeconfig of the cluster's context alone, from the user's as it is now, with its certificates inside.

    Raises UsageError where the kubeconfig lacks it, or the context has another server now.
    """
    name, server = cluster.context, _server(cluster.context, cluster.files)
    if server != cluster.server:
        raise UsageError(
            f"The context {name} leads to {server} now; the lab was started on {cluster.server}.",
            fix="Give the context its server back; `rung stop --forget` ends the lab and leaves there what it made.",
        )
    chosen = part_of(cluster.files, "contexts", name)
    user = KubeconfigEntry({}, chosen.folder)
    if chosen.value.get("user"):
        user = part_of(cluster.files, "users", str(chosen.value["user"]))
    with _files_read(name):
        return {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": name,
            "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
            "clusters": [{"name": name, "cluster": {**_alone(_cluster(name, cluster.files)), "server": server}}],
            "users": [{"name": name, "user": _alone(user)}],
        }


def connect(cluster: UserCluster, source: Mapping[str, Any] | Path) -> Cluster:
    """The user's cluster, by a kubeconfig of its context alone. Raises UsageError where that cannot be used."""
    with _files_read(cluster.context):
        try:
            return Cluster.from_kubeconfig(source)
        except (ValueError, ssl.SSLError) as error:
            raise UsageError(f"The context {cluster.context} cannot be used: {error}.", fix=_TOKEN) from error


def as_text(document: Mapping[str, Any]) -> str:
    """A kubeconfig as YAML."""
    import yaml

    text: str = yaml.safe_dump(document, sort_keys=False)
    return text


def for_base(document: Mapping[str, Any], api: Cluster, route: Route) -> dict[str, Any]:
    """The kubeconfig for the machine `base`, from one of a context alone and the client that it made.

    It has the credentials themselves instead of a program, and the addresses that `route` gives.
    """
    cluster, user = _only(document, "clusters"), _only(document, "users")
    there = {"server": route.server, **{key: cluster[key] for key in _CLUSTER_AT_BASE if cluster.get(key)}}
    if route.server_name and not there.get("tls-server-name"):
        there["tls-server-name"] = route.server_name
    if route.proxy:
        there["proxy-url"] = route.proxy
    credentials = {key: user[key] for key in _USER_AT_BASE if user.get(key)}
    if user.get("exec"):
        credentials |= _from_program(api)
    name = document["current-context"]
    return {
        **document,
        "clusters": [{"name": name, "cluster": there}],
        "users": [{"name": name, "user": credentials}],
    }


def renewed_token(cluster: UserCluster) -> str | None:
    """The token that the user's program or file gives now; None where the credentials are in the kubeconfig itself.

    Raises UsageError where the kubeconfig lacks the context, or the program gives no credentials.
    """
    document = one_context(cluster)
    user = _only(document, "users")
    if not user.get("exec"):
        return user["token"] if user.get("tokenFile") else None
    with connect(cluster, document) as api:
        return _from_program(api).get("token")


def _from_program(api: Cluster) -> dict[str, str]:
    """The credentials that a program gave to the client, as the fields of a kubeconfig's user."""
    scheme, _, token = api.client.configuration.api_key.get("BearerToken", "").partition(" ")
    given = {"token": token} if scheme == "Bearer" else {}
    return given | {f"{key}-data": base64.b64encode(pem).decode() for key, pem in api.client.pem.items()}


def _only(document: Mapping[str, Any], part: str) -> Mapping[str, Any]:
    """The only cluster or user of a kubeconfig of one context."""
    (entry,) = document[part]
    found: Mapping[str, Any] = entry[part.removesuffix("s")]
    return found


@contextmanager
def _files_read(context: str) -> Iterator[None]:
    """Name the file that a context names and that cannot be read."""
    try:
        yield
    except OSError as error:
        raise UsageError(
            f"The context {context} names the file {error.filename}: {error.strerror}.",
            fix="Put the file there, or mend the kubeconfig.",
        ) from error


def _alone(entry: KubeconfigEntry) -> dict[str, Any]:
    """An entry with the certificates and the token that its files hold, and with absolute paths. Raises OSError."""
    alone = dict(entry.value)
    for key in _PEM:
        file = alone.pop(key, None)
        if file and not alone.get(f"{key}-data"):
            alone[f"{key}-data"] = _encoded(entry.folder / file)
    if alone.get("tokenFile"):  # it stays: the token in it is renewed
        path = entry.folder / alone["tokenFile"]
        alone |= {"tokenFile": str(path), "token": path.read_text("utf-8").strip()}
    program = alone.get("exec")
    if isinstance(program, Mapping) and os.sep in str(program.get("command", "")):
        alone["exec"] = {**program, "command": str(entry.folder / program["command"])}
    return alone


def _encoded(path: Path) -> str:
    return base64.b64encode(path.read_bytes()).decode()


def _server(context: str, files: str) -> str:
    """The address of a context's API server."""
    cluster = _cluster(context, files).value
    server = str(cluster.get("server") or "").rstrip("/")
    parts = urlsplit(server)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(f"The context {context} has no server that can be asked: `{server}`.", fix=_TOKEN)
    return server


def _cluster(context: str, files: str) -> KubeconfigEntry:
    return part_of(files, "clusters", str(part_of(files, "contexts", context).value.get("cluster") or ""))
