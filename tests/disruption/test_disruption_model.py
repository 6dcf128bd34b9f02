"""The day-by-day model against a plain model of the same equations, limits in closed form, and its invariants."""

from dataclasses import replace

import numpy as np
import pytest
from disruption_worlds import plain_model, random_table, table_of
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import approx

from geoecon import InputError
from geoecon.disruption import Behaviour, Conduct, Shocks, build, run
from geoecon.disruption import simulate as engine


def in_table_order(economy, values):
    """(T, n) or (S, n) of our order as region-major."""
    out = np.empty_like(values)
    out[..., economy.order] = values
    return out


def loss_path(economy, days, hit, scenarios=1):
    """Losses `hit` {table number: share} on days 5 to 39."""
    place = np.argsort(economy.order)
    at = np.array([place[i] for i in hit])
    loss = np.zeros((days, len(at), scenarios))
    loss[5:40] = np.array(list(hit.values()))[None, :, None]
    return at, loss


@pytest.mark.parametrize("tiles", [True, False])
def test_equals_the_plain_model(monkeypatch, tiles):
    """Losses, ceilings and a capped flow together, 200 days; the plain model keeps the whole order matrix."""
    monkeypatch.setattr(engine, "LARGE", 1 if tiles else 10**9)
    table = random_table(3, 4, seed=3, density=0.8)
    behaviour = Behaviour(inventory_days=6.0, restoration_days=20.0)
    economy = build(table, behaviour)
    days, place = 200, np.argsort(economy.order)
    loss, ceiling = np.zeros((days, 12)), np.full((days, 12), np.inf)
    loss[5:40, 2], loss[10:90, 7] = 0.6, 0.4
    ceiling[30:120, 4] = 0.7
    i, j = map(int, np.argwhere(table.Z > 5)[3])
    cap = np.ones(days)
    cap[20:150] = 0.25
    output, stock, breach = plain_model(
        table, days, loss=loss, ceiling=ceiling, caps={(i, j): cap}, switch=0.4, inventory=6.0, restoration=20.0
    )
    shocks = Shocks(
        days, loss_at=place[[2, 7]], loss=loss[:, [2, 7], None], ceiling_at=place[[4]], ceiling=ceiling[:, [4], None],
        seller=place[[i]], buyer=place[[j]], cap=cap[:, None, None], switch=np.full((days, 1, 1), 0.4),
    )  # fmt: skip
    course = run(economy, shocks)
    assert in_table_order(economy, course.kept[:, :, 0]) == approx(output, rel=1e-11)
    assert in_table_order(economy, course.stocks[:, :, 0]) == approx(stock, rel=1e-10, abs=1e-12)
    assert breach < 1e-13
    assert output.min() < 0.7 * table.x.min() / 365  # the shock is felt


def test_at_rest_nothing_moves():
    for behaviour in (Behaviour(), Behaviour(weights="capacity", goal="optimal"), Behaviour(weights="base")):
        economy = build(random_table(4, 5, density=0.6), behaviour)
        course = run(economy, Shocks(365))
        assert np.abs(course.kept / economy.output[:, None] - 1).max() < 1e-12
        assert np.abs(course.unmet).max() < 1e-9


def test_long_inventories_keep_the_base_stable():
    """Stocks of 90 days rebuilt in 60: without the cut at zero the base would drift by 65 per cent."""
    economy = build(random_table(3, 4, final=(50.0, 90.0)), Behaviour(inventory_days=90, restoration_days=60))
    assert np.abs(run(economy, Shocks(365)).kept / economy.output[:, None] - 1).max() < 1e-12


