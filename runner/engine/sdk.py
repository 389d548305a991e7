"""Docker's SDK, with what it lacks for Rung."""

from __future__ import annotations

from typing import Any

import docker


class ApiClient(docker.APIClient):
    """Trusts the authority that the user names for this engine, and asks the engine for its version once.

    requests prefers the variable REQUESTS_CA_BUNDLE to such an authority (psf/requests issue 3829), so that an engine
    with TLS is not trusted wherever that is set.
    """

    _version_answer: dict[str, Any] | None = None

    def version(self, api_version: bool = True) -> dict[str, Any]:
        """The engine's answer to the question that negotiates the API's version; it also lists its components."""
        if self._version_answer is None:
            self._version_answer = super().version(api_version)
        return self._version_answer

    def merge_environment_settings(self, url: Any, proxies: Any, stream: Any, verify: Any, cert: Any) -> Any:
        return super().merge_environment_settings(url, proxies, stream, self.verify if verify is None else verify, cert)


class DockerClient(docker.DockerClient):
    """The SDK's objects over an `ApiClient`; takes the arguments of docker.APIClient."""

    api: ApiClient

    def __init__(self, *args: Any, **options: Any) -> None:
        self.api = ApiClient(*args, **options)
