"""The labs themselves are collected from labs/ by Rung's own pytest plugin; here is what it is told to do there."""

from __future__ import annotations

import json

import pytest

from rung.runner.authoring.proof_records import FILE
from rung.runner.lab.folder import BUNDLED_LABS, lab_folders


def test_the_sample_that_is_always_proven_is_six_labs_that_exist(pytestconfig: pytest.Config) -> None:
    sample = pytestconfig.getini("rung_sample")
    assert len(set(sample)) == 6
    assert set(sample) <= {folder.name for folder in lab_folders(BUNDLED_LABS)}


def test_every_record_is_of_a_lab_that_exists() -> None:
    labs = {folder.relative_to(BUNDLED_LABS).as_posix() for folder in lab_folders(BUNDLED_LABS)}
    assert set(json.loads((BUNDLED_LABS / FILE).read_text("utf-8"))) <= labs
