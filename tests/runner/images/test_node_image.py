"""The node image: what changes its tag, how it is built, and the error of a failed build."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docker.errors
import pytest
import yaml

from rung.runner.core.errors import EnvironmentBroken, UsageError
from rung.runner.images import build, from_containerfile, go_programs, node_image, spec

HERE = spec.HERE
MANIFESTS = HERE / "node/tree/kind/manifests"
STAGES = ("node", "node-core", "node-root")


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    yield
    for cached in (spec.names, spec.image, spec.tag):
        cached.cache_clear()


def tags_with(monkeypatch: pytest.MonkeyPatch, changed: str) -> set[str]:
    """The stages that get another tag when the file (a path below the package) changes."""
    before = {stage: spec.tag(stage) for stage in STAGES}
    read = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: b"#" if path == HERE / changed else read(path))
    spec.tag.cache_clear()
    return {stage for stage in STAGES if spec.tag(stage) != before[stage]}


@pytest.mark.parametrize(
    ("changed", "rebuilt"),
    [
        ("node/root/packages.txt", {"node-root", "node-core", "node"}),
        ("overlay/usr/lib/rung/bin/ask", {"node-root", "node-core", "node"}),
        ("go/kubernetes/go.sum", {"node-core", "node"}),
        ("go/node/network/main.go", {"node-core", "node"}),
        ("node/tree/usr/local/bin/entrypoint", {"node"}),
        ("go/web/app.go", {"node"}),
        ("box/Containerfile", {"node"}),
        ("base/finish.sh", set()),
        ("go/helm/go.sum", set()),
    ],
)
def test_a_change_rebuilds_only_the_stages_that_depend_on_it(
    changed: str, rebuilt: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (HERE / changed).exists()
    assert tags_with(monkeypatch, changed) == rebuilt


def test_stages_are_not_listed_as_images() -> None:
    assert {"node", "web", "box", "base"} < set(build.names())
    assert not {"node-core", "node-root"} & set(build.names())
    with pytest.raises(UsageError):
        spec.image("core")


def test_images_of_linux_labs_contain_no_go_programs_or_tools() -> None:
    for name in ("linux", "linux-rpm"):
        found = spec.image(name)
        assert (found.programs, found.uses, found.contains) == ((), (), ())
        assert not any(path.startswith(("go/", "tools/")) for path in found.files())


def manifests() -> list[dict[str, Any]]:
    return [d for path in sorted(MANIFESTS.glob("*.yaml")) for d in yaml.safe_load_all(path.read_text())]


def test_every_image_in_a_manifest_is_packed() -> None:
    packed = (HERE / "node/core/finish.sh").read_text()
    wanted = {image for text in map(yaml.safe_dump, manifests()) for image in re.findall(r"rung/[\w-]+", text)}
    assert wanted == {"rung/network", "rung/local-path-provisioner", "rung/local-path-helper", "rung/metrics-server"}
    for image in wanted:
        assert image in packed


def test_finish_sh_fills_in_every_placeholder() -> None:
    finish = (HERE / "node/finish.sh").read_text()
    placeholders = {
        p
        for path in (HERE / "node/tree").rglob("*")
        if path.is_file()
        for p in re.findall("@[A-Z_]+@", path.read_text())
    }
    assert placeholders == {"@PAUSE@", "@LOCAL_PATH@", "@METRICS_SERVER@"}
    assert placeholders == set(re.findall("@[A-Z_]+@", finish))


def test_accounts_in_manifests_exist() -> None:
    found = manifests()
    accounts = {d["metadata"]["name"] for d in found if d["kind"] == "ServiceAccount"}
    for each in found:
        for subject in each.get("subjects", []):
            assert subject["name"] in accounts
        if each["kind"] in ("Deployment", "DaemonSet"):
            assert each["spec"]["template"]["spec"]["serviceAccountName"] in accounts
    # Without this option, the provisioner's helpers run as another account.
    assert "--service-account-name=local-path-provisioner" in (MANIFESTS / "default-storage.yaml").read_text()


def test_patches_are_named_after_what_they_change() -> None:
    for path in (HERE / "node/tree/kind/patches").iterdir():
        patch = yaml.safe_load(path.read_text())
        if path.stem == "corednsdeployment":
            assert patch["spec"]["template"]["spec"]["containers"][0]["name"] == "coredns"
        else:
            assert patch["spec"]["containers"][0]["name"] == path.stem
            # The probe waits as long as kubeadm's own 10 + 24 x 10 seconds.
            assert patch["spec"]["containers"][0]["startupProbe"]["failureThreshold"] == 240


def test_the_network_manifest_has_what_kind_templates() -> None:
    text = (MANIFESTS / "default-cni.yaml").read_text()
    for words in ("would you kindly template this file", "would you kindly patch this file", "{{ .PodSubnet }}"):
        assert words in text


def test_with_a_registry_the_image_is_built_without_stages() -> None:
    text = (HERE / "node/Containerfile").read_text()
    pinned = re.search(r"^FROM kindest/node:(v\d+\.\d+)\.\d+@sha256:[0-9a-f]{64}$", text, re.MULTILINE)
    assert pinned
    assert go_programs.version("kubernetes").startswith(f"{pinned[1]}.")
    assert {f"FROM ${name}" in text for name in ("WEB", "BOX")} == {True}


@pytest.mark.parametrize("name", ["base", "web"])
def test_compiled_programs_are_copied_from_the_build_folder(name: str) -> None:
    text = (HERE / name / "Containerfile").read_text()
    assert re.search(r"^FROM golang:1.26 AS programs$", text, re.MULTILINE)
    without = from_containerfile.without_go(text)
    assert "golang" not in without
    assert "--from=programs" not in without
    assert without.count("COPY bin/ ") == 1
    assert without.count("FROM ") == text.count("FROM ") - 1


def test_a_build_folder_with_programs(tmp_path: Path) -> None:
    import io
    import tarfile

    (tmp_path / "web").write_bytes(b"\x7fELF")
    buffer = io.BytesIO()
    from_containerfile._write_context(spec.image("web"), {"web": tmp_path / "web"}, buffer)
    buffer.seek(0)
    with tarfile.open(fileobj=buffer) as archive:
        program = archive.extractfile("bin/web")
        assert program is not None
        assert program.read() == b"\x7fELF"
        assert archive.getmember("bin/web").mode == 0o755
        described = archive.extractfile("Containerfile")
        assert described is not None
        assert b"golang" not in described.read()


class Engine:
    """A stand-in for an engine with one container, whose finish.sh prints `output` and exits with `exit_code`."""

    def __init__(self, output: bytes = b"", exit_code: int = 0) -> None:
        self.output, self.exit_code = output, exit_code
        self.api = self.containers = self
        self.done: list[str] = []
        self.exists = True  # a killed build's container
        self.id = "1"

    def get(self, name: str) -> Engine:
        assert name.startswith("rung-building-")
        if not self.exists:
            raise docker.errors.NotFound("gone")
        return self

    def info(self) -> dict[str, Any]:
        return {"Runtimes": {"runc": {}, "rung": {}}}

    def create(self, image: str, *_: Any, runtime: str, **__: Any) -> Engine:
        assert not self.exists, "an abandoned container is removed first"
        assert runtime == "rung"
        self.exists = True
        self.done.append(f"create from {image}")
        return self

    def remove(self, force: bool, v: bool) -> None:
        assert force
        assert v
        self.exists = False
        self.done.append("remove")

    def start(self) -> None:
        self.done.append("start")

    def put_archive(self, path: str, data: Any) -> None:
        assert data.read(1)
        self.done.append(f"copy to {path}")

    def exec_create(self, _: str, command: list[str]) -> dict[str, str]:
        assert command[-1] == "sh /rung-build/finish.sh /rung-build && rm -rf /rung-build"
        return {"Id": "2"}

    def exec_start(self, _: str, stream: bool) -> list[bytes]:
        assert stream
        return [self.output]

    def exec_inspect(self, _: str) -> dict[str, int]:
        return {"ExitCode": self.exit_code}

    def commit(self, repository: str, tag: str, conf: Any) -> None:
        assert conf == node_image.RUNS
        self.done.append(f"commit {repository}:{tag}")


@pytest.fixture
def compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "kubelet").write_bytes(b"\x7fELF")
    monkeypatch.setattr(go_programs, "binaries", lambda *_: {"kubelet": tmp_path / "kubelet"})


@pytest.mark.usefixtures("compiled")
def test_a_stage_is_committed_and_an_abandoned_container_is_removed_first() -> None:
    engine: Any = Engine()
    reported: list[str] = []
    node_image.build_core(
        spec.image("node-core"), "rung/node-core:0", engine, "rung/node-root:1", lambda _, w: reported.append(w)
    )
    assert engine.done == [
        "remove",
        "create from rung/node-root:1",
        "start",
        "copy to /",
        "commit rung/node-core:0",
        "remove",
    ]
    assert reported == ["node-core: copying programs", "node-core: packing and importing", "node-core: committing"]


@pytest.mark.usefixtures("compiled")
def test_a_failed_stage_is_reported_with_its_last_lines_and_removed() -> None:
    engine: Any = Engine(output=b"one\n\ntar: No space left on device\n", exit_code=2)
    with pytest.raises(EnvironmentBroken) as error:
        node_image.build_core(spec.image("node-core"), "rung/node-core:0", engine, "rung/node-root:1")
    assert str(error.value) == "Image node-core could not be built:\none\ntar: No space left on device"
    assert error.value.fix == "Is there disk space (`df -h`), and may the engine run privileged containers?"
    assert "commit rung/node-core:0" not in engine.done
    assert not engine.exists
