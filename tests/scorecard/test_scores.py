"""Scores against closed forms and properties, not against code."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import norm

from geoecon import scorecard

FINITE = st.floats(-1e6, 1e6)


def normal_crps(mean: float, spread: float, observed: float) -> float:
    """Gneiting & Raftery 2007, closed form for a normal forecast."""
    z = (observed - mean) / spread
    return spread * (z * (2 * norm.cdf(z) - 1) + 2 * norm.pdf(z) - 1 / np.sqrt(np.pi))


@pytest.mark.parametrize(("mean", "spread", "observed"), [(0, 1, 0), (0, 1, 2.5), (-90, 12, -60), (3, 0.1, 2.9)])
def test_crps_of_a_normal_is_its_closed_form(mean, spread, observed):
    n = 200_001
    sample = norm.ppf((np.arange(n) + 0.5) / n, mean, spread)
    assert scorecard.crps(sample, observed) == pytest.approx(normal_crps(mean, spread, observed), rel=1e-4)


@pytest.mark.parametrize("threshold", [-1.0, 0.3, 2.0])
def test_censored_score_is_the_integral_up_to_the_bound(threshold):
    """Gneiting & Ranjan 2011: the integral of F(x)^2 below the bound, for an outcome known to lie above it."""
    n = 100_001
    sample = norm.ppf((np.arange(n) + 0.5) / n)
    wanted = quad(lambda x: norm.cdf(x) ** 2, -40, threshold)[0]
    assert scorecard.crps_censored(sample, "at_least", threshold) == pytest.approx(wanted, rel=1e-3)
    assert scorecard.crps_censored(-sample, "at_most", -threshold) == pytest.approx(wanted, rel=1e-3)


@given(FINITE, FINITE)
def test_one_draw_scores_its_absolute_error(forecast, observed):
    assert scorecard.crps([forecast], observed) == abs(forecast - observed)


@given(st.lists(FINITE, min_size=2, max_size=30), FINITE)
def test_crps_equals_the_double_sum_of_its_definition(sample, observed):
    """Fair form: over the n (n - 1) pairs of different draws (Ferro 2014)."""
    x = np.array(sample)
    n = len(x)
    wanted = np.abs(x - observed).mean() - np.abs(x[:, None] - x).sum() / (2 * n * (n - 1))
    assert scorecard.crps(x, observed) == pytest.approx(wanted, abs=1e-6 * (1 + np.abs(x).max() + abs(observed)))


def test_the_fair_score_does_not_depend_on_the_number_of_draws():
    """Its mean over samples of 5 draws is that of 2,000 draws; dividing by n² would add a fifth of the spread."""
    rng = np.random.default_rng(0)
    few = np.mean([scorecard.crps(rng.normal(size=5), 0.3) for _ in range(20_000)])
    assert few == pytest.approx(normal_crps(0, 1, 0.3), abs=0.01)


@given(st.lists(FINITE, min_size=2, max_size=30), FINITE, FINITE)
def test_crps_does_not_care_where_zero_is(sample, observed, shift):
    x = np.array(sample)
    scale = 1 + np.abs(x).max() + abs(observed) + abs(shift)
    moved = scorecard.crps(x + shift, observed + shift)
    assert moved == pytest.approx(scorecard.crps(x, observed), abs=1e-8 * scale)


def test_a_wide_band_is_not_a_good_forecast():
    around = np.linspace(-1, 1, 501)
    assert scorecard.crps(around, 0) < scorecard.crps(10 * around, 0)


def test_the_band_of_a_known_distribution_covers_as_often_as_it_should():
    rng = np.random.default_rng(11)
    bands = np.array([scorecard.interval(rng.normal(size=400)) for _ in range(3000)])
    share = scorecard.covered(bands[:, 0], bands[:, 1], rng.normal(size=3000)).mean()
    assert share == pytest.approx(0.8, abs=3 * np.sqrt(0.8 * 0.2 / 3000) + 0.004)  # 0.004: quantiles of 400 draws


def test_ranks_of_a_calibrated_forecast_are_uniform():
    rng = np.random.default_rng(5)
    ranks = np.array([scorecard.rank(rng.gamma(2, size=300), rng.gamma(2)) for _ in range(2000)])
    assert np.abs(np.histogram(ranks, bins=10, range=(0, 1))[0] / 2000 - 0.1).max() < 0.025


def test_an_infinite_draw_is_a_bound_not_an_error():
    assert scorecard.probability_of([100.0, np.inf], "at_least", 730) == 0.5
    assert scorecard.crps_censored([np.inf, np.inf], "at_least", 730) == 0
    assert scorecard.crps([np.inf, 1.0], 3) == np.inf
    assert scorecard.interval([1.0, np.inf, np.inf]) == (1.0, np.inf)


@pytest.mark.parametrize("sample", [[], [np.nan, 1.0], [[1.0, 2.0]]])
def test_a_forecast_with_holes_is_refused(sample):
    with pytest.raises(ValueError, match="vector of draws"):
        scorecard.crps(sample, 1.0)


def test_brier():
    assert scorecard.brier(1, 1) == 0
    assert scorecard.brier(0.5, 0) == 0.25
