"""Findings: each state, and a fix wherever something is wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rung.runner import doctor
from rung.runner.drivers.container import ContainerDriver
from rung.runner.engine.facts import EngineFacts

GOOD = EngineFacts(
    kind="docker", version="28.1.0", api="1.49", cgroup_version=2, apparmor=True, selinux=False, rootless=False,
    userns=False, desktop=False, arch="x86_64", cpus=8, memory=16 << 30, disk_free=90 << 30, runtimes=("runc",),
    default_runtime="runc", writable_cgroups=True, memory_limit=True, cpu_limit=True, pids_limit=True,
)  # fmt: skip


def test_a_good_engine() -> None:
    checks = (doctor.version, doctor.cgroups, doctor.architecture, doctor.memory, doctor.disk)
    assert [look(GOOD).state for look in checks] == ["ok"] * 5
    assert doctor.cgroups(GOOD).fact == "version 2: machines boot by “cgroup v2, writable cgroups”"
    assert doctor.disk(GOOD).fact == "90.0 GiB free where the engine keeps its data"


def test_an_old_engine_is_bad() -> None:
    found = doctor.version(replace(GOOD, version="19.03.5", api="1.40"))
    assert found == doctor.Finding(
        "version", "bad", "19.03.5, API 1.40", "It is older than what Rung is tried with.", "Update it to 20."
    )


def test_an_engine_without_cgroups_cannot_boot_systemd() -> None:
    assert doctor.cgroups(replace(GOOD, cgroup_version=0, writable_cgroups=False)).state == "bad"


def test_limits_that_are_not_delegated() -> None:
    found = doctor.cgroups(replace(GOOD, memory_limit=False, pids_limit=False))
    assert (found.state, found.why) == ("warn", "Machines run without memory, process limits.")


def test_little_memory_and_disk() -> None:
    assert doctor.memory(replace(GOOD, memory=1 << 29)).state == "warn"
    assert doctor.disk(replace(GOOD, disk_free=1 << 30)).state == "warn"
    assert doctor.disk(replace(GOOD, disk_free=None)).state == "ok"


def test_root_in_a_machine_is_root_here_on_a_rootful_host_with_cgroup_v1() -> None:
    found = doctor.isolation(replace(GOOD, cgroup_version=1, writable_cgroups=False))
    assert (found.state, found.why) == (
        "warn",
        "Machines have CAP_SYS_ADMIN here: root in a machine can become root on this computer.",
    )


@pytest.mark.parametrize("kept", [{"rootless": True}, {"userns": True}, {"desktop": True}])
def test_isolation_by_other_means(kept: dict[str, bool]) -> None:
    assert doctor.isolation(replace(GOOD, **kept)).state == "ok"


def test_no_engine_is_one_finding_with_its_fix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere.sock")
    (found,) = doctor.diagnose()
    assert (found.name, found.state) == ("engine", "bad")
    assert found.fix == "DOCKER_HOST names one that does not answer: start it, or unset DOCKER_HOST to use another."


@pytest.mark.machines
def test_a_deep_diagnosis_boots_a_machine_and_leaves_nothing(driver: ContainerDriver) -> None:
    before = {found.attempt for found in driver.attempts()}
    found = {finding.name: finding for finding in doctor.diagnose(deep=True)}
    assert found["boot"].state == "ok", found["boot"]
    assert found["capability systemd"].fact == "yes"
    assert found["capability selinux"].why == "SELinux is not namespaced: a container has none of its own"
    assert not [f for f in driver.attempts() if f.lab == "doctor" and f.attempt not in before]


@pytest.mark.machines
def test_a_boot_that_fails_names_the_step_and_the_row(driver: ContainerDriver, monkeypatch: pytest.MonkeyPatch) -> None:
    from rung.runner.errors import EnvironmentBroken

    def refuse(*_: object) -> None:
        raise EnvironmentBroken("refused", fix="allow it")

    monkeypatch.setattr(ContainerDriver, "_start", refuse)
    found = doctor.boot(driver)
    assert (found.state, found.fact, found.fix) == ("bad", "failed at boot: refused", "allow it")
    assert found.why == doctor.options_text(driver)
