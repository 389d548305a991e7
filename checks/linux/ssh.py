"""Kind `ssh`: who can log in where, and with what."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from rung.checks.registry import Expectation, kind


@kind("ssh")
class Ssh(Expectation):
    """A login over ssh, tried from the machine; it leaves nothing in known_hosts."""

    ssh: str = Field(pattern=r"^[^@\s]+@[^@\s]+$", description="USER@HOST to log in to.")
    as_: str = Field("root", alias="as", description="The local user whose keys and settings are used.")
    method: Literal["key", "password"] = Field(
        "key", description="How to authenticate; nothing else is tried."
    )
    password: str | None = Field(None, description="The password, for the method of that name.")
    allowed: bool = Field(True, description="false: the server answers and refuses the login.")
    command: str | None = Field(None, description="A command to run there; it must end with status 0.")
    output: str | None = Field(None, description="What it prints, apart from white space at both ends.")

    @model_validator(mode="after")
    def _fits_together(self) -> Ssh:
        if (self.method == "password") != (self.password is not None):
            raise ValueError("`method: password` and `password` go together")
        if self.output is not None and self.command is None:
            raise ValueError("`output` needs `command`")
        return self
