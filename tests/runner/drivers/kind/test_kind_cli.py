"""The program `kind`: which one is used, how long it may take, and what it says when it fails."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from rung.runner.core.errors import EnvironmentBroken
from rung.runner.drivers.kind import clusters, kind_cli
from rung.runner.drivers.kind.kind_cli import Installed, installed, kind_program, path_with_runtime, run_kind
from rung.runner.images import go_programs

Says = Callable[[str], Path]


@pytest.fixture
def says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Says:
    """Put a `kind` on PATH that runs these commands, and nothing else there but the shell's own programs."""

    def put(commands: str) -> Path:
        path = tmp_path / "kind"
        path.write_text(f"#!/bin/sh\n{commands}\n")
        path.chmod(0o755)
        return path

    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(go_programs, "binary", lambda name, _: Path("/compiled") / name)
    return put


@pytest.mark.parametrize(
    ("said", "version", "fits"),
    [
        ("kind v0.33.0 go1.26.8 linux/amd64", "v0.33.0", True),
        ("kind v0.32.0 go1.26.0 linux/arm64", "v0.32.0", True),
        ("kind v1.0.0-alpha+0123456789abcd go1.27.0 darwin/arm64", "v1.0.0-alpha+0123456789abcd", True),
        ("kind v0.31.0 go1.25.5 linux/amd64", "v0.31.0", False),
        ("kind v0.9.0 go1.15.2 linux/amd64", "v0.9.0", False),
        ("something else", None, False),
    ],
)
def test_the_one_on_path_is_used_from_the_first_version_that_reads_the_configuration(
    says: Says, monkeypatch: pytest.MonkeyPatch, said: str, version: str | None, fits: bool
) -> None:
    path = says(f"echo '{said}'")
    assert installed() == Installed(str(path), version)
    which = {"kind": str(path), "go": "/usr/bin/go"}
    monkeypatch.setattr("shutil.which", which.get)
    assert kind_program() == (str(path) if fits else "/compiled/kind")


def test_one_that_does_not_answer_or_cannot_be_run_is_not_used(says: Says, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kind_cli, "_ASK_SECONDS", 0.2)
    path = says("exec sleep 60")
    assert installed() == Installed(str(path), None)
    path.write_text("neither script nor program")
    assert installed() == Installed(str(path), None)


def test_where_there_is_none_nothing_is_asked(says: Says) -> None:
    says("echo kind v0.33.0").unlink()
    assert installed() is None


def test_what_takes_too_long_is_ended_with_the_programs_that_it_runs(says: Says) -> None:
    path = says("echo ' • Preparing nodes 📦  ...' >&2; sleep 61.7 & wait")
    steps: list[tuple[str, str]] = []
    began = time.monotonic()
    with pytest.raises(EnvironmentBroken) as late:
        run_kind(str(path), ["create", "cluster"], {}, lambda *step: steps.append(step), limit=0.5)
    assert time.monotonic() - began < 10
    assert str(late.value) == "`kind create cluster` was ended after 0.5 s:\n • Preparing nodes 📦  ..."
    assert steps == [("cluster", "preparing nodes")]
    assert not any(b"61.7" in p.read_bytes() for p in Path("/proc").glob("[0-9]*/cmdline") if p.exists())


def test_the_configuration_comes_by_a_pipe_so_that_no_file_stays_where_rung_is_killed(says: Says) -> None:
    path = says("cat >&2; exit 4")
    with pytest.raises(EnvironmentBroken) as failed:
        run_kind(str(path), ["create", "cluster"], {}, stdin="kind: Cluster\nnodes: []\n")
    assert str(failed.value) == "`kind create cluster` ended with status 4:\nkind: Cluster\nnodes: []"


def test_kinds_docker_creates_containers_with_the_runtime_and_passes_all_else_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    docker = tmp_path / "docker"
    docker.write_text("#!/bin/sh\nprintf '%s\\n' \"$@\"\n")
    docker.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    path = path_with_runtime("rung")
    assert path.endswith(f":{tmp_path}:/usr/bin:/bin")
    command = shutil.which("docker", path=path)
    assert command is not None
    monkeypatch.setenv("PATH", path)
    assert path_with_runtime("rung") == path  # it does not find itself

    def asked(*arguments: str) -> list[str]:
        return subprocess.run([command, *arguments], capture_output=True, text=True, check=True).stdout.splitlines()

    assert asked("run", "--name", "two words", "image") == ["run", "--runtime", "rung", "--name", "two words", "image"]
    assert asked("exec", "node", "run") == ["exec", "node", "run"]


def test_without_dockers_command_kind_is_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(EnvironmentBroken) as raised:
        path_with_runtime("rung")
    assert str(raised.value) == "kind needs the command `docker`, which is not on PATH."
    assert raised.value.fix == "Install it: `sudo apt-get install docker.io`"


def test_what_fails_is_told_with_its_last_lines(says: Says) -> None:
    path = says("exec <&-; echo 'ERROR: no disk' >&2; exit 4")
    with pytest.raises(EnvironmentBroken) as failed:
        run_kind(str(path), ["create", "cluster"], {}, stdin="kind: Cluster\n" * 1000)
    assert str(failed.value) == "`kind create cluster` ended with status 4:\nERROR: no disk"
    assert failed.value.fix == "`rung doctor` tells what the engine lacks."


# -- a port that somebody else takes meanwhile

TAKEN = "Bind for 127.0.0.1:36443 failed: port is already allocated"


def failing(*errors: str) -> tuple[Callable[[], None], list[str]]:
    """Something that fails with each of these in turn, then works; and what it has failed with."""
    said: list[str] = []

    def do() -> None:
        if len(said) < len(errors):
            said.append(errors[len(said)])
            raise EnvironmentBroken(said[-1])

    return do, said


def test_a_port_that_was_taken_meanwhile_is_tried_again() -> None:
    do, said = failing(TAKEN, TAKEN)
    clusters._retry_where_port_is_taken(do)
    assert said == [TAKEN, TAKEN]


def test_three_taken_ports_are_told() -> None:
    do, said = failing(TAKEN, TAKEN, TAKEN)
    with pytest.raises(EnvironmentBroken) as error:
        clusters._retry_where_port_is_taken(do)
    assert (str(error.value), len(said)) == (TAKEN, 3)


def test_any_other_failure_is_told_at_once() -> None:
    do, said = failing("no disk", "never asked")
    with pytest.raises(EnvironmentBroken):
        clusters._retry_where_port_is_taken(do)
    assert said == ["no disk"]
