"""What a draw promises: the same for a seed, shares kept, nothing twice, nothing filled up quietly."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from rung.runner.exams.compose import lab_seed
from rung.runner.exams.definition import Draw
from rung.runner.exams.draw import DrawCandidate, Shortfall, apportioned, draw

SHARES = {"arch": 25, "work": 15, "net": 20, "store": 10, "trouble": 30}
LABS = [
    DrawCandidate(f"{domain}-{number}", domain, ("easy", "medium", "medium", "hard")[number % 4], 8 + number)
    for domain in SHARES
    for number in range(12)
]
seeds = st.integers(0, 2**31 - 1)


@given(st.integers(0, 60), st.dictionaries(st.text(max_size=5), st.integers(0, 100), min_size=1, max_size=8))
def test_shares_are_given_out_to_the_last_and_none_is_off_by_one_or_more(total: int, shares: dict[str, int]) -> None:
    given_out = apportioned(total, shares)
    whole = sum(shares.values())
    assert sum(given_out.values()) == (total if whole else 0)
    assert all(abs(given_out[name] - total * share / whole) < 1 for name, share in shares.items() if whole)
    assert all(given_out[name] == 0 for name, share in shares.items() if not share)


def test_seventeen_questions_by_the_weights_of_the_cka() -> None:
    assert apportioned(17, SHARES) == {"arch": 4, "work": 3, "net": 3, "store": 2, "trouble": 5}


def test_of_equal_rests_the_larger_share_comes_first() -> None:
    assert apportioned(1, {"store": 10, "trouble": 30, "net": 30}) == {"store": 0, "trouble": 1, "net": 0}
    assert apportioned(2, {"a": 1, "b": 1, "c": 1}) == {"a": 1, "b": 1, "c": 0}


@given(seeds, st.randoms(use_true_random=False))
def test_the_same_seed_gives_the_same_labs_in_the_same_order_whatever_the_order_of_the_pool(
    seed: int, chance: object
) -> None:
    pool = list(LABS)
    chance.shuffle(pool)  # type: ignore[attr-defined]
    spec = Draw(questions=17, difficulty={"easy": 1, "medium": 2, "hard": 1}, pace=2)
    assert draw(spec, 120, SHARES, pool, seed) == draw(spec, 120, SHARES, LABS, seed)


@given(st.lists(seeds, min_size=2, max_size=2, unique=True))
def test_two_seeds_give_two_exams(two: list[int]) -> None:
    papers = [draw(Draw(questions=5), 30, SHARES, LABS, seed).labs for seed in two]
    one, other = ([(lab, lab_seed(seed, lab)) for lab in labs] for seed, labs in zip(two, papers, strict=True))
    assert one != other


@given(seeds, st.integers(1, 40))
def test_no_lab_twice_and_the_shares_are_kept(seed: int, questions: int) -> None:
    drawn = draw(Draw(questions=questions), 120, SHARES, LABS, seed)
    assert len(set(drawn.labs)) == len(drawn.labs) == questions
    assert Counter(name.partition("-")[0] for name in drawn.labs) == Counter(apportioned(questions, SHARES))
    assert drawn.shortfalls == ()


@given(seeds)
def test_a_domain_without_enough_labs_is_said_and_filled_by_no_other(seed: int) -> None:
    pool = [lab for lab in LABS if lab.domain != "trouble" or lab.lab in ("trouble-1", "trouble-2")]
    drawn = draw(Draw(questions=17), 120, SHARES, pool, seed)
    assert drawn.shortfalls == (Shortfall("trouble", 5, 2),)
    found = Counter(name.partition("-")[0] for name in drawn.labs)
    assert found == {"arch": 4, "work": 3, "net": 3, "store": 2, "trouble": 2}


@given(seeds)
def test_a_lab_that_cannot_run_here_is_left_out_and_said_and_the_others_stay(seed: int) -> None:
    spec = Draw(questions=10)
    before = draw(spec, 60, SHARES, LABS, seed)
    gone = before.labs[0]
    pool = [
        DrawCandidate(lab.lab, lab.domain, lab.difficulty, lab.minutes, ("selinux: a container has none",))
        if lab.lab == gone else lab for lab in LABS
    ]  # fmt: skip
    after = draw(spec, 60, SHARES, pool, seed)
    assert after.left_out == {gone: ("selinux: a container has none",)}
    assert set(before.labs) - {gone} < set(after.labs)
    assert len(after.labs) == 10


@given(seeds)
def test_the_mix_of_difficulties_is_met_where_the_pool_allows_it(seed: int) -> None:
    drawn = draw(Draw(questions=17, difficulty={"easy": 4, "medium": 10, "hard": 3}), 120, SHARES, LABS, seed)
    by_name = {lab.lab: lab.difficulty for lab in LABS}
    assert Counter(by_name[name] for name in drawn.labs) == {"easy": 4, "medium": 10, "hard": 3}
    assert drawn.difficulty == {}


def test_a_mix_that_cannot_be_met_is_said() -> None:
    pool = [lab for lab in LABS if lab.difficulty != "hard"]
    drawn = draw(Draw(questions=10, difficulty={"medium": 5, "hard": 5}), 60, SHARES, pool, 1)
    assert drawn.difficulty["hard"] == (5, 0)
    assert len(drawn.labs) == 10


@given(seeds)
def test_long_labs_give_way_until_the_pace_is_kept(seed: int) -> None:
    minutes = {lab.lab: lab.minutes for lab in LABS}
    free = draw(Draw(questions=17), 100, SHARES, LABS, seed)
    paced = draw(Draw(questions=17, pace=2), 100, SHARES, LABS, seed)
    assert sum(minutes[name] for name in paced.labs) <= 200
    if sum(minutes[name] for name in free.labs) <= 200:
        assert paced == free
    assert len(set(paced.labs)) == 17


def test_a_pace_that_cannot_be_kept_takes_the_shortest() -> None:
    drawn = draw(Draw(questions=5, pace=1), 10, SHARES, LABS, 1)
    assert sorted(drawn.labs) == ["arch-0", "net-0", "trouble-0", "trouble-1", "work-0"]


def test_what_an_exam_does_without_is_never_drawn() -> None:
    without = [f"store-{number}" for number in range(11)]
    drawn = draw(Draw(questions=17, without=without), 120, SHARES, LABS, 3)
    assert drawn.shortfalls == (Shortfall("store", 2, 1),)
    assert "store-11" in drawn.labs
