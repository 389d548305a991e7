"""The container engine: find the one that answers, say what it can do, install one where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rung.runner.engine.facts import EngineFacts, facts
from rung.runner.engine.places import Place, candidates, named_by
from rung.runner.errors import EngineGone

if TYPE_CHECKING:
    from docker import DockerClient

__all__ = ["EngineFacts", "connect", "facts", "whereabouts"]

_PROBE_SECONDS = 5


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

    ssh = place.url.startswith("ssh://")
    try:
        client = docker.DockerClient(
            base_url=place.url, timeout=_PROBE_SECONDS, tls=place.tls() or False, use_ssh_client=ssh
        )
    except (docker.errors.DockerException, requests.exceptions.RequestException, OSError, ValueError) as error:
        return _reason(error)
    client.api.timeout = timeout
    return client


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
