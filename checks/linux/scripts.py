"""Kind `script`: a program of the learner's, run in a scratch directory."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from rung.checks.registry import Expectation, kind


class Case(BaseModel):
    """One run of the script."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    args: list[str] = Field(default_factory=list, description="Its arguments.")
    stdin: str = Field("", description="Its input.")
    files: dict[str, str] = Field(
        default_factory=dict, description="Files in its working directory: name, content."
    )
    exit: int | None = Field(0, ge=0, le=255, description="Its exit status; null for any but 0.")
    stdout: str | None = Field(None, description="Its output, but for the last newline.")
    stdout_matches: list[str] = Field(
        default_factory=list, description="Regular expressions, each found in some line of its output."
    )
    stderr_matches: list[str] = Field(
        default_factory=list, description="Regular expressions, each found in some line of its error output."
    )
    stderr_empty: bool | None = Field(None, description="Whether it writes nothing to its error output.")


@kind("script")
class Script(Expectation):
    """A script run in a scratch directory that is removed afterwards."""

    script: str = Field(pattern="^/", description="The path.")
    cases: list[Case] = Field(min_length=1, description="Runs, each with what must come of it.")
    user: str = Field("root", description="The account that runs it.")
    timeout: float = Field(5, gt=0, le=60, description="Seconds that each run may take.")
