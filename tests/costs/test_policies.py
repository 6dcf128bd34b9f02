"""Quotas, export taxes, friends and enemies: against the solver itself, by brute force and finite differences."""

from __future__ import annotations

import numpy as np
import pytest
from costs_worlds import random_world
from hypothesis import given, settings
from hypothesis import strategies as st

from geoecon import costs
from geoecon.costs import Change, Model, Quota, Shock, shock_from
from geoecon.errors import InputError

SEEDS = st.integers(0, 10_000)


@settings(max_examples=10, deadline=None)
@given(SEEDS, st.floats(0.05, 0.95), st.sampled_from(costs.HOLDERS))
def test_a_quota_meets_its_quantity(seed: int, share: float, rent: str) -> None:
    model = random_world(seed)
    met = costs.solve_quotas(model, [Quota("R0", "R1", "S0", share, rent)])
    assert met.quantity[0] == pytest.approx(share, rel=1e-6)
    assert met.wedge[0] > 1
    assert (met.rent[0] > 0) == (rent != "nobody")
    assert np.abs(costs.imbalance(met.solved)).max() < 1e-7


def test_a_quota_that_does_not_bind_changes_nothing(world: Model) -> None:
    met = costs.solve_quotas(world, [Quota("R0", "R1", "S0", 1.5), Quota("R1", "R0", "S1", 1.0)])
    assert met.wedge == pytest.approx([1, 1]) and met.rent == pytest.approx([0, 0])
    assert np.abs(costs.real_income(met.solved)).max() < 1e-7


def test_several_quotas_at_once_on_top_of_a_shock(world: Model) -> None:
    shock = shock_from(world, [Change("productivity", 1.1, exporter="R0")])
    quotas = [Quota("R0", "R1", "S0", 0.5), Quota("R0", "R2", "S0", 0.7, "importer"), Quota("R3", "R1", "S2", 0.2)]
    met = costs.solve_quotas(world, quotas, shock)
    assert met.quantity == pytest.approx([0.5, 0.7, 0.2], rel=1e-6)
    assert list(met.to_frame()["rent to"]) == ["exporter", "importer", "exporter"]


def test_the_rent_goes_to_the_licence_holder(world: Model) -> None:
    """The same quantity: the holder is better off with the rent, everybody worst where it burns."""
    income = {}
    for rent in costs.HOLDERS:
        met = costs.solve_quotas(world, [Quota("R0", "R1", "S0", 0.6, rent)])
        income[rent] = costs.real_income(met.solved)
    assert income["exporter"][0] > income["importer"][0] and income["exporter"][0] > income["nobody"][0]
    assert income["importer"][1] > income["exporter"][1] and income["importer"][1] > income["nobody"][1]


def test_a_quota_held_by_the_exporter_is_an_export_tax(world: Model) -> None:
    met = costs.solve_quotas(world, [Quota("R0", "R1", "S0", 0.6)])
    tax = shock_from(world, [Change("export_tax", float(met.wedge[0]), exporter="R0", importer="R1", sector="S0")])
    assert costs.real_income(met.solved) == pytest.approx(costs.real_income(costs.solve(world, tax)), abs=1e-6)
    revenue = met.solved.tax_revenue - costs.solve(world, tax).tax_revenue
    assert np.abs(revenue).max() < 1e-6


@pytest.mark.parametrize(
    ("quota", "words"),
    [
        (Quota("R9", "R1", "S0", 0.5), "'R9'"),
        (Quota("R0", "R1", "S9", 0.5), "'S9'"),
        (Quota("R0", "R0", "S0", 0.5), "on itself"),
        (Quota("R0", "R1", "S0", 0.0), "above 0"),
        (Quota("R0", "R1", "S0", 0.5, "sender"), "exporter, importer, nobody"),
    ],
)
def test_wrong_quotas(world: Model, quota: Quota, words: str) -> None:
    with pytest.raises(InputError, match=words):
        costs.solve_quotas(world, [quota])
    with pytest.raises(InputError, match="twice"):
        costs.solve_quotas(world, [Quota("R0", "R1", "S0", 0.5)] * 2)


@settings(max_examples=5, deadline=None)
@given(SEEDS)
def test_no_other_export_tax_serves_better(seed: int) -> None:
    """Against a fine grid, one solve each."""
    model = random_world(seed)
    best = costs.optimal_export_tax(model, "R0", "R1")
    for rate in np.linspace(0, 1, 51):
        solved = costs.solve(model, shock_from(model, [Change("export_tax", 1 + rate, exporter="R0", importer="R1")]))
        assert costs.real_income(solved)[0] <= best.real_income["R0"] + 1e-6
    assert best.real_income["R0"] >= 0 > best.real_income["R1"] or best.rate == 0


