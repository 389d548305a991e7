"""On real machines: a lab with many faults is refused for each of them, and for nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from fake_labs import write_lab
from rung.runner.authoring.prove_many import prove_all
from rung.runner.catalog import trust
from rung.runner.drivers.container.driver import ContainerDriver
from rung.runner.drivers.registry import DriverRegistry

LAB = """\
title: A lab that grades wrongly
objectives: []
difficulty: easy
minutes: 5
environment:
  machines: [{name: node1}]
reboot: true
tasks:
  - id: files
    text: Make `/run/gone` and `/srv/here`. Keep `/etc/hostname`.
    expect:
      - {id: gone, file: /run/gone}
      - {id: here, file: /srv/here}
      - {id: free, file: /etc/hostname}
  - id: moody
    text: Whatever you do, this goes up and down.
    expect:
      - id: swing
        command: "if [ -e /srv/up ]; then rm /srv/up; false; else touch /srv/up; fi"
      - id: deaf
        command: "false"
"""
SCRIPTS: dict[str, str | None] = {
    "setup": "true\n",
    "solution": "touch /run/gone /srv/here\n",
    "also_backwards": "touch /srv/here\nfalse\ntouch /run/gone\n",
    "wrong_half": "# fails: files.gone, files.here, moody.deaf\ntrue\n",
    "wrong_damage": "# fails: files.here, files.gone after reboot\nrm -f /srv/none; touch /run/gone\n",
}


@pytest.mark.machines
def test_each_fault_of_a_dishonest_lab_is_told(tmp_path: Path, driver: ContainerDriver) -> None:
    folder = write_lab(tmp_path / "lab", LAB, **SCRIPTS)
    trust.trust(folder)
    (proof,) = prove_all([folder], DriverRegistry.of(driver))
    why = {step.name: " | ".join(step.why) for step in proof.failed}
    assert "files.free passes untouched" in why["untouched"]
    assert "moody.swing: two gradings of the same machine disagree" in why["untouched"]
    assert "files.gone fails after solution.sh and a restart, not before it" in why["solution"]
    assert "moody.deaf fails after solution.sh: `false`: exit status: expected 0, found 1" in why["solution"]
    assert "files.here" not in why["solution"]
    assert why["solution-again"]
    assert why["also/backwards"] == "also/backwards.sh failed on node1 with exit status 1:\n"
    assert "moody.deaf fails, and the script's head does not name it" in why["wrong/damage"]
    assert "files.here" not in why["wrong/damage"]
    assert not [found for found in driver.attempts() if found.path == str(folder)]
