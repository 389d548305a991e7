"""Exams that restart every machine before they grade draw only labs whose right answers outlive that."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from rung.runner.attempts.attempts import Attempts
from rung.runner.catalog import labs
from rung.runner.drivers.container.driver import ContainerDriver
from rung.runner.drivers.registry import DriverRegistry
from rung.runner.exams import loader as examfile
from rung.runner.grading.grade import grade
from rung.runner.lab import loader
from rung.runner.lab.folder import BUNDLED_LABS

pytestmark = pytest.mark.machines

EXAMS = [exam for path in (BUNDLED_LABS / "exams").glob("*.yaml") if (exam := examfile.load(path)).reboot]
WITHOUT = {name for exam in EXAMS if exam.draw is not None for name in exam.draw.without}
# Those that restart by themselves are proven so.
LABS = [e for e in labs.summaries() if e.kind == "linux" and e.pack is None and e.name not in WITHOUT
        and not loader.load(e.folder).reboot]  # fmt: skip


def lost(entry: labs.LabSummary, driver: ContainerDriver) -> list[str]:
    """The checks of a lab that fail when its solution was run and its machines restarted."""
    lab = loader.load(entry.folder, 3).model_copy(update={"reboot": True})
    attempt = Attempts(DriverRegistry.of(driver)).start(lab)
    try:
        attempt.run_script((lab.folder / "solution.sh").read_text("utf-8"), lab)
        report = grade(lab, attempt)
        return [f"{entry.name} {name}: {check.reasons}" for name, check in report.checks().items() if not check.passed]
    finally:
        attempt.stop()


def test_every_lab_that_they_may_draw_outlasts_a_restart(driver: ContainerDriver) -> None:
    assert len(EXAMS) == 2
    with ThreadPoolExecutor(3) as pool:
        assert [reason for reasons in pool.map(lambda entry: lost(entry, driver), LABS) for reason in reasons] == []