@pytest.mark.parametrize("parity", [False, True])
def test_goods_are_conserved(parity):
    """What was made is delivered or still in stock: over the run, the change of stocks is output less deliveries to
    final users less use."""
    behaviour = Behaviour(inventory_days=8, weights="capacity" if parity else "fulfilment", parity=parity)
    economy = build(random_table(3, 4, seed=5), behaviour)
    at, loss = loss_path(economy, 120, {0: 0.8, 5: 0.5, 9: 0.9})
    course = run(economy, Shocks(120, loss_at=at, loss=loss))
    made = course.kept[:, :, 0].sum()
    final = 120 * economy.final_total.sum() - course.unmet.sum()
    used = (course.kept[:, :, 0] @ economy.coefficients.sum(axis=0)).sum()
    start = (economy.base_orders * economy.inventory[:, None]).sum()
    assert course.stocks.sum() - start == approx(made - final - used, rel=1e-9, abs=1e-9)


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 1000),
    loss=st.floats(0, 1),
    cap=st.floats(0, 1),
    inventory=st.floats(2, 60),
    weights=st.sampled_from(["fulfilment", "capacity", "base"]),
    rated=st.sampled_from([0, 1, 2]),
)
def test_bounds_always_hold(seed, loss, cap, inventory, weights, rated):
    """Output never above capacity, stocks never negative, unmet demand between nothing and everything."""
    behaviour = Behaviour(inventory_days=inventory, restoration_days=15, weights=weights, overproduction_max=1.5)
    economy = build(random_table(2, 3, seed), behaviour, criticality=np.full((3, 3), rated, np.int8))
    rng = np.random.default_rng(seed)
    days, at = 90, rng.permutation(6)[:2]
    path = np.zeros((days, 2, 1))
    path[3:50] = loss
    seller, buyer = rng.permutation(6)[:1], rng.permutation(6)[:1]
    caps = np.ones((days, 1, 1))
    caps[10:60] = cap
    course = run(economy, Shocks(days, loss_at=at, loss=path, seller=seller, buyer=buyer, cap=caps,
                                 switch=np.full((days, 1, 1), 0.5)))  # fmt: skip
    assert np.isfinite(course.kept).all() and (course.kept >= 0).all()
    assert (course.kept <= economy.output[:, None] * 1.5 + 1e-9).all()
    assert (course.kept[3:50][:, at] <= economy.output[at][:, None] * 1.5 * (1 - loss) + 1e-9).all()
    assert (course.stocks >= 0).all()
    assert course.unmet.min() > -1e-9 and (course.unmet.sum(axis=1) <= economy.final_total.sum() + 1e-9).all()


def test_ceiling_acts_after_overproduction():
    """However scarce the good, output stays at the ceiling; capacity of the others grows."""
    economy = build(random_table(2, 3))
    ceiling = np.full((300, 1, 1), 0.6)
    course = run(economy, Shocks(300, ceiling_at=np.array([0]), ceiling=ceiling))
    assert (course.kept[:, 0, 0] <= 0.6 * economy.output[0] + 1e-12).all()
    assert course.kept[:, 0, 0] == approx(0.6 * economy.output[0])


def test_a_cap_of_one_changes_nothing():
    economy = build(random_table(3, 4))
    at, loss = loss_path(economy, 60, {0: 0.5})
    plain = run(economy, Shocks(60, loss_at=at, loss=loss))
    ones = np.ones((60, 2, 1))
    edges = dict(seller=np.array([1, 5]), buyer=np.array([7, 2]), cap=ones, switch=ones)
    assert run(economy, Shocks(60, loss_at=at, loss=loss, **edges)).kept == approx(plain.kept, rel=1e-12)


def test_a_cap_enters_orders_and_deliveries():
    """A flow held at nothing: the exporter's demand falls by that flow on the first day."""
    economy = build(random_table(3, 4), Behaviour(weights="base"))
    flow = economy.shares[0, 0, 7] * economy.base_orders[0, 7]
    shocks = Shocks(1, seller=np.array([0]), buyer=np.array([7]), cap=np.zeros((1, 1, 1)), switch=np.zeros((1, 1, 1)))
    course = run(economy, shocks)
    assert course.kept[0, 0, 0] == approx(economy.output[0] - flow, rel=1e-12)


