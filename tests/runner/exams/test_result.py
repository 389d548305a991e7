"""From marks to a result: weights, what is taken out, and a pass mark that is reached or not."""

from __future__ import annotations

from typing import Any

import pytest

from exam_marks import check, mark
from exam_papers import PAPER, made
from rung.runner.exams import result, result_schema
from rung.runner.exams.result import report_of
from rung.runner.exams.result_format import ExamReportJson
from rung.runner.exams.session import ExamSession
from rung.runner.render.exam_csv import csv_table
from rung.runner.render.exam_html import _markdown, html
from rung.runner.render.exam_report import asides, exam_report_page, review_page
from rung.runner.render.junit import exam_junit
from rung.runner.render.page import plain


@pytest.fixture(autouse=True)
def _no_labs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(result, "_of_lab", lambda *_: ({"one": "Do `it`."}, {}, "", [], "echo '<done>'\n"))


def report(*marks: tuple[float, str, dict[str, Any]], before: tuple[Any, ...] = ()) -> ExamReportJson:
    return report_of(made(*before, (2900, "submitted", {}), *marks, now=3100))


def test_a_question_earns_its_share_of_the_exam_by_its_share_of_the_lab() -> None:
    found = report(mark(1, check("a", "passed", 2), check("b", "failed")), mark(2, check("a", "failed")))
    assert (found["score"], found["points"], found["passed"]) == (33.33, 100, False)
    assert found["domains"] == [{"id": "rhcsa10.tools", "name": "Beyond this track", "score": 33.33, "points": 100}]


def test_a_broken_check_is_taken_out_with_its_weight_and_the_pass_mark_is_of_the_rest() -> None:
    found = report(
        mark(1, check("a", "passed"), check("b", "broken", error="no engine")), mark(2, check("a", "passed"))
    )
    assert (found["score"], found["points"], found["pass_mark"], found["taken_out"]) == (75, 75, 45, 25)
    assert asides(found) == [
        "1 check could not be asked, which is not your doing.",
        "25 points were taken out for that; the pass mark applies to the rest.",
    ]


def test_a_question_that_could_not_be_graded_counts_neither_way() -> None:
    found = report(mark(1, check("a", "passed")), (3002.0, "marked", {"question": 2, "error": "no engine"}))
    assert (found["score"], found["points"], found["passed"]) == (50, 50, True)
    assert found["questions"][1]["error"] == "no engine"


def test_where_nothing_could_be_asked_nothing_is_passed() -> None:
    gone = {"error": "no engine"}
    found = report((3001.0, "marked", {"question": 1, **gone}), (3002.0, "marked", {"question": 2, **gone}))
    assert (found["score"], found["points"], found["passed"]) == (0, 0, False)
    assert "0 of 0 points (nothing could be asked)" in plain(exam_report_page(found))


@pytest.mark.parametrize(("hits", "passed"), [(599, False), (600, True)])
def test_just_below_the_pass_mark_is_below_it(hits: int, passed: bool) -> None:
    found = report(
        mark(1, check("a", "passed", hits), check("b", "failed", 1000 - hits)),
        mark(2, check("a", "passed", hits), check("b", "failed", 1000 - hits)),
    )
    assert (found["passed"], found["score"] >= found["pass_mark"]) == (passed, passed)


def test_a_third_is_rounded_downwards() -> None:
    thirds = [check("a", "passed", 2), check("b", "failed", 1)]
    found = report(mark(1, *thirds), mark(2, *thirds))
    assert found["score"] == 66.66


def test_what_was_lost_and_given_back_stands_in_the_result() -> None:
    down = {"why": "computer", "seconds": 600.0, "since": 5.0}
    before = ((700, "back", down), (800, "granted", {"seconds": 600.0, "since": [5.0]}))
    found = report(mark(1, check("a", "passed")), mark(2, check("a", "passed")), before=before)
    assert (found["granted_minutes"], found["downs"]) == (10, [{**down, "granted": True}])
    assert asides(found) == [
        "10 minutes were given back for lost time.",
        "The computer was off for 10 min 00 s, which was given back.",
    ]


