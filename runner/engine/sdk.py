"""Docker's SDK, with the one setting that it lacks."""

from __future__ import annotations

from typing import Any

import docker


class ApiClient(docker.APIClient):
    """Trusts the authority that the user names for this engine.

    requests prefers the variable REQUESTS_CA_BUNDLE to it (psf/requests issue 3829), so that an engine with TLS is not
    trusted wherever that is set.
    """

    def merge_environment_settings(self, url: Any, proxies: Any, stream: Any, verify: Any, cert: Any) -> Any:
        return super().merge_environment_settings(url, proxies, stream, self.verify if verify is None else verify, cert)


class DockerClient(docker.DockerClient):
    """The SDK's objects over an `ApiClient`; takes the arguments of docker.APIClient."""

    api: ApiClient

    def __init__(self, *args: Any, **options: Any) -> None:
        self.api = ApiClient(*args, **options)
