"""What is asked of pods and from pods: `logs`, `exec`, `http`, `connects`, `dns`."""

from __future__ import annotations

import shlex
from typing import Any

import pytest
from pydantic import ValidationError

from api_server import ApiState, expectation, namespace, pod, thing
from cluster_fixtures import Ask
from rung.checks.core.channel import Result

DIG = """\
;; Got answer:
;; ->>HEADER<<- opcode: QUERY, status: {status}, id: 1
{answer}
"""


def commands(name: str, words: list[str], _: bytes) -> Result:
    """The pod `client` has a shell, curl and dig; `bare` has nothing; `late` never gets an answer."""
    if name == "bare":
        return Result(127, b"", b"sh")
    if "curl" in words[-1]:
        return _curl(name, words[-1])
    if words[-1].startswith("dig "):
        return _dig(name, shlex.split(words[-1]))
    return Result(3, f"{words[-1]}\nmode: prod\n".encode(), b"oh\n")


def _curl(name: str, line: str) -> Result:
    http = "%{http_code}" in line
    if "nosuch" in line:
        return Result(6, b"\n000 0" if http else b"0.000000", b"curl: (6) Could not resolve host: nosuch\n")
    if name == "late":
        return Result(28, b"\n000 0.000000" if http else b"0.000000", b"curl: (28) Connection timed out\n")
    return Result(0, b"hello\n200 0.001" if http else b"0.001000", b"")


def _dig(name: str, line: list[str]) -> Result:
    asked, sort = line[-2:]
    if name == "late":
        return Result(9, b";; no servers could be reached\n", b"")
    records = {("web", "A"): "web.lab.svc.cluster.local. 5 IN A 10.96.0.7", ("txt", "TXT"): 'txt. 5 IN TXT "hi there"'}
    status = "NOERROR" if (asked, sort) in records else "SERVFAIL" if asked == "sick" else "NXDOMAIN"
    return Result(0, DIG.format(status=status, answer=records.get((asked, sort), "")).encode(), b"")


@pytest.fixture
def api_state() -> ApiState:
    return ApiState(
        [
            namespace("lab"), pod("bare"), pod("client"), pod("late"), pod("other", labels={"app": "client"}),
            pod("ended", status={"phase": "Failed"}), thing("Service", "web", spec={"clusterIP": "10.96.0.7"}),
            thing("Deployment", "shop", spec={"selector": {"matchLabels": {"app": "client"}}}),
        ],
        commands=commands,
        logs={"client/app": "started\nid=7\n", "other/app": "started\n", "client/app/previous": "boom: E42\n",
              "bare/app": "", "client/side": "copied\n"},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"logs": "client", "lines": ["id=7"], "matches": ["^start"], "lacks": ["error"]}, []),
        ({"logs": {"labels": "app=client"}, "lines": ["started"]}, []),
        ({"logs": "deployment/shop", "lines": ["id=7"], "each": False}, []),
        ({"logs": "client", "previous": True, "matches": ["E42"]}, []),
        ({"logs": {"name": "client", "container": "side"}, "lines": ["copied"]}, []),
        (
            {"logs": {"labels": "app=client"}, "lines": ["id=7"]},
            ["pod/other: log: expected the line `id=7`, found `started`"],
        ),
        ({"logs": "client", "at_most": 1}, ["pod/client: log: expected at most 1 lines, found 2"]),
        ({"logs": "bare", "lacks": ["error"]}, ["pod/bare: log: expected some lines, found none"]),
        (
            {"logs": "client", "lacks": ["id="]},
            ["pod/client: log: expected no line that matches `id=`, found line 2: `id=7`"],
        ),
        (
            {"logs": "other", "previous": True, "matches": ["E42"]},
            [('pod/other: log: expected one to read, found none '
             '(previous terminated container "app" in pod "other" not found)')],
        ),
        ({"logs": {"labels": "app=gone"}}, ["pods with the labels app=gone: expected at least one, found none"]),
        ({"logs": "deployment/gone"}, ["deployment/gone: expected to exist, found none"]),
        ({"exec": "cat /etc/mode", "pod": "client", "exit": 3, "matches": ["^mode: prod"]}, []),
        ({"exec": ["cat", "/etc/mode"], "pod": "client", "exit": None, "lacks": ["test"]}, []),
        (
            {"exec": "cat /etc/mode", "pod": {"labels": "app=client"}, "each": True},
            ["`cat /etc/mode` in pod/client: exit status: expected 0, found 3 (`oh`)",
             "`cat /etc/mode` in pod/other: exit status: expected 0, found 3 (`oh`)"],
        ),
        (
            {"exec": "x", "pod": "client", "exit": 3, "stdout": "x"},
            ["`x` in pod/client: output: line 2: expected nothing, found `mode: prod`"],
        ),
        (
            {"exec": "x", "pod": "bare", "exit": None},
            ["`x` in pod/bare: exit status: expected any but 0, found 127 (`no such program in the container`)"],
        ),
        ({"exec": "x", "pod": "ended"}, ["pod/ended: expected one that runs, found Failed"]),
        ({"exec": "x", "pod": {"name": "client", "node": "node02"}},
         ["pod/client on node02: expected at least one, found none"]),
        ({"http": "http://web/", "from": "client", "matches": ["hello"]}, []),
        ({"http": "http://web/", "from": "late", "reachable": False}, []),
        ({"http": "http://web/", "from": "late"},
         ["http://web/: expected an answer with status 200, found no answer within 3 s"]),
        (
            {"http": "http://nosuch/", "from": "client", "reachable": False},
            ["http://nosuch/: expected an answer from `curl`, found curl: (6) Could not resolve host: nosuch"],
        ),
        ({"http": "http://web/", "from": "bare", "reachable": False},
         ["http://web/: expected an answer from `curl`, found no such command"]),
        ({"http": "http://web/", "from": "gone", "reachable": False}, ["pod/gone: expected at least one, found none"]),
        ({"connects": "web:80", "from": {"labels": {"app": "client"}}}, []),
        ({"connects": "web:80", "from": "late", "reachable": False}, []),
        ({"connects": "web:80", "from": "late"}, ["web:80: expected a connection, found no answer within 3 s"]),
        ({"connects": "web:80", "from": "client", "reachable": False},
         ["web:80: expected no connection, found a connection"]),
        (
            {"connects": "nosuch:80", "from": "client", "reachable": False},
            ["nosuch:80: expected no connection, found curl: (6) Could not resolve host: nosuch"],
        ),
        ({"dns": "web", "from": "client", "answers": ["10.96.0.7"], "service": "web"}, []),
        ({"dns": "txt", "from": "client", "type": "TXT", "answers": ["hi there"]}, []),
        ({"dns": "gone", "from": "client", "resolves": False}, []),
        ({"dns": "web", "from": "client", "answers": ["10.96.0.8"]}, ["web: expected 10.96.0.8, found 10.96.0.7"]),
        ({"dns": "gone", "from": "client"}, ["gone: expected a record of type A, found NXDOMAIN"]),
        ({"dns": "web", "from": "client", "resolves": False}, ["web: expected no answer, found 10.96.0.7"]),
        (
            {"dns": "sick", "from": "client", "resolves": False},
            ["sick: expected NXDOMAIN or no record, found SERVFAIL"],
        ),
        ({"dns": "web", "from": "late", "resolves": False},
         ["web: expected an answer, found no server that answers within 3 s"]),
        (
            {"dns": "web", "from": "bare", "resolves": False},
            ["web: expected an answer from `dig`, found no such command"],
        ),
        ({"dns": "web", "from": "client", "service": "gone"}, ["web: expected none (service/gone), found 10.96.0.7"]),
    ],
)  # fmt: skip
def test_pods_asked_and_asking(ask: Ask, api_state: ApiState, asked: dict[str, Any], told: list[str]) -> None:
    assert ask(api_state, asked) == told


