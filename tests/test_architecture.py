"""docs/architecture.md is as the code is."""

from __future__ import annotations

import re

from architecture import PAGE, arrows, page, reduced, sentence
from code_structure import LAYERS, ROOT


def test_the_generated_part_is_as_the_code_is() -> None:
    assert page(PAGE.read_text()) == PAGE.read_text()


def test_every_file_that_the_page_names_exists() -> None:
    named = set(re.findall(r"`((?:runner|checks|tests)/[\w/]+(?:\.py|/))`", PAGE.read_text()))
    assert len(named) > 30
    assert {name for name in named if not (ROOT / name).exists()} == set()


def test_every_package_says_what_it_holds() -> None:
    assert [folder for row in LAYERS for folder in row.split() if not sentence(folder).endswith(".")] == []


def test_an_arrow_that_a_longer_way_replaces_is_not_drawn() -> None:
    assert reduced({("a", "b"), ("b", "c"), ("a", "c")}) == {("a", "b"), ("b", "c")}
    assert len(reduced(arrows())) < len(arrows())
