"""Programs that Go compiles: which are compiled, when they are compiled again, and errors."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from rung.runner.core.errors import EnvironmentBroken
from rung.runner.images import go_programs

# A stand-in for Go: it prints its version, and writes its working folder's path to the output file.
GO = """#!/bin/sh
echo "$@" >> {log}
[ "$1" != env ] || exec echo '{{"GOVERSION": "{version}", "GOHOSTOS": "linux", "GOARCH": "amd64"}}'
while [ "$1" != -o ]; do shift; done
{then}
echo "$PWD $GOOS $CGO_ENABLED" > "$2"
"""


class Go:
    """A stand-in for Go in PATH, and the cache that it fills."""

    def __init__(self, folder: Path) -> None:
        self.program, self.log, self.cache = folder / "bin/go", folder / "log", folder / "cache"
        self.program.parent.mkdir()
        self.install()

    def install(self, version: str = "go1.26.8", then: str = "") -> None:
        self.program.write_text(GO.format(log=self.log, version=version, then=then))
        self.program.chmod(0o755)

    def compiled(self) -> list[str]:
        """Packages, in the order of their compilation."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return [line.split()[-1] for line in lines if line.startswith("build")]


@pytest.fixture
def go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Go:
    found = Go(tmp_path)
    monkeypatch.setenv("PATH", f"{found.program.parent}:/usr/bin:/bin")
    monkeypatch.setattr(go_programs, "cache_folder", lambda: found.cache)
    return found


def test_compiled_programs_are_cached_under_their_key(go: Go) -> None:
    found = go_programs.binaries(["yq", "kind"])
    assert go.compiled() == ["github.com/mikefarah/yq/v4", "sigs.k8s.io/kind"]
    assert found["yq"].relative_to(go.cache).parts[1:] == ("yq",)
    assert re.fullmatch("[0-9a-f]{16}", found["yq"].parent.name)
    assert found["yq"].read_text() == f"{go_programs.FOLDER / 'yq'} linux 0\n"
    assert list(found["yq"].parent.iterdir()) == [found["yq"]]


def test_cached_programs_are_not_compiled_again(go: Go) -> None:
    reported: list[str] = []
    go_programs.binaries(["yq"])
    go_programs.binary("yq", lambda _, what: reported.append(what))
    assert len(go.compiled()) == 1
    assert reported == []


def test_a_build_after_a_failed_one_compiles_only_what_is_missing(go: Go) -> None:
    go.install(then='[ "${2##*/}" != etcdctl ] || exit 1')
    with pytest.raises(EnvironmentBroken):
        go_programs.binaries(["etcd", "etcdctl", "etcdutl"])
    go.install()
    go_programs.binaries(["etcd", "etcdctl", "etcdutl"])
    packages = [f"go.etcd.io/etcd/{name}/v3" for name in ("server", "etcdctl", "etcdctl", "etcdutl")]
    assert go.compiled() == packages


def test_an_incomplete_program_is_not_cached(go: Go) -> None:
    go.install(then='echo half > "$2"; exit 1')
    with pytest.raises(EnvironmentBroken):
        go_programs.binary("yq")
    assert [path for path in go.cache.rglob("*") if path.is_file() and path.name != "lock"] == []


@pytest.mark.usefixtures("go")
def test_leftovers_of_a_killed_build_are_removed() -> None:
    place = go_programs.binary("yq")
    place.unlink()
    (place.parent / ".new-killed").mkdir()
    (place.parent / ".new-killed/yq").write_text("half")
    go_programs.binary("yq")
    assert list(place.parent.iterdir()) == [place]


def test_another_version_of_go_gives_another_key(go: Go) -> None:
    before = go_programs.binary("yq")
    go.install("go1.27.0")
    assert go_programs.binary("yq") != before


def test_a_key_depends_on_the_group_s_sources_and_target_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for group in ("yq", "kind"):
        (tmp_path / group).mkdir()
        for name in ("go.mod", "go.sum"):
            (tmp_path / group / name).write_bytes((go_programs.FOLDER / group / name).read_bytes())
    monkeypatch.setattr(go_programs, "_described", go_programs._described)
    before = go_programs.key("yq", {"GOARCH": "amd64"})
    monkeypatch.setattr(go_programs, "FOLDER", tmp_path)
    assert go_programs.key("yq", {"GOARCH": "amd64"}) == before
    assert go_programs.key("yq", {"GOARCH": "arm64"}) != before
    (tmp_path / "kind/go.sum").write_text("another")
    (tmp_path / "yq/one_test.go").write_text("package one")
    assert go_programs.key("yq", {"GOARCH": "amd64"}) == before
    (tmp_path / "yq/go.sum").write_text("another")
    assert go_programs.key("yq", {"GOARCH": "amd64"}) != before


