"""The learner's terminal and a login: bytes that pass, requests, questions, the window's size and the clock."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import termios
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from rung.runner.shell import proxy
from rung.runner.shell.proxy import Proxy
from rung.runner.shell.request_parser import MAX_REQUESTS, Request

CHECK = b"\033]7717;rung;check;\007"


@dataclass
class Remote:
    """A login on a machine: one end of a socket pair, the test holds the other."""

    ours: socket.socket
    sizes: list[tuple[int, int]] = field(default_factory=list)

    def fileno(self) -> int:
        return self.ours.fileno()

    def recv(self, size: int) -> bytes:
        try:
            return self.ours.recv(size)
        except OSError:
            return b""

    def send(self, data: bytes) -> None:
        with contextlib.suppress(OSError):
            self.ours.sendall(data)

    def resize(self, rows: int, columns: int) -> None:
        self.sizes.append((rows, columns))

    def close(self) -> None:
        self.ours.close()

    def exit_status(self) -> int | None:
        return 0


class Recorder:
    """A request handler that records requests."""

    def __init__(self) -> None:
        self.done: list[Request] = []
        self.during: Callable[[], None] = lambda: None

    def question(self, request: Request) -> str | None:
        return "Reset node1?" if request.verb == "reset" else None

    def carry_out(self, request: Request, write: Callable[[str], None]) -> int:
        self.done.append(request)
        self.during()
        write("line one\nline two\n")
        return 7


@dataclass
class Connection:
    """A learner's terminal, a machine, and Rung between them."""

    keyboard: int  # the other end of the pseudo-terminal: tests type here and read the output
    slave: int
    machine: socket.socket
    remote: Remote
    handler: Recorder
    proxy: Proxy
    failure: list[BaseException] = field(default_factory=list)

    def play(self, script: Callable[[Connection], None]) -> bool:
        """Run the proxy (in the main thread, where signals arrive) while `script` plays learner and machine."""

        def run() -> None:
            try:
                script(self)
            except BaseException as error:
                self.failure.append(error)
            finally:
                self.machine.close()

        player = threading.Thread(target=run)
        player.start()
        ended = self.proxy.run()
        player.join()
        if self.failure:
            raise self.failure[0]
        return ended

    def type(self, text: bytes) -> None:
        os.write(self.keyboard, text)

    def shown(self, until: bytes) -> bytes:
        return _until(self.keyboard, lambda n: os.read(self.keyboard, n), until)

    def taken(self, until: bytes) -> bytes:
        """The bytes that the machine receives, up to `until`."""
        return _until(self.machine.fileno(), self.machine.recv, until)


def _until(number: int, read: Callable[[int], bytes], end: bytes) -> bytes:
    data, limit = b"", time.monotonic() + 5
    while not data.endswith(end):
        assert select.select([number], [], [], max(0, limit - time.monotonic()))[0], f"{end!r} never came: {data!r}"
        data += read(1)
    return data


@pytest.fixture
def connection() -> Iterator[Connection]:
    keyboard, slave = os.openpty()
    ours, machine = socket.socketpair()
    remote, handler = Remote(ours), Recorder()
    with contextlib.ExitStack() as stack:
        for close in (ours.close, machine.close, lambda: os.close(keyboard), lambda: os.close(slave)):
            stack.callback(close)
        yield Connection(keyboard, slave, machine, remote, handler, Proxy(remote, handler, slave, slave))


def test_bytes_pass_both_ways_unchanged(connection: Connection) -> None:
    def script(connection: Connection) -> None:
        connection.machine.sendall(b"node1# ")
        assert connection.shown(b"# ") == b"node1# "
        connection.type(b"ls\x03\x04\r")
        assert connection.taken(b"\r") == b"ls\x03\x04\r"

    assert connection.play(script) is True


def test_the_terminal_is_restored_when_the_login_ends(connection: Connection) -> None:
    before = termios.tcgetattr(connection.slave)
    connection.play(lambda connection: connection.machine.sendall(b"bye"))
    assert termios.tcgetattr(connection.slave) == before


def test_the_terminal_is_restored_after_an_error(connection: Connection) -> None:
    before = termios.tcgetattr(connection.slave)

    def fail(_size: int) -> bytes:
        raise RuntimeError("no reason")

    connection.remote.recv = fail  # type: ignore[method-assign]
    with pytest.raises(RuntimeError):
        connection.play(lambda connection: connection.machine.sendall(b"x"))
    assert termios.tcgetattr(connection.slave) == before


def test_a_request_is_answered_carried_out_and_reported(connection: Connection) -> None:
    def script(connection: Connection) -> None:
        connection.machine.sendall(b"\033]7717;rung;check;acl\007")
        assert connection.taken(b"done 7\n") == b"ok\ndone 7\n"
        assert connection.shown(b"two\r\n") == b"line one\r\nline two\r\n"

    connection.play(script)
    assert connection.handler.done == [Request("check", "acl")]


def test_bytes_typed_during_a_request_are_not_lost(connection: Connection) -> None:
    connection.handler.during = lambda: (connection.type(b"typed"), time.sleep(0.05))[1]

    def script(connection: Connection) -> None:
        connection.machine.sendall(CHECK)
        connection.taken(b"done 7\n")
        assert connection.taken(b"typed") == b"typed"

    connection.play(script)


