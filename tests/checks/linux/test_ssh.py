"""Kind `ssh`: logins that are tried on a machine, and what counts as a refusal."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from asking_kinds import expectation, prepare, reasons
from rung.checks.core.machine import Machine

USERS = """
for user in lena dora nobuo; do useradd -m -s /bin/bash $user; echo "$user:pw-$user" | chpasswd; done
runuser -u lena -- ssh-keygen -q -t ed25519 -N '' -f /home/lena/.ssh/id_ed25519
for user in dora nobuo; do
  install -d -m 700 -o $user /home/$user/.ssh
  install -m 600 -o $user /home/lena/.ssh/id_ed25519.pub /home/$user/.ssh/authorized_keys
done
usermod -s /usr/sbin/nologin nobuo
cd /etc/ssh/sshd_config.d
printf 'PasswordAuthentication yes\\nMatch User nobuo\\n PasswordAuthentication no\\n' >10-test.conf
systemctl restart ssh
"""


@pytest.fixture(scope="module")
def box(node1: Machine) -> Machine:
    prepare(node1, USERS)
    return node1


@pytest.mark.machines
@pytest.mark.parametrize(
    "data",
    [
        {"ssh": "dora@localhost", "as": "lena"},
        {"ssh": "dora@localhost", "as": "lena", "command": "id -un", "output": "dora"},
        {"ssh": "dora@localhost", "as": "dora", "allowed": False},
        {"ssh": "dora@localhost", "method": "password", "password": "pw-dora", "command": "echo $HOME"},
        {"ssh": "dora@localhost", "method": "password", "password": "wrong", "allowed": False},
        {"ssh": "nobuo@localhost", "as": "lena", "allowed": False},
        {"ssh": "nobuo@localhost", "method": "password", "password": "pw-nobuo", "allowed": False},
    ],
)
def test_a_true_expectation_has_no_reasons(box: Machine, data: dict[str, Any]) -> None:
    assert reasons(box, data) == []


NOLOGIN = "a session that ended with status 1: This account is currently not available."
REFUSED = "dora@localhost: Permission denied (publickey,password)."


@pytest.mark.machines
@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"ssh": "dora@localhost", "as": "dora"}, f"dora to dora@localhost by key: expected a login, found {REFUSED}"),
        (
            {"ssh": "dora@localhost", "as": "lena", "allowed": False},
            "lena to dora@localhost by key: expected the login to be refused, found a login",
        ),
        (
            {"ssh": "dora@localhost", "method": "password", "password": "pw-dora", "allowed": False},
            "root to dora@localhost by password: expected the login to be refused, found a login",
        ),
        (
            {"ssh": "dora@localhost", "method": "password", "password": "wrong"},
            f"root to dora@localhost by password: expected a login, found {REFUSED}",
        ),
        (
            {"ssh": "nobuo@localhost", "as": "lena"},
            f"lena to nobuo@localhost by key: expected a login, found {NOLOGIN}",
        ),
        (
            {"ssh": "dora@localhost", "as": "lena", "command": "exit 3"},
            "lena to dora@localhost by key: `exit 3`: expected exit status 0, found 3",
        ),
        (
            {"ssh": "dora@localhost", "as": "lena", "command": "echo hi", "output": "ho"},
            "lena to dora@localhost by key: output: expected `ho`, found `hi`",
        ),
    ],
)
def test_a_false_expectation_has_these_reasons(box: Machine, data: dict[str, Any], expected: str) -> None:
    assert reasons(box, data) == [expected]


@pytest.mark.machines
@pytest.mark.parametrize("target", ["dora@nosuch.invalid", "dora@127.0.0.9"])
def test_an_unreachable_server_is_no_refusal(box: Machine, target: str) -> None:
    prepare(box, "echo 'ListenAddress 127.0.0.1' >/etc/ssh/sshd_config.d/20-test.conf && systemctl restart ssh")
    (expected,) = reasons(box, {"ssh": target, "as": "lena", "allowed": False})
    assert expected.startswith(f"lena to {target} by key: expected the login to be refused, found ssh: ")


@pytest.mark.machines
def test_a_missing_local_user_is_no_refusal(box: Machine) -> None:
    (expected,) = reasons(box, {"ssh": "dora@localhost", "as": "nosuch", "allowed": False})
    assert expected.startswith("nosuch to dora@localhost by key: expected the login to be refused, found runuser: user")


@pytest.mark.machines
def test_a_login_leaves_nothing_behind(box: Machine) -> None:
    reasons(box, {"ssh": "dora@localhost", "method": "password", "password": "pw-dora"})
    reasons(box, {"ssh": "dora@localhost", "as": "lena"})
    assert box.text("ls -d /run/rung-ssh.* /root/.ssh/known_hosts /home/lena/.ssh/known_hosts; true") == ""


def test_a_password_and_its_method_go_together() -> None:
    for wrong in ({"method": "password"}, {"password": "x"}, {"output": "x"}):
        with pytest.raises(ValidationError):
            expectation({"ssh": "a@b", **wrong})


def test_sentence_and_names() -> None:
    data = expectation({"ssh": "dora@node2", "as": "lena", "allowed": False})
    assert data.sentence() == "lena cannot log in as dora@node2 with a key"
    assert list(data.names()) == ["lena", "dora", "node2"]
