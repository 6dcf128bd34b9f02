"""Critical materials: the pinned cases of the model page, closed forms, and what must hold for any numbers."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pytest import approx

from geoecon import InputError
from geoecon.disruption import Materials, buffers, material_path
from geoecon.disruption.buffers import lost_days, smallest_stock
from geoecon.disruption.material_path import joint_ceiling, last_output, split


def gap(days, total=400):
    """A flow that stops for some days."""
    share = np.ones((1, total, 1))
    share[:, :days] = 0
    return share


@pytest.mark.parametrize("stock, short", [(0, 90), (30, 60), (60, 30), (90, 0)])
def test_licence_after_ninety_days(stock, short):
    path = material_path(gap(90), Materials.of(stock_days=stock))
    assert path.days_short[0, 0] == short
    assert path.first_stop[0, 0] == (stock if short else np.inf)


def test_share_of_0_42_with_thirty_days_of_total_use():
    """30 days of total use last 71 days against a missing 0.42; 19 days short at a ceiling of 0.58."""
    materials = Materials.of(stock_days=30, need_share=0.42)
    path = material_path(gap(90), materials)
    assert (path.use[0, :, 0] < 1 - 1e-9).argmax() == 71
    assert path.days_short[0, 0] == 19
    assert path.ceiling.min() == approx(0.58)
    assert not np.isfinite(path.first_stop[0, 0])  # more than half of the need is served


def test_stock_cover_says_of_what():
    """30 days of the sender's supply are 12.6 days of total use at a share of 0.42."""
    of_sender = Materials.of(stock_days=30, need_share=0.42).of_sender()
    assert of_sender.stock_days[0, 0] == approx(12.6)
    assert (material_path(gap(90), of_sender).use[0, :, 0] < 1 - 1e-9).argmax() == 30


def test_the_price_of_a_month_is_that_of_its_days():
    """Half of the need arrives for 60 days, no stock, one elasticity: P = (Y/m)^(1/σ) on each of them. Others, who see
    it with a delay, have not got there by the end."""
    m, a, sigma = 0.5, 0.1, 0.2
    r = 1 - 1 / sigma
    worth = ((1 - a + a * m**r) ** (1 / r) / m) ** (1 / sigma)
    share = np.where(gap(60) < 1, 0.5, 1.0)
    path = material_path(share, Materials.of(cost_share=a, substitution_now=sigma))
    assert path.day_price()[0, :60, 0] == approx(worth, rel=1e-9)
    assert path.dearest_month()[0, 0] == approx(worth, rel=1e-9)
    assert path.dearest_month(60)[0, 0] > path.price.max() > 1
    assert path.day_price()[0, 60:, 0] == approx(1)


def test_sixty_days_of_photoresist_against_a_gap_of_34_days():
    """The first licence for photoresist came after 34 days; a stock of 60 days loses nothing."""
    path = material_path(gap(34), Materials.of(stock_days=60, need_share=0.92))
    assert path.ceiling.min() == 1 and not np.isfinite(path.first_stop).any()


def test_random_review_closed_form():
    """A fixed review and full approval: shortage of max(0, review − stock) days, for every pair."""
    review, stock = np.meshgrid(np.arange(0, 120, 17), np.arange(0, 120, 13))
    share = (np.arange(300)[None, :, None] >= review.reshape(-1, 1, 1)).astype(float)
    materials = Materials.of(stock_days=stock.reshape(-1, 1))
    assert material_path(share, materials).days_short[:, 0] == approx(np.maximum(review - stock, 0).ravel())


def test_alternatives_come_after_lag_and_ramp():
    materials = Materials.of(lag_days=100, ramp_days=50, alternative=0.6)
    path = material_path(gap(400), materials)
    assert path.use[0, 99, 0] == 0
    assert path.use[0, 149, 0] == approx(0.6)
    assert path.use[0, 124, 0] == approx(0.3, abs=0.02)


def test_customers_that_do_not_come_back():
    """A substitute once qualified keeps its part of what it sold: the sender's sales stay below base for good."""
    materials = Materials.of(lag_days=10, ramp_days=1, alternative=0.5, sticky=0.8, stock_days=30)
    path = material_path(gap(100, 700), materials)
    assert path.sales[0, -1, 0] == approx(1 - 0.8 * 0.5, abs=1e-4)  # stocks refill without end
    loyal = materials.with_(sticky=0.0)
    assert material_path(gap(100, 700), loyal).sales[0, -1, 0] == approx(1, abs=0.01)


