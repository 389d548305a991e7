"""Find out whether a cluster enforces NetworkPolicies: deny all traffic to a pod, and try to connect to it.

There is no other way: the API accepts policies whether or not a network plugin enforces them.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from rung.checks.cluster import ApiRefused, Cluster, ClusterGone, Object
from rung.checks.core.channel import CommandTimeout
from rung.checks.core.outcome import Fail
from rung.checks.from_pod import pod_connection, pod_machine
from rung.runner.core.polling import poll
from rung.runner.lab.model import Lab

CAPABILITY = "network-policy"
LABEL = "rung.attempt"
_PORT = 8080  # on which rung/web listens
_SECONDS = 20.0  # a plugin may take to act on a policy, and the pod to answer
_PODS = {"web": "rung/web:1.1", "box": "rung/box:1.0"}
_NOTHING_IN = {"podSelector": {}, "policyTypes": ["Ingress"]}


def asks(lab: Lab) -> bool:
    """Whether a lab needs enforced policies, or has checks that try them where they are enforced."""
    expectations = [e for task in lab.tasks for e in task.expect]
    return CAPABILITY in lab.capabilities or any(e.kind == "policy" and getattr(e, "live", False) for e in expectations)


def enforces(cluster: Cluster, attempt: str) -> bool:
    """Whether a connection that works is refused once a policy denies it.

    The two pods run in a namespace with the attempt's label, which is removed afterwards. A cluster in which they do
    not run counts as one that does not enforce policies.
    """
    try:
        with _namespace(cluster, attempt) as name:
            web, box = (_pod(cluster, name, pod) for pod in _PODS)
            if not _becomes(cluster, box, web, "open"):
                return False
            policy = {"kind": "NetworkPolicy", "metadata": {"name": "canary"}, "spec": _NOTHING_IN}
            cluster.create(policy, namespace=name)
            return _becomes(cluster, box, web, "closed")
    except (Fail, ApiRefused, ClusterGone, CommandTimeout):
        return False


def _pod(cluster: Cluster, namespace: str, name: str) -> Object:
    return cluster.wait(
        "Pod", name, lambda pod: pod["status"].get("phase") == "Running",
        what="to run", namespace=namespace, timeout=60,
    )  # fmt: skip


def _becomes(cluster: Cluster, source: Object, target: Object, wanted: str) -> bool:
    def is_wanted() -> bool:
        found, _ = pod_connection(pod_machine(cluster, source), target["status"]["podIP"], _PORT)
        return found == wanted

    return poll(is_wanted, _SECONDS, 0.2)


@contextmanager
def _namespace(cluster: Cluster, attempt: str) -> Iterator[str]:
    """Create a namespace with both pods; remove it afterwards."""
    name = f"rung-canary-{secrets.token_hex(3)}"
    cluster.create({"kind": "Namespace", "metadata": {"name": name, "labels": {LABEL: attempt}}})
    try:
        cluster.wait("ServiceAccount", "default", lambda _: True, what="to be", namespace=name)  # pods need it
        for pod, image in _PODS.items():
            spec = {"containers": [{"name": pod, "image": image}], "automountServiceAccountToken": False}
            cluster.create({"kind": "Pod", "metadata": {"name": pod}, "spec": spec}, namespace=name)
        yield name
    finally:
        cluster.delete("Namespace", name)
