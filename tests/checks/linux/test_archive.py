"""Kind `archive` on a real machine."""

from __future__ import annotations

from typing import Any

import pytest

from asking_kinds import expectation, prepare, reasons
from rung.checks.core.machine import Machine

pytestmark = pytest.mark.machines

ARCHIVES = """
mkdir -p /a/data/sub /a/empty; cd /a; echo one > data/one; echo two > data/sub/two; ln -s one data/link
chown games data/one; chmod 600 data/sub/two
tar -czf whole.tar.gz /a/data 2>/dev/null; tar -cjf named.tar.bz2 data; tar -C data -cJf bare.tar.xz .
tar -cf plain.tar data; cp plain.tar broken.tar; truncate -s 100 broken.tar; echo no > text
tar -C data -cf listed.tar one sub link; tar -cf more.tar data text
cp -a data other; echo ONE > other/one; chmod 644 other/sub/two; ln -sfn two other/link; rm -r other/sub
mkdir other/sub other/new; tar -C other -cf other.tar .; tar -C empty -cf empty.tar .
"""


@pytest.fixture(scope="module")
def archives(node1: Machine) -> Machine:
    prepare(node1, ARCHIVES)
    return node1


@pytest.mark.parametrize(
    "data",
    [
        {"archive": "/a/whole.tar.gz", "compression": "gzip", "members": ["/a/data/one"], "lacks": ["one"]},
        {"archive": "/a/named.tar.bz2", "compression": "bzip2", "members": ["./data/sub/"]},
        {"archive": "/a/bare.tar.xz", "compression": "xz", "members": ["one", "sub/two"]},
        {"archive": "/a/plain.tar", "compression": "none"},
        {"archive": "/a/whole.tar.gz", "same_as": "/a/data"},
        {"archive": "/a/named.tar.bz2", "same_as": "/a/data"},
        {"archive": "/a/bare.tar.xz", "same_as": "/a/data"},
        {"archive": "/a/listed.tar", "same_as": "/a/data"},
        {"archive": "/a/empty.tar", "same_as": "/a/empty"},
    ],
)
def test_a_true_expectation_has_no_reasons(archives: Machine, data: dict[str, Any]) -> None:
    assert reasons(archives, data) == []


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"archive": "/a/absent.tar"}, ["/a/absent.tar: expected an archive, found none"]),
        ({"archive": "/a/data"}, ["/a/data: expected an archive, found a directory"]),
        ({"archive": "/a/text"}, ["/a/text: expected a tar archive, found a file that tar does not read"]),
        (
            {"archive": "/a/broken.tar", "lacks": ["x"]},
            ["/a/broken.tar: expected a tar archive, found a file that tar does not read"],
        ),
        (
            {"archive": "/a/whole.tar.gz", "compression": "xz"},
            ["/a/whole.tar.gz: compression: expected xz, found gzip"],
        ),
        (
            {"archive": "/a/listed.tar", "members": ["one", "three"], "lacks": ["sub/two"]},
            [
                "/a/listed.tar: members: expected three, found one, sub, sub/two, link",
                "/a/listed.tar: members: expected no sub/two, found one, sub, sub/two, link",
            ],
        ),
        ({"archive": "/a/plain.tar", "same_as": "/a/absent"}, ["/a/absent: expected a directory, found none"]),
        ({"archive": "/a/more.tar", "same_as": "/a/data"}, ["/a/more.tar: expected nothing but /a/data, found text"]),
        (
            {"archive": "/a/other.tar", "same_as": "/a/data"},
            [
                "/a/other.tar: link: target: expected one, found two",
                "/a/other.tar: new: expected none, found a directory",
                "/a/other.tar: one: content: expected the same, found another",
                "/a/other.tar: sub/two: expected a file, found none",
            ],
        ),
    ],
)
def test_a_false_expectation_has_these_reasons(archives: Machine, data: dict[str, Any], expected: list[str]) -> None:
    assert reasons(archives, data) == expected


def test_modes_and_owners_count_and_nothing_is_left_behind(archives: Machine) -> None:
    prepare(archives, "cp -a /a/data /a/mine; chown 1:1 /a/mine/one; chmod 640 /a/mine/one")
    assert reasons(archives, {"archive": "/a/plain.tar", "same_as": "/a/mine"})[:2] == [
        "/a/plain.tar: data: expected none, found a directory",
        "/a/plain.tar: data/link: expected none, found a symbolic link",
    ]
    prepare(archives, "tar -C /a/data -cf /a/mine.tar .")
    assert reasons(archives, {"archive": "/a/mine.tar", "same_as": "/a/mine"}) == [
        "/a/mine.tar: one: mode: expected 0640, found 0644",
        "/a/mine.tar: one: owner: expected daemon:daemon, found games:root",
    ]
    assert archives.run("ls -d /var/tmp/.rung*").stdout == ""


def test_sentence_and_names() -> None:
    item = expectation({"archive": "/x.tgz", "compression": "gzip", "members": ["etc/hosts"], "same_as": "/etc"})
    assert item.sentence() == "/x.tgz is a gzip-compressed tar archive with the members etc/hosts, what /etc has"
    assert list(item.names()) == ["/x.tgz", "hosts", "/etc"]
    assert expectation({"archive": "/x.tar", "compression": "none"}).sentence() == (
        "/x.tar is an uncompressed tar archive"
    )
