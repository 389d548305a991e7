"""rung start --context: the user's cluster is shown, asked about where it is not here, and gone on with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
import yaml

from fake_lab import Rung, World
from rung.checks.core.channel import Result
from rung.runner.catalog import trust
from rung.runner.core.errors import EnvironmentBroken
from rung.runner.drivers.base.plan import UserCluster
from rung.runner.services import current
from rung.runner.shell import proxy

LAB = """\
title: A plan
objectives: []
difficulty: easy
minutes: 5
environment:
  cluster: {scope: namespace, namespace: shop}
tasks:
  - id: plan
    text: Make the ConfigMap `plan`.
    expect:
      - {resource: configmap/plan}
"""
SERVERS = {"mine": "https://127.0.0.1:41234", "spare": "https://127.0.0.1:41235"}


class Clusters(World):
    """A fake engine on which labs of the user's cluster run; `stays` is what would be left there."""

    def __init__(self) -> None:
        super().__init__()
        self.reaches = True
        self.silent = False
        self.stays: list[str] = []

    def _tell(self, machine: str, command: str) -> Result:
        if "/version" in command and not self.reaches:
            return Result(1, b"", b"connection refused")
        return super()._tell(machine, command)

    def capabilities(self) -> Mapping[str, str | None]:
        return {**super().capabilities(), "cluster": None}

    def destroy(self, attempt: str) -> None:
        if self.silent:
            raise EnvironmentBroken("The cluster does not answer.", fix="`rung stop --forget`")
        super().destroy(attempt)

    def forget(self, attempt: str) -> None:
        self.done.append(f"forget {attempt}")
        super().destroy(attempt)

    def leftovers(self, attempt: str) -> Sequence[str]:  # noqa: ARG002
        return self.stays


@pytest.fixture
def clusters(monkeypatch: pytest.MonkeyPatch) -> Clusters:
    found = Clusters()
    monkeypatch.setattr(current, "driver", lambda: found)
    return found


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The user's kubeconfig, which kubectl looks at too."""
    path = tmp_path / "config"
    document = {
        "current-context": "spare",
        "contexts": [{"name": name, "context": {"cluster": name, "user": "me"}} for name in SERVERS],
        "clusters": [{"name": name, "cluster": {"server": server}} for name, server in SERVERS.items()],
        "users": [{"name": "me", "user": {"token": "s3cret"}}],
    }
    path.write_text(yaml.safe_dump(document))
    monkeypatch.setenv("KUBECONFIG", str(path))
    return str(path)


@pytest.fixture
def plan(tmp_path: Path) -> str:
    """A trusted lab on a cluster; its folder."""
    folder = tmp_path / "pack" / "plan"
    folder.mkdir(parents=True)
    (folder / "lab.yaml").write_text(LAB)
    trust.trust(folder)
    return str(folder)


def owns(clusters: Clusters) -> list[UserCluster | None]:
    return [found.own for found in clusters.attempts()]


def at_terminal(monkeypatch: pytest.MonkeyPatch, answer: bool) -> list[str]:
    """Somebody sits there and answers so; what they were asked."""
    asked: list[str] = []

    def confirm(text: str, **_options: object) -> bool:
        asked.append(text)
        return answer

    monkeypatch.setattr(proxy, "at_a_terminal", lambda: True)
    monkeypatch.setattr("click.confirm", confirm)
    return asked


def test_a_cluster_on_this_computer_is_shown_and_used(said: Rung, clusters: Clusters, config: str, plan: str) -> None:
    done = said("start", plan, "--context", "mine", "--no-shell")
    assert done.code == 0
    assert done.err.splitlines()[0] == "Your cluster: context mine, https://127.0.0.1:41234, on this computer."
    assert owns(clusters) == [UserCluster("mine", SERVERS["mine"], config)]
    (row,) = [line for line in said("status").out.splitlines() if "ready" in line]
    assert row.endswith("base, on your cluster mine (https://127.0.0.1:41234)")


def test_a_kubeconfig_alone_means_its_current_context(said: Rung, clusters: Clusters, config: str, plan: str) -> None:
    assert said("start", plan, "--kubeconfig", config, "--no-shell").code == 0
    assert owns(clusters) == [UserCluster("spare", SERVERS["spare"], config)]