def test_an_equal_alternative_without_lag_costs_nothing_after_stocks_refill():
    """Two equal makers of one input, each with room to grow; one flow is cut, the other maker serves it."""
    Z = np.zeros((4, 4))  # R0/s0, R0/s1, R1/s0, R1/s1: s0 makes the input, R1/s1 needs it
    Z[0, 3] = Z[2, 3] = 20
    Y = np.zeros((4, 2, 1))
    Y[0, 0] = Y[2, 1] = 400
    Y[1, 0], Y[3, 1] = 100, 200
    economy = build(table_of(Z, Y, 2, 2), Behaviour(inventory_days=30, overproduction_days=5, overproduction_max=1.5))
    days = 600
    seller, buyer = np.array([economy.index("R0", "s0")]), np.array([economy.index("R1", "s1")])
    course = run(economy, Shocks(days, seller=seller, buyer=buyer, cap=np.zeros((days, 1, 1)),
                                 switch=np.ones((days, 1, 1))))  # fmt: skip
    user = economy.index("R1", "s1")
    assert course.kept[:, user, 0] == approx(economy.output[user], rel=1e-12)
    assert course.value_added[-50:].sum() == approx(50 * economy.value_added.sum(), rel=1e-3)
    assert course.stocks[0, user, 0] == approx(30 * economy.base_orders[0, user], rel=1e-2)


def test_a_cap_above_one_is_the_most_that_may_be_ordered():
    """Three equal makers; one is cut off, a second may sell a fifth more: the third serves the rest."""
    Z = np.zeros((8, 8))  # R0 … R3 of s0, then of s1: s0 makes the input, R3/s1 needs it
    Y = np.zeros((8, 4, 1))
    user = 7
    Z[0:3, user] = 20
    for k in range(8):
        Y[k, k % 4] = 400
    economy = build(table_of(Z, Y, 4, 2), Behaviour(inventory_days=30, overproduction_days=5, overproduction_max=1.5))
    makers = [economy.index(f"R{k}", "s0") for k in range(3)]
    user, days = economy.index("R3", "s1"), 400
    cap = np.ones((days, 2, 1))
    cap[:, 0], cap[:, 1] = 0.0, 1.2
    course = run(economy, Shocks(days, seller=np.array(makers[:2]), buyer=np.array([user, user]), cap=cap,
                                 switch=np.ones_like(cap)))  # fmt: skip
    flow = [economy.shares[0, k, user] * economy.base_orders[0, user] for k in range(3)]
    sold = [course.kept[-1, maker, 0] - economy.output[maker] for maker in makers]
    assert sold == approx([-flow[0], 0.2 * flow[1], 0.8 * flow[2]], rel=1e-3)


@pytest.mark.parametrize("switch, left", [(0.0, 0.5), (0.4, 0.7), (1.0, 1.0)])
def test_a_flow_that_cannot_be_replaced_is_missing(switch, left):
    """Half of an input is cut for good: what cannot be ordered elsewhere is lost to output when the stock is gone,
    however much room the other maker has; when the flow is free again, stocks and output come back."""
    Z = np.zeros((4, 4))
    Z[0, 3] = Z[2, 3] = 20
    Y = np.zeros((4, 2, 1))
    Y[0, 0] = Y[2, 1] = 400
    Y[1, 0], Y[3, 1] = 100, 200
    economy = build(table_of(Z, Y, 2, 2), Behaviour(inventory_days=10, restoration_days=10, overproduction_days=5))
    days, free = 900, 600
    cap = np.ones((days, 1, 1))
    cap[:free] = 0
    seller, user = economy.index("R0", "s0"), economy.index("R1", "s1")
    shocks = Shocks(
        days, seller=np.array([seller]), buyer=np.array([user]), cap=cap, switch=np.full((days, 1, 1), switch)
    )
    course = run(economy, shocks)
    assert course.kept[free - 1, user, 0] == approx(left * economy.output[user], rel=0.02)
    assert course.kept[-1, user, 0] == approx(economy.output[user], rel=1e-3)
    assert course.stocks[0, user, 0] == approx(10 * economy.base_orders[0, user], rel=0.05)


