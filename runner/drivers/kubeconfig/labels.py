"""An attempt on the user's cluster as labels tell it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from rung.runner.drivers.base.labels import CONTEXT, LABEL, Inventory
from rung.runner.drivers.base.plan import AttemptInfo, UserCluster
from rung.runner.drivers.container.driver import found_among as by_labels

_SERVER = "rung.server"
_FILES = "rung.kubeconfig"
_AGREED = "rung.agreed"


def labels_of(own: UserCluster) -> dict[str, str]:
    """What a machine and its network tell of the cluster that they belong to."""
    return {CONTEXT: own.context, _SERVER: own.server, _FILES: own.files, _AGREED: str(own.agreed).lower()}


def own_of(labels: Mapping[str, str]) -> UserCluster:
    """The cluster that labels tell of."""
    return UserCluster(labels[CONTEXT], labels.get(_SERVER, ""), labels.get(_FILES, ""), labels.get(_AGREED) == "true")


def found_among(there: Inventory) -> list[AttemptInfo]:
    """The attempts that machines and networks are of, oldest first."""
    own = {thing["Labels"][LABEL]: own_of(thing["Labels"]) for thing in [*there.networks, *there.containers]}
    return [replace(found, own=own[found.attempt]) for found in by_labels(there)]
