"""Kind `acl` on a real machine, and its short forms."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from asking_kinds import expectation, prepare, reasons
from rung.checks.core.machine import Machine

machines = pytest.mark.machines

ACLS = """
groupadd crew; useradd finn; mkdir -p /acl/d; cd /acl; touch f plain; chmod 640 f plain
setfacl -m g:crew:rwx,u:finn:rw f; setfacl -m m::r-- f
setfacl -m g:crew:rx d; setfacl -d -m u:finn:rw d
"""


@pytest.fixture(scope="module")
def lists(node1: Machine) -> Machine:
    prepare(node1, ACLS)
    return node1


@machines
@pytest.mark.parametrize(
    "data",
    [
        {"acl": "/acl/d", "entries": ["group:crew:r-x", "default:user:finn:rw-"], "lacks": ["user:finn"]},
        {"acl": "/acl/d", "entries": ["g:crew:rx", "d:u:finn:6"]},
        {"acl": "/acl/f", "entries": ["group:crew:r--", "user:finn:r--", "mask::r--", "user::rw-"]},
        {"acl": "/acl/plain", "entries": ["other::---", "g::r"], "lacks": ["group:crew", "d:u:finn"]},
    ],
)
def test_a_true_expectation_has_no_reasons(lists: Machine, data: dict[str, Any]) -> None:
    assert reasons(lists, data) == []


@machines
@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"acl": "/acl/absent", "lacks": ["u:x"]}, ["/acl/absent: expected a file or directory, found none"]),
        (
            {"acl": "/acl/plain", "entries": ["group:crew:r-x"]},
            ["/acl/plain: ACL: expected group:crew:r-x, found no entry for group:crew"],
        ),
        (
            {"acl": "/acl/d", "entries": ["group:crew:rwx", "user:finn:rw"]},
            [
                "/acl/d: ACL: expected group:crew:rwx, found group:crew:r-x",
                "/acl/d: ACL: expected user:finn:rw-, found no entry for user:finn",
            ],
        ),
        (
            {"acl": "/acl/f", "entries": ["group:crew:rwx"]},
            ["/acl/f: ACL: expected group:crew:rwx, found group:crew:rwx, of which the mask leaves r--"],
        ),
        (
            {"acl": "/acl/d", "lacks": ["group:crew", "default:user:finn"]},
            [
                "/acl/d: ACL: expected no entry for group:crew, found group:crew:r-x",
                "/acl/d: ACL: expected no entry for default:user:finn, found default:user:finn:rw-",
            ],
        ),
    ],
)
def test_a_false_expectation_has_these_reasons(lists: Machine, data: dict[str, Any], expected: list[str]) -> None:
    assert reasons(lists, data) == expected


@machines
def test_a_missing_getfacl_is_no_missing_entry(lists: Machine) -> None:
    prepare(lists, "mv /usr/bin/getfacl /usr/bin/getfacl.away")
    try:
        assert reasons(lists, {"acl": "/acl/d", "lacks": ["user:zoe"]}) == [
            "/acl/d: ACL: expected an answer from `getfacl`, found no such command"
        ]
    finally:
        prepare(lists, "mv /usr/bin/getfacl.away /usr/bin/getfacl")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"entries": ["ops:rwx"]}, "'ops:rwx' is no entry; write it as"),
        ({"lacks": ["ops"]}, "'ops' is no name of an entry; write it as"),
    ],
)
def test_a_text_that_is_no_entry_is_refused(data: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        expectation({"acl": "/x", **data})


def test_sentence_and_names() -> None:
    item = expectation({"acl": "/x", "entries": ["g:ops:rx"], "lacks": ["d:u:zoe"]})
    assert item.sentence() == "/x has the ACL entries group:ops:r-x and has no ACL entry for default:user:zoe"
    assert list(item.names()) == ["/x", "ops", "zoe"]
