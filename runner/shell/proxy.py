"""Connects the learner's terminal with a login on a machine.

Bytes pass in both directions unchanged, except for requests in the machine's output (see `request_parser`). Rung
answers a request by typing `ok` to the machine, prints the result on the learner's terminal, and types `done N` with
the exit code. A machine can reach nothing but these four verbs, and two of them need a key that Rung itself reads. So a
program that the learner runs can request a check at most.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
import termios
import time
import tty
from collections.abc import Callable, Iterator
from typing import Protocol

from rung.runner.drivers.base.plan import Terminal
from rung.runner.shell.request_parser import RateLimit, Request, RequestParser

HOLD_BACK = 0.5  # seconds to wait for the rest of a request
WATCH_INTERVAL = 1.0  # seconds between two polls of the watch
_CHUNK = 1 << 16
_SLICE = 1024  # bytes sent at once, so that a machine that does not read cannot block Rung
_BACKLOG = 1 << 18  # typed or pasted bytes that wait for the machine, after which Rung stops reading


def at_a_terminal() -> bool:
    """Whether stdin and stdout are a terminal; otherwise nothing may wait for input."""
    return sys.stdin.isatty() and sys.stdout.isatty()


class RequestHandler(Protocol):
    """Carries out a machine's requests."""

    def question(self, request: Request) -> str | None:
        """The question that the learner confirms with a key first, or None."""

    def carry_out(self, request: Request, write: Callable[[str], None]) -> int:
        """Carry out a request, write its output for the learner, and return the exit code.

        Ctrl-C raises KeyboardInterrupt inside it at any time.
        """


class ShellWatch(Protocol):
    """Watches a clock while the shell is open."""

    def poll(self) -> tuple[str, bool]:
        """The text to print now, mostly empty, and whether to end the shell; called every WATCH_INTERVAL seconds."""


class Proxy:
    """Connects the learner's terminal (two file descriptors) with a login on a machine until one of them ends."""

    def __init__(
        self,
        remote: Terminal,
        handler: RequestHandler,
        stdin: int = 0,
        stdout: int = 1,
        watch: ShellWatch | None = None,
    ) -> None:
        self._remote, self._handler, self._watch = remote, handler, watch
        self._last_poll = time.monotonic()
        self._stdin, self._stdout = stdin, stdout
        self._parser, self._limit = RequestParser(), RateLimit()
        self._typed = b""  # bytes that the machine has not taken yet
        self._open = True  # whether the learner's terminal is open
        self.ended = False  # whether the login ended
        self.used = False  # whether the learner typed anything
        self.stopped = False  # whether the watch ended the shell

    def run(self) -> bool:
        """Run until the login ends (returns True), or the learner's terminal or the watch ends it (returns False).

        The terminal's modes are restored in every case.
        """
        before = termios.tcgetattr(self._stdin)
        try:
            with _window_changes() as changed:
                tty.setraw(self._stdin, termios.TCSADRAIN)
                self._send_size()
                while self._open and not self.ended:
                    self._step(changed)
                return self.ended
        finally:
            termios.tcsetattr(self._stdin, termios.TCSADRAIN, before)

    def _step(self, changed: int) -> None:
        reading = [self._remote.fileno(), changed]
        if len(self._typed) < _BACKLOG:
            reading.append(self._stdin)
        writing = [self._remote.fileno()] if self._typed else []
        ready, writable, _ = select.select(reading, writing, [], self._timeout())
        if not ready and not writable and self._parser.waiting:
            self._print(self._parser.release())
        self._poll_watch()
        if changed in ready:
            os.read(changed, 512)
            self._send_size()
        if writable:
            self._remote.send(self._typed[:_SLICE])
            self._typed = self._typed[_SLICE:]
        if self._stdin in ready:
            self._from_learner()
        if self._remote.fileno() in ready:
            self._from_machine()

    def _timeout(self) -> float | None:
        """Seconds to wait for bytes until held bytes are released or the watch is polled; None means without limit."""
        waits = [HOLD_BACK] if self._parser.waiting else []
        return min([*waits, WATCH_INTERVAL] if self._watch is not None else waits, default=None)

    def _poll_watch(self) -> None:
        if self._watch is None or time.monotonic() - self._last_poll < WATCH_INTERVAL:
            return
        self._last_poll = time.monotonic()
        text, ends = self._watch.poll()
        if text:
            self._write(text)
        if ends:
            self.stopped, self._open = True, False

    def _from_learner(self) -> None:
        data = _read(self._stdin)
        self.used = self.used or bool(data)
        self._typed += data
        self._open = self._open and bool(data)

    def _from_machine(self) -> None:
        data = self._remote.recv(_CHUNK)
        if not data:
            self._print(self._parser.release())
            self.ended = True
        for part in self._parser.feed(data):
            if isinstance(part, Request):
                self._serve(part)
            else:
                self._print(part)

    def _serve(self, request: Request) -> None:
        if not self._limit.allows():
            return
        self._remote.send(b"ok\n")
        question = self._handler.question(request)
        code = 1
        if question is None or self._confirm(question):
            code = self._carry_out(request)
        self._remote.send(f"done {code}\n".encode())

    def _carry_out(self, request: Request) -> int:
        """Carry out a request; Ctrl-C ends it, and other typed bytes wait in the terminal's buffer."""
        raw = termios.tcgetattr(self._stdin)
        interruptible = termios.tcgetattr(self._stdin)
        interruptible[3] |= termios.ISIG | termios.NOFLSH
        termios.tcsetattr(self._stdin, termios.TCSADRAIN, interruptible)
        try:
            return self._handler.carry_out(request, self._write)
        except KeyboardInterrupt:
            self._write("Interrupted.\n")
            return 130
        finally:
            termios.tcsetattr(self._stdin, termios.TCSADRAIN, raw)

    def _confirm(self, question: str) -> bool:
        """Ask a question and read one key. Bytes typed before it go to the machine, since they are no answer.

        Only a single y counts, or y with Enter, which a slow line delivers together. A terminal's own answer to a
        program's query starts with an escape, so it never counts.
        """
        while select.select([self._stdin], [], [], 0.2)[0]:
            data = _read(self._stdin)
            if not data:
                return False
            self._typed += data
        self._write(f"{question} [y/N] ")
        key = _read(self._stdin)
        confirmed = key.rstrip(b"\r\n") in (b"y", b"Y")
        self._write("yes\n" if confirmed else "no\n")
        return confirmed

    def _write(self, text: str) -> None:
        self._print(text.replace("\r\n", "\n").replace("\n", "\r\n").encode("utf-8", "replace"))

    def _print(self, data: bytes) -> None:
        try:
            while data:
                data = data[os.write(self._stdout, data) :]
        except OSError:  # the learner's terminal has closed
            self._open = False

    def _send_size(self) -> None:
        with contextlib.suppress(OSError):
            size = os.get_terminal_size(self._stdout)
            self._remote.resize(size.lines, size.columns)


def _read(number: int) -> bytes:
    try:
        return os.read(number, _CHUNK)
    except OSError:  # the terminal hung up
        return b""


@contextlib.contextmanager
def _window_changes() -> Iterator[int]:
    """Yields a file descriptor that becomes readable after each change of the window's size."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)

    def note(_number: int, _frame: object) -> None:
        with contextlib.suppress(BlockingIOError):
            os.write(writer, b"w")

    before = signal.signal(signal.SIGWINCH, note)
    try:
        yield reader
    finally:
        signal.signal(signal.SIGWINCH, before)
        os.close(reader)
        os.close(writer)
