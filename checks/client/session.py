"""Requests to an API server over persistent connections."""

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
    """A successful answer: the HTTP status (below 400), the body, and the server's clock (the header `Date`)."""

    status: int
    body: bytes
    date: str = ""

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """The value of a JSON body. Raises ValueError if it is no JSON."""
        return json.loads(self.body)


class ApiSession:
    """The connections to one API server, shared by any number of threads.

    Raises ValueError if the server's address is no URL of http or https.
    """

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
        self._pool = Pool(f"{host}:{self._port}", self.connect)
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
        """Send a request and read the whole answer.

        `path` includes the query; `timeout` in seconds applies to connecting and to each wait for data. Raises
        ApiRefused for a status of 400 and more, ClusterGone if nothing answers.
        """
        tried = f"{method} {self.server}{path}"
        try:
            all_headers = {**self.headers, **(headers or {})}
            response, content = self._pool.exchange(method, self._prefix + path, body, all_headers, timeout)
        except TimeoutError:
            raise ClusterGone(tried, f"no answer within {timeout:g} s") from None
        except (OSError, http.client.HTTPException) as error:
            raise ClusterGone(tried, _cause(error)) from error
        answer = ApiAnswer(response.status, content, response.headers.get("Date") or "")
        if answer.status >= 400:
            raise ApiRefused(answer.status, _message(answer), tried)
        return answer

    def close(self) -> None:
        """Close the connections; a later request opens one again."""
        self._pool.close()

    def connect(self, timeout: float) -> socket.socket:
        """A new socket to the server, opened within `timeout` seconds. Raises OSError."""
        return open_tcp(self._host, self._port, timeout, self.tls, self.access.server_name or self._host)


def tls_context(access: Access) -> ssl.SSLContext:
    """The TLS settings of an access: the trusted CA and the client certificate. Raises OSError for unusable ones."""
    context = ssl.create_default_context(cadata=access.ca.decode() if access.ca else None)
    if access.insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if access.certificate is not None:
        # OpenSSL reads them only from a file; this one is private to us and removed at once.
        with tempfile.NamedTemporaryFile() as pair:
            pair.write(access.certificate.rstrip() + b"\n" + (access.key or b""))
            pair.flush()
            context.load_cert_chain(pair.name)
    return context


def _cause(error: Exception) -> str:
    if isinstance(error, ConnectionRefusedError):
        return "connection refused"
    if isinstance(error, http.client.RemoteDisconnected | ConnectionResetError | BrokenPipeError):
        return "the connection ended without an answer"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the server's certificate is not trusted ({error.verify_message})"
    return str(error) or type(error).__name__


def _message(answer: ApiAnswer) -> str:
    """The message of the API's Status object, or the answer's text."""
    try:
        return str(answer.json()["message"])
    except (ValueError, KeyError, TypeError):
        return answer.text.strip()[:200] or http.client.responses.get(answer.status, "no reason given")
