"""How the engine is asked, over each kind of connection, against a server that says what a test tells it to."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rung.runner.engine.endpoints import Endpoint
from rung.runner.engine.http import EngineConnection, NotFound, Refused, Unanswered, name
from scripted_server import CLOSING, OK, STREAM, Wrap, said, serving, wire


@contextlib.contextmanager
def asking(folder: Path, *answers: bytes) -> Iterator[EngineConnection]:
    with serving(folder / "s", *answers), wire(f"unix://{folder}/s") as made:
        yield made


def test_questions_go_over_one_connection_with_their_query_and_body(tmp_path: Path) -> None:
    with serving(tmp_path / "s", OK, OK, OK) as server, wire(f"unix://{tmp_path}/s") as asked:
        assert asked.ask("GET", "/networks", {"filters": '{"label":["a=b"]}'}).json() == {}
        asked.ask("POST", "/containers/create", {"name": "n"}, {"Image": "linux"})
        asked.ask("PUT", "/archive", body=b"tar")
    assert server.connections == 1
    assert server.lines() == [
        "GET /networks?filters=%7B%22label%22%3A%5B%22a%3Db%22%5D%7D HTTP/1.1",
        "POST /containers/create?name=n HTTP/1.1",
        "PUT /archive HTTP/1.1",
    ]
    assert server.asked[1].endswith(b'\r\n\r\n{"Image": "linux"}')
    assert b"Content-Type: application/json" in server.asked[1]
    assert b"Content-Type: application/x-tar" in server.asked[2]


def test_a_connection_that_the_engine_has_ended_is_replaced(tmp_path: Path) -> None:
    with serving(tmp_path / "s", CLOSING, OK) as server, wire(f"unix://{tmp_path}/s") as asked:
        asked.ask("GET", "/one")
        asked.ask("POST", "/two")
    assert server.connections == 2


@pytest.mark.parametrize(
    ("answer", "status", "text"),
    [
        (said("409 Conflict", b'{"message":"name is in use"}'), 409, "name is in use"),
        (said("500 Internal Server Error", b"out of luck\n"), 500, "out of luck"),
        (said("503 Service Unavailable", b""), 503, "Service Unavailable"),
    ],
)
def test_a_refusal_is_told_in_the_engines_words(tmp_path: Path, answer: bytes, status: int, text: str) -> None:
    with serving(tmp_path / "s", answer), wire(f"unix://{tmp_path}/s") as asked, pytest.raises(Refused) as refused:
        asked.ask("POST", "/x")
    assert (refused.value.status, str(refused.value)) == (status, text)


def test_what_does_not_exist_is_told_apart(tmp_path: Path) -> None:
    answer = said("404 Not Found", b'{"message":"no such image"}')
    with asking(tmp_path, answer) as asked, pytest.raises(NotFound) as lacking:
        asked.ask("GET", "/images/x/json")
    assert str(lacking.value) == "no such image"


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (b"", "the connection ended without an answer"),
        (CLOSING.replace(b"Length: 2", b"Length: 9"), "IncompleteRead(2 bytes read, 7 more expected)"),
        (said("200 OK", b"<html>"), "its answer is not JSON: '<html>'"),
    ],
)  # fmt: skip
def test_an_answer_that_is_none(tmp_path: Path, answer: bytes, why: str) -> None:
    with asking(tmp_path, answer) as asked, pytest.raises(Unanswered) as silent:
        asked.ask("GET", "/info").json()
    assert str(silent.value) == why


def test_an_engine_that_says_nothing_is_waited_for_so_long(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as mute:
        mute.bind(str(tmp_path / "s"))
        mute.listen()
        with wire(f"unix://{tmp_path}/s") as asked, pytest.raises(Unanswered) as silent:
            asked.ask("GET", "/info", timeout=0.1)
        with wire(f"unix://{tmp_path}/s", timeout=0.1) as asked, pytest.raises(Unanswered) as mum:
            asked.stream("/exec/1/start", {})
    assert str(silent.value) == str(mum.value) == "no answer within 0.1 s"


@pytest.mark.parametrize("status", [b"101 UPGRADED", b"200 OK"])
def test_a_stream_begins_with_the_first_byte_after_the_head(tmp_path: Path, status: bytes) -> None:
    answer = STREAM.replace(b"101 UPGRADED", status)
    with (
        serving(tmp_path / "s", answer) as server,
        wire(f"unix://{tmp_path}/s") as asked,
        asked.stream("/exec/1/start", {"Tty": True}) as stream,
    ):
        assert stream.recv(100) == b"$ ls"
    assert b"Connection: Upgrade\r\nUpgrade: tcp\r\n\r\n" in server.asked[0]
    assert json.loads(server.asked[0].partition(b"\r\n\r\n")[2]) == {"Tty": True}


def test_a_stream_may_be_refused_too(tmp_path: Path) -> None:
    answers = [said("409 Conflict", b'{"message":"container is paused"}'), said("404 Not Found", b"gone"), b""]
    with asking(tmp_path, *answers) as asked:
        for error, text in (
            (Refused, "container is paused"),
            (NotFound, "gone"),
            (Unanswered, "the connection ended without an answer"),
        ):
            with pytest.raises(error) as refused:
                asked.stream("/exec/1/start", {})
            assert str(refused.value) == text


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("nonsense://x", "`nonsense://x` is not an address of an engine"),
        ("/var/run/docker.sock", "`/var/run/docker.sock` is not an address of an engine"),
        ("unix:/", "`unix:/` names no socket"),
        ("tcp://", "`tcp://` names no computer"),
        ("ssh://", "`ssh://` names no computer"),
        ("tcp://127.0.0.1:99999", "Port out of range 0-65535"),
    ],
)
def test_an_address_that_is_none_is_told(url: str, why: str) -> None:
    with pytest.raises(ValueError, match=r"engine|names no|range") as wrong:
        EngineConnection(Endpoint(url, "a test"), 5)
    assert str(wrong.value) == why


def test_an_engine_over_tcp(tmp_path: Path) -> None:
    with serving(tmp_path / "port", OK, tcp=True), wire(f"tcp://127.0.0.1:{(tmp_path / 'port').read_text()}") as asked:
        assert asked.ask("GET", "/info").json() == {}


# -- TLS


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an authority's certificate (ca.pem), and one with its key that serves both ends."""
    folder = tmp_path_factory.mktemp("tls")
    new = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "1",
    ]
    run = ["-subj", "/CN=tests", "-keyout", "ca-key.pem", "-out", "ca.pem"]
    subprocess.run([*new, *run], cwd=folder, check=True, capture_output=True)
    signed = ["-CA", "ca.pem", "-CAkey", "ca-key.pem", "-addext", "subjectAltName=IP:127.0.0.1"]
    signed += ["-subj", "/CN=both ends", "-keyout", "key.pem", "-out", "cert.pem"]
    subprocess.run([*new, *signed], cwd=folder, check=True, capture_output=True)
    return folder


