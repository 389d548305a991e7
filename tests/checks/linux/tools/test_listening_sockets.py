"""Listening sockets in the output of ss(8)."""

from __future__ import annotations

from rung.checks.linux.tools.listening_sockets import ListeningSocket, parse_sockets

SHOWN = """\
LISTEN 0 128    0.0.0.0:22 0.0.0.0:* users:(("sshd",pid=45,fd=3),("systemd",pid=1,fd=9))
LISTEN 0 128       [::]:22    [::]:* users:(("sshd",pid=45,fd=4))
LISTEN 0 4096 127.0.0.53%lo:53 0.0.0.0:*
LISTEN 0 5            *:80       *:* users:(("nginx",pid=7,fd=6),("nginx",pid=6,fd=6))
"""


def test_sockets_are_parsed_from_the_output_of_ss() -> None:
    assert parse_sockets(SHOWN) == [
        ListeningSocket("0.0.0.0", 22, ("sshd", "systemd")),
        ListeningSocket("::", 22, ("sshd",)),
        ListeningSocket("127.0.0.53", 53, ()),
        ListeningSocket("*", 80, ("nginx",)),
    ]
