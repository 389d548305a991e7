"""The beta distribution's quantiles, against values from formulas."""

from __future__ import annotations

import pytest

from rung.runner.learning.beta_distribution import cumulative, fitted, quantile


@pytest.mark.parametrize("share", [0.01, 0.1, 0.5, 0.9, 0.99])
def test_quantiles_of_distributions_with_a_formula(share: float) -> None:
    assert quantile(share, 1, 1) == pytest.approx(share, abs=1e-6)  # uniform
    assert quantile(share, 3, 1) == pytest.approx(share ** (1 / 3), abs=1e-6)  # x^3
    assert quantile(share, 1, 5) == pytest.approx(1 - (1 - share) ** (1 / 5), abs=1e-6)  # 1 - (1 - x)^5


def test_symmetric_distributions_have_their_median_at_one_half() -> None:
    for size in (0.5, 2, 40, 400):
        assert quantile(0.5, size, size) == pytest.approx(0.5, abs=1e-6)


def test_cumulative_agrees_with_sums_of_the_binomial_distribution() -> None:
    assert cumulative(0.3, 2, 3) == pytest.approx(sum((6, 4, 1)[k] * 0.3 ** (2 + k) * 0.7 ** (2 - k) for k in range(3)))
    assert (cumulative(0, 2, 3), cumulative(1, 2, 3)) == (0, 1)


def test_fitting_gives_back_mean_and_deviation() -> None:
    alpha, beta = fitted(0.7, 0.1)
    assert alpha / (alpha + beta) == pytest.approx(0.7)
    assert alpha * beta / (alpha + beta) ** 2 / (alpha + beta + 1) == pytest.approx(0.01)


@pytest.mark.parametrize(("mean", "deviation"), [(0, 0), (1, 0), (0.5, 0.9), (0.5, 0)])
def test_impossible_moments_still_give_a_range_within_0_and_1(mean: float, deviation: float) -> None:
    alpha, beta = fitted(mean, deviation)
    assert 0 <= quantile(0.1, alpha, beta) <= quantile(0.9, alpha, beta) <= 1
