"""Order statistics counted whole, weighted quantiles against closed forms, groups kept out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geoecon.episodes import nearest


@pytest.mark.parametrize(("n", "fortieths", "place"), [(9, 32, 8), (39, 32, 32), (199, 38, 190), (40, 20, 21)])
def test_the_order_statistic_is_counted_in_whole_numbers(n, fortieths, place):
    """⌈(n + 1) c⌉ for n = 9, c = 0.8 is the 8th: floating point would make it the 9th in some of these."""
    values = np.random.default_rng(0).permutation(np.arange(1.0, n + 1))
    assert nearest.order_statistic(values, np.ones(n), fortieths) == place


def test_an_event_with_two_importers_has_one_vote():
    whole = nearest.order_statistic(np.arange(1.0, 10), np.ones(9), 32)
    doubled = nearest.order_statistic(np.repeat(np.arange(1.0, 10), 2), np.full(18, 0.5), 32)
    assert whole == doubled == 8


@settings(max_examples=40, deadline=None)
@given(st.integers(20, 200), st.integers(0, 10**6))
def test_split_conformal_covers_exchangeable_outcomes(n, seed):
    """Over the n + 1 places that a new outcome can take, at least 80 % lie below the 80 % order statistic."""
    values = np.random.default_rng(seed).permutation(np.arange(float(n + 1)))
    covered = 0
    for out in range(n + 1):
        kept = np.delete(values, out)
        covered += values[out] <= nearest.order_statistic(kept, np.ones(n), 32)
    assert covered / (n + 1) >= 0.8


def test_quantiles_with_equal_weights_are_those_between_the_middles():
    got = nearest.quantiles(np.array([[3.0, 1.0, 2.0, 4.0]]), np.ones((1, 4)), np.array([0.125, 0.5, 0.875, 0.99]))
    np.testing.assert_allclose(got[0], [1, 2.5, 4, 4])


def test_no_neighbour_is_of_the_group_of_the_question():
    rng = np.random.default_rng(1)
    known, group = rng.random((300, 2)), rng.integers(0, 6, 300)
    asked, own = rng.random((40, 2)), rng.integers(0, 6, 40)
    found = nearest.nearest(known, np.ones(300), asked, 50, known_group=group, asked_group=own)
    weight_of_own = np.where(group[found.places] == own[:, None], found.weights, 0).sum()
    assert weight_of_own == 0 and (found.weights.sum(axis=1) > 0).all()


def test_bands_of_a_wrong_class_are_moved_until_they_hold():
    """Quantiles ten times too narrow are widened by the shift to the promised coverage on new outcomes."""
    rng = np.random.default_rng(2)
    narrow = np.tile(np.quantile(rng.normal(0, 0.1, 4000), nearest.LEVELS), (1500, 1))
    moved = nearest.shift(rng.normal(0, 1, 1500), narrow, np.ones(1500), (-9, 9)).of(narrow)[0]
    new = rng.normal(0, 1, 4000)
    inside = ((moved[3] <= new) & (new <= moved[35])).mean()
    assert inside == pytest.approx(0.8, abs=0.03)
