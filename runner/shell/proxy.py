r"""The terminal that Rung holds while a learner works in a machine's shell.

Bytes go both ways untouched, but for one escape sequence in the machine's output,
`\033]7717;rung;VERB;ARG\007`: a request to Rung (`check` typed in the machine prints it). Rung answers by
typing `ok` to the machine, prints what was asked for on the learner's terminal, and types `done N` with
the exit code. That is all the machine can reach: four words, of which two need a key that Rung itself
reads. What a learner's program prints can at most ask for a check.
"""

from __future__ import annotations

import contextlib
import os
import re
import select
import signal
import sys
import termios
import time
import tty
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from rung.runner.drivers.base.plan import Terminal

MARK = b"\033]7717;rung;"
END = b"\007"
LIMIT = 80  # bytes of a request; what is longer is none
HOLD_BACK = 0.5  # seconds that the beginning of a request is held back for the rest of it
_SHAPE = re.compile(rb"(check|tasks|hint|reset);((?:--live )?[A-Za-z0-9_.-]{0,64}(?: --live)?)")
_BODY = re.compile(rb"[A-Za-z0-9_. ;-]{0,%d}" % LIMIT)
WATCH_INTERVAL = 1.0  # seconds between two looks at the clock, where something watches it
_CHUNK = 1 << 16
_SLICE = 1024  # bytes sent at once: a machine that does not read must not block Rung
_BACKLOG = 1 << 18  # bytes typed (or pasted) that wait for the machine before Rung stops reading
MAX_REQUESTS, REQUEST_PERIOD = 8, 10.0  # so many requests are carried out in so many seconds; more are passed over


def at_a_terminal() -> bool:
    """Whether a person sits at both ends; without one, nothing may wait for input."""
    return sys.stdin.isatty() and sys.stdout.isatty()


@dataclass(frozen=True)
class Request:
    """What a machine asks Rung for."""

    verb: str
    argument: str


class RequestParser:
    """Takes requests out of a stream of output, however it is cut into reads."""

    def __init__(self) -> None:
        self._held = b""

    @property
    def waiting(self) -> bool:
        """Whether bytes are held back that may be the beginning of a mark."""
        return bool(self._held)

    def feed(self, data: bytes) -> Iterator[bytes | Request]:
        """What to show and what is asked for, in order."""
        data = self._held + data
        self._held = b""
        while data:
            at = data.find(MARK)
            if at < 0:
                keep = _beginning(data)
                self._held = data[len(data) - keep :]
                yield from _shown(data[: len(data) - keep])
                return
            yield from _shown(data[:at])
            rest = data[at + len(MARK) :]
            body = _BODY.match(rest)
            length = len(body[0]) if body else 0
            if length == len(rest):  # cut off by the read: the rest may come
                self._held = data[at:]
                return
            # Whatever it is, the mark itself never reaches the learner's terminal.
            data = rest
            if rest[length : length + 1] == END:
                data = rest[length + 1 :]
                if shape := _SHAPE.fullmatch(rest[:length]):
                    yield Request(shape[1].decode(), shape[2].decode())

    def release(self) -> bytes:
        """What was held back and has waited long enough: it was no request."""
        held, self._held = self._held, b""
        return held.removeprefix(MARK)


def _beginning(data: bytes) -> int:
    """How many bytes at the end of `data` may be the beginning of a mark."""
    return next((n for n in range(min(len(MARK) - 1, len(data)), 0, -1) if data.endswith(MARK[:n])), 0)


def _shown(data: bytes) -> Iterator[bytes]:
    if data:
        yield data


class RequestHandler(Protocol):
    """What carries requests out."""

    def question(self, request: Request) -> str | None:
        """What to ask before, answered by a key; None where nothing is asked."""

    def carry_out(self, request: Request, write: Callable[[str], None]) -> int:
        """Do it, writing for the learner; the exit code. KeyboardInterrupt may come at any time."""


class ShellWatch(Protocol):
    """What looks at a clock while the shell is open."""

    def look(self) -> tuple[str, bool]:
        """What to say now (often nothing), and whether the shell ends here; asked every LOOK seconds."""


@dataclass
class RateLimit:
    """So many in so many seconds."""

    clock: Callable[[], float] = time.monotonic
    _times: list[float] = field(default_factory=list)

    def allows(self) -> bool:
        now = self.clock()
        self._times = [t for t in self._times if now - t < REQUEST_PERIOD]
        if len(self._times) >= MAX_REQUESTS:
            return False
        self._times.append(now)
        return True


