"""testinfra's commands over a Rung channel, and what Rung knows of a machine without asking."""

from __future__ import annotations

from typing import Any

from testinfra.backend.base import BaseBackend
from testinfra.modules.systeminfo import SystemInfo

from rung.checks.core.channel import DEFAULT_TIMEOUT, Channel, Result, quoted


class ChannelBackend(BaseBackend):  # type: ignore[misc]  # testinfra ships no types
    """Runs testinfra's commands over a channel: a machine that does not answer raises MachineGone."""

    NAME = "rung"

    def __init__(self, machine: str, channel: Channel) -> None:
        super().__init__(hostname=machine)
        self.channel = channel
        self._encoding = "utf-8"  # the channel's; testinfra would start the machine's Python to ask for it

    @staticmethod
    def quote(command: str, *args: object) -> str:
        """`command` with its `%s` filled in; without arguments as it is."""
        return quoted(command, *args) if args else command

    def run(
        self,
        command: str,
        *args: object,
        timeout: float = DEFAULT_TIMEOUT,
        stdin: bytes = b"",
        again: bool = True,
        **_options: Any,
    ) -> Result:
        """Run a command, through sudo inside `host.sudo()`. Takes the arguments of `Channel.run`, raises its errors."""
        return self.channel.run(self.get_command(command, *args), timeout=timeout, stdin=stdin, again=again)


class LinuxInfo(SystemInfo):  # type: ignore[misc]  # testinfra ships no types
    """A machine of Rung is a Linux: testinfra's modules need not ask (three commands) which of them fits."""

    type = "linux"
