"""Which object an expectation speaks of, and what it must contain: read from a partial manifest."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator

from rung.checks.client.discovery import common, find
from rung.checks.cluster import Cluster, Object
from rung.checks.core.match import shown

_OWN = ("kind", "apiVersion", "name", "namespace")
_NAMED = ("name", "image")  # texts in a manifest that the task has to tell
_BARE = r"^[a-z0-9.-]+$"


@dataclass(frozen=True)
class Reference:
    """An object by its kind and name, and the part of a manifest that it must contain."""

    kind: str
    name: str
    namespace: str | None
    api_version: str | None
    rest: Mapping[str, Any]

    def get(self, cluster: Cluster) -> Object | None:
        """The object as it is now. Raises UnknownKind."""
        return cluster.get(self.kind, self.name, self.namespace, api_version=self.api_version)

    def __str__(self) -> str:
        known = find(self.kind, self.api_version, common())
        word = known.singular if known else self.kind.partition(".")[0].lower()
        return f"{word}/{self.name}{f' in {self.namespace}' if self.namespace else ''}"


def reference(partial: Mapping[str, Any]) -> Reference:
    """The object that a partial manifest speaks of; name and namespace stand at the top or in `metadata`.

    Raises ValueError where kind or name is missing.
    """
    metadata = dict(partial.get("metadata") or {})
    name = partial.get("name") or metadata.pop("name", None)
    namespace = partial.get("namespace") or metadata.pop("namespace", None)
    if not partial.get("kind") or not name:
        raise ValueError(f"a partial manifest needs `kind` and `name`, found {', '.join(partial) or 'nothing'}")
    rest = {key: value for key, value in partial.items() if key not in (*_OWN, "metadata")}
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


Partial = Annotated[
    dict[str, Any], AfterValidator(_checked), BeforeValidator(_split, json_schema_input_type=str | dict[str, Any])
]
Bare = Annotated[
    dict[str, Any], AfterValidator(_bare), BeforeValidator(_split, json_schema_input_type=str | dict[str, Any])
]


def demanded(partial: Any) -> Iterator[str]:
    """Names and images in a manifest: what a check demands by name."""
    if isinstance(partial, list):
        for entry in partial:
            yield from demanded(entry)
    elif isinstance(partial, Mapping):
        for key, value in partial.items():
            if key in _NAMED and isinstance(value, str):
                yield value
            else:
                yield from demanded(value)


def facts_words(rest: Any, most: int = 2) -> str:
    """What a partial manifest demands, for a title: `spec.replicas 3`; "" where it is nothing or too much."""
    leaves = list(_leaves(rest, "")) if rest else []
    return " and ".join(f"{path} {shown(value, 40)}" for path, value in leaves) if len(leaves) <= most else ""


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
