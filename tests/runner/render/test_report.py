"""A report as text: outcomes, the restart, what to try next."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.checks.core.outcome import Outcome
from rung.runner.grading.report import CheckReport, Report, TaskReport
from rung.runner.render.junit import junit
from rung.runner.render.page import plain
from rung.runner.render.report import changes, exit_code, host_command, next_task, report_page, shell_command

PASSED, FAILED, BLOCKED, BROKEN = Outcome.PASSED, Outcome.FAILED, Outcome.BLOCKED, Outcome.BROKEN


def check(name: str, outcome: Outcome, *reasons: str, points: int = 1, **more: object) -> CheckReport:
    return CheckReport(name, f"The {name} is right", "node1", outcome, points, reasons=list(reasons), **more)  # type: ignore[arg-type]


def report(*tasks: list[CheckReport], restarted: tuple[str, ...] = ()) -> Report:
    made = [TaskReport(f"task{n}", "text", checks) for n, checks in enumerate(tasks, 1)]
    return Report("a-lab", "1a2b3c4d", 7, made, list(restarted))


def lines(of: Report, **options: object) -> list[str]:
    return plain(report_page(of, **options)).splitlines()  # type: ignore[arg-type]


def test_each_outcome_says_why() -> None:
    made = report(
        [check("user", FAILED, "alice: uid: expected 2001, found 1004", points=3), check("group", PASSED)],
        [check("acl", BLOCKED, "/home/alice: expected an ACL, found none", points=2)],
        [check("web", BROKEN, error="the engine went away")],
    )
    assert lines(made, title="Users") == [
        "Users  a-lab, seed 7",
        "",
        "✗ task1  1 of 4 points",
        "  ✗ The user is right  [user, 3 points]",
        "      alice: uid: expected 2001, found 1004",
        "  ✓ The group is right  [group]",
        "",
        "◌ task2  0 of 2 points",
        "  ◌ The acl is right  [acl, 2 points, waits for a task before it]",
        "      /home/alice: expected an ACL, found none",
        "",
        "! task3  0 of 0 points",
        "  ! The web is right  [web, 1 point, not scored]",
        "      Rung could not ask: the engine went away",
        "",
        "1 of 6 points (16 %)",
        "1 check could not be asked, which is not your doing; nothing is scored for it.",
        "Next: task1. rung hint task1 gives a hint, rung check task1 grades it alone.",
    ]


def test_a_guard_says_that_it_must_stay() -> None:
    made = report([check("old", FAILED, "gone", holds=True)])
    assert lines(made)[2] == "  ✗ The old is right  [old, must stay so]"


def test_the_machine_is_named_where_there_are_several() -> None:
    made = report([check("a", PASSED), replace(check("b", PASSED), machine="node2")])
    assert lines(made)[2:4] == ["  ✓ The a is right  [a, node1]", "  ✓ The b is right  [b, node2]"]


def test_a_check_that_fails_only_after_the_restart_is_explained() -> None:
    made = report([check("web", FAILED, "web: expected active, found inactive", live=PASSED)], restarted=("node1",))
    assert lines(made)[2:7] == [
        "  ✗ The web is right  [web, 1 point]",
        "      web: expected active, found inactive",
        "      It held before the restart, but did not last.",
        "",
        "0 of 1 point (0 %), after a restart of node1",
    ]


def test_a_check_that_passes_only_after_the_restart_is_explained() -> None:
    made = report([check("web", PASSED, live=FAILED, live_reasons=["web: found inactive"])], restarted=("node1",))
    assert lines(made)[3:5] == [
        "      It failed before the restart and holds after it.",
        "      Before: web: found inactive",
    ]


def test_equal_reasons_before_and_after_the_restart_are_shown_once() -> None:
    made = report([check("web", FAILED, "no", live=FAILED, live_reasons=["no"])], restarted=("node1",))
    assert lines(made)[2:5] == ["  ✗ The web is right  [web, 1 point]", "      no", ""]


def test_after_all_passed_the_page_says_how_to_end() -> None:
    last = lines(report([check("a", PASSED)]), typed=partial(host_command, attempt=" --attempt 1a2b"))[-1]
    assert last == (
        "Everything is as it should be. rung stop --attempt 1a2b removes the machines, "
        "rung solution --attempt 1a2b shows another way."
    )


def test_in_the_shell_commands_are_typed_without_rung() -> None:
    made = lines(report([check("a", FAILED, "no")]), typed=shell_command)
    assert made[-1] == "Next: task1. hint task1 gives a hint, check task1 grades it alone."
    assert shell_command("stop") == "rung stop"


def test_without_the_restart_it_is_not_the_score() -> None:
    assert lines(report([check("a", PASSED)]), live_only=True)[-2:] == [
        "1 of 1 point (100 %), without a restart: not yet the score",
        "All of it holds now. Does it last? rung check restarts the machines to find out.",
    ]


def test_a_report_with_only_broken_checks_asks_to_try_again() -> None:
    assert lines(report([check("a", BROKEN)]))[-1] == "Try again; if it stays so, rung doctor looks for the cause."


def test_a_blocked_task_is_not_the_next_one() -> None:
    assert next_task(report([check("a", BLOCKED)], [check("b", FAILED)])) == "task2"
    assert next_task(report([check("a", PASSED)])) is None


@pytest.mark.parametrize(
    ("outcomes", "code"),
    [([PASSED], 0), ([PASSED, FAILED], 1), ([BLOCKED], 1), ([PASSED, BROKEN], 3), ([FAILED, BROKEN], 1)],
)
def test_exit_codes(outcomes: list[Outcome], code: int) -> None:
    assert exit_code(report([check(f"c{n}", o) for n, o in enumerate(outcomes)])) == code


def test_changes_name_only_what_changed() -> None:
    before = report([check("a", FAILED, "no a"), check("b", PASSED), check("c", FAILED, "no c")])
    after = report([check("a", PASSED), check("b", FAILED, "b is gone"), check("c", FAILED, "no c")])
    assert plain(changes(before, after)) == "✓ task1.a passed\n✗ task1.b failed: b is gone\n"


def test_junit_has_a_suite_for_each_task_and_a_case_for_each_check() -> None:
    made = report(
        [check("a", PASSED), check("b", FAILED, "one < two", "and & more")],
        [check("c", BLOCKED), check("d", BROKEN, error="no engine")],
    )
    root = ET.fromstring(junit(made))
    assert root.attrib == {"name": "a-lab", "tests": "4", "failures": "1", "errors": "1", "skipped": "1"}
    assert [s.attrib["name"] for s in root] == ["a-lab.task1", "a-lab.task2"]
    cases = {c.attrib["name"]: c for c in root.iter("testcase")}
    assert list(cases) == [f"{n}: The {n} is right" for n in "abcd"]
    failure = cases["b: The b is right"][0]
    assert (failure.tag, failure.attrib["message"], failure.text) == ("failure", "one < two", "one < two\nand & more")
    assert [c[0].tag for c in list(cases.values())[1:]] == ["failure", "skipped", "error"]
    assert {p.attrib["name"]: p.attrib["value"] for p in root[0][0]} == {
        "attempt": "1a2b3c4d", "seed": "7", "score": "1", "points": "2",
    }  # fmt: skip


@given(st.text())
def test_junit_is_valid_xml_whatever_a_machine_answered(text: str) -> None:
    ET.fromstring(junit(report([check("a", FAILED, text), check("b", BROKEN, error=text)])))
