"""Machines that boot from the images."""

from __future__ import annotations

import pytest

from booting import Boot
from rung.checks.core.machine import Machine
from rung.runner.lab.model import MachineSpec

pytestmark = pytest.mark.machines

PROGRAMS = (
    "man info vim nano less sudo setfacl crontab at ssh rsync chronyc firewall-cmd nmcli tuned-adm python3 perl jq "
    "bzip2 xz zstd zip"
)


def test_it_boots_with_little_memory(node1: Machine) -> None:
    assert node1.text("systemctl is-system-running") == "running"
    pages = node1.text("awk '/^RssAnon/ {s += $2} END {print s}' /proc/[0-9]*/status 2> /dev/null; true")
    assert int(pages) < 15 * 1024  # KiB of memory that machines do not share


def test_programs_and_man_pages_of_an_exam_are_installed(node1: Machine) -> None:
    for program in PROGRAMS.split():
        assert node1.run("command -v %s", program).rc == 0, program
    assert node1.text("man -w crontab.5").endswith("crontab.5.gz")
    assert node1.run("apropos -s 8 useradd").rc == 0
    assert node1.run("test -s /usr/share/doc/sudo/copyright").rc == 0


@pytest.mark.parametrize("unit", ["firewalld", "NetworkManager", "tuned", "chrony"])
def test_units_that_are_installed_but_disabled(node1: Machine, unit: str) -> None:
    assert node1.run("systemctl is-enabled %s", unit).stdout.strip() == "disabled"


@pytest.mark.parametrize("unit", ["ssh", "cron", "atd", "rsyslog"])
def test_units_that_are_active_after_boot(node1: Machine, unit: str) -> None:
    assert node1.run("systemctl is-active %s", unit).stdout.strip() == "active"


def test_root_has_no_password_and_installed_files_are_unchanged(node1: Machine) -> None:
    assert node1.text("passwd --status root").split()[1] == "L"
    touched = [line.split() for line in node1.run("dpkg --verify").stdout.splitlines()]
    assert [fields for fields in touched if fields[1] != "c"] == []  # only configuration files differ


def test_the_grader_s_tools_are_static(node1: Machine) -> None:
    for tool in ("busybox", "bash"):
        assert "not a dynamic executable" in node1.run("ldd /usr/lib/rung/%s 2>&1; true", tool).stdout


@pytest.mark.parametrize("command", ["check", "tasks", "hint", "reset"])
def test_commands_report_that_no_rung_listens(node1: Machine, command: str) -> None:
    done = node1.run("setsid /usr/local/bin/%s < /dev/null", command)
    assert (done.rc, done.stderr) == (3, "This works in a shell that `rung shell` opened.\n")


def test_each_machine_has_its_own_identity(boot: Boot) -> None:
    machines = boot("a", "b").values()
    for command in ("cat /etc/machine-id", "cat /etc/ssh/ssh_host_ed25519_key.pub"):
        assert len({m.text(command) for m in machines}) == 2


@pytest.fixture(scope="module")
def rpm(boot: Boot) -> Machine:
    return boot(MachineSpec(name="node1", image="linux-rpm"))["node1"]


def test_rpm_labs_have_two_repositories_and_a_key(rpm: Machine) -> None:
    assert rpm.text("systemctl is-enabled lab-repo || true") == "disabled"
    rpm.text(
        "systemctl start lab-repo;"
        "curl -sf --retry 20 --retry-connrefused --retry-delay 1 localhost:8000/plain/ > /dev/null"
    )
    rpm.text(
        "printf '[s]\nname=s\nbaseurl=http://localhost:8000/signed\ngpgcheck=1\n"
        "gpgkey=http://localhost:8000/signed/RPM-GPG-KEY-lab\n' > /etc/yum.repos.d/s.repo"
    )
    rpm.text("dnf -q -y install lantern-1.0")
    assert rpm.text("rpm -q lantern lantern-data") == "lantern-1.0-1.noarch\nlantern-data-1.0-1.noarch"
    assert rpm.text("lantern") == "lantern 1.0"
    assert rpm.text("dnf -q provides /usr/bin/beacon | head -n 1").startswith("signal-tools-2.3-1.noarch")
    assert rpm.run("rpm -K /srv/repo/signed/*.rpm").rc == 0
    assert rpm.run("rpm -i /srv/media/harbour-map-1.0-1.noarch.rpm").rc != 0  # its dependencies are in a repository
