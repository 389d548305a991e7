"""One test for each row of the table that chooses a machine's rights."""

from dataclasses import dataclass

import pytest

from rung.runner.drivers.container.privileges import ROWS, choose


@dataclass(frozen=True)
class Engine:
    """What an engine reports of itself."""

    cgroup_version: int = 2
    apparmor: bool = False
    selinux: bool = False
    writable_cgroups: bool = False


def test_cgroup_v1_needs_sys_admin_because_systemd_mounts_its_hierarchy_itself() -> None:
    options = choose(Engine(cgroup_version=1))
    assert options.row.name == "cgroup v1"
    assert (options.capabilities, options.security) == (("SYS_ADMIN",), ("seccomp=unconfined",))
    assert not options.row.prepared_from_outside


def test_cgroup_v2_needs_no_sys_admin_because_the_driver_prepares_the_machine() -> None:
    options = choose(Engine())
    assert options.row.name == "cgroup v2"
    assert (options.capabilities, options.security) == ((), ("seccomp=unconfined",))
    assert options.row.prepared_from_outside


def test_an_engine_with_writable_cgroups_is_asked_for_them() -> None:
    options = choose(Engine(writable_cgroups=True))
    assert options.row.name == "cgroup v2, writable cgroups"
    assert (options.capabilities, options.security) == ((), ("seccomp=unconfined", "writable-cgroups=true"))


def test_apparmor_is_lifted_where_the_cgroups_must_be_remounted() -> None:
    assert choose(Engine(apparmor=True)).security == ("seccomp=unconfined", "apparmor=unconfined")
    assert choose(Engine(cgroup_version=1, apparmor=True)).security == ("seccomp=unconfined", "apparmor=unconfined")


def test_apparmor_stays_where_nothing_needs_to_be_mounted() -> None:
    engine = Engine(apparmor=True, writable_cgroups=True)
    assert choose(engine).security == ("seccomp=unconfined", "writable-cgroups=true")
    assert "apparmor=unconfined" in choose(engine, ["sys-admin"]).security


def test_selinux_labels_are_lifted_because_container_t_may_not_write_cgroups() -> None:
    assert choose(Engine(selinux=True)).security == ("seccomp=unconfined", "label=disable")


@pytest.mark.parametrize(
    ("name", "capability"), [("net-admin", "NET_ADMIN"), ("sys-admin", "SYS_ADMIN"), ("sys-nice", "SYS_NICE")]
)
def test_a_lab_gets_the_capability_that_it_names_and_no_other(name: str, capability: str) -> None:
    assert choose(Engine(), [name, "internet"]).capabilities == (capability,)


def test_a_capability_is_not_asked_for_twice() -> None:
    assert choose(Engine(cgroup_version=1), ["sys-admin"]).capabilities == ("SYS_ADMIN",)


def test_an_engine_without_cgroups_has_no_row() -> None:
    with pytest.raises(LookupError) as error:
        choose(Engine(cgroup_version=0))
    assert str(error.value) == "no way to boot systemd on cgroup version 0"


def test_every_row_says_why() -> None:
    assert [row.name for row in ROWS] == ["cgroup v1", "cgroup v2, writable cgroups", "cgroup v2"]
    assert all(row.why for row in ROWS)
