"""An engine is asked and streamed from over each kind of connection: TCP, TLS, ssh."""

from __future__ import annotations

import contextlib
import json
import ssl
import subprocess
import sys
import time
from pathlib import Path

import pytest
from docker.errors import DockerException

from rung.runner.engine.client import Engine
from rung.runner.engine.endpoints import Endpoint
from rung.runner.engine.errors import reason
from scripted_server import CLOSING, OK, SHELL, VERSION, Wrap, engine_at, said, scripted_engine, serving

MADE = said("201 Created", b'{"Id":"e1"}')
CLOSING_VERSION = VERSION.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")


def test_an_engine_over_tcp(tmp_path: Path) -> None:
    port = tmp_path / "port"
    with serving(port, VERSION, OK, tcp=True), engine_at(f"tcp://127.0.0.1:{port.read_text()}") as engine:
        assert engine.info() == {}


# -- TLS


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an authority's certificate (ca.pem), and one with its key that serves both ends."""
    folder = tmp_path_factory.mktemp("tls")
    new = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    new += ["-nodes", "-days", "1"]
    own = ["-subj", "/CN=tests", "-keyout", "ca-key.pem", "-out", "ca.pem"]
    subprocess.run([*new, *own], cwd=folder, check=True, capture_output=True)
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
    answers = [CLOSING_VERSION, CLOSING, MADE, SHELL]
    with (
        serving(port, *answers, wrap=with_tls(authority), tcp=True),
        engine_at(f"tcp://127.0.0.1:{port.read_text()}", authority) as engine,
    ):
        assert engine.info() == {}
        with contextlib.closing(engine.shell("m", ["sh"])) as stream:
            stream.sendall(b"\n")
            assert stream.recv(100) == b"$ ls"


def test_an_engine_of_another_authority_is_not_trusted(tmp_path: Path, authority: Path) -> None:
    port, other = tmp_path / "port", tmp_path / "other"
    other.mkdir()
    new = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=another", "-keyout", "ca-key.pem"]
    subprocess.run([*new, "-out", "ca.pem"], cwd=other, check=True, capture_output=True)
    with (
        serving(port, VERSION, wrap=with_tls(authority), tcp=True),
        engine_at(f"tcp://127.0.0.1:{port.read_text()}", other) as engine,
        pytest.raises(DockerException) as wrong,
    ):
        engine.greet()
    assert reason(wrong.value) == "its certificate is not trusted (self-signed certificate in certificate chain)"


def test_a_certificate_without_its_key_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "cert.pem").write_text("nonsense")
    with pytest.raises(FileNotFoundError) as wrong:
        Engine(Endpoint("tcp://127.0.0.1:2376", "a test", tmp_path))
    assert str(wrong.value) == f"{tmp_path} has no key.pem"


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
    answers = [VERSION, CLOSING, MADE, SHELL]
    with serving(tmp_path / "s", *answers) as server, engine_at("ssh://me@lab.example:2222") as engine:
        assert engine.info() == {}
        with contextlib.closing(engine.shell("m", ["sh"])) as stream:
            stream.sendall(b"\n")
            assert stream.recv(100) == b"$ ls"
        assert engine._bridge is not None
        running = list(engine._bridge._running)
    assert server.lines()[1:] == [
        "GET /v1.44/info HTTP/1.1",
        "POST /v1.44/containers/m/exec HTTP/1.1",
        "POST /v1.44/exec/e1/start HTTP/1.1",
    ]
    words = "-o ConnectTimeout=10 -l me -p 2222 -- lab.example docker system dial-stdio"
    assert json.loads((tmp_path / "told").read_text()) == words.split()
    assert running
    assert all(process.returncode is not None for process in running)


def test_an_ssh_that_is_not_there_and_one_that_fails(programs: Path) -> None:
    with engine_at("ssh://lab.example") as engine, pytest.raises(FileNotFoundError) as lacking:
        engine.greet()
    assert str(lacking.value) == "ssh is not on PATH"
    program(programs / "ssh", "#!/bin/sh\nexit 255\n")
    with engine_at("ssh://lab.example") as engine, pytest.raises(DockerException) as failed:
        engine.greet()
    assert reason(failed.value) == "the connection ended without an answer"


def test_a_ctrl_c_does_not_end_an_ssh_that_machines_are_removed_through(tmp_path: Path, programs: Path) -> None:
    ignored = tmp_path / "ignored"
    program(programs / "ssh", f"#!/bin/sh\n/bin/grep SigIgn /proc/$$/status > {ignored}\n")
    with engine_at("ssh://lab.example") as engine, contextlib.suppress(DockerException):
        engine.greet()
    assert int(ignored.read_text().split()[1], 16) & 1 << 1  # bit 1: signal 2


def test_nothing_stays_open(tmp_path: Path) -> None:
    def number() -> int:
        return sum(1 for _ in Path("/proc/self/fd").iterdir())

    before = number()
    with scripted_engine(tmp_path, OK, MADE, SHELL) as (engine, _):
        engine.info()
        engine.shell("m", ["sh"]).close()
        assert number() > before
    until = time.monotonic() + 5
    while number() > before and time.monotonic() < until:
        time.sleep(0.01)  # the server's thread closes its end
    assert number() == before
