"""Starts a copy of a pod of the Deployment search, behind no Service, watches it and makes it stuck."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rung.checks import Fail, check
from rung.checks.cluster import Cluster

LOADED = "! test -e /work/loading"
MOST = 56.0  # seconds that a trial may take; a check has 60
READY_AFTER = 15.0  # seconds from the end of loading
RESTARTED_AFTER = 20.0  # seconds from getting stuck
SLACK = 4.0  # for the kubelet to begin, to kill and to report


class Copy:
    """A pod like those of the Deployment, as it is now."""

    def __init__(self, cluster: Cluster, name: str) -> None:
        self.cluster, self.name = cluster, name
        self.began = time.monotonic()

    def look(self) -> dict[str, Any]:
        """Its status. Raises Fail if the pod is gone or time is up."""
        if time.monotonic() - self.began > MOST:
            raise Fail(
                f"a pod like those of deployment/search: expected an end within {MOST:g} s, found the trial unfinished"
            )
        pod = self.cluster.get("pods", self.name)
        if pod is None:
            raise Fail("a pod like those of deployment/search was started, and somebody deleted it")
        return dict(pod.get("status", {}))

    def run(self, command: str) -> bool:
        """Whether a command in its container succeeds."""
        return bool(self.cluster.exec(self.name, command, container="web").rc == 0)


@contextmanager
def copy(cluster: Cluster, purpose: str) -> Iterator[Copy]:
    """A pod from the Deployment's template that no selector selects; it is removed at the end."""
    deployment = cluster.get("deployments", "search")
    if deployment is None:
        raise Fail("deployment/search: expected to exist, found none")
    spec = {**deployment["spec"]["template"]["spec"], "terminationGracePeriodSeconds": 1}
    made = cluster.create(
        {"kind": "Pod", "metadata": {"generateName": f"trial-{purpose}-", "labels": {"rung": "trial"}}, "spec": spec}
    )
    name = made["metadata"]["name"]
    try:
        yield Copy(cluster, name)
    finally:
        cluster.delete("pods", name, grace=0)


def ready(status: dict[str, Any]) -> bool:
    return any(c["type"] == "Ready" and c["status"] == "True" for c in status.get("conditions") or ())


def restarts(status: dict[str, Any]) -> int:
    return sum(each["restartCount"] for each in status.get("containerStatuses") or ())


def running(status: dict[str, Any]) -> bool:
    return any("running" in each.get("state", {}) for each in status.get("containerStatuses") or ())


def until_ready(trial: Copy) -> None:
    """Wait until the copy is ready. Raises Fail if that is too early or too late, or if it restarts before."""
    loaded: float | None = None
    while True:
        status = trial.look()
        if restarts(status):
            raise Fail("a new pod: expected it to load its index undisturbed, found that its container was restarted")
        done = running(status) and trial.run(LOADED)
        now = time.monotonic()
        if done and loaded is None:
            loaded = now
        if ready(status):
            if not done:
                raise Fail("a new pod: expected it not to be ready while it loads its index, found it ready")
            return
        if loaded is not None and now - loaded > READY_AFTER + SLACK:
            raise Fail(f"a new pod: expected it to be ready {READY_AFTER:g} s after loading, found that it is not")
        time.sleep(0.5)


@check(task="loading", id="ready", points=4)
def not_before(cluster: Cluster) -> None:
    """A new pod loads its index undisturbed and is ready after that, not before"""
    with copy(cluster, "loading") as trial:
        until_ready(trial)


@check(task="stuck", points=4)
def restarted(cluster: Cluster) -> None:
    """A container that gets stuck is restarted within 20 seconds"""
    with copy(cluster, "stuck") as trial:
        while not (running(trial.look()) and trial.run(LOADED)):
            if restarts(trial.look()):
                raise Fail("a new pod: expected it to load its index, found that its container was restarted before")
            time.sleep(0.5)
        while not ready(trial.look()):
            time.sleep(0.5)
        before = restarts(trial.look())
        if not trial.run("wget -q -O /dev/null --post-data= 'http://127.0.0.1:8080/ready?on=false'"):
            raise Fail("a new pod: expected to be able to make it stuck, found no answer of its worker")
        stuck = time.monotonic()
        while restarts(trial.look()) == before:
            if time.monotonic() - stuck > RESTARTED_AFTER + SLACK:
                raise Fail(
                    f"a pod whose worker is stuck: expected a restart of its container within {RESTARTED_AFTER:g} s, "
                    "found it running as before"
                )
            time.sleep(0.5)
