"""Kind `package`: packages of dpkg or RPM."""

import re
from collections.abc import Iterable, Iterator
from typing import Literal

from pydantic import Field

from rung.checks.core.machine import Machine
from rung.checks.core.outcome import Fail
from rung.checks.core.registry import CheckContext, Expectation, expected, kind
from rung.checks.linux.tools import dpkg, rpm
from rung.checks.linux.tools.reasons import listed

_DATABASES = {"dpkg": dpkg, "rpm": rpm}
_TOOLS = {"dpkg": "dpkg-query", "rpm": "rpm"}
_MOST = 5  # changed files listed in a reason


@kind("package")
class Package(Expectation):
    """An installed package."""

    package: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9+._-]*$", description="The package's name.")
    installed: bool = Field(True, description="false: it is not installed.")
    version: str | None = Field(None, description="Its version; the epoch and the release may be left out.")
    newest: bool | None = Field(
        None, description="Whether a repository offers its version and none offers a newer one."
    )
    verified: bool | None = Field(None, description="Whether its files are as packaged, apart from configuration.")
    manager: Literal["auto", "dpkg", "rpm"] = Field(
        "auto", description="Which database to ask; auto: each that the machine has."
    )

    def reasons(self, context: CheckContext) -> Iterator[str]:
        """Ask the machine's package databases, and its repositories for `newest`."""
        found = self._find(context.host)
        if not found:
            if self.installed:
                yield expected(self.package, "it installed", "it not installed")
        elif not self.installed:
            yield expected(self.package, "it not installed", f"version {listed(found.values())}")
        else:
            manager, version = next(iter(found.items()))
            yield from self._differences(context.host, manager, version)

    def _find(self, host: Machine) -> dict[str, str]:
        """The installed version in each database that has the package. Raises Fail if the machine has no database."""
        asked = [m for m in _TOOLS if self.manager in ("auto", m)]
        present = host.run("type -p dpkg-query; type -p rpm").stdout.split()
        managers = [m for m in asked if any(path.endswith(f"/{_TOOLS[m]}") for path in present)]
        if not managers:
            raise Fail(expected(self.package, f"an answer from {listed(asked)}", "no such command"))
        versions = {m: _DATABASES[m].installed_version(host, self.package) for m in managers}
        return {m: version for m, version in versions.items() if version is not None}

    def _differences(self, host: Machine, manager: str, version: str) -> Iterator[str]:
        database = _DATABASES[manager]
        if self.version is not None and not same_version(self.version, version):
            yield expected(f"{self.package}: version", self.version, version)
        if self.newest is not None:
            offered = database.newest_offered(host, self.package)
            newest = offered is not None and not database.is_older(host, version, offered)
            if newest != self.newest:
                want = "the newest" if self.newest else "one older than the newest"
                other = f"{offered} in a repository" if offered is not None else "no repository that offers it"
                yield expected(f"{self.package}: version", want, f"{version}, and {other}")
        if self.verified is not None:
            changed = database.changed_files(host, self.package)
            if (not changed) != self.verified:
                want = "its files as they were packed" if self.verified else "some file changed"
                yield expected(self.package, want, listed(changed[:_MOST]) if changed else "none")

    def sentence(self) -> str:
        if not self.installed:
            return f"The package {self.package} is not installed"
        words = [f"version {self.version}"] if self.version is not None else []
        words += ["the newest version" if self.newest else "an older version"] if self.newest is not None else []
        words += ["its files unchanged" if self.verified else "some file changed"] if self.verified is not None else []
        return f"The package {self.package} is installed" + "".join(f", {w}" for w in words)

    def names(self) -> Iterable[str]:
        return [self.package, *([self.version] if self.version is not None else [])]


def same_version(want: str, found: str) -> bool:
    """Whether `want` equals `found`, with or without its epoch and its release."""
    bare = re.sub(r"^\d+:", "", found)
    return want in (found, bare, found.rpartition("-")[0], bare.rpartition("-")[0])
