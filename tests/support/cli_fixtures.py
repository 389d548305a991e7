"""A lab of two tasks on a fake machine, and `rung` as a function."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fake_lab import LAB, SOLUTION, Rung, Said, World
from rung.runner.catalog import trust
from rung.runner.cli import process, rung
from rung.runner.services import current


@pytest.fixture
def own_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RUNG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("RUNG_DEBUG", raising=False)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    world = World()
    monkeypatch.setattr(current, "driver", lambda: world)
    return world


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    """A trusted lab; its folder."""
    folder = tmp_path / "pack" / "two-files"
    folder.mkdir(parents=True)
    (folder / "lab.yaml").write_text(LAB)
    (folder / "solution.sh").write_text(SOLUTION)
    trust.trust(folder)
    return folder


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Iterator[Rung]:
    """said("check", "--json") runs `rung check --json` in this process."""

    def call(*args: str) -> Said:
        capsys.readouterr()
        code = process.run(rung, list(args))
        return Said(code, *capsys.readouterr())

    return call


@pytest.fixture
def started(said: Rung, world: World, lab: Path) -> World:
    """The world with an attempt running on the lab."""
    assert said("start", str(lab), "--seed", "1").code == 0
    return world
