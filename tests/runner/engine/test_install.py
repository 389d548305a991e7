"""An engine where there is none, and nothing of the user's touched where there is one."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from rung.runner.core.errors import EngineGone, EnvironmentBroken
from rung.runner.core.progress import silent
from rung.runner.engine import advice, install, oci_runtime


def test_configuration_keeps_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "docker/daemon.json"
    path.parent.mkdir()
    path.write_text('{"log-level": "warn", "runtimes": {"kata": {"path": "/kata"}}}')
    assert install.configure(path, Path("/w"))
    assert json.loads(path.read_text()) == {
        "log-level": "warn",
        "runtimes": {"kata": {"path": "/kata"}, "rung": {"path": "/w"}},
        "default-runtime": "rung",
    }


def test_configuring_twice_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "docker/daemon.json"
    assert install.configure(path, Path("/w"))
    before = path.read_bytes()
    assert not install.configure(path, Path("/w"))
    assert path.read_bytes() == before


def test_a_damaged_configuration_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "daemon.json"
    path.write_text("{,")
    with pytest.raises(EnvironmentBroken, match="is not JSON"):
        install.configure(path, Path("/w"))
    assert path.read_text() == "{,"


def test_a_wrapper_is_written_where_the_bounding_set_lacks_something(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oci_runtime, "missing_here", lambda: {"CAP_SYS_RESOURCE"})
    place = install.runtime_wrapper(tmp_path / "lib/oci-runtime")
    assert place == tmp_path / "lib/oci-runtime"
    assert os.access(place, os.X_OK)
    assert place.read_text().startswith("#!/")
    made = place.stat().st_mtime_ns
    install.runtime_wrapper(place)
    assert place.stat().st_mtime_ns == made


def test_no_wrapper_where_nothing_is_lacking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oci_runtime, "missing_here", set)
    assert install.runtime_wrapper(tmp_path / "oci-runtime") is None
    assert list(tmp_path.iterdir()) == []


def test_an_engine_that_the_user_named_is_not_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere.sock")
    monkeypatch.setattr(install, "_install", lambda _: pytest.fail("installed"))
    with pytest.raises(EngineGone):
        install.ensure_engine(silent)


def test_without_root_nothing_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    monkeypatch.setattr("rung.runner.engine.connect.candidates", list)
    monkeypatch.setattr(install, "named_by", lambda: None)
    monkeypatch.setattr(install, "cannot_install", lambda: "installing packages needs root")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(install, "_install", lambda _: pytest.fail("installed"))
    with pytest.raises(EngineGone):
        install.ensure_engine(silent)


@pytest.mark.parametrize(
    ("has", "platform", "said"),
    [
        ("apt-get", "linux", "Install one: `sudo apt-get install docker.io`"),
        ("dnf", "linux", "Install one: `sudo dnf install podman`"),
        ("", "darwin", "Install and start Docker Desktop"),
        ("", "linux", "Install Docker Engine or Podman"),
    ],
)
def test_advice_fits_the_computer(has: str, platform: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(advice, "cannot_install", lambda: "installing packages needs root")
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}" if name == has else None)
    monkeypatch.setattr("sys.platform", platform)
    assert advice.advice().startswith(said)


def test_inotify_instances_are_raised_and_stay_so(tmp_path: Path) -> None:
    setting, said = tmp_path / "max_user_instances", []
    setting.write_text("128\n")
    install.raise_inotify(lambda step, what: said.append(f"{step}: {what}"), setting, tmp_path)
    assert setting.read_text() == "1024"
    assert (tmp_path / "60-rung.conf").read_text() == "fs.inotify.max_user_instances = 1024\n"
    assert said == ["engine: raising fs.inotify.max_user_instances to 1024"]


def test_a_computer_that_has_enough_is_left_as_it_is(tmp_path: Path) -> None:
    setting = tmp_path / "max_user_instances"
    setting.write_text("8192\n")
    install.raise_inotify(silent, setting, tmp_path)
    assert setting.read_text() == "8192\n"
    assert not (tmp_path / "60-rung.conf").exists()
