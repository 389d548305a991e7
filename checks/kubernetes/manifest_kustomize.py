"""Kinds `manifest` and `kustomize`: files on a machine that describe objects."""

from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Annotated, Any

from pydantic import AfterValidator, Field, model_validator

from rung.checks.cluster import ApiRefused, Cluster, Object, UnknownKind
from rung.checks.core.machine import Machine
from rung.checks.core.outcome import Fail
from rung.checks.core.registry import CheckContext, Expectation, expected, kind
from rung.checks.from_pod import cluster_of
from rung.checks.kubernetes.tools.manifest_match import contained
from rung.checks.kubernetes.tools.references import Partial, demanded, reference
from rung.checks.linux.tools.reasons import listed, searched, unanswered
from rung.checks.linux.tools.texts import Regex

_RENDER = "if command -v kustomize > /dev/null; then kustomize build %s; else kubectl kustomize %s; fi"
_SECONDS = 20
_CONFLICT = 409
_APPLY = {"Content-Type": "application/apply-patch+yaml"}


def _source(value: str | dict[str, Any]) -> str | dict[str, Any]:
    if isinstance(value, str):
        if not value.startswith("/"):
            raise ValueError(f"expected a path from `/`, or a manifest, found {value!r}")
    elif not isinstance(value.get("kind"), str):
        raise ValueError("a manifest needs a `kind`")
    return value


@kind("manifest")
class Manifest(Expectation):
    """What the API says of a manifest (a file on the machine, or one in the lab) in a dry run: nothing is changed."""

    manifest: Annotated[str | dict[str, Any], AfterValidator(_source)] = Field(
        description="The file's path, or a whole manifest."
    )
    accepted: bool = Field(True, description="false: the API refuses it (each of them, where the file has several).")
    message: Regex | None = Field(None, description="A regular expression found in the API's refusal.")
    contains: list[Partial] = Field(
        default_factory=list,
        description="Partial manifests, each contained in one of the objects that the API makes of it.",
    )
    namespace: str | None = Field(None, description="The namespace where the manifest names none; default the lab's.")

    @model_validator(mode="after")
    def _sensible(self) -> "Manifest":
        if self.accepted and self.message is not None:
            raise ValueError("`message` needs `accepted: false`")
        return self

    def reasons(self, place: CheckContext) -> Iterator[str]:
        cluster = cluster_of(place)
        made: list[Object] = []
        for thing in self._objects(place.host):
            try:
                made.append(dry_run(cluster, thing, self.namespace))
            except (ApiRefused, UnknownKind) as refused:
                yield from self._refused(f"{self._subject}: {_called(thing)}", refused)
            else:
                if not self.accepted:
                    yield expected(f"{self._subject}: {_called(thing)}", "to be refused", "accepted")
        for partial in self.contains if self.accepted else ():
            yield from lacking(self._subject, partial, made)

    def _objects(self, host: Machine) -> list[Object]:
        if not isinstance(self.manifest, str):
            return [self.manifest]
        return objects(self.manifest, read(host, self.manifest))

    def _refused(self, subject: str, refused: ApiRefused | UnknownKind) -> Iterator[str]:
        if isinstance(refused, ApiRefused) and refused.troubled:
            raise refused
        said = refused.message if isinstance(refused, ApiRefused) else str(refused)
        if self.accepted:
            yield expected(subject, "to be accepted by the API", f"a refusal: {said}")
        elif self.message is not None and not searched(self.message, said):
            yield expected(f"{subject}: refusal", f"a match of `{self.message}`", said)

    @property
    def _subject(self) -> str:
        return self.manifest if isinstance(self.manifest, str) else "manifest"

    def sentence(self) -> str:
        what = "accepts" if self.accepted else "refuses"
        which = self.manifest if isinstance(self.manifest, str) else f"such a {self.manifest['kind']}"
        return f"The API {what} {which}"

    def names(self) -> Iterable[str]:
        own = [self.manifest] if isinstance(self.manifest, str) else []
        return [*own, *_demanded(self.contains)]


