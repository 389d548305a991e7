"""The memory limits of the pods of the Deployment guest."""

from rung.checks import Fail, check
from rung.checks.cluster import Cluster
from rung.checks.kubernetes.tools.quantities import quantity

LEAST = "48Mi"


@check(task="guests", points=2, within=60)
def memory(cluster: Cluster) -> None:
    """Each of its pods has a memory limit of 48Mi or more"""
    pods = [p for p in cluster.list("pods", labels="app=guest") if "deletionTimestamp" not in p["metadata"]]
    if not pods:
        raise Fail("pods of deployment/guest: expected three, found none")
    for pod in pods:
        limit = pod["spec"]["containers"][0].get("resources", {}).get("limits", {}).get("memory")
        if limit is None or quantity(limit) < quantity(LEAST):
            raise Fail(
                f"pod/{pod['metadata']['name']}: memory limit: expected {LEAST} or more, found {limit or 'none'}"
            )
