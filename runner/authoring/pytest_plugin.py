"""The pytest plugin: every lab is a test file, and every step of its proof is a test.

pytest loads it in every project of an environment that has Rung, so it imports only pytest until it finds a lab.
The CI of a pack needs no more than `pytest`:

    pytest --rung-prove=all --junitxml=labs.xml
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from rung.runner.authoring.proof import Step
    from rung.runner.drivers.base.protocols import Drivers

# The driver of the machines; a conftest.py may set another one (`config.stash[DRIVER] = …`).
DRIVER: pytest.StashKey[Drivers] = pytest.StashKey()
RECORD = "record"
_KEYS = (re.compile(rb"^tasks:", re.MULTILINE), re.compile(rb"^environment:", re.MULTILINE))
_HEAD = 256 * 1024  # bytes that are searched for these keys; the loader takes no larger file


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("rung", "labs of Rung")
    group.addoption(
        "--rung-prove",
        choices=("all", "changed"),
        default="changed",
        help="Prove all labs, or (the default) only those without a valid record in proofs.json.",
    )
    group.addoption("--rung-keep", action="store_true", help="Keep the machine of each step that fails.")
    parser.addini(
        "rung_sample", "Names of labs that are proven although proofs.json has a valid record of them.", "args", []
    )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if file_path.name == "lab.yaml" and _is_lab(file_path):
        lab: pytest.Collector = LabFile.from_parent(parent, path=file_path)
        return lab
    return None


def pytest_collect_directory(path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    # A Python package that holds labs, such as Rung's own, is collected as a plain folder: pytest would import it
    # under its bare name.
    if (path / "proofs.json").is_file() and (path / "__init__.py").is_file():
        folder: pytest.Collector = pytest.Dir.from_parent(parent, path=path)
        return folder
    return None


def _is_lab(path: Path) -> bool:
    """Whether a lab.yaml looks like one of Rung: other programs use that file name, too."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError:
        return False
    return all(key.search(head) for key in _KEYS)


class LabFile(pytest.File):
    """A lab: its steps are the tests `lab.yaml::untouched`, `lab.yaml::wrong/NAME` and so on."""

    def collect(self) -> Iterator[pytest.Item]:
        from rung.runner.authoring import proof_records
        from rung.runner.authoring.proof import TEXT, Step
        from rung.runner.authoring.prove import steps_of

        folder = self.path.parent
        steps = steps_of(folder)
        chosen = self.config.getoption("rung_prove") == "all" or folder.name in self.config.getini("rung_sample")
        if not chosen and proof_records.valid(folder):
            # Lint takes no machine, so it runs all the same.
            steps = [step for step in steps if step.name == TEXT] + [Step(RECORD)]
        for step in steps:
            yield LabStep.from_parent(self, name=step.name, step=step)


class NotProven(Exception):
    """A step of a proof failed; the arguments are the reasons."""


class LabStep(pytest.Item):
    """One step of a lab's proof, on its own machine."""

    def __init__(self, *, step: Step, **rest: Any) -> None:
        super().__init__(**rest)
        self.step = step

    def runtest(self) -> None:
        from rung.runner.authoring.prove import Prover

        if self.step.name == RECORD:
            return  # `collect` has compared it
        driver = _driver(self.config) if self.step.needs_machine else None
        keep = bool(self.config.getoption("rung_keep"))
        (report,) = Prover(driver, keep).turn(self.path.parent, [self.step])
        if report.skipped:
            pytest.skip(report.skipped)
        if report.why:
            kept = [f"Its machine was kept: rung shell --attempt {report.kept}"] if report.kept else []
            raise NotProven(*report.why, *kept)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        from rung.runner.core.errors import RungError

        if isinstance(excinfo.value, NotProven):
            return "\n".join(map(str, excinfo.value.args))
        if isinstance(excinfo.value, RungError):
            return "\n".join(filter(None, (str(excinfo.value), excinfo.value.fix)))
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self.path, None, f"{self.path.parent.name}: {self.name}"


def _driver(config: pytest.Config) -> Drivers:
    """The driver of the pytest session, connected on first use."""
    if DRIVER not in config.stash:
        from rung.runner.drivers.registry import DriverRegistry

        config.stash[DRIVER] = DriverRegistry.connect()
    return config.stash[DRIVER]
