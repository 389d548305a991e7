"""What becomes of a question when the API answers, refuses, is gone, or never was."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from api_server import ApiState, check_context, connected, expectation, namespace, serving, thing
from rung.checks.client.errors import ApiRefused, ClusterGone, answered_by_api_server
from rung.checks.cluster import Cluster
from rung.checks.core.outcome import Broken, Fail, Outcome
from rung.checks.core.python_checks import check
from rung.runner.grading.evaluate import BoundCheck, CheckResult, evaluate

NOWHERE = "http://127.0.0.1:9/api/v1/namespaces/lab"


def question(data: dict[str, Any]) -> BoundCheck:
    return BoundCheck.of_expectation("task", "base", expectation(data), {})


def asked(data: dict[str, Any], api_state: ApiState) -> CheckResult:
    with serving(api_state) as url:
        cluster = connected(url)
        try:
            return evaluate(question(data), {}, {}, cluster)
        finally:
            cluster.close()


@pytest.fixture
def api_state() -> ApiState:
    return ApiState([namespace("lab"), thing("ConfigMap", "settings")])


def test_a_kind_that_asks_only_the_api_needs_no_machine(api_state: ApiState) -> None:
    assert asked({"resource": "cm/settings"}, api_state) == CheckResult(Outcome.PASSED)
    assert asked({"absent": "cm/settings"}, api_state) == CheckResult(
        Outcome.FAILED, ["configmap/settings: expected none, found one"]
    )


def test_a_kind_that_asks_a_machine_still_misses_it(api_state: ApiState) -> None:
    assert asked({"file": "/etc/passwd"}, api_state) == CheckResult(Outcome.FAILED, gone="base")


def test_an_api_that_does_not_answer_is_failed_with_what_was_tried_and_lost() -> None:
    nowhere = connected("http://127.0.0.1:9")
    assert evaluate(question({"resource": "cm/settings"}), {}, {}, nowhere) == CheckResult(
        Outcome.FAILED,
        [f"the cluster's API does not answer: GET {NOWHERE}/configmaps/settings: connection refused"],
        lost=True,
        own=True,
    )


@pytest.mark.parametrize("data", [{"absent": "cm/settings"}, {"count": "cm", "exactly": 0}, {"node": "*"}])
def test_nothing_passes_while_the_api_is_down(data: dict[str, Any]) -> None:
    nowhere = connected("http://127.0.0.1:9")
    verdict = evaluate(question(data), {}, {}, nowhere)
    assert (verdict.outcome, verdict.lost) == (Outcome.FAILED, True)


@pytest.mark.parametrize(("status", "lost"), [(503, True), (429, True), (401, False), (403, False)])
def test_an_api_that_refuses_is_failed_and_lost_only_where_it_is_in_trouble(
    api_state: ApiState, status: int, lost: bool
) -> None:
    api_state.raw["/api/v1/namespaces/lab/configmaps/settings"] = status
    verdict = asked({"resource": "cm/settings"}, api_state)
    assert verdict.outcome is Outcome.FAILED
    assert verdict.lost is lost
    assert verdict.reasons[0].startswith("the cluster's API refused an answer: GET http://127.0.0.1:")
    assert verdict.reasons[0].endswith(f"configmaps/settings: {status}: because the test says so")


def test_a_kind_that_is_not_served_is_the_learners(api_state: ApiState) -> None:
    assert asked({"absent": "lantern/harbor"}, api_state) == CheckResult(
        Outcome.FAILED, ["the API serves no kind `lantern`"]
    )


def test_a_lab_without_a_cluster_cannot_be_asked_about_one() -> None:
    host = connected("http://127.0.0.1:9")
    with pytest.raises(Broken, match=r"^this needs a cluster, and the lab has none$"):
        question({"node": "*"}).evaluate(replace(check_context(host), cluster=None))


def test_a_python_check_gets_the_cluster(api_state: ApiState) -> None:
    @check(task="task")
    def settings(cluster: Cluster) -> None:
        """The settings have a mode"""
        found = cluster.get("ConfigMap", "settings")
        if found is None or "data" not in found:
            raise Fail("configmap/settings: expected data.mode, found nothing")

    python = BoundCheck.of_function("base", settings.__rung_check__)  # type: ignore[attr-defined]
    with serving(api_state) as url:
        cluster = connected(url)
        assert evaluate(python, {}, {}, cluster) == CheckResult(
            Outcome.FAILED, ["configmap/settings: expected data.mode, found nothing"]
        )
        api_state.objects[1]["data"] = {"mode": "prod"}
        assert evaluate(python, {}, {}, cluster) == CheckResult(Outcome.PASSED)
        cluster.close()


@pytest.mark.parametrize(
    ("path", "own"),
    [
        ("/api/v1/namespaces/lab/pods/web", True),
        ("/apis/apps/v1/deployments", True),
        ("/apis/networking.k8s.io/v1/networkpolicies", True),
        ("/readyz", True),
        ("/api/v1/namespaces/lab/pods/web/exec", False),
        ("/api/v1/namespaces/lab/pods/web/log", False),
        ("/api/v1/nodes/node01/proxy/healthz", False),
        ("/apis/metrics.k8s.io/v1beta1/pods", False),
        ("/apis/harbor.example/v1/lanterns", False),
        ("/elsewhere/api/v1/pods", False),
    ],
)
def test_what_the_api_server_answers_itself(path: str, own: bool) -> None:
    server = "https://rancher.example/k8s/clusters/c-1"
    assert answered_by_api_server(ClusterGone(f"GET {server}{path}", "connection refused", path)) is own
    assert answered_by_api_server(ApiRefused(503, "etcd is slow", f"GET {server}{path}", path)) is own


def test_a_server_with_a_path_of_its_own_answers_itself_too(api_state: ApiState) -> None:
    api_state.raw["/k8s/clusters/c-1/api/v1/namespaces/lab/configmaps/settings"] = 503
    with serving(api_state) as url, connected(f"{url}/k8s/clusters/c-1") as cluster:
        result = evaluate(question({"resource": "cm/settings"}), {}, {}, cluster)
    assert (result.lost, result.own) == (True, True)
