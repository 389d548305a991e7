"""The border to the engine: its errors become ours here, and what exists is named and labelled here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rung.runner.engine.errors import engine_errors

if TYPE_CHECKING:
    from rung.runner.engine.connect import Engine

LABEL = "rung.attempt"
CLUSTER = "rung.cluster"  # on a machine `base`, and on its network: the cluster that they belong to
KIND_LABEL = "io.x-k8s.kind.cluster"  # kind's own, on each of its node containers
CONTEXT = "rung.context"  # the same of a cluster that the user brings: what their kubeconfig calls it


def object_name(attempt: str, name: str) -> str:
    """What a machine's container, or a network, of an attempt is called on the engine."""
    return f"rung-{attempt}-{name}"


def cluster_name(cluster: str) -> str:
    """What kind calls a cluster; its id is 8 hex digits, as an attempt's."""
    return f"rung-{cluster}"


@dataclass(frozen=True)
class Inventory:
    """Every container and network that bears an attempt's label, as the engine lists them."""

    containers: list[dict[str, Any]]
    networks: list[dict[str, Any]]

    def of(self, label: str | None) -> Inventory:
        """What bears this label, too; None: neither that of Rung's clusters nor that of the user's."""
        return Inventory(
            [c for c in self.containers if _bears(c, label)], [n for n in self.networks if _bears(n, label)]
        )

    def __bool__(self) -> bool:
        return bool(self.containers or self.networks)


def _bears(thing: dict[str, Any], label: str | None) -> bool:
    labels = set(thing["Labels"])
    return label in labels if label is not None else not labels & {CLUSTER, CONTEXT}


def inventory(engine: Engine) -> Inventory:
    """Ask the engine. Raises EngineGone."""
    with engine_errors("listing machines"):
        return Inventory(engine.containers(LABEL), engine.networks(LABEL))
