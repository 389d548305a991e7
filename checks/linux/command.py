"""Kind `command`: a shell command, for what no other kind expresses."""

from collections.abc import Iterable, Iterator

from pydantic import Field

from rung.checks.core.channel import CommandTimeout
from rung.checks.core.registry import CheckContext, Expectation, expected, kind
from rung.checks.linux.tools.accounts import find_account
from rung.checks.linux.tools.exit_status import exit_reasons
from rung.checks.linux.tools.texts import Regex, backticked, content_reasons, pattern_reasons


@kind("command")
class Command(Expectation):
    """A shell command, run inside the machine."""

    command: str = Field(description="The command, for bash; with `user`, for sh in their login environment.")
    exit: int | None = Field(
        0, ge=0, le=255, description="Its exit status; null for any but 0 (a missing command never passes)."
    )
    stdout: str | None = Field(None, description="Its output, without white space at both ends.")
    matches: list[Regex] = Field(
        default_factory=list, description="Regular expressions, each found in some line of its output."
    )
    lacks: list[Regex] = Field(default_factory=list, description="Regular expressions, found in no line of its output.")
    user: str | None = Field(None, description="The account that runs it, in a login environment.")
    timeout: float = Field(10, gt=0, le=60, description="Seconds that it may take.")

    def reasons(self, context: CheckContext) -> Iterator[str]:
        """Run the command, and compare its exit status and its output."""
        if self.user is not None and find_account(context.host, self.user) is None:
            yield expected(self.user, "an account", "none")
            return
        try:
            result = context.host.run(self.command, user=self.user, timeout=self.timeout)
        except CommandTimeout:
            yield expected(self._subject, f"an end within {self.timeout:g} s", "it still running")
            return
        yield from exit_reasons(self._subject, self.exit, result)
        if self.stdout is not None:
            yield from content_reasons(f"{self._subject}: output", self.stdout.strip(), result.stdout.strip())
        yield from pattern_reasons(f"{self._subject}: output", result.stdout, self.matches, self.lacks)

    @property
    def _subject(self) -> str:
        return backticked(self.command, 60) + (f" as {self.user}" if self.user is not None else "")

    def sentence(self) -> str:
        words = {None: "fails", 0: "succeeds"}.get(self.exit, f"ends with status {self.exit}")
        asked = self.stdout is not None or self.matches or self.lacks
        return f"{self._subject} {words}" + (", with the output asked for" if asked else "")

    def names(self) -> Iterable[str]:
        return [self.user] if self.user not in (None, "root") else []
