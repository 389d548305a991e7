"""Kind `script` on a real machine."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from asking_kinds import expectation, prepare, reasons
from rung.checks.core.machine import Machine

pytestmark = pytest.mark.machines

SCRIPTS = r"""
useradd -m pat; mkdir -p /s; cd /s
printf '#!/bin/bash\necho "$# $1"; cat\n' > echo
printf 'echo plain; [ -n "$BASH" ] && exit 4\n' > plain
printf '#!/bin/sh\n[ $# -eq 1 ] || { echo "usage: count FILE" >&2; exit 2; }\nwc -l < "$1"\n' > count
printf '#!/bin/sh\nid -un; pwd; ls; echo "$HOME $USER $PATH"; env | grep -c SECRET; touch left\n' > who
printf '#!/bin/sh\nsleep 30\n' > slow
chmod 755 echo plain count who slow; echo x > unset; mkdir folder
echo 'export SECRET=1' >> /root/.bashrc; echo 'export SECRET=1' >> /home/pat/.profile
"""


@pytest.fixture(scope="module")
def scripts(node1: Machine) -> Machine:
    prepare(node1, SCRIPTS)
    return node1


def run(script: str, *cases: dict[str, Any], **options: Any) -> dict[str, Any]:
    return {"script": script, "cases": list(cases), **options}


@pytest.mark.parametrize(
    "data",
    [
        run("/s/echo", {"args": ["a b", "%s '$x'"], "stdin": "in\n", "stdout": "2 a b\nin"}),
        run("/s/echo", {"args": ["-x"], "stdout": "1 -x\n", "stdout_matches": ["-x$"], "stderr_empty": True}),
        run("/s/plain", {"exit": 4, "stdout": "plain"}),
        run("/s/count", {"args": ["f"], "files": {"f": "x\n" * 40_000}, "stdout": "40000"}),
        run("/s/echo", {"stdin": "x" * 22_000, "stdout": "0 \n" + "x" * 22_000}),
        run(
            "/s/count",
            {"args": ["a.txt"], "files": {"a.txt": "1\n2\n"}, "stdout": "2"},
            {"args": ["sub/b"], "files": {"sub/b": "1\n"}, "stdout": "1"},
            {"args": ["a.txt"], "exit": None, "stderr_matches": ["cannot open|No such file"]},
            {"exit": 2, "stderr_matches": ["^usage:"], "stdout": ""},
        ),
        run("/s/who", {"files": {"f": ""}, "stdout_matches": ["^pat$", "^f$", "^/home/pat pat /", "^0$"]}, user="pat"),
        run("/s/who", {"stdout_matches": ["^root$", "^/root root /", "^0$"]}),
    ],
)
def test_a_true_expectation_has_no_reasons(scripts: Machine, data: dict[str, Any]) -> None:
    assert reasons(scripts, data) == []


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (run("/s/absent", {}), ["/s/absent: expected a script, found none"]),
        (run("/s/folder", {}), ["/s/folder: expected a script, found a directory"]),
        (run("/s/unset", {}), ["/s/unset: mode: expected an executable file, found 0644"]),
        (run("/s/echo", {}, user="zoe"), ["zoe: expected an account, found none"]),
        (
            run("/s/echo", {"args": ["a b"], "stdin": "in\n", "stdout": "1 a b\nout", "exit": 1}),
            [
                "`/s/echo 'a b'` with the input `in\\n`: exit status: expected 1, found 0",
                "`/s/echo 'a b'` with the input `in\\n`: output: line 2: expected `out`, found `in`",
            ],
        ),
        (
            run("/s/count", {"stderr_empty": True, "stderr_matches": ["^error"]}),
            [
                "`/s/count`: exit status: expected 0, found 2 (`usage: count FILE`)",
                "`/s/count`: error output: expected a line that matches `^error`, found `usage: count FILE`",
                "`/s/count`: error output: expected none, found `usage: count FILE`",
            ],
        ),
        (
            run("/s/plain", {"exit": None, "stderr_empty": False, "stdout_matches": ["^x"]}),
            [
                "`/s/plain`: output: expected a line that matches `^x`, found `plain`",
                "`/s/plain`: error output: expected some, found none",
            ],
        ),
        (
            run("/s/echo", {"exit": None}),
            ["`/s/echo`: exit status: expected any but 0, found 0"],
        ),
        (run("/s/slow", {}, timeout=1), ["`/s/slow`: expected an end within 1 s, found it still running"]),
    ],
)
def test_a_false_expectation_has_these_reasons(scripts: Machine, data: dict[str, Any], expected: list[str]) -> None:
    assert reasons(scripts, data) == expected


def test_nothing_is_left_behind(scripts: Machine) -> None:
    reasons(scripts, run("/s/who", {}))
    assert scripts.run("ls -d /var/tmp/.rung*; pgrep -x sleep").stdout == ""


def test_a_file_outside_its_directory_is_refused() -> None:
    with pytest.raises(ValidationError, match=r"'\.\./x' leaves the working directory"):
        expectation(run("/s/x", {"files": {"../x": ""}}))


def test_files_too_large_for_the_channel_are_refused() -> None:
    with pytest.raises(ValidationError, match="the files of a case are more than 90 kB together"):
        expectation(run("/s/x", {"files": {"a": "x" * 50_000, "b": "x" * 50_000}}))


def test_sentence_and_names() -> None:
    item = expectation(run("/s/x", {}, {}, user="pat"))
    assert item.sentence() == "/s/x does what is asked in 2 trial runs"
    assert list(item.names()) == ["/s/x", "pat"]
    assert expectation(run("/s/x", {})).sentence() == "/s/x does what is asked in a trial run"
