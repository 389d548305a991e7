"""testinfra's Host over a Rung channel (imported only when a check uses testinfra)."""

from __future__ import annotations

from typing import Any, Protocol

import testinfra.host
from testinfra.backend.base import BaseBackend, CommandResult


class Output(Protocol):
    """The result of a command: exit status, and both streams as bytes."""

    @property
    def rc(self) -> int: ...
    @property
    def out(self) -> bytes: ...
    @property
    def err(self) -> bytes: ...


class CommandRunner(Protocol):
    """What testinfra needs of a machine."""

    @property
    def name(self) -> str: ...

    def run(self, command: str) -> Output:
        """Run a shell command and wait for its end; a machine that does not answer raises an error."""


class ChannelBackend(BaseBackend):  # type: ignore[misc]  # testinfra ships no types
    """Runs testinfra's commands over `Machine.run`: a machine that does not answer raises MachineGone."""

    NAME = "rung"

    def __init__(self, machine: CommandRunner) -> None:
        super().__init__(hostname=machine.name)
        self._machine = machine

    def run(self, command: str, *args: str, **_kwargs: Any) -> CommandResult:
        """Run a command; testinfra fills in and quotes the arguments."""
        result = self._machine.run(self.get_command(command, *args))
        return self.result(result.rc, self.encode(command), result.out, result.err)


def testinfra_host(machine: CommandRunner) -> Any:
    """A `testinfra.host.Host` whose facts come from this machine."""
    return testinfra.host.Host(ChannelBackend(machine))
