"""The folder in which Rung keeps its data."""

from __future__ import annotations

import os
from pathlib import Path


def home() -> Path:
    """Rung's data folder, absolute: $RUNG_HOME, else the platform's place for user data."""
    if folder := os.environ.get("RUNG_HOME"):
        return Path(folder).absolute()
    import platformdirs

    return platformdirs.user_data_path("rung")