@pytest.mark.parametrize("short, long", [(5, 20), (20, 60), (60, 120)])
def test_more_stock_never_means_more_loss(short, long):
    """Value added lost in a supply shock, weights by base share: longer stocks bridge it better."""
    lost = []
    for stock in (short, long):
        economy = build(random_table(2, 4, seed=2), Behaviour(inventory_days=stock, weights="base"))
        at, loss = loss_path(economy, 150, {0: 0.9, 4: 0.9})
        course = run(economy, Shocks(150, loss_at=at, loss=loss))
        lost.append((economy.base_value_added[:, None] - course.value_added).sum())
    assert lost[1] <= lost[0] * (1 + 1e-9)


def test_permuting_industries_permutes_the_result():
    table = random_table(3, 4, seed=4)
    regions, sectors = np.array([2, 0, 1]), np.array([3, 1, 0, 2])
    order = (regions[:, None] * 4 + sectors).ravel()
    Z, Y = table.Z[np.ix_(order, order)], table.final[order][:, regions]
    economy, other = build(table), build(table_of(Z, Y, 3, 4))
    at, loss = loss_path(economy, 80, {6: 0.7})
    moved = int(np.flatnonzero(order == 6)[0])
    there, _ = loss_path(other, 80, {moved: 0.7})
    first = in_table_order(economy, run(economy, Shocks(80, loss_at=at, loss=loss)).kept[:, :, 0])
    second = in_table_order(other, run(other, Shocks(80, loss_at=there, loss=loss)).kept[:, :, 0])
    assert second == approx(first[:, order], rel=1e-11)


def test_disjoint_economies_do_not_touch():
    one = random_table(1, 4, seed=6)
    Z, Y = np.zeros((8, 8)), np.zeros((8, 2, 1))
    Z[:4, :4] = Z[4:, 4:] = one.Z
    Y[:4, 0] = Y[4:, 1] = one.final[:, 0]
    economy = build(table_of(Z, Y, 2, 4))
    at, loss = loss_path(economy, 120, {1: 0.8})
    output = in_table_order(economy, run(economy, Shocks(120, loss_at=at, loss=loss)).kept[:, :, 0])
    assert output[:, 4:] == approx(np.broadcast_to(one.x / 365, (120, 4)), rel=1e-12)
    alone = build(one)
    at, loss = loss_path(alone, 120, {1: 0.8})
    assert output[:, :4] == approx(in_table_order(alone, run(alone, Shocks(120, loss_at=at, loss=loss)).kept[:, :, 0]))


def test_hypothetical_extraction_is_the_long_run_limit():
    """An industry that stops for good while its product holds nobody up: output of the others tends to the Leontief
    solution without it (Dietzenbacher & Lahr 2013)."""
    table = random_table(1, 5, seed=8)
    economy = build(table, Behaviour(inventory_days=5, restoration_days=5), criticality=np.zeros((5, 5), np.int8))
    days = 1500
    course = run(economy, Shocks(days, loss_at=np.array([2]), loss=np.ones((days, 1, 1))))
    rest = [0, 1, 3, 4]
    A = table.A[np.ix_(rest, rest)]
    limit = np.linalg.solve(np.eye(4) - A, table.Y[rest, 0])
    assert course.kept[-1, rest, 0] * 365 == approx(limit, rel=1e-8)
    assert course.kept[-1, 2, 0] == 0


def test_lasting_fall_of_demand_ends_at_the_leontief_solution():
    table = random_table(2, 3, seed=9)
    economy = build(table, Behaviour(inventory_days=5, restoration_days=5, weights="base"))
    days = 1500
    change = np.full((days, 1, 1), -0.5 * economy.final_total[3])
    course = run(economy, Shocks(days, demand_at=np.array([3]), demand=change))
    y = economy.final_total.copy()
    y[3] *= 0.5
    A = (economy.shares * economy.coefficients[:, None]).reshape(6, 6)
    assert course.kept[-1, :, 0] == approx(np.linalg.solve(np.eye(6) - A, y), rel=1e-8)


