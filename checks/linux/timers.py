"""Kind `timer`: what systemd timers start, and when."""

from __future__ import annotations

from pydantic import Field

from rung.checks.registry import Expectation, kind


@kind("timer")
class Timer(Expectation):
    """A systemd timer, named itself or by the service that some timer must start."""

    timer: str = Field(description="A unit name ending in .timer, or the service that some timer must start.")
    running: bool | None = Field(None, description="The timer is active (waiting).")
    enabled: bool | None = Field(None, description="The timer is started at boot.")
    calendar: str | list[str] | None = Field(
        None,
        description="When it elapses, in systemd's calendar words; any notation of the same times is right.",
    )
    persistent: bool | None = Field(
        None, description="Makes up for a calendar time that was missed while the machine was off."
    )
