"""Kinds `manifest` and `kustomize`: files on a machine that describe API objects."""

from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Annotated, Any

from pydantic import AfterValidator, Field, model_validator

from rung.checks.cluster import ApiRefused, Cluster, Object, UnknownKind
from rung.checks.core.machine import Machine
from rung.checks.core.outcome import Fail
from rung.checks.core.registry import CheckContext, Expectation, expected, kind
from rung.checks.from_pod import required_cluster
from rung.checks.kubernetes.tools.manifest_match import manifest_differences
from rung.checks.kubernetes.tools.references import PartialManifest, reference, required_names
from rung.checks.linux.tools.reasons import listed, no_answer, pattern_found
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
    """Whether the API accepts a manifest (a file on the machine, or one in the lab), tried in a dry run."""

    manifest: Annotated[str | dict[str, Any], AfterValidator(_source)] = Field(
        description="The file's path, or a whole manifest."
    )
    accepted: bool = Field(True, description="false: the API refuses it (each of them, where the file has several).")
    message: Regex | None = Field(None, description="A regular expression found in the API's refusal.")
    contains: list[PartialManifest] = Field(
        default_factory=list,
        description="Partial manifests, each contained in one of the objects that the API makes of it.",
    )
    namespace: str | None = Field(None, description="The namespace where the manifest names none; default the lab's.")

    @model_validator(mode="after")
    def _sensible(self) -> "Manifest":
        if self.accepted and self.message is not None:
            raise ValueError("`message` needs `accepted: false`")
        return self

    def reasons(self, context: CheckContext) -> Iterator[str]:
        cluster = required_cluster(context)
        accepted: list[Object] = []
        for thing in self._objects(context.host):
            try:
                accepted.append(dry_run(cluster, thing, self.namespace))
            except (ApiRefused, UnknownKind) as refused:
                yield from self._refused(f"{self._subject}: {short_reference(thing)}", refused)
            else:
                if not self.accepted:
                    yield expected(f"{self._subject}: {short_reference(thing)}", "to be refused", "accepted")
        for partial in self.contains if self.accepted else ():
            yield from missing_part_reasons(self._subject, partial, accepted)

    def _objects(self, host: Machine) -> list[Object]:
        if not isinstance(self.manifest, str):
            return [self.manifest]
        return parse_objects(self.manifest, read_file(host, self.manifest))

    def _refused(self, subject: str, refused: ApiRefused | UnknownKind) -> Iterator[str]:
        if isinstance(refused, ApiRefused) and refused.troubled:
            raise refused
        message = refused.message if isinstance(refused, ApiRefused) else str(refused)
        if self.accepted:
            yield expected(subject, "to be accepted by the API", f"a refusal: {message}")
        elif self.message is not None and not pattern_found(self.message, message):
            yield expected(f"{subject}: refusal", f"a match of `{self.message}`", message)

    @property
    def _subject(self) -> str:
        return self.manifest if isinstance(self.manifest, str) else "manifest"

    def sentence(self) -> str:
        what = "accepts" if self.accepted else "refuses"
        which = self.manifest if isinstance(self.manifest, str) else f"such a {self.manifest['kind']}"
        return f"The API {what} {which}"

    def names(self) -> Iterable[str]:
        own = [self.manifest] if isinstance(self.manifest, str) else []
        return [*own, *_required_names(self.contains)]


@kind("kustomize")
class Kustomize(Expectation):
    """What a kustomization on the machine renders."""

    kustomize: str = Field(pattern="^/", description="The directory.")
    contains: list[PartialManifest] = Field(
        default_factory=list,
        description="Partial manifests, each contained in a rendered object; `*` in a name fits any text.",
    )
    only: bool = Field(False, description="No other objects than those are rendered.")
    live: bool = Field(False, description="Each rendered object is in the cluster as it was rendered.")

    def reasons(self, context: CheckContext) -> Iterator[str]:
        result = context.host.run(_RENDER, self.kustomize, self.kustomize, timeout=_SECONDS)
        if not result.ok:
            yield no_answer(self.kustomize, "kustomize build", result)
            return
        rendered = parse_objects(f"{self.kustomize}: rendered", result.stdout)
        for partial in self.contains:
            yield from missing_part_reasons(f"{self.kustomize}: rendered", partial, rendered)
        if self.only:
            others = [short_reference(o) for o in rendered if not any(_matches_reference(p, o) for p in self.contains)]
            if others:
                yield expected(f"{self.kustomize}: rendered", "nothing else", listed(others))
        for thing in rendered if self.live else ():
            yield from _live_reasons(required_cluster(context), thing)

    def sentence(self) -> str:
        live = ", and the cluster has it" if self.live else ""
        return f"{self.kustomize} renders what the task says{live}"

    def names(self) -> Iterable[str]:
        return [self.kustomize, *(name for name in _required_names(self.contains) if "*" not in name)]


