"""The learner's terminal: what passes, what is taken out, what a machine can ask for."""

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
from hypothesis import given
from hypothesis import strategies as st

from rung.runner.shell import proxy as terminal
from rung.runner.shell.proxy import LIMIT, MARK, MAX_REQUESTS, Proxy, RateLimit, Request, RequestParser

CHECK = b"\033]7717;rung;check;\007"


def fed(*pieces: bytes) -> tuple[bytes, list[Request]]:
    """What a watcher shows of a stream cut into pieces, and what it is asked."""
    watcher = RequestParser()
    parts = [part for piece in pieces for part in watcher.feed(piece)]
    shown = b"".join(p for p in parts if isinstance(p, bytes)) + watcher.release()
    return shown, [p for p in parts if isinstance(p, Request)]


def test_a_request_is_taken_out_of_the_output() -> None:
    assert fed(b"before" + CHECK + b"after") == (b"beforeafter", [Request("check", "")])


def test_a_request_names_a_task() -> None:
    assert fed(b"\033]7717;rung;hint;account\007") == (b"", [Request("hint", "account")])


def test_a_check_may_leave_out_the_restart() -> None:
    for words in ("--live", "--live account", "account --live"):
        assert fed(b"\033]7717;rung;check;" + words.encode() + b"\007") == (b"", [Request("check", words)])


@pytest.mark.parametrize(
    "body", [b"stop;", b"shell;node2", b"check", b"check;a b", b"check;../x", b"", b";", b"CHECK;"]
)
def test_what_is_no_verb_of_ours_is_dropped_or_shown_as_text_but_never_asked(body: bytes) -> None:
    assert fed(b"\033]7717;rung;" + body + b"\007")[1] == []


def test_other_escape_sequences_pass() -> None:
    title = b"\033]0;root@node1\007\033[1;32mgreen\033[0m"
    assert fed(title) == (title, [])


def test_an_endless_request_is_shown_without_its_mark() -> None:
    assert fed(MARK + b"x" * (LIMIT + 1) + b"\007$ ") == (b"x" * (LIMIT + 1) + b"\007$ ", [])


def test_a_request_that_is_cut_short_holds_nothing_back() -> None:
    assert fed(MARK + b"che\r\n$ ") == (b"che\r\n$ ", [])


def test_a_request_within_the_beginning_of_another_is_found() -> None:
    assert fed(MARK + b"che" + CHECK) == (b"che", [Request("check", "")])


