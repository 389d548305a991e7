"""What the API answers, in Rung's words. The answers are cut down from real ones."""

from __future__ import annotations

from typing import Any

import pytest

from rung.runner.engine.info import major, read

INFO: dict[str, Any] = {
    "ServerVersion": "20.10.24+dfsg1",
    "CgroupVersion": "1",
    "OperatingSystem": "Debian GNU/Linux 12 (bookworm)",
    "Architecture": "x86_64",
    "NCPU": 2,
    "MemTotal": 25276514304,
    "Name": "elsewhere",
    "DockerRootDir": "/var/lib/docker",
    "Runtimes": {"runc": {"path": "runc"}, "io.containerd.runc.v2": {"path": "runc"}},
    "DefaultRuntime": "runc",
    "SecurityOptions": ["name=seccomp,profile=default"],
    "MemoryLimit": True,
    "CpuCfsQuota": True,
    "PidsLimit": True,
}
VERSION: dict[str, Any] = {"ApiVersion": "1.41", "Components": [{"Name": "Engine", "Version": "20.10.24+dfsg1"}]}


def test_a_docker_engine_on_cgroup_v1() -> None:
    found = read(INFO, VERSION)
    assert (found.kind, found.version, found.api, found.cgroup_version) == ("docker", "20.10.24+dfsg1", "1.41", 1)
    assert (found.apparmor, found.selinux, found.rootless, found.userns, found.desktop) == (False,) * 5
    assert (found.cpus, found.memory, found.arch) == (2, 25276514304, "x86_64")
    assert found.runtime is None
    assert (found.memory_limit, found.cpu_limit, found.pids_limit) == (True, True, True)


def test_containers_name_rungs_runtime_where_docker_has_it() -> None:
    info = {**INFO, "Runtimes": {**INFO["Runtimes"], "rung": {"path": "/usr/local/lib/rung/oci-runtime"}}}
    assert read(info, VERSION).runtime == "rung"
    assert read(info, {**VERSION, "Components": [{"Name": "Podman Engine"}]}).runtime is None


def test_free_disk_of_an_engine_elsewhere_is_not_known() -> None:
    assert read(INFO, VERSION).disk_free is None


UBUNTU = ["name=apparmor", "name=seccomp,profile=builtin", "name=cgroupns"]


@pytest.mark.parametrize(
    ("version", "cgroups", "security", "writable"),
    [
        ("28.0.1", "2", UBUNTU, True),
        ("29.1.0-ce", "2", UBUNTU, True),
        ("27.5.1", "2", UBUNTU, False),
        ("28.0.1", "1", UBUNTU, False),
        ("28.0.1", "2", [*UBUNTU, "name=rootless"], False),
        ("28.0.1", "2", [*UBUNTU, "name=userns"], False),
    ],
)
def test_writable_cgroups_from_28_on_cgroup_v2_as_root(
    version: str, cgroups: str, security: list[str], writable: bool
) -> None:
    info = {**INFO, "ServerVersion": version, "CgroupVersion": cgroups, "SecurityOptions": security}
    assert read(info, VERSION).writable_cgroups is writable


def test_apparmor_and_selinux_are_security_options() -> None:
    assert read({**INFO, "SecurityOptions": UBUNTU}, VERSION).apparmor
    assert read({**INFO, "SecurityOptions": ["name=seccomp,profile=default", "name=selinux"]}, VERSION).selinux


def test_docker_desktop_is_known_by_its_operating_system() -> None:
    assert read({**INFO, "OperatingSystem": "Docker Desktop"}, VERSION).desktop


def test_podman_is_known_by_its_components() -> None:
    version = {"ApiVersion": "1.41", "Components": [{"Name": "Podman Engine", "Version": "5.4.0"}]}
    found = read({**INFO, "ServerVersion": "5.4.0", "CgroupVersion": "2"}, version)
    assert (found.kind, found.writable_cgroups) == ("podman", False)


def test_limits_of_podman_are_the_controllers_that_it_may_use() -> None:
    found = read({**INFO, "PidsLimit": True}, VERSION, ["memory", "cpuset"])
    assert (found.memory_limit, found.cpu_limit, found.pids_limit) == (True, False, False)


def test_an_engine_that_tells_nothing_still_has_facts() -> None:
    found = read({}, {})
    assert (found.kind, found.version, found.cgroup_version, found.memory_limit) == ("docker", "", 0, False)


@pytest.mark.parametrize(
    ("text", "number"), [("20.10.24+dfsg1", 20), ("v28.0", 28), ("", 0), ("dev", 0), ("master-1", 0)]
)
def test_the_first_number_of_a_version(text: str, number: int) -> None:
    assert major(text) == number
