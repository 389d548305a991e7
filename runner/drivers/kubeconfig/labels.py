"""An attempt on the user's cluster as labels tell it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from rung.runner.drivers import Found, UserCluster
from rung.runner.drivers.border import CONTEXT
from rung.runner.drivers.container import found_by_labels as by_labels

_SERVER = "rung.server"
_FILES = "rung.kubeconfig"
_AGREED = "rung.agreed"


def labels_of(own: UserCluster) -> dict[str, str]:
    """What a machine and its network tell of the cluster that they belong to."""
    return {CONTEXT: own.context, _SERVER: own.server, _FILES: own.files, _AGREED: str(own.agreed).lower()}


def own_of(labels: Mapping[str, str]) -> UserCluster:
    """The cluster that labels tell of."""
    return UserCluster(labels[CONTEXT], labels.get(_SERVER, ""), labels.get(_FILES, ""), labels.get(_AGREED) == "true")


def found_by_labels(attempt: str, containers: list[dict[str, Any]], networks: list[dict[str, Any]]) -> Found:
    """The attempt that machines and networks belong to (at least one of them is there)."""
    found = by_labels(attempt, containers, networks)
    return replace(found, own=own_of((containers or networks)[0]["Labels"]))
