"""Which rights a machine gets, by what the engine reports: one table, a test for each row.

systemd needs a writable cgroup tree of its own, and editors need /etc/hosts not to be a mount. Sources:
systemd's "Container Interface" page; the engine's release notes for 28.0 (`writable-cgroups`); the
profile docker-default of AppArmor, which denies mount even to CAP_SYS_ADMIN, but not umount.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Protocol

# Capability of a lab -> the Linux capability that its machines get beyond the engine's default set.
LAB_CAPABILITIES = {
    "net-admin": "NET_ADMIN",
    "sys-admin": "SYS_ADMIN",
    "sys-nice": "SYS_NICE",
}


# Capability that no container has -> why.
NEVER = {
    "selinux": "SELinux is not namespaced: a container has none of its own",
    "block-device": "a container must not get the host's block devices",
    "swap": "swap is the host's, and swapon in a container would change it",
    "kernel-modules": "the kernel is the host's",
    "network-policy": "there is no cluster",
    "metrics": "there is no cluster",
}


def known_capabilities() -> dict[str, str | None]:
    """Each capability a lab may name -> None where containers have it, else the reason why not."""
    has = ("systemd", "reboot", "internet", *LAB_CAPABILITIES)
    return {**dict.fromkeys(has), **NEVER, "cluster": "this driver provides Linux machines only"}


class Facts(Protocol):
    """What the table needs to know of an engine (`rung.runner.engine.info.EngineFacts`)."""

    @property
    def cgroup_version(self) -> int: ...
    @property
    def apparmor(self) -> bool: ...
    @property
    def selinux(self) -> bool: ...
    @property
    def writable_cgroups(self) -> bool: ...


@dataclass(frozen=True)
class Profile:
    """One way to boot systemd: when it applies, and which rights it needs."""

    name: str
    why: str
    applies: Callable[[Facts], bool]
    capabilities: tuple[str, ...] = ()
    security: tuple[str, ...] = ()
    # True: the machine has no CAP_SYS_ADMIN, so the driver runs `prepare` by one privileged exec.
    prepared_from_outside: bool = True


# The first row that applies is used.
ROWS: tuple[Profile, ...] = (
    Profile(
        "cgroup v1",
        "systemd itself mounts its hierarchy, so the machine needs CAP_SYS_ADMIN",
        lambda facts: facts.cgroup_version == 1,
        capabilities=("SYS_ADMIN",),
        prepared_from_outside=False,
    ),
    Profile(
        "cgroup v2, writable cgroups",
        "the engine mounts the machine's own cgroups writable; no CAP_SYS_ADMIN and no cgroup remount",
        lambda facts: facts.writable_cgroups,
        security=("writable-cgroups=true",),
    ),
    Profile(
        "cgroup v2",
        "one privileged exec remounts the machine's own cgroups writable before systemd starts",
        lambda facts: facts.cgroup_version == 2,
    ),
)


@dataclass(frozen=True)
class Options:
    """The rights that one machine is created with."""

    row: Profile
    capabilities: tuple[str, ...] = ()
    security: tuple[str, ...] = field(default=())

    @property
    def sys_admin(self) -> bool:
        """Whether root in such a machine may mount, and so become root on a rootful Linux host."""
        return "SYS_ADMIN" in self.capabilities

    @property
    def outside(self) -> bool:
        """Whether the driver runs `prepare` by an exec, because the machine itself may not mount."""
        return self.row.prepared_from_outside and not self.sys_admin


def choose(facts: Facts, wanted: Iterable[str] = ()) -> Options:
    """The rights of a machine whose lab names the capabilities `wanted`.

    Raises LookupError where no row applies (an engine that reports no cgroup version).
    """
    row = next((row for row in ROWS if row.applies(facts)), None)
    if row is None:
        raise LookupError(f"no way to boot systemd on cgroup version {facts.cgroup_version}")
    extra = [LAB_CAPABILITIES[name] for name in sorted(wanted) if name in LAB_CAPABILITIES]
    capabilities = tuple(dict.fromkeys([*row.capabilities, *extra]))
    # The default seccomp profile refuses mount(2) to all processes of a container without CAP_SYS_ADMIN: `prepare` and
    # systemd's sandboxing need it.
    security = ["seccomp=unconfined", *row.security]
    remounts = "writable-cgroups=true" not in row.security or "SYS_ADMIN" in capabilities
    if facts.apparmor and remounts:
        security.append("apparmor=unconfined")
    if facts.selinux:
        # container_t may neither mount nor write cgroups.
        security.append("label=disable")
    return Options(row, capabilities, tuple(security))
