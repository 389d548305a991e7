"""The machine `base`: how it gets to know a cluster."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

from rung.checks.core.machine import Machine
from rung.runner.core.errors import EnvironmentBroken
from rung.runner.lab.model import BASE

API_PORT = 6443
_SSH = "/etc/ssh/ssh_config.d/rung.conf"
_KUBECONFIG = """
umask 077
for home in /root /home/{login}; do
    mkdir -p "$home/.kube"
    cat /run/rung-kubeconfig > "$home/.kube/config"
done
rm /run/rung-kubeconfig
chown -R {login}: /home/{login}/.kube
"""
_KEYS = """
set -e
for user in root {login}; do
    home=$(getent passwd "$user" | cut -d: -f6)
    runuser -u "$user" -- mkdir -p -m 700 "$home/.ssh"
    [ -e "$home/.ssh/id_ed25519" ] || runuser -u "$user" -- ssh-keygen -q -t ed25519 -N '' -C "$user@base" -f "$home/.ssh/id_ed25519"
    cat "$home/.ssh/id_ed25519.pub"
done
"""  # noqa: E501  # one command a line, as in a script
_AUTHORIZE = """
set -e
mkdir -p -m 700 /root/.ssh
cat >> /root/.ssh/authorized_keys
chmod 600 /root/.ssh/authorized_keys
"""
_LISTEN = """
set -e
[ -e /etc/ssh/ssh_host_ed25519_key ] || ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key
systemctl --quiet enable --now ssh
cat /etc/ssh/ssh_host_ed25519_key.pub
"""


def kubeconfig_inside(kubeconfig: str) -> str:
    """The kubeconfig for a machine on the cluster's network, the names in it as kubeadm gives them."""
    import yaml

    inside: dict[str, Any] = yaml.safe_load(kubeconfig)
    (cluster,), (user,), (context,) = inside["clusters"], inside["users"], inside["contexts"]
    cluster["name"], user["name"] = "kubernetes", "kubernetes-admin"
    cluster["cluster"]["server"] = f"https://controlplane:{API_PORT}"
    context["context"] = {"cluster": "kubernetes", "user": "kubernetes-admin"}
    inside["current-context"] = context["name"] = "kubernetes-admin@kubernetes"
    return yaml.safe_dump(inside, sort_keys=False)


def configure(base: Machine, addresses: Mapping[str, str], kubeconfig: str) -> None:
    """Let `base` know the nodes' names and reach the API. Raises EnvironmentBroken."""
    lines = "".join(f"{address} {name}\n" for name, address in sorted(addresses.items(), key=lambda i: i[1]))
    check_output(base, "cat >> /etc/hosts", lines)
    give_kubeconfig(base, kubeconfig_inside(kubeconfig))


def give_kubeconfig(base: Machine, kubeconfig: str) -> None:
    """Let root and the learner on `base` have a kubeconfig of their own. Raises EnvironmentBroken."""
    check_output(base, "umask 077; cat > /run/rung-kubeconfig", kubeconfig)
    check_output(base, _KUBECONFIG.format(login=BASE.login))


def start_sshd(nodes: Mapping[str, Machine]) -> str:
    """Begin to serve ssh on every node; the nodes' keys, as `ssh_known_hosts` has them. Raises EnvironmentBroken."""
    return "".join(f"{name} {check_output(node, _LISTEN)}\n" for name, node in nodes.items())


def authorize_ssh(base: Machine, nodes: Mapping[str, Machine], known: str) -> None:
    """Let root and the learner on `base` log in to every node by ssh; `known` are the nodes' keys, from `start_sshd`.

    Raises EnvironmentBroken.
    """
    keys = check_output(base, _KEYS.format(login=BASE.login))
    for node in nodes.values():
        check_output(node, _AUTHORIZE, keys)
    check_output(base, "cat > /etc/ssh/ssh_known_hosts", known)
    check_output(base, f"mkdir -p /etc/ssh/ssh_config.d; cat > {_SSH}", f"Host {' '.join(nodes)}\n    User root\n")


def know_peers(nodes: Mapping[str, Machine], addresses: Mapping[str, str]) -> None:
    """Let each node be called, and know the others, by the names that the lab uses: the engine's own are others."""
    lines = "".join(f"{address} {name}\n" for name, address in addresses.items())
    for name, node in nodes.items():
        check_output(node, f"hostname {name}")
        # The file is the engine's mount, so it is written to, not replaced; and it is made anew at each start.
        check_output(
            node, f"grep -q ' {next(iter(addresses))}$' /etc/hosts || printf %s {shlex.quote(lines)} >> /etc/hosts"
        )


def check_output(machine: Machine, command: str, stdin: str = "") -> str:
    """What a command that has to succeed prints. Raises EnvironmentBroken."""
    result = machine.run(command, stdin=stdin, timeout=20)
    if result.rc != 0:
        raise EnvironmentBroken(f"{machine.name} could not be set up: {(result.stderr or result.stdout).strip()}")
    return result.stdout.strip()
