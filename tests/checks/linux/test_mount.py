"""Kind `mount` on a machine."""

from __future__ import annotations

from typing import Any

import pytest

from asking_kinds import expectation, prepare, reasons
from rung.checks.core.machine import Machine
from rung.checks.linux.tools.mount_options import same_option


@pytest.fixture(scope="module")
def box(boot: Any) -> Machine:
    machine: Machine = boot("node1", capabilities=("sys-admin",))["node1"]
    prepare(
        machine,
        "mkdir -p /srv/scratch /srv/data /srv/bind && mount -t tmpfs -o size=64m,mode=0750,noexec vault /srv/scratch"
        " && mount --bind /srv/data /srv/bind && mkdir /srv/scratch/below",
    )
    return machine


@pytest.mark.machines
@pytest.mark.parametrize(
    "asked",
    [
        {"mount": "/srv/scratch", "fstype": "tmpfs", "options": ["size=65536k", "mode=750", "noexec", "rw"]},
        {"mount": "/srv/scratch", "source": "vault"},
        {"mount": "/srv/bind", "source": "/srv/data"},
        {"mount": "/srv/scratch/below", "exists": False},
        {"mount": "/nosuch", "exists": False},
    ],
)
def test_what_is_so_holds(box: Machine, asked: dict[str, Any]) -> None:
    assert reasons(box, asked) == []


@pytest.mark.machines
def test_what_is_not_so_is_told_all_at_once(box: Machine) -> None:
    asked = {"mount": "/srv/scratch", "fstype": "ext4", "source": "/dev/sdb1", "options": ["ro", "size=1g", "rw"]}
    kind, options, source = reasons(box, asked)
    assert kind == "/srv/scratch: type: expected ext4, found tmpfs"
    assert options.startswith("/srv/scratch: options: expected ro, size=1g, found rw,")
    assert source == "/srv/scratch: source: expected /dev/sdb1, found vault"


@pytest.mark.machines
@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"mount": "/srv/scratch", "exists": False}, "/srv/scratch: expected nothing mounted, found vault"),
        ({"mount": "/srv/scratch/below"}, "/srv/scratch/below: expected a mount point, found nothing mounted there"),
        ({"mount": "/nosuch"}, "/nosuch: expected a mount point, found nothing mounted there"),
    ],
)
def test_presence_and_absence_are_told(box: Machine, asked: dict[str, Any], told: str) -> None:
    assert reasons(box, asked) == [told]


@pytest.mark.machines
def test_a_missing_tool_is_never_a_pass(box: Machine) -> None:
    prepare(box, "mv /usr/bin/findmnt /usr/bin/findmnt.away")
    told = reasons(box, {"mount": "/nosuch", "exists": False})
    prepare(box, "mv /usr/bin/findmnt.away /usr/bin/findmnt")
    assert told == ["/nosuch: expected an answer from `findmnt`, found no such command"]


@pytest.mark.parametrize(
    ("want", "found", "same"),
    [
        ("noexec", "noexec", True),
        ("exec", "noexec", False),
        ("size=64m", "size=65536k", True),
        ("size=64m", "size=64k", False),
        ("mode=0750", "mode=750", True),
        ("uid=10", "uid=100", False),
        ("uid=10", "gid=10", False),
        ("commit=60", "commit=60", True),
    ],
)
def test_options_compare_by_value(want: str, found: str, same: bool) -> None:
    assert same_option(want, found) is same


def test_sentence_and_names_tell_what_is_asked() -> None:
    asked = expectation({"mount": "/data", "fstype": "xfs", "source": "LABEL=D", "options": ["noatime"]})
    assert asked.sentence() == "LABEL=D (xfs) is mounted on /data with noatime"
    assert list(asked.names()) == ["/data", "LABEL=D"]
    assert expectation({"mount": "/data", "exists": False}).sentence() == "Nothing is mounted on /data"
