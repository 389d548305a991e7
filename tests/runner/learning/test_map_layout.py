"""Nothing overlaps in the layout of the map, whatever the skills are."""

from __future__ import annotations

from itertools import combinations

import pytest

from rung.runner.catalog.tracks import read_skills
from rung.runner.learning.map_layout import COLUMN, GAP, WIDTH, Layout, arrange, text_width, wrap_label
from rung.runner.learning.skill_graph import SkillGraph
from skill_worlds import World


def laid_out(graph: SkillGraph) -> Layout:
    return arrange(
        {skill: graph.title(skill) for skill in graph.skills},
        {skill: graph.level(skill) for skill in graph.skills},
        {skill: graph.requires(skill) for skill in graph.skills},
    )


def apart(layout: Layout) -> bool:
    return all(
        abs(a.x - b.x) >= WIDTH or a.y + a.height + GAP <= b.y + 1e-6 or b.y + b.height + GAP <= a.y + 1e-6
        for a, b in combinations(layout.boxes.values(), 2)
    )


@pytest.mark.parametrize("seed", range(40))
def test_boxes_stay_apart_inside_the_picture_and_arrows_go_from_left_to_right(seed: int) -> None:
    world = World(seed)
    layout = laid_out(world.graph)
    assert apart(layout)
    for box in layout.boxes.values():
        assert 0 <= box.x <= layout.width - WIDTH
        assert 0 <= box.y <= layout.height - box.height + 1e-6
    edges = {(source, target) for target, sources in world.requires.items() for source in sources}
    assert {(arrow.source, arrow.target) for arrow in layout.arrows} == edges
    for arrow in layout.arrows:
        xs = [x for x, _ in arrow.points]
        assert xs == sorted(xs)


@pytest.mark.parametrize("seed", range(20))
def test_arrows_cross_no_box(seed: int) -> None:
    layout = laid_out(World(seed).graph)
    for arrow in layout.arrows:
        for (x, y), (to_x, _) in zip(arrow.points[1:-1:2], arrow.points[2:-1:2], strict=True):
            assert to_x - x == WIDTH
            assert not [b for b in layout.boxes.values() if b.x == x and b.y < y < b.y + b.height]


def test_the_skills_that_come_with_rung_stay_apart() -> None:
    layout = laid_out(SkillGraph(read_skills()))
    assert apart(layout)
    assert len(layout.columns) * COLUMN - COLUMN + WIDTH == layout.width


def test_a_simple_tangle_is_untangled() -> None:
    titles = {name: name for name in "abcxyz"}
    levels = {name: 0 if name in "abc" else 1 for name in titles}
    layout = arrange(titles, levels, {"x": ["c"], "y": ["b"], "z": ["a"]})
    heights = {arrow.source: (arrow.points[0][1], arrow.points[-1][1]) for arrow in layout.arrows}
    assert all(source == target for source, target in heights.values())


def test_labels_are_wrapped_between_words_and_long_words_are_cut() -> None:
    assert wrap_label("Permissions of owner, group and others") == ["Permissions of", "owner, group", "and others"]
    assert wrap_label("CustomResourceDefinitions") == ["Custom", "Resource", "Definitions"]
    assert all(text_width(line) <= 60 for line in wrap_label("W" * 90 + " and a few more", 60))
    assert "".join(wrap_label("W" * 90, 60)) == "W" * 90
    assert wrap_label("") == [""]


def test_no_skills_make_an_empty_picture() -> None:
    layout = arrange({}, {}, {})
    assert (layout.boxes, layout.arrows, layout.width, layout.height) == ({}, [], 0.0, 0.0)
