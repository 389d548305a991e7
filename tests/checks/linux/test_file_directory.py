"""Kinds `file` and `directory` on a real machine."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from asking_kinds import expectation, facts, prepare, reasons
from rung.checks.core.machine import Machine

pytestmark = pytest.mark.machines

FILES = r"""
mkdir -p /t/d /t/none; cd /t
printf 'PORT=80\n# HOST=a\nname = x  \n' > conf; chmod 640 conf; chown games:daemon conf
printf 'one' > short; : > empty; ln -s conf alias; ln -s nowhere lost; mkfifo pipe
printf '{"a": {"b": 1}, "l": ["x", "y"]}' > doc.json; chown 54321:54321 short
head -c 1100000 /dev/zero > big; chmod 2770 d; touch d/.hidden 'd/two words'; printf 'x' > "it's"
"""


@pytest.fixture(scope="module")
def files(node1: Machine) -> Machine:
    prepare(node1, FILES)
    return node1


SHA = "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed"  # of `one`


@pytest.mark.parametrize(
    "data",
    [
        {"file": "/t/conf", "mode": "0640", "user": "games", "group": "daemon"},
        {"file": "/t/conf", "mode": "u=rw,g=r,o=", "empty": False},
        {"file": "/t/alias", "mode": "640", "symlink": True},
        {"file": "/t/conf", "lines": ["PORT=80", "name = x"], "no_lines": ["HOST=a"]},
        {"file": "/t/conf", "matches": ["^PORT=80$", r"^name\s*="], "lacks": ["^HOST"]},
        {"file": "/t/conf", "content": "PORT=80\n# HOST=a\nname = x  \n"},
        {"file": "/t/short", "content": "one", "sha256": SHA, "user": "54321", "group": "54321"},
        {"file": "/t/doc.json", "json": {"a": {"b": 1}, "l": ["y"]}},
        {"file": "/t/empty", "empty": True},
        {"file": "/t/it's"},
        {"file": "/t/absent", "exists": False},
        {"file": "/t/conf/below", "exists": False},
        {"directory": "/t/d", "mode": "2770", "entries": ["two words"], "only": ["two words", ".hidden"]},
        {"directory": "/t/none", "only": [], "lacks": ["x"]},
        {"directory": "/t/absent", "exists": False},
    ],
)
def test_a_true_expectation_has_no_reasons(files: Machine, data: dict[str, Any]) -> None:
    assert reasons(files, data) == []


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"file": "/t/absent", "mode": "600"}, ["/t/absent: expected a file, found none"]),
        ({"file": "/t/d"}, ["/t/d: expected a file, found a directory"]),
        ({"file": "/t/pipe", "lines": ["x"]}, ["/t/pipe: expected a file, found a fifo"]),
        ({"file": "/t/lost"}, ["/t/lost: expected a file, found a symbolic link that leads nowhere"]),
        (
            {"file": "/t/lost", "exists": False},
            ["/t/lost: expected nothing of that name, found a symbolic link that leads nowhere"],
        ),
        (
            {"file": "/t/conf", "exists": False},
            ["/t/conf: expected nothing of that name, found a regular file"],
        ),
        (
            {"file": "/t/conf", "mode": "0600", "user": "root", "group": "games", "symlink": True},
            [
                "/t/conf: mode: expected 0600, found 0640",
                "/t/conf: owner: expected root, found games",
                "/t/conf: group: expected games, found daemon",
                "/t/conf: expected a symbolic link, found a file of its own",
            ],
        ),
        (
            {"file": "/t/short", "user": "root"},
            ["/t/short: owner: expected root, found 54321, which has no name"],
        ),
        ({"file": "/t/alias", "symlink": False}, ["/t/alias: expected a file of its own, found a symbolic link"]),
        (
            {"file": "/t/conf", "lines": ["PORT=8"]},
            ["/t/conf: expected the line `PORT=8`, found line 1: `PORT=80`"],
        ),
        (
            {"file": "/t/conf", "lines": ["zzz"], "no_lines": ["PORT=80"]},
            [
                "/t/conf: expected the line `zzz`, found none in 3 lines",
                "/t/conf: expected no line `PORT=80`, found line 1",
            ],
        ),
        (
            {"file": "/t/conf", "matches": ["^HOST=a$"], "lacks": ["^PORT"]},
            [
                "/t/conf: expected a line that matches `^HOST=a$`, found none in 3 lines",
                "/t/conf: expected no line that matches `^PORT`, found line 1: `PORT=80`",
            ],
        ),
        (
            {"file": "/t/conf", "content": "PORT=80\nHOST=a\n"},
            ["/t/conf: content: line 2: expected `HOST=a`, found `# HOST=a`"],
        ),
        ({"file": "/t/short", "content": "two"}, ["/t/short: content: expected `two`, found `one`"]),
        (
            {"file": "/t/short", "content": "one\n"},
            ["/t/short: content: newlines at the end: expected 1, found 0"],
        ),
        ({"file": "/t/empty", "lines": ["x"]}, ["/t/empty: expected the line `x`, found nothing"]),
        ({"file": "/t/short", "sha256": "0" * 64}, [f"/t/short: sha256: expected {'0' * 64}, found {SHA}"]),
        (
            {"file": "/t/doc.json", "json": {"a": {"b": 2}}},
            ["/t/doc.json: a.b: expected 2, found 1"],
        ),
        (
            {"file": "/t/short", "json": {}},
            ["/t/short: expected a JSON document, found text that is none (Expecting value: line 1 column 1 (char 0))"],
        ),
        ({"file": "/t/short", "empty": True}, ["/t/short: size: expected 0 bytes, found 3 bytes"]),
        ({"file": "/t/empty", "empty": False}, ["/t/empty: size: expected some content, found 0 bytes"]),
        (
            {"file": "/t/big", "lines": ["x"]},
            ["/t/big: size: expected at most 1 MiB of text, found 1100000 bytes"],
        ),
        ({"directory": "/t/absent"}, ["/t/absent: expected a directory, found none"]),
        ({"directory": "/t/conf"}, ["/t/conf: expected a directory, found a regular file"]),
        (
            {"directory": "/t/d", "exists": False},
            ["/t/d: expected nothing of that name, found a directory"],
        ),
        (
            {"directory": "/t/d", "mode": "0770", "entries": ["a", "b"], "only": ["a"], "lacks": [".hidden"]},
            [
                "/t/d: mode: expected 0770, found 2770",
                "/t/d: entries: expected a, b, found .hidden, two words",
                "/t/d: entries: expected no .hidden, found .hidden, two words",
                "/t/d: entries: expected exactly a, found .hidden, two words",
            ],
        ),
        (
            {"directory": "/t/none", "entries": ["a"]},
            ["/t/none: entries: expected a, found none"],
        ),
    ],
)
def test_a_false_expectation_has_these_reasons(files: Machine, data: dict[str, Any], expected: list[str]) -> None:
    assert reasons(files, data) == expected


def test_a_missing_stat_is_no_missing_file(files: Machine) -> None:
    prepare(files, "mv /usr/bin/stat /usr/bin/stat.away")
    try:
        assert reasons(files, {"file": "/t/absent", "exists": False}) == [
            "/t/absent: expected an answer from `stat`, found no such command"
        ]
    finally:
        prepare(files, "mv /usr/bin/stat.away /usr/bin/stat")


def test_identity_tells_an_edited_file_from_a_new_one(files: Machine) -> None:
    before = facts(files, {"file": "/t/it's"})
    prepare(files, 'echo more >> "/t/it\'s"')
    edited = facts(files, {"file": "/t/it's"})
    assert (edited["inode"], edited["content"] != before["content"]) == (before["inode"], True)
    prepare(files, 'cp "/t/it\'s" /t/copy; mv /t/copy "/t/it\'s"')
    assert facts(files, {"file": "/t/it's"})["inode"] != before["inode"]
    assert facts(files, {"file": "/t/absent"}) == {"inode": "none", "content": "none"}
    assert facts(files, {"directory": "/t/d"})["inode"].isdigit()


def test_a_mode_without_quotes_is_refused() -> None:
    with pytest.raises(ValidationError, match='a mode is written in quotes, as in "0640"'):
        expectation({"file": "/x", "mode": 416})


def test_a_bad_regular_expression_is_refused() -> None:
    with pytest.raises(ValidationError, match=r"'\(' is no regular expression: missing \), unterminated subpattern"):
        expectation({"file": "/x", "matches": ["("]})


@pytest.mark.parametrize(
    ("data", "sentence", "names"),
    [
        (
            {"file": "/x", "mode": "640", "user": "ann", "group": "ops", "lines": ["a"]},
            "/x is a file with mode 0640, owner ann, group ops, the content asked for",
            ["/x", "ann", "ops"],
        ),
        ({"file": "/x"}, "/x is a file", ["/x"]),
        ({"file": "/x", "empty": True}, "/x is a file with no content", ["/x"]),
        ({"file": "/x", "exists": False}, "Nothing is called /x", ["/x"]),
        (
            {"directory": "/d", "entries": ["a"], "only": ["a", "b"], "lacks": ["c"]},
            "/d is a directory with the entries a, exactly the entries a, b, no c",
            ["/d", "a", "a", "b", "c"],
        ),
        ({"directory": "/d", "exists": False}, "Nothing is called /d", ["/d"]),
    ],
)
def test_sentence_and_names(data: dict[str, Any], sentence: str, names: list[str]) -> None:
    assert (expectation(data).sentence(), list(expectation(data).names())) == (sentence, names)
