"""Critical materials: the pinned cases of the model page, closed forms, and what must hold for any numbers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import approx

from geoecon import InputError
from geoecon.disruption import Materials, buffers, material_path
from geoecon.disruption.buffers import lost_days, smallest_stock
from geoecon.disruption.materials import joint_ceiling


def gap(days, total=400):
    """A flow that stops for some days."""
    share = np.ones((1, total, 1))
    share[:, :days] = 0
    return share


@pytest.mark.parametrize("stock, short", [(0, 90), (30, 60), (60, 30), (90, 0)])
def test_licence_after_ninety_days(stock, short):
    path = material_path(gap(90), Materials.of(stock_days=stock))
    assert path.days_short[0, 0] == short
    assert path.first_shortage[0, 0] == (stock if short else np.inf)


def test_share_of_0_42_with_thirty_days_of_total_use():
    """30 days of total use last 71 days against a missing 0.42; 19 days short at a ceiling of 0.58."""
    materials = Materials.of(stock_days=30, need_share=0.42)
    path = material_path(gap(90), materials)
    assert path.first_shortage[0, 0] == 71
    assert path.days_short[0, 0] == 19
    assert path.ceiling.min() == approx(0.58)
    thin = materials.with_(thinning=0.2, thinning_after=30)
    assert material_path(gap(90), thin).days_short[0, 0] == 0


def test_stock_cover_says_of_what():
    """30 days of the sender's supply are 12.6 days of total use at a share of 0.42."""
    of_sender = Materials.of(stock_days=30, need_share=0.42).of_sender()
    assert of_sender.stock_days[0, 0] == approx(12.6)
    assert material_path(gap(90), of_sender).first_shortage[0, 0] == 30


def test_sixty_days_of_photoresist_against_a_gap_of_34_days():
    """The first licence for photoresist came after 34 days; a stock of 60 days loses nothing."""
    path = material_path(gap(34), Materials.of(stock_days=60, need_share=0.92))
    assert path.ceiling.min() == 1 and not np.isfinite(path.first_shortage).any()


def test_random_review_closed_form():
    """A fixed review and full approval: shortage of max(0, review − stock) days, for every pair."""
    review, stock = np.meshgrid(np.arange(0, 120, 17), np.arange(0, 120, 13))
    share = (np.arange(300)[None, :, None] >= review.reshape(-1, 1, 1)).astype(float)
    materials = Materials.of(stock_days=stock.reshape(-1, 1))
    assert material_path(share, materials).days_short[:, 0] == approx(np.maximum(review - stock, 0).ravel())


def test_alternatives_come_after_lag_and_ramp():
    materials = Materials.of(lag_days=100, ramp_days=50, alternative=0.6)
    path = material_path(gap(400), materials)
    assert path.served[0, 99, 0] == 0
    assert path.served[0, 149, 0] == approx(0.6)
    assert path.served[0, 124, 0] == approx(0.3, abs=0.02)


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
    assert path.first_shortage[0, 0] == 10 + 35


def test_home_supply_is_an_alternative():
    """Remaining dependence of 0.4: home makers serve 0.6 of what the sender did."""
    share = gap(100, 100)
    path = material_path(share, Materials.of(need_share=0.5), np.full(share.shape, 0.4))
    assert path.served == approx(0.5 + 0.5 * 0.6)


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


@settings(max_examples=60, deadline=None)
@given(
    st.lists(shares, min_size=20, max_size=60), shares, st.floats(0, 60), st.floats(0, 30), shares, shares,
    st.floats(0, 0.4), shares,
)  # fmt: skip
def test_stocks_hold_and_goods_are_conserved(flow, need, stock, lag, alternative, sticky, thinning, critical):
    share = np.array(flow).reshape(1, -1, 1)
    materials = Materials.of(need_share=need, stock_days=stock, lag_days=lag, alternative=alternative, sticky=sticky,
                             thinning=thinning, thinning_after=5, criticality=critical, ramp_days=10)  # fmt: skip
    path = material_path(share, materials)
    assert (path.stock >= -1e-9).all()
    assert (path.ceiling >= 1 - critical - 1e-9).all() and (path.ceiling <= 1).all()
    assert (path.sales * need <= share * need + 1e-9).all()
    arrivals = 1 - need + path.sales * need + path.alternatives * need
    if need > 1e-6:  # the unit of sales is the base flow
        used = stock + arrivals.cumsum(axis=1) - path.stock
        assert (np.diff(used[0, :, 0]) <= 1 + 1e-9).all() and (np.diff(used[0, :, 0]) >= -1e-9).all()


@settings(max_examples=60, deadline=None)
@given(st.lists(shares, min_size=20, max_size=80), shares, st.floats(0, 40), st.floats(0, 40), shares, shares)
def test_more_stock_never_costs_more(flow, need, stock, more, alternative, sticky):
    share = np.array(flow).reshape(1, -1, 1)
    materials = Materials.of(need_share=need, stock_days=stock, lag_days=10, alternative=alternative, sticky=sticky,
                             ramp_days=10)  # fmt: skip
    assert lost_days(share, materials.with_(stock_days=stock + more)) <= lost_days(share, materials) + 1e-9


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
    for wrong in (dict(stock_days=-1), dict(need_share=1.2), dict(criticality=[0.5, 2]), dict(lag_days=np.nan)):
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
    assert found["central_draw_days"] == approx(25)
    assert found["stock_days"] == approx(45)  # nine of ten draws need at most 0.5 × 90
    assert found["cost"] == approx(90) and found["chance"] == approx(0.9) and found["chance_now"] == 0


def test_buffer_is_the_smallest():
    rng = np.random.default_rng(1)
    share = np.clip(rng.random((8, 120, 2)) * 1.2, 0, 1)
    materials = Materials.of(
        need_share=np.full((8, 2), 0.9), alternative=0.2, lag_days=30, thinning=0.1, thinning_after=20
    )
    stock = smallest_stock(share, materials, bound=0.5)
    assert (lost_days(share, materials.with_(stock_days=stock)) <= 0.5 + 1e-9).all()
    less = np.maximum(stock - 0.25, 0)
    assert (lost_days(share, materials.with_(stock_days=less))[stock > 0] > 0.5).all()


def test_buffer_requests_out_of_range():
    with pytest.raises(InputError, match="probability"):
        buffers(gap(5), Materials.of(), ["gas"], probability=1.5)
    with pytest.raises(InputError, match="bound"):
        buffers(gap(5), Materials.of(), ["gas"], bound=-1)
