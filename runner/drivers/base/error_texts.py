"""Decisions that only the text of an error allows: Docker and Podman answer with one status (500, or 403) for many
causes and give no code, as do kind and systemd. All such decisions of the drivers are here, each with its source.

A text that changes is no mistake of a lab: the error is then raised instead of being handled.
"""

from __future__ import annotations


def is_subnet_taken(error: Exception) -> bool:
    """Whether a network was refused because another has its subnet: try the next one.

    Docker: "Pool overlaps with other one on this address space"; Podman: "subnet ... is already used on the host or by
    another config".
    """
    text = str(error).lower()
    return "overlap" in text or "already used" in text


def is_port_taken(error: Exception) -> bool:
    """Whether kind failed because another process took the port that it had found free: try again.

    kind shows the engine's "Bind for 127.0.0.1:34567 failed: port is already allocated".
    """
    return "port is already allocated" in str(error)


def awaits_service_account(message: str) -> bool:
    """Whether the API forbids a pod (403) because its namespace's service account does not exist yet: try again.

    Kubernetes: "error looking up service account shop/default: serviceaccount "default" not found".
    """
    return "serviceaccount" in message


def lacks_kernel_resources(status: str) -> bool:
    """Whether units failed because the kernel's limits are reached, by `systemctl status`: "Result: resources"."""
    return "Result: resources" in status