def test_orders_pulled_forward_lengthen_the_stock():
    share = gap(90, 200)
    ahead = np.concatenate([np.full((1, 10, 1), 1.5), share], axis=1)  # ten days at half more before the stop
    path = material_path(ahead, Materials.of(stock_days=30))
    assert path.first_stop[0, 0] == 10 + 35


def test_home_supply_is_an_alternative():
    """Remaining dependence of 0.4: home makers serve 0.6 of what the sender did."""
    share = gap(100, 100)
    path = material_path(share, Materials.of(need_share=0.5), np.full(share.shape, 0.4))
    assert path.use == approx(0.5 + 0.5 * 0.6)


def test_lowest_material_binds_and_displays_are_not_chips():
    """Each material names the industries it binds; criticality and the share of output scale its ceiling."""
    ceiling = np.stack([np.full((1, 3), 0.9), np.full((1, 3), 0.6)], axis=2)
    chips, displays = ("KOR", "chips"), ("KOR", "displays")
    found = joint_ceiling(ceiling, [(chips,), (chips, displays)])
    assert found[chips] == approx(0.6) and found[displays] == approx(0.6)
    assert joint_ceiling(ceiling, [(chips,), (displays,)])[chips] == approx(0.9)
    path = material_path(gap(5, 5), Materials.of(criticality=0.5, bound=0.4))
    assert path.ceiling == approx(1 - 0.5 * 0.4)


shares = st.floats(0, 1)
FIRMS = {"stock_spread": 0.7, "pool": 0.3, "single": 0.4, "lump": 0.5, "covered": 0.8}
CES = {"substitution_now": 0.03, "substitution_long": 0.6, "cost_share": 0.01, "relief_days": 120}


