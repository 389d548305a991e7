"""Real clusters: made, shared, worked on from `base`, restarted, cut short, and gone without a trace."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, closing
from pathlib import Path

import pytest

from rung.checks.cluster import Cluster
from rung.checks.core.machine import Machine
from rung.runner.drivers.base.plan import Plan
from rung.runner.drivers.cluster.names import container_name, network_name
from rung.runner.drivers.cluster.resources import resource_types
from rung.runner.drivers.kind.driver import KindDriver
from rung.runner.drivers.kind.namespace_deletion import NamespaceDeletion
from rung.runner.lab.model import BASE
from rung.runner.lab.model import ClusterSpec as Spec

pytestmark = pytest.mark.machines

PREPARE = """
from rung.runner.drivers.kind.driver import KindDriver
from rung.runner.lab.model import ClusterSpec
KindDriver.connect().prepare(ClusterSpec(workers=2), lambda step, what: print(step, what, flush=True))
"""
# With a way out, so that it is made anew whatever waits.
PROVISION = """
import sys
from rung.runner.drivers.base.plan import Plan
from rung.runner.drivers.kind.driver import KindDriver
from rung.runner.lab.model import BASE, ClusterSpec
plan = Plan(sys.argv[1], "a-lab", "/labs/a-lab", 7, "abc", (BASE,), frozenset({"internet"}), ClusterSpec(workers=1))
KindDriver.connect().provision(plan, lambda step, what: print(step, what, flush=True))
"""


def plan(*, workers: int = 0, scope: str = "namespace", share: str | None = None) -> Plan:
    spec = Spec(workers=workers, scope=scope)  # type: ignore[arg-type]
    return Plan(secrets.token_hex(4), "a-lab", "/labs/a-lab", 7, "abc", (BASE,), frozenset(), spec, share=share)


def api(driver: KindDriver, attempt: str) -> AbstractContextManager[Cluster]:
    return closing(Cluster.from_kubeconfig(driver.kubeconfig(attempt)))


def run(driver: KindDriver, attempt: str, machine: str, command: str) -> str:
    host = Machine(machine, driver.channel(attempt, machine))
    result = host.run(command, timeout=60)
    assert result.rc == 0, result.stderr
    return result.stdout.strip()


def belongings(driver: KindDriver, cluster: str) -> list[str]:
    """What the engine still has of a cluster."""
    containers = driver.engine.containers()
    networks = driver.engine.networks()
    names = [c["Names"][0].lstrip("/") for c in containers] + [n["Name"] for n in networks]
    return [name for name in names if cluster in name]


def kill_while_it_prepares_nodes(code: str, *words: str, env: Mapping[str, str]) -> None:
    """Run Python that makes a cluster, in a process of its own, and kill that as kind makes the containers."""
    process = subprocess.Popen(
        [sys.executable, "-c", code, *words], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True, env=env
    )
    with process:
        assert process.stdout is not None
        while "preparing nodes" not in (line := process.stdout.readline()):
            assert line, "it ended early"
        process.send_signal(signal.SIGKILL)
    time.sleep(1)  # for the engine to finish what kind had asked for


@pytest.fixture(scope="module")
def kind() -> Iterator[KindDriver]:
    """The driver; clusters that it makes here are removed, and no others."""
    made = KindDriver.connect()
    begun: list[str] = []
    begin = made.clusters.begin

    def noted(nodes: int, image: str, *, internet: bool) -> str:
        begun.append(begin(nodes, image, internet=internet))
        return begun[-1]

    made.clusters.begin = noted  # type: ignore[method-assign]
    yield made
    for kept in made.spares():
        if kept.name in begun:  # somebody else may work on one of them by now
            made.release(kept.name)


@pytest.fixture
def begun(kind: KindDriver) -> Iterator[list[str]]:
    """Attempts that a test begins; they are ended with it."""
    attempts: list[str] = []
    yield attempts
    for attempt in attempts:
        kind.destroy(attempt)


def begin(kind: KindDriver, begun: list[str], wanted: Plan) -> str:
    begun.append(wanted.attempt)
    kind.provision(wanted)
    return wanted.attempt


def test_a_cluster_that_a_lab_left_as_it_was_serves_the_next_one(kind: KindDriver, begun: list[str]) -> None:
    # Of three nodes, so that no other test takes it meanwhile.
    attempt = begin(kind, begun, plan(workers=2))
    cluster = kind.ownership.cluster(attempt)
    (found,) = [f for f in kind.attempts() if f.attempt == attempt]
    assert [(m.name, m.state) for m in found.machines] == [
        (name, "running") for name in ("base", "controlplane", "node01", "node02")
    ]
    assert found.expected == 4

    run(
        kind,
        attempt,
        "base",
        "kubectl create namespace shop && kubectl -n shop create deployment web --image rung/web:1.0",
    )
    run(
        kind,
        attempt,
        "base",
        "kubectl create configmap note --from-literal=a=b && kubectl create clusterrole x --verb=get --resource=nodes",
    )
    # So that what may be viewed is gathered from it, too.
    run(kind, attempt, "base", "kubectl label clusterrole x rbac.authorization.k8s.io/aggregate-to-view=true")
    viewed = "until kubectl get clusterrole view -o yaml | grep -q -- '- nodes$'; do sleep 0.1; done"
    run(kind, attempt, "base", viewed)
    run(kind, attempt, "base", "kubectl -n shop rollout status deployment/web --timeout=60s")
    kind.destroy(attempt)
    assert [k.name for k in kind.spares() if k.ready and k.name == cluster] == [cluster]
    with kind.nodes.machines(cluster, ["controlplane"]) as machines:
        assert left_in(machines["controlplane"], "shop") == ""

    following = begin(kind, begun, plan(workers=2))
    assert kind.ownership.cluster(following) == cluster
    with api(kind, following) as session:
        assert session.get("Namespace", "shop") is None
        assert session.get("ConfigMap", "note", "default") is None
        assert session.get("ClusterRole", "x") is None
    assert (
        run(kind, following, "base", "runuser -l candidate -c 'kubectl get nodes -o name'")
        == "node/controlplane\nnode/node01\nnode/node02"
    )


def left_in(controlplane: Machine, namespace: str) -> str:
    """What etcd still has of a namespace, its own entry too."""
    pki = "/etc/kubernetes/pki/etcd"
    access = f"--cacert {pki}/ca.crt --cert {pki}/server.crt --key {pki}/server.key"
    result = controlplane.run(f"etcdctl {access} get /registry --prefix --keys-only")
    assert "/registry/namespaces/default" in result.stdout, result.stderr
    return "".join(line for line in result.stdout.splitlines(keepends=True) if namespace in line.split("/"))


def test_a_namespace_in_which_something_is_held_stays_until_that_is_let_go(kind: KindDriver, begun: list[str]) -> None:
    attempt = begin(kind, begun, plan())
    with api(kind, attempt) as session:
        held = {"kind": "ConfigMap", "metadata": {"name": "held", "finalizers": ["example.org/held"]}}
        session.create({"kind": "Namespace", "metadata": {"name": "inn"}})
        session.create(held, namespace="inn")
        session.delete("Namespace", "inn")
        ending = NamespaceDeletion(session, "/api/v1/namespaces/inn", resource_types(session, besides=()))
        ending.empty()
        ending.end()
        assert [sort.plural for sort in ending.left] == ["configmaps"]
        assert session.get("Namespace", "inn") is not None

        session.patch("ConfigMap", "held", {"metadata": {"finalizers": None}}, namespace="inn")
        ending.end()
        assert session.get("Namespace", "inn") is None
    assert left_in(Machine("controlplane", kind.channel(attempt, "controlplane")), "inn") == ""


def test_an_image_that_no_registry_can_be_asked_for_is_refused_at_once(kind: KindDriver, begun: list[str]) -> None:
    attempt = begin(kind, begun, plan())
    controlplane = Machine("controlplane", kind.channel(attempt, "controlplane"))
    # Within five seconds: the name server, which does not answer, would be asked for longer.
    assert "connect: connection refused" in controlplane.run("crictl pull example.org/lamp:1", timeout=5).stderr


def test_the_only_controllers_of_their_kind_hold_no_lease(kind: KindDriver, begun: list[str]) -> None:
    attempt = begin(kind, begun, plan())
    with api(kind, attempt) as session:
        leases = [lease["metadata"]["name"] for lease in session.list("Lease", "kube-system")]
    assert [name for name in leases if not name.startswith("apiserver-")] == []


FREEZE = r"""
for file in $(find /sys/fs/cgroup -path '*besteffort*pod*' \( -name freezer.state -o -name cgroup.freeze \)); do
    case $file in *state) echo FROZEN > "$file" ;; *) echo 1 > "$file" ;; esac
