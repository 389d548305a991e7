"""The container engine: find the one that answers, say what it can do, install one where there is none."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from rung.runner.engine.facts import EngineFacts, facts
from rung.runner.engine.places import Place, candidates, named_by
from rung.runner.errors import EngineGone

if TYPE_CHECKING:
    from docker import DockerClient

__all__ = ["EngineFacts", "connect", "facts", "whereabouts"]

_PROBE_SECONDS = 5
_OLDEST = "1.41"  # the engine's API that is spoken where none is offered


def connect(timeout: int = 60) -> DockerClient:
    """A client of the engine that answers; `timeout`: seconds that each later request may take.

    Raises EngineGone with every place that was tried and what to do.
    """
    return whereabouts(timeout)[1]


def whereabouts(timeout: int = 60) -> tuple[Place, DockerClient]:
    """The place whose engine answers, and its client. Raises as `connect` does."""
    tried = []
    for place in candidates():
        answer = place.absent() or _try(place, timeout)
        if not isinstance(answer, str):
            return place, answer
        tried.append(f"  {place.url} ({place.origin}): {answer}")
    raise EngineGone("No container engine answers. Tried:\n" + "\n".join(tried), fix=_fix("\n".join(tried)))


def _try(place: Place, timeout: int) -> DockerClient | str:
    """A client, or why there is none."""
    import docker
    import docker.errors
    import requests.exceptions
    from docker.constants import DEFAULT_DOCKER_API_VERSION

    ssh = place.url.startswith("ssh://")
    options: dict[str, Any] = {"base_url": place.url, "tls": place.tls() or False, "use_ssh_client": ssh}
    try:
        # The SDK asks for /version, for which Docker runs three programs (50 ms); /_ping says as much.
        with contextlib.closing(docker.APIClient(version=_OLDEST, timeout=_PROBE_SECONDS, **options)) as probe:
            answer = probe.get(f"{probe.base_url}/_ping", timeout=_PROBE_SECONDS)
        answer.raise_for_status()
        offered = answer.headers.get("Api-Version", _OLDEST)
        return docker.DockerClient(version=_older(offered, DEFAULT_DOCKER_API_VERSION), timeout=timeout, **options)
    except (docker.errors.DockerException, requests.exceptions.RequestException, OSError, ValueError) as error:
        return _reason(error)


def _older(one: str, other: str) -> str:
    """The smaller of two API versions such as 1.41."""
    return min(one, other, key=lambda version: [int(part) for part in version.split(".")])


def _reason(error: BaseException) -> str:
    text = str(error)
    if "PermissionError" in text or "Permission denied" in text:
        return "permission denied"
    if "Connection refused" in text:
        return "nobody listens there"
    if "imed out" in text or "timeout" in text.lower():
        return f"no answer within {_PROBE_SECONDS} s"
    return text


def _fix(tried: str) -> str:
    from rung.runner.engine.install import advice

    if "permission denied" in tried:
        return "Let yourself use it: `sudo usermod -aG docker $USER`, then log in again."
    if named := named_by():
        return f"{named} names one that does not answer: start it, or unset {named} to use another."
    return advice()
