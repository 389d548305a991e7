"""A machine's long-lived shell, the result of a command, and the errors of both; loads nothing else."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from typing import Protocol

# The learner's profile, aliases and LD_* variables must not affect the grader. /usr/local comes last: a wrapper there
# hides no program of the system, and scripts that a learner installs there are still found.
GRADER_PATH = "/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin"
DEFAULT_TIMEOUT = 10.0  # seconds
_PLACES = re.compile("%[%s]")
_NO_COMMAND = 127  # a shell's exit status for a command that it cannot find


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


class UnexpectedExit(AssertionError):
    """A command that one of testinfra's facts rests on ended with another exit status than testinfra knows.

    testinfra itself raises an AssertionError. A check that does not catch it fails: nobody gains by removing a tool.
    """

    def __init__(self, command: str, result: Result) -> None:
        lines = result.stderr.strip().splitlines()
        found = "no such command" if result.rc == _NO_COMMAND else lines[-1].strip() if lines else ""
        super().__init__(f"`{command}`: expected an answer, found {found or f'exit status {result.rc}'}")
        self.command = command
        self.result = result


class NoSuchCommand(UnexpectedExit, ValueError):  # testinfra raises a ValueError, and expects one
    """A command that one of testinfra's facts rests on is not there; `result.rc` is 127."""

    def __init__(self, command: str) -> None:
        super().__init__(command, Result(_NO_COMMAND, b"", b""))


def quoted(command: str, *args: object) -> str:
    """`command` with each `%s` replaced by an argument, quoted for the shell; `%%` becomes `%`, any other `%` stays.

    Raises ValueError if the number of arguments differs.
    """
    places = _PLACES.findall(command).count("%s")
    if places != len(args):
        raise ValueError(f"{len(args)} arguments for {places} places in {command!r}")
    rest = iter(args)
    return _PLACES.sub(lambda found: "%" if found[0] == "%%" else shlex.quote(str(next(rest))), command)


@dataclass(frozen=True)
class Result:
    """The result of a command: its exit status, and both streams as bytes.

    It also has the properties of testinfra's CommandResult, so that testinfra's modules can read it.
    """

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

    @property
    def exit_status(self) -> int:
        """The exit status, as testinfra calls it."""
        return self.rc

    @property
    def succeeded(self) -> bool:
        """Whether the exit status is 0, as testinfra calls it."""
        return self.ok

    @property
    def failed(self) -> bool:
        """Whether the exit status is not 0."""
        return not self.ok

    @property
    def stdout_bytes(self) -> bytes:
        """The standard output, as testinfra calls it."""
        return self.out

    @property
    def stderr_bytes(self) -> bytes:
        """The standard error, as testinfra calls it."""
        return self.err


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
