"""A session with a cluster's API: any request, and the kinds that it serves."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlencode

from rung.checks.client import discovery
from rung.checks.client.discovery import ApiResource
from rung.checks.client.errors import ApiRefused, ClusterGone, UnknownKind
from rung.checks.client.kubeconfig import Access

if TYPE_CHECKING:
    from rung.checks.client.session import ApiAnswer, ApiSession

TIMEOUT = 10.0  # seconds


class Client:
    """One API server, with the credentials for it. Threads may share it.

    Every method raises ClusterGone if nothing answers in time, and ApiRefused if the API returns an error.
    """

    def __init__(self, access: Access) -> None:
        self.access = access
        self._session: ApiSession | None = None
        self._opening = threading.Lock()  # checks of independent tasks run at the same time
        self._resources: list[ApiResource] | None = None
        self._client: Any = None

    @property
    def session(self) -> ApiSession:
        """The connections, opened at first use."""
        with self._opening:
            if self._session is None:
                from rung.checks.client.session import ApiSession

                self._session = ApiSession(self.access)
            return self._session

    @property
    def client(self) -> Any:
        """The official client (`kubernetes.client.ApiClient`), loaded at first use, which takes 0.2 s."""
        if self._client is None:
            from kubernetes import config

            loader: Any = config
            self._client = loader.new_client_from_config_dict(self.access.as_kubeconfig())
        return self._client

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
        target = f"{path}?{urlencode(query)}" if query else path
        content_type = {} if body is None else {"Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        return self.session.request(
            method, target, body=data, headers={**content_type, **(headers or {})}, timeout=timeout
        )

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
        if self._session is not None:
            self._session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _discovered(self) -> list[ApiResource]:
        accept = {"Accept": discovery.DISCOVERY}
        documents = [self.raw("GET", path, headers=accept).json() for path in ("/api", "/apis")]
        self._resources = [each for document in documents for each in discovery.parse_discovery(document)]
        return self._resources
