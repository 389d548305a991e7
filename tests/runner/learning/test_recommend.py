"""Which labs are proposed, and why."""

from __future__ import annotations

from rung.runner.learning.recommend import Proposal, View, proposals
from rung.runner.learning.remediation import find_remediation, smallest_cover
from skill_worlds import graph, lab, tried, view

CHAIN = graph(b=["a"], c=["b"], d=["c"])
LABS = [lab("one", "a"), lab("two", "b"), lab("three", "c"), lab("four", "d")]


def names(found: list[Proposal]) -> list[str]:
    return [proposal.lab.name for proposal in found]


def first(of: View) -> Proposal:
    return proposals(of)[0]


def test_what_requires_what_is_missing_comes_after_the_others_and_is_not_hidden() -> None:
    found = proposals(view(CHAIN, LABS), 9)
    assert names(found) == ["one", "two", "three", "four"]
    assert [p.first for p in found] == [(), ("a",), ("b",), ("c",)]
    assert names(proposals(view(CHAIN, LABS, [tried("a", 1)]), 9))[0] == "two"


def test_helps_ranks_and_never_holds_back() -> None:
    skills = graph({"x": ["h"], "y": ["a"]}, x=[], y=[], h=[], a=[])
    labs = [lab("x", "x"), lab("y", "y")]
    assert names(proposals(view(skills, labs, [tried("a", 1)])))[0] == "y"
    assert names(proposals(view(skills, labs, [tried("h", 1)])))[0] == "x"
    assert all(p.first == () for p in proposals(view(skills, labs)))


def test_a_proposal_tells_what_it_would_show_open_and_build_on() -> None:
    skills = graph(b=["a"], c=["b"], d=["b", "z"], e=["b"], z=[])
    found = first(view(skills, [lab("two", "b")], [tried("a", 1), tried("a", 2)]))
    assert (found.shows, found.opens) == (("b",), ("c", "e"))
    assert found.prerequisites == (("a", "held"),)


def test_falls_fading_and_second_times_are_told_apart() -> None:
    history = [tried("w", 40), tried("x", 2), tried("y", 1, passed=False), tried("z", 3), tried("z", 2)]
    found = first(view(graph(w=[], x=[], y=[], z=[], v=[]), [lab("all", "v", "w", "x", "y", "z")], history))
    assert (found.shows, found.fading, found.confirms, found.again) == (("v",), ("w",), ("x",), ("y",))


def test_what_weighs_more_in_the_exam_comes_first_and_what_is_held_last() -> None:
    skills = graph(x=[], y=[], z=[])
    labs = [lab("x", "x"), lab("y", "y"), lab("z", "z")]
    weights = {"x": 0.1, "y": 0.6, "z": 0.3}
    assert names(proposals(view(skills, labs, weights=weights))) == ["y", "z", "x"]
    held = [tried("y", 2), tried("y", 1)]
    assert names(proposals(view(skills, labs, held, weights))) == ["z", "x", "y"]


def test_a_skill_shown_today_can_wait_for_another_day() -> None:
    skills = graph(x=[], y=[])
    labs = [lab("x", "x"), lab("y", "y")]
    assert names(proposals(view(skills, labs, [tried("x", 0), tried("y", 1)]))) == ["y", "x"]


def test_the_easier_the_shorter_and_the_lower_come_first_when_all_else_is_alike() -> None:
    skills = graph(x=[], y=[])
    assert names(proposals(view(skills, [lab("x", "x", difficulty="hard"), lab("y", "y")]))) == ["y", "x"]
    assert names(proposals(view(skills, [lab("x", "x", minutes=30), lab("y", "y")]))) == ["y", "x"]


def test_the_second_proposal_brings_something_else_than_the_first() -> None:
    skills = graph(x=[], y=[])
    labs = [lab("x1", "x"), lab("x2", "x"), lab("y1", "y", difficulty="hard", minutes=30)]
    assert names(proposals(view(skills, labs))) == ["x1", "y1", "x2"]


def test_labs_that_train_nothing_the_exam_needs_are_not_proposed() -> None:
    found = proposals(view(CHAIN, [*LABS, lab("other", "o")], weights={"b": 1.0}), 9)
    assert names(found) == ["one", "two"]


def test_a_prerequisite_that_no_lab_trains_holds_nobody_back_but_what_it_builds_on_does() -> None:
    assert first(view(CHAIN, [lab("three", "c")])).first == ()
    (one, three) = proposals(view(CHAIN, [lab("one", "a"), lab("three", "c")]))
    assert (one.lab.name, three.lab.name, three.first) == ("one", "three", ("a",))


def test_labs_that_wait_for_each_other_do_not_wait_for_ever() -> None:
    skills = graph(x=[], y=["x"], p=[], q=["p"])
    labs = [lab("xq", "x", "q"), lab("yp", "y", "p")]  # each requires what the other trains
    found = proposals(view(skills, labs))
    assert [p.first for p in found] == [(), ()]


def test_without_labs_there_is_nothing_to_propose() -> None:
    assert proposals(view(CHAIN, [])) == []


def test_the_way_back_is_the_fewest_labs_for_all_that_is_missing_lowest_first() -> None:
    skills = graph(b=["a"], c=["a"], d=["b", "c"])
    labs = [lab("a", "a"), lab("b", "b"), lab("c", "c"), lab("bc", "b", "c", minutes=40), lab("d", "d")]
    way = find_remediation("d", ["d"], view(skills, labs, [tried("d", 1, passed=False)]))
    assert ([x.name for x in way.labs], way.missing) == (["a", "bc"], ("a", "b", "c"))
    way = find_remediation("d", ["d"], view(skills, labs, [tried("b a", 2), tried("d", 1, passed=False)]))
    assert ([x.name for x in way.labs], way.missing) == (["c"], ("c",))


def test_where_nothing_is_missing_the_way_back_is_the_lab_itself() -> None:
    way = find_remediation("two", ["b"], view(CHAIN, LABS, [tried("a", 2), tried("b", 1, passed=False)]))
    assert (way.labs, way.missing) == ((), ())


def test_a_lab_that_needs_a_way_of_its_own_is_taken_only_where_no_other_serves() -> None:
    skills = graph(b=["a"], y=["x"], x=[])
    labs = [lab("far", "a", "y", minutes=1), lab("near", "a", minutes=60)]
    assert [x.name for x in find_remediation("b", ["b"], view(skills, labs)).labs] == ["near"]
    assert [x.name for x in find_remediation("b", ["b"], view(skills, labs[:1])).labs] == ["far"]


def test_of_covers_as_small_the_shortest_is_taken_and_greed_is_not_enough() -> None:
    labs = [lab("greedy", "b", "c", "d", "e"), lab("left", "a", "b", "c"), lab("right", "d", "e", "f")]
    assert {x.name for x in smallest_cover("abcdef", labs)} == {"left", "right"}
    same = [lab("long", "a", minutes=30), lab("short", "a", minutes=5)]
    assert [x.name for x in smallest_cover("a", same)] == ["short"]
    assert smallest_cover("z", labs) == []
