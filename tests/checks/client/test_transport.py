"""What a request sends, and what becomes of it when the API server is slow, lies, refuses or restarts."""

from __future__ import annotations

import json
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from api_server import ApiState, connected, pod, serving
from rung.checks.cluster import ApiRefused, Cluster, ClusterGone
from rung.checks.core.channel import CommandTimeout, Result

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@dataclass
class Scripted:
    """A server that gives each connection the next answer, and then closes it; it keeps what it was sent."""

    answers: list[bytes]
    asked: list[bytes] = field(default_factory=list)


@contextmanager
def scripted(*answers: bytes) -> Iterator[tuple[Cluster, Scripted]]:
    server, script = socket.create_server(("127.0.0.1", 0)), Scripted(list(answers))

    def serve() -> None:
        for answer in script.answers:
            connection, _ = server.accept()
            with connection:
                script.asked.append(_received(connection))
                connection.sendall(answer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    with server, connected(f"http://127.0.0.1:{server.getsockname()[1]}") as cluster:
        yield cluster, script


def _received(connection: socket.socket) -> bytes:
    """A request with its body."""
    text = b""
    while block := connection.recv(1 << 16):
        text += block
        head, end, body = text.partition(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        if (end and len(body) == int(length[1] if length else 0)) or text.startswith(b"\x16"):  # TLS begins so
            break
    return text


def why(cluster: Cluster, method: str = "GET") -> str:
    with pytest.raises(ClusterGone) as caught:
        cluster.raw(method, "/readyz", timeout=2)
    assert (caught.value.tried, caught.value.path) == (f"{method} {cluster.server}/readyz", "/readyz")
    return caught.value.why


@pytest.mark.parametrize(
    ("method", "body", "headers", "content_type"),
    [
        ("GET", None, {}, None),
        ("DELETE", None, {}, None),
        ("DELETE", {"kind": "DeleteOptions"}, {}, "application/json"),
        ("POST", {}, {}, "application/json"),
        ("PUT", {"a": 1}, {}, "application/json"),
        ("PATCH", {"a": None}, {"Content-Type": "application/merge-patch+json"}, "application/merge-patch+json"),
        ("PATCH", [{"op": "x"}], {"Content-Type": "application/json-patch+json"}, "application/json-patch+json"),
        ("PATCH", {"a": 1}, {"Content-Type": "application/apply-patch+yaml"}, "application/apply-patch+yaml"),
    ],
)
def test_bodies_arrive_as_json_with_the_content_type_that_is_given(
    method: str, body: Any, headers: dict[str, str], content_type: str | None
) -> None:
    with scripted(OK) as (cluster, script):
        cluster.raw(method, "/x", body=body, headers=headers)
    head, _, sent = script.asked[0].partition(b"\r\n\r\n")
    found = {line.split(": ")[0].lower(): line.split(": ")[1] for line in head.decode().splitlines()[1:]}
    assert head.splitlines()[0] == f"{method} /x HTTP/1.1".encode()
    assert found.get("content-type") == content_type
    assert (found["accept"], found["user-agent"]) == ("application/json", "rung")
    assert (json.loads(sent) if sent else None) == body


def test_queries_arrive_quoted() -> None:
    with scripted(OK) as (cluster, script):
        cluster.raw("GET", "/x", query={"labelSelector": "a=b,c in (d, e)", "limit": 5, "watch": False})
    line = script.asked[0].splitlines()[0]
    assert line == b"GET /x?labelSelector=a%3Db%2Cc%20in%20%28d%2C%20e%29&limit=5&watch=false HTTP/1.1"


def test_the_answer_has_status_body_and_the_server_s_clock() -> None:
    date = "Sat, 28 Nov 2026 15:00:00 GMT"
    with scripted(f"HTTP/1.1 201 Created\r\nDate: {date}\r\nContent-Length: 4\r\n\r\nnull".encode()) as (cluster, _):
        answer = cluster.raw("POST", "/x", body={})
    assert (answer.status, answer.body, answer.date, answer.json()) == (201, b"null", date, None)


def test_a_redirect_is_an_answer_and_not_followed() -> None:
    moved = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n"
    with scripted(moved) as (cluster, script):
        assert cluster.raw("GET", "/x").status == 302
    assert len(script.asked) == 1


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (b'{"kind": "Status", "message": "pods \\"x\\" is forbidden"}', 'pods "x" is forbidden'),
        (b"<html>Bad Gateway</html>", "<html>Bad Gateway</html>"),
        (b"", "Bad Gateway"),
        (b"[]", "[]"),
        (b"\xff", "�"),
    ],
)
def test_a_refusal_has_the_api_s_message_or_what_else_was_said(answer: bytes, message: str) -> None:
    head = f"HTTP/1.1 502 Bad Gateway\r\nContent-Length: {len(answer)}\r\n\r\n".encode()
    with scripted(head + answer) as (cluster, script), pytest.raises(ApiRefused) as caught:
        cluster.raw("GET", "/x")
    assert (caught.value.status, caught.value.message, caught.value.path) == (502, message, "/x")
    assert len(script.asked) == 1


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"220 mail.example ESMTP\r\n\r\n", "the answer is not HTTP"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", "the connection ended before the whole answer arrived"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhalf",
         "the connection ended before the whole answer arrived"),
    ],
)  # fmt: skip
def test_a_server_that_lies_is_gone(answer: bytes, reason: str) -> None:
    with scripted(answer) as (cluster, script):
        assert why(cluster) == reason
    assert len(script.asked) == 1


