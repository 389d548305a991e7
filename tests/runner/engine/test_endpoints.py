"""Where an engine is looked for, and what is said where none answers."""

from __future__ import annotations

import contextlib
import hashlib
import json
import socket
from pathlib import Path

import pytest
from docker.errors import DockerException

from rung.runner.core.errors import EngineGone
from rung.runner.engine import advice
from rung.runner.engine.client import Engine
from rung.runner.engine.connect import connect
from rung.runner.engine.endpoints import Endpoint, candidates
from scripted_server import VERSION, said, serving


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("DOCKER_HOST", "CONTAINER_HOST", "DOCKER_CONTEXT", "DOCKER_CONFIG", "DOCKER_TLS_VERIFY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
    return tmp_path


def context(home: Path, name: str, host: str, *, current: bool = True) -> Path:
    key = hashlib.sha256(name.encode()).hexdigest()
    folder = home / ".docker/contexts/meta" / key
    folder.mkdir(parents=True)
    endpoint = {"Host": host, "SkipTLSVerify": False}
    (folder / "meta.json").write_text(json.dumps({"Name": name, "Metadata": {}, "Endpoints": {"docker": endpoint}}))
    if current:
        (home / ".docker/config.json").write_text(json.dumps({"currentContext": name}))
    return home / ".docker/contexts/tls" / key / "docker"


def test_docker_host_is_the_only_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "tcp://192.0.2.1:2375")
    assert candidates() == [Endpoint("tcp://192.0.2.1:2375", "DOCKER_HOST")]


def test_docker_host_with_certificates(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "tcp://192.0.2.1:2376")
    monkeypatch.setenv("DOCKER_TLS_VERIFY", "1")
    assert candidates() == [Endpoint("tcp://192.0.2.1:2376", "DOCKER_HOST", home / ".docker")]


def test_the_current_context_comes_before_the_usual_sockets(home: Path) -> None:
    context(home, "far", "ssh://me@192.0.2.1")
    assert [p.url for p in candidates()][:2] == ["ssh://me@192.0.2.1", "unix:///var/run/docker.sock"]


def test_the_current_context_comes_first_where_its_socket_is_a_usual_one_too(home: Path) -> None:
    context(home, "colima", f"unix://{home}/.colima/default/docker.sock")
    assert [p.origin for p in candidates()][:2] == ["context colima", "Docker Engine"]
    assert "Colima" not in [p.origin for p in candidates()]


def test_a_context_brings_its_certificates(home: Path) -> None:
    folder = context(home, "far", "tcp://192.0.2.1:2376")
    folder.mkdir(parents=True)
    assert candidates()[0] == Endpoint("tcp://192.0.2.1:2376", "context far", folder)


def test_docker_context_wins_over_the_configured_one(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context(home, "far", "ssh://me@192.0.2.1")
    context(home, "near", "unix:///near.sock", current=False)
    monkeypatch.setenv("DOCKER_CONTEXT", "near")
    assert candidates() == [Endpoint("unix:///near.sock", "context near")]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"currentContext": "gone"}'])
def test_a_damaged_configuration_is_no_obstacle(home: Path, text: str) -> None:
    (home / ".docker").mkdir()
    (home / ".docker/config.json").write_text(text)
    assert candidates()[0].url == "unix:///var/run/docker.sock"


def test_desktop_rootless_and_podman_sockets_are_tried(home: Path) -> None:
    urls = [p.url for p in candidates()]
    for path in ("run/docker.sock", ".docker/run/docker.sock", ".docker/desktop/docker.sock", "run/podman/podman.sock"):
        assert f"unix://{home / path}" in urls


def test_a_missing_socket_is_said_to_be_missing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{home}/none.sock")
    with pytest.raises(EngineGone) as gone:
        connect()
    assert (
        str(gone.value)
        == f"No container engine answers. Tried:\n  unix://{home}/none.sock (DOCKER_HOST): no such socket"
    )
    assert (
        gone.value.fix == "DOCKER_HOST names one that does not answer: start it, or unset DOCKER_HOST to use another."
    )


