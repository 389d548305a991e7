r"""Finds a machine's requests to Rung in the output of its shell.

A request is the escape sequence `\033]7717;rung;VERB;ARG\007`, which `check`, `tasks`, `hint` and `reset` print in the
machine. No other verb is a request.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

MARK = b"\033]7717;rung;"
END = b"\007"
LIMIT = 80  # bytes of a request without its mark; a longer one is no request
MAX_REQUESTS, REQUEST_PERIOD = 8, 10.0  # at most so many requests in so many seconds; further ones are ignored
_SHAPE = re.compile(rb"(check|tasks|hint|reset);((?:--live )?[A-Za-z0-9_.-]{0,64}(?: --live)?)")
_BODY = re.compile(rb"[A-Za-z0-9_. ;-]{0,%d}" % LIMIT)


@dataclass(frozen=True)
class Request:
    """A machine's request to Rung."""

    verb: str
    argument: str


class RequestParser:
    """Separates requests from the output of a shell, which arrives in pieces of any size."""

    def __init__(self) -> None:
        self._held = b""

    @property
    def waiting(self) -> bool:
        """Whether bytes are held back that may be the start of a request."""
        return bool(self._held)

    def feed(self, data: bytes) -> Iterator[bytes | Request]:
        """The output to show and the requests, in their order."""
        data = self._held + data
        self._held = b""
        while data:
            at = data.find(MARK)
            if at < 0:
                complete = len(data) - _partial_mark(data)
                self._held = data[complete:]
                if complete:
                    yield data[:complete]
                return
            if at:
                yield data[:at]
            rest = data[at + len(MARK) :]
            body = _BODY.match(rest)
            length = len(body[0]) if body else 0
            if length == len(rest):  # the rest may be in the next piece
                self._held = data[at:]
                return
            # The mark itself never reaches the learner's terminal, whatever follows it.
            data = rest
            if rest[length : length + 1] == END:
                data = rest[length + 1 :]
                if shape := _SHAPE.fullmatch(rest[:length]):
                    yield Request(shape[1].decode(), shape[2].decode())

    def release(self) -> bytes:
        """The bytes held back, without the mark: they turned out to be no request."""
        held, self._held = self._held, b""
        return held.removeprefix(MARK)


def _partial_mark(data: bytes) -> int:
    """The number of bytes at the end of `data` that may be the start of a mark."""
    return next((n for n in range(min(len(MARK) - 1, len(data)), 0, -1) if data.endswith(MARK[:n])), 0)


@dataclass
class RateLimit:
    """Allows MAX_REQUESTS requests in REQUEST_PERIOD seconds."""

    clock: Callable[[], float] = time.monotonic
    _times: list[float] = field(default_factory=list)

    def allows(self) -> bool:
        """Whether a request is within the limit now; counts it if so."""
        now = self.clock()
        self._times = [t for t in self._times if now - t < REQUEST_PERIOD]
        if len(self._times) >= MAX_REQUESTS:
            return False
        self._times.append(now)
        return True
