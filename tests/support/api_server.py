"""A small API server in this process: enough of the protocol for the checks, with objects that a test gives it."""

from __future__ import annotations

import base64
import copy
import hashlib
import json
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email.message import Message
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from rung.checks.client import discovery, exec_stream
from rung.checks.client.selectors import selector
from rung.checks.cluster import Cluster
from rung.checks.core.channel import Result
from rung.checks.core.machine import Machine
from rung.checks.core.registry import CheckContext, Expectation
from rung.checks.kinds import load_kinds

Object = dict[str, Any]
_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # of the WebSocket protocol, RFC 6455


@dataclass
class ApiState:
    """The server's objects, how it answers other requests, and the requests that it received."""

    objects: list[Object] = field(default_factory=list)
    extra: list[discovery.ApiResource] = field(default_factory=list)  # kinds beside the common ones
    allowed: Callable[[dict[str, Any]], bool] = lambda spec: False  # noqa: ARG005
    rules: dict[str, list[Any]] = field(default_factory=dict)  # user, or user/group
    logs: dict[str, str] = field(default_factory=dict)  # "pod/container", "pod/container/previous"
    commands: Callable[[str, list[str], bytes], Result] = lambda pod, words, stdin: Result(0, b"", b"")  # noqa: ARG005
    loses: bool = False  # whether the end of a command's output gets lost
    ends_early: bool = False  # whether a command's stream ends without the command's status
    writes_on: bool = False  # whether a command never stops writing
    raw: dict[str, Any] = field(default_factory=dict)  # path -> JSON, or an int: that status
    admits: Callable[[Object], str | None] = lambda thing: None  # noqa: ARG005  # the reason of a refusal
    asked: list[str] = field(default_factory=list)  # "GET /api/v1/pods?..."
    bodies: list[Any] = field(default_factory=list)
    headers: list[Message] = field(default_factory=list)

    def kinds(self) -> list[discovery.ApiResource]:
        return [*discovery.common_resources(), *self.extra]


def thing(kind: str, name: str, namespace: str | None = "lab", **parts: Any) -> Object:
    """An object: its kind, name and namespace, and the rest as keywords (`labels` go to its metadata)."""
    resource = discovery.find_resource(kind, None, discovery.common_resources())
    metadata = {"name": name, "uid": f"uid-{name}", **parts.pop("metadata", {})}
    if resource is None or resource.namespaced:
        metadata["namespace"] = namespace
    if "labels" in parts:
        metadata["labels"] = parts.pop("labels")
    version = parts.pop("apiVersion", resource.api_version if resource else "v1")
    return {"apiVersion": version, "kind": kind, "metadata": metadata, **parts}


def pod(name: str, *, labels: dict[str, str] | None = None, namespace: str = "lab", **parts: Any) -> Object:
    """A pod that runs and is ready; `spec` and `status` are merged over that."""
    container = {"name": "app", "image": "rung/web:1.0"}
    running = {"name": "app", "state": {"running": {"startedAt": "2026-01-01T10:00:00Z"}}}
    status = {"phase": "Running", "podIP": "10.0.0.9", "conditions": [{"type": "Ready", "status": "True"}]}
    return thing(
        "Pod", name, namespace, labels=labels or {"app": name},
        spec={"nodeName": "node01", "containers": [container], **parts.pop("spec", {})},
        status={**status, "containerStatuses": [running], **parts.pop("status", {})}, **parts,
    )  # fmt: skip


def namespace(name: str, **labels: str) -> Object:
    return thing("Namespace", name, labels={"kubernetes.io/metadata.name": name, **labels}, status={"phase": "Active"})


