"""Runs a command in a container, over a WebSocket to the API server.

The official client does the same, but takes 200 ms more to load.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from rung.checks.client.errors import ApiRefused, ClusterGone
from rung.checks.client.session import ApiSession
from rung.checks.core.channel import CommandTimeout, Result

# The first byte of each message is the number of its stream.
_STDIN, _STDOUT, _STDERR, _STATUS, _CLOSE = 0, 1, 2, 3, 255
_PROTOCOLS = ["v5.channel.k8s.io", "v4.channel.k8s.io"]  # only v5 can close stdin
_NOT_FOUND = 127
_CHUNK = 1 << 15
# Follows the command's output: a stream can lose its end, or everything, and still report "Success" (kubernetes issues
# 34256 and 124571; seen once in some thousand commands on a busy computer).
END_MARK = b"\n#rung: the end\n"
MARKED = 'sh -c "$0"; s=$?; echo; echo "#rung: the end"; exit $s'


def execute(
    session: ApiSession,
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
    stream = _open(session, f"{path}?{urlencode(query)}", timeout)
    try:
        _feed(stream, stdin)
        return _collect(stream, session.server + path, name or " ".join(command), timeout, end)
    finally:
        stream.shutdown()


def execute_text(
    session: ApiSession, path: str, command: str, container: str | None, stdin: bytes, timeout: float
) -> Result:
    """Like `execute`, for a text that the container's `sh` reads.

    Raises ClusterGone also if a part of the output was lost.
    """
    result = execute(session, path, ["sh", "-c", MARKED, command], container, stdin, timeout, f"sh -c {command}")
    if result.ok and not result.out.endswith(END_MARK):
        raise ClusterGone(f"exec {session.server}{path}", "the command's output did not arrive whole")
    return replace(result, out=result.out.removesuffix(END_MARK))


def _open(session: ApiSession, path: str, timeout: float) -> Any:
    """A connected WebSocket."""
    import websocket

    stream: Any = websocket.WebSocket(enable_multithread=False, skip_utf8_validation=True)
    authorization = session.headers.get("Authorization")
    try:
        stream.connect(
            session.server.replace("http", "ws", 1) + path,
            socket=session.connect(timeout),
            subprotocols=_PROTOCOLS,
            header=[f"Authorization: {authorization}"] if authorization else [],
            suppress_origin=True,
            timeout=timeout,
        )
    except websocket.WebSocketBadStatusException as error:
        raise ApiRefused(error.status_code, _error_message(error.resp_body), f"exec {session.server}{path}") from None
    except (OSError, websocket.WebSocketException) as error:
        raise ClusterGone(f"exec {session.server}{path}", str(error) or type(error).__name__) from error
    return stream


def _error_message(body: Any) -> str:
    text = body.decode("utf-8", "replace") if isinstance(body, bytes) else str(body or "")
    try:
        return str(json.loads(text)["message"])
    except (ValueError, KeyError, TypeError):
        return text.strip()[:200] or "no reason given"


def _feed(stream: Any, stdin: bytes) -> None:
    for start in range(0, len(stdin), _CHUNK):
        stream.send_binary(bytes([_STDIN]) + stdin[start : start + _CHUNK])
    if stdin and stream.subprotocol == _PROTOCOLS[0]:
        stream.send_binary(bytes([_CLOSE, _STDIN]))


def _collect(stream: Any, tried: str, command: str, timeout: float, end: float) -> Result:
    """Read both outputs until the status arrives."""
    import websocket

    parts: dict[int, list[bytes]] = {_STDOUT: [], _STDERR: []}
    while True:
        try:
            stream.settimeout(max(0.01, end - time.monotonic()))
            message = stream.recv()
        except (websocket.WebSocketTimeoutException, TimeoutError):
            raise CommandTimeout(command, timeout) from None
        except (OSError, websocket.WebSocketException) as error:
            raise ClusterGone(f"exec {tried}", f"the stream ended early ({error})") from error
        data = message.encode() if isinstance(message, str) else message
        if data[:1] == bytes([_STATUS]):
            return _result(json.loads(data[1:]), b"".join(parts[_STDOUT]), b"".join(parts[_STDERR]), tried)
        if data and data[0] in parts:
            parts[data[0]].append(data[1:])
        if time.monotonic() > end:
            raise CommandTimeout(command, timeout)


def _result(status: dict[str, Any], out: bytes, err: bytes, tried: str) -> Result:
    if status.get("status") == "Success":
        return Result(0, out, err)
    message = str(status.get("message", ""))
    causes = (status.get("details") or {}).get("causes") or ()
    code = next((c.get("message") for c in causes if c.get("reason") == "ExitCode"), None)
    if code is not None:
        return Result(int(code), out, err)
    if "executable file not found" in message or "no such file or directory" in message:
        return Result(_NOT_FOUND, out, err + b"no such program in the container\n")
    raise ApiRefused(int(status.get("code") or 500), message or "the command could not be started", f"exec {tried}")
