"""Kinds `cron` and `at`: jobs that are started by the clock."""

from __future__ import annotations

from pydantic import Field

from rung.checks.registry import Expectation, kind


@kind("cron")
class Cron(Expectation):
    """Jobs of a user in their crontab, /etc/crontab or /etc/cron.d, as cron itself accepts them."""

    cron: str = Field(description="The user that the job runs as.")
    command: str | None = Field(None, description="Regular expression that is searched in the job's command.")
    schedule: str | None = Field(
        None, description="Five fields or a @name; all matching jobs together must run at just these times."
    )
    exists: bool = Field(True, description="false: the user has no such job.")
    count: int | None = Field(None, ge=0, description="How many such jobs there are.")
    allowed: bool | None = Field(
        None, description="Whether cron.allow and cron.deny let the user use crontab (asked as the user)."
    )


@kind("at")
class At(Expectation):
    """Jobs of a user that wait in at's queue."""

    at: str = Field(description="The user that the job runs as.")
    command: str | None = Field(
        None, description="Regular expression that is searched in the job's own text."
    )
    time: str | None = Field(
        None,
        pattern=r"^(\d{4}-\d\d-\d\d )?\d\d:\d\d$",
        description='When it will run: "HH:MM" or "YYYY-MM-DD HH:MM", in the machine\'s time zone.',
    )
    exists: bool = Field(True, description="false: the user has no such job.")
    count: int | None = Field(None, ge=0, description="How many such jobs there are.")
