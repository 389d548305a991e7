"""The difficulties of a lab. This module loads no library, so that help pages and the catalogue can use it."""

from __future__ import annotations

from typing import Literal, get_args

Difficulty = Literal["easy", "medium", "hard"]
DIFFICULTIES: tuple[Difficulty, ...] = get_args(Difficulty)  # the easiest first