def test_a_headless_service_is_its_ready_endpoints(ask: Ask, api_state: ApiState) -> None:
    api_state.objects.append(thing("Service", "db", spec={"clusterIP": "None"}))
    ends = [{"addresses": ["10.96.0.7"]}, {"addresses": ["10.96.0.9"], "conditions": {"ready": False}}]
    api_state.objects.append(
        thing("EndpointSlice", "db-1", labels={"kubernetes.io/service-name": "db"}, endpoints=ends)
    )
    assert ask(api_state, {"dns": "web", "from": "client", "service": "db"}) == []
    ends[1]["conditions"] = {"ready": True}
    assert ask(api_state, {"dns": "web", "from": "client", "service": "db"}) == [
        "web: expected 10.96.0.7, 10.96.0.9 (service/db), found 10.96.0.7"
    ]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"http": "http://web/", "from": "client"}, "http://web/ answers with 200 from pod/client"),
        (
            {"connects": "web:80", "reachable": False, "from": {"labels": {"app": "x"}, "namespace": "shop"}},
            "web:80 cannot be reached from pods with the labels app=x in shop",
        ),
        ({"dns": "web", "service": "web", "from": "deployment/shop"},
         "web resolves to the service web from the pods of deployment/shop"),
        ({"dns": "web", "resolves": False}, "web does not resolve"),
        ({"logs": {"name": "x", "container": "c"}, "lines": ["a"], "previous": True},
         "The log of pod/x, container c before its restart has `a`"),
        (
            {"exec": ["a", "b c"], "pod": "pod/x", "stdout": "1"},
            "`a 'b c'` in pod/x succeeds, with the output asked for",
        ),
    ],
)  # fmt: skip
def test_sentences(data: dict[str, Any], sentence: str) -> None:
    assert expectation(data).sentence() == sentence


@pytest.mark.parametrize("pods", [{}, {"name": "a", "labels": "b=c"}])
def test_pods_are_told_in_one_way(pods: dict[str, str]) -> None:
    with pytest.raises(ValidationError) as caught:
        expectation({"logs": pods})
    assert [str(e["ctx"]["error"]) for e in caught.value.errors()] == ["give either `name` or `labels`"]
