"""Quantiles of the beta distribution, for the range of a prediction: one function does not justify SciPy."""

from __future__ import annotations

import math

_TINY = 1e-300
_STEPS = 300


def fitted(mean: float, deviation: float) -> tuple[float, float]:
    """The parameters (alpha, beta) of the beta distribution with this mean (between 0 and 1) and standard deviation.

    A deviation that is too large for any beta distribution with that mean is reduced to the largest possible one.
    """
    mean = min(max(mean, 1e-6), 1 - 1e-6)
    variance = min(max(deviation * deviation, 1e-9), mean * (1 - mean) * 0.999)
    size = mean * (1 - mean) / variance - 1
    return mean * size, (1 - mean) * size


def quantile(share: float, alpha: float, beta: float) -> float:
    """The value below which `share` (0 to 1) of the distribution lies, to six decimal places."""
    low, high = 0.0, 1.0
    while high - low > 1e-7:
        middle = (low + high) / 2
        if cumulative(middle, alpha, beta) < share:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def cumulative(x: float, alpha: float, beta: float) -> float:
    """The share of the distribution below x: the regularised incomplete beta function, by a continued fraction."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    front = math.exp(
        math.lgamma(alpha + beta) - math.lgamma(alpha) - math.lgamma(beta)
        + alpha * math.log(x) + beta * math.log1p(-x)
    )  # fmt: skip
    if x < (alpha + 1) / (alpha + beta + 2):  # on this side of the mean the fraction converges quickly
        return front * _fraction(x, alpha, beta) / alpha
    return 1 - front * _fraction(1 - x, beta, alpha) / beta


def _fraction(x: float, a: float, b: float) -> float:
    """The continued fraction, by Lentz's method."""
    c, d = 1.0, 1 / _nonzero(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, _STEPS):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / _nonzero(1 + term * d)
            c = _nonzero(1 + term / c)
            value *= c * d
        if abs(c * d - 1) < 1e-12:
            break
    return value


def _nonzero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
