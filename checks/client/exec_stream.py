"""Runs a command in a container, over the stream of the official client.

Its `WSClient` splits the stream into channels and closes stdin. What it cannot do, `_ExecStream` and `_open` do:

- It waits for the connection and for the first answer without a limit.
- It sends no header but Authorization, so nobody would be impersonated.
- It reads for as long as data arrives, so a command that never stops writing would outlast every limit.
"""

from __future__ import annotations

import http.client
import io
import json
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

import websocket
from kubernetes.stream.ws_client import (
    ERROR_CHANNEL,
    STDERR_CHANNEL,
    STDIN_CHANNEL,
    STDOUT_CHANNEL,
    V4_CHANNEL_PROTOCOL,
    V5_CHANNEL_PROTOCOL,
    WSClient,
)

from rung.checks.client.errors import ApiRefused, ClusterGone
from rung.checks.client.transport import message_of, prepare, reason_of
from rung.checks.core.channel import CommandTimeout, Result

if TYPE_CHECKING:
    from rung.checks.client.kubeconfig import KubeconfigClient

_PROTOCOLS = [V5_CHANNEL_PROTOCOL, V4_CHANNEL_PROTOCOL]  # only v5 can close stdin
_NOT_FOUND = 127
_CHUNK = 1 << 15
# Follows the command's output: a stream can lose its end, or everything, and still report "Success" (kubernetes issues
# 34256 and 124571; seen once in some thousand commands on a busy computer).
END_MARK = b"\n#rung: the end\n"
MARKED = 'sh -c "$0"; s=$?; echo; echo "#rung: the end"; exit $s'


def execute(
    api: KubeconfigClient,
    path: str,
    command: Sequence[str],
    container: str | None,
    stdin: bytes,
    timeout: float,
    name: str | None = None,
) -> Result:
    """Run `command` in a container of the pod whose exec subresource is at `path`, and wait for its end.

    `container` defaults to the pod's first; `timeout` is in seconds; error messages call the command `name`. A missing
    program returns exit status 127. Raises CommandTimeout, ApiRefused, ClusterGone.
    """
    query = [("stdout", "true"), ("stderr", "true"), ("stdin", "true" if stdin else "false")]
    query += [("container", container)] if container else []
    query += [("command", word) for word in command]
    end = time.monotonic() + timeout
    stream = _open(api, path, urlencode(query), timeout)
    try:
        return _collect(stream, stdin, api, path, name or " ".join(command), timeout, end)
    finally:
        stream.sock.shutdown()


def execute_text(
    api: KubeconfigClient, path: str, command: str, container: str | None, stdin: bytes, timeout: float
) -> Result:
    """Like `execute`, for a text that the container's `sh` reads.

    Raises ClusterGone also if a part of the output was lost.
    """
    result = execute(api, path, ["sh", "-c", MARKED, command], container, stdin, timeout, f"sh -c {command}")
    if result.ok and not result.out.endswith(END_MARK):
        raise ClusterGone(_tried(api, path), "the command's output did not arrive whole", path)
    return replace(result, out=result.out.removesuffix(END_MARK))


class _ExecStream(WSClient):
    """The official client's stream over a WebSocket that is open, read one message at a time."""

    def __init__(self, opened: websocket.WebSocket) -> None:
        self.sock = opened
        self.subprotocol = opened.subprotocol
        self.binary = True
        self._connected = True
        self._closed_channels: set[int] = set()
        self.take()

    def take(self) -> dict[int, bytes]:
        """What has arrived since the last time: channel -> data."""
        arrived: dict[int, bytes] = getattr(self, "_channels", {})
        self._channels: dict[int, bytes] = {}
        self._all = io.BytesIO()
        return arrived

    def _frames_immediately_available(self) -> bool:
        return False


def _tried(api: KubeconfigClient, path: str) -> str:
    return f"exec {api.configuration.host}{path}"