def test_small_open_economy_export_tax_is_one_over_the_elasticity_of_foreign_demand() -> None:
    """One sector, a seller that is small in its market: demand falls by 1 + θ per cent, so the tax is 1/θ."""
    theta = 4.0
    flows = np.array([[[1.0, 0.01], [0.01, 1e5]]])
    model = costs.model_from_flows(flows, ["small", "world"], ["all"], theta)
    best = costs.optimal_export_tax(model, "small", "world")
    assert best.rate == pytest.approx(1 / theta, abs=0.01)


def test_a_contest_is_a_nash_equilibrium() -> None:
    world = random_world(3)
    contest = costs.retaliatory_export_tax(world, "R0", "R1")
    held = shock_from(world, [Change("export_tax", 1 + contest.rates[1], exporter="R1", importer="R0")])
    again = costs.optimal_export_tax(world, "R0", "R1", shock=held)
    assert again.rate == pytest.approx(contest.rates[0], abs=2e-3)
    frame = contest.to_frame().set_index("region")
    assert frame.loc["R0", "first alone"] > 0 > frame.loc["R1", "first alone"]
    assert frame.loc["R1", "answered"] >= frame.loc["R1", "first alone"]
    assert frame.loc["R0", "contest"] < frame.loc["R0", "first alone"]
    best = contest.alone
    assert best.chart() and "R0" in best.sentence()


@settings(max_examples=15, deadline=None)
@given(SEEDS, st.floats(0.5, 12))
def test_friends_and_enemies_are_the_derivative_of_the_exact_model(seed: int, theta: float) -> None:
    """Kleinman, Liu & Redding: central differences of the one-sector exact-hat model, deficits included."""
    flows = np.random.default_rng(seed).lognormal(0, 1, (4, 4)) + 6 * np.eye(4)
    model = costs.model_from_flows(flows[None], list("ABCD"), ["all"], theta)
    exposure = costs.friends_and_enemies(model)
    step = 1e-4
    for column, name in enumerate(model.regions):
        up, down = (
            costs.solve(model, shock_from(model, [Change("productivity", np.exp(s), exporter=name)]), tolerance=1e-13)
            for s in (step, -step)
        )
        wage = (np.log(up.wage) - np.log(down.wage)) / (2 * step)
        income = np.log1p(costs.real_income(up) / 100) - np.log1p(costs.real_income(down) / 100)
        assert exposure.income[:, column] == pytest.approx(wage, abs=2e-6)
        assert exposure.welfare[:, column] == pytest.approx(income / (2 * step), abs=2e-6)


def test_own_growth_helps_most_and_the_world_gains_one_for_one() -> None:
    """Balanced trade: all growing together raises everybody's real income by the same."""
    flows = np.random.default_rng(5).lognormal(0, 1, (5, 5)) + 6 * np.eye(5)
    flows = (flows + flows.T) / 2
    exposure = costs.friends_and_enemies(flows, list("ABCDE"), 5.0)
    assert exposure.welfare.sum(axis=1) == pytest.approx(1)
    assert (np.argmax(exposure.welfare, axis=1) == np.arange(5)).all()
    friends = exposure.friends("A")
    assert list(friends["real_income"]) == sorted(friends["real_income"], reverse=True) and len(friends) == 4
    with pytest.raises(InputError, match="allowed: A, B"):
        exposure.friends("Z")


def test_sweep_over_elasticities(world: Model) -> None:
    """One batch; each row as if solved alone. Higher elasticities lose less from a trade cost."""
    shock = shock_from(world, [Change("trade_cost", 1.3)])
    frame = costs.sweep_elasticities(world, shock, [0.5, 1.0, 2.0])
    for row in frame.itertuples(index=False):
        model = world.with_elasticities(world.elasticity * row.scale)
        alone = costs.solve(model, shock_from(model, [Change("trade_cost", 1.3)]))
        assert np.array(row[1:]) == pytest.approx(costs.real_income(alone), abs=1e-6)
    with pytest.raises(InputError, match="above 0"):
        costs.sweep_elasticities(world, shock, [0.0])


def test_a_batch_must_agree_in_length(world: Model) -> None:
    from dataclasses import replace

    none = Shock.none(world)
    wrong = replace(none, cost=np.ones((2, *none.cost.shape)), tariff=np.ones((3, *none.cost.shape)))
    with pytest.raises(InputError, match="differ in length"):
        costs.solve(world, wrong)


def test_results_speak_for_themselves() -> None:
    """The protocol of results that the command line prints: sentence, summary, figures, frame, chart, method."""
    world = random_world(3)
    for result in (
        costs.optimal_export_tax(world, "R0", "R1"),
        costs.retaliatory_export_tax(world, "R0", "R1"),
        costs.friends_and_enemies(world),
        costs.welfare(world, [Change("tariff", 1.2, exporter="R0", importer="R1")]),
    ):
        assert result.sentence().endswith(".") and "nan" not in result.sentence()
        assert 0 < len(result.summary()) <= 12 and len(result.to_frame())
        assert all(figure.value is not None and figure.sources for figure in result.figures().values())
        assert result.chart().to_dict()["title"] and "Limits" in result.METHOD
