"""Streams of a command in a container, where the SDK's own reading is not enough.

The SDK hands out the connection below the buffer through which it has read the answer's headers. Bytes of the stream
that came with the headers stay in that buffer and would be lost. `output_of` therefore reads through the buffer; an
`ExecSocket`, which is selected on and written to as well, serves commands that wait for input before they write.
"""

from __future__ import annotations

import contextlib
import socket
from typing import Any

_HEADER_BYTES = 8  # before each piece of a stream: which stream it belongs to, and its length


def output_of(connection: Any) -> bytes:
    """Read what a command writes to its end, stdout and stderr together. `connection`: of `exec_start(socket=True)`."""
    response = connection._response  # the SDK keeps the answer that the connection belongs to here
    try:
        return without_headers(response.raw._fp.fp.read())
    finally:
        response.close()


def without_headers(stream: bytes) -> bytes:
    """The content of a stream's pieces, without their headers."""
    pieces = []
    while stream:
        size = int.from_bytes(stream[4:_HEADER_BYTES], "big")
        pieces.append(stream[_HEADER_BYTES : _HEADER_BYTES + size])
        stream = stream[_HEADER_BYTES + size :]
    return b"".join(pieces)


class ExecSocket:
    """The connection to a running command, with the methods of a socket. `connection`: of `exec_start(socket=True)`."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._socket: socket.socket = getattr(connection, "_sock", connection)

    def fileno(self) -> int:
        return self._socket.fileno()

    def settimeout(self, seconds: float | None) -> None:
        self._socket.settimeout(seconds)

    def recv(self, size: int) -> bytes:
        return self._socket.recv(size)

    def sendall(self, data: bytes) -> None:
        self._socket.sendall(data)

    def shutdown(self, how: int) -> None:
        self._socket.shutdown(how)

    def close(self) -> None:
        """End the connection; the engine then closes the command's streams."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._connection._response.close()
        self._connection.close()
