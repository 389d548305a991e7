"""Kind `sudo`: what an account may do as somebody else."""

from __future__ import annotations

from pydantic import Field

from rung.checks.registry import Expectation, kind


@kind("sudo")
class Sudo(Expectation):
    """What an account may run through sudo, as sudo itself answers."""

    sudo: str = Field(description="The account's name.")
    may: list[str] = Field(default_factory=list, description="Commands, with arguments, that it may run.")
    may_not: list[str] = Field(default_factory=list, description="Commands that it must be refused.")
    as_: str = Field("root", alias="as", description="The account that the commands run as.")
    password: bool | None = Field(
        None, description="Whether sudo asks for a password before each command of `may`."
    )
    password_is: str | None = Field(None, description="The password that sudo must accept.")
    valid: bool | None = Field(None, description="Whether all of sudo's files are free of mistakes.")