def with_tls(authority: Path) -> Wrap:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(authority / "ca.pem"))
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_cert_chain(authority / "cert.pem", authority / "key.pem")
    return lambda plain: context.wrap_socket(plain, server_side=True)


def test_an_engine_with_certificates_is_asked_and_streamed_from(tmp_path: Path, authority: Path) -> None:
    port = tmp_path / "port"
    with (
        serving(port, CLOSING, STREAM, wrap=with_tls(authority), tcp=True),
        wire(f"tcp://127.0.0.1:{port.read_text()}", authority) as asked,
    ):
        assert asked.ask("GET", "/info").json() == {}
        with asked.stream("/exec/1/start", {}) as stream:
            assert stream.recv(100) == b"$ ls"


def test_an_engine_of_another_authority_is_not_trusted(tmp_path: Path, authority: Path) -> None:
    with serving(tmp_path / "port", OK, wrap=with_tls(authority), tcp=True):
        port = (tmp_path / "port").read_text()
        with wire(f"https://127.0.0.1:{port}") as asked, pytest.raises(Unanswered, match="certificate verify failed"):
            asked.ask("GET", "/info")


def test_certificates_that_cannot_be_read_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "cert.pem").write_text("nonsense")
    with pytest.raises(OSError, match=r"key\.pem|PEM"):
        EngineConnection(Endpoint("tcp://127.0.0.1:2376", "a test", tmp_path), 5)


