"""What is shipped is what is in the tree, and it works where nothing else is installed."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

from rung.runner.drivers.container.driver import ContainerDriver

ROOT = Path(__file__).parent.parent


def packages() -> list[str]:
    data = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return list(data["tool"]["setuptools"]["packages"])


def test_every_package_of_the_tree_is_listed() -> None:
    tree = {
        "rung." + ".".join(path.parent.relative_to(ROOT).parts)
        for top in ("runner", "checks", "labs")
        for path in (ROOT / top).rglob("__init__.py")
    }
    assert sorted(packages()) == sorted(tree)


def run(*command: str | Path, cwd: Path, **env: str) -> str:
    clean = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    done = subprocess.run(
        [str(c) for c in command], cwd=cwd, env=clean | env, capture_output=True, text=True, check=False,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == 0, f"{command}: {done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel and the sdist, built from the files that git knows (or may come to know)."""
    work = tmp_path_factory.mktemp("source")
    names = run("git", "ls-files", "-co", "--exclude-standard", cwd=ROOT).splitlines()
    for name in names:
        source, target = ROOT / name, work / name
        if source.is_file() or source.is_symlink():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
            target.chmod(source.stat().st_mode)
    out = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--outdir", out, work, cwd=out)
    return out


def test_the_wheel_holds_every_lab_image_and_template(dist: Path) -> None:
    (wheel,) = dist.glob("*.whl")
    held = set(zipfile.ZipFile(wheel).namelist())
    wanted = set()
    for name in run("git", "ls-files", "labs", "runner", "checks", cwd=ROOT).splitlines():
        if (ROOT / name).is_file():
            wanted.add(f"rung/{name}")
    assert sorted(wanted - held) == []


@pytest.mark.machines
@pytest.mark.parametrize("kind", ["*.whl", "*.tar.gz"])
def test_installed_into_an_empty_environment_it_lists_labs_and_runs_one(
    kind: str, dist: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, driver: ContainerDriver
) -> None:
    monkeypatch.delenv("RUNG_HOME", raising=False)
    (archive,) = dist.glob(kind)
    venv.create(tmp_path / "env", with_pip=True)
    python, rung = tmp_path / "env/bin/python", tmp_path / "env/bin/rung"
    run(python, "-m", "pip", "install", "-q", archive, cwd=tmp_path)
    home = {"RUNG_HOME": str(tmp_path / "home")}
    assert "links" in run(rung, "labs", cwd=tmp_path, **home)
    if kind == "*.whl":
        run(rung, "start", "links", "--no-shell", cwd=tmp_path, **home)
        (attempt,) = [f.attempt for f in driver.attempts() if f.path.startswith(str(tmp_path))]
        try:
            report = subprocess.run(
                [rung, "check", "--json", "--attempt", attempt],
                cwd=tmp_path,
                env=os.environ | home,
                capture_output=True,
                text=True,
                check=False,
            )
            assert (report.returncode, '"outcome": "failed"' in report.stdout) == (1, True), report.stderr
        finally:
            run(rung, "stop", "--attempt", attempt, cwd=tmp_path, **home)
