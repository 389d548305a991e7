"""Partial manifests: which object an expectation is about, and what that object must contain."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator

from rung.checks.cluster import Cluster, Object, common_resource
from rung.checks.core.match import short_json

_REFERENCE_KEYS = ("kind", "apiVersion", "name", "namespace")
_NAME_KEYS = ("name", "image")  # values that the task's text must tell the learner
_BARE = r"^[a-z0-9.-]+$"


@dataclass(frozen=True)
class Reference:
    """An object by its kind and name; `rest` is the part of a manifest that it must contain."""

    kind: str
    name: str
    namespace: str | None
    api_version: str | None
    rest: Mapping[str, Any]

    def get(self, cluster: Cluster) -> Object | None:
        """The object as it is now, or None. Raises UnknownKind, ApiRefused and ClusterGone."""
        return cluster.get(self.kind, self.name, self.namespace, api_version=self.api_version)

    def __str__(self) -> str:
        known = common_resource(self.kind, self.api_version)
        word = known.singular if known else self.kind.partition(".")[0].lower()
        return f"{word}/{self.name}{f' in {self.namespace}' if self.namespace else ''}"


def reference(partial: Mapping[str, Any]) -> Reference:
    """The object that a partial manifest is about; name and namespace stand at the top or in `metadata`.

    Raises ValueError if kind or name is missing.
    """
    metadata = dict(partial.get("metadata") or {})
    name = partial.get("name") or metadata.pop("name", None)
    namespace = partial.get("namespace") or metadata.pop("namespace", None)
    if not partial.get("kind") or not name:
        raise ValueError(f"a partial manifest needs `kind` and `name`, found {', '.join(partial) or 'nothing'}")
    rest = {key: value for key, value in partial.items() if key not in (*_REFERENCE_KEYS, "metadata")}
    if metadata:
        rest = {"metadata": metadata, **rest}
    return Reference(str(partial["kind"]), str(name), namespace, partial.get("apiVersion"), rest)


def _split(value: Any) -> Any:
    """`deployment/shop` as a mapping."""
    if isinstance(value, str) and value.count("/") == 1:
        kind, _, name = value.partition("/")
        return {"kind": kind, "name": name}
    return value


def _checked(value: dict[str, Any]) -> dict[str, Any]:
    reference(value)
    return value


def _bare(value: dict[str, Any]) -> dict[str, Any]:
    found = reference(value)
    if found.rest:
        raise ValueError(f"only kind, apiVersion, name and namespace can stand here, found {', '.join(found.rest)}")
    return value


PartialManifest = Annotated[
    dict[str, Any], AfterValidator(_checked), BeforeValidator(_split, json_schema_input_type=str | dict[str, Any])
]
BareReference = Annotated[
    dict[str, Any], AfterValidator(_bare), BeforeValidator(_split, json_schema_input_type=str | dict[str, Any])
]


def required_names(partial: Any) -> Iterator[str]:
    """Names and images in a manifest: the task's text must name them."""
    if isinstance(partial, list):
        for entry in partial:
            yield from required_names(entry)
    elif isinstance(partial, Mapping):
        for key, value in partial.items():
            if key in _NAME_KEYS and isinstance(value, str):
                yield value
            else:
                yield from required_names(value)


def manifest_words(rest: Any, most: int = 2) -> str:
    """What a partial manifest demands, for a title: `spec.replicas 3`; "" for nothing or more than `most` values."""
    leaves = list(_leaves(rest, "")) if rest else []
    return " and ".join(f"{path} {short_json(value, 40)}" for path, value in leaves) if len(leaves) <= most else ""


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping) and value:
        for key, inner in value.items():
            yield from _leaves(inner, f"{path}.{key}" if path else str(key))
    elif (
        isinstance(value, list) and value and all(isinstance(e, Mapping) and len(e) > 1 and "name" in e for e in value)
    ):
        for entry in value:
            yield from _leaves({k: v for k, v in entry.items() if k != "name"}, f"{path}[{entry['name']}]")
    else:
        yield path, value
