"""On real machines: the holes of a careless grader are found, and mutants take turns on the same machines."""

from __future__ import annotations

from pathlib import Path

import pytest

from fake_labs import write_lab
from rung.runner.authoring.mutation.mutate_many import mutate_all
from rung.runner.authoring.mutation.trial import Fate
from rung.runner.catalog import trust
from rung.runner.drivers.container.driver import ContainerDriver
from rung.runner.drivers.registry import DriverRegistry
from rung.runner.lab.folder import BUNDLED_LABS

LAB = """\
title: A bench that is graded carelessly
objectives: []
difficulty: easy
minutes: 5
environment:
  machines: [{name: node1}]
tasks:
  - id: bench
    text: Make the directory `/srv/bench` and in it `plan.txt`, which only its owner may read.
    expect:
      - {id: there, directory: /srv/bench}
      - {id: plan, file: /srv/bench/plan.txt}
"""
SCRIPTS: dict[str, str | None] = {
    "setup": "groupadd makers\n",
    "solution": "mkdir /srv/bench\ntouch /srv/bench/plan.txt\nchmod 600 /srv/bench/plan.txt\n",
    "also_backwards": "install -D -m 600 /dev/null /srv/bench/plan.txt\n",
    "wrong_half": "# fails: bench.plan\nmkdir /srv/bench\n",
    "wrong_damage": "# fails: bench.there, bench.plan\ntrue\n",
}


@pytest.mark.machines
def test_the_holes_of_a_careless_grader_are_found(tmp_path: Path, driver: ContainerDriver) -> None:
    folder = write_lab(tmp_path / "lab", LAB, **SCRIPTS)
    trust.trust(folder)
    (found,) = mutate_all([folder], DriverRegistry.of(driver))
    holes = {each.mutant.what for each in found.holes}
    assert "leaves out `chmod 600 /srv/bench/plan.txt`" in holes
    assert "says `604` in place of `600` in `chmod 600 /srv/bench/plan.txt`" in holes
    killed = {each.mutant.what: each.why for each in found.tried if each.fate is Fate.KILLED}
    assert killed["leaves out `touch /srv/bench/plan.txt`"] == ("bench.plan", "its script ends with an error")
    assert driver.attempts() == []


@pytest.mark.machines
def test_the_mutants_of_a_bundled_lab_share_machines(driver: ContainerDriver) -> None:
    (found,) = mutate_all([BUNDLED_LABS / "linux" / "links"], DriverRegistry.of(driver), record=False)
    assert (found.why, found.skipped, len(found.tried)) == ((), None, 48)
    assert [each for each in found.tried if each.fate in (Fate.LATE, Fate.BROKEN)] == []
