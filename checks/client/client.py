"""A cluster's API through the official client: any request, and the kinds that it serves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from rung.checks.client import discovery
from rung.checks.client.discovery import ApiResource
from rung.checks.client.errors import ApiRefused, ClusterGone, UnknownKind

if TYPE_CHECKING:
    from rung.checks.client.kubeconfig import KubeconfigClient
    from rung.checks.client.transport import ApiAnswer

TIMEOUT = 10.0  # seconds


class Client:
    """One API server, with the credentials for it. Threads may share it.

    Every method raises ClusterGone if nothing answers in time, and ApiRefused if the API returns an error.
    """

    def __init__(self, client: KubeconfigClient) -> None:
        self.client = client
        self._resources: list[ApiResource] | None = None

    @property
    def server(self) -> str:
        """The server's address."""
        return str(self.client.configuration.host)

    def raw(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        timeout: float = TIMEOUT,
    ) -> ApiAnswer:
        """Send any request and return the answer; `body` is sent as JSON, `timeout` is in seconds."""
        from rung.checks.client.transport import send

        content_type = {} if body is None else {"Content-Type": "application/json"}
        all_headers = {"Accept": "application/json", **content_type, **(headers or {})}
        return send(self.client, method, path, query or {}, body, all_headers, timeout)

    def answers(self, timeout: float = 3.0) -> bool:
        """Whether the API server reports within `timeout` seconds that it is ready."""
        try:
            return self.raw("GET", "/readyz", timeout=timeout).status == 200
        except (ApiRefused, ClusterGone):
            return False

    def resource(self, kind: str, api_version: str | None = None) -> ApiResource:
        """The kind that a word means. Raises UnknownKind if the API serves none of that name."""
        found = discovery.find_resource(kind, api_version, discovery.common_resources())
        found = found or discovery.find_resource(kind, api_version, self._resources or ())
        found = found or discovery.find_resource(kind, api_version, self._discovered())  # the kind may be new
        if found is None:
            raise UnknownKind(kind, self.kinds())
        return found

    def kinds(self) -> list[str]:
        """The names of all kinds that the API serves."""
        return [*dict.fromkeys(each.kind for each in self._resources or self._discovered())]

    def close(self) -> None:
        """Close the connections; a later request opens them again."""
        self.client.rest_client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _discovered(self) -> list[ApiResource]:
        accept = {"Accept": discovery.DISCOVERY}
        documents = [self.raw("GET", path, headers=accept).json() for path in ("/api", "/apis")]
        self._resources = [each for document in documents for each in discovery.parse_discovery(document)]
        return self._resources