@contextmanager
def serving(api_state: ApiState, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """The server's address while it runs."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"api_state": api_state}))
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield f"{'http' if tls is None else 'https'}://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def expectation(data: dict[str, Any]) -> Expectation:
    """The expectation that a lab file's mapping stands for."""
    kinds = load_kinds()
    name = next(key for key in data if key in kinds)
    return kinds[name].model_validate(data)


def check_context(cluster: Cluster, **hosts: Machine) -> CheckContext:
    """The context of an expectation in these tests; without machines, the host answers nothing."""
    nobody = Machine("base", _NoChannel())
    return CheckContext(hosts.get("base", nobody), hosts, {}, cluster)


def kubeconfig(server: str, user: dict[str, Any] | None = None, **cluster: Any) -> dict[str, Any]:
    """A kubeconfig with one context for a server; the keywords are further fields of its cluster."""
    return {
        "current-context": "it",
        "contexts": [{"name": "it", "context": {"cluster": "it", "user": "me"}}],
        "clusters": [{"name": "it", "cluster": {"server": server, **cluster}}],
        "users": [{"name": "me", "user": user or {}}],
    }


def connected(url: str, **options: Any) -> Cluster:
    return Cluster.from_kubeconfig(kubeconfig(url), "lab", **options)


class _NoChannel:
    def run(self, command: str, **options: Any) -> Result:
        raise AssertionError(f"no machine is asked here: {command} {options}")

    def close(self) -> None:
        """Nothing is open."""


class _Handler(BaseHTTPRequestHandler):
    api_state: ApiState
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        """Be quiet."""

    def do_GET(self) -> None:
        self._answer("GET")

    def do_POST(self) -> None:
        self._answer("POST")

    def do_PATCH(self) -> None:
        self._answer("PATCH")

    def do_DELETE(self) -> None:
        self._answer("DELETE")

    def _answer(self, method: str) -> None:
        self.api_state.asked.append(f"{method} {self.path}")
        self.api_state.headers.append(self.headers)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        data = json.loads(body) if body else None
        if data is not None:
            self.api_state.bodies.append(data)
        parts = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        if parts.path.endswith("/exec"):
            _exec(self, self.api_state, parts.path.split("/")[-2], parse_qs(parts.query).get("command", []))
            return
        if parts.path.endswith("/selfsubjectrulesreviews"):
            names = [self.headers.get(f"Impersonate-{part}") for part in ("User", "Group")]
            found = self.api_state.rules.get("/".join(name for name in names if name), [])
            self._send(201, {"status": {"resourceRules": found, "incomplete": True}})
            return
        self._send(*_response(self.api_state, method, parts.path, query, data))

    def _send(self, status: int, value: Any) -> None:
        data = value.encode() if isinstance(value, str) else json.dumps(value).encode()
        self.send_response_only(status)
        self.send_header("Date", formatdate(usegmt=True))
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def _status(code: int, message: str) -> tuple[int, Any]:
    return code, {"kind": "Status", "status": "Failure", "message": message, "code": code}


def _response(api_state: ApiState, method: str, path: str, query: dict[str, str], data: Any) -> tuple[int, Any]:
    if path in api_state.raw:
        value = api_state.raw[path]
        return _status(value, "because the test says so") if isinstance(value, int) else (200, value)
    if path == "/readyz":
        return 200, "ok"
    if path in ("/api", "/apis"):
        return 200, _discovery([k for k in api_state.kinds() if bool(k.group) == (path == "/apis")])
    if path.endswith("/subjectaccessreviews"):
        return 201, {"status": {"allowed": api_state.allowed(data["spec"])}}
    if path.endswith("/log"):
        return _log(api_state, path.split("/")[-2], query)
    for resource in api_state.kinds():
        found = _objects(api_state, resource, method, path, query, data)
        if found is not None:
            return found
    return 404, "404 page not found\n"


def _discovery(kinds: list[discovery.ApiResource]) -> Any:
    groups: dict[tuple[str, str], list[Any]] = {}
    for each in kinds:
        entry = {
            "resource": each.plural, "responseKind": {"group": each.group, "version": each.version, "kind": each.kind},
            "scope": "Namespaced" if each.namespaced else "Cluster", "shortNames": list(each.short),
        }  # fmt: skip
        groups.setdefault((each.group, each.version), []).append(entry)
    items = [
        {"metadata": {"name": group} if group else {}, "versions": [{"version": version, "resources": entries}]}
        for (group, version), entries in groups.items()
    ]
    return {"kind": "APIGroupDiscoveryList", "items": items}


def _log(api_state: ApiState, name: str, query: dict[str, str]) -> tuple[int, Any]:
    container = query.get("container", "app")
    key = f"{name}/{container}" + ("/previous" if query.get("previous") else "")
    if key not in api_state.logs:
        return _status(400, f'previous terminated container "{container}" in pod "{name}" not found')
    return 200, api_state.logs[key]


def _objects(
    api_state: ApiState, resource: discovery.ApiResource, method: str, path: str, query: dict[str, str], data: Any
) -> tuple[int, Any] | None:
    """The answer where the path is one of this resource, else None."""
    words = path.split("/")
    scope = words[words.index("namespaces") + 1] if "/namespaces/" in path and resource.namespaced else None
    base = resource.path(scope)
    if path != base and not path.startswith(f"{base}/"):
        return None
    existing = [
        o for o in api_state.objects
        if o["kind"] == resource.kind and o["apiVersion"] == resource.api_version
        and scope in (None, o["metadata"].get("namespace"))
    ]  # fmt: skip
    name = path[len(base) + 1 :]
    if "/" in name:
        return None
    if method == "POST":
        return _created(api_state, resource, existing, data, scope)
    if not name:
        return 200, {"kind": f"{resource.kind}List", "items": [_bare(o) for o in existing if _selected(o, query)]}
    found = next((o for o in existing if o["metadata"]["name"] == name), None)
    if found is None:
        return _status(404, f'{resource.name} "{name}" not found')
    if method == "PATCH":
        refusal = api_state.admits(data)
        return _status(422, refusal) if refusal else (200, _over(found, data))
    return 200, found


def _bare(thing: Object) -> Object:
    """As in the API's lists: without kind and apiVersion."""
    return {key: value for key, value in thing.items() if key not in ("kind", "apiVersion")}


def _created(
    api_state: ApiState, resource: discovery.ApiResource, existing: list[Object], data: Any, scope: str | None
) -> Any:
    name = data["metadata"]["name"]
    if any(o["metadata"]["name"] == name for o in existing):
        return _status(409, f'{resource.name} "{name}" already exists')
    refusal = api_state.admits(data)
    if refusal:
        return _status(422, refusal)
    return 201, _over(data, {"metadata": {"namespace": scope, "uid": "new"}})


def _over(below: Any, above: Any) -> Any:
    if isinstance(below, dict) and isinstance(above, dict):
        merged = copy.deepcopy(below)
        merged.update({key: _over(below.get(key), value) for key, value in above.items()})
        return merged
    return above


def _selected(thing: Object, query: dict[str, str]) -> bool:
    if not selector(query.get("labelSelector", "")).selects(thing["metadata"].get("labels")):
        return False
    for part in query.get("fieldSelector", "").split(","):
        path, _, want = part.partition("=")
        value: Any = thing
        for step in path.split(".") if path else ():
            value = value.get(step, "") if isinstance(value, dict) else ""
        if path and value != want:
            return False
    return True


# -- exec: a WebSocket whose messages begin with the number of their stream


def _exec(handler: _Handler, api_state: ApiState, name: str, words: list[str]) -> None:
    if not any(o["kind"] == "Pod" and o["metadata"]["name"] == name for o in api_state.objects):
        handler._send(*_status(404, f'pods "{name}" not found'))
        return
    digest = hashlib.sha1((handler.headers["Sec-WebSocket-Key"] + _GUID).encode()).digest()
    handler.send_response_only(101)
    handler.send_header("Upgrade", "websocket")
    handler.send_header("Connection", "Upgrade")
    handler.send_header("Sec-WebSocket-Accept", base64.b64encode(digest).decode())
    handler.send_header("Sec-WebSocket-Protocol", handler.headers["Sec-WebSocket-Protocol"].split(",")[0])
    handler.end_headers()
    handler.close_connection = True
    if api_state.ends_early:
        return
    while api_state.writes_on:
        try:
            _write_frame(handler, b"\x01y\n")
        except OSError:
            return
    stdin = _received(handler) if "stdin=true" in handler.path else b""
    marked = words[2:3] == [exec_stream.MARKED]
    result = api_state.commands(name, [*words[:2], words[3]] if marked else words, stdin)
    if marked and result.rc != 127 and not api_state.loses:
        result = replace(result, out=result.out + exec_stream.END_MARK)
    for stream, data in ((1, result.out), (2, result.err), (3, _ended(result))):
        if data and (stream, result.rc) != (2, 127):
            _write_frame(handler, bytes([stream]) + data)


def _ended(result: Result) -> bytes:
    if result.rc == 0:
        return json.dumps({"status": "Success"}).encode()
    if result.rc == 127 and not result.out:
        message = (
            f'exec failed: unable to start container process: "{result.stderr}": executable file not found in $PATH'
        )
        return json.dumps({"status": "Failure", "reason": "InternalError", "message": message, "code": 500}).encode()
    causes = [{"reason": "ExitCode", "message": str(result.rc)}]
    return json.dumps({"status": "Failure", "reason": "NonZeroExitCode", "details": {"causes": causes}}).encode()


def _write_frame(handler: _Handler, data: bytes) -> None:
    if len(data) < 126:
        size = bytes([len(data)])
    else:
        size = b"\x7e" + struct.pack(">H", len(data)) if len(data) < 1 << 16 else b"\x7f" + struct.pack(">Q", len(data))
    handler.wfile.write(b"\x82" + size + data)
    handler.wfile.flush()


def _received(handler: _Handler) -> bytes:
    """What the client sends as its standard input, until it says that this is all."""
    parts = []
    while True:
        head = handler.rfile.read(2)
        size = head[1] & 0x7F
        if size == 126:
            (size,) = struct.unpack(">H", handler.rfile.read(2))
        mask = handler.rfile.read(4)
        data = bytes(b ^ mask[n % 4] for n, b in enumerate(handler.rfile.read(size)))
        if data[:1] == b"\xff":
            return b"".join(parts)
        parts.append(data[1:])