done
"""


def test_a_cluster_that_was_changed_is_not_used_again_and_goes_whatever_is_frozen_in_it(
    kind: KindDriver, begun: list[str]
) -> None:
    attempt = begin(kind, begun, plan())
    cluster = kind.ownership.cluster(attempt)
    run(kind, attempt, "base", "kubectl taint node controlplane shelf=gpu:NoSchedule")
    run(kind, attempt, "controlplane", FREEZE)
    kind.destroy(attempt)
    assert belongings(kind, cluster) == []


def test_two_attempts_at_once_have_a_cluster_each(kind: KindDriver, begun: list[str]) -> None:
    one, other = plan(), plan()
    first = begin(kind, begun, one)
    second = begin(kind, begun, other)
    assert kind.ownership.cluster(first) != kind.ownership.cluster(second)


def test_attempts_that_share_have_one_cluster_and_a_machine_each_until_the_last_of_them_ends(
    kind: KindDriver, begun: list[str]
) -> None:
    word = secrets.token_hex(4)
    first = begin(kind, begun, plan(share=word))
    run(kind, first, "base", "kubectl create namespace shop")
    kind.pause(first)  # whoever comes wakes it
    second = begin(kind, begun, plan(share=word))
    cluster = kind.ownership.cluster(first)
    assert kind.ownership.cluster(second) == cluster
    assert run(kind, second, "base", "kubectl get namespace shop -o name") == "namespace/shop"
    kind.resume(first)
    assert run(kind, first, "base", "hostname -I") != run(kind, second, "base", "hostname -I")
    own = begin(kind, begun, plan(scope="cluster", share=word))
    assert kind.ownership.cluster(own) != cluster

    kind.halt(first)
    kind.halt(second)
    states = {m.state for f in kind.attempts() if f.attempt in (first, second) for m in f.machines}
    assert states == {"stopped"}
    assert kind.revive(second) == ["controlplane", "base"]
    with api(kind, second) as session:
        until = time.monotonic() + 60
        while not session.answers() and time.monotonic() < until:
            time.sleep(0.5)
        assert session.get("Namespace", "shop") is not None
    kind.destroy(first)
    assert kind.clusters.is_whole(cluster)
    assert run(kind, second, "base", "kubectl get namespace shop -o name") == "namespace/shop"
    kind.destroy(second)
    assert not {first, second} & {found.attempt for found in kind.attempts()}


def test_nodes_are_named_as_in_the_exam_and_come_back_in_any_order(kind: KindDriver, begun: list[str]) -> None:
    attempt = begin(kind, begun, plan(workers=1, scope="cluster"))
    cluster = kind.ownership.cluster(attempt)
    for node in ("controlplane", "node01"):
        login = f"runuser -l candidate -c 'ssh -o BatchMode=yes {node} uname -n'"
        assert run(kind, attempt, "base", login) == node
        # A node is privileged: what its distribution would set there, it would set for the whole computer.
        settings = (
            "cat /usr/lib/sysctl.d/*.conf /etc/sysctl.d/*.conf 2> /dev/null | grep -E '^(fs|kernel|vm)[.]' || true"
        )
        assert run(kind, attempt, node, settings) == ""
    with api(kind, attempt) as session:
        assert [n["metadata"]["name"] for n in session.list("Node")] == ["controlplane", "node01"]

    before = kind.clusters.addresses(cluster)
    for node in ("controlplane", "node01"):
        kind.engine.stop(container_name(cluster, node), 5)
    kind.engine.start(container_name(cluster, "node01"))  # the wrong one first
    assert kind.revive(attempt) == ["controlplane"]
    assert kind.clusters.addresses(cluster) == before
    with api(kind, attempt) as session:
        until = time.monotonic() + 90
        while not session.answers() and time.monotonic() < until:
            time.sleep(0.5)
        assert session.answers()
    assert run(kind, attempt, "node01", "getent hosts controlplane").split()[0] == before["controlplane"]

    kind.destroy(attempt)
    assert belongings(kind, cluster) == []
    assert not kind.clusters.addresses(cluster)


def test_a_start_that_is_killed_is_told_of_and_leaves_nothing(
    kind: KindDriver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNG_HOME", str(tmp_path))
    home = tmp_path / "users-home"
    (home / ".kube").mkdir(parents=True)
    own = home / ".kube" / "config"
    own.write_text("apiVersion: v1\nkind: Config\n")
    cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")  # programs and images are there
    environment = {**os.environ, "HOME": str(home), "KUBECONFIG": str(own), "XDG_CACHE_HOME": cache}
    before = {c.id for c in kind.clusters.all()}

    kill_while_it_prepares_nodes(PREPARE, env=environment)
    (cluster,) = {c.id for c in kind.clusters.all() if c.expected == 3} - before
    (kept,) = [k for k in kind.spares() if k.name == cluster]
    assert not kept.ready
    kind.release(cluster)
    time.sleep(1)
    assert belongings(kind, cluster) == []
    assert network_name(cluster) not in [n["Name"] for n in kind.engine.networks()]
    assert own.read_text() == "apiVersion: v1\nkind: Config\n"


def test_an_attempt_whose_start_is_killed_is_incomplete_and_is_removed_with_its_half_made_cluster(
    kind: KindDriver, begun: list[str]
) -> None:
    attempt = secrets.token_hex(4)
    begun.append(attempt)
    kill_while_it_prepares_nodes(PROVISION, attempt, env=os.environ)
    (found,) = [f for f in kind.attempts() if f.attempt == attempt]
    cluster = kind.ownership.cluster(attempt)
    assert found.machines[0].name == "base"
    assert found.expected == 3
    assert not kind.clusters.is_whole(cluster)
    kind.destroy(attempt)
    assert attempt not in [f.attempt for f in kind.attempts()]
    time.sleep(1)
    assert belongings(kind, cluster) + belongings(kind, attempt) == []
