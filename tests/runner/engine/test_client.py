"""What the engine is asked, in its own words, and what its answers become."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from docker.errors import APIError, NotFound

from rung.runner.engine.connect import Engine
from rung.runner.engine.endpoints import Endpoint
from rung.runner.engine.errors import explanation
from scripted_server import CLOSING, OK, STREAM, VERSION, engine_at, said, scripted_engine, serving

MADE = said("201 Created", b'{"Id":"e1"}')
NO_CONTENT = said("204 No Content", b"").replace(b"Content-Length: 0\r\n", b"")


@pytest.mark.parametrize("newest", ["1.41", "1.44", "1.52"])
def test_the_engines_own_version_of_the_api_is_spoken(tmp_path: Path, newest: str) -> None:
    version = said("200 OK", json.dumps({"ApiVersion": newest, "MinAPIVersion": "1.40"}).encode())
    with serving(tmp_path / "s", version, OK) as server, engine_at(f"unix://{tmp_path}/s") as engine:
        engine.greet(5)
        engine.info()
    assert server.lines() == ["GET /version HTTP/1.1", f"GET /v{newest}/info HTTP/1.1"]


def test_an_engine_is_asked_for_its_version_once(tmp_path: Path) -> None:
    with serving(tmp_path / "s", VERSION) as server, engine_at(f"unix://{tmp_path}/s") as engine:
        engine.greet(5)
        assert engine.version() == {"ApiVersion": "1.44"}
    assert server.lines() == ["GET /version HTTP/1.1"]


def test_an_engine_that_accepts_no_version_below_the_newest_is_spoken_to(tmp_path: Path) -> None:
    version = said("200 OK", b'{"ApiVersion":"1.52","MinAPIVersion":"1.52"}')
    with serving(tmp_path / "s", version, OK) as server, engine_at(f"unix://{tmp_path}/s") as engine:
        assert engine.info() == {}
    assert server.lines()[1] == "GET /v1.52/info HTTP/1.1"


def test_a_request_names_the_object_and_carries_its_settings(tmp_path: Path) -> None:
    with scripted_engine(tmp_path, OK, OK, MADE) as (engine, server):
        engine.info()
        engine.image("rung/linux:1")
        engine.create_container("node1", {"Image": "rung/linux:1"})
    assert server.lines() == [
        "GET /v1.44/info HTTP/1.1",
        "GET /v1.44/images/rung/linux:1/json HTTP/1.1",
        "POST /v1.44/containers/create?name=node1 HTTP/1.1",
    ]
    assert json.loads(server.asked[2].partition(b"\r\n\r\n")[2]) == {"Image": "rung/linux:1"}


def test_a_connection_that_the_engine_has_ended_is_replaced(tmp_path: Path) -> None:
    with scripted_engine(tmp_path, CLOSING, OK) as (engine, server):
        assert engine.info() == engine.info() == {}
    assert server.lines() == ["GET /v1.44/info HTTP/1.1"] * 2


@pytest.mark.parametrize(
    ("answer", "status", "text"),
    [
        (said("409 Conflict", b'{"message":"name is in use"}'), 409, "name is in use"),
        (said("500 Internal Server Error", b"out of luck\n"), 500, "out of luck"),
    ],
)
def test_a_refusal_has_the_engines_words(tmp_path: Path, answer: bytes, status: int, text: str) -> None:
    with scripted_engine(tmp_path, answer) as (engine, _), pytest.raises(APIError) as refused:
        engine.pause("node1")
    assert (refused.value.status_code, explanation(refused.value)) == (status, text)


def test_an_object_that_does_not_exist_is_told_apart(tmp_path: Path) -> None:
    answer = said("404 Not Found", b'{"message":"No such container: node1"}')
    with scripted_engine(tmp_path, answer) as (engine, _), pytest.raises(NotFound) as lacking:
        engine.pause("node1")
    assert explanation(lacking.value) == "No such container: node1"


def test_containers_and_networks_are_listed_by_labels(tmp_path: Path) -> None:
    with scripted_engine(tmp_path, *[said("200 OK", b"[]")] * 3) as (engine, server):
        assert engine.containers("rung.attempt=a b", "rung.cluster") == []
        assert engine.containers(running=True) == []
        assert engine.networks("rung.cluster") == []
    all_of, running, networks = (urlsplit(line.split()[1]) for line in server.lines())
    assert all_of.path == running.path == "/v1.44/containers/json"
    assert parse_qs(all_of.query)["all"] == ["1"]
    assert json.loads(parse_qs(all_of.query)["filters"][0]) == {"label": ["rung.attempt=a b", "rung.cluster"]}
    assert parse_qs(running.query)["all"] == ["0"]
    assert networks.path == "/v1.44/networks"
    assert json.loads(parse_qs(networks.query)["filters"][0]) == {"label": ["rung.cluster"]}


def test_an_image_that_is_not_there_is_none(tmp_path: Path) -> None:
    with scripted_engine(tmp_path, said("404 Not Found", b'{"message":"No such image"}'), OK) as (engine, server):
        assert engine.image("rung/linux:1") is None
        assert engine.image("rung/linux:2") == {}
    assert server.lines()[0] == "GET /v1.44/images/rung/linux:1/json HTTP/1.1"


def test_a_command_runs_to_its_end(tmp_path: Path) -> None:
    output = b"\x01\0\0\0\0\0\0\x03one\x02\0\0\0\0\0\0\x02 2"
    ended = said("200 OK", b'{"ExitCode":3}')
    with scripted_engine(tmp_path, MADE, STREAM.replace(b"$ ls", output), ended) as (engine, server):
        assert engine.run("m", ["true"], privileged=True) == (3, b"one 2")
    asked = json.loads(server.asked[0].partition(b"\r\n\r\n")[2])
    assert asked.items() >= {
        "Cmd": ["true"], "User": "root", "AttachStdin": False, "AttachStdout": True, "AttachStderr": True,
        "Privileged": True,
    }.items()  # fmt: skip


def test_a_terminal_is_not_let_go_of_by_the_keys_that_shells_use(tmp_path: Path) -> None:
    with scripted_engine(tmp_path, MADE, STREAM) as (engine, server):
        command, terminal = engine.terminal("m", ["sh"], "xterm")
        terminal.close()
    assert command == "e1"
    wanted = json.loads(server.asked[0].partition(b"\r\n\r\n")[2])
    assert (wanted["Tty"], wanted["Env"]) == (True, ["TERM=xterm"])
    assert wanted["detachKeys"].startswith("ctrl-@,ctrl-]")


def test_stopping_may_take_so_long_and_as_long_as_any_answer(tmp_path: Path) -> None:
    with scripted_engine(tmp_path, NO_CONTENT) as (engine, server):
        engine.stop("m", 10)
    assert server.lines() == ["POST /v1.44/containers/m/stop?t=10 HTTP/1.1"]


def test_images_are_built_and_saved_by_the_same_client(tmp_path: Path) -> None:
    with scripted_engine(tmp_path) as (engine, _):
        assert engine.sdk.api is engine.api
        assert engine.api.api_version == "1.44"


@pytest.mark.parametrize("url", ["nonsense://x", "unix:/", "tcp://", "tcp://127.0.0.1:99999x"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="engine") as wrong:
        Engine(Endpoint(url, "a test"))
    assert str(wrong.value) == f"`{url}` is not an address of an engine"
