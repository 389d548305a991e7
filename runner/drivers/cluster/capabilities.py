"""What labs on a cluster may ask for."""

from __future__ import annotations

from rung.runner.drivers.container.privileges import known_capabilities


def cluster_capabilities() -> dict[str, str | None]:
    """Each capability a lab on a cluster may name -> None where it has it, else the reason why not.

    Whether network policies are enforced depends on the kernel, where the nodes have kind's own network plugin: it is
    tried at the start of a lab (`rung.runner.attempts.policy_probe`).
    """
    return {**known_capabilities(), "cluster": None, "metrics": None, "network-policy": None}
