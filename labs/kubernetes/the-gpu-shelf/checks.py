"""Where the scheduler places the next pods of the two Deployments, also on nodes that are added later."""

from typing import Any

from rung.checks import Fail, check
from rung.checks.cluster import Cluster
from rung.checks.kubernetes.tools.scheduling import affinity_accepts, untolerated_taints

NEW = "a-new-node"
PLAIN = {"kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64", "kubernetes.io/hostname": NEW}
SHELF = PLAIN | {"shelf": "gpu"}
TAINT = {"key": "shelf", "value": "gpu", "effect": "NoSchedule"}


def template(cluster: Cluster, name: str) -> dict[str, Any]:
    """The pod spec in a Deployment's template. Raises Fail if there is no such Deployment."""
    deployment = cluster.get("deployments", name)
    if deployment is None:
        raise Fail(f"deployment/{name}: expected to exist, found none")
    spec: dict[str, Any] = deployment["spec"]["template"]["spec"]
    if spec.get("nodeName"):
        raise Fail(f"deployment/{name}: expected the scheduler to choose, found nodeName {spec['nodeName']}")
    return spec


@check(task="trainer", points=3)
def only_there(cluster: Cluster) -> None:
    """The scheduler places it on nodes with the label shelf=gpu, whatever their names, and on no others"""
    spec = template(cluster, "trainer")
    if affinity_accepts(spec, NEW, PLAIN):
        raise Fail(
            "deployment/trainer: expected only nodes with shelf=gpu, found that it accepts a node without that label"
        )
    if not affinity_accepts(spec, NEW, SHELF):
        raise Fail("deployment/trainer: expected to accept any node with shelf=gpu, found that it asks for more")


@check(task="trainer", points=2)
def may_be_there(cluster: Cluster) -> None:
    """It tolerates the taint of the shelf, and not that of the control plane"""
    spec = template(cluster, "trainer")
    if away := untolerated_taints(spec, [TAINT]):
        raise Fail(f"deployment/trainer: expected to tolerate {away[0]}, found that it does not")
    if not untolerated_taints(spec, [{"key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"}]):
        raise Fail(
            "deployment/trainer: expected to tolerate the taint of the shelf, found that it tolerates every taint"
        )


@check(task="web", points=2, holds=True)
def by_the_taint(cluster: Cluster) -> None:
    """Its pods ask for no node, avoid none and do not tolerate the taint"""
    spec = template(cluster, "web")
    if not affinity_accepts(spec, NEW, SHELF) or not affinity_accepts(spec, NEW, PLAIN):
        raise Fail("deployment/web: expected to accept every node, found that its selector or affinity excludes some")
    if not untolerated_taints(spec, [TAINT]):
        raise Fail("deployment/web: expected not to tolerate shelf=gpu:NoSchedule, found that it does")