@pytest.mark.parametrize("parity", [False, True])
@pytest.mark.parametrize("large", [1, 10**9])
def test_batch_and_single_run_agree(monkeypatch, parity, large):
    monkeypatch.setattr(engine, "LARGE", large)
    behaviour = Behaviour(inventory_days=10, weights="capacity", goal="optimal", parity=True) if parity else Behaviour()
    economy = build(random_table(5, 7, seed=1, density=0.7), behaviour)
    rng = np.random.default_rng(0)
    days, B = 150, 6
    loss = np.where(
        (np.arange(days) >= 4)[:, None, None] & (np.arange(days) < 60)[:, None, None], rng.random((1, 3, B)), 0
    )
    edges = {}
    if not parity:
        edges = dict(
            seller=np.array([1, 2, 30]),
            buyer=np.array([9, 9, 4]),
            cap=rng.random((1, 3, B)) * np.ones((days, 1, 1)),
            switch=np.full((days, 3, B), 0.5),
        )
    shocks = Shocks(days, B, loss_at=np.array([0, 8, 21]), loss=loss, **edges)
    course = run(economy, shocks)
    for b in range(B):
        single = run(economy, shocks.only(slice(b, b + 1)))
        assert single.kept[:, :, 0] == approx(course.kept[:, :, b], rel=1e-12)
        assert single.value_added[:, :, 0] == approx(course.value_added[:, :, b], rel=1e-11)


@pytest.mark.parametrize("parity", [False, True])
def test_inputs_that_are_not_used_and_classes_bind_alike_in_both_kernels(monkeypatch, parity):
    """An industry that buys nothing of an input is not held up by its empty stock; classes of criticality count."""
    table = random_table(3, 4, seed=2)
    Z = table.Z.copy()
    Z[0::4, 5] = 0  # R1/s1 buys no s0
    Z[:, 2] = 0  # R0/s2 buys nothing
    rated = np.full((4, 4), 2, np.int8)
    rated[1], rated[2, 0] = 1, 0
    behaviour = Behaviour(inventory_days=6, weights="capacity", goal="optimal", parity=parity)
    economy = build(table_of(Z, table.final, 3, 4), behaviour, criticality=rated)
    at, loss = loss_path(economy, 90, {1: 0.9, 4: 0.7, 6: 0.8})
    shocks = Shocks(90, loss_at=at, loss=loss)
    batch = run(economy, shocks).kept
    monkeypatch.setattr(engine, "LARGE", 1)
    assert run(economy, shocks).kept == approx(batch, rel=1e-12)
    place = np.argsort(economy.order)
    assert batch[0, place[[2, 5]], 0] == approx(economy.output[place[[2, 5]]], rel=1e-12)
    assert batch.min() < 0.5 * economy.output.min()


@pytest.mark.parametrize("large", [1, 10**9])
def test_conduct_by_scenario_is_the_behaviour_of_single_economies(monkeypatch, large):
    """Every economic parameter drawn at once: each scenario of the batch is a run of an economy built with it."""
    table = random_table(3, 4, seed=1)
    rows = [
        dict(inventory_days=20.0, restoration_days=15.0, overproduction_max=1.1, overproduction_days=100.0, psi=0.6,
             switching_days=1.0, return_days=10.0),
        dict(inventory_days=6.0, restoration_days=60.0, overproduction_max=1.5, overproduction_days=400.0, psi=0.9,
             switching_days=12.0, return_days=50.0),
    ]  # fmt: skip
    rated = np.full((4, 4), 2, np.int8)
    rated[1] = 1
    economy = build(table, criticality=rated)
    conduct = Conduct(**{
        name: np.array([row[name] for row in rows]) * np.ones((4, 1) if name in ("inventory_days", "restoration_days")
                                                              else 1)
        for name in rows[0]
    })  # fmt: skip
    at, loss = loss_path(economy, 120, {0: 0.9, 5: 0.6}, scenarios=2)
    edges = dict(seller=np.array([1]), buyer=np.array([9]), cap=np.full((120, 1, 2), 0.3),
                 switch=np.full((120, 1, 2), 0.5))  # fmt: skip
    shocks = Shocks(120, 2, loss_at=at, loss=loss, **edges)
    course = run(economy, shocks, conduct=conduct)
    monkeypatch.setattr(engine, "LARGE", large)
    for b, row in enumerate(rows):
        alone = run(build(table, Behaviour(**row), criticality=rated), shocks.only(slice(b, b + 1)))
        assert course.kept[:, :, b] == approx(alone.kept[:, :, 0], rel=1e-12)
        assert course.stocks[:, :, b] == approx(alone.stocks[:, :, 0], rel=1e-11, abs=1e-12)
    assert np.abs(course.kept[:, :, 0] / course.kept[:, :, 1] - 1).max() > 0.01
    with pytest.raises(InputError, match="2 scenarios"):
        run(economy, shocks.only(slice(0, 1)), conduct=conduct)
    with pytest.raises(InputError, match=r"psi.*allowed"):
        replace(conduct, psi=np.array([0.5, 1.2]))


