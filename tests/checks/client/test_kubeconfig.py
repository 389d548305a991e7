"""A kubeconfig is used as kubectl uses it: contexts, certificates, tokens, programs, proxies, impersonation."""

from __future__ import annotations

import base64
import json
import re
import ssl
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from api_server import ApiState, kubeconfig, namespace, pod, serving
from certificates import certificate
from connect_proxy import proxying
from rung.checks.client.authorization import subject_rules
from rung.checks.cluster import Cluster, ClusterGone
from rung.checks.core.channel import Result


@pytest.fixture
def held() -> ApiState:
    return ApiState([namespace("lab"), pod("a")], commands=lambda *_: Result(0, b"hi\n", b""))


@pytest.fixture
def url(held: ApiState) -> Iterator[str]:
    with serving(held) as address:
        yield address


@pytest.fixture(scope="module")
def server_tls(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    """(folder of cert.pem and key.pem, settings of a server at 127.0.0.1 and cluster.example that wants them too)."""
    folder = tmp_path_factory.mktemp("tls")
    context = certificate(folder, "IP:127.0.0.1,DNS:cluster.example")
    return folder, context


@pytest.fixture(autouse=True)
def _no_proxy_of_this_computer(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)


def asking_for_a_certificate(folder: Path) -> ssl.SSLContext:
    """The settings of a server that admits only clients with the certificate in `folder`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    context.load_verify_locations(folder / "cert.pem")
    context.verify_mode = ssl.CERT_REQUIRED
    return context


def asked_as(held: ApiState) -> str | None:
    """The credentials that the last request had."""
    return held.headers[-1].get("Authorization")


def save(path: Path, document: dict[str, Any]) -> Path:
    path.write_text(yaml.safe_dump(document))
    return path


def test_the_current_context_is_asked_unless_another_is_named(held: ApiState, url: str) -> None:
    document = kubeconfig(url, {"token": "one"})
    document["contexts"].append({"name": "other", "context": {"cluster": "it", "user": "you", "namespace": "web"}})
    document["users"].append({"name": "you", "user": {"token": "two"}})
    with Cluster.from_kubeconfig(document) as cluster:
        assert (cluster.answers(), asked_as(held), cluster.namespace) == (True, "Bearer one", "default")
    with Cluster.from_kubeconfig(document, context="other") as cluster:
        assert (cluster.answers(), asked_as(held), cluster.namespace) == (True, "Bearer two", "web")
    with Cluster.from_kubeconfig(document, "lab", context="other") as cluster:
        assert cluster.namespace == "lab"


def test_paths_start_at_the_folder_of_the_kubeconfig(
    held: ApiState, server_tls: tuple[Path, ssl.SSLContext], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, _ = server_tls
    monkeypatch.chdir(tmp_path)
    user = {"client-certificate": "cert.pem", "client-key": "key.pem"}
    with serving(held, asking_for_a_certificate(folder)) as url:
        path = save(folder / "config", kubeconfig(url, user, **{"certificate-authority": "cert.pem"}))
        with Cluster.from_kubeconfig(path) as cluster:
            assert cluster.get("pods", "a", "lab") is not None
            assert cluster.exec("a", "echo hi", namespace="lab").out == b"hi\n"


def test_certificates_may_be_in_the_kubeconfig(held: ApiState, server_tls: tuple[Path, ssl.SSLContext]) -> None:
    folder, tls = server_tls
    data = {"certificate-authority-data": base64.b64encode((folder / "cert.pem").read_bytes()).decode()}
    with serving(held, tls) as url, Cluster.from_kubeconfig(kubeconfig(url, **data)) as cluster:
        assert cluster.raw("GET", "/readyz").text == "ok"


def test_no_certificate_and_no_key_stays_in_a_temporary_file(
    held: ApiState, server_tls: tuple[Path, ssl.SSLContext], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    folder, tls = server_tls
    pem, key = (base64.b64encode((folder / name).read_bytes()).decode() for name in ("cert.pem", "key.pem"))
    user = {"client-certificate-data": pem, "client-key-data": key}
    authority = {"certificate-authority-data": pem}
    with serving(held, tls) as url, Cluster.from_kubeconfig(kubeconfig(url, user, **authority)) as cluster:
        assert list(tmp_path.iterdir()) == []
        assert cluster.raw("GET", "/readyz").text == "ok"


def test_a_certificate_of_somebody_else_is_not_trusted_unless_the_kubeconfig_says_so(
    held: ApiState, server_tls: tuple[Path, ssl.SSLContext]
) -> None:
    _, tls = server_tls
    with serving(held, tls) as url:
        with Cluster.from_kubeconfig(kubeconfig(url), "lab") as cluster:
            for ask in (lambda: cluster.get("pods", "a"), lambda: cluster.exec("a", "echo hi")):
                with pytest.raises(ClusterGone) as caught:
                    ask()
                assert caught.value.why == "the server's certificate is not trusted (self-signed certificate)"
        insecure = {"insecure-skip-tls-verify": True}
        with Cluster.from_kubeconfig(kubeconfig(url, **insecure), "lab") as cluster:
            assert cluster.get("pods", "a") is not None
            assert cluster.exec("a", "echo hi").out == b"hi\n"


def test_the_name_in_the_certificate_may_differ_from_the_address(held: ApiState, tmp_path: Path) -> None:
    tls = certificate(tmp_path, "DNS:cluster.example")
    parts = {"certificate-authority": str(tmp_path / "cert.pem")}
    with serving(held, tls) as url:
        with Cluster.from_kubeconfig(kubeconfig(url, **parts), "lab") as cluster:
            with pytest.raises(ClusterGone) as caught:
                cluster.get("pods", "a")
            assert caught.value.why == (
                "the server's certificate is not trusted "
                "(IP address mismatch, certificate is not valid for '127.0.0.1'.)"
            )
        named = kubeconfig(url, **parts, **{"tls-server-name": "cluster.example"})
        with Cluster.from_kubeconfig(named, "lab") as cluster:
            assert cluster.get("pods", "a") is not None
            assert cluster.exec("a", "echo hi").out == b"hi\n"


def test_a_token_is_read_from_its_file_again_after_it_was_renewed(held: ApiState, url: str, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("first\n")
    path = save(tmp_path / "config", kubeconfig(url, {"tokenFile": "token", "token": "ignored"}))
    with Cluster.from_kubeconfig(path, "lab") as cluster:
        assert (cluster.answers(), asked_as(held)) == (True, "Bearer first")
        token.write_text("second\n")
        cluster.exec("a", "echo hi")
        assert asked_as(held) == "Bearer second"
        token.unlink()
        assert (cluster.answers(), asked_as(held)) == (True, "Bearer second")


PROGRAM = """\
#!/bin/sh
[ -n "$KUBERNETES_EXEC_INFO" ] || exit 9
echo run >> runs
printf '{"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": {"token": "%s",
"expirationTimestamp": "%s"}}' "$WHO-$1-$(wc -l < runs)" "$UNTIL"
"""


@pytest.mark.parametrize(("until", "second"), [("2099-01-01T00:00:00Z", 1), ("2020-01-01T00:00:00Z", 2)])
def test_a_program_gives_a_token_and_runs_again_when_that_has_ended(
    held: ApiState, url: str, tmp_path: Path, until: str, second: int
) -> None:
    program = tmp_path / "login"
    program.write_text(PROGRAM)
    program.chmod(0o755)
    plugin = {
        "apiVersion": "client.authentication.k8s.io/v1",
        "command": "./login",
        "args": ["x"],
        "env": [{"name": "WHO", "value": "me"}, {"name": "UNTIL", "value": until}],
        "interactiveMode": "Never",
    }
    path = save(tmp_path / "config", kubeconfig(url, {"exec": plugin}))
    with Cluster.from_kubeconfig(path, "lab") as cluster:
        assert len((tmp_path / "runs").read_text().split()) == 1
        assert cluster.answers()
        assert asked_as(held) == f"Bearer me-x-{second}"


def test_a_program_that_gives_no_next_token_is_told(held: ApiState, url: str, tmp_path: Path) -> None:
    program = tmp_path / "login"
    program.write_text(PROGRAM.replace("echo run", '[ ! -e runs ] || { echo "no session" >&2; exit 1; }\necho run'))
    program.chmod(0o755)
    plugin = {
        "apiVersion": "client.authentication.k8s.io/v1",
        "command": "./login",
        "env": [{"name": "UNTIL", "value": "2020-01-01T00:00:00Z"}],
    }
    with Cluster.from_kubeconfig(save(tmp_path / "config", kubeconfig(url, {"exec": plugin})), "lab") as cluster:
        for ask in (lambda: cluster.get("pods", "a"), lambda: cluster.exec("a", "echo hi")):
            with pytest.raises(ClusterGone) as caught:
                ask()
            assert caught.value.why == (
                "the kubeconfig's program `./login` gave no credentials: exec: process returned 1. no session"
            )
    assert held.asked == []


def test_a_program_may_give_a_certificate(
    held: ApiState, server_tls: tuple[Path, ssl.SSLContext], tmp_path: Path
) -> None:
    folder, _ = server_tls
    status = {
        "clientCertificateData": (folder / "cert.pem").read_text(),
        "clientKeyData": (folder / "key.pem").read_text(),
    }
    version = "client.authentication.k8s.io/v1"
    answer = tmp_path / "answer.json"
    answer.write_text(json.dumps({"apiVersion": version, "kind": "ExecCredential", "status": status}))
    plugin = {"apiVersion": version, "command": "cat", "args": [str(answer)]}
    with serving(held, asking_for_a_certificate(folder)) as url:
        document = kubeconfig(url, {"exec": plugin}, **{"certificate-authority": str(folder / "cert.pem")})
        with Cluster.from_kubeconfig(document) as cluster:
            assert cluster.raw("GET", "/readyz").text == "ok"


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("/nonexistent", "[Errno 2] No such file or directory: '/nonexistent'"),
        ("false", "exec: process returned 1"),
        ("echo", "exec: failed to decode process output: Expecting value: line 2 column 1 (char 1)"),
    ],
)
def test_a_program_that_gives_nothing_is_told_and_nobody_is_asked(
    held: ApiState, url: str, command: str, why: str, capfd: pytest.CaptureFixture[str]
) -> None:
    plugin = {"apiVersion": "client.authentication.k8s.io/v1", "command": command}
    with pytest.raises(ValueError, match=r"^the kubeconfig") as caught:
        Cluster.from_kubeconfig(kubeconfig(url, {"exec": plugin}))
    assert str(caught.value) == f"the kubeconfig's program `{command}` gave no credentials: {why}"
    assert (held.asked, capfd.readouterr().err) == ([], "")


def test_another_user_is_impersonated_by_every_way(held: ApiState, url: str) -> None:
    from kubernetes.client import CoreV1Api

    user = {"token": "me", "as": "mira", "as-uid": "7", "as-groups": ["ops", "web"], "as-user-extra": {"a/b": ["c"]}}
    with Cluster.from_kubeconfig(kubeconfig(url, user), "lab") as cluster:
        cluster.get("pods", "a")
        cluster.exec("a", "echo hi")
        CoreV1Api(cluster.client).list_namespace()
        assert len(held.headers) == 3
        for headers in held.headers:
            assert headers.get_all("Authorization") == ["Bearer me"]
            assert headers.get_all("Impersonate-User") == ["mira"]
            assert headers.get_all("Impersonate-Uid") == ["7"]
            assert headers.get_all("Impersonate-Group") == ["ops", "web"]
            assert headers.get_all("Impersonate-Extra-a%2Fb") == ["c"]
        held.rules["bob"] = []
        subject_rules(cluster, {"user": "bob", "groups": []}, "lab")
        assert held.headers[-1].get_all("Impersonate-User") == ["bob"]
        assert held.headers[-1].get_all("Impersonate-Group") is None


# -- proxies


def test_a_proxy_of_the_kubeconfig_is_used_whatever_the_environment_says(
    held: ApiState, server_tls: tuple[Path, ssl.SSLContext], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, tls = server_tls
    monkeypatch.setenv("NO_PROXY", "cluster.example")
    with serving(held, tls) as url, proxying(("127.0.0.1", urlsplit(url).port or 0)) as proxy:
        parts = {"proxy-url": f"http://127.0.0.1:{proxy.port}", "certificate-authority": str(folder / "cert.pem")}
        document = kubeconfig("https://cluster.example:6443", {"token": "me"}, **parts)
        with Cluster.from_kubeconfig(document, "lab") as cluster:
            assert cluster.get("pods", "a") is not None
            assert cluster.exec("a", "echo hi").out == b"hi\n"
    assert proxy.asked == [("cluster.example:6443", None)] * 2
    assert asked_as(held) == "Bearer me"


def test_a_proxy_s_password_is_sent_to_the_proxy_alone(held: ApiState, server_tls: tuple[Path, ssl.SSLContext]) -> None:
    folder, tls = server_tls
    login = f"Basic {base64.b64encode(b'me:p@ss').decode()}"
    with serving(held, tls) as url, proxying(("127.0.0.1", urlsplit(url).port or 0), login) as proxy:
        parts = {"certificate-authority": str(folder / "cert.pem")}
        there = f"127.0.0.1:{proxy.port}"
        document = kubeconfig("https://cluster.example", **parts, **{"proxy-url": f"http://me:p%40ss@{there}"})
        with Cluster.from_kubeconfig(document, "lab") as cluster:
            assert cluster.exec("a", "echo hi").out == b"hi\n"
            assert cluster.get("pods", "a") is not None
        assert {headers.get("Proxy-Authorization") for headers in held.headers} == {None}
        document = kubeconfig("https://cluster.example", **parts, **{"proxy-url": f"http://me:wrong@{there}"})
        with Cluster.from_kubeconfig(document, "lab") as cluster:
            with pytest.raises(ClusterGone) as caught:
                cluster.get("pods", "a")
            assert caught.value.why == (
                f"the proxy {there}: Tunnel connection failed: 407 Proxy Authentication Required"
            )
            with pytest.raises(ClusterGone, match="Tunnel connection failed: 407"):
                cluster.exec("a", "echo hi")


def test_a_proxy_that_does_not_listen_is_told() -> None:
    document = kubeconfig("https://cluster.example", **{"proxy-url": "http://me:secret@127.0.0.1:9"})
    with Cluster.from_kubeconfig(document) as cluster, pytest.raises(ClusterGone) as caught:
        cluster.raw("GET", "/readyz")
    assert str(caught.value) == "GET https://cluster.example/readyz: the proxy 127.0.0.1:9: connection refused"


def test_a_proxy_of_the_environment_is_used_but_not_for_this_computer(
    held: ApiState, server_tls: tuple[Path, ssl.SSLContext], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, tls = server_tls
    parts = {"certificate-authority": str(folder / "cert.pem")}
    with serving(held, tls) as url, proxying(("127.0.0.1", urlsplit(url).port or 0)) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
        with Cluster.from_kubeconfig(kubeconfig("https://cluster.example", **parts), "lab") as cluster:
            assert cluster.get("pods", "a") is not None
            assert cluster.exec("a", "echo hi").out == b"hi\n"
        assert len(proxy.asked) == 2
        with Cluster.from_kubeconfig(kubeconfig(url, **parts), "lab") as cluster:
            assert cluster.get("pods", "a") is not None
            assert cluster.exec("a", "echo hi").out == b"hi\n"
        assert len(proxy.asked) == 2
        monkeypatch.setenv("NO_PROXY", ".example")
        with Cluster.from_kubeconfig(kubeconfig("https://cluster.example", **parts)) as cluster:
            assert cluster.client.configuration.proxy is None


@pytest.mark.parametrize(
    ("document", "told"),
    [
        (
            kubeconfig("https://x") | {"current-context": "three"},
            (
                "the kubeconfig cannot be used: Invalid kube-config file. "
                "Expected object with name three in kube-config/contexts list"
            ),
        ),
        (
            kubeconfig("https://x") | {"clusters": []},
            (
                "the kubeconfig cannot be used: Invalid kube-config file. "
                "Expected object with name it in kube-config/clusters list"
            ),
        ),
        (
            kubeconfig("https://x", {"auth-provider": {"name": "oidc"}}),
            "the kubeconfig's user has `auth-provider`, which is not supported",
        ),
        (
            kubeconfig("https://x", **{"proxy-url": "socks5://127.0.0.1:1080"}),
            "clusters are asked through proxies of http alone, not through socks5://127.0.0.1:1080",
        ),
        (kubeconfig("x:6443"), "`x:6443` is no address of an API server"),
        (
            kubeconfig("https://x", **{"certificate-authority": "/nonexistent/ca.crt"}),
            "the kubeconfig cannot be used: File does not exist: /nonexistent/ca.crt",
        ),
    ],
)
def test_a_kubeconfig_that_is_not_understood_is_told(document: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=re.escape(told)) as caught:
        Cluster.from_kubeconfig(document)
    assert str(caught.value) == told


def test_a_file_that_is_no_kubeconfig_is_told(tmp_path: Path) -> None:
    path = tmp_path / "config"
    with pytest.raises(FileNotFoundError):
        Cluster.from_kubeconfig(path)
    path.write_text("- a\n")
    with pytest.raises(ValueError, match=r"is no kubeconfig$"):
        Cluster.from_kubeconfig(path)
