"""How deep a shortage can go: closed forms of the standing state, and that no course runs below it."""

import numpy as np
import pytest
from disruption_worlds import random_table, table_of
from pytest import approx

from geoecon.disruption.conduct import Conduct
from geoecon.disruption.depth import Standing, held
from geoecon.disruption.economy import build
from geoecon.disruption.materials import Materials
from geoecon.disruption.shocks import Shocks
from geoecon.disruption.together import Courses, together

DAYS = 900
ALL = np.array([0])


def short(economy, ceiling, region="R0", sector="s0", **more):
    at = np.array([economy.index(region, sector)])
    return Shocks(DAYS, 1, ceiling_at=at, ceiling=np.full((DAYS, 1, 1), ceiling), **more)


def standing(economy, shocks, orders=True, elasticity=None):
    """Share of its base that each industry makes in the standing state, by name; of the inputs alone or with orders."""
    replaced = None if elasticity is None else np.array([elasticity])
    found = Standing(economy, shocks, Conduct.of(economy, 1), slice(0, DAYS), replaced)
    left = found.own(ALL)
    for step in (found.inputs, found.orders) if orders else (found.inputs,):
        for _ in range(2000):
            left = step(left, ALL)
    return {label: left[i, 0] for i, label in enumerate(economy.labels)}


def chain():
    """s1 buys from s0 of two regions, 3 to 1."""
    Z, Y = np.zeros((4, 4)), np.full((4, 2, 1), 50.0)  # region-major: R0/s0, R0/s1, R1/s0, R1/s1
    Z[0, 1], Z[2, 1] = 30, 10
    return build(table_of(Z, Y, 2, 2))


def test_a_chain_passes_on_what_the_share_of_the_supplier_makes_of_it():
    """A ceiling of 0.6 in R0 leaves its buyer 1 − 0.75 × 0.4 = 0.7 of its input; that buyer takes a tenth of what
    R1/s0 sells (110) and asks for 0.3 of it less."""
    found = standing(chain(), short(chain(), 0.6))
    assert found["R0/s0"] == approx(0.6) and found["R0/s1"] == approx(0.7)
    assert found["R1/s0"] == approx(1 - 0.3 * 10 / 110) and found["R1/s1"] == approx(1)


def test_a_cap_keeps_its_share_of_an_input_from_a_buyer():
    """Half of the flow R1/s0 → R0/s1 is an eighth of that input: 1 − 0.25 × 0.5; with a ceiling in R0/s0 as well."""
    economy = chain()
    pair = {"seller": np.array([economy.index("R1", "s0")]), "buyer": np.array([economy.index("R0", "s1")])}
    half = {"cap": np.full((DAYS, 1, 1), 0.5), "switch": np.ones((DAYS, 1, 1))}
    assert standing(economy, short(economy, 1.0, **pair, **half), orders=False)["R0/s1"] == approx(0.875)
    assert standing(economy, short(economy, 0.6, **pair, **half), orders=False)["R0/s1"] == approx(0.7 - 0.125)


@pytest.mark.parametrize("elasticity", [0.001, 0.05, 0.3, 0.9])
def test_an_input_that_can_be_replaced_binds_by_its_share_of_cost(elasticity):
    """0.7 of an input that is 40 of the 100 that the buyer makes: (0.6 + 0.4 × 0.7^r)^(1/r), r = 1 − 1/elasticity."""
    r = 1 - 1 / elasticity
    found = standing(chain(), short(chain(), 0.6), orders=False, elasticity=elasticity)["R0/s1"]
    logs = np.logaddexp(np.log(60 / 100), np.log(40 / 100) + r * np.log(0.7))
    assert found == approx(np.exp(logs / r), rel=1e-6) and found >= 0.7 - 1e-9


def test_the_more_is_replaced_the_less_deep_and_never_below_leontief():
    economy = build(random_table(1, 4, 3, final=(50.0, 100.0)))
    shocks, before = short(economy, 0.7), None
    for elasticity in (None, 0.001, 0.03, 0.2, 0.9):
        left = np.array(list(standing(economy, shocks, elasticity=elasticity).values()))
        assert left.min() >= 0.7 - 1e-6 and (before is None or (left >= before - 1e-6).all())
        before = left


