"""One long-lived shell in a container, fed command after command.

A `docker exec` for each command costs 66-114 ms, a command over an open shell 1-2 ms. The shells are static binaries
of the image, so that a learner who breaks /bin/sh or libc cannot blind the grader: busybox runs the loop and the time
limit, and bash the commands, because busybox prefers its applets to the machine's programs. What a learner with root
can still do is in docs/grading.md.
"""

from __future__ import annotations

import base64
import contextlib
import secrets
import shlex
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from typing import Protocol

from rung.checks.core.channel import DEFAULT_TIMEOUT, GRADER_PATH, CommandTimeout, MachineGone, Result

BUSYBOX = "/usr/lib/rung/busybox"
BASH = "/usr/lib/rung/bash"
SHELL = [BUSYBOX, "sh"]
_CLEAN = f"{BUSYBOX} env -i PATH={GRADER_PATH} HOME=/root LANG=C.UTF-8 TERM=dumb"
# Seconds that the client waits longer than the machine's own `timeout`: a slow command is no dead shell.
_GRACE = 5.0
_LIMIT = 16 << 20  # bytes of output of one command that are kept
_KILLED = 137  # 128 + SIGKILL, what `timeout -s KILL` leaves


class ShellEnded(Exception):
    """The shell's stream ended, or gave no answer in time."""


class ShellStream(Protocol):
    """The methods of a socket that a channel needs."""

    def settimeout(self, value: float | None, /) -> None: ...
    def recv(self, size: int, /) -> bytes: ...
    def sendall(self, data: bytes, /) -> None: ...
    def shutdown(self, how: int, /) -> None: ...
    def close(self) -> None: ...


def frames(sock: ShellStream, deadline: float) -> Iterator[tuple[int, bytes]]:
    """(stream, bytes) of the engine's multiplexed protocol: 1 is stdout, 2 stderr. Raises ShellEnded at `deadline`."""
    buffer = b""
    while True:
        while len(buffer) >= 8:
            stream, size = struct.unpack(">BxxxL", buffer[:8])
            if len(buffer) < 8 + size:
                break
            yield stream, buffer[8 : 8 + size]
            buffer = buffer[8 + size :]
        left = deadline - time.monotonic()
        if left <= 0:
            raise ShellEnded("no answer")
        sock.settimeout(left)
        try:
            data = sock.recv(1 << 16)
        except OSError as error:
            raise ShellEnded(str(error)) from error
        if not data:
            raise ShellEnded("the shell ended")
        buffer += data


class _Stream:
    """Collects one stream's bytes between the begin and the end mark of a command."""

    def __init__(self, begin: bytes, end: bytes) -> None:
        self._begin, self._end = begin, end
        self._data = b""
        self.tail: bytes | None = None  # between the end mark and its newline

    def feed(self, data: bytes) -> None:
        self._data = (self._data + data)[-_LIMIT:]
        at = self._data.rfind(self._end)
        if at >= 0 and (stop := self._data.find(b"\n", at)) >= 0:
            self.tail = self._data[at + len(self._end) : stop]
            start = self._data.find(self._begin)
            self._data = self._data[start + len(self._begin) if start >= 0 else 0 : at]

    @property
    def data(self) -> bytes:
        return self._data


class ShellChannel:
    """`rung.checks.core.channel.Channel` over a socket to a shell that `open_shell` starts.

    `open_shell` returns a connected socket, and raises MachineGone where the machine does not run.
    Safe for several threads: commands run one after the other.
    """

    def __init__(self, machine: str, open_shell: Callable[[], ShellStream]) -> None:
        self._machine = machine
        self._open_shell = open_shell
        self._sock: ShellStream | None = None
        self._lock = threading.Lock()
        self._holder: int | None = None  # the thread that runs a command
        self._interrupted: int | None = None  # a thread that was given up

    def run(self, command: str, *, timeout: float = DEFAULT_TIMEOUT, stdin: bytes = b"", again: bool = True) -> Result:
        with self._lock:
            self._holder = threading.get_ident()
            try:
                return self._run(command, timeout, stdin, again=again)
            finally:
                self._holder = None

    def _run(self, command: str, timeout: float, stdin: bytes, *, again: bool) -> Result:
        started = time.monotonic()
        try:
            result = self._once(command, timeout, stdin)
        except ShellEnded as first:
            if not again or self._interrupted == threading.get_ident():
                raise MachineGone(f"{self._machine} no longer answers ({first})", self._machine) from first
            # The learner killed the shell, or the machine was restarted: try once more, on a new shell.
            try:
                result = self._once(command, timeout, stdin)
            except ShellEnded as ended:
                raise MachineGone(f"{self._machine} no longer answers ({ended})", self._machine) from ended
        if result.rc == _KILLED and time.monotonic() - started >= timeout:
            raise CommandTimeout(command, timeout)
        return result

    def interrupt(self, thread: int) -> None:
        sock = self._sock
        if self._holder == thread and sock is not None:
            self._interrupted = thread
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def _once(self, command: str, timeout: float, stdin: bytes) -> Result:
        mark = secrets.token_hex(8)
        try:
            if self._sock is None:
                self._sock = self._open_shell()
            self._sock.settimeout(timeout + _GRACE)
            self._sock.sendall(_wrapped(command, timeout, stdin, mark).encode())
            return self._read(mark, time.monotonic() + timeout + _GRACE)
        except (OSError, ShellEnded) as error:
            self._drop()
            raise ShellEnded(str(error)) from error
        except BaseException:
            # Interrupted (Ctrl-C): the stream has an unread answer, so the next command needs a new shell.
            self._drop()
            raise

    def _read(self, mark: str, deadline: float) -> Result:
        assert self._sock is not None
        begin, end = f"<{mark}>\n".encode(), f"<{mark}!".encode()
        streams = {1: _Stream(begin, end), 2: _Stream(begin, end)}
        for number, data in frames(self._sock, deadline):
            if number in streams:
                streams[number].feed(data)
            if all(s.tail is not None for s in streams.values()):
                break
        rc = int(streams[1].tail or b"255")
        return Result(rc, streams[1].data, streams[2].data)

    def _drop(self) -> None:
        if self._sock is not None:
            with contextlib.suppress(OSError):
                self._sock.close()
            self._sock = None

    def close(self) -> None:
        with self._lock:
            self._drop()


def _wrapped(command: str, timeout: float, stdin: bytes, mark: str) -> str:
    """The line that runs one command, with a time limit, between marks on both streams."""
    run = f"{_CLEAN} {BUSYBOX} timeout -s KILL {timeout:g} {BASH} -c {shlex.quote(command)}"
    if stdin:
        # `echo` of the shell itself: a program's argument is limited to 128 KiB.
        run = f"echo {base64.b64encode(stdin).decode()} | {BUSYBOX} base64 -d | {run}"
    else:
        run += " </dev/null"
    both = f"echo '<{mark}>'; echo '<{mark}>' >&2"
    return f"{both}; {run}; r=$?; echo '<{mark}!'$r; echo '<{mark}!'$r >&2\n"
