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


def test_labs_with_missing_prerequisites_come_last_and_are_not_hidden() -> None:
    found = proposals(view(CHAIN, LABS), 9)
    assert names(found) == ["one", "two", "three", "four"]
    assert [p.first for p in found] == [(), ("a",), ("b",), ("c",)]
    assert names(proposals(view(CHAIN, LABS, [tried("a", 1)]), 9))[0] == "two"


def test_helps_affects_the_rank_only() -> None:
    skills = graph({"x": ["h"], "y": ["a"]}, x=[], y=[], h=[], a=[])
    labs = [lab("x", "x"), lab("y", "y")]
    assert names(proposals(view(skills, labs, [tried("a", 1)])))[0] == "y"
    assert names(proposals(view(skills, labs, [tried("h", 1)])))[0] == "x"
    assert all(p.first == () for p in proposals(view(skills, labs)))


def test_a_proposal_names_what_it_shows_opens_and_requires() -> None:
    skills = graph(b=["a"], c=["b"], d=["b", "z"], e=["b"], z=[])
    found = first(view(skills, [lab("two", "b")], [tried("a", 1), tried("a", 2)]))
    assert (found.shows, found.opens) == (("b",), ("c", "e"))
    assert found.prerequisites == (("a", "held"),)


def test_a_proposal_distinguishes_failed_fading_and_shown_skills() -> None:
    history = [tried("w", 40), tried("x", 2), tried("y", 1, passed=False), tried("z", 3), tried("z", 2)]
    found = first(view(graph(w=[], x=[], y=[], z=[], v=[]), [lab("all", "v", "w", "x", "y", "z")], history))
    assert (found.shows, found.fading, found.confirms, found.again) == (("v",), ("w",), ("x",), ("y",))


def test_heavier_skills_come_first_and_held_ones_last() -> None:
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


def test_of_equal_labs_the_easier_and_the_shorter_come_first() -> None:
    skills = graph(x=[], y=[])
    assert names(proposals(view(skills, [lab("x", "x", difficulty="hard"), lab("y", "y")]))) == ["y", "x"]
    assert names(proposals(view(skills, [lab("x", "x", minutes=30), lab("y", "y")]))) == ["y", "x"]


def test_the_second_proposal_trains_other_skills_than_the_first() -> None:
    skills = graph(x=[], y=[])
    labs = [lab("x1", "x"), lab("x2", "x"), lab("y1", "y", difficulty="hard", minutes=30)]
    assert names(proposals(view(skills, labs))) == ["x1", "y1", "x2"]


def test_labs_without_needed_skills_are_not_proposed() -> None:
    found = proposals(view(CHAIN, [*LABS, lab("other", "o")], weights={"b": 1.0}), 9)
    assert names(found) == ["one", "two"]


def test_a_prerequisite_without_a_lab_is_replaced_by_its_own_prerequisites() -> None:
    assert first(view(CHAIN, [lab("three", "c")])).first == ()
    (one, three) = proposals(view(CHAIN, [lab("one", "a"), lab("three", "c")]))
    assert (one.lab.name, three.lab.name, three.first) == ("one", "three", ("a",))


def test_labs_that_require_each_other_are_proposed() -> None:
    skills = graph(x=[], y=["x"], p=[], q=["p"])
    labs = [lab("xq", "x", "q"), lab("yp", "y", "p")]  # each requires what the other trains
    found = proposals(view(skills, labs))
    assert [p.first for p in found] == [(), ()]


def test_without_labs_there_are_no_proposals() -> None:
    assert proposals(view(CHAIN, [])) == []


def test_remediation_is_the_fewest_labs_for_the_missing_prerequisites_lowest_first() -> None:
    skills = graph(b=["a"], c=["a"], d=["b", "c"])
    labs = [lab("a", "a"), lab("b", "b"), lab("c", "c"), lab("bc", "b", "c", minutes=40), lab("d", "d")]
    way = find_remediation("d", ["d"], view(skills, labs, [tried("d", 1, passed=False)]))
    assert ([x.name for x in way.labs], way.missing) == (["a", "bc"], ("a", "b", "c"))
    way = find_remediation("d", ["d"], view(skills, labs, [tried("b a", 2), tried("d", 1, passed=False)]))
    assert ([x.name for x in way.labs], way.missing) == (["c"], ("c",))


def test_without_missing_prerequisites_remediation_is_empty() -> None:
    way = find_remediation("two", ["b"], view(CHAIN, LABS, [tried("a", 2), tried("b", 1, passed=False)]))
    assert (way.labs, way.missing) == ((), ())


def test_a_lab_with_further_skills_is_chosen_only_where_no_other_trains_the_skill() -> None:
    skills = graph(b=["a"], y=["x"], x=[])
    labs = [lab("far", "a", "y", minutes=1), lab("near", "a", minutes=60)]
    assert [x.name for x in find_remediation("b", ["b"], view(skills, labs)).labs] == ["near"]
    assert [x.name for x in find_remediation("b", ["b"], view(skills, labs[:1])).labs] == ["far"]


def test_of_the_smallest_covers_the_shortest_is_chosen_also_where_greedy_search_fails() -> None:
    labs = [lab("greedy", "b", "c", "d", "e"), lab("left", "a", "b", "c"), lab("right", "d", "e", "f")]
    assert {x.name for x in smallest_cover("abcdef", labs)} == {"left", "right"}
    same = [lab("long", "a", minutes=30), lab("short", "a", minutes=5)]
    assert [x.name for x in smallest_cover("a", same)] == ["short"]
    assert smallest_cover("z", labs) == []
