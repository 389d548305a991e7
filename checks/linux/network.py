"""Kinds `port`, `http` and `connects`: who listens, and who can be reached from where."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from rung.checks.registry import Expectation, kind


@kind("port")
class Port(Expectation):
    """A port of the machine on which something listens."""

    port: int = Field(ge=1, le=65535, description="The port's number.")
    listening: bool = Field(True, description="false: nothing listens there.")
    protocol: Literal["tcp", "udp"] = Field("tcp", description="tcp or udp.")
    address: str | None = Field(
        None, description="0.0.0.0 or :: (everywhere), or one address; 127.0.0.1 also means: nowhere else."
    )
    process: str | None = Field(None, description="Name of the listening process.")


@kind("http")
class Http(Expectation):
    """A request with curl from the machine, without following redirects."""

    http: str = Field(pattern=r"^https?://", description="The URL.")
    status: int = Field(200, ge=100, le=599, description="The answer's status.")
    body: str | None = Field(None, description="The whole body, apart from white space at both ends.")
    matches: list[str] = Field(default_factory=list, description="Regular expressions found in the body.")
    reachable: bool = Field(True, description="false: the connection is refused or never answered.")


@kind("connects")
class Connects(Expectation):
    """A TCP connection from the machine."""

    connects: str = Field(pattern=r"^(\[[0-9A-Fa-f:.]+\]|[^:\s]+):\d{1,5}$", description="HOST:PORT.")
    reachable: bool = Field(True, description="false: the connection is refused or never answered.")
