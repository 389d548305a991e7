"""What the engine is asked, in its own words, and what its answers become."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.runner.core.errors import EnvironmentBroken
from rung.runner.doctor.host import registry
from rung.runner.engine.client import _without_headers
from rung.runner.engine.connect import Engine
from rung.runner.engine.endpoints import Endpoint
from scripted_server import OK, STREAM, Scripted, said, serving

MADE = said("201 Created", b'{"Id":"e1"}')


@contextlib.contextmanager
def engine(folder: Path, *answers: bytes) -> Iterator[tuple[Engine, Scripted]]:
    place = Endpoint(f"unix://{folder}/s", "a test")
    with serving(folder / "s", *answers) as server, contextlib.closing(Engine(place)) as made:
        made.version = "1.44"
        yield made, server


def greeting(*headers: str) -> bytes:
    return "\r\n".join(["HTTP/1.1 200 OK", *headers, "Content-Length: 2", "", "OK"]).encode()


@pytest.mark.parametrize(
    ("offered", "spoken"),
    [("Api-Version: 1.41", "1.41"), ("Api-Version: 1.52", "1.44"), ("Api-Version: 1.9", "1.9"), ("X: y", "1.41")],
)
def test_the_older_of_both_versions_is_spoken(tmp_path: Path, offered: str, spoken: str) -> None:
    with engine(tmp_path, greeting(offered), OK) as (asked, server):
        asked.greet(5)
        asked.info()
    assert server.lines() == ["GET /_ping HTTP/1.1", f"GET /v{spoken}/info HTTP/1.1"]


def test_containers_and_networks_are_listed_by_labels(tmp_path: Path) -> None:
    with engine(tmp_path, *[said("200 OK", b"[]")] * 3) as (asked, server):
        assert asked.containers("rung.attempt=a b", "rung.cluster") == []
        assert asked.containers(running=True) == []
        assert asked.networks("rung.cluster") == []
    all_of, running, networks = (urlsplit(line.split()[1]) for line in server.lines())
    assert all_of.path == running.path == "/v1.44/containers/json"
    assert parse_qs(all_of.query)["all"] == ["1"]
    assert json.loads(parse_qs(all_of.query)["filters"][0]) == {"label": ["rung.attempt=a b", "rung.cluster"]}
    assert running.query == "all=0"
    assert networks.path == "/v1.44/networks"
    assert json.loads(parse_qs(networks.query)["filters"][0]) == {"label": ["rung.cluster"]}


def test_an_image_that_is_not_there_is_none(tmp_path: Path) -> None:
    with engine(tmp_path, said("404 Not Found", b'{"message":"No such image"}'), OK) as (asked, server):
        assert asked.image("rung/linux:1") is None
        assert asked.image("rung/linux:2") == {}
    assert server.lines()[0] == "GET /v1.44/images/rung/linux:1/json HTTP/1.1"


def test_a_command_is_run_to_its_end(tmp_path: Path) -> None:
    output = b"\x01\0\0\0\0\0\0\x03one\x02\0\0\0\0\0\0\x02 2"
    ended = said("200 OK", b'{"ExitCode":3}')
    with engine(tmp_path, MADE, said("200 OK", output), ended) as (asked, server):
        assert asked.run("m", ["true"], privileged=True) == (3, b"one 2")
    assert json.loads(server.asked[0].partition(b"\r\n\r\n")[2]) == {
        "Cmd": ["true"], "User": "root", "AttachStdout": True, "AttachStderr": True, "Privileged": True,
    }  # fmt: skip


def test_a_terminal_is_not_let_go_of_by_the_keys_that_shells_use(tmp_path: Path) -> None:
    with engine(tmp_path, MADE, STREAM) as (asked, server):
        command, terminal = asked.terminal("m", ["sh"], "xterm")
        terminal.close()
    assert command == "e1"
    wanted = json.loads(server.asked[0].partition(b"\r\n\r\n")[2])
    assert (wanted["Tty"], wanted["Env"]) == (True, ["TERM=xterm"])
    assert wanted["DetachKeys"].startswith("ctrl-@,ctrl-]")


def test_stopping_may_take_so_long_and_as_long_as_any_answer(tmp_path: Path) -> None:
    with engine(tmp_path, OK) as (asked, server):
        asked.stop("m", 10)
    assert server.lines() == ["POST /v1.44/containers/m/stop?t=10 HTTP/1.1"]


def test_the_sdk_is_of_the_same_engine_and_ends_with_it(tmp_path: Path) -> None:
    with engine(tmp_path) as (asked, _):
        assert asked.sdk.api.base_url == "http+docker://localhost"
        assert asked.sdk.api.api_version == "1.44"
        asked.close()
        assert "sdk" not in vars(asked)


def test_an_engine_by_ssh_builds_no_images() -> None:
    far = Engine(Endpoint("ssh://me@lab.example", "DOCKER_HOST"))
    with pytest.raises(EnvironmentBroken) as refused:
        _ = far.sdk
    assert str(refused.value) == "Images cannot be built on ssh://me@lab.example from here."
    found = registry(far)
    assert (found.state, found.fact, found.fix) == ("warn", str(refused.value), refused.value.fix)


@given(st.lists(st.tuples(st.sampled_from([1, 2]), st.binary(max_size=300))))
def test_pieces_of_a_stream_are_joined(pieces: list[tuple[int, bytes]]) -> None:
    stream = b"".join(bytes([number, 0, 0, 0]) + len(data).to_bytes(4, "big") + data for number, data in pieces)
    assert _without_headers(stream) == b"".join(data for _, data in pieces)
