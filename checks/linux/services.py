"""Kind `service`: systemd units."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from rung.checks.registry import Expectation, kind


@kind("service")
class Service(Expectation):
    """A systemd unit (a name without a suffix is a .service): running, enabled, its settings."""

    identity: ClassVar[tuple[str, ...]] = ("started", "pid")

    service: str = Field(description="The unit; without a suffix a .service.")
    running: bool | None = Field(
        None, description="Active now (a oneshot that remains after its end counts)."
    )
    enabled: bool | None = Field(
        None, description="Started at boot, by its [Install] section or a wants link."
    )
    masked: bool | None = Field(None, description="Masked for good, so that nothing can start it.")
    user: str | None = Field(None, description="The user that its main process runs as.")
    restarts_max: int | None = Field(None, ge=0, description="Most automatic restarts it may have had.")
    settled: float | None = Field(
        None, gt=0, description="Seconds it must have been active without a restart."
    )
    properties: dict[str, str | int | float | bool] = Field(
        default_factory=dict,
        description="Properties as `systemctl show` names them; sizes, time spans and yes/no compare by value.",
    )
