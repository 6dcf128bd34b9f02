"""Closed forms: limits, orders, and the figures of the design page."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoecon import costs
from geoecon.errors import InputError

M = st.floats(0.05, 1.5)
A = st.floats(1e-4, 0.9)


@given(M, A)
def test_cobb_douglas_limit(m: float, a: float) -> None:
    assert costs.critical_input(m, a, 1.0) == pytest.approx(m**a, rel=1e-12)
    assert costs.critical_input(m, a, 1 - 1e-6) == pytest.approx(m**a, rel=1e-5)
    assert costs.critical_input(m, a, 1 + 1e-9) == pytest.approx(m**a, rel=1e-7)


@given(st.floats(0.05, 1), A)
def test_leontief_limit(m: float, a: float) -> None:
    assert costs.critical_input(m, a, 0.0) == m
    assert costs.critical_input(m, a, 1e-3) == pytest.approx(m, rel=0.01)


@given(st.floats(0.05, 1), A, st.floats(0, 3), st.floats(0, 3))
def test_more_substitution_never_loses_more(m: float, a: float, one: float, other: float) -> None:
    low, high = sorted([one, other])
    poor, rich = costs.critical_input(m, a, low), costs.critical_input(m, a, high)
    assert m - 1e-12 <= poor <= rich + 1e-12 <= 1 + 1e-9


@given(st.floats(0.97, 1.03), A, st.floats(0.3, 3))
def test_second_order_is_right_near_one(m: float, a: float, sigma: float) -> None:
    exact = np.log(costs.critical_input(m, a, sigma))
    assert costs.critical_input_second_order(m, a, sigma) == pytest.approx(exact, abs=2e-4 / sigma)


def test_sigma_moves_the_answer_a_hundredfold() -> None:
    """The page: m = 0.58, cost share 0.003, from -21 to -0.16 per cent; second order fails below 0.2."""
    loss = 100 * (costs.critical_input(0.58, 0.003, [0.05, 1.0]) - 1)
    assert loss == pytest.approx([-21, -0.16], abs=0.5) and loss[1] == pytest.approx(-0.16, abs=0.005)
    rough = 100 * np.expm1(costs.critical_input_second_order(0.58, 0.003, 0.05))
    assert rough > -2  # a tenth of the truth
    assert 100 * np.expm1(costs.critical_input_second_order(0.58, 0.003, 0.5)) == pytest.approx(
        100 * (costs.critical_input(0.58, 0.003, 0.5) - 1), abs=0.05
    )


def test_nothing_available() -> None:
    assert costs.critical_input(0.0, 0.1, [0.0, 0.5, 1.0]) == pytest.approx([0, 0, 0])
    assert costs.critical_input(0.0, 0.1, 2.0) == pytest.approx(0.9**2)
    assert costs.critical_input([0.0, 0.5], 0.0, 0.0) == pytest.approx([1, 1])


def test_loss_of_access() -> None:
    """−ln(1 − ω)/(σ − 1): half the bundle, σ = 3, is 34.7 log points; of a tenth of spending, 3.47."""
    assert costs.loss_of_access(0.5, 3.0) == pytest.approx(np.log(2) / 2)
    assert costs.loss_of_access(0.5, 3.0, 0.1) == pytest.approx(np.log(2) / 20)
    assert costs.loss_of_access(0.0, 3.0) == 0 and np.isinf(costs.loss_of_access(1.0, 3.0))


def test_loss_of_access_is_the_price_index_without_the_supplier() -> None:
    """CES by hand: dropping a supplier with share ω raises the index by (1 − ω)^(1/(1 − σ))."""
    weights, sigma = np.array([0.3, 0.7]), 4.0
    index = (weights.sum()) ** (1 / (1 - sigma)), (weights[1:].sum()) ** (1 / (1 - sigma))
    assert costs.loss_of_access(0.3, sigma) == pytest.approx(np.log(index[1] / index[0]))


def test_acr_of_the_united_states() -> None:
    """Costinot & Rodríguez-Clare 2014: own share 0.93, θ 5: 1.4 per cent lost in autarky."""
    assert 100 * (1 - costs.gains_from_trade(1 / 0.93, 5.0)) == pytest.approx(1.4, abs=0.05)


@pytest.mark.parametrize(
    "call",
    [
        lambda: costs.gains_from_trade(0.0, 5.0),
        lambda: costs.gains_from_trade(0.9, -5.0),
        lambda: costs.loss_of_access(1.2, 3.0),
        lambda: costs.loss_of_access(0.5, 1.0),
        lambda: costs.critical_input(-0.1, 0.1, 0.5),
        lambda: costs.critical_input(0.5, 1.1, 0.5),
        lambda: costs.critical_input(0.5, 0.1, -0.5),
        lambda: costs.critical_input(np.nan, 0.1, 0.5),
        lambda: costs.critical_input_second_order(0.5, 0.1, 0.0),
    ],
)
def test_impossible_arguments(call: object) -> None:
    with pytest.raises(InputError, match="allowed"):
        call()  # type: ignore[operator]
