"""Labels of an attempt on the user's cluster."""

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
    """The labels of a machine and its network for the cluster that they belong to."""
    return {CONTEXT: own.context, _SERVER: own.server, _FILES: own.files, _AGREED: str(own.agreed).lower()}


def own_of(labels: Mapping[str, str]) -> UserCluster:
    """The cluster that labels describe."""
    return UserCluster(labels[CONTEXT], labels.get(_SERVER, ""), labels.get(_FILES, ""), labels.get(_AGREED) == "true")


def found_among(objects: Inventory) -> list[AttemptInfo]:
    """The attempts that machines and networks belong to, oldest first."""
    own = {item["Labels"][LABEL]: own_of(item["Labels"]) for item in [*objects.networks, *objects.containers]}
    return [replace(found, own=own[found.attempt]) for found in by_labels(objects)]