@given(
    st.lists(st.sampled_from([CHECK, b"text\r\n", b"\033", b"\033]", b"\033]7717;", b"\007", b"\033[0m"])), st.data()
)
def test_how_the_stream_is_cut_does_not_matter(pieces: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(pieces)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    cut = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert fed(*cut) == fed(stream)


@given(st.binary(max_size=300))
def test_bytes_without_a_mark_pass_unchanged(data: bytes) -> None:
    if MARK not in data:
        assert fed(data) == (data, [])


def test_requests_are_passed_over_when_they_come_too_fast() -> None:
    now = [0.0]
    pace = RateLimit(clock=lambda: now[0])
    assert [pace.allows() for _ in range(MAX_REQUESTS + 1)] == [True] * MAX_REQUESTS + [False]
    now[0] = 11.0
    assert pace.allows()


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
    """Errands that only say what they were asked."""

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
class Desk:
    """A learner's terminal, a machine, and Rung between them."""

    keyboard: int  # the pseudo-terminal's other end: type here, read what is shown
    slave: int
    machine: socket.socket
    remote: Remote
    errands: Recorder
    proxy: Proxy
    failure: list[BaseException] = field(default_factory=list)

    def play(self, script: Callable[[Desk], None]) -> bool:
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
        """What the machine gets."""
        return _until(self.machine.fileno(), self.machine.recv, until)


def _until(number: int, read: Callable[[int], bytes], end: bytes) -> bytes:
    data, limit = b"", time.monotonic() + 5
    while not data.endswith(end):
        assert select.select([number], [], [], max(0, limit - time.monotonic()))[0], f"{end!r} never came: {data!r}"
        data += read(1)
    return data


@pytest.fixture
def desk() -> Iterator[Desk]:
    keyboard, slave = os.openpty()
    ours, machine = socket.socketpair()
    remote, errands = Remote(ours), Recorder()
    with contextlib.ExitStack() as stack:
        for close in (ours.close, machine.close, lambda: os.close(keyboard), lambda: os.close(slave)):
            stack.callback(close)
        yield Desk(keyboard, slave, machine, remote, errands, Proxy(remote, errands, slave, slave))


def test_bytes_go_both_ways_as_they_are(desk: Desk) -> None:
    def script(desk: Desk) -> None:
        desk.machine.sendall(b"node1# ")
        assert desk.shown(b"# ") == b"node1# "
        desk.type(b"ls\x03\x04\r")
        assert desk.taken(b"\r") == b"ls\x03\x04\r"

    assert desk.play(script) is True


def test_the_terminal_is_put_right_when_the_login_ends(desk: Desk) -> None:
    before = termios.tcgetattr(desk.slave)
    desk.play(lambda desk: desk.machine.sendall(b"bye"))
    assert termios.tcgetattr(desk.slave) == before


def test_the_terminal_is_put_right_when_an_error_comes(desk: Desk) -> None:
    before = termios.tcgetattr(desk.slave)

    def fail(_size: int) -> bytes:
        raise RuntimeError("no reason")

    desk.remote.recv = fail  # type: ignore[method-assign]
    with pytest.raises(RuntimeError):
        desk.play(lambda desk: desk.machine.sendall(b"x"))
    assert termios.tcgetattr(desk.slave) == before


def test_a_request_is_answered_carried_out_and_reported(desk: Desk) -> None:
    def script(desk: Desk) -> None:
        desk.machine.sendall(b"\033]7717;rung;check;acl\007")
        assert desk.taken(b"done 7\n") == b"ok\ndone 7\n"
        assert desk.shown(b"two\r\n") == b"line one\r\nline two\r\n"

    desk.play(script)
    assert desk.errands.done == [Request("check", "acl")]


def test_what_is_typed_during_an_errand_is_not_lost(desk: Desk) -> None:
    desk.errands.during = lambda: (desk.type(b"typed"), time.sleep(0.05))[1]

    def script(desk: Desk) -> None:
        desk.machine.sendall(CHECK)
        desk.taken(b"done 7\n")
        assert desk.taken(b"typed") == b"typed"

    desk.play(script)


def test_control_c_ends_an_errand_and_not_the_shell(desk: Desk) -> None:
    def interrupted() -> None:
        os.kill(os.getpid(), signal.SIGINT)  # what the terminal does: this test's pty controls no process
        time.sleep(5)

    desk.errands.during = interrupted

    def script(desk: Desk) -> None:
        desk.machine.sendall(CHECK)
        assert desk.taken(b"done 130\n") == b"ok\ndone 130\n"
        assert desk.shown(b"\r\n") == b"Interrupted.\r\n"
        desk.type(b"x")
        assert desk.taken(b"x") == b"x"

    assert desk.play(script) is True


@pytest.mark.parametrize("key", [b"y", b"y\r"])
def test_a_reset_waits_for_a_key_that_rung_reads(desk: Desk, key: bytes) -> None:
    def script(desk: Desk) -> None:
        desk.machine.sendall(b"\033]7717;rung;reset;\007")
        assert desk.shown(b"] ") == b"Reset node1? [y/N] "
        desk.type(key)
        assert desk.taken(b"done 7\n") == b"ok\ndone 7\n"

    desk.play(script)
    assert desk.errands.done == [Request("reset", "")]


@pytest.mark.parametrize("key", [b"n", b"\r", b"\x1b]ly\x1b\\", b"\x1b[1;1R", b"yes"])
def test_any_other_answer_resets_nothing(desk: Desk, key: bytes) -> None:
    def script(desk: Desk) -> None:
        desk.machine.sendall(b"\033]7717;rung;reset;\007")
        desk.shown(b"] ")
        desk.type(key)
        assert desk.taken(b"done 1\n") == b"ok\ndone 1\n"

    desk.play(script)
    assert desk.errands.done == []


def test_what_was_typed_before_the_question_does_not_answer_it(desk: Desk) -> None:
    def script(desk: Desk) -> None:
        desk.type(b"y")  # as a terminal's own answer, or a hasty learner, would come
        desk.machine.sendall(b"\033]7717;rung;reset;\007")
        desk.shown(b"] ")
        desk.type(b"n")
        assert desk.taken(b"done 1\n").replace(b"y", b"") == b"ok\ndone 1\n"

    desk.play(script)
    assert desk.errands.done == []


def test_a_flood_of_requests_is_mostly_passed_over(desk: Desk) -> None:
    def script(desk: Desk) -> None:
        desk.machine.sendall(CHECK * 50 + b"end")
        desk.shown(b"end")

    desk.play(script)
    assert len(desk.errands.done) == MAX_REQUESTS


def test_the_machine_learns_the_size_of_the_window_and_its_changes(desk: Desk) -> None:
    termios.tcsetwinsize(desk.slave, (30, 100))

    def script(desk: Desk) -> None:
        _wait(lambda: desk.remote.sizes == [(30, 100)])
        termios.tcsetwinsize(desk.slave, (40, 120))
        os.kill(os.getpid(), signal.SIGWINCH)
        _wait(lambda: desk.remote.sizes == [(30, 100), (40, 120)])

    desk.play(script)


def test_a_large_paste_reaches_a_machine_that_reads_late(desk: Desk) -> None:
    paste = b"0123456789" * 20_000

    def script(desk: Desk) -> None:
        _wait(lambda: bool(desk.remote.sizes))  # until then the terminal itself edits lines of 4096 bytes
        typist = threading.Thread(target=lambda: _write_all(desk.keyboard, paste + b"!"))
        typist.start()
        time.sleep(0.2)
        assert desk.taken(b"!") == paste + b"!"
        typist.join()

    desk.play(script)


def _write_all(number: int, data: bytes) -> None:
    while data:
        data = data[os.write(number, data) :]


def _wait(for_it: Callable[[], bool]) -> None:
    until = time.monotonic() + 5
    while not for_it():
        assert time.monotonic() < until
        time.sleep(0.01)


class Clock:
    """A watch that says what it is told to, once each."""

    def __init__(self, *says: tuple[str, bool]) -> None:
        self.says = list(says)

    def look(self) -> tuple[str, bool]:
        return self.says.pop(0) if self.says else ("", False)


@pytest.fixture
def _fast_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal, "WATCH_INTERVAL", 0.02)


