"""Kind `helm`: releases as Helm keeps them."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api_server import ApiState, expectation, namespace, thing
from cluster_fixtures import Ask
from rung.checks.kubernetes.helm import decode_release, merge_values


def release(version: int, status: str = "deployed", *, packed: bool = True, **config: Any) -> dict[str, Any]:
    """The Secret in which Helm keeps a revision of the release `portal`."""
    chart = {
        "metadata": {"name": "portal", "version": f"1.{version}.0"},
        "values": {"replicas": 1, "image": {"tag": "a"}},
    }
    data = {"name": "portal", "version": version, "info": {"status": status}, "chart": chart, "config": config}
    raw = json.dumps(data).encode()
    inner = base64.b64encode(gzip.compress(raw) if packed else raw)
    return thing(
        "Secret", f"sh.helm.release.v1.portal.v{version}", labels={"owner": "helm", "name": "portal"},
        type="helm.sh/release.v1", data={"release": base64.b64encode(inner).decode()},
    )  # fmt: skip


@pytest.fixture
def api_state() -> ApiState:
    secrets = [
        release(1, "superseded", packed=False),
        release(10, replicas=2, image={"tag": "b"}),
        release(2, "superseded"),
    ]
    return ApiState([namespace("lab"), *secrets])


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"helm": "portal"}, []),
        ({"helm": "portal", "chart": "portal", "version": "1.10.0", "revision": 10, "kept": [1, 2]}, []),
        ({"helm": "portal", "values": {"replicas": 2, "image": {"tag": "b"}}, "given": {"replicas": 2}}, []),
        ({"helm": "other", "exists": False}, []),
        ({"helm": "other"}, ["release other: expected one, found none"]),
        ({"helm": "portal", "exists": False}, ["release portal: expected none, found one"]),
        ({"helm": "portal", "namespace": "web"}, ["release portal in web: expected one, found none"]),
        (
            {"helm": "portal", "version": "1.1.0", "kept": [3], "values": {"replicas": 1}, "given": {"x": 1}},
            [
                "release portal: chart version: expected 1.1.0, found 1.10.0",
                "release portal: history: expected revision 3, found 1, 2, 10",
                "release portal: values.replicas: expected 1, found 2",
                "release portal: given values.x: expected 1, found nothing",
            ],
        ),
    ],
)
def test_releases(ask: Ask, api_state: ApiState, asked: dict[str, Any], told: list[str]) -> None:
    assert ask(api_state, asked) == told


def test_a_release_that_failed_or_is_uninstalled(ask: Ask) -> None:
    failed = ApiState([namespace("lab"), release(1), release(2, "failed")])
    assert ask(failed, {"helm": "portal"}) == ["release portal: status: expected deployed, found failed"]
    gone = ApiState([namespace("lab"), release(1, "uninstalled")])
    assert ask(gone, {"helm": "portal", "exists": False}) == []
    assert ask(gone, {"helm": "portal"}) == ["release portal: status: expected deployed, found uninstalled"]


@pytest.mark.parametrize("data", [{}, {"release": "x"}, {"release": base64.b64encode(b"eA==").decode()}])
def test_a_secret_that_holds_no_release_is_none(data: dict[str, str]) -> None:
    assert decode_release({"data": data}) is None


TREES = st.recursive(
    st.integers() | st.text(max_size=2), lambda t: st.dictionaries(st.text("ab", max_size=2), t), max_leaves=8
)
VALUES = st.dictionaries(st.text("ab", max_size=2), TREES, max_size=4)


@given(VALUES, VALUES)
def test_given_values_win_and_all_others_stay(own: dict[str, Any], given_: dict[str, Any]) -> None:
    result = merge_values(own, given_)
    assert result.keys() == own.keys() | given_.keys()
    assert merge_values(result, given_) == result
    assert all(result[key] == value for key, value in own.items() if key not in given_)


def test_a_null_removes_a_value_of_the_chart() -> None:
    assert merge_values({"a": 1, "b": {"c": 2, "d": 3}}, {"a": None, "b": {"c": None}}) == {"b": {"d": 3}}


def test_sentences_and_names() -> None:
    asked = expectation(
        {"helm": "portal", "namespace": "web", "chart": "portal", "version": "1.1.0", "values": {"a": 1}}
    )
    assert asked.sentence() == "Release portal in web is deployed from portal 1.1.0, with the values asked for"
    assert list(asked.names()) == ["portal", "web", "portal", "1.1.0"]
    assert expectation({"helm": "x", "exists": False}).sentence() == "There is no release x"
