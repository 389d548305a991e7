"""Kind `mount` on a machine."""

from __future__ import annotations

from typing import Any

import pytest

from asking_kinds import expectation, prepare, reasons
from rung.checks.core.machine import Machine


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
    "data",
    [
        {"mount": "/srv/scratch", "fstype": "tmpfs", "options": ["size=65536k", "mode=750", "noexec", "rw"]},
        {"mount": "/srv/scratch", "source": "vault"},
        {"mount": "/srv/bind", "source": "/srv/data"},
        {"mount": "/srv/scratch/below", "exists": False},
        {"mount": "/nosuch", "exists": False},
    ],
)
def test_a_true_expectation_has_no_reasons(box: Machine, data: dict[str, Any]) -> None:
    assert reasons(box, data) == []


@pytest.mark.machines
def test_all_differences_are_reported_at_once(box: Machine) -> None:
    data = {"mount": "/srv/scratch", "fstype": "ext4", "source": "/dev/sdb1", "options": ["ro", "size=1g", "rw"]}
    kind, options, source = reasons(box, data)
    assert kind == "/srv/scratch: type: expected ext4, found tmpfs"
    assert options.startswith("/srv/scratch: options: expected ro, size=1g, found rw,")
    assert source == "/srv/scratch: source: expected /dev/sdb1, found vault"


@pytest.mark.machines
@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"mount": "/srv/scratch", "exists": False}, "/srv/scratch: expected nothing mounted, found vault"),
        ({"mount": "/srv/scratch/below"}, "/srv/scratch/below: expected a mount point, found nothing mounted there"),
        ({"mount": "/nosuch"}, "/nosuch: expected a mount point, found nothing mounted there"),
    ],
)
def test_presence_and_absence_are_reported(box: Machine, data: dict[str, Any], expected: str) -> None:
    assert reasons(box, data) == [expected]


@pytest.mark.machines
def test_a_missing_tool_is_a_failure(box: Machine) -> None:
    prepare(box, "mv /usr/bin/findmnt /usr/bin/findmnt.away")
    expected = reasons(box, {"mount": "/nosuch", "exists": False})
    prepare(box, "mv /usr/bin/findmnt.away /usr/bin/findmnt")
    assert expected == ["/nosuch: expected an answer from `findmnt`, found no such command"]


def test_sentence_and_names() -> None:
    data = expectation({"mount": "/data", "fstype": "xfs", "source": "LABEL=D", "options": ["noatime"]})
    assert data.sentence() == "LABEL=D (xfs) is mounted on /data with noatime"
    assert list(data.names()) == ["/data", "LABEL=D"]
    assert expectation({"mount": "/data", "exists": False}).sentence() == "Nothing is mounted on /data"
