"""What any exact-hat solver must satisfy, whatever the numbers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from costs_worlds import random_world
from hypothesis import given, settings
from hypothesis import strategies as st

from geoecon import costs
from geoecon.costs import Change, Model, Shock, shock_from
from geoecon.errors import InputError, NotConverged

SEEDS = st.integers(0, 10_000)


def mixed(model: Model, size: float = 0.1) -> Shock:
    """A bit of everything."""
    first, second = model.regions[:2]
    good = model.sectors[0]
    return shock_from(
        model,
        [
            Change("trade_cost", 1 + size, exporter=first, importer=second),
            Change("tariff", 1 + 2 * size, exporter=second, importer=first),
            Change("export_tax", 1 + size, exporter=first, importer=second, sector=good),
            Change("productivity", 1 - size / 2, exporter=second, sector=good),
        ],
    )


@settings(max_examples=15, deadline=None)
@given(SEEDS)
def test_all_hats_one(seed: int) -> None:
    """Nothing changes, nothing moves."""
    model = random_world(seed)
    same = costs.solve(model)
    assert same.passes == 1
    assert np.abs(same.wage - 1).max() < 1e-9 and np.abs(same.price - 1).max() < 1e-9
    assert same.spending == pytest.approx(model.spending, rel=1e-9)


@settings(max_examples=15, deadline=None)
@given(SEEDS)
def test_equations_hold(seed: int) -> None:
    """(W1)-(W6) recomputed from the answer, in plain numpy and in other order than the kernel."""
    model = random_world(seed)
    solved = costs.solve(model, mixed(model), tolerance=1e-11)
    shock = solved.shock
    weights = model.share * (shock.barrier(model) * solved.cost.T[:, None, :]) ** -model.elasticity[:, None, None]
    price = weights.sum(axis=2) ** (-1 / model.elasticity[:, None])
    assert pytest.approx(price, rel=1e-9) == solved.price.T
    assert solved.share.sum(axis=2) == pytest.approx(1, rel=1e-9)
    inputs = np.einsum("nkj,nj->nk", model.input_share, (1 - model.value_added_share) * solved.output)
    assert solved.spending == pytest.approx(inputs + model.final_share * solved.income[:, None], rel=1e-9)
    wages = (model.value_added_share * solved.output).sum(axis=1)
    assert wages == pytest.approx(solved.wage * model.value_added, rel=1e-8)  # labour clears as well
    assert np.abs(costs.imbalance(solved)).max() < 1e-9
    assert (costs.imbalance(solved) * solved.wage * model.value_added).sum() == pytest.approx(0, abs=1e-8)  # Walras


@settings(max_examples=10, deadline=None)
@given(SEEDS, st.floats(0.01, 1000))
def test_homogeneity(seed: int, factor: float) -> None:
    """Degree zero: another currency changes no hat."""
    model = random_world(seed)
    larger = replace(model, value_added=model.value_added * factor, deficit=model.deficit * factor,
                     spending=model.spending * factor)  # fmt: skip
    one, other = costs.solve(model, mixed(model)), costs.solve(larger, mixed(larger))
    assert other.wage == pytest.approx(one.wage, abs=1e-8)
    assert costs.real_income(other) == pytest.approx(costs.real_income(one), abs=1e-6)


@settings(max_examples=10, deadline=None)
@given(SEEDS)
def test_permutation_of_countries(seed: int) -> None:
    model = random_world(seed)
    order = np.random.default_rng(seed).permutation(len(model.regions))
    turned = replace(
        model, regions=tuple(model.regions[n] for n in order), share=model.share[:, order][:, :, order],
        tariff=model.tariff[:, order][:, :, order], export_tax=model.export_tax,
        value_added_share=model.value_added_share[order], input_share=model.input_share[order],
        final_share=model.final_share[order], value_added=model.value_added[order], deficit=model.deficit[order],
        spending=model.spending[order],
    )  # fmt: skip
    change = [Change("trade_cost", 1.2, exporter="R0", importer="R1")]
    one, other = costs.solve(model, shock_from(model, change)), costs.solve(turned, shock_from(turned, change))
    assert other.wage == pytest.approx(one.wage[order], abs=1e-8)


def test_symmetric_countries_stay_symmetric() -> None:
    flows = np.full((2, 3, 3), 1.0) + 4 * np.eye(3)
    model = costs.model_from_flows(flows, ["A", "B", "C"], ["x", "y"], [3.0, 5.0])
    solved = costs.solve(model, shock_from(model, [Change("trade_cost", 1.3)]))
    assert np.ptp(solved.wage) < 1e-9 and solved.wage == pytest.approx(1, abs=1e-9)
    assert np.ptp(costs.real_income(solved)) < 1e-7
    assert (costs.real_income(solved) < 0).all()


def test_symmetric_rise_of_trade_cost_needs_the_third_term() -> None:
    """Two alike countries, ten per cent: terms and volume of trade say nothing happened."""
    flows = np.array([[[80.0, 20.0], [20.0, 80.0]]])
    model = costs.model_from_flows(flows, ["A", "B"], ["all"], 4.0)
    solved = costs.solve(model, shock_from(model, [Change("trade_cost", 1.1)]))
    terms = costs.decompose(solved).by_country()
    assert terms["terms_of_trade"] == pytest.approx(0, abs=1e-8) and terms["volume_of_trade"] == pytest.approx(
        0, abs=1e-8
    )
    assert terms["technical"] == pytest.approx(-2.0)
    assert costs.real_income(solved) == pytest.approx(-1.62, abs=0.005)
    share = 0.2 * 1.1**-4 / (0.8 + 0.2 * 1.1**-4)
    assert costs.real_income(solved) == pytest.approx(100 * (((1 - share) / 0.8) ** -0.25 - 1), abs=1e-6)


@settings(max_examples=12, deadline=None)
@given(SEEDS, st.sampled_from(["trade_cost", "tariff", "export_tax", "productivity"]))
def test_arithmetic_equals_exact_to_first_order(seed: int, kind: str) -> None:
    """A small change of any kind, from a base with tariffs and deficits."""
    model = random_world(seed)
    step = 1e-4
    where = {"exporter": "R1"} if kind == "productivity" else {"exporter": "R1", "importer": "R0"}

    def change(size: float) -> Shock:
        return shock_from(model, [Change(kind, 1 + size, sector="S0", **where)])  # type: ignore[arg-type]

    if kind == "tariff":  # around what is there
        base = model.tariff[0, 0, 1]
        up, down = (shock_from(model, [Change("tariff", base + s, exporter="R1", importer="R0", sector="S0")])
                    for s in (step, -step))  # fmt: skip
    else:
        up, down = change(step), change(-step)
    exact, arithmetic = [], []
    for shock in (up, down):
        solved = costs.solve(model, shock, tolerance=1e-12)
        exact.append(costs.real_income(solved))
        arithmetic.append(costs.decompose(solved).by_country()["arithmetic"])
    slope, sum_of_terms = (exact[0] - exact[1]) / 2, (arithmetic[0] - arithmetic[1]) / 2
    assert sum_of_terms == pytest.approx(slope, abs=2e-4 * np.abs(slope).max() + 1e-9)


@settings(max_examples=10, deadline=None)
@given(SEEDS)
def test_lerner_symmetry(seed: int) -> None:
    """A tax on all exports is a tariff on all imports (Lerner 1936), with balanced trade and no other tariffs."""
    model = random_world(seed, tariffs=False, balanced=True)
    tariff = costs.solve(model, shock_from(model, [Change("tariff", 1.25, importer="R0")]), tolerance=1e-11)
    tax = costs.solve(model, shock_from(model, [Change("export_tax", 1.25, exporter="R0")]), tolerance=1e-11)
    assert costs.real_income(tax) == pytest.approx(costs.real_income(tariff), abs=1e-7)


def test_autarky_limit_equals_the_closed_form(balanced: Model) -> None:
    """Trade costs without bound: the loss of Costinot & Rodríguez-Clare 2014, many sectors with inputs."""
    closed = costs.solve(balanced, shock_from(balanced, [Change("trade_cost", 1e6)]), tolerance=1e-11)
    assert -costs.real_income(closed) / 100 == pytest.approx(costs.autarky_loss(balanced), abs=1e-8)


@settings(max_examples=15, deadline=None)
@given(SEEDS)
def test_one_sector_without_inputs_is_acr(seed: int) -> None:
    """λ̂^(−1/θ) of the own share, for a shock abroad and balanced trade. Arkolakis et al. 2012."""
    rng = np.random.default_rng(seed)
    flows = rng.lognormal(0, 0.5, (4, 4)) + 8 * np.eye(4)
    flows = (flows + flows.T) / 2
    model = costs.model_from_flows(flows[None], list("ABCD"), ["all"], 5.0)
    solved = costs.solve(model, shock_from(model, [Change("trade_cost", 1.4, exporter="A", importer="B")]))
    change = np.diagonal(solved.share[0]) / np.diagonal(model.share[0])
    assert costs.real_income(solved) / 100 + 1 == pytest.approx(costs.gains_from_trade(change, 5.0), abs=1e-8)


def test_batch_equals_single_solves(world: Model) -> None:
    shocks = [mixed(world, size) for size in (0.0, 0.05, 0.1, 0.3)]
    together = costs.solve(world, Shock.stack(shocks))
    for number, shock in enumerate(shocks):
        alone = costs.solve(world, shock)
        assert together[number].wage == pytest.approx(alone.wage, abs=1e-8)
        assert costs.real_income(together)[number] == pytest.approx(costs.real_income(alone), abs=1e-6)


def test_warm_start_finds_the_same(world: Model) -> None:
    far, near = costs.solve(world, mixed(world, 0.1)), mixed(world, 0.101)
    warm, cold = costs.solve(world, near, start=far), costs.solve(world, near)
    assert warm.wage == pytest.approx(cold.wage, abs=1e-8)
    assert warm.passes < cold.passes


def test_deficits_kept_closed_and_scaled(world: Model) -> None:
    none = Shock.none(world)
    assert costs.solve(world, none.with_deficits(world, "kept")).passes == 1
    closed = costs.solve(world, none.with_deficits(world, "closed"))
    bought, sold = closed.border_value.sum(axis=(0, 2)), closed.border_value.sum(axis=(0, 1))
    assert bought == pytest.approx(sold, rel=1e-8)
    half = costs.solve(world, none.with_deficits(world, 0.5))
    assert half.shock.deficit == pytest.approx(world.deficit / 2)
    between = np.abs(costs.real_income(half)) < np.abs(costs.real_income(closed))
    assert between.all()
    terms = costs.decompose(closed).by_country()
    assert np.sign(terms["transfer"]) == pytest.approx(-np.sign(world.deficit))


def test_rebased_counterfactual_is_an_equilibrium(world: Model) -> None:
    """Also with an export tax in it; and the way there equals the way in two steps."""
    half = costs.solve(world, mixed(world, 0.05), tolerance=1e-12)
    base = half.rebased()
    assert np.abs(costs.real_income(costs.solve(base))).max() < 1e-6
    full = costs.solve(world, mixed(world, 0.1), tolerance=1e-12)
    rest = replace(
        Shock.none(base), cost=full.shock.cost / half.shock.cost, tariff=full.shock.tariff,
        export_tax=full.shock.export_tax, productivity=full.shock.productivity / half.shock.productivity,
    )  # fmt: skip
    again = costs.solve(base, rest, tolerance=1e-12)
    assert again.wage * half.wage == pytest.approx(full.wage, abs=1e-9)


def test_extreme_shocks_converge(world: Model, balanced: Model) -> None:
    """A hundredfold trade cost between all, a fall of productivity by 95 per cent, a tariff of 1,000 per cent."""
    for model, change in (
        (balanced, Change("trade_cost", 100.0)),
        (world, Change("productivity", 0.05, exporter="R0")),
        (world, Change("tariff", 11.0, exporter="R1", importer="R0")),
        (world, Change("export_tax", 11.0, exporter="R1")),
    ):
        solved = costs.solve(model, shock_from(model, [change]))
        assert solved.residual < 1e-8 and np.isfinite(costs.real_income(solved)).all()


def test_no_equilibrium_is_an_error(world: Model) -> None:
    """Deficits that must be paid with goods, and no trade to pay them with."""
    with pytest.raises(NotConverged, match="largest at"):
        costs.solve(world, shock_from(world, [Change("trade_cost", 1000.0)]))


def test_stopped_early_is_an_error_with_the_residual(world: Model) -> None:
    with pytest.raises(NotConverged, match=r"residual .* after 2 iterations, largest at R\d") as stopped:
        costs.solve(world, mixed(world), limit=2)
    assert stopped.value.residual > 1e-9 and stopped.value.iterations == 2


def test_a_failed_member_of_a_batch_is_named_and_the_others_kept(world: Model) -> None:
    batch = Shock.stack([Shock.none(world), mixed(world)])
    answer, failed = costs.attempt(world, batch, limit=3)
    assert list(failed) == [1] and "R" in failed[1]
    assert np.isfinite(answer.wage[0]).all() and np.isnan(answer.wage[1]).all()
    with pytest.raises(NotConverged, match="scenario 1"):
        costs.solve(world, batch, limit=3)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (Change("tariff", 1.1, exporter="XYZ"), ["unknown exporter 'XYZ'", "R0"]),
        (Change("tariff", 1.1, importer="R9", sector="S9"), ["'R9'", "'S9'", "S0"]),
        (Change("tariff", 1.1, exporter="R1", importer="R1"), ["R1 on itself"]),
        (Change("tariff", 0.0, exporter="R1", importer="R0"), ["factor 0", "above 0"]),
        (Change("subsidy", 1.1), ["'subsidy'", "trade_cost"]),
        (Change("productivity", 0.9, exporter="R1", importer="R0"), ["importer R0 of a productivity change"]),
    ],
)
def test_wrong_shocks_name_the_key(world: Model, change: Change, words: list[str]) -> None:
    with pytest.raises(InputError) as refused:
        shock_from(world, [change])
    assert all(word in str(refused.value) for word in words)


def test_all_faults_come_together(world: Model) -> None:
    wrong = [Change("tariff", -1.0, exporter="R1"), Change("tax", 1.0, exporter="nowhere")]
    with pytest.raises(InputError) as refused:
        shock_from(world, wrong)
    assert len(refused.value.faults) == 3


def test_a_change_where_nothing_flows_is_refused() -> None:
    """A sector that nobody trades: a tariff on it would change a parameter and no result."""
    flows = np.stack([np.full((3, 3), 1.0) + 5 * np.eye(3), 5 * np.eye(3)])
    model = costs.model_from_flows(flows, ["A", "B", "C"], ["goods", "homes"], 4.0)
    with pytest.raises(InputError, match="A from B, homes: no flow in the base"):
        shock_from(model, [Change("tariff", 1.1, exporter="B", importer="A", sector="homes")])
    assert shock_from(model, [Change("tariff", 1.1, exporter="B", importer="A")])
