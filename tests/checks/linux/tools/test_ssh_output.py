"""The outcome of a login in the output of ssh."""

from __future__ import annotations

import pytest

from rung.checks.core.channel import Result
from rung.checks.linux.tools.ssh_output import login_outcome


@pytest.mark.parametrize(
    ("stderr", "state"),
    [
        ("ssh: connect to host n port 22: Connection refused", "unknown"),
        ("debug1: kex\nkex_exchange_identification: Connection closed by remote host", "unknown"),
        ("debug1: Authentications that can continue: publickey\nd@n: Permission denied (publickey).", "refused"),
        ("debug1: Authentications that can continue: password\nConnection closed by 10.0.0.1 port 22", "refused"),
        ("ssh_askpass: exec(/x): Permission denied\nd@n: Permission denied (password).", "unknown"),
        ('Authenticated to n ([::1]:22) using "publickey".\nTransferred: sent 1', "open"),
        ("sh: ssh: not found", "unknown"),
    ],
)
def test_only_a_server_that_was_asked_can_refuse(stderr: str, state: str) -> None:
    assert login_outcome(Result(255, b"", stderr.encode()))[0] == state