def _open(api: KubeconfigClient, path: str, query: str, timeout: float) -> _ExecStream:
    """A stream whose WebSocket is open."""
    _, url, headers, *_ = prepare(api, "GET", path)
    opened: Any = websocket.WebSocket(enable_multithread=False, skip_utf8_validation=True)
    try:
        opened.connect(
            f"{url.replace('http', 'ws', 1)}?{query}",
            socket=_socket(api, timeout),
            subprotocols=_PROTOCOLS,
            header=[f"{name}: {value}" for name, value in (*headers.items(), *api.impersonation)],
            suppress_origin=True,
            redirect_limit=0,  # it would send the credentials elsewhere
            timeout=timeout,
        )
    except websocket.WebSocketBadStatusException as error:
        message = message_of(error.resp_body, error.status_code)
        raise ApiRefused(error.status_code, message, _tried(api, path), path) from None
    except (OSError, http.client.HTTPException, websocket.WebSocketException) as error:
        raise ClusterGone(_tried(api, path), reason_of(error, api, timeout), path) from error
    return _ExecStream(opened)


def _socket(api: KubeconfigClient, timeout: float) -> Any:
    """A socket to the server: through the proxy if there is one, and with TLS as the client has it."""
    configuration = api.configuration
    parts = urlsplit(configuration.host)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    if configuration.proxy:
        proxy = urlsplit(configuration.proxy)
        connection = http.client.HTTPConnection(proxy.hostname or "", proxy.port or 80, timeout=timeout)
        connection.set_tunnel(host, port, configuration.proxy_headers or {})
    else:
        connection = http.client.HTTPConnection(host, port, timeout=timeout)
    connection.connect()
    if api.tls is None:
        return connection.sock
    try:
        return api.tls.wrap_socket(connection.sock, server_hostname=configuration.tls_server_name or host)
    except BaseException:
        connection.close()
        raise


def _collect(
    stream: Any, stdin: bytes, api: KubeconfigClient, path: str, command: str, timeout: float, end: float
) -> Result:
    """Send `stdin`, then read both outputs until the status arrives."""
    parts: dict[int, list[bytes]] = {STDOUT_CHANNEL: [], STDERR_CHANNEL: []}
    try:
        for start in range(0, len(stdin), _CHUNK):
            stream.write_channel(STDIN_CHANNEL, stdin[start : start + _CHUNK])
        if stdin:
            stream.close_channel(STDIN_CHANNEL)
        while stream.is_open():
            if time.monotonic() > end:
                raise CommandTimeout(command, timeout)
            left = max(0.01, end - time.monotonic())
            stream.sock.settimeout(left)
            stream.update(timeout=left)
            arrived = stream.take()
            for channel in parts.keys() & arrived.keys():
                parts[channel].append(arrived[channel])
            if ERROR_CHANNEL in arrived:
                out, err = (b"".join(parts[channel]) for channel in (STDOUT_CHANNEL, STDERR_CHANNEL))
                return _result(json.loads(arrived[ERROR_CHANNEL]), out, err, api, path)
    except (websocket.WebSocketTimeoutException, TimeoutError):
        raise CommandTimeout(command, timeout) from None
    except (OSError, websocket.WebSocketException) as error:
        raise ClusterGone(_tried(api, path), f"the stream ended early ({error})", path) from error
    raise ClusterGone(_tried(api, path), "the stream ended early (the server closed it)", path)


def _result(status: dict[str, Any], out: bytes, err: bytes, api: KubeconfigClient, path: str) -> Result:
    if status.get("status") == "Success":
        return Result(0, out, err)
    message = str(status.get("message", ""))
    causes = (status.get("details") or {}).get("causes") or ()
    code = next((c.get("message") for c in causes if c.get("reason") == "ExitCode"), None)
    if code is not None:
        return Result(int(code), out, err)
    if "executable file not found" in message or "no such file or directory" in message:
        return Result(_NOT_FOUND, out, err + b"no such program in the container\n")
    failed = message or "the command could not be started"
    raise ApiRefused(int(status.get("code") or 500), failed, _tried(api, path), path)