class Proxy:
    """The learner's terminal (two file descriptors) and a login on a machine, joined until it ends."""

    def __init__(
        self,
        remote: Terminal,
        errands: RequestHandler,
        stdin: int = 0,
        stdout: int = 1,
        watch: ShellWatch | None = None,
    ) -> None:
        self._remote, self._errands, self._watch = remote, errands, watch
        self._looked = time.monotonic()
        self._stdin, self._stdout = stdin, stdout
        self._watcher, self._pace = RequestParser(), RateLimit()
        self._typed = b""  # waits for the machine to take it
        self._open = True  # the learner's terminal
        self.ended = False  # the login
        self.used = False  # whether the learner typed anything
        self.stopped = False  # whether the watch ended it

    def run(self) -> bool:
        """Until the login ends (True), or the learner's terminal goes away or the watch ends it (False).

        The terminal's modes are as before in every case.
        """
        before = termios.tcgetattr(self._stdin)
        try:
            with _window_changes() as changed:
                tty.setraw(self._stdin, termios.TCSADRAIN)
                self._size()
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
        if not ready and not writable and self._watcher.waiting:
            self._print(self._watcher.release())
        self._look()
        if changed in ready:
            os.read(changed, 512)
            self._size()
        if writable:
            self._remote.send(self._typed[:_SLICE])
            self._typed = self._typed[_SLICE:]
        if self._stdin in ready:
            self._from_learner()
        if self._remote.fileno() in ready:
            self._from_machine()

    def _timeout(self) -> float | None:
        """Seconds to wait for bytes before something else is due."""
        waits = [HOLD_BACK] if self._watcher.waiting else []
        return min([*waits, WATCH_INTERVAL] if self._watch is not None else waits, default=None)

    def _look(self) -> None:
        if self._watch is None or time.monotonic() - self._looked < WATCH_INTERVAL:
            return
        self._looked = time.monotonic()
        text, ends = self._watch.look()
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
            self._print(self._watcher.release())
            self.ended = True
        for part in self._watcher.feed(data):
            if isinstance(part, Request):
                self._serve(part)
            else:
                self._print(part)

    def _serve(self, request: Request) -> None:
        if not self._pace.allows():
            return
        self._remote.send(b"ok\n")
        question = self._errands.question(request)
        code = 1
        if question is None or self._agreed(question):
            code = self._carried_out(request)
        self._remote.send(f"done {code}\n".encode())

    def _carried_out(self, request: Request) -> int:
        """Carry a request out; what is typed meanwhile stays in the terminal's own buffer, Ctrl-C ends it."""
        raw = termios.tcgetattr(self._stdin)
        interruptible = termios.tcgetattr(self._stdin)
        interruptible[3] |= termios.ISIG | termios.NOFLSH
        termios.tcsetattr(self._stdin, termios.TCSADRAIN, interruptible)
        try:
            return self._errands.carry_out(request, self._write)
        except KeyboardInterrupt:
            self._write("Interrupted.\n")
            return 130
        finally:
            termios.tcsetattr(self._stdin, termios.TCSADRAIN, raw)

    def _agreed(self, question: str) -> bool:
        """Ask, and read one key. What was typed before goes to the machine: it answers something else.

        Only a lone y counts, or one with Enter, which a slow line brings together: what a terminal itself answers to a
        program's query begins with an escape.
        """
        while select.select([self._stdin], [], [], 0.2)[0]:
            data = _read(self._stdin)
            if not data:
                return False
            self._typed += data
        self._write(f"{question} [y/N] ")
        key = _read(self._stdin)
        agreed = key.rstrip(b"\r\n") in (b"y", b"Y")
        self._write("yes\n" if agreed else "no\n")
        return agreed

    def _write(self, text: str) -> None:
        self._print(text.replace("\r\n", "\n").replace("\n", "\r\n").encode("utf-8", "replace"))

    def _print(self, data: bytes) -> None:
        try:
            while data:
                data = data[os.write(self._stdout, data) :]
        except OSError:  # the learner's terminal is gone
            self._open = False

    def _size(self) -> None:
        with contextlib.suppress(OSError):
            size = os.get_terminal_size(self._stdout)
            self._remote.resize(size.lines, size.columns)


def _read(number: int) -> bytes:
    try:
        return os.read(number, _CHUNK)
    except OSError:  # a terminal that hung up
        return b""


@contextlib.contextmanager
def _window_changes() -> Iterator[int]:
    """A file descriptor that can be read after each change of the window's size."""
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
