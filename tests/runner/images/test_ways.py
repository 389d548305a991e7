"""Two ways to one tag, and what is said where neither is open."""

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
    """An engine of which only the question for a registry is asked."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.api = SimpleNamespace(timeout=60)
        self.images = self
        self.asked_within: int | None = None

    def get_registry_data(self, _name: str) -> None:
        self.asked_within = self.api.timeout
        if self.error:
            raise self.error


def api_error(text: str) -> docker.errors.APIError:
    return docker.errors.APIError("500", None, text)


def test_a_registry_that_answers() -> None:
    registry: Any = Registry()
    assert from_containerfile.registry_silent(registry) is None
    assert (registry.asked_within, registry.api.timeout) == (3, 60)


def test_a_registry_that_keeps_silent_is_not_waited_for() -> None:
    registry: Any = Registry(requests.exceptions.ReadTimeout())
    assert from_containerfile.registry_silent(registry) == "no registry answered within 3 s"
    assert registry.api.timeout == 60


def test_a_registry_that_the_engine_cannot_find() -> None:
    registry: Any = Registry(api_error("dial tcp: no such host"))
    assert from_containerfile.registry_silent(registry) == "dial tcp: no such host"


def test_podman_which_lacks_the_question_is_asked_to_pull() -> None:
    registry: Any = Registry(api_error("page not found"))
    registry.api.pull = lambda name, **_: [{"status": f"Trying to pull {name}"}, {"error": "no such host"}]
    assert from_containerfile.registry_silent(registry) == "no such host"
    registry.api.pull = lambda name, tag, **_: [{"status": f"Trying to pull {name}"}, {"id": tag}]
    assert from_containerfile.registry_silent(registry) is None


class Steps:
    """An engine of which only builds are asked."""

    def __init__(self, *steps: dict[str, str]) -> None:
        self.steps, self.asked = steps, {}
        self.api = self

    def build(self, **options: Any) -> tuple[dict[str, str], ...]:
        self.asked = options
        return self.steps


def test_a_build_tells_its_steps_and_passes_its_parent() -> None:
    told: list[str] = []
    engine: Any = Steps({"stream": "Step 1/2 : FROM x\n"}, {"stream": " ---> 12\n"}, {"stream": "Step 2/2 : RUN y\n"})
    arguments = {"PARENT": "rung/linux:1"}
    from_containerfile.build(spec.image("linux-rpm"), "t", engine, arguments, lambda _, what: told.append(what))
    assert told == ["linux-rpm: Step 1/2 : FROM x", "linux-rpm: Step 2/2 : RUN y"]
    assert engine.asked["buildargs"] == arguments


def test_a_build_that_fails_shows_its_last_lines_without_colour() -> None:
    engine: Any = Steps(
        {"stream": "fetching\n"}, {"stream": "\x1b[91mE: no such package\x1b[0m\n"}, {"error": "code 100"}
    )
    with pytest.raises(EnvironmentBroken) as error:
        from_containerfile.build(spec.image("linux"), "t", engine)
    assert str(error.value) == (
        "Image linux could not be built from its Containerfile:\nfetching\nE: no such package\ncode 100"
    )


class Importer:
    """An engine that swallows an import."""

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
    """A stand-in for the program, to be filled with what it does."""
    program = tmp_path / "bin/mmdebstrap"
    program.parent.mkdir()
    program.touch()
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(program.parent), prepend=":")
    monkeypatch.setattr(from_packages, "cache_folder", lambda: tmp_path / "a cache")
    return program


def test_the_tree_is_imported_and_named_and_progress_is_told(mmdebstrap: Path) -> None:
    mmdebstrap.write_text("#!/bin/sh\necho 'I: running apt-get update...' >&2\nprintf tree\n")
    told: list[str] = []
    engine: Any = Importer()
    from_packages.build(spec.image("linux"), "rung/linux:0", engine, lambda _, what: told.append(what))
    assert engine.data == b"tree"
    assert engine.tagged == [("sha256:1", "rung/linux", "0")]
    assert told == ["linux: running apt-get update"]


@pytest.mark.parametrize("output", ["", "printf half;"])
def test_half_a_tree_gets_no_name(mmdebstrap: Path, output: str) -> None:
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
from rung.runner.images import from_packages as bootstrap
from rung.runner.images import spec
bootstrap.cache_folder = lambda: Path(sys.argv[1])
bootstrap.build(spec.image("linux"), "rung/linux:0", None, lambda step, what: print(what, flush=True))
"""


def test_what_a_killed_build_left_is_cleared_by_the_next(
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
        from_packages.clear()  # it is at work
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


def test_neither_way_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(images, "_size", lambda *_: None)
    monkeypatch.setattr(from_containerfile, "registry_silent", lambda _: "no registry answered within 3 s")
    monkeypatch.setattr(from_packages, "possible", lambda: "this computer is not Debian or Ubuntu")
    monkeypatch.setattr(from_packages, "cache_folder", lambda: tmp_path)
    engine: Any = SimpleNamespace(sdk=None)
    with pytest.raises(EnvironmentBroken) as error:
        images.ensure("linux", engine)
    assert str(error.value) == (
        "Image linux can be neither pulled (no registry answered within 3 s) "
        "nor built from packages (this computer is not Debian or Ubuntu)."
    )


def test_an_image_that_is_there_is_not_built(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "_size", lambda *_: 1)
    engine: Any = object()
    assert images.ensure("linux", engine) == images.tag("linux")
