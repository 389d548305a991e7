"""Finds the container engine that answers."""

from __future__ import annotations

from docker.errors import DockerException
from requests.exceptions import RequestException

from rung.runner.core.errors import EngineGone
from rung.runner.engine.advice import advice
from rung.runner.engine.client import Engine
from rung.runner.engine.endpoints import Endpoint, candidates, named_by
from rung.runner.engine.errors import reason

__all__ = ["Engine", "connect"]

_PROBE_SECONDS = 5


def connect(timeout: int = 60) -> Engine:
    """Connect to the first engine that answers. `timeout`: seconds that each later request may take.

    Raises EngineGone with every endpoint that was tried and what to do.
    """
    tried = []
    for place in candidates():
        answer = place.absent() or _try(place, timeout)
        if not isinstance(answer, str):
            return answer
        tried.append(f"  {place.url} ({place.origin}): {answer}")
    raise EngineGone("No container engine answers. Tried:\n" + "\n".join(tried), fix=_fix("\n".join(tried)))


def _try(place: Endpoint, timeout: int) -> Engine | str:
    """The engine at an endpoint, or the reason why none answers there."""
    try:
        engine = Engine(place, timeout)
    except (OSError, ValueError) as error:
        return str(error)
    try:
        engine.greet(_PROBE_SECONDS)
    except (DockerException, RequestException, OSError, ValueError) as error:
        engine.close()
        return reason(error)
    return engine


def _fix(tried: str) -> str:
    if "permission denied" in tried:
        return "Let yourself use it: `sudo usermod -aG docker $USER`, then log in again."
    if named := named_by():
        return f"{named} names one that does not answer: start it, or unset {named} to use another."
    return advice()
