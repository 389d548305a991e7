"""Kind `ssh`: logins over ssh."""

from collections.abc import Iterable, Iterator
from typing import Literal

from pydantic import Field, model_validator

from rung.checks.core.channel import Result, quoted
from rung.checks.core.machine import Machine
from rung.checks.core.registry import CheckContext, Expectation, expected, kind
from rung.checks.linux.tools.reasons import excerpt
from rung.checks.linux.tools.ssh_output import login_outcome

# -v shows how far the login came. No host key is recorded; all other settings are the user's.
_OPTIONS = (
    "-v -n -T -o ConnectTimeout=3 -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null"
    " -o UpdateHostKeys=no -o ControlMaster=no -o ControlPath=none"
)
_METHODS = {
    "key": "-o BatchMode=yes -o PreferredAuthentications=publickey",
    # Some servers take passwords only by keyboard-interactive.
    "password": (
        "-o BatchMode=no -o PubkeyAuthentication=no -o NumberOfPasswordPrompts=1"
        " -o PreferredAuthentications=password,keyboard-interactive"
    ),
}
# ssh gets the password from a program in /run, where every user may run it; it exists for this login only.
_WITH_ASKPASS = """
read -r RUNG_PASSWORD; export RUNG_PASSWORD
d=$(mktemp -d /run/rung-ssh.XXXXXX) || exit
trap 'rm -rf "$d"' EXIT
chmod 711 "$d"; printf '#!/bin/sh\\nexec printenv RUNG_PASSWORD\\n' >"$d/ask"; chmod 755 "$d/ask"
export SSH_ASKPASS="$d/ask" SSH_ASKPASS_REQUIRE=force
"""


@kind("ssh")
class Ssh(Expectation):
    """A login over ssh from the machine; known_hosts stays as it is."""

    ssh: str = Field(pattern=r"^[^@\s]+@[^@\s]+$", description="USER@HOST to log in to.")
    as_: str = Field("root", alias="as", description="The local user whose keys and settings are used.")
    method: Literal["key", "password"] = Field("key", description="How to authenticate; nothing else is tried.")
    password: str | None = Field(None, description="The password, for `method: password`.")
    allowed: bool = Field(True, description="false: the server answers and refuses the login.")
    command: str | None = Field(None, description="A command to run there; it must end with status 0.")
    output: str | None = Field(None, description="What the command prints, without white space at both ends.")

    @model_validator(mode="after")
    def _fits_together(self) -> "Ssh":
        if (self.method == "password") != (self.password is not None):
            raise ValueError("`method: password` and `password` go together")
        if self.output is not None and self.command is None:
            raise ValueError("`output` needs `command`")
        return self

    def reasons(self, context: CheckContext) -> Iterator[str]:
        """Try the login with ssh."""
        result = self._try(context.host)
        state, detail = login_outcome(result)
        if state == "open" and result.rc != 0 and self.command is None:
            state = "refused"  # `true` did not run: a shell such as nologin ended the session
        want = "a login" if self.allowed else "the login to be refused"
        if state == "unknown" or (state == "refused" and self.allowed):
            yield expected(self._subject, want, detail)
        elif state == "open" and not self.allowed:
            yield expected(self._subject, want, "a login")
        elif state == "open":
            yield from self._differences(result)

    @property
    def _subject(self) -> str:
        return f"{self.as_} to {self.ssh} by {self.method}"

    def _try(self, host: Machine) -> Result:
        login = quoted("timeout -k 1 8 /usr/sbin/runuser -u %s -- ssh", self.as_)
        command = f"{login} {_OPTIONS} {_METHODS[self.method]} " + quoted("%s %s", self.ssh, self.command or "true")
        if self.password is None:
            return host.run(command, timeout=12)
        return host.run(_WITH_ASKPASS + command, stdin=f"{self.password}\n", timeout=12)

    def _differences(self, result: Result) -> Iterator[str]:
        if not result.ok:
            yield expected(f"{self._subject}: `{self.command}`", "exit status 0", result.rc)
        elif self.output is not None and result.stdout.strip() != self.output.strip():
            yield expected(f"{self._subject}: output", excerpt(self.output), excerpt(result.stdout))

    def sentence(self) -> str:
        how = "a key" if self.method == "key" else "the password"
        may = "can" if self.allowed else "cannot"
        return f"{self.as_} {may} log in as {self.ssh} with {how}"

    def names(self) -> Iterable[str]:
        user, _, host = self.ssh.partition("@")
        return [n for n in (self.as_, user, host) if n not in ("root", "localhost")]
