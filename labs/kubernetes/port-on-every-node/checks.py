"""Which pods a Service forwards requests to."""

from collections.abc import Iterable

from rung.checks import Fail, Values, check
from rung.checks.cluster import Cluster


def wanted(cluster: Cluster) -> dict[str, str]:
    """Address -> pod, for the pods of the Deployment catalog."""
    pods = cluster.list("pods", labels="app=catalog,track=stable")
    return {p["status"]["podIP"]: p["metadata"]["name"] for p in pods if p.get("status", {}).get("podIP")}


def compare(cluster: Cluster, services: Iterable[str]) -> None:
    """Raise Fail unless each service has all pods of the Deployment catalog as endpoints, and no other pod."""
    right = wanted(cluster)
    names = {p["status"].get("podIP"): p["metadata"]["name"] for p in cluster.list("pods")}
    for service in services:
        slices = cluster.list("endpointslices", labels={"kubernetes.io/service-name": service})
        found = {address for each in slices for end in each.get("endpoints") or () for address in end["addresses"]}
        if not found:
            raise Fail(f"service/{service}: expected the pods of deployment/catalog, found no endpoint")
        if strange := sorted(found - set(right)):
            raise Fail(
                f"service/{service}: expected only pods of deployment/catalog, "
                f"found also {', '.join(names.get(address) or address for address in strange)}"
            )
        if lacking := sorted(set(right) - found):
            raise Fail(
                f"service/{service}: expected all pods of deployment/catalog, "
                f"found none for {', '.join(right[address] for address in lacking)}"
            )


@check(task="inside", points=3, within=20)
def stable(cluster: Cluster) -> None:
    """The Service catalog leads to the pods of the Deployment catalog and to no other"""
    compare(cluster, ["catalog"])


@check(task="outside", id="stable", points=2, within=20)
def stable_outside(cluster: Cluster, values: Values) -> None:
    """That port leads to the pods of the Deployment catalog and to no other"""
    port = values["port"]
    services = [
        s["metadata"]["name"]
        for s in cluster.list("services")
        if any(p.get("nodePort") == port for p in s["spec"].get("ports") or ())
    ]
    if not services:
        raise Fail(f"expected a Service with node port {port}, found none")
    compare(cluster, services)
