"""Kind `rollout`: how far a workload's rollout is, and which revisions its history keeps."""

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from pydantic import Field

from rung.checks.cluster import Cluster, Object
from rung.checks.core.registry import CheckContext, Expectation, expected, kind
from rung.checks.from_pod import required_cluster
from rung.checks.kubernetes.resource_absent_count import missing_reason, object_identity
from rung.checks.kubernetes.tools.readiness import unready_reasons
from rung.checks.kubernetes.tools.references import Reference

_REVISION = "deployment.kubernetes.io/revision"


@kind("rollout")
class Rollout(Expectation):
    """The rollout of a Deployment, a StatefulSet or a DaemonSet."""

    identity: ClassVar[tuple[str, ...]] = ("uid", "spec")

    rollout: str = Field(pattern=r"^[A-Za-z]+/[a-z0-9.-]+$", description="WORKLOAD/NAME, as in `deployment/shop`.")
    namespace: str | None = Field(None, description="Its namespace; default the lab's.")
    complete: bool | None = Field(
        True, description="Whether every pod is of the newest revision and available; null: not asked."
    )
    paused: bool | None = Field(None, description="Whether it is paused.")
    image: str | None = Field(None, description="The image that a container of each of its running pods has.")
    revision: int | None = Field(None, ge=1, description="The number of the current revision.")
    history: int | None = Field(
        None, ge=1, description="How many revisions are kept at least, the current one among them."
    )

    def reasons(self, context: CheckContext) -> Iterator[str]:
        cluster = required_cluster(context)
        thing = self._reference.get(cluster)
        if thing is None:
            yield missing_reason(cluster, self._reference)
            return
        for reason in self._differences(context, cluster, thing):
            yield f"{self._reference}: {reason}"

    @property
    def _reference(self) -> Reference:
        kind_, _, name = self.rollout.partition("/")
        return Reference(kind_, name, self.namespace, None, {})

    def _differences(self, context: CheckContext, cluster: Cluster, thing: Object) -> Iterator[str]:
        unready = list(unready_reasons(context, cluster, thing)) if self.complete is not None else []
        if self.complete:
            yield from unready
        elif self.complete is False and not unready:
            yield expected("rollout", "not complete", "complete")
        paused = bool(thing["spec"].get("paused"))
        if self.paused is not None and paused != self.paused:
            yield expected("spec.paused", str(self.paused).lower(), str(paused).lower())
        if self.revision is not None or self.history is not None:
            yield from self._history(cluster, thing)
        if self.image is not None:
            yield from self._images(cluster, thing)

    def _history(self, cluster: Cluster, thing: Object) -> Iterator[str]:
        kept = revisions(cluster, thing)
        current = max(kept, default=0)
        if self.revision is not None and current != self.revision:
            yield expected("revision", self.revision, current or "none")
        if self.history is not None and len(kept) < self.history:
            yield expected("history", f"at least {self.history} revisions", _numbers(kept))

    def _images(self, cluster: Cluster, thing: Object) -> Iterator[str]:
        pods = current_pods(cluster, thing)
        if not pods:
            yield expected("image", self.image, "no pod")
        for pod in pods:
            found = [c["image"] for c in pod["spec"]["containers"]]
            if self.image not in found:
                yield expected(f"pod/{pod['metadata']['name']}: image", self.image, ", ".join(found))

    def sentence(self) -> str:
        what = {True: ["is rolled out"], False: ["is not rolled out yet"], None: []}[self.complete]
        what += [] if self.paused is None else ["is paused" if self.paused else "is not paused"]
        what += [f"runs {self.image}"] if self.image else []
        what += [f"is at revision {self.revision}"] if self.revision else []
        what += [f"keeps {self.history} revisions"] if self.history else []
        return f"{self._reference} {', '.join(what) or 'exists'}"

    def names(self) -> Iterable[str]:
        return [word for word in (self._reference.name, self.namespace, self.image) if word]

    def facts(self, context: CheckContext) -> dict[str, str]:
        thing = self._reference.get(required_cluster(context))
        return dict.fromkeys(self.identity, "none") if thing is None else object_identity(thing)


def _numbers(kept: dict[int, Object]) -> str:
    return f"{len(kept)} ({', '.join(str(number) for number in sorted(kept))})" if kept else "none"


def controlled_objects(cluster: Cluster, kind_name: str, owner: Object) -> list[Object]:
    """The objects of a kind in the owner's namespace that the owner controls."""
    found = cluster.list(kind_name, owner["metadata"]["namespace"])
    return [each for each in found if controller_uid(each) == owner["metadata"]["uid"]]


def controller_uid(thing: Object) -> Any:
    """The uid of the owner that controls an object, or None."""
    owners = thing["metadata"].get("ownerReferences") or ()
    return next((each.get("uid") for each in owners if each.get("controller")), None)


def revisions(cluster: Cluster, workload: Object) -> dict[int, Object]:
    """The kept revisions by number: a Deployment's ReplicaSets, the ControllerRevisions of other workloads."""
    if workload["kind"] != "Deployment":
        return {int(each["revision"]): each for each in controlled_objects(cluster, "controllerrevisions", workload)}
    sets = controlled_objects(cluster, "replicasets", workload)
    return {int(number): each for each in sets if (number := _revision_number(each)) is not None}


def _revision_number(replica_set: Object) -> str | None:
    found = (replica_set["metadata"].get("annotations") or {}).get(_REVISION)
    return str(found) if str(found).isdecimal() else None


def current_pods(cluster: Cluster, workload: Object) -> list[Object]:
    """A workload's pods, without those that are being deleted."""
    owners = controlled_objects(cluster, "replicasets", workload) if workload["kind"] == "Deployment" else [workload]
    uids = {owner["metadata"]["uid"] for owner in owners}
    pods = [pod for pod in cluster.list("pods", workload["metadata"]["namespace"]) if controller_uid(pod) in uids]
    return [pod for pod in pods if "deletionTimestamp" not in pod["metadata"]]
