"""Which cluster a context means, what may not be used, and the least of a kubeconfig that is passed on."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest
import yaml

from certificates import certificate
from rung.runner.core.errors import UsageError
from rung.runner.drivers.base.plan import UserCluster
from rung.runner.drivers.kubeconfig.config import choose, connect, for_base, one_context, renewed_token
from rung.runner.drivers.kubeconfig.entries import contexts
from rung.runner.drivers.kubeconfig.route import Route

SERVER = "https://127.0.0.1:41234"
TOKEN = "docs/kubernetes.md, “A cluster of your own”, tells how to make a context with a token of its own."
CONFIG: dict[str, Any] = {
    "current-context": "mine",
    "contexts": [
        {"name": "mine", "context": {"cluster": "here", "user": "me", "namespace": "dev"}},
        {"name": "prod", "context": {"cluster": "there", "user": "cloud"}},
        {"name": "lost", "context": {"cluster": "nowhere", "user": "me"}},
        {"name": "nobody", "context": {"cluster": "here", "user": "gone"}},
    ],
    "clusters": [
        {"name": "here", "cluster": {"server": f"{SERVER}/"}},
        {"name": "there", "cluster": {"server": "https://api.example.com"}},
    ],
    "users": [
        {"name": "me", "user": {"token": "s3cret"}},
        {"name": "cloud", "user": {"exec": {"command": "aws", "args": ["eks", "get-token"]}}},
    ],
}


def write(path: Path, **changes: Any) -> Path:
    path.write_text(yaml.safe_dump({**CONFIG, **changes}))
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write(tmp_path / "config")


def refused(context: str | None, files: object) -> tuple[str, str | None]:
    with pytest.raises(UsageError) as error:
        choose(context, str(files))
    return str(error.value), error.value.fix


def test_a_context_means_its_cluster_and_none_the_current_one(file: Path) -> None:
    assert choose("mine", str(file)) == UserCluster("mine", SERVER, str(file))
    assert choose(None, str(file)) == choose("mine", str(file))


def test_kubectl_s_own_place_is_looked_at_where_no_file_is_named(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", str(file))
    assert choose(None).files == str(file)
    monkeypatch.delenv("KUBECONFIG")
    monkeypatch.setenv("HOME", str(file.parent))
    (file.parent / ".kube").mkdir()
    write(file.parent / ".kube" / "config")
    assert choose(None).files == str(file.parent / ".kube" / "config")


def test_of_several_files_the_first_that_knows_a_name_counts(file: Path, tmp_path: Path) -> None:
    other = write(
        tmp_path / "other",
        contexts=[{"name": "spare", "context": {"cluster": "here", "user": "me"}}],
        clusters=[{"name": "here", "cluster": {"server": "https://10.0.0.1:6443"}}],
    )
    files = f"{file}:{tmp_path / 'missing'}:{other}"
    assert choose("spare", files) == UserCluster("spare", SERVER, files)
    assert contexts(files) == ["mine", "prod", "lost", "nobody", "spare"]


def test_a_context_that_is_not_there_is_told_with_those_that_are(file: Path) -> None:
    assert refused("mime", file) == (
        f"There is no context `mime` in {file}; did you mean `mine`?", "There are: mine, prod, lost, nobody."
    )  # fmt: skip
    write(file, **{"current-context": ""})
    assert refused(None, file) == (
        "The kubeconfig has no current context.", "Name one with --context: mine, prod, lost, nobody."
    )  # fmt: skip


def test_a_context_whose_parts_are_missing_says_which(file: Path) -> None:
    assert refused("lost", file) == (f"There is no cluster `nowhere` in {file}.", "Mend the kubeconfig.")
    assert refused("nobody", file) == (f"There is no user `gone` in {file}.", "Mend the kubeconfig.")


def test_a_file_that_is_not_there_or_is_no_kubeconfig_says_so(tmp_path: Path) -> None:
    path = tmp_path / "config"
    assert refused(None, path) == (f"There is no kubeconfig at {path}.", "Name one with --kubeconfig.")
    path.write_text("- a\n- b\n")
    assert refused(None, path) == (f"{path} is no kubeconfig.", "Name another file with --kubeconfig.")
    path.write_text("a: [b\n")
    assert refused(None, path) == (f"{path} cannot be read: it is no YAML.", "Name another file with --kubeconfig.")
    path.write_text("contexts: 7\n")
    assert refused("x", path) == (f"There is no context `x` in {path}.", "There are: none.")


def test_a_program_that_gives_credentials_runs_when_the_cluster_is_asked_and_not_before(
    file: Path, tmp_path: Path
) -> None:
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path / 'was-run'}\necho no session >&2\nexit 1\n")
    program.chmod(0o755)
    version = "client.authentication.k8s.io/v1"
    write(file, users=[{"name": "me", "user": {"exec": {"command": "./program", "apiVersion": version}}}])
    cluster = choose("mine", str(file))
    assert not (tmp_path / "was-run").exists()
    with pytest.raises(UsageError) as error:
        connect(cluster, one_context(cluster))
    assert (str(error.value), error.value.fix) == (
        (
            f"The context mine cannot be used: the kubeconfig's program `{program}` gave no credentials: "
            "exec: process returned 1. no session."
        ),
        TOKEN,
    )
    assert (tmp_path / "was-run").exists()


def test_credentials_that_cannot_be_kept_renewed_are_refused(file: Path) -> None:
    write(file, users=[{"name": "me", "user": {"auth-provider": {"name": "oidc"}}}])
    assert refused("mine", file) == (
        "The context mine cannot be used: the kubeconfig's user has `auth-provider`, which is not supported.", TOKEN
    )  # fmt: skip


def test_a_proxy_that_streams_cannot_pass_is_refused(file: Path) -> None:
    write(file, clusters=[{"name": "here", "cluster": {"server": SERVER, "proxy-url": "socks5://127.0.0.1:1080"}}])
    assert refused("mine", file) == (
        (
            "The context mine cannot be used: clusters are asked through proxies of http alone, "
            "not through socks5://127.0.0.1:1080."
        ),
        TOKEN,
    )


@pytest.mark.parametrize("server", ["", "127.0.0.1:6443", "ftp://example.com"])
def test_a_server_that_is_no_address_is_refused(file: Path, server: str) -> None:
    write(file, clusters=[{"name": "here", "cluster": {"server": server}}])
    assert refused("mine", file) == (f"The context mine has no server that can be asked: `{server}`.", TOKEN)


def test_a_certificate_that_is_none_is_refused_before_anything_is_asked(file: Path) -> None:
    nonsense = base64.b64encode(b"nonsense").decode()
    write(file, users=[{"name": "me", "user": {"client-certificate-data": nonsense, "client-key-data": nonsense}}])
    assert refused("mine", file)[0].startswith("The context mine cannot be used: ")


def test_a_file_that_is_named_and_missing_is_told(file: Path) -> None:
    write(file, users=[{"name": "me", "user": {"tokenFile": "token"}}])
    path = file.parent / "token"
    assert refused("mine", file) == (
        f"The context mine names the file {path}: No such file or directory.",
        "Put the file there, or mend the kubeconfig.",
    )
    path.write_text("s3cret\n")
    cluster = choose("mine", str(file))
    assert one_context(cluster)["users"][0]["user"] == {"tokenFile": str(path), "token": "s3cret"}
    path.write_text("n3w\n")
    assert renewed_token(cluster) == "n3w"


def test_a_context_that_leads_elsewhere_by_now_is_not_followed(file: Path) -> None:
    chosen = choose("mine", str(file))
    write(file, clusters=[{"name": "here", "cluster": {"server": "https://10.0.0.1:6443"}}])
    with pytest.raises(UsageError) as error:
        one_context(chosen)
    assert str(error.value) == (
        f"The context mine leads to https://10.0.0.1:6443 now; the lab was started on {SERVER}."
    )


def for_the_base(file: Path, route: Route) -> dict[str, Any]:
    cluster = choose("mine", str(file))
    document = one_context(cluster)
    with connect(cluster, document) as api:
        return for_base(document, api, route)


def test_what_is_passed_on_is_this_context_alone(file: Path) -> None:
    kept = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "mine",
        "contexts": [{"name": "mine", "context": {"cluster": "mine", "user": "mine"}}],
        "clusters": [{"name": "mine", "cluster": {"server": SERVER}}],
        "users": [{"name": "mine", "user": {"token": "s3cret"}}],
    }
    assert one_context(choose("mine", str(file))) == kept
    there = {"server": "https://mine-control-plane:6443", "tls-server-name": "127.0.0.1"}
    route = Route(True, "https://mine-control-plane:6443", "kind", "127.0.0.1")
    assert for_the_base(file, route) == kept | {"clusters": [{"name": "mine", "cluster": there}]}


def test_certificates_in_files_are_passed_on_inside(tmp_path: Path) -> None:
    certificate(tmp_path, "IP:127.0.0.1")
    data = {name: base64.b64encode((tmp_path / f"{name}.pem").read_bytes()).decode() for name in ("cert", "key")}
    file = write(
        tmp_path / "config",
        clusters=[{"name": "here", "cluster": {"server": SERVER, "certificate-authority": "cert.pem"}}],
        users=[{"name": "me", "user": {"client-certificate": "cert.pem", "client-key": "key.pem"}}],
    )
    passed = for_the_base(file, Route(True, SERVER))
    assert passed["clusters"][0]["cluster"] == {"server": SERVER, "certificate-authority-data": data["cert"]}
    assert passed["users"][0]["user"] == {
        "client-certificate-data": data["cert"],
        "client-key-data": data["key"],
    }


def test_base_gets_the_credentials_of_a_program_and_this_computer_keeps_the_program(file: Path, tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.write_text(
        '#!/bin/sh\necho "{\\"apiVersion\\": \\"client.authentication.k8s.io/v1\\", \\"kind\\": \\"ExecCredential\\",'
        ' \\"status\\": {\\"token\\": \\"s3cret\\"}}"\n'
    )
    program.chmod(0o755)
    plugin = {"command": "./program", "apiVersion": "client.authentication.k8s.io/v1"}
    user = {"exec": plugin, "as": "mira", "as-groups": ["ops"]}
    write(file, users=[{"name": "me", "user": user}])
    cluster = choose("mine", str(file))
    assert one_context(cluster)["users"][0]["user"] == user | {"exec": plugin | {"command": str(program)}}
    assert for_the_base(file, Route(True, SERVER))["users"] == [
        {"name": "mine", "user": {"token": "s3cret", "as": "mira", "as-groups": ["ops"]}}
    ]
    assert renewed_token(cluster) == "s3cret"


def test_credentials_in_the_kubeconfig_itself_are_not_renewed(file: Path) -> None:
    assert renewed_token(choose("mine", str(file))) is None


def test_base_gets_the_proxy_as_it_reaches_it_and_the_name_in_the_certificate(file: Path) -> None:
    here = {"server": SERVER, "proxy-url": "http://127.0.0.1:3128", "tls-server-name": "cluster.example"}
    write(file, clusters=[{"name": "here", "cluster": here}])
    passed = for_the_base(file, Route(False, SERVER, None, "127.0.0.1", proxy="http://host.docker.internal:3128"))
    assert passed["clusters"][0]["cluster"] == here | {"proxy-url": "http://host.docker.internal:3128"}
