"""Fixtures of the tests of shells."""

from __future__ import annotations

import pytest

from cli_fixtures import lab, own_home, said, started, world
from exam_fixtures import room

__all__ = ["lab", "own_home", "room", "said", "started", "world"]  # fixtures are found by their names here


@pytest.fixture(autouse=True)
def _at_home(own_home: None) -> None:
    """Every test has its own data folder."""
