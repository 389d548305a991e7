"""An engine where there is none, and nothing of the user's touched where there is one."""

from __future__ import annotations

import os

import pytest

from rung.runner.core.errors import EngineGone
from rung.runner.core.progress import silent
from rung.runner.engine import advice, install


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
