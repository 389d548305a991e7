"""Processes in a container over a hijacked connection of the engine's API."""

from __future__ import annotations

import contextlib
import shlex
import socket
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rung.checks.machine import MachineGone
from rung.runner.drivers import NOTHING
from rung.runner.drivers.channel import BUSYBOX

if TYPE_CHECKING:
    from docker import DockerClient


def exec_socket(client: DockerClient, container: str, machine: str, command: list[str]) -> socket.socket:
    """Start `command` as root in a container; its multiplexed stream.

    Raises MachineGone where the container does not run or has no such program.
    """
    import docker.errors

    try:
        made = client.api.exec_create(container, command, stdin=True, user="root", environment={})
        stream = client.api.exec_start(made["Id"], socket=True)
    except docker.errors.APIError as error:
        raise MachineGone(f"{machine} does not run ({error.explanation or error})", machine) from error
    return _raw(stream)


def _raw(stream: Any) -> socket.socket:
    """The connection below the SDK's wrapper, which closes its own socket when it is collected."""
    raw = getattr(stream, "_sock", stream)
    if type(raw) is socket.socket:
        own = raw.dup()
        stream.close()
        raw.close()
        return own
    raw.rung_keeps = stream  # TLS and ssh connections cannot be duplicated, but take attributes
    return raw  # type: ignore[no-any-return]


def login(user: str, environment: Mapping[str, str] = NOTHING) -> list[str]:
    """The command that logs a user in on a pseudo-terminal, with variables for the login shell."""
    # -f: Rung's user is trusted already; -p keeps the variables that are given, and there must be no others.
    begin = f"/bin/login -f -- {user}"
    if environment:
        given = " ".join(f"{name}={shlex.quote(value)}" for name, value in environment.items())
        begin = f'{BUSYBOX} env -i TERM="$TERM" {given} /bin/login -p -f -- {user}'
    # `read` holds the login until the terminal has its size.
    return [BUSYBOX, "sh", "-c", f"stty -echo; read -r _; stty echo; exec {begin}"]


class ExecTerminal:
    """A command on a pseudo-terminal of a container (`rung.runner.drivers.Terminal`)."""

    def __init__(
        self, client: DockerClient, container: str, machine: str, command: list[str], rows: int, columns: int
    ) -> None:
        import docker.errors

        self._client = client
        try:
            made = client.api.exec_create(
                container, command, stdin=True, tty=True, user="root", environment={"TERM": "xterm-256color"}
            )
            self._id = made["Id"]
            self._socket = _raw(client.api.exec_start(self._id, tty=True, socket=True))
        except docker.errors.APIError as error:
            raise MachineGone(f"{machine} does not run ({error.explanation or error})", machine) from error
        self._socket.settimeout(None)
        self.resize(rows, columns)
        self.send(b"\n")  # the command waits for it

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
        import docker.errors

        with contextlib.suppress(docker.errors.APIError):
            self._client.api.exec_resize(self._id, height=rows, width=columns)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.close()

    def exit_status(self) -> int | None:
        """The command's exit status once it has ended, else None."""
        import docker.errors

        try:
            return self._client.api.exec_inspect(self._id).get("ExitCode")
        except docker.errors.APIError:
            return None
