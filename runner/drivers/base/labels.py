"""Names and labels of what drivers create on the engine, and the list of all that bears them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rung.runner.engine.errors import engine_errors

if TYPE_CHECKING:
    from rung.runner.engine.connect import Engine

LABEL = "rung.attempt"
CLUSTER = "rung.cluster"  # on a machine `base` and on its network: the cluster that both belong to
KIND_LABEL = "io.x-k8s.kind.cluster"  # kind's own label on each node's container
CONTEXT = "rung.context"  # on `base` and its network, where the cluster is the user's: the context in their kubeconfig


def object_name(attempt: str, name: str) -> str:
    """The name of a machine's container, or of a network, of an attempt on the engine."""
    return f"rung-{attempt}-{name}"


def cluster_name(cluster: str) -> str:
    """The name that kind knows a cluster by; its id is 8 hex digits, as an attempt's."""
    return f"rung-{cluster}"


@dataclass(frozen=True)
class Inventory:
    """Containers and networks with an attempt's label, as the engine lists them."""

    containers: list[dict[str, Any]]
    networks: list[dict[str, Any]]

    def of(self, label: str | None) -> Inventory:
        """Those that bear this label too; None: those that bear no label of a cluster."""
        return Inventory(
            [c for c in self.containers if _bears(c, label)], [n for n in self.networks if _bears(n, label)]
        )

    def __bool__(self) -> bool:
        return bool(self.containers or self.networks)


def _bears(item: dict[str, Any], label: str | None) -> bool:
    labels = set(item["Labels"])
    return label in labels if label is not None else not labels & {CLUSTER, CONTEXT}


def inventory(engine: Engine) -> Inventory:
    """All of them, now. Raises EngineGone."""
    with engine_errors("listing machines"):
        return Inventory(engine.containers(LABEL), engine.networks(LABEL))