def test_control_c_ends_a_request_and_not_the_shell(connection: Connection) -> None:
    def interrupted() -> None:
        os.kill(os.getpid(), signal.SIGINT)  # as a terminal does; this pty controls no process
        time.sleep(5)

    connection.handler.during = interrupted

    def script(connection: Connection) -> None:
        connection.machine.sendall(CHECK)
        assert connection.taken(b"done 130\n") == b"ok\ndone 130\n"
        assert connection.shown(b"\r\n") == b"Interrupted.\r\n"
        connection.type(b"x")
        assert connection.taken(b"x") == b"x"

    assert connection.play(script) is True


@pytest.mark.parametrize("key", [b"y", b"y\r"])
def test_a_reset_is_confirmed_with_a_key(connection: Connection, key: bytes) -> None:
    def script(connection: Connection) -> None:
        connection.machine.sendall(b"\033]7717;rung;reset;\007")
        assert connection.shown(b"] ") == b"Reset node1? [y/N] "
        connection.type(key)
        assert connection.taken(b"done 7\n") == b"ok\ndone 7\n"

    connection.play(script)
    assert connection.handler.done == [Request("reset", "")]


@pytest.mark.parametrize("key", [b"n", b"\r", b"\x1b]ly\x1b\\", b"\x1b[1;1R", b"yes"])
def test_any_other_answer_resets_nothing(connection: Connection, key: bytes) -> None:
    def script(connection: Connection) -> None:
        connection.machine.sendall(b"\033]7717;rung;reset;\007")
        connection.shown(b"] ")
        connection.type(key)
        assert connection.taken(b"done 1\n") == b"ok\ndone 1\n"

    connection.play(script)
    assert connection.handler.done == []


def test_bytes_typed_before_the_question_do_not_answer_it(connection: Connection) -> None:
    def script(connection: Connection) -> None:
        connection.type(b"y")  # as a terminal's own answer or a hasty learner's key
        connection.machine.sendall(b"\033]7717;rung;reset;\007")
        connection.shown(b"] ")
        connection.type(b"n")
        assert connection.taken(b"done 1\n").replace(b"y", b"") == b"ok\ndone 1\n"

    connection.play(script)
    assert connection.handler.done == []


def test_most_requests_of_a_flood_are_ignored(connection: Connection) -> None:
    def script(connection: Connection) -> None:
        connection.machine.sendall(CHECK * 50 + b"end")
        connection.shown(b"end")

    connection.play(script)
    assert len(connection.handler.done) == MAX_REQUESTS


def test_the_machine_gets_the_size_of_the_window_and_its_changes(connection: Connection) -> None:
    termios.tcsetwinsize(connection.slave, (30, 100))

    def script(connection: Connection) -> None:
        _wait(lambda: connection.remote.sizes == [(30, 100)])
        termios.tcsetwinsize(connection.slave, (40, 120))
        os.kill(os.getpid(), signal.SIGWINCH)
        _wait(lambda: connection.remote.sizes == [(30, 100), (40, 120)])

    connection.play(script)


def test_a_large_paste_reaches_a_machine_that_reads_late(connection: Connection) -> None:
    paste = b"0123456789" * 20_000

    def script(connection: Connection) -> None:
        _wait(
            lambda: bool(connection.remote.sizes)
        )  # before that the terminal is in line mode, which is limited to 4096 bytes
        typist = threading.Thread(target=lambda: _write_all(connection.keyboard, paste + b"!"))
        typist.start()
        time.sleep(0.2)
        assert connection.taken(b"!") == paste + b"!"
        typist.join()

    connection.play(script)


def _write_all(number: int, data: bytes) -> None:
    while data:
        data = data[os.write(number, data) :]


def _wait(for_it: Callable[[], bool]) -> None:
    until = time.monotonic() + 5
    while not for_it():
        assert time.monotonic() < until
        time.sleep(0.01)


class Clock:
    """A watch that gives each of its answers once."""

    def __init__(self, *answers: tuple[str, bool]) -> None:
        self.answers = list(answers)

    def poll(self) -> tuple[str, bool]:
        return self.answers.pop(0) if self.answers else ("", False)


@pytest.fixture
def _fast_polls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proxy, "WATCH_INTERVAL", 0.02)


@pytest.mark.usefixtures("_fast_polls")
def test_the_watch_prints_between_the_machines_output(connection: Connection) -> None:
    clock = Clock(("", False), ("\n10 minutes left.\n", False))
    connection.proxy = Proxy(connection.remote, connection.handler, connection.slave, connection.slave, clock)

    def script(connection: Connection) -> None:
        connection.machine.sendall(b"node1# ")
        assert connection.shown(b"left.\r\n") == b"node1# \r\n10 minutes left.\r\n"
        connection.type(b"ls\r")
        assert connection.taken(b"\r") == b"ls\r"

    assert connection.play(script) is True
    assert not connection.proxy.stopped


@pytest.mark.usefixtures("_fast_polls")
def test_the_watch_ends_the_shell_of_a_silent_machine(connection: Connection) -> None:
    before = termios.tcgetattr(connection.slave)
    connection.proxy = Proxy(
        connection.remote, connection.handler, connection.slave, connection.slave, Clock(("Time is up.\n", True))
    )

    def script(connection: Connection) -> None:
        assert connection.shown(b"up.\r\n") == b"Time is up.\r\n"
        time.sleep(0.1)  # the machine keeps running

    assert connection.play(script) is False
    assert (connection.proxy.stopped, connection.proxy.ended) == (True, False)
    assert termios.tcgetattr(connection.slave) == before
