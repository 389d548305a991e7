"""Kinds `resource`, `absent` and `count`: which API objects exist, what they contain, how many there are."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, Field, model_validator

from rung.checks.client.selectors import selector, selector_text
from rung.checks.cluster import ALL, Cluster, Object
from rung.checks.core.match import short_json
from rung.checks.core.registry import CheckContext, Expectation, expected, kind
from rung.checks.from_pod import required_cluster
from rung.checks.kubernetes.tools.manifest_match import manifest_differences
from rung.checks.kubernetes.tools.readiness import unready_reasons
from rung.checks.kubernetes.tools.references import (
    BareReference,
    PartialManifest,
    Reference,
    manifest_words,
    reference,
    required_names,
)


def _valid_selector(value: str | dict[str, Any]) -> str | dict[str, Any]:
    selector(value)
    return value


Labels = Annotated[str | dict[str, Any], AfterValidator(_valid_selector)]


@kind("resource")
class Resource(Expectation):
    """An object of the API that exists and contains a partial manifest.

    Amounts are compared by value (`500m` is `0.5`), ports also by their names, and a list contains such an entry;
    containers, volumes, variables and ports are found by name. A native sidecar counts among the containers, a
    Secret's values can be told as `stringData`, and `null` means that the field is not set.
    """

    identity: ClassVar[tuple[str, ...]] = ("uid", "spec")

    resource: PartialManifest = Field(
        description="`kind`, `name` and what it must contain, as in a manifest; `namespace` and `apiVersion` where "
        "they are not the lab's and the usual one. A text `deployment/shop` where it only has to exist."
    )
    lacks: list[dict[str, Any]] = Field(
        default_factory=list, description="Partial manifests, none of which it may contain."
    )
    ready: bool = Field(
        False, description="It is ready, as its kind understands that; what was reported before a restart is unknown."
    )

    def reasons(self, context: CheckContext) -> Iterator[str]:
        cluster = required_cluster(context)
        thing = self._reference.get(cluster)
        if thing is None:
            yield missing_reason(cluster, self._reference)
            return
        for difference in manifest_differences(self._reference.rest, thing):
            yield f"{self._reference}: {difference}"
        for unwanted in self.lacks:
            if not manifest_differences(unwanted, thing):
                yield f"{self._reference}: expected nothing like {short_json(unwanted)}, found it"
        if self.ready:
            yield from (f"{self._reference}: {reason}" for reason in unready_reasons(context, cluster, thing))

    @property
    def _reference(self) -> Reference:
        return reference(self.resource)

    def sentence(self) -> str:
        words = manifest_words(self._reference.rest)
        what = [f"has {words}"] if words else ["is as the task says"] if self._reference.rest or self.lacks else []
        what += ["is ready"] if self.ready else []
        return f"{self._reference} {' and '.join(what) or 'exists'}"

    def names(self) -> Iterable[str]:
        own = self._reference
        return [own.name, *([own.namespace] if own.namespace else []), *required_names(own.rest)]

    def facts(self, context: CheckContext) -> dict[str, str]:
        thing = self._reference.get(required_cluster(context))
        return dict.fromkeys(self.identity, "none") if thing is None else object_identity(thing)


@kind("absent")
class Absent(Expectation):
    """An object that does not exist, in a namespace that does. An object that is being deleted still exists."""

    absent: BareReference = Field(
        description="`kind` and `name`, and the namespace where it is not the lab's; or `secret/old`."
    )

    def reasons(self, context: CheckContext) -> Iterator[str]:
        cluster = required_cluster(context)
        asked = reference(self.absent)
        resource = cluster.resource(asked.kind, asked.api_version)
        namespace = asked.namespace or cluster.namespace
        thing = asked.get(cluster)
        if thing is not None:
            finalizers = thing["metadata"].get("finalizers")
            deleted = f"one that is being deleted{f' (kept by {finalizers[0]})' if finalizers else ''}"
            yield expected(str(asked), "none", deleted if "deletionTimestamp" in thing["metadata"] else "one")
        elif resource.namespaced and cluster.get("Namespace", namespace) is None:
            yield expected(f"namespace/{namespace}", "to exist", "none")

    def sentence(self) -> str:
        return f"{reference(self.absent)} does not exist"

    def names(self) -> Iterable[str]:
        asked = reference(self.absent)
        return [asked.name, *([asked.namespace] if asked.namespace else [])]


@kind("count")
class Count(Expectation):
    """How many objects of a kind meet all conditions. Objects that are being deleted do not count."""

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

    def reasons(self, context: CheckContext) -> Iterator[str]:
        cluster = required_cluster(context)
        resource = cluster.resource(self.count)
        found = [o for o in self._selected(cluster) if "deletionTimestamp" not in o["metadata"]]
        wrong = {id(o): list(self._object_reasons(context, cluster, o)) for o in found}
        right = [o for o in found if not wrong[id(o)]]
        if self.every:
            yield from (f"{resource.singular}/{display_name(cluster, o)}: {r}" for o in found for r in wrong[id(o)])
        if not self._least <= len(right) <= self._most:
            yield expected(
                f"{resource.plural}{self._which(bool(found))}", self._wanted, self._found_words(cluster, found, right)
            )

    def _selected(self, cluster: Cluster) -> list[Object]:
        return cluster.list(self.count, self.namespace, labels=selector_text(self.labels), fields=self.fields)

    def _object_reasons(self, context: CheckContext, cluster: Cluster, thing: Object) -> Iterator[str]:
        yield from (str(d) for d in manifest_differences(self.like, thing))
        if self.ready:
            yield from unready_reasons(context, cluster, thing)

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

    def _found_words(self, cluster: Cluster, found: list[Object], right: list[Object]) -> str:
        if not right:
            return "none" + (f" among {len(found)}" if found else "")
        return f"{len(right)} ({', '.join(display_name(cluster, o) for o in right[:5])}{', ...' if right[5:] else ''})"

    def sentence(self) -> str:
        if self.every:
            what = "ready" if self.ready and not self.like else "as asked"
            return f"Each of the {self.count}{self._which(False)} is {what} ({self._wanted} of them)"
        return f"There are {self._wanted} {self.count}{self._which(True)}"

    def names(self) -> Iterable[str]:
        return [*([self.namespace] if self.namespace not in (None, ALL) else []), *required_names(self.like)]


def display_name(cluster: Cluster, thing: Object) -> str:
    """An object's name, with its namespace if that is not the lab's."""
    name, namespace = thing["metadata"]["name"], thing["metadata"].get("namespace")
    return f"{name} in {namespace}" if namespace not in (None, cluster.namespace) else str(name)


def missing_reason(cluster: Cluster, asked: Reference) -> str:
    """The reason for an object that does not exist; it names the namespace if that does not exist either."""
    namespaced = cluster.resource(asked.kind, asked.api_version).namespaced
    if namespaced and asked.namespace and cluster.get("Namespace", asked.namespace) is None:
        return expected(str(asked), "to exist", f"no namespace {asked.namespace}")
    return expected(str(asked), "to exist", "none")


def object_identity(thing: Object) -> dict[str, str]:
    """The object's `uid`, and as `spec` a digest of what its author wrote (all but metadata and status)."""
    written = {k: v for k, v in thing.items() if k not in ("metadata", "status", "apiVersion", "kind")}
    digest = hashlib.sha256(json.dumps(written, sort_keys=True).encode()).hexdigest()[:12]
    return {"uid": thing["metadata"]["uid"], "spec": digest}
