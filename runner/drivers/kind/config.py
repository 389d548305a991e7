"""The file that `kind create cluster` reads: kind-config.yaml, and the workers that a lab asks for."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources

DEFAULT = "kind-config.yaml"
_WORKER = """\
kind: JoinConfiguration
nodeRegistration:
  name: {name}
"""


def cluster_config(nodes: Sequence[str]) -> str:
    """kind's configuration (YAML) of a cluster with these nodes, the control plane first."""
    import yaml

    config = yaml.safe_load(resources.files("rung.runner.drivers.kind").joinpath(DEFAULT).read_text())
    for name in nodes[1:]:
        config["nodes"].append({"role": "worker", "kubeadmConfigPatches": [_WORKER.format(name=name)]})
    text: str = yaml.safe_dump(config, sort_keys=False)
    return text
