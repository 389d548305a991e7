"""The images that labs deploy, as an archive for clusters that are not Rung's."""

from __future__ import annotations

import hashlib
import json
import tarfile
from pathlib import Path

import pytest

from rung.runner.core.errors import UsageError
from rung.runner.drivers.container.driver import ContainerDriver
from rung.runner.images import workloads

NAMES = ["rung/web:1.0", "rung/web:1.1", "rung/web:1.2-bad", "rung/box:1.0"]


def test_names_are_those_of_the_images_in_rung_s_nodes() -> None:
    assert workloads.names() == NAMES


@pytest.mark.machines
def test_the_archive_has_each_image_with_its_release(driver: ContainerDriver, tmp_path: Path) -> None:
    workloads.save(tmp_path / "images.tar", driver.engine)
    with tarfile.open(tmp_path / "images.tar") as archive:
        content = {name: archive.extractfile(name).read() for name in archive.getnames()}  # type: ignore[union-attr]
    listed = json.loads(content.pop("manifest.json"))
    assert [entry["RepoTags"] for entry in listed] == [[name] for name in NAMES]
    versions = []
    for entry in listed:
        config = json.loads(content[entry["Config"]])
        layers = [f"sha256:{hashlib.sha256(content[layer]).hexdigest()}" for layer in entry["Layers"]]
        assert config["rootfs"]["diff_ids"] == layers
        versions += [value for value in config["config"]["Env"] if value.startswith("VERSION=")]
    assert versions == ["VERSION=1.0", "VERSION=1.1", "VERSION=1.2-bad"]
    assert set(content) == {path for entry in listed for path in (entry["Config"], *entry["Layers"])}


@pytest.mark.machines
def test_a_file_that_cannot_be_written_is_reported(driver: ContainerDriver, tmp_path: Path) -> None:
    path = tmp_path / "missing" / "images.tar"
    with pytest.raises(UsageError) as error:
        workloads.save(path, driver.engine)
    assert str(error.value) == f"{path} cannot be written: No such file or directory."
