"""Messages in the JSON output of journalctl(1)."""

from __future__ import annotations

import json


def parse_messages(text: str) -> list[str]:
    """The messages in the output of `journalctl -o json`, which writes one that is not UTF-8 as a list of bytes."""
    found = []
    for line in text.splitlines():
        message = json.loads(line).get("MESSAGE")
        if isinstance(message, list):
            message = bytes(message).decode("utf-8", "replace")
        if isinstance(message, str):
            found.append(message)
    return found