def test_threads_do_not_change_the_result(monkeypatch):
    economy = build(random_table(5, 7, seed=1))
    at, loss = loss_path(economy, 60, {0: 0.9, 20: 0.4}, scenarios=3)
    alone = run(economy, Shocks(60, 3, loss_at=at, loss=loss))
    monkeypatch.setattr(engine, "threads_for", lambda size: 3)
    assert run(economy, Shocks(60, 3, loss_at=at, loss=loss)).kept == approx(alone.kept, rel=1e-12)
    monkeypatch.setattr(engine, "LARGE", 1)
    single = Shocks(60, 1, loss_at=at, loss=loss[:, :, :1])
    assert run(economy, single).kept[:, :, 0] == approx(alone.kept[:, :, 0], rel=1e-12)


def test_preview_in_single_precision_is_near(monkeypatch):
    monkeypatch.setattr(engine, "LARGE", 1)
    economy = build(random_table(5, 7, seed=1))
    at, loss = loss_path(economy, 100, {0: 0.5})
    shocks = Shocks(100, loss_at=at, loss=loss)
    assert run(economy, shocks, preview=True).kept == approx(run(economy, shocks).kept, rel=1e-6)


def test_criticality_classes_order_the_loss():
    """Critical inputs bind fully, important ones half, the others not at all (Pichler et al. 2022)."""
    lost = []
    for rated in (0, 1, 2):
        economy = build(
            random_table(1, 4, seed=2), Behaviour(inventory_days=5), criticality=np.full((4, 4), rated, np.int8)
        )
        at, loss = loss_path(economy, 60, {0: 0.95})
        course = run(economy, Shocks(60, loss_at=at, loss=loss))
        lost.append(float((economy.base_value_added[:, None] - course.value_added).sum()))
    assert lost[0] < lost[1] < lost[2]


def test_supplier_switching_has_lags():
    """The slower buyers leave a supplier that falls short, the more its shortfall costs them."""
    lost = []
    for days in (1, 20, 200):
        economy = build(random_table(3, 3, seed=7), Behaviour(inventory_days=4, switching_days=days))
        at, loss = loss_path(economy, 60, {0: 0.9})
        course = run(economy, Shocks(60, loss_at=at, loss=loss))
        lost.append(float((economy.base_value_added[:, None] - course.value_added).sum()))
    assert lost[0] < lost[1] < lost[2]


def test_shocks_out_of_range_are_refused():
    economy = build(random_table(2, 2))
    at = np.array([0])
    for wrong in (
        dict(loss_at=at, loss=np.full((5, 1, 1), 1.5)),
        dict(seller=at, buyer=at, cap=np.full((5, 1, 1), -0.2), switch=np.ones((5, 1, 1))),
        dict(ceiling_at=at, ceiling=np.full((5, 1, 1), -0.1)),
        dict(loss_at=at, loss=np.zeros((4, 1, 1))),
    ):
        with pytest.raises(InputError, match="allowed"):
            Shocks(5, **wrong)
    with pytest.raises(InputError, match="numbers of industries"):
        run(economy, Shocks(5, loss_at=np.array([9]), loss=np.zeros((5, 1, 1))))
    for wrong in (
        dict(psi=0),
        dict(psi=1.1),
        dict(inventory_days=-1),
        dict(weights="any"),
        dict(overproduction_max=0.5),
    ):
        with pytest.raises(InputError, match=r"allowed|negative stock"):
            Behaviour(**wrong)


