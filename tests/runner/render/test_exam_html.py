"""An exam's report in a browser and in print."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

import browser
from exam_marks import check, mark
from exam_papers import made
from rung.runner.exams import result
from rung.runner.exams.result import report_of
from rung.runner.learning.skill_state import standings
from rung.runner.render.exam_html import html
from rung.runner.render.map import map_svg
from skill_worlds import NOW, graph, tried

MEASURE = """
const box = name => document.querySelector(name).getBoundingClientRect();
return {
  wide: document.documentElement.scrollWidth - window.innerWidth,
  questions: document.querySelectorAll("article.question").length,
  paper: getComputedStyle(document.body).backgroundColor,
  map: getComputedStyle(document.querySelector(".rung-map .paper")).fill,
  mark: (box(".gauge .mark").left - box(".gauge").left) / box(".gauge").width,
  fill: box(".gauge .fill").width / box(".gauge").width,
};
"""


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(result, "_of_lab", lambda *_: ({"one": "Do `it`."}, {}, "", [], "echo done\n"))
    long = "expected " + "x" * 400
    marks = (mark(1, check("a", "passed"), check("b", "failed", reasons=[long])), mark(2, check("a", "failed")))
    report = report_of(made((2900, "submitted", {}), *marks, now=3100))
    skills = graph(a=[], b=["a"])
    known: Any = dict.fromkeys("ab", "lab")
    found = standings([tried("a", 1)], skills, NOW)
    picture = map_svg(["a", "b"], skills, found, known, {}, title="t", day=date(2026, 3, 2), dark=False)
    return html(report, picture)


def test_it_fits_a_narrow_window_and_its_gauge_shows_score_and_pass_mark(page: str) -> None:
    found = browser.facts(page, MEASURE, "--window-size=600,900")
    assert (found["wide"] <= 0, found["questions"]) == (True, 2)
    assert (round(found["fill"], 2), round(found["mark"], 1)) == (0.25, 0.6)


def test_the_map_is_light_whatever_the_browser_prefers(page: str) -> None:
    assert "prefers-color-scheme" not in page
    found = browser.facts(page, MEASURE)
    assert (found["paper"], found["map"]) == ("rgb(255, 255, 255)", "rgb(255, 255, 255)")


def test_printed_it_uses_the_whole_width(page: str) -> None:
    # Headless Chromium has no option to dump a page in its print layout.
    found = browser.facts(page.replace("@media print", "@media screen"), MEASURE, "--window-size=700,900")
    assert found["wide"] <= 0


WIDE = (
    '<svg xmlns="http://www.w3.org/2000/svg" class="rung-map" width="2016" height="853" viewBox="0 0 2016 853"></svg>'
)
EDGES = """
const box = document.querySelector(".map svg").getBoundingClientRect();
return {left: box.left >= 0, right: box.right <= document.documentElement.clientWidth, shape: box.width / box.height};
"""


@pytest.mark.parametrize("medium", ["screen", "print"])
def test_all_of_a_wide_map_is_on_the_page(monkeypatch: pytest.MonkeyPatch, medium: str) -> None:
    monkeypatch.setattr(result, "_of_lab", lambda *_: ({"one": "Do `it`."}, {}, "", [], "echo done\n"))
    marks = (mark(1, check("a", "passed")), mark(2, check("a", "failed")))
    shown = html(report_of(made((2900, "submitted", {}), *marks, now=3100)), WIDE)
    shown = shown.replace("@media print", "@media screen") if medium == "print" else shown
    found = browser.facts(shown, EDGES, "--window-size=900,900")
    assert (found["left"], found["right"], round(found["shape"], 1)) == (True, True, 2.4)
