"""Where an engine is looked for, and what is said where none answers."""

from __future__ import annotations

import gc
import hashlib
import json
import socket
from pathlib import Path

import pytest

from rung.runner.core.errors import EngineGone
from rung.runner.engine import advice
from rung.runner.engine.connect import connect
from rung.runner.engine.endpoints import Endpoint, candidates


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
    (folder / "meta.json").write_text(json.dumps({"Name": name, "Endpoints": {"docker": {"Host": host}}}))
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


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # the SDK leaves its socket to the collector
def test_a_listener_that_never_answers_is_given_up(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rung.runner.engine.connect._PROBE_SECONDS", 1)
    path = home / "mute.sock"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()
        monkeypatch.setenv("DOCKER_HOST", f"unix://{path}")
        with pytest.raises(EngineGone, match="no answer within 1 s"):
            connect()
    gc.collect()


@pytest.mark.parametrize("url", ["nonsense://x", "tcp://", "unix:/"])
def test_an_address_that_is_none(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", url)
    with pytest.raises(EngineGone):
        connect()


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
