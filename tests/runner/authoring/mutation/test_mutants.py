"""From right answers to a list of distinct mutants, the same each time, of which some are chosen."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from mutation_labs import mutation_lab
from rung.runner.authoring.mutation.mutants import (
    MOST_AFTER_RESTART,
    MOST_IN_NAMESPACE,
    MOST_ON_CLUSTERS,
    MOST_ON_MACHINES,
    Mutant,
    choose,
    is_bash,
    most,
    mutants,
    right_answers,
)
from rung.runner.lab import loader
from rung.runner.lab.folder import BUNDLED_LABS, lab_folders


def of(folder: Path) -> list[Mutant]:
    return mutants(loader.load(folder, 1))


def test_a_mutant_says_where_it_is_from_and_what_it_changes(tmp_path: Path) -> None:
    (first, second) = of(mutation_lab(tmp_path / "lab"))
    assert str(first) == "solution.sh:1 leaves out `touch a`"
    assert (first.text, first.diff, first.operator) == (":\ntouch b\n", "-touch a\n+:", "omit-command")
    assert str(second) == "solution.sh:2 leaves out `touch b`"


def test_an_id_stays_while_its_change_does(tmp_path: Path) -> None:
    before = of(mutation_lab(tmp_path / "lab"))
    after = of(mutation_lab(tmp_path / "lab", solution="# A remark.\ntouch c\ntouch a\ntouch b\n"))
    assert {mutant.id for mutant in before} < {mutant.id for mutant in after}


def test_the_same_mutant_of_two_answers_counts_once(tmp_path: Path) -> None:
    folder = mutation_lab(tmp_path / "lab", also_commented="# Another way.\ntouch a\n\ntouch b\n")
    assert [str(mutant) for mutant in of(folder)] == [
        "solution.sh:1 leaves out `touch a`",
        "solution.sh:2 leaves out `touch b`",
    ]


def test_a_mutant_that_is_a_right_answer_is_none(tmp_path: Path) -> None:
    folder = mutation_lab(tmp_path / "lab", solution="touch a b\nchmod 600 c\n", also_short="touch a b\n")
    assert "leaves out `chmod 600 c`" not in [mutant.what for mutant in of(folder)]


def test_a_mutant_that_is_a_wrong_answer_of_the_lab_is_none(tmp_path: Path) -> None:
    folder = mutation_lab(tmp_path / "lab", wrong_first="# fails: two.b\ntouch a\n")
    assert [mutant.what for mutant in of(folder)] == ["leaves out `touch a`"]


def test_what_only_waits_at_the_end_is_left_out_since_grading_waits_itself(tmp_path: Path) -> None:
    folder = mutation_lab(tmp_path / "lab", solution="touch a\nsleep 1\ntouch b\nsleep 9\nsystemctl status x || true\n")
    assert of(folder)[0].text == ":\nsleep 1\ntouch b\n:\n:\n"


def mutant(operator: str, number: int, text: str = "true\n") -> Mutant:
    return Mutant(f"{operator}-{number:06x}", operator, "solution.sh", number, f"change {number}", text, "")


def test_chosen_are_mutants_of_all_operators_by_turns() -> None:
    found = [mutant("omit-command", n) for n in range(40)] + [mutant("omit-option", n) for n in range(3)]
    picked = choose(found, 10)
    assert Counter(each.operator for each in picked.chosen) == {"omit-command": 7, "omit-option": 3}
    assert picked.left_out == 33
    assert picked == choose(found, 10)


def test_a_mutant_more_or_less_changes_little_of_the_choice() -> None:
    found = [mutant("omit-command", number) for number in range(100)]
    before, after = set(choose(found, 20).chosen), set(choose(found[1:], 20).chosen)
    assert len(before - after) <= 1


def test_what_bash_cannot_read_is_dropped() -> None:
    picked = choose([mutant("omit-command", 1, "if true; then\n"), mutant("omit-command", 2)], 10)
    assert ([each.line for each in picked.chosen], picked.left_out) == ([2], 0)


@pytest.mark.parametrize(
    ("text", "readable"), [("cat <<END\nx\nEND\n", True), ("cat <<END\nx\n", False), ("fi", False)]
)
def test_whether_bash_can_read_a_script(text: str, readable: bool) -> None:
    assert is_bash(text) is readable


@pytest.mark.parametrize(
    ("lab", "expected"),
    [
        ("linux/links", MOST_ON_MACHINES),
        ("linux/default-target", MOST_AFTER_RESTART),
        ("kubernetes/look-not-touch", MOST_IN_NAMESPACE),
        ("kubernetes/a-new-default", MOST_ON_CLUSTERS),
    ],
)
def test_how_many_are_tried_depends_on_what_a_trial_costs(lab: str, expected: int) -> None:
    assert most(loader.load(BUNDLED_LABS / lab, 1)) == expected


@pytest.mark.parametrize("folder", lab_folders(BUNDLED_LABS), ids=lambda folder: folder.name)
def test_every_bundled_lab_has_mutants_that_differ_from_its_answers_and_are_the_same_each_time(folder: Path) -> None:
    found = of(folder)
    assert len(found) >= 8
    assert len({each.id for each in found}) == len({each.text for each in found}) == len(found)
    assert {each.text for each in found} & {path.read_text() for path in right_answers(folder)} == set()
    assert found == of(folder)