def test_stocks_by_sector_need_one_number_each():
    with pytest.raises(InputError, match="inventory_days has 3 values"):
        build(random_table(2, 2), Behaviour(inventory_days=[1.0, 2.0, 3.0]))


def test_stocks_by_name_whatever_the_order():
    """A mapping goes by name, not by position; unknown and missing sectors are named."""
    table = random_table(2, 3)
    named = {"s2": 30.0, "s0": 10.0, "s1": 20.0}
    assert build(table, Behaviour(inventory_days=named)).inventory == approx([10, 20, 30])
    with pytest.raises(InputError, match="unknown s9; missing s1"):
        build(table, Behaviour(inventory_days={"s2": 30.0, "s0": 10.0, "s9": 20.0}))


def test_stocks_shorter_than_a_day_are_said():
    """Such stocks cannot carry the base output in steps of a day: they are lengthened and that is noted."""
    economy = build(random_table(2, 2), Behaviour(inventory_days=[0.0, 50.0]))
    assert economy.inventory == approx([1.25, 50]) and any("held at 1.25 days: s0" in note for note in economy.repairs)
    assert np.abs(run(economy, Shocks(30)).kept / economy.output[:, None] - 1).max() < 1e-12
    peer = build(random_table(2, 2), Behaviour(inventory_days=1, weights="capacity", goal="optimal", parity=True))
    assert peer.inventory == approx(2) and any("2 days" in note for note in peer.repairs)


def test_progress_is_told():
    seen = []
    run(build(random_table(2, 2)), Shocks(10), progress=seen.append)
    assert seen[-1] == 1 and len(seen) == 10


def test_an_idle_supplier_is_not_a_short_one():
    """Demand falls: suppliers deliver all that is asked, so they keep their weight (shares by output would not)."""
    outcome = []
    for weights in ("fulfilment", "base"):
        economy = build(random_table(3, 4), Behaviour(weights=weights))
        change = np.full((120, 1, 1), -0.6 * economy.final_total[0])
        outcome.append(run(economy, Shocks(120, demand_at=np.array([0]), demand=change)).kept)
    assert outcome[0] == approx(outcome[1], rel=1e-12)
    assert outcome[0][60, 0, 0] < 0.9 * outcome[0][0, 0, 0] or outcome[0][60, 0, 0] < 0.9 * economy.output[0]


def test_a_bar_appears_after_two_seconds_on_a_terminal(monkeypatch):
    from geoecon.disruption import progress

    class Terminal:
        text = ""

        def isatty(self):
            return True

        def write(self, text):
            self.text += text

        def flush(self):
            pass

    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    with progress.bar() as tell:
        tell(0.1)
    assert terminal.text == ""  # a short run shows none
    monkeypatch.setattr(progress, "PATIENCE", -1.0)
    with progress.bar(what="days simulated") as tell:
        tell(0.3)
        tell(0.6)
    assert "days simulated" in terminal.text


def test_the_number_of_threads_of_products_is_put_back():
    """Several runs at once, as in the web application: the last to leave restores what the first one found."""
    from concurrent.futures import ThreadPoolExecutor

    from geoecon.disruption import blas

    def threads():
        return [library["num_threads"] for library in blas._libraries().info()]

    before = threads()
    economy = build(random_table(3, 4))
    with ThreadPoolExecutor(4) as pool:
        courses = list(pool.map(lambda _: run(economy, Shocks(30)).kept, range(8)))
    assert all((course == courses[0]).all() for course in courses)
    assert threads() == before
    with blas.single_thread():
        assert set(threads()) <= {1}
    assert threads() == before
