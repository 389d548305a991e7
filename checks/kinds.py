"""The table of all kinds. A lab uses a handful of them, so each module is imported at its first use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module

from rung.checks.core.registry import KINDS, Expectation

# Kind -> the module that defines it.
LINUX = {
    "acl": "acl",
    "archive": "archive",
    "at": "cron_at",
    "command": "command",
    "connects": "port_http_connects",
    "cron": "cron_at",
    "directory": "file_directory",
    "file": "file_directory",
    "firewall": "firewall",
    "group": "user_group",
    "hostname": "lookup_hostname_interface",
    "http": "port_http_connects",
    "interface": "lookup_hostname_interface",
    "journal": "journal",
    "link": "link",
    "lookup": "lookup_hostname_interface",
    "mount": "mount",
    "package": "package",
    "password": "password",
    "port": "port_http_connects",
    "process": "process",
    "script": "script",
    "selinux": "selinux",
    "service": "service",
    "ssh": "ssh",
    "sudo": "sudo",
    "sysctl": "sysctl",
    "timer": "timer",
    "user": "user_group",
}
KUBERNETES = {
    "absent": "resource_absent_count",
    "can_i": "can_i",
    "count": "resource_absent_count",
    "dns": "dns",
    "exec": "logs_exec",
    "helm": "helm",
    "kustomize": "manifest_kustomize",
    "logs": "logs_exec",
    "manifest": "manifest_kustomize",
    "node": "node",
    "policy": "policy",
    "resource": "resource_absent_count",
    "rollout": "rollout",
}
MODULES = {kind: f"rung.checks.linux.{module}" for kind, module in LINUX.items()} | {
    kind: f"rung.checks.kubernetes.{module}" for kind, module in KUBERNETES.items()
}


class Kinds(Mapping[str, type[Expectation]]):
    """A mapping from each kind's name to its class; names are known without importing a class."""

    def __getitem__(self, name: str) -> type[Expectation]:
        if name not in KINDS and name in MODULES:
            import_module(MODULES[name])
        return KINDS[name]

    def __contains__(self, name: object) -> bool:
        return name in MODULES

    def __iter__(self) -> Iterator[str]:
        return iter(MODULES)

    def __len__(self) -> int:
        return len(MODULES)


def load_kinds() -> Kinds:
    """Every kind: name -> class."""
    return Kinds()
