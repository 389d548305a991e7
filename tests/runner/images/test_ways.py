"""The two ways to build an image, and the error if neither is possible."""

from __future__ import annotations

import stat
import subprocess
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import docker.errors
import pytest
import requests.exceptions

from rung.runner.core.errors import EnvironmentBroken
from rung.runner.images import build as images
from rung.runner.images import from_containerfile, from_packages, spec


class Registry:
    """A stand-in for an engine that asks a registry."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.api = SimpleNamespace(timeout=60)
        self.images = self
        self.timeout_used: int | None = None

    def get_registry_data(self, _name: str) -> None:
        self.timeout_used = self.api.timeout
        if self.error:
            raise self.error


def api_error(text: str) -> docker.errors.APIError:
    return docker.errors.APIError("500", None, text)


def test_a_registry_that_answers() -> None:
    registry: Any = Registry()
    assert from_containerfile.registry_unreachable(registry) is None
    assert (registry.timeout_used, registry.api.timeout) == (3, 60)


def test_the_probe_of_a_silent_registry_times_out() -> None:
    registry: Any = Registry(requests.exceptions.ReadTimeout())
    assert from_containerfile.registry_unreachable(registry) == "no registry answered within 3 s"
    assert registry.api.timeout == 60


def test_a_registry_that_the_engine_cannot_find() -> None:
    registry: Any = Registry(api_error("dial tcp: no such host"))
    assert from_containerfile.registry_unreachable(registry) == "dial tcp: no such host"


def test_podman_cannot_ask_a_registry_and_pulls_instead() -> None:
    registry: Any = Registry(api_error("page not found"))
    registry.api.pull = lambda name, **_: [{"status": f"Trying to pull {name}"}, {"error": "no such host"}]
    assert from_containerfile.registry_unreachable(registry) == "no such host"
    registry.api.pull = lambda name, tag, **_: [{"status": f"Trying to pull {name}"}, {"id": tag}]
    assert from_containerfile.registry_unreachable(registry) is None


class Steps:
    """A stand-in for an engine whose builds report these steps."""

    def __init__(self, *steps: dict[str, str]) -> None:
        self.steps, self.options = steps, {}
        self.api = self

    def build(self, **options: Any) -> tuple[dict[str, str], ...]:
        self.options = options
        return self.steps


def test_a_build_reports_its_steps_and_passes_its_parent() -> None:
    reported: list[str] = []
    engine: Any = Steps({"stream": "Step 1/2 : FROM x\n"}, {"stream": " ---> 12\n"}, {"stream": "Step 2/2 : RUN y\n"})
    arguments = {"PARENT": "rung/linux:1"}
    from_containerfile.build(spec.image("linux-rpm"), "t", engine, arguments, lambda _, what: reported.append(what))
    assert reported == ["linux-rpm: Step 1/2 : FROM x", "linux-rpm: Step 2/2 : RUN y"]
    assert engine.options["buildargs"] == arguments


def test_a_failed_build_is_reported_with_its_last_lines_without_colour() -> None:
    engine: Any = Steps(
        {"stream": "fetching\n"}, {"stream": "\x1b[91mE: no such package\x1b[0m\n"}, {"error": "code 100"}
    )
    with pytest.raises(EnvironmentBroken) as error:
        from_containerfile.build(spec.image("linux"), "t", engine)
    assert str(error.value) == (
        "Image linux could not be built from its Containerfile:\nfetching\nE: no such package\ncode 100"
    )


class Importer:
    """A stand-in for an engine that imports images."""

    def __init__(self) -> None:
        self.api = self
        self.data = b""
        self.tagged: list[tuple[str, str, str]] = []
        self.removed: list[str] = []

    def import_image_from_data(self, data: Any, changes: list[str]) -> str:
        assert changes == from_packages.CHANGES
        self.data = b"".join(data)
        return '{"status":"sha256:1"}\n'

    def tag(self, image: str, repository: str, tag: str, force: bool) -> None:
        assert force
        self.tagged.append((image, repository, tag))

    def remove_image(self, image: str, force: bool) -> None:
        assert force
        self.removed.append(image)


@pytest.fixture
def mmdebstrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The path of an executable stand-in for mmdebstrap; tests write its script."""
    program = tmp_path / "bin/mmdebstrap"
    program.parent.mkdir()
    program.touch()
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(program.parent), prepend=":")
    monkeypatch.setattr(from_packages, "cache_folder", lambda: tmp_path / "a cache")
    return program


