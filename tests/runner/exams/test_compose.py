"""An exam's paper: the same for a seed and a content, its points shared by weight, what is in it told."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exam_room import Room
from rung.runner.catalog import labs
from rung.runner.core.errors import UsageError
from rung.runner.exams import loader
from rung.runner.exams.compose import compose, lab_seed
from rung.runner.exams.paper import ExamPaper, remarks, with_attempts
from rung.runner.lab import folder
from rung.runner.lab.folder import BUNDLED_LABS

MOCK = loader.load(BUNDLED_LABS / "exams" / "rhcsa-mock.yaml")
SHORT = loader.load(BUNDLED_LABS / "exams" / "cka-short.yaml")
ENTRIES = labs.summaries()
seeds = st.integers(0, 2**31 - 1)


def test_the_seed_of_a_labs_values_stays_the_same_for_ever() -> None:
    assert lab_seed(7, "links") == 8177


@settings(max_examples=15)
@given(seeds)
def test_a_seed_gives_the_same_paper_again_and_all_points_are_given_out(seed: int) -> None:
    paper = compose(MOCK, seed, lambda _need: {}, ENTRIES)
    assert compose(MOCK, seed, lambda _need: {}, list(reversed(ENTRIES))) == paper
    assert sum(question.points for question in paper.questions) == 300
    assert len({question.lab for question in paper.questions}) == len(paper.questions) == 18
    assert [question.number for question in paper.questions] == list(range(1, 19))
    assert {question.domain for question in paper.questions} <= set(paper.domains)


@settings(max_examples=15)
@given(seeds, seeds)
def test_two_seeds_give_two_papers_of_the_same_content(one: int, other: int) -> None:
    first, second = compose(SHORT, one, lambda _need: {}, ENTRIES), compose(SHORT, other, lambda _need: {}, ENTRIES)
    assert (first.digest == second.digest) is (one == other)
    assert first.content == second.content


def test_on_another_computer_with_other_packs_it_is_the_same(tmp_path: Path) -> None:
    elsewhere = replace(ENTRIES[0], name="of-a-pack", folder=tmp_path / "of-a-pack", pack="a-pack")
    paper = compose(MOCK, 7, lambda _need: {})
    assert paper == compose(MOCK, 7, lambda _need: {}, [e for e in [*ENTRIES, elsewhere] if e.pack is None])


def test_a_lab_that_changes_changes_the_content_even_where_it_is_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    before = compose(MOCK, 7, lambda _need: {}, ENTRIES)
    unused = next(e for e in ENTRIES if e.kind == "linux" and e.name not in [q.lab for q in before.questions])
    real = folder.digest
    monkeypatch.setattr(folder, "digest", lambda path: "0" * 64 if path == unused.folder else real(path))
    after = compose(MOCK, 7, lambda _need: {}, ENTRIES)
    assert (after.content == before.content, after.digest == before.digest) == (False, True)


def test_a_paper_comes_back_from_json_as_it_was() -> None:
    drawn = compose(MOCK, 3, lambda _need: {"net-admin": "not here"}, ENTRIES)
    paper = with_attempts(drawn, iter(map(str, range(99))).__next__, {2: "a"})
    assert ExamPaper.of_json(json.loads(json.dumps(paper.as_json()))) == paper
    assert (paper.question(2).attempt, paper.question(2).share, paper.question(1).share) == ("1", "a", None)


def test_labs_that_cannot_run_here_are_named_with_the_reason() -> None:
    paper = compose(MOCK, 3, lambda _need: {"net-admin": "not here", "sys-admin": None}, ENTRIES)
    assert sorted(paper.left_out) == ["only-the-office", "open-exactly-this"]
    said = remarks(paper)
    assert "The lab open-exactly-this was left out: it needs net-admin: not here." in said
    assert (
        "Basic networking: 1 question was asked for, and the catalogue has 0 that fit; "
        "no other domain fills their place."
    ) in said


def test_where_a_domain_is_short_its_questions_weigh_no_more_than_they_would_have(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(
        "title: T\ntrack: rhcsa10\nminutes: 600\npass_mark: 70\n"
        "draw: {questions: 8, domains: {rhcsa10.filesystems: 1, rhcsa10.tools: 1}}\n"
    )
    paper = compose(loader.load(path), 1, lambda _need: {}, ENTRIES)
    found = {
        domain: [q.points for q in paper.questions if q.domain == domain]
        for domain in {q.domain for q in paper.questions}
    }
    assert found == {"rhcsa10.filesystems": [20], "rhcsa10.tools": [20, 20, 20, 20]}


def test_listed_labs_keep_their_order_and_share_points_by_weight(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(
        "title: T\ntrack: rhcsa10\nminutes: 30\npass_mark: 70\n"
        "labs: [{lab: two-streams}, {lab: links, weight: 2}, {lab: look-not-touch}]\n"
    )
    paper = compose(loader.load(path), 5, lambda _need: {})
    assert [(q.lab, q.points, q.domain, q.where) for q in paper.questions] == [
        ("two-streams", 25, "rhcsa10.tools", "linux"),
        ("links", 50, "rhcsa10.tools", "linux"),
        ("look-not-touch", 25, "", "kubernetes"),
    ]


def test_a_question_whose_lab_changed_is_not_read_as_another() -> None:
    question = replace(compose(SHORT, 1, lambda _need: {}, ENTRIES).questions[0], digest="0" * 64)
    with pytest.raises(UsageError) as error:
        question.load()
    assert str(error.value) == f"The lab of question 1 ({question.lab}) changed since the exam was drawn."


def test_a_number_that_no_question_has_is_said() -> None:
    with pytest.raises(UsageError) as error:
        compose(SHORT, 1, lambda _need: {}, ENTRIES).question(6)
    assert (str(error.value), error.value.fix) == ("There is no question 6.", "This exam has questions 1 to 5.")


def test_a_listed_lab_that_cannot_run_here_is_left_out_and_the_others_weigh_what_is_left(room: Room) -> None:
    lab = room.exam.parent.parent / "labs" / "gamma" / "lab.yaml"
    lab.write_text(lab.read_text().replace("minutes: 5", "minutes: 5\ncapabilities: [selinux]"))
    paper = compose(loader.load(room.exam), 7, lambda _need: {"selinux": "the kernel has none"})
    assert [(q.lab, q.points) for q in paper.questions] == [("alpha", 67), ("beta", 33)]
    assert paper.left_out == {"gamma": ("selinux: the kernel has none",)}


def test_a_track_that_does_not_exist_is_a_mistake_with_a_sentence(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    exam = loader.load(room.exam)
    monkeypatch.setattr(labs, "tracks", list)
    with pytest.raises(UsageError) as unknown:
        compose(exam, 7, lambda _need: {})
    assert str(unknown.value) == "The exam three is for the track rhcsa10, which does not exist."
