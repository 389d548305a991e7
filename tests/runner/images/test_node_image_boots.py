"""The node image, tested on a cluster of two nodes that kind creates from it."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from docker_command import environment
from rung.runner.drivers.container.driver import ContainerDriver
from rung.runner.images import build, go_programs

pytestmark = pytest.mark.machines

NAME = "rung-test-image"
SUBNET = "10.213.254.0/28"
CONFIG = """
kind: Cluster
apiVersion: kind.x-k8s.io/v1alpha4
nodes:
  - role: control-plane
    kubeadmConfigPatches:
      - |
        kind: InitConfiguration
        nodeRegistration: {name: controlplane}
        patches: {directory: /kind/patches}
  - role: worker
    kubeadmConfigPatches:
      - |
        kind: JoinConfiguration
        nodeRegistration: {name: node01}
"""
PROGRAMS = "crictl kubectl kubeadm etcdctl etcdutl jq vim nano less curl ss iptables conntrack"
CONTAINERS = {"controlplane": f"{NAME}-control-plane", "node01": f"{NAME}-worker"}


@dataclass
class Cluster:
    """A cluster, used with the programs that a learner has."""

    environment: dict[str, str]

    def kubectl(self, *arguments: str, stdin: str | None = None) -> str:
        command = [str(go_programs.binary("kubectl")), *arguments]
        done = subprocess.run(
            command, input=stdin, env=self.environment, capture_output=True, text=True, timeout=180, check=False
        )
        assert done.returncode == 0, f"{arguments}: {done.stderr}"
        return done.stdout

    def exec(self, pod: str, script: str) -> str:
        """The output of a script in a pod.

        It is repeated if the output is incomplete: a stream may end early with success (kubernetes issue 34256).
        """
        until = time.monotonic() + 60
        while True:  # a kubelet that has just started does not know its pods yet
            try:
                output = self.kubectl("exec", pod, "--", "sh", "-c", f"{script}\necho '# end'")
            except AssertionError:
                output = ""
            text, end, _ = output.partition("# end\n")
            if end:
                return text
            assert time.monotonic() < until, f"{script}: its output is incomplete"
            time.sleep(0.5)

    def get(self, *arguments: str) -> Any:
        return json.loads(self.kubectl("get", *arguments, "-o", "json"))

    def apply(self, *objects: dict[str, Any]) -> None:
        self.kubectl("apply", "-f", "-", stdin=json.dumps({"apiVersion": "v1", "kind": "List", "items": objects}))

    def run(self, node: str, script: str) -> str:
        return docker("exec", CONTAINERS[node], "sh", "-c", script)

    def ready(self) -> None:
        """Wait at most about 3 min until the API server answers and all nodes and pods are ready."""
        until = time.monotonic() + 180
        while True:
            try:
                self.kubectl("get", "--raw", "/readyz")
                self.kubectl("wait", "--for=condition=ready", "nodes", "--all", "--timeout=90s")
                self.kubectl("wait", "--for=condition=ready", "pods", "--all", "-A", "--timeout=90s")
            except AssertionError:
                assert time.monotonic() < until
                time.sleep(1)
            else:
                return


def docker(*arguments: str) -> str:
    done = subprocess.run(
        ["docker", *arguments], env=environment(), capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, f"{arguments}: {done.stderr}"
    return done.stdout.strip()


@pytest.fixture(scope="module")
def cluster(driver: ContainerDriver, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp("kind")
    (folder / "config.yaml").write_text(CONFIG)
    variables = {
        **environment(),
        "KUBECONFIG": str(folder / "kubeconfig"),
        "KIND_EXPERIMENTAL_DOCKER_NETWORK": NAME,
    }
    image = build.ensure("node", driver.engine)
    kind = str(go_programs.binary("kind"))
    docker("network", "create", "--subnet", SUBNET, NAME)
    try:
        make = [kind, "create", "cluster", "--name", NAME, "--image", image, "--wait", "120s"]
        done = subprocess.run(
            [*make, "--config", str(folder / "config.yaml")],
            env=variables,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        found = Cluster(variables)
        found.ready()
        found.apply(*(pod(f"{what}-{node}", node, what) for node in CONTAINERS for what in ("web", "box")))
        found.ready()
        yield found
    finally:
        subprocess.run([kind, "delete", "cluster", "--name", NAME], env=variables, check=True, capture_output=True)
        docker("network", "rm", NAME)


def pod(name: str, node: str, image: str, **more: Any) -> dict[str, Any]:
    version = {"web": "1.1", "box": "1.0"}[image]
    container = {"name": image, "image": f"rung/{image}:{version}"}
    spec = {"nodeName": node, "containers": [container], "tolerations": [{"operator": "Exists"}], **more}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "labels": {"app": name}}, "spec": spec}


def test_components_have_the_pinned_version(cluster: Cluster) -> None:
    version = go_programs.version("kubernetes")
    found = json.loads(cluster.kubectl("version", "-o", "json"))
    assert {found["clientVersion"]["gitVersion"], found["serverVersion"]["gitVersion"]} == {version}
    nodes = {n["metadata"]["name"]: n["status"]["nodeInfo"]["kubeletVersion"] for n in cluster.get("nodes")["items"]}
    assert nodes == {"controlplane": version, "node01": version}
    assert cluster.run("node01", "kubeadm version -o short") == version


def test_no_unit_failed(cluster: Cluster) -> None:
    # Restarts are not counted: on a slow computer a controller may lose its lease once and restart.
    for node in CONTAINERS:
        assert cluster.run(node, "systemctl --failed --no-legend") == ""


def test_images_are_tagged_with_the_version_of_their_program(cluster: Cluster) -> None:
    etcd = cluster.kubectl("exec", "-n", "kube-system", "etcd-controlplane", "--", "etcd", "--version")
    assert etcd.splitlines()[0] == f"etcd Version: {go_programs.version('etcd')[1:]}"
    dns = cluster.get("deployment", "coredns", "-n", "kube-system")
    assert dns["spec"]["template"]["spec"]["containers"][0]["image"].endswith(go_programs.version("coredns"))


def test_pods_reach_each_other_across_nodes_without_nat(cluster: Cluster) -> None:
    for client in CONTAINERS:
        for server in CONTAINERS:
            web = cluster.get("pod", f"web-{server}")["status"]["podIP"]
            box = cluster.get("pod", f"box-{client}")["status"]["podIP"]
            text = cluster.exec(f"box-{client}", f"curl -sS -m 5 {web}:8080/?{client}")
            assert text == f"version: 1.1\npod: web-{server}\nnamespace: default\n"
            assert f"GET /?{client} 200 {box}:" in cluster.kubectl("logs", f"web-{server}")


def test_services_have_names_and_node_ports(cluster: Cluster) -> None:
    ports = [{"port": 80, "targetPort": 8080, "nodePort": 30080}]
    cluster.apply(
        {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {"name": "web"},
            "spec": {"type": "NodePort", "selector": {"app": "web-node01"}, "ports": ports},
        }
    )
    request = "curl -sS -m 5 --retry 10 --retry-all-errors --retry-delay 1 http://web/healthz"
    assert cluster.exec("box-controlplane", request) == "ok\n"
    for node in CONTAINERS:
        own = "$(hostname -I | cut -d ' ' -f 1)"
        assert cluster.run(node, f"curl -sS -m 5 --retry 5 --retry-all-errors http://{own}:30080/healthz") == "ok"
    found = cluster.exec("box-node01", "dig +short web.default.svc.cluster.local")
    assert found.strip() == cluster.get("service", "web")["spec"]["clusterIP"]


def test_a_bad_release_is_not_healthy(cluster: Cluster) -> None:
    probe = {"httpGet": {"path": "/healthz", "port": 8080}, "periodSeconds": 1}
    container = {"name": "web", "image": "rung/web:1.2-bad", "readinessProbe": probe}
    cluster.apply(pod("bad", "node01", "web", containers=[container]))
    cluster.kubectl("wait", "--for=jsonpath={.status.phase}=Running", "pod/bad", "--timeout=60s")
    assert "this release is broken" in cluster.kubectl("logs", "bad")
    assert cluster.kubectl("get", "pod", "bad", "-o", "jsonpath={.status.containerStatuses[0].ready}") == "false"
    began = time.monotonic()
    cluster.kubectl("delete", "pod", "bad", "box-node01")  # both end on SIGTERM
    assert time.monotonic() - began < 20
    cluster.apply(pod("box-node01", "node01", "box"))
    cluster.ready()


def test_a_claim_gets_a_volume_that_is_deleted_with_it(cluster: Cluster) -> None:
    claim = {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": "data"},
        "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Mi"}}},
    }
    mounts = [{"name": "data", "mountPath": "/data"}]
    container = {"name": "box", "image": "rung/box:1.0", "volumeMounts": mounts}
    volumes = [{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]
    writer = pod("writer", "node01", "box", containers=[container], volumes=volumes)
    del writer["spec"]["nodeName"]  # the scheduler binds the claim
    cluster.apply(claim, writer)
    cluster.ready()
    assert cluster.kubectl("exec", "writer", "--", "sh", "-c", "echo kept > /data/file && cat /data/file") == "kept\n"
    cluster.kubectl("delete", "pod/writer", "pvc/data")
    cluster.kubectl("wait", "--for=delete", "pv", "--all", "--timeout=60s")


def test_the_metrics_manifest_is_all_that_metrics_need(cluster: Cluster) -> None:
    manifest = cluster.run("controlplane", "cat /kind/manifests/metrics-server.yaml")
    cluster.kubectl("apply", "-f", "-", stdin=manifest)
    cluster.kubectl("rollout", "status", "-n", "kube-system", "deployment/metrics-server", "--timeout=120s")
    cluster.kubectl("wait", "--for=condition=available", "apiservice/v1beta1.metrics.k8s.io", "--timeout=90s")
    until = time.monotonic() + 90
    while _measured(cluster) != set(CONTAINERS):
        assert time.monotonic() < until
        time.sleep(1)


def _measured(cluster: Cluster) -> set[str]:
    """The nodes that have metrics."""
    text = cluster.kubectl("get", "--raw", "/apis/metrics.k8s.io/v1beta1/nodes")
    return {each["metadata"]["name"] for each in json.loads(text)["items"]}


def test_a_node_has_the_programs_of_grader_and_learner(cluster: Cluster) -> None:
    for node in CONTAINERS:
        for tool in ("busybox", "bash"):
            assert "not a dynamic executable" in cluster.run(node, f"ldd /usr/lib/rung/{tool} 2>&1 || true")
        for program in PROGRAMS.split():
            assert cluster.run(node, f"command -v {program}"), program
        assert cluster.run(node, "systemctl is-active ssh kubelet containerd") == "active\nactive\nactive"
        assert "rung/web" in cluster.run(node, "crictl images")
        assert len(cluster.run(node, "cat /etc/machine-id")) == 32
    assert len({cluster.run(node, "cat /etc/machine-id /etc/ssh/ssh_host_ed25519_key.pub") for node in CONTAINERS}) == 2
    assert (
        cluster.run("controlplane", "bash -lic 'k get nodes -o name' 2> /dev/null") == "node/controlplane\nnode/node01"
    )


SNAPSHOTS = "/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots"


def test_nodes_share_the_layers_of_their_images(cluster: Cluster) -> None:
    for node in CONTAINERS:
        layers = cluster.run(node, "ls /usr/lib/rung/layers").split()
        assert layers
        for layer in layers:
            assert cluster.run(node, f"readlink {SNAPSHOTS}/{layer}/fs") == f"/usr/lib/rung/layers/{layer}"


REFUSE_OVERLAY = """
mkdir /stub
printf '#!/bin/sh\ncase "$*" in *overlay*) exit 32 ;; esac\nexec /usr/bin/mount "$@"\n' > /stub/mount
chmod 755 /stub/mount
PATH=/stub:$PATH exec /usr/local/bin/entrypoint %s
"""


def test_images_are_copied_if_overlay_mounts_fail(driver: ContainerDriver) -> None:
    image = build.ensure("node", driver.engine)
    options = ["--rm", "--privileged", "--network", "none", "--volume", "/var", "--entrypoint", "sh"]
    find = f"find {SNAPSHOTS} -path '*/fs/usr/local/bin/etcdctl' -o -name fs -type l"
    found = docker("run", *options, image, "-c", REFUSE_OVERLAY % find)
    assert [path.rpartition("/")[2] for path in found.splitlines()] == ["etcdctl"]


def test_nodes_restart_in_another_order_with_swapped_addresses(cluster: Cluster) -> None:
    """This test is the last one because it stops the nodes."""
    address = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}"
    before = {node: docker("inspect", "-f", address, name) for node, name in CONTAINERS.items()}
    docker("stop", *CONTAINERS.values())
    # The engine gives the lowest free address to the container that starts first.
    for node in sorted(CONTAINERS, key=lambda n: before[n], reverse=True):
        docker("start", CONTAINERS[node])
    after = {node: docker("inspect", "-f", address, name) for node, name in CONTAINERS.items()}
    assert after == {"controlplane": before["node01"], "node01": before["controlplane"]}
    cluster.ready()
    addresses = {
        n["metadata"]["name"]: {a["type"]: a["address"] for a in n["status"]["addresses"]}["InternalIP"]
        for n in cluster.get("nodes")["items"]
    }
    assert addresses == after
    web = cluster.get("pod", "web-node01")["status"]["podIP"]
    assert cluster.exec("box-controlplane", f"curl -sS -m 5 --retry 20 --retry-all-errors {web}:8080/healthz") == "ok\n"
