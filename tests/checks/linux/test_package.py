"""Kind `package` on a real machine with Debian's packages and a repository of its own."""

from __future__ import annotations

from typing import Any

import pytest

from asking_kinds import expectation, prepare, reasons
from rung.checks.core.machine import Machine
from rung.checks.linux.package import same_version

pytestmark = pytest.mark.machines

# A repository on the machine itself: tool 1.2-1 and 1.3-1, other 2:5.0-1.
REPOSITORY = r"""
rm -rf /etc/apt/sources.list /etc/apt/sources.list.d/*
mkdir -p /repo; cd /repo
make() {
    mkdir -p "$1/DEBIAN" "$1/opt/$2" "$1/etc"; echo "$3" > "$1/opt/$2/file"; echo "$3" > "$1/etc/$2.conf"
    echo "/etc/$2.conf" > "$1/DEBIAN/conffiles"
    printf 'Package: %s\nVersion: %s\nArchitecture: all\nMaintainer: x <x@example.org>\nDescription: x\n' "$2" "$3" \
        > "$1/DEBIAN/control"
    (cd "$1" && md5sum opt/*/file > DEBIAN/md5sums)
    dpkg-deb -b "$1" "$1.deb" > /dev/null
}
make tool1 tool 1.2-1; make tool2 tool 1.10-1; make other other 2:5.0-1; make alone alone 1-1
for deb in tool1 tool2 other; do
    dpkg-deb -f $deb.deb
    printf 'Filename: ./%s.deb\nSize: %s\nSHA256: %s\n\n' $deb "$(stat -c %s $deb.deb)" \
        "$(sha256sum < $deb.deb | cut -c-64)"
done > Packages
echo 'deb [trusted=yes] file:/repo ./' > /etc/apt/sources.list
apt-get -q update > /dev/null; dpkg -i tool1.deb other.deb alone.deb > /dev/null
make gone gone 1-1; dpkg -i gone.deb > /dev/null; dpkg -r gone > /dev/null
"""


@pytest.fixture(scope="module")
def machine(node1: Machine) -> Machine:
    prepare(node1, REPOSITORY)
    return node1


@pytest.mark.parametrize(
    "data",
    [
        {"package": "tool", "version": "1.2", "newest": False, "verified": True},
        {"package": "tool", "version": "1.2-1", "manager": "dpkg"},
        {"package": "other", "version": "5.0", "newest": True},
        {"package": "alone", "newest": False},
        {"package": "absent", "installed": False},
        {"package": "gone", "installed": False},
    ],
)
def test_a_true_expectation_has_no_reasons(machine: Machine, data: dict[str, Any]) -> None:
    assert reasons(machine, data) == []


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"package": "absent"}, ["absent: expected it installed, found it not installed"]),
        ({"package": "gone"}, ["gone: expected it installed, found it not installed"]),
        ({"package": "tool", "installed": False}, ["tool: expected it not installed, found version 1.2-1"]),
        (
            {"package": "tool", "version": "1.20", "newest": True, "verified": False},
            [
                "tool: version: expected 1.20, found 1.2-1",
                "tool: version: expected the newest, found 1.2-1, and 1.10-1 in a repository",
                "tool: expected some file changed, found none",
            ],
        ),
        (
            {"package": "other", "newest": False},
            ["other: version: expected one older than the newest, found 2:5.0-1, and 2:5.0-1 in a repository"],
        ),
        (
            {"package": "alone", "newest": True},
            ["alone: version: expected the newest, found 1-1, and no repository that offers it"],
        ),
    ],
)
def test_a_false_expectation_has_these_reasons(machine: Machine, data: dict[str, Any], expected: list[str]) -> None:
    assert reasons(machine, data) == expected


def test_changed_files_are_told_but_for_configuration(machine: Machine) -> None:
    prepare(machine, "echo more >> /etc/tool.conf")
    assert reasons(machine, {"package": "tool", "verified": True}) == []
    prepare(machine, "echo more >> /opt/tool/file; rm /opt/other/file")
    assert reasons(machine, {"package": "tool", "verified": True}) == [
        "tool: expected its files as they were packed, found /opt/tool/file changed"
    ]
    assert reasons(machine, {"package": "other", "verified": True}) == [
        "other: expected its files as they were packed, found /opt/other/file missing"
    ]


def test_a_missing_database_is_no_missing_package(machine: Machine) -> None:
    prepare(machine, "mv /usr/bin/dpkg-query /usr/bin/dpkg-query.away")
    try:
        assert reasons(machine, {"package": "absent", "installed": False, "manager": "dpkg"}) == [
            "absent: expected an answer from dpkg, found no such command"
        ]
    finally:
        prepare(machine, "mv /usr/bin/dpkg-query.away /usr/bin/dpkg-query")


@pytest.mark.parametrize(
    ("want", "found", "same"),
    [
        ("1.2", "1.2-3", True),
        ("1.2-3", "2:1.2-3", True),
        ("1.2", "2:1.2-3", True),
        ("2:1.2", "2:1.2-3", True),
        ("1.2", "1.20-3", False),
        ("1.2", "1.2.1-3", False),
        ("1:1.2", "2:1.2-3", False),
    ],
)
def test_versions_are_compared_whole(want: str, found: str, same: bool) -> None:
    assert same_version(want, found) is same


@pytest.mark.parametrize(
    ("data", "sentence", "names"),
    [
        (
            {"package": "tool", "version": "1.2", "newest": True, "verified": True},
            "The package tool is installed, version 1.2, the newest version, its files unchanged",
            ["tool", "1.2"],
        ),
        ({"package": "tool", "installed": False}, "The package tool is not installed", ["tool"]),
    ],
)
def test_sentence_and_names(data: dict[str, Any], sentence: str, names: list[str]) -> None:
    assert (expectation(data).sentence(), list(expectation(data).names())) == (sentence, names)
