"""Requests to the engine over HTTP: on a socket of this computer, over TCP (with TLS or without), or by ssh."""

from __future__ import annotations

import errno
import http.client
import io
import json
import os
import shutil
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urlsplit

from rung.checks.core.http_pool import Pool, open_tcp
from rung.runner.engine.endpoints import Endpoint

if TYPE_CHECKING:
    import subprocess

_MAX_HEADER_BYTES = 1 << 16
_UPGRADE = {"Connection": "Upgrade", "Upgrade": "tcp"}


class Unanswered(ConnectionError):
    """The engine did not answer, or its answer broke off."""


class Refused(Exception):
    """The engine answered with an error. `status`: of the HTTP answer; the text is the engine's own message."""

    def __init__(self, status: int, explanation: str) -> None:
        super().__init__(explanation)
        self.status = status


class NotFound(Refused):
    """The engine has no such object."""


@dataclass(frozen=True)
class EngineAnswer:
    """An answer of the engine with a status below 400."""

    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body's value. Raises Unanswered where it is not JSON: what answered is then not an engine."""
        try:
            return json.loads(self.body)
        except ValueError:
            raise Unanswered(f"its answer is not JSON: {self.body[:200].decode('utf-8', 'replace')!r}") from None


class EngineConnection:
    """Connections to one engine; several threads may use them at once."""

    def __init__(self, place: Endpoint, timeout: float) -> None:
        """`timeout`: seconds for connecting and for each wait for data.

        Raises ValueError for an address of an unknown scheme, OSError where its certificates cannot be read.
        """
        self.timeout = timeout
        self._parts = parts = urlsplit(place.url)
        if parts.scheme not in ("unix", "tcp", "http", "https", "ssh"):
            raise ValueError(f"`{place.url}` is not an address of an engine")
        if (parts.scheme == "unix" and not parts.path.strip("/")) or (parts.scheme != "unix" and not parts.hostname):
            raise ValueError(f"`{place.url}` names no {'socket' if parts.scheme == 'unix' else 'computer'}")
        self._port = parts.port or (2376 if place.certificates is not None else 2375)
        self._tls = _tls(place) if place.certificates is not None or parts.scheme == "https" else None
        self._ssh: list[subprocess.Popen[bytes]] = []
        self._pool = Pool("docker", self._opened)

    def ask(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        timeout: float | None = None,
    ) -> EngineAnswer:
        """Send a request and read the whole answer.

        `body`: bytes are sent as they are, anything else as JSON. `timeout`: seconds, by default the connection's.
        Raises Refused (NotFound) where the engine refuses, Unanswered where it does not answer in time.
        """
        content, headers = _content(body)
        if query:
            path += "?" + urlencode(query)
        seconds = timeout or self.timeout
        try:
            response, said = self._pool.exchange(method, path, content, headers, seconds)
        except (OSError, http.client.HTTPException) as error:
            raise Unanswered(_why(error, seconds)) from error
        _refuse(response.status, said)
        return EngineAnswer(dict(response.headers.items()), said)

    def stream(self, path: str, body: Any) -> socket.socket:
        """Request a stream; returns the connection, which the caller owns and closes. Raises as `ask` does."""
        content, headers = _content(body)
        headers |= {"Host": "docker", "Content-Length": str(len(content or b"")), **_UPGRADE}
        lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
        try:
            sock = self._opened(self.timeout)
            try:
                sock.sendall("\r\n".join(lines).encode() + (content or b""))
                status, length = _head(sock)
                if status >= 400:
                    _refuse(status, _exactly(sock, length))
            except BaseException:
                sock.close()
                raise
        except (OSError, http.client.HTTPException) as error:
            raise Unanswered(_why(error, self.timeout)) from error
        return sock

    def close(self) -> None:
        """Close the connections that are not in use; a later request opens a new one."""
        self._pool.close()
        while self._ssh:
            process = self._ssh.pop()
            process.terminate()
            process.wait()

    def _opened(self, timeout: float) -> socket.socket:
        """Open a new connection. Raises OSError."""
        if self._parts.scheme == "unix":
            sock = socket.socket(socket.AF_UNIX)
            sock.settimeout(timeout)
            try:
                sock.connect(self._parts.path)
            except BaseException:
                sock.close()
                raise
            return sock
        if self._parts.scheme == "ssh":
            return self._by_ssh(timeout)
        host = str(self._parts.hostname)
        return open_tcp(host, self._port, timeout, self._tls, host)

    def _by_ssh(self, timeout: float) -> socket.socket:
        """Open a connection through `docker system dial-stdio` on the other computer, as the docker command does."""
        import subprocess

        if shutil.which("ssh") is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), "ssh")
        parts = self._parts
        # ssh writes to the terminal, so it must be in the terminal's process group; but Ctrl-C must not end it, because
        # Rung removes its machines through it. The shell ignores the signal and ssh inherits that: Popen's `preexec_fn`
        # may hang in a process with threads.
        command = ["/bin/sh", "-c", 'trap "" INT; exec "$@"', "sh"]
        command += ["ssh", "-o", f"ConnectTimeout={max(1, round(timeout))}"]
        command += ["-l", parts.username] if parts.username else []
        command += ["-p", str(parts.port)] if parts.port else []
        command += ["--", str(parts.hostname), "docker", "system", "dial-stdio"]
        ours, theirs = socket.socketpair()
        with theirs:
            self._ssh = [process for process in self._ssh if process.poll() is None]
            try:
                process = subprocess.Popen(command, stdin=theirs.fileno(), stdout=theirs.fileno())
            except OSError:
                ours.close()
                raise
            self._ssh.append(process)
        ours.settimeout(timeout)
        return ours


