"""What the tests of exams share."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from exam_room import Room, furnish

# Several test runs share a computer: how long one example takes says nothing there.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Room:
    """A candidate before an exam, whose home is Rung's in this process as well."""
    monkeypatch.setenv("RUNG_HOME", str(tmp_path / "home"))
    return furnish(tmp_path)