@kind("kustomize")
class Kustomize(Expectation):
    """What a kustomization on the machine renders."""

    kustomize: str = Field(pattern="^/", description="The directory.")
    contains: list[Partial] = Field(
        default_factory=list,
        description="Partial manifests, each contained in a rendered object; `*` in a name fits any text.",
    )
    only: bool = Field(False, description="No other objects than those are rendered.")
    live: bool = Field(False, description="Each rendered object is in the cluster as it was rendered.")

    def reasons(self, place: CheckContext) -> Iterator[str]:
        result = place.host.run(_RENDER, self.kustomize, self.kustomize, timeout=_SECONDS)
        if not result.ok:
            yield unanswered(self.kustomize, "kustomize build", result)
            return
        rendered = objects(f"{self.kustomize}: rendered", result.stdout)
        for partial in self.contains:
            yield from lacking(f"{self.kustomize}: rendered", partial, rendered)
        if self.only:
            others = [_called(o) for o in rendered if not any(_is_meant(p, o) for p in self.contains)]
            if others:
                yield expected(f"{self.kustomize}: rendered", "nothing else", listed(others))
        for thing in rendered if self.live else ():
            yield from _alive(cluster_of(place), thing)

    def sentence(self) -> str:
        live = ", and the cluster has it" if self.live else ""
        return f"{self.kustomize} renders what the task says{live}"

    def names(self) -> Iterable[str]:
        return [self.kustomize, *(name for name in _demanded(self.contains) if "*" not in name)]


def _demanded(partials: list[dict[str, Any]]) -> list[str]:
    return [word for partial in partials for word in (reference(partial).name, *demanded(reference(partial).rest))]


def read(host: Machine, path: str) -> str:
    """A file's text. Raises Fail where there is none to read."""
    result = host.run("cat -- %s", path)
    if not result.ok:
        raise Fail(expected(path, "a file", "none"))
    return result.stdout


def objects(subject: str, text: str) -> list[Object]:
    """The objects in YAML or JSON documents, lists taken apart. Raises Fail where there is none."""
    import yaml

    try:
        documents = list(yaml.load_all(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
    except yaml.YAMLError as error:
        raise Fail(expected(subject, "YAML", f"text that is none ({' '.join(str(error).split())[:120]})")) from None
    found = [inner for document in documents if document is not None for inner in _parts(document)]
    if not found or not all(isinstance(each, dict) and isinstance(each.get("kind"), str) for each in found):
        raise Fail(expected(subject, "objects with a `kind`", "something else" if found else "none"))
    return found


def _parts(document: Any) -> list[Any]:
    if isinstance(document, dict) and document.get("kind") == "List":
        return list(document.get("items") or ())
    return [document]


def dry_run(cluster: Cluster, thing: Object, namespace: str | None = None) -> Object:
    """The object as the API would have it; one that exists is applied to. Raises ApiRefused, UnknownKind."""
    try:
        return cluster.create(thing, namespace=namespace, dry_run=True)
    except ApiRefused as refused:
        if refused.status != _CONFLICT:
            raise
    metadata = thing["metadata"]
    resource = cluster.resource(thing["kind"], thing.get("apiVersion"))
    path = resource.path(metadata.get("namespace") or namespace or cluster.namespace, metadata["name"])
    query = {"dryRun": "All", "fieldManager": "rung-check", "force": "true"}
    made = cluster.raw("PATCH", path, query=query, body={"apiVersion": resource.api_version, **thing}, headers=_APPLY)
    return dict(made.json())


def lacking(subject: str, partial: Mapping[str, Any], found: list[Object]) -> Iterator[str]:
    """A reason for each difference where none of the objects contains the partial manifest."""
    meant = [thing for thing in found if _is_meant(partial, thing)]
    asked = reference(partial)
    if not meant:
        yield expected(subject, asked, listed(_called(thing) for thing in found))
        return
    differences = [contained(asked.rest, thing) for thing in meant]
    if all(differences):
        yield from (f"{subject}: {_called(meant[0])}: {each}" for each in differences[0])


def _is_meant(partial: Mapping[str, Any], thing: Object) -> bool:
    asked, metadata = reference(partial), thing.get("metadata") or {}
    return (
        asked.kind.lower() == thing["kind"].lower()
        and fnmatchcase(str(metadata.get("name", "")), asked.name)
        and asked.namespace in (None, metadata.get("namespace"))
        and asked.api_version in (None, thing.get("apiVersion"))
    )


def _called(thing: Object) -> str:
    metadata = thing.get("metadata") or {}
    return f"{thing['kind'].lower()}/{metadata.get('name') or metadata.get('generateName') or '?'}"


def _alive(cluster: Cluster, thing: Object) -> Iterator[str]:
    """What the cluster's object lacks of the rendered one."""
    asked = reference(thing)
    live = asked.get(cluster)
    if live is None:
        yield expected(f"{asked}: in the cluster", "to exist", "none")
        return
    yield from (f"{asked}: in the cluster: {difference}" for difference in contained(asked.rest, live))
