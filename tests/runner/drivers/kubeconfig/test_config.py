"""Which cluster a context means, what may not be used, and the least of a kubeconfig that is passed on."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest
import yaml

from rung.runner.core.errors import UsageError
from rung.runner.drivers.base.plan import UserCluster
from rung.runner.drivers.kubeconfig.config import access_to, choose, contexts, minimal

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


def test_credentials_from_a_program_are_refused_and_the_program_is_not_run(file: Path, tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path / 'was-run'}\n")
    program.chmod(0o755)
    write(file, users=[{"name": "me", "user": {"exec": {"command": str(program)}}}])
    assert refused("mine", file) == (
        (
            f"The user of the context mine gets credentials from a program ({program}), "
            "which a lab's machine does not have."
        ),
        TOKEN,
    )
    assert not (tmp_path / "was-run").exists()


@pytest.mark.parametrize(
    ("user", "sentence"),
    [
        ({"username": "me", "password": "x"}, "the kubeconfig's user has `username`, which is not supported"),
        ({"token": "x", "as": "root"}, "the kubeconfig's user has `as`, which is not supported"),
    ],
)
def test_credentials_of_other_sorts_are_refused(file: Path, user: dict[str, str], sentence: str) -> None:
    write(file, users=[{"name": "me", "user": user}])
    assert refused("mine", file) == (f"The context mine cannot be used: {sentence}.", TOKEN)


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
    assert access_to(choose("mine", str(file))).token == "s3cret"


def test_a_context_that_leads_elsewhere_by_now_is_not_followed(file: Path) -> None:
    chosen = choose("mine", str(file))
    write(file, clusters=[{"name": "here", "cluster": {"server": "https://10.0.0.1:6443"}}])
    with pytest.raises(UsageError) as error:
        access_to(chosen)
    assert str(error.value) == (
        f"The context mine leads to https://10.0.0.1:6443 now; the lab was started on {SERVER}."
    )


def test_what_is_passed_on_is_this_context_alone(file: Path) -> None:
    access = access_to(choose("mine", str(file)))
    passed = yaml.safe_load(minimal(access, "mine", "https://mine-control-plane:6443", "127.0.0.1"))
    assert passed == {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "mine",
        "contexts": [{"name": "mine", "context": {"cluster": "mine", "user": "mine"}}],
        "clusters": [
            {
                "name": "mine",
                "cluster": {"server": "https://mine-control-plane:6443", "tls-server-name": "127.0.0.1"},
            }
        ],
        "users": [{"name": "mine", "user": {"token": "s3cret"}}],
    }
    assert yaml.safe_load(minimal(access, "mine"))["clusters"][0]["cluster"] == {"server": SERVER}
