"""Which pod uses the most memory now, according to the metrics server."""

import time

from rung.checks import Fail, Host, check
from rung.checks.cluster import ALL, ApiRefused, Cluster, Object
from rung.checks.kubernetes.tools.quantities import quantity

FILE = "/home/candidate/biggest.txt"
_NEARLY = 0.8  # of the biggest: a pod that uses this much may have been the biggest when the learner looked
_PATIENCE = 10.0  # seconds: how long to wait for a slow metrics server


def figures(cluster: Cluster) -> list[Object]:
    """The metrics of every pod. Raises Fail if there are none."""
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            found = cluster.list("pods.metrics.k8s.io", ALL)
        except ApiRefused as refused:
            if not refused.troubled or time.monotonic() > end:
                raise
            time.sleep(1)
            continue
        if not found:
            raise Fail("the metrics server: expected figures of the pods, found none")
        return found


@check(task="whole", points=2)
def biggest(cluster: Cluster, host: Host) -> None:
    """/home/candidate/biggest.txt names the pod that uses the most memory"""
    used = {}
    for pod in figures(cluster):
        amounts = [quantity(c["usage"]["memory"]) or 0 for c in pod["containers"]]
        used[pod["metadata"]["name"]] = float(sum(amounts))
    text = host.text("cat %s", FILE)
    if text is None:
        raise Fail(f"{FILE}: expected to exist, found none")
    words = text.replace("/", " ").split()
    most = max(used.values())
    right = [name for name, amount in used.items() if amount >= _NEARLY * most]
    named = [word for word in words if word in used]
    if not named or any(name not in right for name in named):
        raise Fail(f"{FILE}: expected the name of the pod that uses the most memory, found {text.strip() or 'nothing'}")
