"""The border to the engine: its errors become ours here, and what exists is named and labelled here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rung.runner.engine.wire import NotFound, Refused
from rung.runner.errors import EngineGone, EngineRefused

if TYPE_CHECKING:
    from rung.runner.engine import Engine

LABEL = "rung.attempt"
CLUSTER = "rung.cluster"  # on a machine `base`, and on its network: the cluster that they belong to
CONTEXT = "rung.context"  # the same of a cluster that the user brings: what their kubeconfig calls it


def object_name(attempt: str, name: str) -> str:
    """What a machine's container, or a network, of an attempt is called on the engine."""
    return f"rung-{attempt}-{name}"


@dataclass(frozen=True)
class Look:
    """Every container and network that bears an attempt's label, as the engine lists them."""

    containers: list[dict[str, Any]]
    networks: list[dict[str, Any]]

    def of(self, label: str | None) -> Look:
        """What bears this label, too; None: neither that of Rung's clusters nor that of the user's."""
        return Look([c for c in self.containers if _bears(c, label)], [n for n in self.networks if _bears(n, label)])

    def __bool__(self) -> bool:
        return bool(self.containers or self.networks)


def _bears(thing: dict[str, Any], label: str | None) -> bool:
    labels = set(thing["Labels"])
    return label in labels if label is not None else not labels & {CLUSTER, CONTEXT}


def look(engine: Engine) -> Look:
    """Ask the engine. Raises EngineGone."""
    with engine_errors("listing machines"):
        return Look(engine.containers(LABEL), engine.networks(LABEL))


@contextmanager
def engine_errors(doing: str) -> Iterator[None]:
    """Translate the engine's errors once, at this border, by whichever client it was asked (Rung's own, the SDK)."""
    try:
        yield
    except ConnectionError as error:
        raise _gone(doing, error) from error
    except Refused as error:
        raise _refused(doing, str(error)) from error
    except OSError as error:
        # The SDK's and requests' errors: only where they are loaded can they have been raised.
        if type(error).__module__ == "docker.errors":
            raise _refused(doing, str(getattr(error, "explanation", None) or error)) from error
        if type(error).__module__ == "requests.exceptions":
            raise _gone(doing, error) from error
        raise


def _gone(doing: str, error: Exception) -> EngineGone:
    return EngineGone(
        f"The engine stopped answering while {doing}: {error}", fix="Start it again; `rung doctor` tells more."
    )


def _refused(doing: str, text: str) -> EngineRefused:
    fix = "`rung doctor` tells what the engine lacks."
    full = "no space left" in text
    if full:
        fix = "Free some disk space where the engine keeps its data; `rung stop --all` removes Rung's machines."
    # The runtime's own words: it met something in the machine's files.
    by_machine = "OCI runtime" in text and not full
    return EngineRefused(f"The engine refused while {doing}: {text}", fix=fix, by_machine=by_machine)


def gone(remove: Callable[[], object]) -> None:
    """Remove something that somebody else may have removed already, or may be removing."""
    try:
        remove()
    except NotFound:
        return
    except Refused as error:
        if "already in progress" not in str(error):
            raise
