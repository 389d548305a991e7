"""The map, parsed as XML and drawn by a real browser."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import date
from itertools import combinations
from typing import Any

import pytest

import browser
from rung.runner.catalog.tracks import read_skills
from rung.runner.learning.readiness import Reach
from rung.runner.learning.skill_graph import SkillGraph
from rung.runner.learning.skill_state import Try, standings
from rung.runner.render.map import STATE_STYLES, map_svg
from skill_worlds import NOW, graph, tried

SVG = "{http://www.w3.org/2000/svg}"
SKILLS = graph({"d": ["a"]}, b=["a"], c=["a", "b"], d=["c"], e=[], f=[], g=["f"], h=[])
HISTORY = [tried("b", 2), tried("b", 1), tried("e", 50), tried("d", 1), tried("f", 1, passed=False)]
REACH: dict[str, Reach] = {**dict.fromkeys("abcdefgh", "lab"), "g": "no lab", "h": "beyond reach"}  # type: ignore[dict-item]


def drawn(
    of: SkillGraph = SKILLS,
    history: list[Try] = HISTORY,
    reach: dict[str, Reach] = REACH,
    rungs: dict[str, Any] | None = None,
) -> str:
    return map_svg(
        list(of.skills), of, standings(history, of, NOW), reach, {"lab-f": ["f"]} if rungs is None else rungs,
        title="Skills for t", day=date(2026, 3, 2),
    )  # fmt: skip


def nodes(svg: str) -> dict[str, ET.Element]:
    return {n.attrib["data-skill"]: n for n in ET.fromstring(svg).iter(f"{SVG}g") if "data-skill" in n.attrib}


def test_it_describes_itself_in_words() -> None:
    root = ET.fromstring(drawn())
    assert root.attrib["role"] == "img"
    assert root.findtext(f"{SVG}title") == "Skills for t, 2026-03-02"
    assert root.findtext(f"{SVG}desc") == (
        "Skills by level from left to right, a line from each to what requires it: 1 held, 1 shown once, 1 fading, "
        "1 to do again, 2 assumed, 1 no lab yet, 1 beyond reach here. Next rungs: lab-f."
    )
    assert nodes(drawn())["f"].findtext(f"{SVG}title") == "Skill f (f): to do again, last tried 2026-03-01"


def test_each_state_has_a_letter_or_a_shape_of_its_own() -> None:
    assert len({(style.letter, style.shape) for style in STATE_STYLES.values()}) == len(STATE_STYLES)
    kinds = {skill: node.attrib["class"] for skill, node in nodes(drawn()).items()}
    assert kinds == {
        "a": "node assumed", "b": "node held", "c": "node assumed", "d": "node shown", "e": "node fading",
        "f": "node again", "g": "node nolab", "h": "node beyond",
    }  # fmt: skip


def test_the_next_rungs_are_marked_by_number_and_named_in_the_key() -> None:
    svg = drawn(rungs={"first": ["f"], "second": ["a", "f"]})
    marked = {skill: [c.text for c in node if c.attrib.get("class") == "on"] for skill, node in nodes(svg).items()}
    assert {skill: numbers for skill, numbers in marked.items() if numbers} == {"f": ["1"], "a": ["2"]}
    key = ["".join(g.itertext()).strip() for g in ET.fromstring(svg).iter(f"{SVG}g") if g.attrib.get("class") == "key"]
    assert key == ["1Next rung: first", "2Then: second"]


def test_it_is_self_contained_and_titles_cannot_break_it() -> None:
    hostile = graph(a=[])
    hostile.skills["a"].title = '</text><script>alert("x")</script> & more'
    svg = drawn(hostile, [])
    assert "<script" not in svg
    assert "href" not in svg
    assert svg.count("http") == svg.count("http://www.w3.org/2000/svg") == 1
    ET.fromstring(svg)


def test_a_map_without_skills_is_valid_xml() -> None:
    ET.fromstring(drawn(graph(), [], {}, {}))


MEASURE = """
const box = e => { const r = e.getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom] };
return {
  boxes: [...document.querySelectorAll(".node")].map(n => ({
    skill: n.dataset.skill, box: box(n.querySelector(".box")), labels: [...n.querySelectorAll(".label")].map(box),
    badge: box(n.querySelector(".badge")), number: [...n.querySelectorAll(".number")].map(box)})),
  others: [...document.querySelectorAll(".level, .key text, svg > g > text")].map(box),
  page: box(document.querySelector("svg")),
  paper: getComputedStyle(document.querySelector(".paper")).fill,
  ink: getComputedStyle(document.querySelector(".label")).fill,
};
"""


def overlap(a: list[float], b: list[float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def inside(inner: list[float], outer: list[float]) -> bool:
    return outer[0] <= inner[0] and outer[1] <= inner[1] and inner[2] <= outer[2] and inner[3] <= outer[3]


@pytest.fixture(scope="module")
def whole() -> str:
    """A map of every skill, some of them marked."""
    of = SkillGraph(read_skills())
    everything: dict[str, Reach] = dict.fromkeys(of.skills, "lab")
    history = [tried(list(of.skills)[n::7], n + 1, seed=n) for n in range(4)]
    rungs = {"one": ["lin.acl", "lin.perms"], "two": ["k8s.pods"], "three": ["k8s.rbac"]}
    return map_svg(
        list(of.skills), of, standings(history, of, NOW), everything, rungs, title="Skills", day=date(2026, 3, 2)
    )


def test_in_a_browser_no_label_leaves_its_box_and_nothing_overlaps(whole: str) -> None:
    found = browser.facts(whole.replace("max-width: 100%", ""), MEASURE, "--window-size=3600,2000")
    boxes = {b["skill"]: b["box"] for b in found["boxes"]}
    assert len(boxes) == len(read_skills())
    assert [pair for pair in combinations(boxes, 2) if overlap(boxes[pair[0]], boxes[pair[1]])] == []
    for one in found["boxes"]:
        for label in one["labels"]:
            assert inside(label, one["box"]), one["skill"]
            assert not overlap(label, one["badge"]), one["skill"]
            assert not any(overlap(label, number) for number in one["number"]), one["skill"]
    words = found["others"]
    assert [pair for pair in combinations(range(len(words)), 2) if overlap(words[pair[0]], words[pair[1]])] == []
    assert not any(overlap(word, box) for word in words for box in boxes.values())
    assert all(inside(word, found["page"]) for word in [*words, *boxes.values()])


def test_in_a_browser_it_is_dark_where_the_browser_prefers_it(whole: str) -> None:
    light = browser.facts(whole, MEASURE)
    when = "@media screen and (prefers-color-scheme: dark)"
    assert whole.count(when) == 1
    dark = browser.facts(
        whole.replace(when, "@media screen"), MEASURE
    )  # headless Chromium has no option to prefer dark pages
    assert (light["paper"], light["ink"]) == ("rgb(255, 255, 255)", "rgb(17, 17, 17)")
    assert (dark["paper"], dark["ink"]) == ("rgb(22, 24, 27)", "rgb(238, 238, 238)")