def _required_names(partials: list[dict[str, Any]]) -> list[str]:
    return [
        word for partial in partials for word in (reference(partial).name, *required_names(reference(partial).rest))
    ]


def read_file(host: Machine, path: str) -> str:
    """The text of a file on the machine. Raises Fail if it cannot be read."""
    result = host.run("cat -- %s", path)
    if not result.ok:
        raise Fail(expected(path, "a file", "none"))
    return result.stdout


def parse_objects(subject: str, text: str) -> list[Object]:
    """The objects in YAML or JSON documents; the items of a `List` count one by one.

    Raises Fail, with `subject` as its beginning, if the text is no YAML, has no objects, or some have no `kind`.
    """
    import yaml

    try:
        documents = list(yaml.load_all(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
    except yaml.YAMLError as error:
        raise Fail(expected(subject, "YAML", f"text that is none ({' '.join(str(error).split())[:120]})")) from None
    found = [inner for document in documents if document is not None for inner in _items(document)]
    if not found or not all(isinstance(each, dict) and isinstance(each.get("kind"), str) for each in found):
        raise Fail(expected(subject, "objects with a `kind`", "something else" if found else "none"))
    return found


def _items(document: Any) -> list[Any]:
    if isinstance(document, dict) and document.get("kind") == "List":
        return list(document.get("items") or ())
    return [document]


def dry_run(cluster: Cluster, thing: Object, namespace: str | None = None) -> Object:
    """The object as the API would store it, by a dry run that creates it, or applies it to one that exists.

    Raises ApiRefused and UnknownKind.
    """
    try:
        return cluster.create(thing, namespace=namespace, dry_run=True)
    except ApiRefused as refused:
        if refused.status != _CONFLICT:
            raise
    metadata = thing["metadata"]
    resource = cluster.resource(thing["kind"], thing.get("apiVersion"))
    path = resource.path(metadata.get("namespace") or namespace or cluster.namespace, metadata["name"])
    query = {"dryRun": "All", "fieldManager": "rung-check", "force": "true"}
    answer = cluster.raw("PATCH", path, query=query, body={"apiVersion": resource.api_version, **thing}, headers=_APPLY)
    return dict(answer.json())


def missing_part_reasons(subject: str, partial: Mapping[str, Any], found: list[Object]) -> Iterator[str]:
    """Reasons if none of the `found` objects contains the partial manifest: its differences to the first candidate."""
    candidates = [thing for thing in found if _matches_reference(partial, thing)]
    asked = reference(partial)
    if not candidates:
        yield expected(subject, asked, listed(short_reference(thing) for thing in found))
        return
    differences = [manifest_differences(asked.rest, thing) for thing in candidates]
    if all(differences):
        yield from (f"{subject}: {short_reference(candidates[0])}: {each}" for each in differences[0])


def _matches_reference(partial: Mapping[str, Any], thing: Object) -> bool:
    asked, metadata = reference(partial), thing.get("metadata") or {}
    return (
        asked.kind.lower() == thing["kind"].lower()
        and fnmatchcase(str(metadata.get("name", "")), asked.name)
        and asked.namespace in (None, metadata.get("namespace"))
        and asked.api_version in (None, thing.get("apiVersion"))
    )


def short_reference(thing: Object) -> str:
    """`deployment/shop`, for an object that may have no name yet."""
    metadata = thing.get("metadata") or {}
    return f"{thing['kind'].lower()}/{metadata.get('name') or metadata.get('generateName') or '?'}"


def _live_reasons(cluster: Cluster, thing: Object) -> Iterator[str]:
    """The differences between a rendered object and the cluster's."""
    asked = reference(thing)
    live = asked.get(cluster)
    if live is None:
        yield expected(f"{asked}: in the cluster", "to exist", "none")
        return
    yield from (f"{asked}: in the cluster: {difference}" for difference in manifest_differences(asked.rest, live))
