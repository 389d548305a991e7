"""Whether the operator takes care of the Lantern harbor."""

import time
from typing import Any

from rung.checks import Fail, check
from rung.checks.cluster import Cluster, UnknownKind

_ROUNDS = 12.0  # seconds: the operator looks every 2 s, so by then it must have looked again


def harbor(cluster: Cluster) -> dict[str, Any]:
    """The Lantern harbor. Raises Fail where there is none."""
    try:
        found = cluster.get("lanterns.lights.example", "harbor")
    except UnknownKind:
        raise Fail("lantern/harbor: expected to exist, found that the API has no such kind") from None
    if found is None:
        raise Fail("lantern/harbor: expected to exist, found none")
    return found


@check(task="harbor", points=2, within=20)
def owned(cluster: Cluster) -> None:
    """The Deployment harbor-lamps belongs to harbor"""
    uid = harbor(cluster)["metadata"]["uid"]
    lamps = cluster.get("deployments", "harbor-lamps")
    if lamps is None:
        raise Fail("deployment/harbor-lamps: expected to exist, found none")
    owners = lamps["metadata"].get("ownerReferences") or []
    if not any(owner["uid"] == uid for owner in owners):
        told = ", ".join(f"{owner['kind']} {owner['name']}" for owner in owners) or "none"
        raise Fail(f"deployment/harbor-lamps: owner: expected this Lantern harbor, found {told}")


@check(task="harbor", points=1)
def tended(cluster: Cluster) -> None:
    """The operator keeps updating the status of harbor"""
    first = harbor(cluster).get("status", {}).get("round")
    end = time.monotonic() + _ROUNDS
    while time.monotonic() < end:
        time.sleep(0.5)
        if harbor(cluster).get("status", {}).get("round") != first:
            return
    raise Fail("lantern/harbor: status: expected that the operator keeps updating it, found no update")