@example([0.0] * 19 + [1.0], 1.0, 2.225073858507203e-309, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0)  # was not a number
@example([0.0] * 20, 2.225073858507203e-309, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0)  # nor was this
@settings(max_examples=60, deadline=None)
@given(
    st.lists(shares, min_size=20, max_size=60), shares, st.floats(0, 60), st.floats(0, 30), shares, shares, shares,
    shares, shares, st.sampled_from([0.0, 0.03, 1.0]),
)  # fmt: skip
def test_stocks_hold_and_goods_are_conserved(flow, need, stock, lag, alternative, sticky, leak, lump, single, sigma):
    """Stock of the day before + arrivals − use = stock, whatever firms, licences and substitution do."""
    share = np.array(flow).reshape(1, -1, 1)
    materials = Materials.of(need_share=need, stock_days=stock, lag_days=lag, alternative=alternative, sticky=sticky,
                             leak=leak, lump=lump, single=single, substitution_now=sigma, ramp_days=10, pool=0.3,
                             stock_spread=0.7)  # fmt: skip
    path = material_path(share, materials)
    assert (path.stock >= -1e-9).all() and (path.use >= -1e-9).all() and (path.use <= 1 + 1e-9).all()
    assert (path.output >= -1e-9).all() and (path.output <= 1).all()
    assert (path.sales * need <= share * need + 1e-9).all()
    if need > 1e-6:  # the unit of sales is the base flow
        arrivals = 1 - need + (path.sales + path.alternatives) * need + path.leaked
        before = np.concatenate([np.full((1, 1, 1), float(stock)), path.stock[:, :-1]], axis=1)
        assert before + arrivals - path.use == approx(path.stock, abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(st.lists(shares, min_size=20, max_size=80), shares, st.floats(0, 40), st.floats(0, 40), shares, shares)
def test_more_stock_never_costs_more(flow, need, stock, more, alternative, sticky):
    share = np.array(flow).reshape(1, -1, 1)
    materials = Materials.of(need_share=need, stock_days=stock, lag_days=10, alternative=alternative, sticky=sticky,
                             ramp_days=10)  # fmt: skip
    assert lost_days(share, materials.with_(stock_days=stock + more)) <= lost_days(share, materials) + 1e-9


def held(level, days=365):
    return np.full((1, days, 1), level)


def lost(share=None, **given):
    return float(material_path(held(0.6) if share is None else share, Materials.of(**given)).loss.mean())


def test_no_shock_no_loss():
    for stock in (0, 60):
        assert lost(held(1.0), stock_days=stock, **CES, **FIRMS) == 0


def test_leontief_is_the_limit():
    """σ → 0: output falls with the material, and a stock saves its own quantity."""
    assert lost(substitution_now=0) == approx(0.4, abs=1e-12)
    assert lost(substitution_now=0.002, cost_share=0.01) == approx(0.4, abs=0.01)
    assert lost(substitution_now=0, stock_days=36.5) * 365 == approx(0.4 * 365 - 36.5, abs=1e-9)
    assert lost(substitution_now=0.002, stock_days=36.5, relief_days=20) * 365 == approx(0.4 * 365 - 36.5, rel=0.02)


def test_cobb_douglas_is_the_case_of_one():
    assert lost(substitution_now=1, cost_share=0.01) == approx(1 - 0.6**0.01, abs=1e-12)


@pytest.mark.parametrize("sigma", [0.01, 0.03, 0.1, 0.3, 0.9, 3])
def test_ces_without_a_stock_is_its_closed_form(sigma):
    """Y = [(1 − a) + a m^r]^(1/r), r = 1 − 1/σ."""
    r, a = 1 - 1 / sigma, 0.02
    assert lost(substitution_now=sigma, cost_share=a) == approx(1 - (1 - a + a * 0.6**r) ** (1 / r), rel=1e-9)
    path = material_path(held(0.6), Materials.of(substitution_now=sigma, cost_share=a))
    output = path.output[0, 0, 0]
    assert np.log(path.price[0, -1, 0]) == approx(min(np.log(output / 0.6) / sigma, np.log(1e3)), rel=0.01)


def test_use_under_the_plan_is_where_the_integral_of_the_design_lies():
    """S = ∫ [m(1 + (P(A) − 1) x) − A] (H / x) dx from x₀ to 1: by quadrature on the first day."""
    from scipy.integrate import quad
    from scipy.optimize import brentq

    a, sigma, H, A, stock = 0.02, 0.2, 120.0, 0.6, 20.0
    r = 1 - 1 / sigma

    def price(m):
        return ((1 - a + a * m**r) ** (1 / r) / m) ** (1 / sigma)

    def use(p):
        return brentq(lambda m: price(m) - p, A, 1)

    def need(x0):
        return quad(lambda x: (use(1 + (price(A) - 1) * x) - A) * H / x, x0, 1)[0]

    x0 = brentq(lambda x: need(x) - stock, 1e-4, 1 - 1e-9)
    path = material_path(held(A), Materials.of(substitution_now=sigma, cost_share=a, relief_days=H, stock_days=stock))
    assert path.use[0, 0, 0] == approx(use(1 + (price(A) - 1) * x0), abs=2e-3)


@pytest.mark.parametrize(
    "name, values",
    [("substitution_now", (0.01, 0.03, 0.1, 0.3, 1, 3)), ("stock_days", (0, 10, 30, 90, 300)),
     ("leak", (0, 0.2, 0.5, 1)), ("response", (0, 0.1, 0.3)), ("alternative", (0, 0.1, 0.3)),
     ("need_share", (1, 0.7, 0.4, 0)), ("bound", (1, 0.5, 0))],
)  # fmt: skip
def test_loss_falls(name, values):
    """In σ, stock, leak, the response of others, alternatives; and with the dependence."""
    base = {"substitution_long": 3, "cost_share": 0.01, "need_share": 0.7, "lag_days": 30, **CES, **FIRMS}
    base["substitution_long"] = 3
    found = [lost(**{**base, name: value}) for value in values]
    assert all(more >= less - 1e-9 for more, less in pairwise(found)), found
    assert found[0] > found[-1]


def test_faster_review_costs_less():
    found = [lost(gap(days, 365), stock_days=30, **CES, **FIRMS) for days in (30, 60, 90, 180, 365)]
    assert found == sorted(found) and found[0] < found[-1]


def test_faster_licences_stop_no_plant_that_slower_ones_would_not():
    """Lumpy licences, unequal stocks, single suppliers: for the same firms the chance of a stop by any day rises with
    the review."""
    rng = np.random.default_rng(3)

    def some(low, high):
        return rng.uniform(low, high, (60, 1))

    firms = Materials.of(
        need_share=some(0.3, 1), stock_days=some(10, 120), stock_spread=0.7, pool=some(0, 0.8), lump=some(0, 0.9),
        single=some(0, 0.8), covered=some(0.5, 1), users=50, lag_days=some(0, 200), ramp_days=90, leak=some(0, 0.3),
        alternative=some(0, 0.4), **CES,
    )  # fmt: skip
    granted = [np.clip((np.arange(365)[None] - days) / 60, 0, 1) * some(0.8, 0.8) for days in (30, 60, 90, 180)]
    paths = [material_path(np.where(np.arange(365) < 5, 1.0, flow)[:, :, None], firms) for flow in granted]
    for faster, slower in pairwise(paths):
        assert (faster.stop_chance() <= slower.stop_chance() + 1e-9).all()
        assert (faster.first_stop >= slower.first_stop).all()
    assert np.isfinite(paths[0].first_stop).mean() < np.isfinite(paths[-1].first_stop).mean()


def test_unequal_stocks_cost_more_and_pooling_undoes_it():
    base = {**CES, "stock_days": 30}
    equal, unequal = lost(**base), lost(**base, stock_spread=1.0)
    pooled = lost(**base, stock_spread=1.0, pool=1.0)
    assert unequal > equal and pooled == approx(equal, rel=1e-6)


def test_the_first_stop_is_of_a_firm_and_comes_before_that_of_the_mean_stock():
    """Lumpy licences and unequal stocks stop somebody early; with more plants a stop is likelier and earlier."""
    base = {**CES, "stock_days": 60, "need_share": 0.75, "covered": 0.6}
    share = np.clip(held(0.4 + 0.6 * 0.1), 0, 1)
    mean = material_path(share, Materials.of(**base, users=50))
    firms = material_path(share, Materials.of(**base, users=50, stock_spread=0.7, lump=0.6, single=0.5))
    assert firms.first_stop[0, 0] < mean.first_stop[0, 0]
    chances = [material_path(share, Materials.of(**base, users=n, stock_spread=0.7, lump=0.6, single=0.5))
               .stop_chance()[0, 60, 0] for n in (1, 3, 30, 300)]  # fmt: skip
    assert chances == sorted(chances) and chances[0] < 0.2 < 0.8 < chances[-1]
    assert (np.diff(firms.stop_chance()[0, :, 0]) >= 0).all()


def test_goods_that_need_no_licence_go_on():
    """A code half covered: half of the users wait and the others do not notice."""
    path = material_path(held(0.5), Materials.of(covered=0.5, lump=1))
    assert path.use[0, -1, 0] == approx(0.5) and path.stopped[0, -1, 0] == approx(0.5)
    held_back = material_path(held(0.2), Materials.of(covered=0.5, lump=1), free=held(0.4))
    assert held_back.use[0, -1, 0] == approx(0.2) and held_back.stopped[0, -1, 0] == approx(1)


@given(st.lists(st.floats(0, 1.5), min_size=5, max_size=20), shares)
def test_the_parts_of_a_flow_make_it_up(flow, covered):
    share = np.array(flow).reshape(1, -1, 1)
    rest, free = split(share, np.full((1, 1), covered))
    assert covered * rest + (1 - covered) * free == approx(share, abs=1e-8)
    assert (rest >= 0).all() and (free >= 0).all()


def test_what_lasts_is_the_closed_form_without_stocks():
    given = Materials.of(need_share=0.8, stock_days=500, alternative=0.2, cost_share=0.02, bound=0.5, criticality=0.5,
                         substitution_now=0.03, substitution_long=0.6)  # fmt: skip
    output, loss = last_output(np.array([[0.25]]), given)
    use, r = 1 - 0.8 * 0.75 + 0.2, 1 - 1 / 0.6
    assert output[0, 0] == approx((0.98 + 0.02 * use**r) ** (1 / r))
    assert loss[0, 0] == approx(0.5 * (0.5 * (1 - output[0, 0]) + 0.02 * 0.1 * 0.2))


def test_draws_are_independent_rows():
    rng = np.random.default_rng(0)
    share = rng.random((5, 90, 2))
    materials = Materials.of(
        need_share=rng.random((5, 2)), stock_days=rng.random((5, 2)) * 30, alternative=0.3, lag_days=20
    )
    whole = material_path(share, materials)
    for d in range(5):
        alone = Materials(**{k: v[d : d + 1] for k, v in vars(materials).items()})
        assert material_path(share[d : d + 1], alone).stock == approx(whole.stock[d : d + 1])


def test_bad_input_is_named():
    for wrong in (dict(stock_days=-1), dict(need_share=1.2), dict(criticality=[0.5, 2]), dict(lag_days=np.nan),
                  dict(cost_share=1.3), dict(cost_share=0), dict(substitution_now=-0.1), dict(stock_days=np.inf),
                  dict(substitution_long=0.1, substitution_now=0.5)):  # fmt: skip
        with pytest.raises(InputError, match=next(iter(wrong))):
            Materials.of(**wrong)
    with pytest.raises(InputError, match="colour"):
        Materials.of(colour=1)
    with pytest.raises(InputError, match="share"):
        material_path(-gap(5), Materials.of())


def test_buffer_closed_form():
    """Nothing may be lost: the stock is the missing share times the days of the gap, at the asked quantile."""
    days = np.array([50, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100])
    share = (np.arange(200)[None, :, None] >= days[:, None, None]).astype(float)
    materials = Materials.of(need_share=np.full((11, 1), 0.5))
    found = buffers(share, materials, ["gas"], bound=0, probability=0.9, price=[2.0]).table.iloc[0]
    assert found["stock_days"] == approx(45)  # nine of ten draws need at most 0.5 × 90
    assert found["cost"] == approx(90) and found["chance"] == approx(0.9) and found["chance_now"] == 0


def test_a_stock_that_would_have_to_last_longer_than_the_days_counted_is_none():
    """Firms with a third of the mean stock run out within the days of a whole cut, whatever is bought before."""
    share = np.zeros((1, 100, 1))
    unequal = Materials.of(need_share=1.0, stock_spread=1.5, pool=0.0, users=400.0)
    found = buffers(share, unequal, ["gas"], bound=0.0, names={"gas": "natural gas"})
    row = found.table.iloc[0]
    assert np.isinf(row["stock_days"]) and np.isinf(row["stop_stock_days"]) and np.isnan(row["cost"])
    assert row["chance"] == 0 and row["stop"] == row["stop_after"] == row["stop_now"] == 1
    assert found.figures()["stock.gas"].value is None and "natural gas more than 100" in found.sentence()
    assert len(found.notes) == 2 and all("longer than the 100 days counted" in note for note in found.notes)


def test_a_stock_against_stops_holds_them_to_the_rest_of_the_runs():
    """The chance of a stop with the stock against stops is that of a plain solve with it, and at most one in ten."""
    rng = np.random.default_rng(2)
    share = (np.arange(150)[None, :, None] >= rng.integers(5, 90, (31, 1, 2))).astype(float)
    materials = Materials.of(need_share=np.full((31, 2), 0.8), stock_days=10.0, users=30.0)
    found = buffers(share, materials, ["a", "b"]).table
    with_it = materials.with_(stock_days=found["stop_stock_days"].to_numpy())
    for held, told in ((materials, "stop_now"), (with_it, "stop_after")):
        stops = np.isfinite(material_path(share, held).first_stop)[1:].mean(axis=0)
        assert found[told].to_numpy() == approx(stops)
    assert (found["stop_after"] <= 0.1 + 1e-9).all() and (found["stop_now"] > 0.5).all()
    assert (found["stop"] >= found["stop_after"]).all()


def test_buffer_is_the_smallest():
    rng = np.random.default_rng(1)
    share = np.clip(rng.random((8, 120, 2)) * 1.2, 0, 1)
    materials = Materials.of(need_share=np.full((8, 2), 0.9), alternative=0.2, lag_days=30)
    stock = smallest_stock(share, materials, bound=0.5)
    assert (lost_days(share, materials.with_(stock_days=stock)) <= 0.5 + 1e-9).all()
    less = np.maximum(stock - 0.25, 0)
    assert (lost_days(share, materials.with_(stock_days=less))[stock > 0] > 0.5).all()


def test_buffer_requests_out_of_range():
    with pytest.raises(InputError, match="probability"):
        buffers(gap(5), Materials.of(), ["gas"], probability=1.5)
    with pytest.raises(InputError, match="bound"):
        buffers(gap(5), Materials.of(), ["gas"], bound=-1)
