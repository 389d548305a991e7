"""The image `base`: a machine with the tools to work on clusters."""

from __future__ import annotations

import pytest

from booting import Boot
from rung.checks.core.machine import Machine
from rung.runner.images import go_programs
from rung.runner.lab.model import MachineSpec

pytestmark = pytest.mark.machines

VERSIONS = {
    "kubectl version --client -o json | jq -r .clientVersion.gitVersion": "kubernetes",
    "helm version --template '{{.Version}}'": "helm",
    "kustomize version": "kustomize",
    "yq --version | sed 's/.* //'": "yq",
    "etcdctl version | sed -n 's/^etcdctl version: /v/p'": "etcd",
    "etcdutl version | sed -n 's/^etcdutl version: /v/p'": "etcd",
}
COMPLETED = ("kubectl", "k", "helm", "kustomize", "yq", "etcdctl", "etcdutl")


@pytest.fixture(scope="module")
def base(boot: Boot) -> Machine:
    return boot(MachineSpec(name="base", image="base"))["base"]


@pytest.mark.parametrize("command", VERSIONS)
def test_programs_have_the_pinned_versions(base: Machine, command: str) -> None:
    assert base.text(command) == go_programs.version(VERSIONS[command])


def test_it_boots_with_the_tools_of_other_machines(base: Machine) -> None:
    assert base.text("systemctl is-system-running") == "running"
    for program in ("jq", "vim", "nano", "curl", "man", "ssh"):
        assert base.run("command -v %s", program).rc == 0, program


@pytest.mark.parametrize("shell", ["bash -ic", "bash -lic"])
def test_every_shell_has_the_exam_s_alias(base: Machine, shell: str) -> None:
    assert base.text(f"{shell} 'k version --client' 2> /dev/null").startswith("Client Version: ")


@pytest.mark.parametrize("program", COMPLETED)
def test_shells_complete_the_programs_arguments(base: Machine, program: str) -> None:
    script = f"_completion_loader {program}; complete -p {program}"
    assert f" {program}" in base.text(f"bash -lic {script!r} 2> /dev/null")
