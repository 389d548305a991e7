"""The client: kinds by any of their names, errors as ours, a connection that is kept, commands and logs."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from api_server import ApiState, connected, namespace, pod, serving, thing
from rung.checks.client.discovery import ApiResource
from rung.checks.cluster import ALL, ApiRefused, Cluster, ClusterGone, UnknownKind
from rung.checks.core.channel import CommandTimeout, Result
from rung.checks.core.outcome import Fail

LANTERN = ApiResource("rung.dev", "v1", "lanterns", "Lantern", True, ("lan",))


def api_state() -> ApiState:
    lamp = thing("Lantern", "harbor", apiVersion="rung.dev/v1", spec={"size": 2})
    shop = thing("Deployment", "shop", labels={"app": "shop"}, spec={"replicas": 2})
    return ApiState(
        [namespace("lab"), namespace("web"), shop, pod("b"), pod("a"), pod("c", namespace="web"), lamp], [LANTERN]
    )


@pytest.fixture
def held() -> ApiState:
    return api_state()


@pytest.fixture
def cluster(held: ApiState) -> Iterator[Cluster]:
    with serving(held) as url:
        client = connected(url)
        yield client
        client.close()


@pytest.mark.parametrize(
    "word", ["Deployment", "deployment", "deployments", "deploy", "deployments.apps", "Deployment.v1.apps"]
)
def test_a_common_kind_is_found_under_each_of_its_names_without_discovery(
    held: ApiState, cluster: Cluster, word: str
) -> None:
    found = cluster.get(word, "shop")
    assert found is not None
    assert found["spec"] == {"replicas": 2}
    assert held.asked == ["GET /apis/apps/v1/namespaces/lab/deployments/shop"]


@pytest.mark.parametrize("word", ["Lantern", "lanterns", "lan", "lanterns.rung.dev"])
def test_another_kind_is_found_by_discovery(cluster: Cluster, word: str) -> None:
    found = cluster.get(word, "harbor")
    assert found is not None
    assert found["spec"] == {"size": 2}


def test_what_is_not_there_is_none_and_an_unknown_kind_is_told(cluster: Cluster) -> None:
    assert cluster.get("Deployment", "nosuch") is None
    with pytest.raises(UnknownKind) as caught:
        cluster.get("Lantrn", "harbor")
    assert caught.value.reasons == ["the API serves no kind `Lantrn`; did you mean `Lantern`?"]
    with pytest.raises(UnknownKind) as caught:
        cluster.list("zebras")
    assert caught.value.reasons == ["the API serves no kind `zebras`"]


def test_a_kind_whose_group_is_not_served_is_unknown_too(cluster: Cluster, held: ApiState) -> None:
    held.raw["/apis/apps/v1/namespaces/lab/deployments/shop"] = 404
    with pytest.raises(UnknownKind):
        cluster.get("Deployment", "shop")


def test_lists_are_sorted_whole_objects_and_filtered(held: ApiState, cluster: Cluster) -> None:
    assert [p["metadata"]["name"] for p in cluster.list("pods")] == ["a", "b"]
    assert [p["metadata"]["name"] for p in cluster.list("pods", ALL)] == ["a", "b", "c"]
    assert [p["kind"] for p in cluster.list("pods", "web")] == ["Pod"]
    assert [p["metadata"]["name"] for p in cluster.list("pods", labels={"app": "b"})] == ["b"]
    assert cluster.list("pods", fields="status.phase=Pending") == []
    assert held.asked[-1] == "GET /api/v1/namespaces/lab/pods?fieldSelector=status.phase%3DPending"


def pool(cluster: Cluster) -> Any:
    return cluster.client.rest_client.pool_manager.connection_from_url(cluster.server)


def connections(cluster: Cluster) -> int:
    """How many have been opened."""
    return int(pool(cluster).num_connections)


def idle(cluster: Cluster) -> list[Any]:
    return [each for each in pool(cluster).pool.queue if each is not None]


def test_one_connection_serves_many_questions_and_any_number_of_threads(held: ApiState, cluster: Cluster) -> None:
    for _ in range(5):
        cluster.get("pods", "a")
    assert (len(held.asked), connections(cluster)) == (5, 1)
    threads = [threading.Thread(target=lambda: cluster.get("pods", "a")) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(held.asked) == 25
    assert 1 <= len(idle(cluster)) <= 16


def test_a_connection_that_ended_meanwhile_is_replaced(cluster: Cluster) -> None:
    assert cluster.get("pods", "a") is not None
    (connection,) = idle(cluster)
    connection.sock.shutdown(socket.SHUT_RDWR)
    assert cluster.get("pods", "a") is not None
    assert len(idle(cluster)) == 1


def test_a_server_that_is_gone_is_told_with_what_was_tried(held: ApiState) -> None:
    with serving(held) as url:
        client = connected(url)
        assert client.answers()
        client.close()
    assert not client.answers()
    with pytest.raises(ClusterGone) as caught:
        client.get("pods", "a")
    assert str(caught.value) == f"GET {url}/api/v1/namespaces/lab/pods/a: connection refused"
    client.close()


def test_the_api_that_refuses_says_why(held: ApiState, cluster: Cluster) -> None:
    held.raw["/api/v1/namespaces/lab/pods"] = 503
    with pytest.raises(ApiRefused) as caught:
        cluster.list("pods")
    assert str(caught.value) == f"GET {cluster.server}/api/v1/namespaces/lab/pods: 503: because the test says so"
    assert caught.value.troubled


class _Silent(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        threading.Event().wait(1)


def test_a_server_that_is_silent_is_gone_after_the_timeout() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Silent)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    client = connected(f"http://127.0.0.1:{server.server_port}")
    with pytest.raises(ClusterGone) as caught:
        client.raw("GET", "/slow", timeout=0.1)
    assert caught.value.why == "no answer within 0.1 s"
    client.close()
    server.shutdown()
    server.server_close()


def test_wait_gives_the_object_or_fails_with_what_was_expected(cluster: Cluster) -> None:
    assert cluster.wait("pods", "a", lambda _: True, what="anything")["metadata"]["name"] == "a"
    with pytest.raises(Fail) as caught:
        cluster.wait("pods", "a", lambda _: False, what="wings", timeout=0.1)
    assert caught.value.reasons == ["pod/a: expected wings within 0.1 s, found it otherwise"]
    with pytest.raises(Fail) as caught:
        cluster.wait("pods", "z", lambda _: True, what="anything", timeout=0.1)
    assert caught.value.reasons == ["pod/z: expected anything within 0.1 s, found none"]


def test_a_command_in_a_pod_gives_status_and_both_outputs(cluster: Cluster, held: ApiState) -> None:
    asked = []

    def commands(name: str, words: list[str], stdin: bytes) -> Result:
        asked.append((name, words, stdin))
        return Result(3, b"out" * 100, b"err")

    held.commands = commands
    assert cluster.exec("a", "echo hi") == Result(3, b"out" * 100, b"err")
    cluster.exec("a", ["cat"], stdin=b"x" * 300)
    assert asked == [("a", ["sh", "-c", "echo hi"], b""), ("a", ["cat"], b"x" * 300)]


def test_output_that_does_not_arrive_whole_is_no_answer(cluster: Cluster, held: ApiState) -> None:
    held.commands = lambda *_: Result(0, b"", b"")
    assert cluster.exec("a", "echo hi").out == b""
    held.loses = True
    with pytest.raises(ClusterGone) as caught:
        cluster.exec("a", "echo hi")
    assert caught.value.why == "the command's output did not arrive whole"
    held.commands = lambda *_: Result(3, b"ou", b"")
    assert cluster.exec("a", "echo hi") == Result(3, b"ou", b"")


def test_a_program_that_is_not_in_the_container_ends_with_127(cluster: Cluster, held: ApiState) -> None:
    held.commands = lambda *_: Result(127, b"", b"sh")
    assert cluster.exec("a", "true").rc == 127


def test_a_command_in_a_pod_that_is_not_there_is_refused(cluster: Cluster) -> None:
    with pytest.raises(ApiRefused) as caught:
        cluster.exec("nosuch", "true")
    assert (caught.value.status, caught.value.message) == (404, 'pods "nosuch" not found')


def test_a_command_that_does_not_end_is_given_up(cluster: Cluster, held: ApiState) -> None:
    held.commands = lambda *_: Result(int(threading.Event().wait(0.5)), b"", b"")
    with pytest.raises(CommandTimeout) as caught:
        cluster.exec("a", "sleep 9", timeout=0.1)
    assert str(caught.value) == "`sh -c sleep 9` did not end within 0.1 s"


def test_logs_and_those_of_before(cluster: Cluster, held: ApiState) -> None:
    held.logs = {"a/app": "now\n", "a/app/previous": "then\n"}
    assert cluster.logs("a") == "now\n"
    assert cluster.logs("a", container="app", previous=True, since=60, tail=5) == "then\n"
    assert held.asked[-1] == (
        "GET /api/v1/namespaces/lab/pods/a/log?limitBytes=4194304&container=app&sinceSeconds=60&tailLines=5"
        "&previous=true"
    )


@pytest.mark.parametrize(
    ("asked", "spec"),
    [
        (
            {"verb": "get", "resource": "pods", "user": "mira"},
            {"user": "mira", "groups": ["system:authenticated"],
             "resourceAttributes": {"verb": "get", "resource": "pods", "namespace": "lab"}},
        ),
        (
            {"verb": "update", "resource": "deploy/scale", "name": "shop", "namespace": "web",
             "serviceaccount": "ci:bot"},
            {"user": "system:serviceaccount:ci:bot",
             "groups": ["system:serviceaccounts", "system:serviceaccounts:ci", "system:authenticated"],
             "resourceAttributes": {"verb": "update", "name": "shop", "subresource": "scale", "group": "apps",
                                    "resource": "deployments", "namespace": "web"}},
        ),
        (
            {"verb": "list", "resource": "nodes", "serviceaccount": "bot"},
            {"user": "system:serviceaccount:lab:bot",
             "groups": ["system:serviceaccounts", "system:serviceaccounts:lab", "system:authenticated"],
             "resourceAttributes": {"verb": "list", "resource": "nodes"}},
        ),
        (
            {"verb": "list", "resource": "secrets", "namespace": ALL, "groups": ["ops"]},
            {"user": "somebody", "groups": ["ops", "system:authenticated"],
             "resourceAttributes": {"verb": "list", "resource": "secrets"}},
        ),
        (
            {"verb": "*", "resource": "*", "user": "mira"},
            {"user": "mira", "groups": ["system:authenticated"],
             "resourceAttributes": {"verb": "*", "group": "*", "resource": "*", "namespace": "lab"}},
        ),
        (
            {"verb": "get", "resource": "/healthz", "user": "mira"},
            {"user": "mira", "groups": ["system:authenticated"],
             "nonResourceAttributes": {"verb": "get", "path": "/healthz"}},
        ),
    ],
)  # fmt: skip
def test_a_review_asks_for_who_and_what(cluster: Cluster, held: ApiState, asked: dict[str, Any], spec: Any) -> None:
    held.allowed = lambda given: given == spec
    assert cluster.can_i(**asked).allowed
    assert held.bodies[-1]["spec"] == spec


def test_objects_can_be_made_changed_and_removed(cluster: Cluster, held: ApiState) -> None:
    made = cluster.create({"kind": "ConfigMap", "metadata": {"name": "x"}}, dry_run=True)
    assert made["metadata"] == {"name": "x", "namespace": "lab", "uid": "new"}
    assert cluster.patch("deploy", "shop", {"spec": {"replicas": 5}})["spec"] == {"replicas": 5}
    assert cluster.delete("deploy", "shop", grace=0)
    assert not cluster.delete("deploy", "nosuch")
    assert [a for a in held.asked if not a.startswith("GET")] == [
        "POST /api/v1/namespaces/lab/configmaps?dryRun=All",
        "PATCH /apis/apps/v1/namespaces/lab/deployments/shop",
        "DELETE /apis/apps/v1/namespaces/lab/deployments/shop?gracePeriodSeconds=0",
        "DELETE /apis/apps/v1/namespaces/lab/deployments/nosuch",
    ]


def test_the_official_api_classes_use_the_same_client(cluster: Cluster) -> None:
    from kubernetes.client import ApiClient, CoreV1Api

    assert isinstance(cluster.client, ApiClient)
    cluster.get("pods", "a")
    found = CoreV1Api(cluster.client).list_namespace()
    assert [n.metadata.name for n in found.items] == ["lab", "web"]
    assert connections(cluster) == 1


def test_a_client_costs_nothing_until_it_is_used() -> None:
    code = (
        "import rung.checks.cluster, sys; print(*sorted({'http', 'ssl', 'kubernetes', 'websocket'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "\n"
