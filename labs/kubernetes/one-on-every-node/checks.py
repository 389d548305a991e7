"""Whether the DaemonSet agent also gets a pod on a node that is added later."""

from rung.checks import Fail, check
from rung.checks.cluster import Cluster
from rung.checks.kubernetes.tools.scheduling import affinity_accepts

NAME = "a-new-node"
LABELS = {"kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64", "kubernetes.io/hostname": NAME}


@check(task="everywhere", points=1)
def later(cluster: Cluster) -> None:
    """A node that is added later gets one as well"""
    daemonset = cluster.get("daemonsets", "agent")
    if daemonset is None:
        raise Fail("daemonset/agent: expected to exist, found none")
    if not affinity_accepts(daemonset["spec"]["template"]["spec"], NAME, LABELS):
        raise Fail("daemonset/agent: expected a pod on any new node, found that its selector or affinity excludes some")