def test_the_tree_is_imported_and_tagged_and_progress_is_reported(mmdebstrap: Path) -> None:
    mmdebstrap.write_text("#!/bin/sh\necho 'I: running apt-get update...' >&2\nprintf tree\n")
    reported: list[str] = []
    engine: Any = Importer()
    from_packages.build(spec.image("linux"), "rung/linux:0", engine, lambda _, what: reported.append(what))
    assert engine.data == b"tree"
    assert engine.tagged == [("sha256:1", "rung/linux", "0")]
    assert reported == ["linux: running apt-get update"]


@pytest.mark.parametrize("output", ["", "printf half;"])
def test_an_incomplete_tree_is_not_tagged(mmdebstrap: Path, output: str) -> None:
    mmdebstrap.write_text(f"#!/bin/sh\n{output} echo 'E: mirror is gone' >&2\nexit 25\n")
    engine: Any = Importer()
    with pytest.raises(EnvironmentBroken, match="E: mirror is gone"):
        from_packages.build(spec.image("linux"), "rung/linux:0", engine)
    assert engine.tagged == []
    assert engine.removed == (["sha256:1"] if output else [])


def test_an_interrupted_build_ends_the_program(mmdebstrap: Path, tmp_path: Path) -> None:
    mmdebstrap.write_text(
        f"#!/bin/sh\ntrap 'echo ended > {tmp_path}/end; exit 1' TERM\necho 'I: x' >&2\nsleep 60 & wait\n"
    )

    def interrupt(_step: str, _what: str) -> None:
        raise KeyboardInterrupt

    engine: Any = Importer()
    with pytest.raises(KeyboardInterrupt):
        from_packages.build(spec.image("linux"), "rung/linux:0", engine, interrupt)
    assert (tmp_path / "end").read_text() == "ended\n"


BUILD = """
import sys, tempfile
from pathlib import Path
from rung.runner.images import from_packages, spec
from_packages.cache_folder = lambda: Path(sys.argv[1])
from_packages.build(spec.image("linux"), "rung/linux:0", None, lambda step, what: print(what, flush=True))
"""


def test_the_folder_of_a_killed_build_is_removed_by_the_next(
    mmdebstrap: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "tmp"
    place.mkdir()
    monkeypatch.setenv("TMPDIR", str(place))
    monkeypatch.setattr(tempfile, "tempdir", None)
    mmdebstrap.write_text("#!/bin/sh\necho 'I: at work' >&2\nexec sleep 5\n")
    command = [sys.executable, "-c", BUILD, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as build:
        assert build.stdout is not None
        assert build.stdout.readline() == "linux: at work\n"
        (folder,) = place.iterdir()
        from_packages.remove_abandoned_folders()  # the build still runs
        assert list(place.iterdir()) == [folder]
        build.kill()
    assert list(place.iterdir()) == [folder]
    (place / "rung-image-of-mine").write_text("no folder")
    mmdebstrap.write_text("#!/bin/sh\nprintf tree\n")
    engine: Any = Importer()
    from_packages.build(spec.image("linux"), "rung/linux:0", engine)
    assert engine.tagged == [("sha256:1", "rung/linux", "0")]
    assert [path.name for path in place.iterdir()] == ["rung-image-of-mine"]


def test_packages_and_paths_with_spaces_reach_the_program() -> None:
    command = from_packages.mmdebstrap(spec.image("linux"), Path("/a cache"), Path("/b/context.tar"))
    assert "--include=" + ",".join(spec.image("linux").packages) in command
    assert any("cp '/a cache'/*.deb" in argument for argument in command)
    assert command[-2:] == ["bookworm", "-"]


def test_the_error_if_neither_way_is_possible(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(images, "_size", lambda *_: None)
    monkeypatch.setattr(from_containerfile, "registry_unreachable", lambda _: "no registry answered within 3 s")
    monkeypatch.setattr(from_packages, "cannot_build", lambda: "this computer is not Debian or Ubuntu")
    monkeypatch.setattr(from_packages, "cache_folder", lambda: tmp_path)
    engine: Any = SimpleNamespace(sdk=None)
    with pytest.raises(EnvironmentBroken) as error:
        images.ensure("linux", engine)
    assert str(error.value) == (
        "Image linux can be neither pulled (no registry answered within 3 s) "
        "nor built from packages (this computer is not Debian or Ubuntu)."
    )


def test_an_image_that_the_engine_has_is_not_built(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "_size", lambda *_: 1)
    engine: Any = object()
    assert images.ensure("linux", engine) == images.tag("linux")
