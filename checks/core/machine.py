"""A machine as checks see it: testinfra's `Host` over one long-lived channel.

testinfra reads a dead transport as `exists == False`, which would blame the learner. Here a transport that fails
raises `MachineGone` instead.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import testinfra.modules
from testinfra.host import Host

from rung.checks.core.channel import DEFAULT_TIMEOUT, Channel, MachineGone, NoSuchCommand, Result, UnexpectedExit
from rung.checks.core.testinfra_backend import ChannelBackend, LinuxInfo

_BOOTED = """
read -r stat < /proc/1/stat && echo "$stat" || exit
while read -r name value; do [ "$name" != btime ] || { echo "$value"; exit; }; done < /proc/stat; exit 1
"""


class Machine(Host):  # type: ignore[misc]  # testinfra ships no types
    """A machine, as kinds and Python checks get it in `host`: a testinfra Host, with `run` that can do more.

    testinfra's modules (`host.user("x")`, `host.service("y")`, ...) run their commands through `run`. Grading asks the
    same machine again after it changed, so modules and what testinfra detects are not kept as in testinfra's own Host.
    """

    has_command_v = True  # every channel's shell has it

    def __init__(self, name: str, channel: Channel) -> None:
        backend = ChannelBackend(name, channel)
        super().__init__(backend)
        backend.set_host(self)
        self.name = name
        self.channel = channel

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

        With arguments `%%` becomes `%`, any other `%` stays. With `user` it runs as that user, through PAM and with the
        environment of a login (`runuser -l`); else as root. `timeout` is in seconds (default 10); `stdin` and `again`
        are those of `Channel.run`, and so are the errors.
        """
        command = ChannelBackend.quote(command, *args)
        if user is not None:
            command = f"/usr/sbin/runuser -l {shlex.quote(user)} -s /bin/sh -c {shlex.quote(command)}"
        data = stdin.encode() if isinstance(stdin, str) else stdin
        result: Result = self.backend.run(command, timeout=timeout or DEFAULT_TIMEOUT, stdin=data, again=again)
        return result

    def run_expect(self, expected: Iterable[int], command: str, *args: object, **options: Any) -> Result:
        """The same, for a command whose exit status is one of `expected`. Raises UnexpectedExit for any other."""
        result = self.run(command, *args, **options)
        if result.rc not in expected:
            raise UnexpectedExit(ChannelBackend.quote(command, *args), result)
        return result

    def check_output(self, command: str, *args: object, **options: Any) -> str:
        """The stdout, without newlines at its end, of a command that has to succeed. Raises UnexpectedExit."""
        return self.run_expect([0], command, *args, **options).stdout.rstrip("\r\n")

    def find_command(self, command: str, *_: object) -> str:
        """The path of a command in the grader's PATH. Raises NoSuchCommand."""
        result = self.run("command -v %s", command)
        if not result.ok:
            raise NoSuchCommand(command)
        return result.stdout.rstrip("\n")

    def text(self, command: str, *args: object, **options: Any) -> str | None:
        """The command's stdout without newlines at its end, or None if it failed. Takes the arguments of `run`."""
        result = self.run(command, *args, **options)
        return result.stdout.rstrip("\n") if result.ok else None

    @property
    def system_info(self) -> Any:
        """testinfra's facts about the system; `type` is known without a command."""
        return LinuxInfo.get_module(self)

    def __getattr__(self, name: str) -> Any:
        """The module of testinfra called `name`, made anew each time: it holds nothing that it was told before."""
        if name not in testinfra.modules.modules:
            raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")
        return testinfra.modules.get_module_class(name).get_module(self)

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
