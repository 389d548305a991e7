"""A machine as checks see it: testinfra's `Host` over one long-lived channel.

testinfra reads a dead transport as `exists == False`, and the learner would be blamed for it; here
a transport that fails raises `MachineGone` instead.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

# What the learner's profile, aliases and LD_* say must not reach the grader. /usr/local comes last: a wrapper there
# stands before no program of the machine's, and scripts that a learner installs there are found all the same.
GRADER_PATH = "/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin"
DEFAULT_TIMEOUT = 10.0
_BOOTED = """
read -r stat < /proc/1/stat && echo "$stat" || exit
while read -r name value; do [ "$name" != btime ] || { echo "$value"; exit; }; done < /proc/stat; exit 1
"""


class MachineGone(Exception):  # a state of the world
    """The machine does not answer any more (stopped, or its shell and our own are gone)."""

    def __init__(self, said: str, machine: str) -> None:
        super().__init__(said)
        self.machine = machine


class CommandTimeout(Exception):
    """A command did not end within its limit."""

    def __init__(self, command: str, seconds: float) -> None:
        super().__init__(f"`{command}` did not end within {seconds:g} s")
        self.command = command
        self.seconds = seconds


def quoted(command: str, *args: object) -> str:
    """`command` with each `%s` in it replaced by an argument, quoted for the shell (other `%` stay)."""
    first, *rest = command.split("%s")
    if len(rest) != len(args):
        raise ValueError(f"{len(args)} arguments for {len(rest)} places in {command!r}")
    return first + "".join(shlex.quote(str(a)) + part for a, part in zip(args, rest, strict=True))


@dataclass(frozen=True)
class Result:
    """What a command did: exit status, and both streams as bytes."""

    rc: int
    out: bytes
    err: bytes

    @property
    def stdout(self) -> str:
        return self.out.decode("utf-8", "replace")

    @property
    def stderr(self) -> str:
        return self.err.decode("utf-8", "replace")

    @property
    def ok(self) -> bool:
        return self.rc == 0


class Channel(Protocol):
    """One machine's long-lived shell (root, clean environment, C.UTF-8, GRADER_PATH)."""

    def run(self, command: str, *, timeout: float = DEFAULT_TIMEOUT, stdin: bytes = b"", again: bool = True) -> Result:
        """Run a shell command with stdin closed or `stdin`, and wait for its end.

        Where the shell ends meanwhile, the command is run once more on a new one, unless `again` is
        false (for commands that must not run twice). Raises CommandTimeout after `timeout` seconds
        (the command is killed), MachineGone if the machine does not answer.
        """

    def close(self) -> None:
        """Let go of the shell; a later `run` opens it again."""


class Machine:
    """What kinds and Python checks get as `host`."""

    def __init__(self, name: str, channel: Channel) -> None:
        self.name = name
        self._channel = channel
        self._host: Any = None

    def run(
        self,
        command: str,
        *args: object,
        user: str | None = None,
        timeout: float | None = None,
        stdin: bytes | str = b"",
        again: bool = True,
    ) -> Result:
        """Run `command` with each `%s` in it replaced by an argument, quoted for the shell.

        With `user`, it runs as that user through PAM with a login environment of theirs (`runuser -l`).
        """
        if args:
            command = quoted(command, *args)
        if user is not None:
            command = f"/usr/sbin/runuser -l {shlex.quote(user)} -s /bin/sh -c {shlex.quote(command)}"
        data = stdin.encode() if isinstance(stdin, str) else stdin
        return self._channel.run(command, timeout=timeout or DEFAULT_TIMEOUT, stdin=data, again=again)

    def text(self, command: str, *args: object, **options: Any) -> str | None:
        """The command's stdout without its last newline, or None where the command failed."""
        result = self.run(command, *args, **options)
        return result.stdout.rstrip("\n") if result.ok else None

    @property
    def testinfra(self) -> Any:
        """testinfra's own `Host` for this machine."""
        if self._host is None:
            from rung.checks.core.testinfra_host import testinfra_host

            self._host = testinfra_host(self)
        return self._host

    def __getattr__(self, name: str) -> Any:
        # Whatever testinfra's Host knows (`host.user("x")`, `host.service("y")`) is known here.
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self.testinfra, name)

    @property
    def booted_at(self) -> datetime:
        """When the machine's PID 1 started (uptime and boot id are the host's in a container).

        Field 22 of /proc/1/stat counts clock ticks since the kernel's own start, 100 a second on every architecture
        that Rung knows; see proc(5). The shell reads both files itself: programs would take longer than the answer.
        """
        text = self.text(_BOOTED)
        if text is None:
            raise MachineGone(f"{self.name} does not tell when it booted", self.name)
        stat, btime = text.split("\n")
        ticks = stat.rpartition(")")[2].split()[19]  # a name may hold spaces; the third field comes after it
        return datetime.fromtimestamp(int(btime) + int(ticks) / 100, UTC)