# -- ssh

SSH = """#!{python}
import json, os, socket, sys, threading
json.dump(sys.argv[1:], open({told!r}, "w"))
far = socket.socket(socket.AF_UNIX)
far.connect({far!r})
def there():
    while data := os.read(0, 4096):
        far.sendall(data)
    far.shutdown(socket.SHUT_WR)
threading.Thread(target=there, daemon=True).start()
while data := far.recv(4096):
    os.write(1, data)
"""


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is the only one of PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def program(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o755)


def test_an_engine_by_ssh_is_asked_and_streamed_from(tmp_path: Path, programs: Path) -> None:
    program(programs / "ssh", SSH.format(python=sys.executable, told=str(tmp_path / "told"), far=str(tmp_path / "s")))
    with serving(tmp_path / "s", OK, STREAM) as server, wire("ssh://me@lab.example:2222") as asked:
        assert asked.ask("GET", "/info").json() == {}
        asked._pool.close()
        with asked.stream("/exec/1/start", {}) as stream:
            assert stream.recv(100) == b"$ ls"
        running = list(asked._ssh)
    assert server.lines() == ["GET /info HTTP/1.1", "POST /exec/1/start HTTP/1.1"]
    words = "-o ConnectTimeout=5 -l me -p 2222 -- lab.example docker system dial-stdio"
    assert json.loads((tmp_path / "told").read_text()) == words.split()
    assert running
    assert all(process.returncode is not None for process in running)


def test_an_ssh_that_fails_and_one_that_is_not_there(programs: Path) -> None:
    with wire("ssh://lab.example") as asked, pytest.raises(Unanswered) as lacking:
        asked.ask("GET", "/info")
    assert str(lacking.value) == "No such file or directory"
    program(programs / "ssh", "#!/bin/sh\nexit 255\n")
    with wire("ssh://lab.example") as asked, pytest.raises(Unanswered) as failed:
        asked.ask("GET", "/info")
    assert str(failed.value) == "the connection ended without an answer"


def test_a_ctrl_c_does_not_end_an_ssh_that_machines_are_to_be_ended_by(tmp_path: Path, programs: Path) -> None:
    ignored = tmp_path / "ignored"
    program(programs / "ssh", f"#!/bin/sh\n/bin/grep SigIgn /proc/$$/status > {ignored}\n")
    with wire("ssh://lab.example") as asked, contextlib.suppress(Unanswered):
        asked.ask("GET", "/info")
    assert int(ignored.read_text().split()[1], 16) & 1 << 1  # bit 1: signal 2


def test_names_become_parts_of_a_path() -> None:
    assert name("rung/linux:1") == "rung/linux:1"
    assert name("a?b#c d") == "a%3Fb%23c%20d"


def test_nothing_stays_open(tmp_path: Path) -> None:
    def number() -> int:
        return sum(1 for _ in Path("/proc/self/fd").iterdir())

    before = number()
    with serving(tmp_path / "s", OK, OK), wire(f"unix://{tmp_path}/s") as asked:
        asked.ask("GET", "/one")
        asked.ask("GET", "/two")
        assert number() > before
    until = time.monotonic() + 5
    while number() > before and time.monotonic() < until:
        time.sleep(0.01)  # the server's thread closes its end
    assert number() == before
