"""Kind `helm`: a release, as Helm itself keeps it in the cluster."""

import base64
import binascii
import gzip
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import Field

from rung.checks.cluster import Cluster, Object
from rung.checks.core.match import differences
from rung.checks.core.registry import CheckContext, Expectation, expected, kind
from rung.checks.from_pod import required_cluster

_TYPE = "helm.sh/release.v1"


@kind("helm")
class Helm(Expectation):
    """A Helm release. Objects that were applied by hand are no release."""

    helm: str = Field(min_length=1, description="The release's name.")
    namespace: str | None = Field(None, description="Its namespace; default the lab's.")
    exists: bool = Field(True, description="false: there is no release of that name that is not uninstalled.")
    status: str = Field("deployed", description="The state of its newest revision.")
    chart: str | None = Field(None, description="The name of its chart.")
    version: str | None = Field(None, description="The version of its chart.")
    app_version: str | None = Field(None, description="The version of what the chart installs.")
    revision: int | None = Field(None, ge=1, description="The number of its newest revision.")
    kept: list[int] = Field(default_factory=list, description="Revisions to which it can still be rolled back.")
    values: dict[str, Any] = Field(
        default_factory=dict, description="A part of the values in force (the chart's own, under those given)."
    )
    given: dict[str, Any] = Field(default_factory=dict, description="A part of the values that were given by the user.")

    def reasons(self, context: CheckContext) -> Iterator[str]:
        found = releases(required_cluster(context), self.helm, self.namespace)
        newest = found[max(found)] if found else None
        exists = newest is not None and newest["info"]["status"] != "uninstalled"
        if not self.exists:
            if exists:
                yield expected(self._subject, "none", "one")
        elif newest is None:
            yield expected(self._subject, "one", "none")
        else:
            for name, wanted, actual in self._facts(newest):
                if wanted is not None and wanted != actual:
                    yield expected(f"{self._subject}: {name}", wanted, actual)
            yield from self._history_and_values(newest, sorted(found))

    @property
    def _subject(self) -> str:
        return f"release {self.helm}{f' in {self.namespace}' if self.namespace else ''}"

    def _facts(self, release: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
        """What, expected, found."""
        chart = release["chart"]["metadata"]
        return [
            ("status", self.status, release["info"]["status"]),
            ("chart", self.chart, chart["name"]),
            ("chart version", self.version, chart["version"]),
            ("app version", self.app_version, chart.get("appVersion", "none")),
            ("revision", self.revision, release["version"]),
        ]

    def _history_and_values(self, release: Mapping[str, Any], kept: list[int]) -> Iterator[str]:
        for number in self.kept:
            if number not in kept:
                yield expected(f"{self._subject}: history", f"revision {number}", ", ".join(map(str, kept)))
        given = release.get("config") or {}
        for difference in differences(self.values, merge_values(release["chart"].get("values") or {}, given), "values"):
            yield f"{self._subject}: {difference}"
        for difference in differences(self.given, given, "given values"):
            yield f"{self._subject}: {difference}"

    def sentence(self) -> str:
        if not self.exists:
            return f"There is no {self._subject}"
        chart = " ".join(word for word in (self.chart, self.version) if word)
        values = ", with the values asked for" if self.values or self.given else ""
        return f"{self._subject.capitalize()} is {self.status}{f' from {chart}' if chart else ''}{values}"

    def names(self) -> Iterable[str]:
        return [word for word in (self.helm, self.namespace, self.chart, self.version) if word]


def releases(cluster: Cluster, name: str, namespace: str | None) -> dict[int, dict[str, Any]]:
    """The revisions of a release that Helm keeps, by number, each as Helm's own JSON object."""
    secrets = cluster.list("secrets", namespace, labels={"owner": "helm", "name": name}, fields={"type": _TYPE})
    found = [release for secret in secrets if (release := decode_release(secret)) is not None]
    return {release["version"]: release for release in found if isinstance(release.get("version"), int)}


def decode_release(secret: Object) -> dict[str, Any] | None:
    """The release that a Secret of Helm holds, or None if it holds none.

    Helm stores JSON, compressed by gzip, in base64; the API encodes the Secret's data in base64 again.
    """
    try:
        packed = base64.b64decode(base64.b64decode(secret["data"]["release"]))
        release = json.loads(gzip.decompress(packed) if packed.startswith(b"\x1f\x8b") else packed)
    except (KeyError, TypeError, ValueError, binascii.Error, OSError, EOFError):
        return None
    return release if isinstance(release, dict) else None


def merge_values(own: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """A chart's own values overlaid by the given ones; a given null removes the chart's value."""
    result = {**own}
    for key, value in given.items():
        if value is None:
            result.pop(key, None)
        elif isinstance(value, Mapping) and isinstance(result.get(key), Mapping):
            result[key] = merge_values(result[key], value)
        else:
            result[key] = value
    return result
