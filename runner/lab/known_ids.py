"""Ids of objectives and skills, found by patterns, which is faster than YAML; a test compares both."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from rung.runner.lab.folder import BUNDLED_LABS

_ID = re.compile(r"^ *- +id: +([a-z0-9.-]+) *$", re.MULTILINE)
_OBJECTIVE = re.compile(r"^ {6}- +id: +([a-z0-9.-]+) *$", re.MULTILINE)  # domains are indented less


@lru_cache(maxsize=4)
def known_objectives(home: Path = BUNDLED_LABS) -> frozenset[str]:
    """Ids of the objectives of all tracks."""
    files = sorted((home / "tracks").glob("*.yaml"))
    return frozenset(found for file in files for found in _OBJECTIVE.findall(file.read_text("utf-8")))


@lru_cache(maxsize=4)
def known_skills(home: Path = BUNDLED_LABS) -> frozenset[str]:
    """Ids of all skills."""
    return frozenset(_ID.findall((home / "skills.yaml").read_text("utf-8")))
