"""A server that stands for an engine, and says what a test tells it to."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from rung.runner.engine.client import Engine
from rung.runner.engine.endpoints import Endpoint

CLOSING = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
STREAM = b"HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\n$ ls"
WAIT = b"\0wait\0"  # in an answer: what follows is sent once the other side has sent something
SHELL = STREAM.replace(b"$ ls", WAIT + b"$ ls")
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
Wrap = Callable[[socket.socket], socket.socket]


class Scripted:
    """A server that gives its answers in turn, one for each request, and notes what it was asked."""

    def __init__(self, listener: socket.socket, answers: list[bytes], wrap: Wrap) -> None:
        self.asked: list[bytes] = []
        self.connections = 0
        self._listener, self._answers, self._wrap = listener, answers, wrap
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                plain, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._answer, args=(plain,), daemon=True).start()

    def _answer(self, plain: socket.socket) -> None:
        with contextlib.suppress(OSError), self._wrap(plain) as connection:
            while request := _request(connection):
                self.asked.append(request)
                answer = self._answers.pop(0)
                for number, part in enumerate(answer.split(WAIT)):
                    if number:
                        connection.recv(4096)
                    connection.sendall(part)
                if b"Content-Length" not in answer or b"\r\nConnection: close" in answer:
                    return

    def lines(self) -> list[str]:
        """The first line of each request."""
        return [request.partition(b"\r\n")[0].decode() for request in self.asked]


def _request(connection: socket.socket) -> bytes:
    request = b""
    while b"\r\n\r\n" not in request and (data := connection.recv(4096)):
        request += data
    head, _, body = request.partition(b"\r\n\r\n")
    length = next((int(line[15:]) for line in head.split(b"\r\n") if line.startswith(b"Content-Length:")), 0)
    while len(body) < length and (data := connection.recv(4096)):
        body, request = body + data, request + data
    return request


@contextlib.contextmanager
def serving(path: Path, *answers: bytes, wrap: Wrap = lambda plain: plain, tcp: bool = False) -> Iterator[Scripted]:
    with socket.socket(socket.AF_INET if tcp else socket.AF_UNIX) as listener:
        listener.bind(("127.0.0.1", 0) if tcp else str(path))
        listener.listen()
        made = Scripted(listener, list(answers), wrap)
        if tcp:
            path.write_text(str(listener.getsockname()[1]))
        yield made
        listener.shutdown(socket.SHUT_RDWR)


def engine_at(url: str, certificates: Path | None = None, timeout: int = 5) -> contextlib.closing[Engine]:
    """The engine at an address."""
    return contextlib.closing(Engine(Endpoint(url, "a test", certificates), timeout))


@contextlib.contextmanager
def scripted_engine(folder: Path, *answers: bytes) -> Iterator[tuple[Engine, Scripted]]:
    """An engine that has told its version, 1.44, and whose next answers are these."""
    with serving(folder / "s", VERSION, *answers) as server, engine_at(f"unix://{folder}/s") as engine:
        engine.greet()
        server.asked.clear()
        yield engine, server


def said(status: str, body: bytes) -> bytes:
    return b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s" % (status.encode(), len(body), body)


VERSION = said("200 OK", b'{"ApiVersion":"1.44"}')
