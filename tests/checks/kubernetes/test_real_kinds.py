"""The kinds on a real cluster of two nodes."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from real_cluster import RealCluster
from rung.checks.client import discovery
from rung.checks.cluster import ApiRefused, Cluster, ClusterGone
from rung.checks.core.channel import CommandTimeout

pytestmark = pytest.mark.machines


MANIFESTS = "/etc/kubernetes/manifests"
NO_PROGRAM = "no such program in the container"


def until(holds: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.2)


def test_the_table_of_common_kinds_is_what_the_api_serves(real: RealCluster) -> None:
    served = {(r.api_version, r.plural): r for r in real.cluster._discovered()}
    for known in discovery.common_resources():
        found = served[known.api_version, known.plural]
        assert (found.kind, found.namespaced, set(found.short)) == (known.kind, known.namespaced, set(known.short))


def serves(cluster: Cluster) -> bool:
    try:
        cluster.get("Deployment", "gone")
    except ClusterGone:
        return False
    return True


@pytest.mark.parametrize(
    "asked",
    [
        {"resource": {"kind": "Deployment", "name": "web", "spec": {"replicas": 2, "template": {"spec": {"containers": [
            {"name": "web", "resources": {"requests": {"cpu": 0.01, "memory": "32Mi"}},
             "readinessProbe": {"httpGet": {"port": 8080}}}]}}}}, "ready": True},
        {"resource": "service/web", "ready": True},
        {"resource": "pod/client", "ready": True},
        {"resource": "namespace/lab", "ready": True},
        {"resource": "deployment/web", "lacks": [{"spec": {"paused": True}}]},
        {"absent": "deployment/gone"},
        {"count": "pods", "labels": "app=web", "exactly": 2, "ready": True},
        {"count": "nodes", "fields": "metadata.name=node01"},
        {"rollout": "deployment/web", "revision": 1, "history": 1, "image": "rung/web:1.0"},
        {"can_i": ["get", "list", "watch"], "resource": ["pods", "pods/log"], "serviceaccount": "oncall", "only": True},
        {"can_i": ["delete", "create"], "resource": ["pods", "secrets"], "serviceaccount": "oncall", "allowed": False},
        {"can_i": "get", "resource": "pods", "serviceaccount": "oncall", "namespace": "*", "allowed": False},
        {"can_i": "*", "resource": "*", "groups": ["system:masters"], "namespace": "*"},
        {"node": "*", "at_least": 2},
        {"node": "node01", "schedulable": True, "labels": {"kubernetes.io/os": "linux", "x": None}, "no_taints": ["x"]},
        {"node": "node01", "kubelet": {"staticPodPath": MANIFESTS, "nodeStatusUpdateFrequency": "0m10s"}},
        {"http": "http://web/healthz", "from": "client"},
        {"http": "http://web.lab.svc.cluster.local/", "from": {"labels": {"app": "client"}, "node": "node01"}},
        {"connects": "web:80", "from": "client"},
        {"connects": "web:81", "from": "client", "reachable": False},
        {"connects": "web:80", "from": "deployment/web"},
        {"connects": "localhost:81", "from": "deployment/web", "reachable": False},
        {"connects": "web:81", "from": "deployment/web", "reachable": False},
        {"dns": "web", "from": "client", "service": "web"},
        {"dns": "web.lab.svc.cluster.local", "from": "client", "service": "web.lab"},
        {"dns": "nosuch.lab.svc.cluster.local", "from": "client", "resolves": False},
        {"logs": "client", "lines": ["started", "id=7"], "lacks": ["error"]},
        {"exec": "echo $((6 * 7)) >&1; exit 3", "pod": "client", "exit": 3, "stdout": "42"},
        {"exec": ["cat", "/etc/hostname"], "pod": {"labels": "app=client"}, "stdout": "client"},
        {"policy": [
            {"from": {"labels": "app=client"}, "to": {"labels": "app=web"}, "ports": ["http", 8080]},
            {"from": {"like": {"app": "other"}}, "to": {"labels": "app=web"}, "ports": 8080, "allowed": False},
        ]},
        {"manifest": {"kind": "ConfigMap", "metadata": {"name": "x"}, "data": {"a": "b"}}},
        {"manifest": {"kind": "Service", "metadata": {"name": "x"}, "spec": {"ports": [{"port": 99999}]}},
         "accepted": False, "message": "between 1 and 65535"},
        {"manifest": {"kind": "ServiceAccount", "metadata": {"name": "oncall", "labels": {"a": "b"}}},
         "contains": [{"kind": "ServiceAccount", "name": "oncall", "metadata": {"labels": {"a": "b"}}}]},
        {"file": "/etc/kubernetes/kubelet.conf", "on": "node01"},
    ],
)  # fmt: skip
def test_what_is_so_gives_no_reasons(real: RealCluster, asked: dict[str, Any]) -> None:
    end = time.monotonic() + 30  # until a slow node has the rules of a new Service
    while (reasons := real.ask(asked)) and time.monotonic() < end:
        time.sleep(0.5)
    assert reasons == []


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (
            {"resource": {"kind": "Deployment", "name": "web", "spec": {"replicas": 3}}},
            ["deployment/web: spec.replicas: expected 3, found 2"],
        ),
        ({"absent": "service/web"}, ["service/web: expected none, found one"]),
        ({"resource": "widget/x"}, ["the API serves no kind `widget`"]),
        (
            {"can_i": "get", "resource": "pods", "serviceaccount": "oncall", "only": True},
            [
                (
                    "serviceaccount/oncall: all that is allowed: expected nothing else, "
                    "found get pods/log, list pods, list pods/log, watch pods, watch pods/log"
                )
            ],
        ),
        ({"exec": "true", "pod": "gone"}, ["pod/gone: expected at least one, found none"]),
        (
            {"exec": ["/nosuch"], "pod": "client", "exit": None},
            [f"`/nosuch` in pod/client: exit status: expected any but 0, found 127 (`{NO_PROGRAM}`)"],
        ),
        (
            {"logs": "client", "previous": True, "lines": ["x"]},
            [
                (
                    "pod/client: log: expected one to read, found none "
                    '(previous terminated container "box" in pod "client" not found)'
                )
            ],
        ),
        (
            {"http": "http://localhost:81/", "from": "client"},
            ["http://localhost:81/: expected an answer with status 200, found no connection"],
        ),
        (
            {"dns": "no.lab.svc.cluster.local", "from": "client"},
            ["no.lab.svc.cluster.local: expected a record of type A, found NXDOMAIN"],
        ),
    ],
)
def test_what_is_not_so_is_told(real: RealCluster, asked: dict[str, Any], told: list[str]) -> None:
    assert real.ask(asked) == told


def test_grading_leaves_no_trace(real: RealCluster) -> None:
    assert real.cluster.get("ConfigMap", "x") is None
    assert real.ask({"resource": {"kind": "Deployment", "name": "web", "spec": {"replicas": 2}}}) == []


def test_a_command_gets_its_input_and_has_a_limit(real: RealCluster) -> None:
    text = b"0123456789abcdef\n" * 8192
    result = real.cluster.exec("client", ["sh", "-c", "wc -c; echo oh >&2; exit 7"], stdin=text)
    assert (result.rc, result.out.strip(), result.err) == (7, str(len(text)).encode(), b"oh\n")
    big = real.cluster.exec("client", "i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done")
    assert big.stdout.splitlines()[-1] == "line 19999"
    with pytest.raises(CommandTimeout):
        real.cluster.exec("client", "sleep 30", timeout=0.5)
    with pytest.raises(ApiRefused):
        real.cluster.exec("client", "true", container="nosuch")


ROLLED = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: rolled, namespace: lab}
spec:
  replicas: 1
  selector: {matchLabels: {app: rolled}}
  template:
    metadata: {labels: {app: rolled}}
    spec:
      terminationGracePeriodSeconds: 1
      containers: [{name: web, image: "rung/web:1.0"}]
"""