@pytest.mark.usefixtures("_fast_looks")
def test_what_watches_a_clock_speaks_between_the_machines_own_output(desk: Desk) -> None:
    clock = Clock(("", False), ("\n10 minutes left.\n", False))
    desk.proxy = Proxy(desk.remote, desk.errands, desk.slave, desk.slave, clock)

    def script(desk: Desk) -> None:
        desk.machine.sendall(b"node1# ")
        assert desk.shown(b"left.\r\n") == b"node1# \r\n10 minutes left.\r\n"
        desk.type(b"ls\r")
        assert desk.taken(b"\r") == b"ls\r"

    assert desk.play(script) is True
    assert not desk.proxy.stopped


@pytest.mark.usefixtures("_fast_looks")
def test_it_ends_a_shell_whose_machine_says_nothing_any_more(desk: Desk) -> None:
    before = termios.tcgetattr(desk.slave)
    desk.proxy = Proxy(desk.remote, desk.errands, desk.slave, desk.slave, Clock(("Time is up.\n", True)))

    def script(desk: Desk) -> None:
        assert desk.shown(b"up.\r\n") == b"Time is up.\r\n"
        time.sleep(0.1)  # the machine itself goes on

    assert desk.play(script) is False
    assert (desk.proxy.stopped, desk.proxy.ended) == (True, False)
    assert termios.tcgetattr(desk.slave) == before
