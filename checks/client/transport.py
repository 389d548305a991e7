"""A request over the official client, and its errors as ours."""

from __future__ import annotations

import http.client
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import urllib3
from kubernetes.client.exceptions import ApiException

from rung.checks.client.errors import ApiRefused, ClusterGone
from rung.checks.core.causes import causes

if TYPE_CHECKING:
    from rung.checks.client.kubeconfig import KubeconfigClient


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


def send(
    api: KubeconfigClient,
    method: str,
    path: str,
    query: Mapping[str, Any],
    body: Any,
    headers: Mapping[str, str],
    timeout: float,
) -> ApiAnswer:
    """Send a request and read the whole answer; `body` is sent as JSON.

    `timeout` in seconds applies to connecting and to each wait for data. Raises ApiRefused for a status of 400 and
    more, ClusterGone if nothing answers.
    """
    request = prepare(api, method, path, headers, query, body)
    tried = f"{method} {request[1]}"
    try:
        answer = _exchange(api, request, timeout)
    except (urllib3.exceptions.HTTPError, http.client.HTTPException, ApiException, OSError) as error:
        raise ClusterGone(tried, reason_of(error, api, timeout), path) from error
    if answer.status >= 400:
        raise ApiRefused(answer.status, message_of(answer.body, answer.status), tried, path)
    return answer


def prepare(
    api: KubeconfigClient,
    method: str,
    path: str,
    headers: Mapping[str, str] = MappingProxyType({}),
    query: Mapping[str, Any] = MappingProxyType({}),
    body: Any = None,
) -> Any:
    """A request with its credentials: (method, URL, headers, body, form). Raises ClusterGone where there are none."""
    try:
        return api.param_serialize(
            method,
            path,
            query_params=dict(query),
            header_params=dict(headers),
            body=body,
            auth_settings=["BearerToken"],  # the client's name for whatever the header `Authorization` holds
        )
    except ValueError as error:  # a program gives none
        raise ClusterGone(f"{method} {api.configuration.host}{path}", str(error), path) from error


def _exchange(api: KubeconfigClient, request: Any, timeout: float) -> ApiAnswer:
    """Send a request; a GET once more if the server ends the connection, as it may end an idle one at any moment."""
    if request[0] == "GET":
        try:
            return _exchange_once(api, request, timeout)
        except urllib3.exceptions.ProtocolError as error:
            if not any(isinstance(each, ConnectionResetError | BrokenPipeError) for each in causes(error)):
                raise
    return _exchange_once(api, request, timeout)


def _exchange_once(api: KubeconfigClient, request: Any, timeout: float) -> ApiAnswer:
    method, url, headers, body, _ = request
    response = api.call_api(method, url, headers, body, _request_timeout=(timeout, timeout))
    return ApiAnswer(response.status, response.read(), response.headers.get("Date") or "")


def reason_of(error: BaseException, api: KubeconfigClient, timeout: float) -> str:
    """What an error of the libraries means, in few words."""
    chain = [*causes(error)]
    why = _reason(chain, timeout)
    if any(isinstance(each, urllib3.exceptions.ProxyError) for each in chain) or why.startswith("Tunnel "):
        return f"the proxy {urlsplit(api.configuration.proxy or '').netloc.rpartition('@')[2]}: {why}"
    return why


def _reason(chain: list[BaseException], timeout: float) -> str:
    def has(*types: type[BaseException]) -> bool:
        return any(isinstance(each, types) for each in chain)

    if has(TimeoutError, urllib3.exceptions.ReadTimeoutError):
        return f"no answer within {timeout:g} s"
    if has(ConnectionRefusedError):
        return "connection refused"
    if has(http.client.IncompleteRead):
        return "the connection ended before the whole answer arrived"
    if has(ConnectionResetError, BrokenPipeError):  # with http.client.RemoteDisconnected
        return "the connection ended without an answer"
    if has(http.client.BadStatusLine):
        return "the answer is not HTTP"
    untrusted = next((each for each in chain if isinstance(each, ssl.SSLCertVerificationError)), None)
    if untrusted is not None:
        return f"the server's certificate is not trusted ({untrusted.verify_message})"
    return str(chain[-1]) or type(chain[-1]).__name__


def message_of(body: bytes | None, status: int) -> str:
    """The message of the API's Status object, or the answer's text."""
    text = (body or b"").decode("utf-8", "replace")
    try:
        return str(json.loads(text)["message"])
    except (ValueError, KeyError, TypeError):
        return text.strip()[:200] or http.client.responses.get(status, "no reason given")