def name(text: str) -> str:
    """The name of a container, network or image, quoted for the path of a request."""
    return quote(text, safe=":/")


def _tls(place: Endpoint) -> ssl.SSLContext:
    """The TLS settings from the certificate files that the docker command reads too."""
    folder = place.certificates
    authority = folder / "ca.pem" if folder is not None else None
    context = ssl.create_default_context(cafile=str(authority) if authority and authority.exists() else None)
    if folder is not None and (folder / "cert.pem").exists():
        context.load_cert_chain(str(folder / "cert.pem"), str(folder / "key.pem"))
    return context


def _content(body: Any) -> tuple[bytes | None, dict[str, str]]:
    if body is None:
        return None, {}
    if isinstance(body, bytes):
        return body, {"Content-Type": "application/x-tar"}
    return json.dumps(body).encode(), {"Content-Type": "application/json"}


def _refuse(status: int, body: bytes) -> None:
    """Raise Refused (NotFound) with the engine's message if the status is 400 or more."""
    if status < 400:
        return
    try:
        text = str(json.loads(body)["message"])
    except (ValueError, KeyError, TypeError):
        text = body.decode("utf-8", "replace").strip() or http.client.responses.get(status, "no reason given")
    raise NotFound(status, text) if status == 404 else Refused(status, text)


def _head(sock: socket.socket) -> tuple[int, int]:
    """Read an answer's headers; its status and the length of its body in bytes.

    Reading stops at the end of the headers: the next byte belongs to the stream.
    """
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        byte = sock.recv(1)
        if not byte or len(head) > _MAX_HEADER_BYTES:
            raise http.client.RemoteDisconnected("no head of an answer")
        head += byte
    line, _, rest = head.partition(b"\r\n")
    length = http.client.parse_headers(io.BytesIO(rest)).get("Content-Length", "0")
    return int(line.split()[1]), int(length)


def _exactly(sock: socket.socket, length: int) -> bytes:
    body = b""
    while len(body) < length and (more := sock.recv(length - len(body))):
        body += more
    return body


def _why(error: Exception, seconds: float) -> str:
    """The reason of a failed request, for a message."""
    if isinstance(error, TimeoutError):
        return f"no answer within {seconds:g} s"
    if isinstance(error, ConnectionRefusedError):
        return "nobody listens there"
    if isinstance(error, PermissionError):
        return "permission denied"
    if isinstance(error, http.client.RemoteDisconnected | ConnectionResetError | BrokenPipeError):
        return "the connection ended without an answer"
    return str(getattr(error, "strerror", None) or error) or type(error).__name__
