"""A lab's checks.py names only tasks and machines that exist; nodes of a cluster are machines, too."""

from __future__ import annotations

from pathlib import Path

import pytest

from rung.runner.core.errors import LabFileError
from rung.runner.lab import loader, python_checks

LAB = """\
title: A node
objectives: []
difficulty: easy
minutes: 5
environment:
  cluster: {workers: 1, scope: cluster, namespace: shop}
tasks:
  - id: one
    text: Make it blue.
    expect: [{resource: configmap/blue}]
"""
CHECK = "from rung.checks import check, Host\n@check(task='one', on=%r)\ndef f(host: Host) -> None:\n    '''Blue'''\n"


def checks(folder: Path, on: str) -> list[str | None]:
    (folder / "lab.yaml").write_text(LAB)
    (folder / "checks.py").write_text(CHECK % on)
    return [check.on for check in python_checks.load(loader.load(folder))]


@pytest.mark.parametrize("machine", ["base", "controlplane", "node01"])
def test_a_check_may_run_on_base_and_on_every_node(tmp_path: Path, machine: str) -> None:
    assert checks(tmp_path, machine) == [machine]


def test_a_node_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LabFileError) as refused:
        checks(tmp_path, "node02")
    assert str(refused.value) == f"{tmp_path}/checks.py:2:1: f: there is no machine `node02`"
