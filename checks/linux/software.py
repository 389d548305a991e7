"""Kind `package`: software from packages of Debian's or of RPM's kind."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from rung.checks.registry import Expectation, kind


@kind("package")
class Package(Expectation):
    """An installed package."""

    package: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9+._-]*$", description="The package's name.")
    installed: bool = Field(True, description="false: it is not installed.")
    version: str | None = Field(None, description="Its version, without the part after the last `-` or with.")
    newest: bool | None = Field(None, description="Whether no repository offers a newer version.")
    verified: bool | None = Field(None, description="Whether its files are as the package brought them.")
    manager: Literal["auto", "dpkg", "rpm"] = Field(
        "auto", description="Which database to ask; auto: the machine's."
    )
