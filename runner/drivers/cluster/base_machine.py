"""The machine `base`: gives it access to a cluster's API and nodes."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

from rung.checks.core.channel import quoted
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
_TOKEN = """
set -e
for user in root {login}; do
    home=$(getent passwd "$user" | cut -d: -f6)
    runuser -u "$user" -- kubectl --kubeconfig "$home/.kube/config" config set-credentials %s --token=%s
done
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
    """The kubeconfig for a machine on the cluster's network, with the names that kubeadm gives."""
    import yaml

    inside: dict[str, Any] = yaml.safe_load(kubeconfig)
    (cluster,), (user,), (context,) = inside["clusters"], inside["users"], inside["contexts"]
    cluster["name"], user["name"] = "kubernetes", "kubernetes-admin"
    cluster["cluster"]["server"] = f"https://controlplane:{API_PORT}"
    context["context"] = {"cluster": "kubernetes", "user": "kubernetes-admin"}
    inside["current-context"] = context["name"] = "kubernetes-admin@kubernetes"
    return yaml.safe_dump(inside, sort_keys=False)


def configure(base: Machine, addresses: Mapping[str, str], kubeconfig: str) -> None:
    """Give `base` the nodes' names and a kubeconfig. addresses: node -> address. Raises EnvironmentBroken."""
    lines = "".join(f"{address} {name}\n" for name, address in sorted(addresses.items(), key=lambda i: i[1]))
    check_output(base, "cat >> /etc/hosts", lines)
    give_kubeconfig(base, kubeconfig_inside(kubeconfig))


def give_kubeconfig(base: Machine, kubeconfig: str) -> None:
    """Give root and the learner on `base` a kubeconfig each. Raises EnvironmentBroken."""
    check_output(base, "umask 077; cat > /run/rung-kubeconfig", kubeconfig)
    check_output(base, _KUBECONFIG.format(login=BASE.login))


def give_token(base: Machine, user: str, token: str) -> None:
    """Give the `user` of both kubeconfigs on `base` another token. Raises EnvironmentBroken."""
    check_output(base, quoted(_TOKEN.format(login=BASE.login), user, token))


def start_sshd(nodes: Mapping[str, Machine]) -> str:
    """Start sshd on every node; returns the nodes' keys, as in `ssh_known_hosts`. Raises EnvironmentBroken."""
    return "".join(f"{name} {check_output(node, _LISTEN)}\n" for name, node in nodes.items())


def authorize_ssh(base: Machine, nodes: Mapping[str, Machine], known: str) -> None:
    """Let root and the learner on `base` log in to every node by ssh. known: the nodes' keys, from `start_sshd`.

    Raises EnvironmentBroken.
    """
    keys = check_output(base, _KEYS.format(login=BASE.login))
    for node in nodes.values():
        check_output(node, _AUTHORIZE, keys)
    check_output(base, "cat > /etc/ssh/ssh_known_hosts", known)
    check_output(base, f"mkdir -p /etc/ssh/ssh_config.d; cat > {_SSH}", f"Host {' '.join(nodes)}\n    User root\n")


def know_peers(nodes: Mapping[str, Machine], addresses: Mapping[str, str]) -> None:
    """Give each node its hostname in the lab, and the others' names: on the engine they have other names."""
    lines = "".join(f"{address} {name}\n" for name, address in addresses.items())
    for name, node in nodes.items():
        check_output(node, f"hostname {name}")
        # The engine mounts the file, so it cannot be replaced, and writes it anew at each start.
        check_output(
            node, f"grep -q ' {next(iter(addresses))}$' /etc/hosts || printf %s {shlex.quote(lines)} >> /etc/hosts"
        )


def check_output(machine: Machine, command: str, stdin: str = "") -> str:
    """The output of a command. Raises EnvironmentBroken where it fails."""
    result = machine.run(command, stdin=stdin, timeout=20)
    if result.rc != 0:
        raise EnvironmentBroken(f"{machine.name} could not be set up: {(result.stderr or result.stdout).strip()}")
    return result.stdout.strip()
