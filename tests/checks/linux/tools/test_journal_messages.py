"""Messages in the output of journalctl(1)."""

from __future__ import annotations

from rung.checks.linux.tools.journal_messages import parse_messages


def test_messages_are_read_as_text_whatever_their_bytes() -> None:
    text = '{"MESSAGE":"plain"}\n{"MESSAGE":[104,105,255]}\n{"MESSAGE":null}\n{}\n'
    assert parse_messages(text) == ["plain", "hi�"]