@pytest.mark.usefixtures("config")
def test_a_cluster_elsewhere_is_refused_where_nobody_can_be_asked(said: Rung, clusters: Clusters, plan: str) -> None:
    clusters.here = False
    done = said("start", plan, "--context", "mine")
    assert (done.code, done.out, owns(clusters)) == (2, "", [])
    assert done.err == (
        "Your cluster: context mine, https://127.0.0.1:41234, not on this computer.\n"
        "The context mine leads to https://127.0.0.1:41234, which is not this computer, "
        "and there is no terminal to ask on.\n"
        "What to do: --yes says that the lab may run there.\n"
    )


def test_with_yes_it_is_used_without_asking(said: Rung, clusters: Clusters, config: str, plan: str) -> None:
    clusters.here = False
    assert said("start", plan, "--context", "mine", "--yes", "--no-shell").code == 0
    assert owns(clusters) == [UserCluster("mine", SERVERS["mine"], config, agreed=True)]


@pytest.mark.usefixtures("config")
@pytest.mark.parametrize("answer", [True, False])
def test_at_a_terminal_it_is_asked_about(
    answer: bool, said: Rung, clusters: Clusters, plan: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    clusters.here = False
    asked = at_terminal(monkeypatch, answer)
    assert said("start", plan, "--context", "mine", "--no-shell").code == 0
    assert asked == ["Run the lab there?"]
    assert [own.agreed for own in owns(clusters) if own] == ([True] if answer else [])


@pytest.mark.usefixtures("config")
def test_a_cluster_on_this_computer_is_not_asked_about(
    said: Rung, plan: str, clusters: Clusters, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = at_terminal(monkeypatch, answer=False)
    assert said("start", plan, "--context", "mine", "--no-shell").code == 0
    assert (asked, len(owns(clusters))) == ([], 1)


@pytest.mark.usefixtures("clusters")
def test_yes_to_nothing_is_a_mistake(said: Rung, plan: str) -> None:
    done = said("start", plan, "--yes")
    assert (done.code, done.out) == (2, "")
    assert done.err == ("--yes is for a cluster of your own, and none is named.\nWhat to do: Name it with --context.\n")


@pytest.mark.usefixtures("config", "clusters")
def test_a_lab_of_machines_is_not_done_on_a_cluster(said: Rung, lab: Path) -> None:
    done = said("start", str(lab), "--context", "mine")
    assert done.code == 2
    assert done.err.endswith(
        "two-files is done on machines, not on a cluster.\nWhat to do: Start it without --context.\n"
    )


@pytest.mark.usefixtures("config")
def test_a_lab_is_gone_on_with_only_on_the_cluster_that_is_named(said: Rung, clusters: Clusters, plan: str) -> None:
    said("start", plan, "--context", "mine", "--no-shell")
    again = said("start", plan, "--context", "mine", "--no-shell")
    assert "is running already" in again.err
    said("start", plan, "--context", "spare", "--no-shell")
    assert [own.context for own in owns(clusters) if own] == ["mine", "spare"]
    assert "is running already" in said("start", plan, "--no-shell").err


@pytest.mark.usefixtures("config")
def test_where_base_does_not_reach_the_cluster_no_shell_opens_there(
    said: Rung, clusters: Clusters, plan: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    clusters.reaches = False
    at_terminal(monkeypatch, answer=True)
    done = said("start", plan, "--context", "mine")
    assert done.code == 0
    assert (
        "The machine base does not reach https://127.0.0.1:41234 (connection refused). "
        'Work in your own terminal: eval "$(rung env)" points kubectl there at the cluster.\n'
    ) in done.err


@pytest.mark.usefixtures("config")
def test_what_stays_in_the_cluster_is_told(said: Rung, clusters: Clusters, plan: str) -> None:
    said("start", plan, "--context", "mine", "--no-shell")
    clusters.stays = ["clusterroles/look", "namespaces/apart"]
    told = "New in your cluster, not created for the lab, and left there: clusterroles/look, namespaces/apart\n"
    assert said("reset").err.endswith(f"{told}base is back in the starting state.\n")
    done = said("stop")
    assert (done.code, done.err) == (0, told)


@pytest.mark.usefixtures("config")
@pytest.mark.parametrize("words", [("stop",), ("stop", "--all")])
def test_a_cluster_that_is_silent_can_be_left(
    words: tuple[str, ...], said: Rung, clusters: Clusters, plan: str
) -> None:
    said("start", plan, "--context", "mine", "--no-shell")
    clusters.silent = True
    done = said(*words)
    assert done.code == 3
    assert done.err.endswith("The cluster does not answer.\nWhat to do: `rung stop --forget`\n")
    (found,) = clusters.attempts()
    assert said(*words, "--forget").code == 0
    assert f"forget {found.attempt}" in clusters.done
    assert clusters.attempts() == []
