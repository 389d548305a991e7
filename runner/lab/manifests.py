"""Reads a lab's setup.yaml: Kubernetes manifests that are applied before setup.sh runs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rung.runner.core.errors import LabFileError
from rung.runner.core.text import found
from rung.runner.lab import yaml_tree
from rung.runner.lab.templates import TemplateMistake, is_template, render
from rung.runner.lab.yaml_tree import Document, Where

FILE = "setup.yaml"
_TEXT_MAPS = frozenset({"labels", "annotations", "matchLabels", "nodeSelector", "stringData"})
_SEPARATOR = re.compile(r"^---(?=\s|$)", re.MULTILINE)


def read(folder: Path, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The manifests of a lab with `values` filled in, [] without the file. Raises LabFileError with all mistakes."""
    path = folder / FILE
    if not path.exists():
        return []
    documents = [yaml_tree.parse(part, path) for part in _parts(yaml_tree.content_of(path) or b"")]
    for document in documents:
        document.data = _filled(document.data, document, (), values)
        _check(document)
    mistakes = [mistake for document in documents for mistake in document.mistakes]
    if mistakes:
        raise LabFileError(list(dict.fromkeys(mistakes)))
    return [document.data for document in documents if document.data is not None]


def text(manifests: list[dict[str, Any]]) -> str:
    """Manifests as `kubectl apply -f -` reads them."""
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": manifests}, ensure_ascii=False)


def _parts(content: bytes) -> Iterator[bytes]:
    """The YAML documents of a file, each after so many empty lines that its line numbers are those of the file."""
    whole = content.decode("utf-8", "surrogateescape")
    lines = 0
    for part in _SEPARATOR.split(whole):
        yield ("\n" * lines + part).encode("utf-8", "surrogateescape")
        lines += part.count("\n")


def _check(document: Document) -> None:
    data = document.data
    if data is None:
        return
    if not isinstance(data, dict):
        document.mistake((), f"expected a manifest with `apiVersion`, `kind` and `metadata`, found {found(data)}")
        return
    for key in ("apiVersion", "kind", "metadata"):
        if key not in data:
            document.mistake((), f"this manifest has no `{key}`")
    for where, value in _texts(data, ()):
        if isinstance(value, bool | int | float):
            sentence = f"`{where[-1]}`: the API wants a text here, found {found(value)}: quote it, or write `| string`"
            document.mistake(where, sentence)


def _texts(data: Any, where: Where) -> Iterator[tuple[Where, Any]]:
    """Values that the API takes as texts only: labels, annotations, data of ConfigMaps and Secrets, variables."""
    if isinstance(data, list):
        for number, entry in enumerate(data):
            if where[-1:] == ("env",) and isinstance(entry, dict) and "value" in entry:
                yield (*where, number, "value"), entry["value"]
            yield from _texts(entry, (*where, number))
    if not isinstance(data, dict):
        return
    maps = _TEXT_MAPS | ({"data"} if data.get("kind") in ("ConfigMap", "Secret") else set())
    for key, value in data.items():
        if key in maps and isinstance(value, dict):
            yield from (((*where, key, name), entry) for name, entry in value.items())
        else:
            yield from _texts(value, (*where, key))


def _filled(data: Any, document: Document, where: Where, values: Mapping[str, Any]) -> Any:
    if isinstance(data, dict):
        return {key: _filled(value, document, (*where, key), values) for key, value in data.items()}
    if isinstance(data, list):
        return [_filled(value, document, (*where, number), values) for number, value in enumerate(data)]
    if not (isinstance(data, str) and is_template(data)):
        return data
    try:
        return render(data, dict(values))
    except TemplateMistake as error:
        document.mistake(where, f"{error}{document.meant(error.undefined, values)}")
        return None
