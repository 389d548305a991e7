"""The line that counts a lab's mutants."""

from __future__ import annotations

from pathlib import Path

import pytest

from rung.runner.authoring.mutation.lab_mutation import Counts, LabMutation
from rung.runner.authoring.mutation.mutants import Mutant
from rung.runner.authoring.mutation.trial import Fate, Tried
from rung.runner.render.mutation import counted, mutation_page, mutations_summary
from rung.runner.render.page import plain


@pytest.mark.parametrize(
    ("counts", "line"),
    [
        (Counts(tried=1, killed=1), "1 mutant: 1 killed"),
        (
            Counts(tried=9, killed=6, late=1, broken=2),
            "9 mutants: 6 killed (1 too late, 2 broke the machine), 3 survived",
        ),
        (Counts(tried=9, killed=7, declared=2, left_out=40), "9 mutants: 7 killed, 2 declared; 40 left out"),
    ],
)
def test_what_was_killed_apart_is_counted_apart(counts: Counts, line: str) -> None:
    assert counted(counts) == line


def mutant(name: str) -> Mutant:
    return Mutant(name, "omit-option", "solution.sh", 3, "leaves out `-p` of `cp -p a b`", "", "-cp -p a b\n+cp a b")


def test_a_survivor_whose_script_ended_early_says_so() -> None:
    result = LabMutation(
        "lab", Path("lab"), [Tried(mutant("omit-option-1"), Fate.SURVIVED, ("its script ends with an error",))]
    )
    assert plain(mutation_page(result)).splitlines()[1:3] == [
        "  ✗ omit-option-1  solution.sh:3 leaves out `-p` of `cp -p a b`",
        "      earns all points, though its script ends with an error",
    ]


def test_a_lab_that_was_not_tried_says_why() -> None:
    assert plain(mutation_page(LabMutation("lab", Path("lab"), skipped="selinux: none"))).splitlines() == [
        "- lab cannot be tried here: selinux: none"
    ]
    assert plain(
        mutation_page(LabMutation("lab", Path("lab"), why=("without a mutation: it fails",)))
    ).splitlines() == [
        "✗ lab  its mutants were not tried",
        "      without a mutation: it fails",
    ]


def test_the_summary_counts_labs_and_says_what_to_do_about_holes() -> None:
    fine, skipped = LabMutation("a", Path("a")), LabMutation("b", Path("b"), skipped="selinux: none")
    assert plain(mutations_summary([fine, skipped])) == "1 of 2 labs without a hole, 1 cannot be tried here\n"
