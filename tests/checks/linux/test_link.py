"""Kind `link` on a real machine."""

from __future__ import annotations

from typing import Any

import pytest

from asking_kinds import expectation, prepare, reasons
from rung.checks.core.machine import Machine

pytestmark = pytest.mark.machines

LINKS = """
mkdir -p /l/data /l/deep; cd /l; echo a > file; echo a > copy; ln file twin
ln -s /l/data abs; ln -s data rel; ln -s ../data deep/up; ln -s abs chain; ln -s nowhere lost; ln -s file soft
"""


@pytest.fixture(scope="module")
def links(node1: Machine) -> Machine:
    prepare(node1, LINKS)
    return node1


@pytest.mark.parametrize(
    "data",
    [
        {"link": "/l/abs", "to": "/l/data", "relative": False},
        {"link": "/l/rel", "to": "/l/data/", "relative": True},
        {"link": "/l/deep/up", "to": "/l/data"},
        {"link": "/l/chain", "to": "/l/data"},
        {"link": "/l/soft"},
        {"link": "/l/file", "hard": ["/l/twin"]},
        {"link": "/l/absent", "exists": False},
    ],
)
def test_a_true_expectation_has_no_reasons(links: Machine, data: dict[str, Any]) -> None:
    assert reasons(links, data) == []


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"link": "/l/absent", "to": "/l/data"}, ["/l/absent: expected a link, found none"]),
        ({"link": "/l/file", "to": "/l/data"}, ["/l/file: expected a symbolic link, found a regular file"]),
        ({"link": "/l/abs", "exists": False}, ["/l/abs: expected nothing of that name, found a symbolic link"]),
        ({"link": "/l/abs", "to": "/l/deep"}, ["/l/abs: target: expected /l/deep, found /l/data"]),
        (
            {"link": "/l/rel", "to": "/l/deep", "relative": False},
            [
                "/l/rel: target: expected an absolute path, found `data`",
                "/l/rel: target: expected /l/deep, found `data`, which is /l/data",
            ],
        ),
        ({"link": "/l/abs", "relative": True}, ["/l/abs: target: expected a relative path, found `/l/data`"]),
        (
            {"link": "/l/lost", "to": "/l/nowhere"},
            ["/l/lost: target: expected /l/nowhere, found `nowhere`, which does not exist"],
        ),
        (
            {"link": "/l/lost"},
            ["/l/lost: target: expected something that exists, found `nowhere`, which does not exist"],
        ),
        (
            {"link": "/l/file", "hard": ["/l/copy", "/l/soft", "/l/absent"]},
            [
                "/l/copy: expected the same file as /l/file, found another file",
                "/l/soft: expected the same file as /l/file, found a symbolic link",
                "/l/absent: expected the same file as /l/file, found none",
            ],
        ),
        (
            {"link": "/l/soft", "hard": ["/l/file"]},
            ["/l/soft: expected another name of /l/file, found a symbolic link"],
        ),
    ],
)
def test_a_false_expectation_has_these_reasons(links: Machine, data: dict[str, Any], expected: list[str]) -> None:
    assert reasons(links, data) == expected


@pytest.mark.parametrize(
    ("data", "sentence", "names"),
    [
        ({"link": "/a", "to": "/b", "relative": True}, "/a is a relative symbolic link to /b", ["/a", "/b"]),
        ({"link": "/a", "hard": ["/b"]}, "/a and /b are names of one file", ["/a", "/b"]),
        ({"link": "/a", "exists": False}, "Nothing is called /a", ["/a"]),
    ],
)
def test_sentence_and_names(data: dict[str, Any], sentence: str, names: list[str]) -> None:
    assert (expectation(data).sentence(), list(expectation(data).names())) == (sentence, names)
