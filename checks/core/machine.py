"""A machine as checks see it: testinfra's `Host` over one long-lived channel.

testinfra reads a dead transport as `exists == False`, which would blame the learner. Here a transport that fails
raises `MachineGone` instead.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

# The learner's profile, aliases and LD_* variables must not affect the grader. /usr/local comes last: a wrapper there
# hides no program of the system, and scripts that a learner installs there are still found.
GRADER_PATH = "/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin"
DEFAULT_TIMEOUT = 10.0  # seconds
_BOOTED = """
read -r stat < /proc/1/stat && echo "$stat" || exit
while read -r name value; do [ "$name" != btime ] || { echo "$value"; exit; }; done < /proc/stat; exit 1
"""


class MachineGone(Exception):  # a state of the machine, not an error of the program
    """The machine no longer answers: it is stopped, or no shell can be opened in it."""

    def __init__(self, message: str, machine: str) -> None:
        super().__init__(message)
        self.machine = machine


class CommandTimeout(Exception):
    """A command did not end within its time limit of `seconds`."""

    def __init__(self, command: str, seconds: float) -> None:
        super().__init__(f"`{command}` did not end within {seconds:g} s")
        self.command = command
        self.seconds = seconds


def quoted(command: str, *args: object) -> str:
    """`command` with each `%s` replaced by an argument, quoted for the shell; any other `%` stays.

    Raises ValueError if the number of arguments differs.
    """
    first, *rest = command.split("%s")
    if len(rest) != len(args):
        raise ValueError(f"{len(args)} arguments for {len(rest)} places in {command!r}")
    return first + "".join(shlex.quote(str(a)) + part for a, part in zip(args, rest, strict=True))


@dataclass(frozen=True)
class Result:
    """The result of a command: its exit status, and both streams as bytes."""

    rc: int
    out: bytes
    err: bytes

    @property
    def stdout(self) -> str:
        """The standard output as text."""
        return self.out.decode("utf-8", "replace")

    @property
    def stderr(self) -> str:
        """The standard error as text."""
        return self.err.decode("utf-8", "replace")

    @property
    def ok(self) -> bool:
        """Whether the exit status is 0."""
        return self.rc == 0


class Channel(Protocol):
    """One machine's long-lived shell (root, clean environment, C.UTF-8, GRADER_PATH)."""

    def run(self, command: str, *, timeout: float = DEFAULT_TIMEOUT, stdin: bytes = b"", again: bool = True) -> Result:
        """Run a shell command and wait for its end; it reads `stdin`.

        If the shell ends meanwhile, the command runs once more on a new one, unless `again` is false (for commands
        that must not run twice). Raises CommandTimeout after `timeout` seconds (the command is killed), and
        MachineGone if the machine does not answer.
        """

    def close(self) -> None:
        """Close the shell; a later `run` opens a new one."""

    def interrupt(self, thread: int) -> None:
        """End the command that the thread of this identity runs, if it runs one; its `run` raises MachineGone.

        The next command opens a new shell, so that nobody waits for a thread that was given up.
        """


class Machine:
    """A machine, as kinds and Python checks get it in `host`.

    It also has everything that testinfra's Host has: `host.user("x")`, `host.service("y")`, ...
    """

    def __init__(self, name: str, channel: Channel) -> None:
        self.name = name
        self.channel = channel
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
        """Run `command` with each `%s` replaced by an argument, quoted for the shell, and wait for its end.

        With `user` it runs as that user, through PAM and with the environment of a login (`runuser -l`); else as
        root. `timeout` is in seconds (default 10); `stdin` and `again` are those of `Channel.run`, and so are the
        errors.
        """
        if args:
            command = quoted(command, *args)
        if user is not None:
            command = f"/usr/sbin/runuser -l {shlex.quote(user)} -s /bin/sh -c {shlex.quote(command)}"
        data = stdin.encode() if isinstance(stdin, str) else stdin
        return self.channel.run(command, timeout=timeout or DEFAULT_TIMEOUT, stdin=data, again=again)

    def text(self, command: str, *args: object, **options: Any) -> str | None:
        """The command's stdout without newlines at its end, or None if it failed. Takes the arguments of `run`."""
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
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self.testinfra, name)

    @property
    def booted_at(self) -> datetime:
        """When the machine's PID 1 started; in a container, uptime and boot id are those of the host.

        Field 22 of /proc/1/stat counts clock ticks since the kernel started, 100 per second on every architecture
        that Rung supports; see proc(5). The shell reads both files itself, which is faster than starting programs.
        Raises MachineGone if the files cannot be read.
        """
        text = self.text(_BOOTED)
        if text is None:
            raise MachineGone(f"{self.name} does not tell when it booted", self.name)
        stat, btime = text.split("\n")
        ticks = stat.rpartition(")")[2].split()[19]  # a name may hold spaces; the third field comes after it
        return datetime.fromtimestamp(int(btime) + int(ticks) / 100, UTC)