def test_the_page_holds_everything_and_shows_what_a_learner_wrote_as_text() -> None:
    live = {"outcome": "passed", "reasons": []}
    before = ((5, "noted", {"question": 1, "text": "<script>alert(1)</script>"}),)
    found = report(
        mark(1, check("a", "failed", reasons=["expected <b>, found `</pre>`"], live=live)),
        mark(2, check("a", "passed")),
        before=before,
    )
    page = html(found, skill_map="<svg></svg>")
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "expected &lt;b&gt;, found `&lt;/pre&gt;`" in page
    assert "<p>Do <code>it</code>.</p>" in page
    assert "echo &#39;&lt;done&gt;&#39;" in page
    assert "before the restart: passed" in page
    assert "<svg></svg>" in page
    assert 'class="map"' not in html(found)
    assert "http" not in page.replace("http-equiv", ""), "it needs nothing from elsewhere"
    assert "<!doctype html>" in page


def test_a_review_tells_what_was_expected_and_found_and_how_to_try_again() -> None:
    found = report(
        mark(1, check("a", "failed", reasons=["expected 1, found 2"], hint="Look.")), mark(2, check("a", "passed"))
    )
    text = plain(review_page(found, found["questions"][0]))
    assert "✗ It is a  [a, 1 point]\n       expected 1, found 2\n       Look.\n" in text
    assert "rung exam review 1 --again --exam 0badcafe starts it on a fresh machine." in text


def test_a_sheet_has_a_column_for_each_domain_and_question_of_any_exam() -> None:
    one = report(mark(1, check("a", "passed")), mark(2, check("a", "failed")))
    other: ExamReportJson = {
        **one,
        "domains": [{"id": "cka.net", "name": "N", "score": 1, "points": 2}],
        "questions": [],
    }
    head, first, second = csv_table([one, other]).splitlines()
    assert head.endswith(",taken_out,rhcsa10.tools,cka.net,q1,q2")
    assert first.endswith(",50.0,,50.0,0.0")
    assert second.endswith(",,1,,")


def test_junit_has_a_suite_for_each_task_and_the_whole_in_the_first() -> None:
    text = exam_junit(report(mark(1, check("a", "passed")), mark(2, check("a", "broken", error="no engine"))))
    assert '<testsuites tests="2" failures="0" errors="1" skipped="0" name="three">' in text
    assert '<testcase classname="2.lab-2.one" name="a: It is a">' in text
    assert '<property name="exam.digest" value="d" />' in text


def test_junit_has_one_error_for_a_question_that_could_not_be_graded() -> None:
    gone = (3002.0, "marked", {"question": 2, "error": "no engine"})
    text = exam_junit(report(mark(1, check("a", "passed")), gone))
    assert '<testsuites tests="2" failures="0" errors="1" skipped="0" name="three">' in text
    assert '<testcase classname="2.lab-2" name="T">\n      <error message="no engine" />' in text


def test_a_review_shows_a_solution() -> None:
    found = report(mark(1, check("a", "passed")), mark(2, check("a", "passed")))
    assert "One right way:\n    echo '<done>'\n" in plain(review_page(found, found["questions"][0]))


def test_an_id_that_reads_as_a_number_stays_a_text_in_a_spreadsheet() -> None:
    found = report(mark(1, check("a", "passed")), mark(2, check("a", "passed")))
    ids = [
        csv_table([{**found, "exam": name}]).splitlines()[1].split(",")[0]
        for name in ("1234e567", "12345678", "0badcafe")
    ]
    assert ids == ["'1234e567", "'12345678", "0badcafe"]


def test_pictures_from_elsewhere_are_not_loaded() -> None:
    assert str(_markdown("![a plan](http://example.com/x.png) and [more](http://example.com)")) == (
        '<p>a plan and <a href="http://example.com">more</a></p>\n'
    )


def test_every_key_of_the_schema_has_a_meaning_and_the_file_is_as_the_code_is() -> None:
    made_one = result_schema.results_schema()
    parts = {"ExamReportJson": made_one, **made_one["$defs"]}
    own = {name: part for name, part in parts.items() if name not in ("CheckJson", "LiveJson")}
    keys = {f"{name}.{key}" for name, part in own.items() for key in part["properties"]}
    assert set(result_schema.MEANINGS) == keys | set(own)
    assert result_schema.FILE.read_text("utf-8") == result_schema.text(), f"stale: run {result_schema.COMMAND}"


def test_a_sitting_has_one_paper() -> None:
    assert ExamSession("x", made(now=1).events, made(now=1).now).paper == PAPER