def test_a_socket_without_a_listener(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = home / "dead.sock"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
    monkeypatch.setenv("DOCKER_HOST", f"unix://{path}")
    with pytest.raises(EngineGone, match="nobody listens there"):
        connect()


def test_a_listener_that_never_answers_is_given_up(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rung.runner.engine.connect._PROBE_SECONDS", 1)
    path = home / "mute.sock"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()
        monkeypatch.setenv("DOCKER_HOST", f"unix://{path}")
        assert tried() == f"unix://{path} (DOCKER_HOST): no answer in time"


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (b"", "the connection ended without an answer"),
        (b"garbage\r\n\r\n", "its answer is not HTTP"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\nConnection: close\r\n\r\n{", "its answer ended early"),
        (said("200 OK", b"<html>"), "its answer is not JSON"),
        (said("200 OK", b"[]"), "its answer is not that of an engine"),
        (said("200 OK", b"{}"), "its answer is not that of an engine"),
        (said("404 Not Found", b"no page here"), "it refused: no page here"),
    ],
)
def test_what_answers_there_is_no_engine(home: Path, monkeypatch: pytest.MonkeyPatch, answer: bytes, why: str) -> None:
    path = home / "other.sock"
    monkeypatch.setenv("DOCKER_HOST", f"unix://{path}")
    with serving(path, answer, answer):  # urllib3 asks once more
        assert tried() == f"unix://{path} (DOCKER_HOST): {why}"


def test_a_socket_without_rights_says_how_to_get_them(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise DockerException("x") from PermissionError(13, "Permission denied")

    monkeypatch.setattr(Engine, "greet", refused)
    monkeypatch.setenv("DOCKER_HOST", "tcp://127.0.0.1:1")
    with pytest.raises(EngineGone) as gone:
        connect()
    assert str(gone.value).splitlines()[1:] == ["  tcp://127.0.0.1:1 (DOCKER_HOST): permission denied"]
    assert gone.value.fix == "Let yourself use it: `sudo usermod -aG docker $USER`, then log in again."


def test_a_docker_context_of_no_such_name_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_CONTEXT", "gone")
    with pytest.raises(EngineGone) as found:
        connect()
    assert str(found.value) == "DOCKER_CONTEXT names `gone`, and there is no such context."
    assert found.value.fix == "`docker context use NAME` chooses one that exists; or unset DOCKER_CONTEXT."


def test_the_context_default_means_the_usual_sockets(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_CONTEXT", "default")
    context(home, "far", "ssh://me@192.0.2.1")
    assert candidates()[0].url == "unix:///var/run/docker.sock"


def test_of_two_engines_that_answer_the_first_is_used(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    docker, podman = (Endpoint(f"unix://{home}/{name}", name) for name in ("docker", "podman"))
    monkeypatch.setattr("rung.runner.engine.connect.candidates", lambda: [docker, podman])
    with serving(home / "docker", VERSION), serving(home / "podman", VERSION) as other:
        with contextlib.closing(connect()) as engine:
            assert engine.place == docker
        assert other.connections == 0


@pytest.mark.parametrize("url", ["nonsense://x", "tcp://", "unix:/"])
def test_an_address_that_is_none(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", url)
    assert tried() == f"{url} (DOCKER_HOST): `{url}` is not an address of an engine"


def tried() -> str:
    """The one endpoint that was tried, and why it does not answer."""
    with pytest.raises(EngineGone) as gone:
        connect()
    (line,) = str(gone.value).splitlines()[1:]
    return line.strip()


def test_nothing_anywhere_names_every_place_and_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "rung.runner.engine.connect.candidates", lambda: [Endpoint("unix:///a", "A"), Endpoint("unix:///b", "B")]
    )
    monkeypatch.setattr(advice, "cannot_install", lambda: "this computer is not Debian or Ubuntu")
    monkeypatch.setattr("shutil.which", lambda name: "/usr/bin/dnf" if name == "dnf" else None)
    monkeypatch.setattr("sys.platform", "linux")
    with pytest.raises(EngineGone) as gone:
        connect()
    assert str(gone.value).splitlines()[1:] == ["  unix:///a (A): no such socket", "  unix:///b (B): no such socket"]
    assert (
        gone.value.fix == "Install one: `sudo dnf install podman`, then `systemctl --user enable --now podman.socket`."
    )