def test_a_server_that_ends_the_connection_is_asked_again_by_a_get_alone() -> None:
    with scripted(b"", OK) as (cluster, script):
        assert cluster.raw("GET", "/readyz").text == "ok"
    assert len(script.asked) == 2
    with scripted(b"", b"") as (cluster, script):
        assert why(cluster) == "the connection ended without an answer"
    assert len(script.asked) == 2
    with scripted(b"") as (cluster, script):
        assert why(cluster, "POST") == "the connection ended without an answer"
    assert len(script.asked) == 1


def test_an_address_that_nobody_has_is_told() -> None:
    with connected("http://cluster.invalid") as cluster:
        assert why(cluster).startswith("[Errno -")


def test_a_server_without_tls_is_told() -> None:
    with scripted(b"HTTP/1.1 400 Bad Request\r\n\r\n") as (cluster, _):
        port = cluster.server.rpartition(":")[2]
        with connected(f"https://127.0.0.1:{port}") as secure:
            assert why(secure).startswith("[SSL: ")


# -- commands in containers


def test_a_server_that_does_not_answer_a_command_is_gone_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        with connected(url) as cluster, pytest.raises(ClusterGone) as caught:
            cluster.exec("a", "true", timeout=0.2)
    assert str(caught.value) == f"exec {url}/api/v1/namespaces/lab/pods/a/exec: no answer within 0.2 s"
    assert caught.value.path == "/api/v1/namespaces/lab/pods/a/exec"


def test_a_server_that_is_not_there_runs_no_command() -> None:
    with connected("http://127.0.0.1:9") as cluster, pytest.raises(ClusterGone) as caught:
        cluster.exec("a", "true")
    assert caught.value.why == "connection refused"


def test_an_answer_that_is_no_stream_is_refused_with_what_it_says() -> None:
    with scripted(OK) as (cluster, _), pytest.raises(ApiRefused) as caught:
        cluster.exec("a", "true")
    assert (caught.value.status, caught.value.message) == (200, "ok")


def test_a_command_is_not_sent_where_the_server_redirects_it() -> None:
    moved = b"HTTP/1.1 302 Found\r\nLocation: ws://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n"
    with scripted(moved) as (cluster, script), pytest.raises(ClusterGone) as caught:
        cluster.exec("a", "true")
    assert caught.value.why == "Redirect limit exhausted"
    assert len(script.asked) == 1


def test_a_stream_that_ends_early_is_no_result() -> None:
    api_state = ApiState([pod("a")], ends_early=True)
    with serving(api_state) as url, connected(url) as cluster, pytest.raises(ClusterGone) as caught:
        cluster.exec("a", ["true"])
    assert caught.value.why.startswith("the stream ended early (")


def test_a_command_that_never_stops_writing_is_given_up_in_time() -> None:
    api_state = ApiState([pod("a")], writes_on=True)
    with serving(api_state) as url, connected(url) as cluster, pytest.raises(CommandTimeout) as caught:
        cluster.exec("a", ["yes"], timeout=0.3)
    assert str(caught.value) == "`yes` did not end within 0.3 s"


def test_large_output_and_large_input_arrive_whole() -> None:
    api_state = ApiState([pod("a")], commands=lambda _pod, _words, stdin: Result(0, stdin, b""))
    text = bytes(range(256)) * 400
    with serving(api_state) as url, connected(url) as cluster:
        assert cluster.exec("a", ["cat"], stdin=text) == Result(0, text, b"")
