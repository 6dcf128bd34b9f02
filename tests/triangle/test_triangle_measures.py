"""Closed forms and properties of the measures, without data."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import approx

from geoecon import InputError
from geoecon.triangle import (
    betweenness,
    centralisation,
    concentration,
    drawdown,
    net_patronage,
    security_dependence,
    similarity,
    spoke_exercises,
    spoke_index,
)
from geoecon.triangle.measures import abandonment, asymmetry, entrapment, friction

STAR = np.array([[0, 1, 1], [1, 0, 0], [1, 0, 0]])
FULL = 1 - np.eye(3, dtype=int)
power = st.floats(0.001, 1.0)
unit = st.floats(0.0, 1.0)


@pytest.mark.parametrize(("c", "value"), [((1, 0, 0), 1), ((1, 1, 1), 0), ((0.5, 0.5, 0), 0.5)])
def test_concentration(c, value):
    assert concentration(c) == approx(value, abs=1e-12)


def test_star_of_eight_one_one():
    dep = security_dependence([8, 1, 1], STAR)
    assert dep[1, 0] == approx(8 / 9) and dep[0, 1] == approx(1 / 10)
    assert net_patronage(dep) == approx([0.78889, -0.39444, -0.39444], abs=5e-6)


def test_triangle_of_eight_one_one():
    assert security_dependence([8, 1, 1], FULL)[1, 0] == approx(8 / 10)


def test_a_lone_pact_of_equals_is_one_half_and_no_pact_is_nothing():
    pair = np.array([[0, 1], [1, 0]])
    assert security_dependence([3, 3], pair)[0, 1] == approx(0.5)
    assert not security_dependence([3, 3], np.zeros((2, 2))).any()


@settings(max_examples=50, deadline=None)
@given(st.tuples(power, power, power), st.floats(0.01, 100))
def test_dependence_does_not_change_with_the_scale(c, factor):
    assert security_dependence(np.array(c) * factor, STAR) == approx(security_dependence(c, STAR), rel=1e-9)


@settings(max_examples=50, deadline=None)
@given(st.tuples(power, power, power, power))
def test_another_ally_never_raises_dependence_and_patronage_sums_to_zero(c):
    fewer = np.zeros((4, 4))
    fewer[0, 1] = fewer[1, 0] = 1
    more = fewer.copy()
    more[1, 2] = more[2, 1] = 1
    assert security_dependence(c, more)[1, 0] <= security_dependence(c, fewer)[1, 0]
    assert net_patronage(security_dependence(c, more)).sum() == approx(0, abs=1e-12)


@settings(max_examples=50, deadline=None)
@given(st.tuples(power, power, power), st.permutations(range(3)))
def test_permuting_the_states_permutes_the_answer(c, order):
    order = list(order)
    dep = security_dependence(c, STAR)
    moved = security_dependence(np.array(c)[order], STAR[np.ix_(order, order)])
    assert moved == approx(dep[np.ix_(order, order)], rel=1e-12)
    assert net_patronage(moved) == approx(net_patronage(dep)[order], abs=1e-12)


def test_similarity_of_identical_and_opposite():
    x = np.array([1, 2, 3, 3, 1])
    assert similarity(x, x) == (1, 1, 1)
    s, pi, kappa = similarity([3, 3, 3], [1, 1, 1])
    assert (s, kappa) == (approx(-1), approx(0)) and pi == approx(-1)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([1, 2, 3]), st.sampled_from([1, 2, 3])), min_size=2, max_size=40))
def test_kappa_is_never_below_pi(pairs):
    x, y = np.array(pairs, float).T
    s, pi, kappa = similarity(x, y)
    assert -1 <= s <= 1
    assert np.isnan(kappa) or kappa >= pi - 1e-12


def test_trade_asymmetry():
    assert asymmetry(0.3, 0.1) == -asymmetry(0.1, 0.3)
    assert asymmetry(0.2, 0.2) == 0 and asymmetry(0.2, 0) == 1
    assert np.isnan(asymmetry(0, 0))


def test_centralisation_of_star_triangle_and_one_edge():
    edge = np.array([[0, 1, 0], [1, 0, 0], [0, 0, 0]])
    assert [centralisation(d) for d in (STAR, FULL, edge)] == [1, 0, 0.5]


@pytest.mark.parametrize(("n", "m"), [(5, 0), (5, 1), (5, 10), (3, 2)])
def test_spoke_index_of_n_spokes_with_m_pacts(n, m):
    d = np.zeros((n + 1, n + 1))
    d[0, 1:] = d[1:, 0] = 1
    pairs = [(i, j) for i in range(1, n + 1) for j in range(i + 1, n + 1)][:m]
    for i, j in pairs:
        d[i, j] = d[j, i] = 1
    assert spoke_index(d, 0) == approx(1 - 2 * m / (n * (n - 1)))


def test_betweenness_of_star_and_path():
    star = np.zeros((5, 5))
    star[0, 1:] = star[1:, 0] = 1
    assert betweenness(star, 0) == approx(1) and betweenness(star, 1) == 0
    path = np.diag(np.ones(4), 1) + np.diag(np.ones(4), -1)
    assert betweenness(path, 2) == approx(4 / 6)  # 2 × 2 of the six pairs
    ring = path.copy()
    ring[0, 4] = ring[4, 0] = 1
    assert betweenness(ring, 0) == approx(1 / 6)


def test_exercises_together_and_never():
    assert spoke_exercises(10, 20, 0) == 1 and spoke_exercises(10, 10, 10) == 0
    assert np.isnan(spoke_exercises(0, 0, 0))


@settings(max_examples=100, deadline=None)
@given(unit, unit, unit, unit)
def test_fears(dep, δ, other, g):
    assert abandonment(dep, 1, g) == approx(dep) and abandonment(dep, 0, 0) == 0
    assert entrapment(1, 1, g) == 0 and entrapment(1, δ, 0) == 0
    low, high = sorted((δ, other))
    assert abandonment(dep, high, g) >= abandonment(dep, low, g) - 1e-15
    assert entrapment(1, high, g) <= entrapment(1, low, g) + 1e-15


@settings(max_examples=50, deadline=None)
@given(unit, unit, unit, unit)
def test_friction_is_symmetric_and_zero_for_twins(a, e, b, f):
    assert friction(a, e, b, f) == approx(friction(b, f, a, e))
    assert friction(a, e, a, e) == 0


def test_drawdown():
    assert drawdown([100_000, 80_000, 60_000]) == approx(0.4)
    assert drawdown([500, 900, 100]) == 0


@pytest.mark.parametrize("c", [(-1, 2, 3), (0, 0, 0)])
def test_impossible_capabilities_are_refused(c):
    with pytest.raises(InputError, match="allowed"):
        concentration(c)