def test_a_rollout_on_its_way_and_back(real: RealCluster) -> None:
    asked = {"rollout": "deployment/rolled"}
    real.apply(ROLLED)
    until(lambda: real.ask(asked | {"revision": 1, "image": "rung/web:1.0"}) == [], 30)
    real.apply(ROLLED.replace("web:1.0", "web:nosuch"))
    until(lambda: real.ask(asked | {"complete": False, "revision": 2, "history": 2}) == [], 30)
    assert real.ask(asked) != []
    real.apply(ROLLED)
    until(lambda: real.ask(asked | {"revision": 3, "history": 2, "image": "rung/web:1.0"}) == [], 60)
    assert real.cluster.delete("Deployment", "rolled")


def test_helm_and_kustomize_on_base(real: RealCluster) -> None:
    base = real.hosts["base"]
    result = base.run(
        "set -e; rm -rf /tmp/c /tmp/k; mkdir -p /tmp/c/templates /tmp/k; cd /tmp/c; "
        "printf 'apiVersion: v2\\nname: portal\\nversion: 1.2.0\\nappVersion: \"7\"\\n' > Chart.yaml; "
        "printf 'mode: test\\nsize: 1\\n' > values.yaml; "
        "printf 'apiVersion: v1\\nkind: ConfigMap\\nmetadata: {name: portal}\\ndata: {mode: {{ .Values.mode }}}\\n' "
        "> templates/c.yaml; "
        "helm install portal . -n lab --set mode=prod; helm upgrade portal . -n lab --set mode=live; "
        "printf 'namePrefix: staging-\\nconfigMapGenerator: [{name: settings, literals: [A=b]}]\\n' "
        "> /tmp/k/kustomization.yaml",
        timeout=60,
    )
    assert result.ok, result.stderr
    assert real.ask({
        "helm": "portal", "chart": "portal", "version": "1.2.0", "app_version": "7", "revision": 2, "kept": [1],
        "values": {"mode": "live", "size": 1}, "given": {"mode": "live"},
    }) == []  # fmt: skip
    made = {"kind": "ConfigMap", "name": "staging-settings-*", "data": {"A": "b"}}
    assert real.ask({"kustomize": "/tmp/k", "contains": [made], "only": True}) == []
    (told,) = real.ask({"kustomize": "/tmp/k", "live": True})
    assert told.startswith("configmap/staging-settings-")
    assert told.endswith(": in the cluster: expected to exist, found none")


