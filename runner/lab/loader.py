"""Reads lab.yaml into a `Lab`, or reports all mistakes in it with their places."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rung.runner.core.errors import LabFileError, Mistake
from rung.runner.core.text import found
from rung.runner.lab import folder as folders
from rung.runner.lab import manifests, rules, scripts
from rung.runner.lab.expectations import expectations
from rung.runner.lab.model import Lab
from rung.runner.lab.seeded_values import ValueMistake, as_variable, draw
from rung.runner.lab.templates import TemplateMistake, count, is_template, render
from rung.runner.lab.validation import HOLE, Hole, validated
from rung.runner.lab.yaml_tree import Document, Where, read

FILE = "lab.yaml"
MOST_TEMPLATES = 1000
MOST_VALUES = 200


def load(folder: Path, seed: int | None = None) -> Lab:
    """The lab in `folder`; its templates are filled in with the values that `seed` (default 1) draws.

    Raises LabFileError with all mistakes in the lab's files.
    """
    seed = 1 if seed is None else seed
    document = read(folder / FILE)
    mistakes, digest = _digest(folder)
    if not mistakes:
        names = rules.machine_names(document.data) if isinstance(document.data, dict) else []
        mistakes = list(scripts.mistakes(folder, names))
    lab = _lab(document, folder, seed, digest)
    if document.mistakes or mistakes or lab is None:
        raise LabFileError([*mistakes, *document.mistakes])
    manifests.read(folder, lab.values)  # reports its mistakes before a machine is made
    return lab


def environment(lab: Lab) -> dict[str, str]:
    """The environment variables of the lab's scripts: the values, and RUNG_SEED."""
    return {name: as_variable(value) for name, value in lab.values.items()} | {"RUNG_SEED": str(lab.seed)}


def _digest(folder: Path) -> tuple[list[Mistake], str]:
    try:
        return [], folders.digest(folder)
    except folders.FolderMistakes as error:
        return error.mistakes, ""


def _lab(document: Document, folder: Path, seed: int, digest: str) -> Lab | None:
    data = document.data
    if not isinstance(data, dict):
        if not document.mistakes:
            document.mistake((), f"expected a mapping with `title`, `tasks` and so on, found {found(data)}")
        return None
    for key in ("name", "folder", "seed", "digest"):  # fields of Lab that only the loader sets
        if data.pop(key, None) is not None:
            document.mistake((key,), f"unknown key `{key}`", key=True)
    values = _values(data.pop("values", None), document, seed)
    data = _Filler(document, values).fill(data, ())
    rules.check(data, document)
    _expectations(data, document)
    drawn = {name: value for name, value in values.items() if not isinstance(value, Hole)}
    loaded = {"values": drawn, "name": folder.resolve().name, "folder": folder, "seed": seed, "digest": digest}
    return validated(Lab, {**data, **loaded}, document, ())


def _values(specs: Any, document: Document, seed: int) -> dict[str, Any]:
    """The values, drawn in order; HOLE for a value that cannot be drawn."""
    values: dict[str, Any] = {}
    if specs is not None and not isinstance(specs, dict):
        document.mistake(("values",), f"`values`: expected a mapping, found {found(specs)}")
        return values
    if len(specs or {}) > MOST_VALUES:
        document.mistake(("values",), f"`values`: more than {MOST_VALUES}")
    for name, spec in list((specs or {}).items())[:MOST_VALUES]:
        try:
            spec = _Filler(document, values).fill(spec, ("values", name))
            values[name] = HOLE if _has_hole(spec) else draw(name, spec, seed)
        except ValueMistake as error:
            document.mistake(("values", name, *error.where), str(error))
            values[name] = HOLE
    return values


def _has_hole(spec: Any) -> bool:
    if isinstance(spec, dict | list):
        return any(_has_hole(entry) for entry in (spec.values() if isinstance(spec, dict) else spec))
    return isinstance(spec, Hole)


class _Filler:
    """Fills in the templates of a document's scalars."""

    def __init__(self, document: Document, values: dict[str, Any]) -> None:
        self.document = document
        self.values = values
        self.filled: dict[str, Any] = {}
        self.count = 0

    def fill(self, data: Any, where: Where) -> Any:
        if isinstance(data, dict):
            return {key: self.fill(value, (*where, key)) for key, value in data.items()}
        if isinstance(data, list):
            return [self.fill(value, (*where, number)) for number, value in enumerate(data)]
        return self._scalar(data, where) if isinstance(data, str) and is_template(data) else data

    def _scalar(self, text: str, where: Where) -> Any:
        if text not in self.filled:
            self.filled[text] = self._rendered(text, where)
        return self.filled[text]

    def _rendered(self, text: str, where: Where) -> Any:
        before, self.count = self.count, self.count + count(text)
        if self.count > MOST_TEMPLATES:
            if before <= MOST_TEMPLATES:
                self.document.mistake(where, f"this file holds more than {MOST_TEMPLATES} templates")
            return HOLE
        if any(isinstance(value, Hole) and name in text for name, value in self.values.items()):
            return HOLE
        try:
            return render(text, self.values)
        except TemplateMistake as error:
            self.document.mistake(where, f"{error}{self.document.meant(error.undefined, self.values)}")
            return HOLE


def _expectations(data: dict[str, Any], document: Document) -> None:
    """Turn the mappings below `expect` and `start` into expectations, in place."""
    if data.get("start") is not None:
        data["start"] = expectations(data["start"], document, ("start",))
    tasks = data.get("tasks")
    for number, task in enumerate(tasks if isinstance(tasks, list) else []):
        if isinstance(task, dict) and task.get("expect") is not None:
            task["expect"] = expectations(task["expect"], document, ("tasks", number, "expect"))
