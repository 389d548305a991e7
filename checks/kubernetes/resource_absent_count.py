"""Kinds `resource`, `absent` and `count`: objects of the API, what they contain, how many there are."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, Field, model_validator

from rung.checks.client.selectors import selector, selector_text
from rung.checks.cluster import ALL, Cluster, Object
from rung.checks.core.match import shown
from rung.checks.core.registry import CheckContext, Expectation, expected, kind
from rung.checks.from_pod import cluster_of
from rung.checks.kubernetes.tools.manifest_match import contained
from rung.checks.kubernetes.tools.readiness import unready
from rung.checks.kubernetes.tools.references import Bare, Partial, Reference, demanded, facts_words, reference


def _readable(value: str | dict[str, Any]) -> str | dict[str, Any]:
    selector(value)
    return value


Labels = Annotated[str | dict[str, Any], AfterValidator(_readable)]


@kind("resource")
class Resource(Expectation):
    """An object of the API that exists and contains a partial manifest.

    Amounts are compared by value (`500m` is `0.5`), ports also by their names, and a list contains such an entry;
    containers, volumes, variables and ports are found by name. A native sidecar counts among the containers, a
    Secret's values can be told as `stringData`, and `null` means that the field is not set.
    """

    identity: ClassVar[tuple[str, ...]] = ("uid", "spec")

    resource: Partial = Field(
        description="`kind`, `name` and what it must contain, as in a manifest; `namespace` and `apiVersion` where "
        "they are not the lab's and the usual one. A text `deployment/shop` where it only has to exist."
    )
    lacks: list[dict[str, Any]] = Field(
        default_factory=list, description="Partial manifests, none of which it may contain."
    )
    ready: bool = Field(
        False, description="It is ready, as its kind understands that; what was reported before a restart is unknown."
    )

    def reasons(self, place: CheckContext) -> Iterator[str]:
        cluster = cluster_of(place)
        thing = self._reference.get(cluster)
        if thing is None:
            yield missing(cluster, self._reference)
            return
        for difference in contained(self._reference.rest, thing):
            yield f"{self._reference}: {difference}"
        for unwanted in self.lacks:
            if not contained(unwanted, thing):
                yield f"{self._reference}: expected nothing like {shown(unwanted)}, found it"
        if self.ready:
            yield from (f"{self._reference}: {reason}" for reason in unready(place, cluster, thing))

    @property
    def _reference(self) -> Reference:
        return reference(self.resource)

    def sentence(self) -> str:
        words = facts_words(self._reference.rest)
        what = [f"has {words}"] if words else ["is as the task says"] if self._reference.rest or self.lacks else []
        what += ["is ready"] if self.ready else []
        return f"{self._reference} {' and '.join(what) or 'exists'}"

    def names(self) -> Iterable[str]:
        own = self._reference
        return [own.name, *([own.namespace] if own.namespace else []), *demanded(own.rest)]

    def facts(self, place: CheckContext) -> dict[str, str]:
        thing = self._reference.get(cluster_of(place))
        return dict.fromkeys(self.identity, "none") if thing is None else identity(thing)


@kind("absent")
class Absent(Expectation):
    """An object that is not there, in a namespace that is; one that is being deleted is still there."""

    absent: Bare = Field(description="`kind` and `name`, and the namespace where it is not the lab's; or `secret/old`.")

    def reasons(self, place: CheckContext) -> Iterator[str]:
        cluster = cluster_of(place)
        asked = reference(self.absent)
        resource = cluster.resource(asked.kind, asked.api_version)
        namespace = asked.namespace or cluster.namespace
        thing = asked.get(cluster)
        if thing is not None:
            kept = thing["metadata"].get("finalizers")
            ending = f"one that is being deleted{f' (kept by {kept[0]})' if kept else ''}"
            yield expected(str(asked), "none", ending if "deletionTimestamp" in thing["metadata"] else "one")
        elif resource.namespaced and cluster.get("Namespace", namespace) is None:
            yield expected(f"namespace/{namespace}", "to exist", "none")

    def sentence(self) -> str:
        return f"{reference(self.absent)} does not exist"

    def names(self) -> Iterable[str]:
        asked = reference(self.absent)
        return [asked.name, *([asked.namespace] if asked.namespace else [])]


@kind("count")
class Count(Expectation):
    """How many objects of a kind there are that meet all conditions (those being deleted don't count)."""

    count: str = Field(min_length=1, description="The kind: `pods`, `Deployment`, `pods.metrics.k8s.io`.")
    labels: Labels = Field("", description="A label selector, as text (`app=shop,tier!=db`) or as a mapping.")
    fields: str = Field("", description="A field selector, as text (`status.phase=Running`).")
    namespace: str | None = Field(None, description="The namespace; default the lab's; `*` for all.")
    like: dict[str, Any] = Field(default_factory=dict, description="A partial manifest that they contain.")
    ready: bool = Field(False, description="Only those that are ready.")
    every: bool = Field(False, description="Every object that the selectors select must be as `like` and `ready` say.")
    exactly: int | None = Field(None, ge=0, description="How many there are.")
    min: int | None = Field(None, ge=0, description="How many there are at least; 1 where nothing is said.")
    max: int | None = Field(None, ge=0, description="How many there are at most.")

    @model_validator(mode="after")
    def _sensible(self) -> "Count":
        if self.exactly is not None and (self.min is not None or self.max is not None):
            raise ValueError("`exactly` stands for both `min` and `max`")
        if self.every and not (self.like or self.ready):
            raise ValueError("`every` needs `like` or `ready`")
        return self

    def reasons(self, place: CheckContext) -> Iterator[str]:
        cluster = cluster_of(place)
        word = cluster.resource(self.count)
        found = [o for o in self._selected(cluster) if "deletionTimestamp" not in o["metadata"]]
        wrong = {id(o): list(self._lacking(place, cluster, o)) for o in found}
        right = [o for o in found if not wrong[id(o)]]
        if self.every:
            yield from (f"{word.singular}/{called(cluster, o)}: {r}" for o in found for r in wrong[id(o)])
        if not self._least <= len(right) <= self._most:
            yield expected(f"{word.plural}{self._which(bool(found))}", self._wanted, self._told(cluster, found, right))

    def _selected(self, cluster: Cluster) -> list[Object]:
        return cluster.list(self.count, self.namespace, labels=selector_text(self.labels), fields=self.fields)

    def _lacking(self, place: CheckContext, cluster: Cluster, thing: Object) -> Iterator[str]:
        yield from (str(d) for d in contained(self.like, thing))
        if self.ready:
            yield from unready(place, cluster, thing)

    @property
    def _least(self) -> int:
        if self.exactly is not None:
            return self.exactly
        return self.min if self.min is not None else 0 if self.max is not None and not self.every else 1

    @property
    def _most(self) -> float:
        given = self.exactly if self.exactly is not None else self.max
        return float("inf") if given is None else given

    @property
    def _wanted(self) -> str:
        if self._most == float("inf"):
            return f"at least {self._least}"
        if self._least == self._most:
            return str(self._least)
        return f"{self._least} to {self._most}" if self._least else f"at most {self._most}"

    def _which(self, like: bool) -> str:
        where = {None: "", ALL: " in all namespaces"}.get(self.namespace, f" in {self.namespace}")
        labels = f" with the labels {selector_text(self.labels)}" if self.labels else ""
        fields = f" with {self.fields}" if self.fields else ""
        ready = " that are ready" if self.ready and not self.every else ""
        return f"{where}{labels}{fields}{ready}{' as asked' if self.like and like else ''}"

    def _told(self, cluster: Cluster, found: list[Object], right: list[Object]) -> str:
        if not right:
            return "none" + (f" among {len(found)}" if found else "")
        return f"{len(right)} ({', '.join(called(cluster, o) for o in right[:5])}{', ...' if right[5:] else ''})"

    def sentence(self) -> str:
        if self.every:
            what = "ready" if self.ready and not self.like else "as asked"
            return f"Each of the {self.count}{self._which(False)} is {what} ({self._wanted} of them)"
        return f"There are {self._wanted} {self.count}{self._which(True)}"

    def names(self) -> Iterable[str]:
        return [*([self.namespace] if self.namespace not in (None, ALL) else []), *demanded(self.like)]


def called(cluster: Cluster, thing: Object) -> str:
    """An object's name, with its namespace where that is not the lab's."""
    name, namespace = thing["metadata"]["name"], thing["metadata"].get("namespace")
    return f"{name} in {namespace}" if namespace not in (None, cluster.namespace) else str(name)


def missing(cluster: Cluster, asked: Reference) -> str:
    """The reason of an object that is not there; where its namespace is not there either, that is said."""
    namespaced = cluster.resource(asked.kind, asked.api_version).namespaced
    if namespaced and asked.namespace and cluster.get("Namespace", asked.namespace) is None:
        return expected(str(asked), "to exist", f"no namespace {asked.namespace}")
    return expected(str(asked), "to exist", "none")


def identity(thing: Object) -> dict[str, str]:
    """What makes it the same object (`uid`), and what its author wrote (`spec`: all but metadata and status)."""
    own = {k: v for k, v in thing.items() if k not in ("metadata", "status", "apiVersion", "kind")}
    digest = hashlib.sha256(json.dumps(own, sort_keys=True).encode()).hexdigest()[:12]
    return {"uid": thing["metadata"]["uid"], "spec": digest}
