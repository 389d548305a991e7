"""A small HTTP proxy on the loopback address, which passes connections on by the method CONNECT."""

from __future__ import annotations

import select
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class ConnectProxy:
    """Where the proxy listens, and which connections it was asked for: (target, value of Proxy-Authorization)."""

    leads_to: tuple[str, int]  # whatever the target's name is
    login: str | None = None  # the value of Proxy-Authorization that it wants
    port: int = 0
    asked: list[tuple[str, str | None]] = field(default_factory=list)


@contextmanager
def proxying(leads_to: tuple[str, int], login: str | None = None) -> Iterator[ConnectProxy]:
    """The proxy while it runs."""
    proxy = ConnectProxy(leads_to, login)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"proxy": proxy}))
    server.daemon_threads = True
    proxy.port = server.server_port
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    proxy: ConnectProxy

    def log_message(self, *_: Any) -> None:
        """Be quiet."""

    def do_CONNECT(self) -> None:
        login = self.headers.get("Proxy-Authorization")
        self.proxy.asked.append((self.path, login))
        if login != self.proxy.login:
            self.send_error(407)
            return
        self.send_response_only(200)
        self.end_headers()
        with socket.create_connection(self.proxy.leads_to) as other:
            _pass_on(self.connection, other)


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    while True:
        for ready in select.select([one, other], [], [])[0]:
            try:
                block = ready.recv(1 << 16)
                (other if ready is one else one).sendall(block)
            except OSError:
                return
            if not block:
                return
