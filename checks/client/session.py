"""Requests to an API server over connections that stay open."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from rung.checks.client.errors import ApiRefused, ClusterGone
from rung.checks.client.kubeconfig import Access
from rung.checks.core.http_pool import Pool, open_tcp


@dataclass(frozen=True)
class ApiAnswer:
    """What the server said: the status (below 400) and the body."""

    status: int
    body: bytes
    date: str = ""  # the server's clock, as in the header `Date`

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """The body's value. Raises ValueError where it is no JSON."""
        return json.loads(self.body)


class ApiSession:
    """One API server, asked by any number of threads."""

    def __init__(self, access: Access) -> None:
        parts = urlsplit(access.server)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"`{access.server}` is no address of an API server")
        self.access = access
        self.server = access.server
        self._host = parts.hostname
        self._port = parts.port or (443 if parts.scheme == "https" else 80)
        self._prefix = parts.path.rstrip("/")
        self.tls = tls_context(access) if parts.scheme == "https" else None
        host = f"[{self._host}]" if ":" in self._host else self._host
        self._pool = Pool(f"{host}:{self._port}", self.connected)
        self.headers = {"Accept": "application/json", "User-Agent": "rung"}
        if access.token:
            self.headers["Authorization"] = f"Bearer {access.token}"

    def request(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float = 10.0,
    ) -> ApiAnswer:
        """Ask, and read the whole answer.

        `path` has its query; `timeout` is for connecting and for each wait for data. Raises ApiRefused for a
        status of 400 and more, ClusterGone where nothing answers.
        """
        tried = f"{method} {self.server}{path}"
        try:
            every = {**self.headers, **(headers or {})}
            response, content = self._pool.exchange(method, self._prefix + path, body, every, timeout)
        except TimeoutError:
            raise ClusterGone(tried, f"no answer within {timeout:g} s") from None
        except (OSError, http.client.HTTPException) as error:
            raise ClusterGone(tried, _why(error)) from error
        answer = ApiAnswer(response.status, content, response.headers.get("Date") or "")
        if answer.status >= 400:
            raise ApiRefused(answer.status, _message(answer), tried)
        return answer

    def close(self) -> None:
        """End the connections; a later request opens one again."""
        self._pool.close()

    def connected(self, timeout: float) -> socket.socket:
        """A socket of its own to the server. Raises OSError."""
        return open_tcp(self._host, self._port, timeout, self.tls, self.access.server_name or self._host)


def tls_context(access: Access) -> ssl.SSLContext:
    """Whom to trust and how to show who asks."""
    context = ssl.create_default_context(cadata=access.ca.decode() if access.ca else None)
    if access.insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if access.certificate is not None:
        # OpenSSL reads them from a file only: one that only we can read, and that is gone at once.
        with tempfile.NamedTemporaryFile() as pair:
            pair.write(access.certificate.rstrip() + b"\n" + (access.key or b""))
            pair.flush()
            context.load_cert_chain(pair.name)
    return context


def _why(error: Exception) -> str:
    if isinstance(error, ConnectionRefusedError):
        return "connection refused"
    if isinstance(error, http.client.RemoteDisconnected | ConnectionResetError | BrokenPipeError):
        return "the connection ended without an answer"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the server's certificate is not trusted ({error.verify_message})"
    return str(error) or type(error).__name__


def _message(answer: ApiAnswer) -> str:
    """The message of the Status that the API gives as its reason, or the text there is."""
    try:
        return str(answer.json()["message"])
    except (ValueError, KeyError, TypeError):
        return answer.text.strip()[:200] or http.client.responses.get(answer.status, "no reason given")
