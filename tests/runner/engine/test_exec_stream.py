"""The stream of a command: nothing of it is lost, and it is read, written to and ended like a socket."""

from __future__ import annotations

from pathlib import Path

import pytest
from docker.errors import APIError, NotFound
from hypothesis import given
from hypothesis import strategies as st
from requests.exceptions import ConnectionError as NoConnection

from rung.runner.engine.errors import explanation, reason
from rung.runner.engine.exec_stream import without_headers
from scripted_server import STREAM, said, scripted_engine

MADE = said("201 Created", b'{"Id":"e1"}')


@given(st.lists(st.tuples(st.sampled_from([1, 2]), st.binary(max_size=300))))
def test_pieces_of_a_stream_are_joined(pieces: list[tuple[int, bytes]]) -> None:
    stream = b"".join(bytes([number, 0, 0, 0]) + len(data).to_bytes(4, "big") + data for number, data in pieces)
    assert without_headers(stream) == b"".join(data for _, data in pieces)


@pytest.mark.parametrize("status", [b"101 UPGRADED", b"200 OK"])
def test_output_that_comes_with_the_answers_head_is_not_lost(tmp_path: Path, status: bytes) -> None:
    output = STREAM.replace(b"101 UPGRADED", status).replace(b"$ ls", b"\x01\0\0\0\0\0\0\x05early")
    with scripted_engine(tmp_path, MADE, output, said("200 OK", b'{"ExitCode":0}')) as (engine, server):
        assert engine.run("m", ["true"]) == (0, b"early")
    head = server.asked[1].partition(b"\r\n\r\n")[0]
    assert b"Connection: Upgrade" in head
    assert b"Upgrade: tcp" in head


def test_a_stream_may_be_refused(tmp_path: Path) -> None:
    conflict, lacking = said("409 Conflict", b'{"message":"container is paused"}'), said("404 Not Found", b"gone")
    with scripted_engine(tmp_path, MADE, conflict, MADE, lacking, MADE, b"") as (engine, _):
        with pytest.raises(APIError) as refused:
            engine.shell("m", ["sh"])
        with pytest.raises(NotFound) as missing:
            engine.shell("m", ["sh"])
        with pytest.raises(NoConnection) as silent:
            engine.shell("m", ["sh"])
    assert explanation(refused.value) == "container is paused"
    assert explanation(missing.value) == "gone"
    assert reason(silent.value) == "the connection ended without an answer"