def test_progress_reports_count_and_time_left(go: Go) -> None:
    reported: list[tuple[str, str]] = []
    go_programs.binaries(["web", "yq"], lambda step, what: reported.append((step, what)))
    seconds = {name: go_programs.programs()[name].seconds for name in ("web", "yq")}
    assert reported[0] == ("compile", f"yq (1 of 2), about {sum(seconds.values()):.0f} s left")
    # The stand-in is much faster than the measured times; an estimate is at least one second.
    assert reported[1] == ("compile", "web (2 of 2), about 1 s left")
    assert len(go.compiled()) == 2


def test_an_estimate_of_90_s_or_more_is_in_minutes() -> None:
    assert str(go_programs.Estimate([345, 94, 300])) == "about 12 min left"
    assert str(go_programs.Estimate([60, 29])) == "about 89 s left"


def test_without_go_the_error_names_the_programs_and_the_version(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(go_programs, "cache_folder", lambda: tmp_path)
    with pytest.raises(EnvironmentBroken) as error:
        go_programs.binaries(["yq", "helm"])
    assert (str(error.value), error.value.fix) == (
        "Go is missing; it is needed to compile helm, yq.",
        "Install Go 1.26 or newer, so that `go version` works.",
    )


def test_the_error_of_a_broken_go_is_shown(go: Go) -> None:
    go.program.write_text("#!/bin/sh\necho 'go: cannot find GOROOT directory' >&2\nexit 2\n")
    with pytest.raises(EnvironmentBroken) as error:
        go_programs.binary("yq")
    assert str(error.value) == "Go does not work; it is needed to compile yq:\ngo: cannot find GOROOT directory"


def test_a_failed_compilation_is_reported_with_the_last_lines(go: Go) -> None:
    go.install(then="for n in $(seq 20); do echo line $n >&2; done; exit 1")
    with pytest.raises(EnvironmentBroken) as error:
        go_programs.binary("yq")
    assert str(error.value) == "yq could not be compiled:\n" + "\n".join(f"line {n}" for n in range(9, 21))
    assert error.value.fix == ("Is a Go module proxy reachable (`go env GOPROXY`), and is there disk space (`df -h`)?")


def test_modules_of_kubernetes_have_the_version_of_kubernetes() -> None:
    version = go_programs.version("kubernetes")
    module = (go_programs.FOLDER / "kubernetes/go.mod").read_text()
    replaced = set(re.findall(r"^\tk8s.io/\S+ => k8s.io/\S+ (\S+)$", module, re.MULTILINE))
    assert replaced == {version.replace("v1.", "v0.", 1)}
    assert go_programs.programs()["kubectl"].stamp["k8s.io/component-base/version.gitVersion"] == version


def test_every_group_is_a_module_with_go_sum() -> None:
    for name, program in go_programs.programs().items():
        folder = go_programs.FOLDER / program.group
        assert (folder / "go.mod").exists(), name
        text = (folder / "go.mod").read_text()
        assert ("require" in text) == (folder / "go.sum").exists(), name
        if not program.package.startswith("."):
            assert f"\t{program.package}\n" in text or f"tool {program.package}\n" in text, name


def test_the_script_for_engines_runs_the_same_commands(go: Go, tmp_path: Path) -> None:
    for path, content in go_programs.sources(["yq", "etcdctl", "etcdutl"]).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    (tmp_path / "out").mkdir()
    environment = {**os.environ, "GOOS": "linux"}
    script = ["sh", str(tmp_path / "go/build.sh"), str(tmp_path / "out")]
    subprocess.run([*script, "yq", "etcdutl"], check=True, env=environment)
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["etcdutl", "yq"]
    by_engine = [line for line in go.log.read_text().splitlines() if "etcdutl" in line]
    go_programs.compile_one(go_programs.programs()["etcdutl"], tmp_path / "here/etcdutl", {"GOOS": "linux"})
    (by_python,) = [line for line in go.log.read_text().splitlines() if line not in by_engine and "etcdutl" in line]
    assert [re.sub(r"-o \S+", "-o", line) for line in by_engine] == [re.sub(r"-o \S+", "-o", by_python)]
    subprocess.run(script, check=True, env=environment)
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["etcdctl", "etcdutl", "yq"]


def test_sources_include_versions() -> None:
    assert go_programs.sources(["kubectl", "rung-network"])["go/versions"].decode() == (
        f"kubernetes {go_programs.version('kubernetes')}\n"
    )
    assert go_programs.sources([]) == {}


@pytest.mark.parametrize("group", ["node", "web"])
def test_rung_s_own_programs_pass_their_own_tests(group: str) -> None:
    for command in (["gofmt", "-l", "."], ["go", "vet", "./..."], ["go", "test", "./..."]):
        folder, environment = go_programs.FOLDER / group, {**os.environ, **go_programs.ENVIRONMENT}
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        assert command[0] == "go" or done.stdout == ""