def test_a_kubelet_that_was_stopped_is_noticed_before_the_api_does(real: RealCluster) -> None:
    node = real.hosts["node01"]
    assert node.run("systemctl stop kubelet").ok
    until(lambda: real.ask({"node": "node01"}) != [], 30)
    (told,) = real.ask({"node": "node01"})
    assert told.startswith("node/node01: expected ready, found unknown: its kubelet does not answer (")
    assert node.run("systemctl start kubelet").ok
    until(lambda: real.ask({"node": "node01"}) == [], 60)


def test_after_a_restart_what_was_reported_before_is_unknown(real: RealCluster, reboot: Callable[[str], None]) -> None:
    ready = [{"resource": name, "ready": True} for name in ("pod/client", "deployment/web")]
    reboot("node01")
    until(lambda: not any(real.ask(each) for each in ({"node": "node01"}, *ready)), 90)
    boot = real.hosts["node01"].booted_at.replace(microsecond=0)
    status = real.cluster.get("pods", "client")["status"]  # type: ignore[index]
    started = status["containerStatuses"][0]["state"]["running"]["startedAt"]
    assert started >= boot.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_an_api_that_is_stopped_is_gone_and_comes_back(real: RealCluster) -> None:
    plane = real.hosts["controlplane"]
    manifest = "/etc/kubernetes/manifests/kube-apiserver.yaml"
    assert plane.run("mv %s /root/", manifest).ok
    try:
        until(lambda: not serves(real.cluster), 90)  # while it shuts down it answers, and says that it is not ready
        with pytest.raises(ClusterGone):
            real.ask({"absent": "deployment/gone"})
    finally:
        assert plane.run("mv /root/kube-apiserver.yaml %s", manifest).ok
    until(real.cluster.answers, 120)


def test_the_official_api_classes_use_the_same_client(real: RealCluster) -> None:
    from kubernetes.client import VersionApi

    with real.cluster.client as client:
        assert VersionApi(client).get_code().git_version.startswith("v1.")
    assert isinstance(real.cluster, Cluster)


POLICIES = """\
apiVersion: v1
kind: Pod
metadata: {name: stranger, namespace: lab, labels: {app: stranger}}
spec:
  terminationGracePeriodSeconds: 0
  nodeName: controlplane
  tolerations: [{operator: Exists}]
  containers: [{name: box, image: rung/box:1.0}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: client-asks-names-only, namespace: lab}
spec:
  podSelector: {matchLabels: {app: client}}
  policyTypes: [Egress]
  egress:
    - ports: [{port: 53, protocol: UDP}]
    - to: [{podSelector: {matchLabels: {app: web}}}]
      ports: [{port: http}]
"""


def test_policies_are_enforced_and_tried(real: RealCluster) -> None:
    enforced = replace(real, cluster=Cluster(real.cluster.client, "lab", capabilities=frozenset({"network-policy"})))
    real.apply(POLICIES)
    until(lambda: real.ask({"resource": "pod/stranger", "ready": True}) == [], 60)
    web, client, stranger = {"labels": "app=web"}, {"labels": "app=client"}, {"labels": "app=stranger"}
    asked = {
        "policy": [
            {"from": client, "to": web, "ports": "http"},
            {"from": stranger, "to": web, "ports": 8080, "allowed": False},
            {"from": web, "to": stranger, "ports": 80},
        ]
    }
    with enforced.cluster:
        until(lambda: enforced.ask(asked) == [], 30)
    until(lambda: real.ask({"http": "http://web.lab/healthz", "from": "client", "status": 200}) == [], 30)
    until(lambda: real.ask({"dns": "web.lab.svc.cluster.local", "from": "client"}) == [], 30)
    assert real.ask({"connects": "kubernetes.default:443", "from": "client", "reachable": False}) == []
    assert real.ask({"connects": "kubernetes.default:443", "from": "stranger"}) == []
    assert real.cluster.delete("NetworkPolicy", "client-asks-names-only")
    until(lambda: real.ask({"connects": "kubernetes.default:443", "from": "client"}) == [], 30)
    rules = real.hosts["node01"].run("iptables -t mangle -S").stdout
    assert "RUNG-E-" not in rules
    assert "RUNG-I-" in rules
