"""An engine that runs takes up Rung's runtime, and gives it up again, without a restart."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import second_engine
from rung.runner.core.errors import EnvironmentBroken
from rung.runner.engine import host_settings, oci_runtime
from rung.runner.engine.connect import Engine

RUNTIME = "/opt/oci-runtime"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("engine")


@pytest.fixture(scope="module")
def engine(folder: Path) -> Iterator[Engine]:
    if why := second_engine.possible():
        pytest.skip(why)
    with second_engine.second_engine(folder, None) as engine:
        yield engine


@pytest.fixture
def configuration(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The engine's configuration, which says nothing yet."""
    for name, path in {"CONFIGURATION": "daemon.json", "PID_FILE": "pid", "SOCKET": "sock"}.items():
        monkeypatch.setattr(host_settings, name, folder / path)
    monkeypatch.setattr(host_settings, "WRAPPER", tmp_path / "oci-runtime")
    monkeypatch.setattr(host_settings, "SYSCTL", tmp_path / "60-rung.conf")
    monkeypatch.setattr(oci_runtime, "missing_here", lambda: {"CAP_SYS_RESOURCE"})
    return folder / "daemon.json"


def _runtimes(engine: Engine) -> tuple[bool, str]:
    info = engine.info()
    return "rung" in info["Runtimes"], info["DefaultRuntime"]


def test_the_engine_registers_the_runtime_and_gives_it_up(engine: Engine, configuration: Path) -> None:
    host_settings.register_runtime(engine)
    assert _runtimes(engine) == (True, "runc")
    host_settings.undo()
    assert _runtimes(engine) == (False, "runc")
    assert not configuration.exists()


def test_the_default_runtime_of_earlier_versions_ends_without_a_restart(engine: Engine, configuration: Path) -> None:
    earlier = {"runtimes": {"rung": {"path": RUNTIME}}, "default-runtime": "rung"}
    configuration.write_text(json.dumps(earlier))
    os.kill(int((configuration.parent / "pid").read_text()), signal.SIGHUP)
    until = time.monotonic() + 5
    while _runtimes(engine) != (True, "rung") and time.monotonic() < until:
        time.sleep(0.05)
    host_settings.register_runtime(engine)
    assert _runtimes(engine) == (True, "runc")
    assert json.loads(configuration.read_text()) == {"runtimes": {"rung": {"path": str(host_settings.WRAPPER)}}}
    host_settings.undo()


def test_nothing_is_taken_back_while_a_container_uses_the_runtime(
    engine: Engine, configuration: Path, tmp_path: Path
) -> None:
    host_settings.register_runtime(engine)
    before = configuration.read_bytes()
    (tmp_path / "empty.tar").write_bytes(b"\0" * 1024)
    engine.sdk.api.import_image_from_file(str(tmp_path / "empty.tar"), repository="empty")
    engine.create_container("lab", {"Image": "empty", "Cmd": ["-"], "HostConfig": {"Runtime": "rung"}})
    with pytest.raises(EnvironmentBroken) as raised:
        host_settings.undo()
    assert str(raised.value) == "Containers use the runtime that would be removed: lab."
    assert configuration.read_bytes() == before
    engine.remove_container("lab")
    host_settings.undo()


def test_an_engine_that_refuses_its_configuration_is_reported(
    engine: Engine, configuration: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(host_settings, "_RELOAD_SECONDS", 0.5)
    configuration.write_text('{"no-such-key": true}')
    with pytest.raises(EnvironmentBroken) as raised:
        host_settings.register_runtime(engine)
    assert str(raised.value) == f"The engine does not take up {configuration} within 0.5 s."
    configuration.unlink()
