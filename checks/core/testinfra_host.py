"""testinfra's Host over a Rung channel (imported only when a check uses testinfra)."""

from __future__ import annotations

import typing
from typing import Any

import testinfra.host
from testinfra.backend.base import BaseBackend, CommandResult

if typing.TYPE_CHECKING:
    from rung.checks.core.machine import Machine


class ChannelBackend(BaseBackend):  # type: ignore[misc]  # testinfra ships no types
    """Runs testinfra's commands over `Machine.run`, so that a dead machine raises MachineGone."""

    NAME = "rung"

    def __init__(self, machine: Machine) -> None:
        super().__init__(hostname=machine.name)
        self._machine = machine

    def run(self, command: str, *args: str, **_kwargs: Any) -> CommandResult:
        result = self._machine.run(self.get_command(command, *args))
        return self.result(result.rc, self.encode(command), result.out, result.err)


def testinfra_host(machine: Machine) -> Any:
    """A `testinfra.host.Host` whose facts come from this machine."""
    return testinfra.host.Host(ChannelBackend(machine))
