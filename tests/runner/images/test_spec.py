"""Descriptions of images: tags depend on the descriptions alone."""

from __future__ import annotations

import io
import re
import tarfile
from pathlib import Path

import pytest

from rung.runner.core.errors import UsageError
from rung.runner.images import spec


def test_a_tag_is_twelve_hexadecimal_digits_of_the_description() -> None:
    for name in spec.names():
        assert re.fullmatch(rf"rung/{name}:[0-9a-f]{{12}}", spec.tag(name))


def test_the_error_of_an_unknown_image_lists_all_images() -> None:
    with pytest.raises(UsageError) as error:
        spec.tag("gentoo")
    assert (str(error.value), error.value.fix) == ("There is no image 'gentoo'.", f"Images: {', '.join(spec.names())}.")


@pytest.fixture
def described(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, parent in (("base", ""), ("child", "parent: base\n")):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "image.yaml").write_text(f"about: x\n{parent}")
        (folder / "packages.txt").write_text("# why\nvim\n\n  less  \n")
    (tmp_path / "overlay").mkdir()
    (tmp_path / "overlay/init").write_text("#!/bin/sh\n")
    (tmp_path / "shared.sh").write_text("true")
    monkeypatch.setattr(spec, "HERE", tmp_path)
    for cached in (spec.names, spec.image, spec.tag):
        cached.cache_clear()
    return tmp_path


@pytest.fixture(autouse=True)
def fresh() -> object:
    yield
    for cached in (spec.names, spec.image, spec.tag):
        cached.cache_clear()


@pytest.mark.parametrize("changed", ["base/packages.txt", "overlay/init", "shared.sh"])
def test_a_change_of_the_parent_changes_the_child_too(described: Path, changed: str) -> None:
    before = spec.tag("base"), spec.tag("child")
    (described / changed).write_text("changed")
    spec.tag.cache_clear()
    assert spec.tag("base") != before[0]
    assert spec.tag("child") != before[1]


def test_a_change_of_the_child_does_not_change_its_parent(described: Path) -> None:
    before = spec.tag("base"), spec.tag("child")
    (described / "child/finish.sh").write_text("true")
    spec.tag.cache_clear()
    assert spec.tag("base") == before[0]
    assert spec.tag("child") != before[1]


@pytest.mark.usefixtures("described")
def test_packages_exclude_comments_and_empty_lines() -> None:
    assert spec.image("base").packages == ["vim", "less"]


@pytest.mark.usefixtures("described")
def test_the_archive_is_reproducible_and_scripts_are_executable() -> None:
    assert spec.image("base").context() == spec.image("base").context()
    with tarfile.open(fileobj=io.BytesIO(spec.image("base").context("build/"))) as archive:
        modes = {m.name: oct(m.mode) for m in archive.getmembers()}
    assert modes == {
        "build/image.yaml": "0o644",
        "build/overlay/init": "0o755",
        "build/packages.txt": "0o644",
        "build/shared.sh": "0o644",
    }


@pytest.mark.usefixtures("described")
def test_a_child_has_shared_files_from_its_parent_only() -> None:
    assert "overlay/init" not in spec.image("child").files()


def test_containerfiles_begin_from_the_parent() -> None:
    for name in spec.names():
        text = (spec.image(name).folder / "Containerfile").read_text()
        assert ("FROM $PARENT" in text) == (spec.image(name).parent is not None)
