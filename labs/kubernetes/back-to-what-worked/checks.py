"""A Deployment's rollout strategy in pods, whether it is given in numbers or in percent."""

import math

from rung.checks import Fail, Values, check
from rung.checks.cluster import Cluster


def share(text: object, replicas: int, *, up: bool) -> int:
    """A number of pods, or that percentage of the replicas."""
    if not str(text).endswith("%"):
        return int(str(text))
    part = replicas * int(str(text)[:-1]) / 100
    return math.ceil(part) if up else math.floor(part)


@check(task="next", points=3)
def careful(cluster: Cluster, values: Values) -> None:
    """A rollout keeps all replicas available and adds at most one pod"""
    deployment = cluster.get("deployments", "checkout")
    if deployment is None:
        raise Fail("deployment/checkout: expected to exist, found none")
    strategy = deployment["spec"]["strategy"]
    if strategy["type"] != "RollingUpdate":
        raise Fail(f"deployment/checkout: strategy: expected RollingUpdate, found {strategy['type']}")
    how, replicas = strategy["rollingUpdate"], values["replicas"]
    missing = share(how["maxUnavailable"], replicas, up=False)
    more = share(how["maxSurge"], replicas, up=True)
    told = f"maxUnavailable {how['maxUnavailable']} and maxSurge {how['maxSurge']}"
    if missing > 0:
        raise Fail(
            f"expected all {replicas} replicas to be available, found that {missing} may be unavailable ({told})"
        )
    if more > 1:
        raise Fail(f"expected at most {replicas + 1} pods, found that there may be {replicas + more} ({told})")
