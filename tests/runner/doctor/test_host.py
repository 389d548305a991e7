"""Findings: each state, and a fix wherever something is wrong."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from rung.runner.doctor import host
from rung.runner.doctor.findings import DoctorFinding
from rung.runner.drivers.container.driver import ContainerDriver
from rung.runner.drivers.container.privileges import known_capabilities
from rung.runner.drivers.fake.driver import FakeDriver
from rung.runner.engine import host as surroundings
from rung.runner.engine.info import EngineFacts
from rung.runner.images.build import ImageStatus

GOOD = EngineFacts(
    kind="docker", version="28.1.0", api="1.49", cgroup_version=2, apparmor=True, selinux=False, rootless=False,
    userns=False, desktop=False, arch="x86_64", cpus=8, memory=16 << 30, disk_free=90 << 30,
    writable_cgroups=True, memory_limit=True, cpu_limit=True, pids_limit=True,
)  # fmt: skip


class Fake(FakeDriver):
    def capabilities(self) -> dict[str, str | None]:
        return known_capabilities()


def test_a_good_engine() -> None:
    checks = (host.version, host.cgroups, host.architecture, host.memory, host.disk)
    assert [look(GOOD).state for look in checks] == ["ok"] * 5
    assert host.cgroups(GOOD).fact == "version 2: machines boot with options “cgroup v2, writable cgroups”"
    assert host.disk(GOOD).fact == "90.0 GiB free where the engine keeps its data"


def test_an_old_engine_is_bad() -> None:
    found = host.version(replace(GOOD, version="19.03.5", api="1.40"))
    assert found == DoctorFinding(
        "version", "bad", "19.03.5, API 1.40", "Rung is tested with newer versions only.", "Update it to 20."
    )


def test_an_engine_without_cgroups_cannot_boot_systemd() -> None:
    assert host.cgroups(replace(GOOD, cgroup_version=0, writable_cgroups=False)).state == "bad"


def test_limits_that_are_not_delegated() -> None:
    found = host.cgroups(replace(GOOD, memory_limit=False, pids_limit=False))
    assert (found.state, found.why) == ("warn", "Machines run without memory, process limits.")


def test_little_memory_and_disk() -> None:
    assert host.memory(replace(GOOD, memory=1 << 29)).state == "warn"
    assert host.disk(replace(GOOD, disk_free=1 << 30)).state == "warn"
    assert host.disk(replace(GOOD, disk_free=None)).state == "ok"


def test_memory_that_is_available_is_told_where_the_engine_is_here(monkeypatch: pytest.MonkeyPatch) -> None:
    assert host.memory(GOOD).fact == "16.0 GiB for the engine; how much of it is free is unknown"
    monkeypatch.setattr(host, "available_memory", lambda: 3 << 30)
    found = host.memory(replace(GOOD, local=True))
    assert (found.state, found.fact) == ("ok", "16.0 GiB for the engine, 3.0 GiB available on this computer now")
    monkeypatch.setattr(host, "available_memory", lambda: 1 << 29)
    found = host.memory(replace(GOOD, local=True))
    assert (found.state, found.fix) == ("warn", "End some programs; `rung stop --all` ends all labs.")


def test_what_the_kernel_tells_of_memory_and_routes(tmp_path: Path) -> None:
    (tmp_path / "meminfo").write_text("MemTotal:       24684 kB\nMemFree:  9 kB\nMemAvailable:    2048 kB\n")
    assert surroundings.available_memory(tmp_path / "meminfo") == 2 << 20
    assert surroundings.available_memory(tmp_path / "none") is None
    head = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n"
    (tmp_path / "route").write_text(f"{head}eth0\t0000FEA9\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n")
    assert surroundings.internet(tmp_path / "route") == (False, "this computer has no default route")
    assert not surroundings.default_route(tmp_path / "route")
    with (tmp_path / "route").open("a") as table:
        table.write("eth0\t00000000\t0100FEA9\t0003\t0\t0\t0\t00000000\t0\t0\t0\n")
    assert surroundings.default_route(tmp_path / "route")


def test_an_architecture_that_nobody_tried_has_a_fix() -> None:
    found = host.architecture(replace(GOOD, arch="riscv64"))
    assert (found.state, found.fix) == (
        "warn",
        "Try `rung doctor --deep`, and report what fails; engines on x86_64 and arm64 are known to work.",
    )


def test_a_capability_that_this_computer_cannot_give_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surroundings, "lacking_rights", lambda: frozenset({"CAP_NET_ADMIN"}))
    monkeypatch.setattr(surroundings, "internet", lambda: (False, "this computer has no default route"))

    def told(engine: EngineFacts) -> dict[str, tuple[str, str | None]]:
        names = ("internet", "net-admin", "sys-admin", "systemd")
        found = {f.name.removeprefix("capability "): (f.fact, f.why) for f in host.capabilities(Fake(), engine)}
        return {name: found[name] for name in names}

    unknown = "not checked: the engine is not on this computer"
    assert told(replace(GOOD, local=True)) == {
        "internet": ("no", "this computer has no default route"),
        "net-admin": ("no", "CAP_NET_ADMIN is missing from the bounding set of this computer's processes"),
        "sys-admin": ("yes", None),
        "systemd": ("yes", None),
    }
    assert told(replace(GOOD, local=True, rootless=True))["net-admin"] == ("yes", None)
    assert told(GOOD)["internet"] == told(GOOD)["net-admin"] == ("yes", unknown)


def test_an_image_that_is_missing_and_cannot_be_made_is_bad() -> None:
    linux = ImageStatus("linux", "rung/linux:0", "", True, None)
    closed = DoctorFinding("registry", "warn", "no registry answered within 3 s", fix="Connect it.")
    assert host.image(linux, closed) == DoctorFinding(
        "image linux",
        "bad",
        "not built yet",
        "It cannot be built here: no registry answered within 3 s.",
        "Connect it.",
    )
    assert host.image(linux, None).state == "warn"
    assert host.image(replace(linux, bytes=5_000_000), closed).fact == "rung/linux:0, 5 MB"
    child = replace(linux, name="linux-rpm")
    assert host.image(child, closed).state == "warn"  # its parent may be there


def test_root_in_a_machine_is_root_here_on_a_rootful_host_with_cgroup_v1() -> None:
    found = host.isolation(replace(GOOD, cgroup_version=1, writable_cgroups=False))
    assert (found.state, found.why) == (
        "warn",
        "Machines have CAP_SYS_ADMIN here: root in a machine can become root on this computer.",
    )


@pytest.mark.parametrize("kept", [{"rootless": True}, {"userns": True}, {"desktop": True}])
def test_isolation_by_other_means(kept: dict[str, bool]) -> None:
    assert host.isolation(replace(GOOD, **kept)).state == "ok"


def test_no_engine_is_one_finding_with_its_fix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere.sock")
    (found,) = host.diagnose()
    assert (found.name, found.state) == ("engine", "bad")
    assert found.fix == "DOCKER_HOST names one that does not answer: start it, or unset DOCKER_HOST to use another."


@pytest.mark.machines
def test_a_deep_diagnosis_boots_a_machine_and_leaves_nothing(driver: ContainerDriver) -> None:
    before = {found.attempt for found in driver.attempts()}
    found = {finding.name: finding for finding in host.diagnose(deep=True)}
    assert found["boot"].state == "ok", found["boot"]
    assert found["capability systemd"].fact == "yes"
    assert found["capability selinux"].why == "SELinux is not namespaced: a container has none of its own"
    assert not [f for f in driver.attempts() if f.lab == "doctor" and f.attempt not in before]


@pytest.mark.machines
def test_a_boot_that_fails_names_the_step_and_the_row(driver: ContainerDriver, monkeypatch: pytest.MonkeyPatch) -> None:
    from rung.runner.core.errors import EnvironmentBroken

    def refuse(*_: object) -> None:
        raise EnvironmentBroken("refused", fix="allow it")

    monkeypatch.setattr(ContainerDriver, "_start", refuse)
    found = host.boot(driver)
    assert (found.state, found.fact, found.fix) == ("bad", "failed at boot: refused", "allow it")
    assert found.why == host.options_text(driver)
