"""Requests in a shell's output: what is one, and what passes as output."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.runner.shell.request_parser import LIMIT, MARK, MAX_REQUESTS, RateLimit, Request, RequestParser

CHECK = b"\033]7717;rung;check;\007"


def parsed(*pieces: bytes) -> tuple[bytes, list[Request]]:
    """The output and the requests in a stream that arrives in these pieces."""
    parser = RequestParser()
    parts = [part for piece in pieces for part in parser.feed(piece)]
    shown = b"".join(p for p in parts if isinstance(p, bytes)) + parser.release()
    return shown, [p for p in parts if isinstance(p, Request)]


def test_a_request_is_removed_from_the_output() -> None:
    assert parsed(b"before" + CHECK + b"after") == (b"beforeafter", [Request("check", "")])


def test_a_request_names_a_task() -> None:
    assert parsed(b"\033]7717;rung;hint;account\007") == (b"", [Request("hint", "account")])


def test_a_check_may_skip_the_restart() -> None:
    for words in ("--live", "--live account", "account --live"):
        assert parsed(b"\033]7717;rung;check;" + words.encode() + b"\007") == (b"", [Request("check", words)])


@pytest.mark.parametrize(
    "body", [b"stop;", b"shell;node2", b"check", b"check;a b", b"check;../x", b"", b";", b"CHECK;"]
)
def test_an_unknown_verb_is_no_request(body: bytes) -> None:
    assert parsed(b"\033]7717;rung;" + body + b"\007")[1] == []


def test_other_escape_sequences_pass() -> None:
    title = b"\033]0;root@node1\007\033[1;32mgreen\033[0m"
    assert parsed(title) == (title, [])


def test_an_endless_request_is_shown_without_its_mark() -> None:
    assert parsed(MARK + b"x" * (LIMIT + 1) + b"\007$ ") == (b"x" * (LIMIT + 1) + b"\007$ ", [])


def test_an_incomplete_request_is_output() -> None:
    assert parsed(MARK + b"che\r\n$ ") == (b"che\r\n$ ", [])


def test_a_request_after_an_incomplete_one_is_found() -> None:
    assert parsed(MARK + b"che" + CHECK) == (b"che", [Request("check", "")])


@given(
    st.lists(st.sampled_from([CHECK, b"text\r\n", b"\033", b"\033]", b"\033]7717;", b"\007", b"\033[0m"])), st.data()
)
def test_the_sizes_of_the_pieces_do_not_matter(pieces: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(pieces)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    cut = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert parsed(*cut) == parsed(stream)


@given(st.binary(max_size=300))
def test_bytes_without_a_mark_pass_unchanged(data: bytes) -> None:
    if MARK not in data:
        assert parsed(data) == (data, [])


def test_too_frequent_requests_are_ignored() -> None:
    now = [0.0]
    limit = RateLimit(clock=lambda: now[0])
    assert [limit.allows() for _ in range(MAX_REQUESTS + 1)] == [True] * MAX_REQUESTS + [False]
    now[0] = 11.0
    assert limit.allows()
