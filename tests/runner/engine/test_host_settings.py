"""What Rung changes on this computer as root: it keeps what is there, and takes every change back."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from rung.runner.core.errors import EnvironmentBroken
from rung.runner.engine import host_settings, oci_runtime

KATA = {"log-level": "warn", "runtimes": {"kata": {"path": "/kata"}}}


@pytest.fixture
def computer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A computer without an engine, on which processes lack a capability; its root folder."""
    paths = {"WRAPPER": "lib/rung/oci-runtime", "CONFIGURATION": "docker/daemon.json", "PID_FILE": "docker.pid"}
    paths |= {"SOCKET": "docker.sock", "INOTIFY": "max_user_instances", "SYSCTL": "sysctl.d/60-rung.conf"}
    for name, path in paths.items():
        monkeypatch.setattr(host_settings, name, tmp_path / path)
    monkeypatch.setattr(oci_runtime, "missing_here", lambda: {"CAP_SYS_RESOURCE"})
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    for folder in ("docker", "sysctl.d"):
        (tmp_path / folder).mkdir()
    (tmp_path / "max_user_instances").write_text("128\n")
    return tmp_path


def _configuration(computer: Path) -> object:
    return json.loads((computer / "docker/daemon.json").read_text())


def test_the_runtime_is_registered_beside_what_is_there_and_the_default_stays(computer: Path) -> None:
    (computer / "docker/daemon.json").write_text(json.dumps(KATA))
    host_settings.register_runtime()
    runtimes = {"kata": {"path": "/kata"}, "rung": {"path": str(computer / "lib/rung/oci-runtime")}}
    assert _configuration(computer) == {"log-level": "warn", "runtimes": runtimes}


def test_registering_twice_changes_nothing(computer: Path) -> None:
    host_settings.register_runtime()
    before = (computer / "docker/daemon.json").stat().st_mtime_ns
    host_settings.register_runtime()
    assert (computer / "docker/daemon.json").stat().st_mtime_ns == before


def test_the_default_runtime_of_earlier_versions_is_taken_back() -> None:
    earlier = {"runtimes": {"rung": {"path": "/w"}}, "default-runtime": "rung"}
    assert host_settings.with_runtime(earlier, Path("/w")) == {"runtimes": {"rung": {"path": "/w"}}}
    chosen = {"runtimes": {"kata": {"path": "/kata"}}, "default-runtime": "kata"}
    assert host_settings.with_runtime(chosen, Path("/w"))["default-runtime"] == "kata"


def test_nothing_is_registered_where_nothing_is_lacking(computer: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oci_runtime, "missing_here", set)
    host_settings.register_runtime()
    assert not (computer / "docker/daemon.json").exists()
    assert not (computer / "lib").exists()


def test_the_configuration_keeps_its_permissions_and_a_link_to_it_stays_one(computer: Path) -> None:
    kept, link = computer / "kept.json", computer / "docker/daemon.json"
    kept.write_text(json.dumps(KATA))
    kept.chmod(0o640)
    link.symlink_to(kept)
    host_settings.register_runtime()
    assert link.is_symlink()
    assert kept.stat().st_mode & 0o777 == 0o640
    assert "rung" in json.loads(kept.read_text())["runtimes"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{,", "is not JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
        ("[]", "is not a JSON object."),
    ],
)
def test_a_damaged_configuration_is_not_overwritten(computer: Path, text: str, why: str) -> None:
    path = computer / "docker/daemon.json"
    path.write_text(text)
    with pytest.raises(EnvironmentBroken) as raised:
        host_settings.register_runtime()
    assert str(raised.value) == f"{path} {why}"
    assert path.read_text() == text


def test_the_wrapper_is_executable_and_written_once(computer: Path) -> None:
    path = host_settings.runtime_wrapper(computer / "elsewhere/oci-runtime")
    assert path is not None
    assert os.access(path, os.X_OK)
    assert path.read_text().startswith("#!/")
    made = path.stat().st_mtime_ns
    host_settings.runtime_wrapper(path)
    assert path.stat().st_mtime_ns == made


def test_inotify_instances_are_raised_and_stay_so(computer: Path) -> None:
    said: list[str] = []
    host_settings.raise_inotify(lambda step, what: said.append(f"{step}: {what}"))
    assert (computer / "max_user_instances").read_text() == "1024"
    assert (computer / "sysctl.d/60-rung.conf").read_text() == (
        "# It was 128. `rung doctor --undo` sets it back.\nfs.inotify.max_user_instances = 1024\n"
    )
    assert said == ["engine: raising fs.inotify.max_user_instances to 1024"]


def test_a_computer_that_has_enough_instances_is_left_as_it_is(computer: Path) -> None:
    (computer / "max_user_instances").write_text("8192\n")
    host_settings.raise_inotify()
    assert (computer / "max_user_instances").read_text() == "8192\n"
    assert not (computer / "sysctl.d/60-rung.conf").exists()


def test_every_change_is_taken_back(computer: Path) -> None:
    (computer / "docker/daemon.json").write_text(json.dumps(KATA))
    host_settings.register_runtime()
    host_settings.raise_inotify()
    assert host_settings.undo() == [
        f"{computer}/docker/daemon.json no longer names the runtime `rung`",
        f"{computer}/lib/rung/oci-runtime is removed",
        "fs.inotify.max_user_instances is 128 again",
        f"{computer}/sysctl.d/60-rung.conf is removed",
    ]
    assert _configuration(computer) == KATA
    assert (computer / "max_user_instances").read_text() == "128"
    assert not (computer / "lib/rung").exists()
    assert list((computer / "sysctl.d").iterdir()) == []
    assert host_settings.undo() == []


def test_a_configuration_that_only_rung_wrote_is_removed(computer: Path) -> None:
    host_settings.register_runtime()
    host_settings.undo()
    assert not (computer / "docker/daemon.json").exists()


def test_a_number_of_instances_that_somebody_set_since_stays(computer: Path) -> None:
    host_settings.raise_inotify()
    (computer / "max_user_instances").write_text("4096\n")
    assert host_settings.undo() == [f"{computer}/sysctl.d/60-rung.conf is removed"]
    assert (computer / "max_user_instances").read_text() == "4096\n"


def test_only_root_takes_back_what_root_changed(computer: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    host_settings.register_runtime()
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(EnvironmentBroken) as raised:
        host_settings.undo()
    assert str(raised.value) == "Only root can take back what Rung changed on this computer."
    assert raised.value.fix == "`sudo rung doctor --undo`"
    assert (computer / "lib/rung/oci-runtime").exists()
