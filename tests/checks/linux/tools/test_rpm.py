"""Kind `package` on a real machine with RPM packages and a repository of its own."""

from __future__ import annotations

from typing import Any

import pytest

from asking_kinds import prepare, reasons
from booting import Boot
from rung.checks.core.machine import Machine
from rung.runner.lab.model import MachineSpec

pytestmark = pytest.mark.machines

# In the repository: tool 1.2-1 and 1.10-1, other 2:5.0-1.
REPOSITORY = r"""
mkdir -p /repo /build; cd /build; rm -f /etc/yum.repos.d/*; mkdir -p /etc/yum.repos.d
make() {
    cat > "$1.spec" <<END
Name: $1
Version: $2
Release: 1
Epoch: $3
Summary: x
License: x
BuildArch: noarch
%description
x
%install
mkdir -p %{buildroot}/opt %{buildroot}/etc
echo $2 > %{buildroot}/opt/$1
echo $2 > %{buildroot}/etc/$1.conf
%files
/opt/$1
%config /etc/$1.conf
END
    rpmbuild -bb --quiet --define '_rpmdir /repo' "$1.spec" > build.log 2>&1 || { cat build.log >&2; exit 1; }
}
make tool 1.2 0; make tool 1.10 0; make other 5.0 2; make alone 1 0
mv /repo/noarch/alone* /build; createrepo_c -q /repo
printf '[here]\nname=here\nbaseurl=file:///repo\ngpgcheck=0\n' > /etc/yum.repos.d/here.repo
rpm -i --nodeps /repo/noarch/tool-1.2-1* /repo/noarch/other* alone*.rpm
"""


@pytest.fixture(scope="module")
def machine(boot: Boot) -> Machine:
    node1 = boot(MachineSpec(name="node1", image="linux-rpm"))["node1"]
    prepare(node1, REPOSITORY)
    return node1


@pytest.mark.parametrize(
    "data",
    [
        {"package": "tool", "version": "1.2", "newest": False, "verified": True},
        {"package": "tool", "version": "1.2-1", "manager": "rpm"},
        {"package": "other", "version": "2:5.0-1", "newest": True},
        {"package": "absent", "installed": False},
        {"package": "tool-1.2", "installed": False},
        {"package": "tool", "installed": False, "manager": "dpkg"},
    ],
)
def test_a_true_expectation_has_no_reasons(machine: Machine, data: dict[str, Any]) -> None:
    assert reasons(machine, data) == []


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"package": "absent"}, ["absent: expected it installed, found it not installed"]),
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
            {"package": "alone", "newest": True},
            ["alone: version: expected the newest, found 1-1, and no repository that offers it"],
        ),
    ],
)
def test_a_false_expectation_has_these_reasons(machine: Machine, data: dict[str, Any], expected: list[str]) -> None:
    assert reasons(machine, data) == expected


def test_changed_files_are_told_but_for_configuration(machine: Machine) -> None:
    prepare(machine, "echo more >> /etc/tool.conf; touch /opt/tool")
    assert reasons(machine, {"package": "tool", "verified": True}) == []
    prepare(machine, "echo more >> /opt/tool; chmod 600 /opt/other")
    assert reasons(machine, {"package": "tool", "verified": True}) == [
        "tool: expected its files as they were packed, found /opt/tool changed"
    ]
    assert reasons(machine, {"package": "other", "verified": True}) == [
        "other: expected its files as they were packed, found /opt/other changed"
    ]
