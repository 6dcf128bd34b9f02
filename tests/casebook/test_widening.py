"""How many times wider the bands would have to be."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoecon.questions.widening import distance, factor, widening


def outcomes(observed, case="a", low=-1.0, high=2.0):
    return pd.DataFrame({"case": case, "central": 0.0, "low": low, "high": high, "observed": observed})


def test_distance_is_counted_in_half_widths_of_the_side():
    assert distance(outcomes([-1.0, 2.0, 4.0, 0.0, -3.0])).tolist() == [1, 1, 2, 0, 3]
    assert distance(outcomes([5.0, 0.0], low=0.0, high=0.0)).tolist() == [np.inf, 0]


def test_the_factor_is_an_order_statistic():
    """⌈0.8 · 10⌉ = 8th smallest of nine."""
    assert factor(np.arange(1.0, 10.0)[::-1]) == 8
    assert factor(np.array([1.0, 1.0, 1.0])) == np.inf  # four fifths of four are more than three


def test_stretched_bands_hold_four_fifths_of_new_outcomes():
    """The promise of split conformal prediction for exchangeable outcomes: at least 0.8, at most 0.8 + 1/(n + 1)."""
    rng = np.random.default_rng(7)
    held = []
    for _ in range(4000):
        draws = np.abs(rng.standard_t(2, size=20))
        held.append(draws[0] <= factor(draws[1:]))
    assert np.mean(held) + 0.02 >= 0.8 and np.mean(held) <= 0.8 + 1 / 20 + 0.02


@given(st.lists(st.floats(-50, 50), min_size=6, max_size=40), st.floats(0.1, 10))
def test_wider_bands_need_less(observed, times):
    table = outcomes(observed)
    wide = table.assign(low=table["low"] * times, high=table["high"] * times)
    assert factor(distance(wide)) == pytest.approx(factor(distance(table)) / times)


def test_each_case_is_judged_by_the_others():
    table = pd.concat([outcomes([-0.5, 1.0, 6.0], "a"), outcomes([8.0, 8.0, 8.0, 8.0, 8.0], "b")], ignore_index=True)
    found = widening(table).set_index("case")
    assert found.loc["a", "times wider, by the other cases"] == 4
    assert found.loc["a", "inside when so widened"] == 1
    assert found.loc["b", "times wider, by the other cases"] == np.inf  # three outcomes are too few
    assert found.loc["b", "inside 80 % band"] == 0
