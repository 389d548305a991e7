"""kind for computers without Go: the very file that was released, or none."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from rung.runner.core.errors import EnvironmentBroken
from rung.runner.drivers.kind import kind_download
from rung.runner.drivers.kind.kind_download import DIGESTS, VERSION, downloaded
from rung.runner.images import go_programs

RELEASED = b"#!/bin/sh\necho kind\n"
RIGHT = {"linux-amd64": hashlib.sha256(RELEASED).hexdigest()}


def test_the_file_that_was_released_is_kept_and_can_be_run(tmp_path: Path) -> None:
    asked: list[str] = []

    def fetch(url: str) -> bytes:
        asked.append(url)
        return RELEASED

    path = downloaded(tmp_path, of="linux-amd64", fetch=fetch, digests=RIGHT)
    assert path.read_bytes() == RELEASED
    assert path.stat().st_mode & 0o777 == 0o755
    assert downloaded(tmp_path, of="linux-amd64", fetch=fetch, digests=RIGHT) == path
    assert asked == [f"https://kind.sigs.k8s.io/dl/{VERSION}/kind-linux-amd64"]


def test_another_file_is_refused_and_not_kept(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentBroken) as caught:
        downloaded(tmp_path, of="linux-amd64", fetch=lambda _: b"other", digests=RIGHT)
    other = hashlib.sha256(b"other").hexdigest()
    assert str(caught.value) == (
        f"What https://kind.sigs.k8s.io/dl/{VERSION}/kind-linux-amd64 gave is not kind {VERSION}: "
        f"its SHA-256 is {other}, expected {RIGHT['linux-amd64']}."
    )
    assert list(tmp_path.iterdir()) == []


def test_a_platform_without_a_release_is_named(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentBroken) as caught:
        downloaded(tmp_path, of="plan9-mips")
    assert str(caught.value) == "There is no kind for plan9-mips."


def test_it_is_the_version_that_is_compiled_elsewhere() -> None:
    assert go_programs.version("kind") == VERSION


def test_this_platform_is_called_as_the_releases_files_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    monkeypatch.setattr(kind_download.sys, "platform", "linux")
    assert kind_download.this_platform() == "linux-amd64"
    assert set(DIGESTS) == {f"{system}-{cpu}" for system in ("linux", "darwin") for cpu in ("amd64", "arm64")}
