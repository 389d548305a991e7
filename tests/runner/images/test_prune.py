"""Leftovers of earlier versions are found and removed; whatever is in use stays."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from rung.runner.core.errors import EnvironmentBroken
from rung.runner.drivers.container.driver import ContainerDriver
from rung.runner.images import go_programs, prune
from rung.runner.images.build import names, tag
from rung.runner.images.prune import Leftover
from rung.runner.images.spec import stages

OLD = "rung/linux:0123456789ab"


class Engine:
    """A stand-in for an engine with these images (tag -> id) and containers of these image ids."""

    def __init__(self, images: dict[str, str], containers: tuple[str, ...] = ()) -> None:
        self.api = self
        self._images = images
        self._containers = containers

    def containers(self, **_options: object) -> list[dict[str, Any]]:
        return [{"ImageID": identity} for identity in self._containers]

    def images(self) -> list[dict[str, Any]]:
        by_id: dict[str, list[str]] = {}
        for name, identity in self._images.items():
            by_id.setdefault(identity, []).append(name)
        # As in an engine, images are older than those that are built on them.
        return [
            {"Id": identity, "RepoTags": tags or None, "Size": 1000, "Created": number}
            for number, (identity, tags) in enumerate(by_id.items())
        ]


def found(images: dict[str, str], *containers: str) -> list[str]:
    return [leftover.name for leftover in prune.images(Engine(images, containers))]  # type: ignore[arg-type]


def test_images_of_other_versions_are_found_youngest_first() -> None:
    current = {tag(name): f"current-{name}" for name in (*names(), *stages())}
    older = {"rung/node-core:aaaaaaaaaaaa": "core", "rung/node:bbbbbbbbbbbb": "node"}
    assert found({**current, **older}) == ["rung/node:bbbbbbbbbbbb", "rung/node-core:aaaaaaaaaaaa"]


def test_used_and_foreign_images_stay() -> None:
    images = {OLD: "used", "rung/base:0123456789ab": "unused", "rung/web:1.0": "loaded", "debian:bookworm": "theirs"}
    assert found(images, "used", "theirs") == ["rung/base:0123456789ab"]


def test_programs_of_other_versions_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("00000000000000aa", "00000000000000bb"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "kubectl").write_bytes(b"x" * 70)
    (tmp_path / "lock").touch()
    monkeypatch.setattr(go_programs, "current_keys", lambda: {"00000000000000aa"})
    assert prune.programs(tmp_path) == [Leftover("programs", str(tmp_path / "00000000000000bb"), 70)]


def test_without_go_no_program_is_known_to_be_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "00000000000000bb").mkdir()

    def missing() -> set[str]:
        raise EnvironmentBroken("Go is missing.")

    monkeypatch.setattr(go_programs, "current_keys", missing)
    assert prune.programs(tmp_path) == []


def test_current_keys_are_those_of_a_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Path] = []

    def compile_one(_program: object, place: Path, _target: object) -> None:
        asked.append(place)

    monkeypatch.setattr(go_programs, "cache_folder", lambda: tmp_path)
    monkeypatch.setattr(go_programs, "compile_one", compile_one)
    go_programs.binaries(go_programs.programs())
    assert {place.parent.name for place in asked} == go_programs.current_keys()


def test_all_but_the_newest_version_of_a_package_are_found(tmp_path: Path) -> None:
    names = (
        "acl_2.3.1-3_amd64.deb", "bind9-host_1%3a9.18.9_amd64.deb", "bind9-host_1%3a9.18.10_amd64.deb",
        "bind9-host_9.20.1_amd64.deb", "bind9-host_9.20.1_i386.deb", "notes.txt",
    )  # fmt: skip
    for name in names:
        (tmp_path / name).write_bytes(b"x" * 10)

    def newer(one: str, other: str) -> bool:
        def parts(version: str) -> list[int]:
            epoch, _, rest = version.rpartition(":")
            return [int(epoch or 0), *(int(part) for part in rest.split("-")[0].split("."))]

        return parts(one) > parts(other)

    assert prune.packages(tmp_path, newer) == [
        Leftover("package", str(tmp_path / "bind9-host_9.20.1_amd64.deb"), 10),
        Leftover("package", str(tmp_path / "bind9-host_1%3a9.18.9_amd64.deb"), 10),
    ]
    assert prune.packages(tmp_path / "missing", newer) == []


def test_downloads_of_other_versions_of_kind_are_found(tmp_path: Path) -> None:
    for name in (f"kind-{go_programs.version('kind')}-linux-amd64", "kind-v0.1.0-linux-amd64", "other"):
        (tmp_path / name).write_bytes(b"x" * 5)
    assert prune.kind_downloads(tmp_path) == [Leftover("kind", str(tmp_path / "kind-v0.1.0-linux-amd64"), 5)]


@pytest.mark.machines
def test_chosen_leftovers_are_removed_from_engine_and_cache(
    driver: ContainerDriver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Removes only an image of its own, as others may be in use. Its own locks save a wait for builds."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    engine = driver.engine
    client = engine.sdk
    name = f"rung/box:{os.urandom(6).hex()}"
    repository, _, digest = name.partition(":")
    answer = client.api.import_image_from_data(b"\0" * 10240, repository=repository, tag=digest)
    assert "sha256:" in answer
    programs, package = tmp_path / "00000000000000bb", tmp_path / "a_1_all.deb"
    programs.mkdir()
    package.write_bytes(b"x" * 30)
    own = [leftover for leftover in prune.images(engine) if leftover.name == name]
    assert [leftover.sort for leftover in own] == ["image"]
    chosen = [*own, Leftover("programs", str(programs), 70), Leftover("package", str(package), 30)]

    held = client.containers.create(name, ["-"])
    try:
        assert name not in [leftover.name for leftover in prune.images(engine)]
        prune.remove(engine, own)
        assert client.images.get(name)
    finally:
        held.remove()

    reported: list[str] = []
    assert prune.remove(engine, chosen, lambda _step, what: reported.append(what)) >= 100
    assert reported == [leftover.name for leftover in chosen]
    assert name not in [leftover.name for leftover in prune.images(engine)]
    assert [path.name for path in tmp_path.iterdir()] == ["cache"]
