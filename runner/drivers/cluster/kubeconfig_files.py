"""Kubeconfigs of clusters for this computer, below RUNG_HOME; nobody else may read them."""

from __future__ import annotations

from pathlib import Path

from rung.runner.core.files import write_atomically
from rung.runner.core.paths import home


def kubeconfig_file(cluster: str) -> Path:
    """Where a cluster's kubeconfig for this computer is; never among the user's own."""
    return home() / "clusters" / f"{cluster}.yaml"


def keep_kubeconfig(cluster: str, text: str) -> None:
    """Write a cluster's kubeconfig: a reader finds the old text or the new one, never a part."""
    path = kubeconfig_file(cluster)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_atomically(path, text.encode())
