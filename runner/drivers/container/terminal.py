"""Processes in a container whose streams are connections to the engine's API."""

from __future__ import annotations

import contextlib
import shlex
from collections.abc import Mapping
from typing import TYPE_CHECKING

from docker.errors import APIError

from rung.checks.core.channel import MachineGone
from rung.runner.drivers.base.plan import NOTHING
from rung.runner.drivers.container.shell_channel import BUSYBOX
from rung.runner.engine.errors import explanation

if TYPE_CHECKING:
    from rung.runner.engine.connect import Engine
    from rung.runner.engine.exec_stream import ExecSocket


def exec_socket(engine: Engine, container: str, machine: str, command: list[str]) -> ExecSocket:
    """Start `command` as root in a container; returns its multiplexed stream.

    Raises MachineGone where the container does not run or lacks the program, and an error of requests where no engine
    answers.
    """
    try:
        return engine.shell(container, command)
    except APIError as error:
        raise MachineGone(f"{machine} does not run ({explanation(error)})", machine) from error


def login(user: str, environment: Mapping[str, str] = NOTHING) -> list[str]:
    """The command that logs a user in on a pseudo-terminal. environment: variables of the login shell."""
    # -f: no password; -p: keep the environment, which therefore must have these variables alone.
    begin = f"/bin/login -f -- {user}"
    if environment:
        given = " ".join(f"{name}={shlex.quote(value)}" for name, value in environment.items())
        begin = f'{BUSYBOX} env -i TERM="$TERM" {given} /bin/login -p -f -- {user}'
    # `read` delays the login until the terminal has its size.
    return [BUSYBOX, "sh", "-c", f"stty -echo; read -r _; stty echo; exec {begin}"]


class ExecTerminal:
    """A command on a pseudo-terminal of a container (`rung.runner.drivers.base.plan.Terminal`)."""

    def __init__(
        self, engine: Engine, container: str, machine: str, command: list[str], rows: int, columns: int
    ) -> None:
        self._engine = engine
        try:
            self._id, self._socket = engine.terminal(container, command, "xterm-256color")
        except APIError as error:
            raise MachineGone(f"{machine} does not run ({explanation(error)})", machine) from error
        self._socket.settimeout(None)
        self.resize(rows, columns)
        self.send(b"\n")  # ends the command's `read`

    def fileno(self) -> int:
        return self._socket.fileno()

    def recv(self, size: int) -> bytes:
        try:
            return self._socket.recv(size)
        except OSError:
            return b""

    def send(self, data: bytes) -> None:
        with contextlib.suppress(OSError):
            self._socket.sendall(data)

    def resize(self, rows: int, columns: int) -> None:
        with contextlib.suppress(APIError):
            self._engine.resize(self._id, rows, columns)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.close()

    def exit_status(self) -> int | None:
        """The command's exit status once it has ended, else None."""
        try:
            return self._engine.exit_status(self._id)
        except APIError:
            return None