def test_where_all_need_each_other_everybody_stands_at_the_lowest_ceiling():
    """One region, every industry buys from every other: the only standing state is that of the scarcest."""
    economy = build(random_table(1, 4, 3))
    for ceiling in (0.95, 0.7, 0.1):
        assert list(standing(economy, short(economy, ceiling), orders=False).values()) == approx([ceiling] * 4)


def test_it_is_never_below_the_lowest_ceiling_and_falls_with_it():
    economy, before = build(random_table(seed=3)), 1.0
    for ceiling in (0.95, 0.8, 0.5, 0.1):
        left = np.array(list(standing(economy, short(economy, ceiling)).values()))
        assert left.min() >= ceiling - 1e-6 and left.mean() < before
        before = left.mean()


@pytest.mark.parametrize("seed", [0, 1, 3])
def test_four_industries_that_run_down_to_nothing_stop_at_the_closed_form(seed):
    """Rationing by orders alone falls below a ceiling of 0.7 without end; the loss of value added stays at 0.3."""
    economy = build(random_table(1, 4, seed, final=(50.0, 100.0)))
    shocks, conduct = short(economy, 0.7), Conduct.of(economy, 1)
    course = together(economy, shocks, conduct, [0])
    base = economy.base_value_added[0]
    assert course.value_added[-1, 0, 0] < 0.3 * base
    kept = held(economy, shocks, course, conduct, [0])
    assert kept.value_added[:, 0, 0].min() == approx(0.7 * base, rel=1e-6)
    assert kept.kept.min() >= 0.7 * economy.output[0] * (1 - 1e-6) and kept.first.sum(axis=1).min() >= (
        0.7 * economy.output.sum() * (1 - 1e-6)
    )


def test_later_years_are_no_deeper_than_the_first(seed=1):
    """With the elasticity of the materials the pace of the last month is bounded by what can then be replaced."""
    economy = build(random_table(1, 4, seed, final=(50.0, 100.0)))
    shocks, conduct = short(economy, 0.7), Conduct.of(economy, 1)
    course = together(economy, shocks, conduct, [0])
    few = Materials.of(substitution_now=0.02, substitution_long=0.5, substitution_days=700)
    kept = held(economy, shocks, course, conduct, [0], few.elasticity)
    lost = 1 - kept.value_added[:, 0, 0] / economy.base_value_added[0]
    assert lost[-30:].mean() < lost[:365].max() and lost.max() <= 0.3 + 1e-6
    rigid = held(economy, shocks, course, conduct, [0], lambda days: 0 * days)
    assert (kept.value_added >= rigid.value_added - 1e-9).all()


def test_what_stays_above_it_is_left_as_it_is():
    """Before stocks are gone, where demand alone fell, and where nothing happened."""
    economy = build(random_table(seed=3))
    conduct, at = Conduct.of(economy, 1), np.array([0])
    fewer = Shocks(DAYS, 1, demand_at=at, demand=np.full((DAYS, 1, 1), -economy.final_total[0] / 2))
    for shocks in (short(economy, 0.9), fewer, Shocks(DAYS)):
        course = together(economy, shocks, conduct, [0])
        same = held(economy, shocks, course, conduct, [0])
        assert (same.value_added[:100] == course.value_added[:100]).all()
        if shocks.ceiling_at.size == 0:
            assert (same.value_added == course.value_added).all() and (same.first == course.first).all()


def test_nothing_is_below_it():
    economy = build(random_table(seed=3))
    R, S = economy.size
    shocks = short(economy, 0.9)
    left = np.array(list(standing(economy, shocks).values()))
    nothing = Courses(np.zeros((DAYS, R, 1)), np.zeros((DAYS, R, 1)), np.zeros((R, 1)), np.zeros((DAYS, 1, 1)),
                      np.zeros((DAYS, economy.n)))  # fmt: skip
    deep = held(economy, shocks, nothing, Conduct.of(economy, 1), [0])
    assert deep.output[-1, :, 0] == approx((economy.output * left).reshape(S, R).sum(axis=0), rel=1e-5)
    assert (deep.value_added[-1, :, 0] >= 0.9 * economy.base_value_added - 1e-9).all()
