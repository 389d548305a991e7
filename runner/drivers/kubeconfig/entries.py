"""Reads kubeconfigs: the parts of one or several files, and the folder that each part's relative paths start from.

`KubeConfigMerger` of the official client merges files too, but takes the current context of the last file (kubectl: of
the first) and names no file in its errors; and listing contexts would take 0.3 s to load it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rung.runner.core.errors import UsageError
from rung.runner.core.text import did_you_mean


@dataclass(frozen=True)
class KubeconfigEntry:
    """One named part of a kubeconfig, and the folder that its relative paths start from."""

    value: Mapping[str, Any]
    folder: Path


def default_files() -> str:
    """Where kubectl looks: $KUBECONFIG, else the file in the home folder."""
    return os.environ.get("KUBECONFIG") or str(Path.home() / ".kube" / "config")


def contexts(files: str | None = None) -> list[str]:
    """Names of all contexts. Raises UsageError where there is no kubeconfig, or the file is none."""
    return list(dict.fromkeys(name for name, _ in _entries(files or default_files(), "contexts", "context")))


def current_context(files: str) -> str:
    """The name of the current context. Raises UsageError where there is none."""
    for _, document in _documents(files):
        if document.get("current-context"):
            return str(document["current-context"])
    known = ", ".join(contexts(files)) or "it has none"
    raise UsageError("The kubeconfig has no current context.", fix=f"Name one with --context: {known}.")


def part_of(files: str, part: str, name: str) -> KubeconfigEntry:
    """The part of a name; part: contexts, clusters or users. Raises UsageError where there is none."""
    key = part.removesuffix("s")
    found = list(_entries(files, part, key))
    for called, entry in found:
        if called == name:
            return entry
    names = list(dict.fromkeys(called for called, _ in found))
    if part != "contexts":
        raise UsageError(f"There is no {key} `{name}` in {files}.", fix="Mend the kubeconfig.")
    raise UsageError(
        f"There is no {key} `{name}` in {files}{did_you_mean(name, names) or '.'}",
        fix=f"There are: {', '.join(names) or 'none'}.",
    )


def _entries(files: str, part: str, key: str) -> Iterator[tuple[str, KubeconfigEntry]]:
    """(name, entry) of a part, in kubectl's order: the first of a name counts."""
    for path, document in _documents(files):
        listed = document.get(part)
        for entry in listed if isinstance(listed, list) else ():
            if isinstance(entry, Mapping) and isinstance(entry.get("name"), str):
                value = entry.get(key)
                yield entry["name"], KubeconfigEntry(value if isinstance(value, Mapping) else {}, path.parent)


def _documents(files: str) -> list[tuple[Path, Mapping[str, Any]]]:
    """(path, content) of every kubeconfig. Raises UsageError where there is none, or a file is none."""
    import yaml

    found: list[tuple[Path, Mapping[str, Any]]] = []
    for path in [Path(name) for name in files.split(os.pathsep) if name]:
        try:
            document = yaml.load(path.read_text("utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        except FileNotFoundError:
            continue
        except (OSError, ValueError, yaml.YAMLError) as error:
            why = error.strerror if isinstance(error, OSError) else "it is no YAML"
            raise UsageError(f"{path} cannot be read: {why}.", fix="Name another file with --kubeconfig.") from error
        if document is not None and not isinstance(document, dict):
            raise UsageError(f"{path} is no kubeconfig.", fix="Name another file with --kubeconfig.")
        found.append((path, document or {}))
    if not found:
        raise UsageError(f"There is no kubeconfig at {files}.", fix="Name one with --kubeconfig.")
    return found
