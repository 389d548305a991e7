"""Kind `rollout`: how far a workload's rollout is, and what its history holds."""

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from pydantic import Field

from rung.checks.cluster import Cluster, Object
from rung.checks.core.registry import CheckContext, Expectation, expected, kind
from rung.checks.from_pod import cluster_of
from rung.checks.kubernetes.resource_absent_count import identity, missing
from rung.checks.kubernetes.tools.readiness import unready
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

    def reasons(self, place: CheckContext) -> Iterator[str]:
        cluster = cluster_of(place)
        thing = self._reference.get(cluster)
        if thing is None:
            yield missing(cluster, self._reference)
            return
        for reason in self._differences(place, cluster, thing):
            yield f"{self._reference}: {reason}"

    @property
    def _reference(self) -> Reference:
        kind_, _, name = self.rollout.partition("/")
        return Reference(kind_, name, self.namespace, None, {})

    def _differences(self, place: CheckContext, cluster: Cluster, thing: Object) -> Iterator[str]:
        late = list(unready(place, cluster, thing)) if self.complete is not None else []
        if self.complete:
            yield from late
        elif self.complete is False and not late:
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
            yield expected("history", f"at least {self.history} revisions", _listed(kept))

    def _images(self, cluster: Cluster, thing: Object) -> Iterator[str]:
        pods = pods_of(cluster, thing)
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

    def facts(self, place: CheckContext) -> dict[str, str]:
        thing = self._reference.get(cluster_of(place))
        return dict.fromkeys(self.identity, "none") if thing is None else identity(thing)


def _listed(kept: dict[int, Object]) -> str:
    return f"{len(kept)} ({', '.join(str(number) for number in sorted(kept))})" if kept else "none"


def owned(cluster: Cluster, sort: str, owner: Object) -> list[Object]:
    """Objects of a sort in the owner's namespace that it controls."""
    found = cluster.list(sort, owner["metadata"]["namespace"])
    return [each for each in found if controller(each) == owner["metadata"]["uid"]]


def controller(thing: Object) -> Any:
    """The uid of what controls an object, or None."""
    owners = thing["metadata"].get("ownerReferences") or ()
    return next((each.get("uid") for each in owners if each.get("controller")), None)


def revisions(cluster: Cluster, workload: Object) -> dict[int, Object]:
    """The revisions that are kept, by number: a Deployment's ReplicaSets, the others' ControllerRevisions."""
    if workload["kind"] != "Deployment":
        return {int(each["revision"]): each for each in owned(cluster, "controllerrevisions", workload)}
    sets = owned(cluster, "replicasets", workload)
    return {int(number): each for each in sets if (number := _number(each)) is not None}


def _number(replica_set: Object) -> str | None:
    found = (replica_set["metadata"].get("annotations") or {}).get(_REVISION)
    return str(found) if str(found).isdecimal() else None


def pods_of(cluster: Cluster, workload: Object) -> list[Object]:
    """The pods that a workload has now, those being deleted left out."""
    owners = owned(cluster, "replicasets", workload) if workload["kind"] == "Deployment" else [workload]
    uids = {owner["metadata"]["uid"] for owner in owners}
    pods = [pod for pod in cluster.list("pods", workload["metadata"]["namespace"]) if controller(pod) in uids]
    return [pod for pod in pods if "deletionTimestamp" not in pod["metadata"]]
