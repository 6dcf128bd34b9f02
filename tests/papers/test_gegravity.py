"""gegravity 0.3 on its own sample: one sector, no inputs, 30 countries.

Its full general equilibrium keeps every country's share of world output and expenditure at the baseline while
factory-gate prices move (its conditional and full price indices are the same numbers). In our words: money incomes
stay, and each country's productivity moves by the inverse of its factory-gate price. Fed with that, the exact-hat
model must find that no wage moves, its price indices and its trade. With incomes free, the answers stay close.
"""

from __future__ import annotations

import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from geoecon import costs

DATA = Path(__file__).parent / "data"
COEFFICIENTS = {
    "lndist": -0.3764,
    "contiguity": 0.885,
    "pta": 0.4823,
    "common_language": 0.0392,
    "international": -3.4224,
}
SIGMA = 5.0


@pytest.fixture(scope="module")
def sample() -> pd.DataFrame:
    pairs = pd.read_csv(DATA / "gegravity_sample_pairs.csv")
    back = pairs[pairs["a"] != pairs["b"]].rename(columns={"a": "b", "b": "a"})
    rows = pd.concat([pairs, back]).rename(columns={"a": "exporter", "b": "importer"})
    countries = pd.read_csv(DATA / "gegravity_sample_countries.csv", index_col="country")
    rows = rows.assign(
        international=(rows["exporter"] != rows["importer"]).astype(int), year="2006", trade=1.0,
        Y=rows["exporter"].map(countries["output"]), E=rows["importer"].map(countries["expenditure"]),
    )  # fmt: skip
    return rows.sort_values(["importer", "exporter"], ignore_index=True)


@pytest.fixture(scope="module")
def peer(sample: pd.DataFrame) -> Any:
    """Canada and Japan sign an agreement, the example of its documentation."""
    import gegravity

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        baseline = gegravity.BaselineData(
            sample, imp_var_name="importer", exp_var_name="exporter", year_var_name="year", trade_var_name="trade",
            expend_var_name="E", output_var_name="Y",
        )  # fmt: skip
        estimates = pd.DataFrame([{"var": name, "coeff": value, "ste": 0.1} for name, value in COEFFICIENTS.items()])
        coefficients = gegravity.CostCoeffs(
            estimates=estimates, identifier_col="var", coeff_col="coeff", stderr_col="ste"
        )
        model = gegravity.OneSectorGE(
            baseline, year="2006", expend_var_name="E", output_var_name="Y", cost_coeff_values=coefficients,
            cost_variables=list(COEFFICIENTS), reference_importer="DEU", sigma=SIGMA, quiet=True,
        )  # fmt: skip
        model.build_baseline(omr_rescale=10)
        experiment = model.baseline_data.copy()
        for a, b in (("CAN", "JPN"), ("JPN", "CAN")):
            experiment.loc[(experiment["importer"] == a) & (experiment["exporter"] == b), "pta"] = 1
        model.define_experiment(experiment)
        model.simulate(ge_tolerance=1e-10)
    return model


@pytest.fixture(scope="module")
def ours(sample: pd.DataFrame) -> costs.Model:
    """Base flows fitted to output and expenditure shares by iterated proportions: no code of the peer's."""
    names = sorted(sample["importer"].unique())
    N = len(names)
    weight = np.exp(sum(value * sample[name] for name, value in COEFFICIENTS.items())).to_numpy().reshape(N, N)
    output = sample.groupby("exporter")["Y"].first().loc[names].to_numpy(float)
    spending = sample.groupby("importer")["E"].first().loc[names].to_numpy(float)
    output, spending = output / output.sum(), spending / spending.sum()
    flows = weight * spending[:, None] * output
    for _ in range(2000):
        flows *= output / flows.sum(axis=0)
        flows *= (spending / flows.sum(axis=1))[:, None]
    return costs.model_from_flows(flows[None] * 1e6, names, ["all"], SIGMA - 1)


def agreement(model: costs.Model, **more: Any) -> costs.Shock:
    cost = np.ones_like(model.share)
    a, b = model.region("CAN"), model.region("JPN")
    cost[0, a, b] = cost[0, b, a] = np.exp(COEFFICIENTS["pta"]) ** (1 / (1 - SIGMA))
    return replace(costs.Shock.none(model), cost=cost, **more)


def test_parity_under_its_closure(peer: Any, ours: costs.Model) -> None:
    """Wages, price indices and trade, relative 1e-7 (its own solver's tolerance on 900 cells)."""
    price = (
        1 + peer.country_results["factory gate price change (percent)"].loc[list(ours.regions)].to_numpy(float) / 100
    )
    solved = costs.solve(ours, agreement(ours, productivity=1 / price[:, None]), tolerance=1e-12)
    assert solved.wage == pytest.approx(1, abs=1e-7)
    index = peer.country_results["imr change (percent)"].loc[list(ours.regions)].to_numpy(float)
    assert 100 * (solved.price[:, 0] - 1) == pytest.approx(index, abs=1e-5)
    assert np.abs(costs.imbalance(solved)).max() < 1e-11
    trade = peer.bilateral_trade_results["experiment trade"].astype(float).unstack("exporter")
    # the peer revalues output at the new prices after its solve, which its price indices do not know: undo it
    trade = trade.loc[list(ours.regions), list(ours.regions)].to_numpy() / price
    assert solved.share[0] == pytest.approx(trade / trade.sum(axis=1, keepdims=True), abs=1e-7)


def test_its_full_equilibrium_keeps_incomes(peer: Any) -> None:
    """Why the closure above: conditional and full price indices are the same numbers in the peer."""
    terms = peer.country_mr_terms
    assert terms["experiment imr"].to_numpy(float) == pytest.approx(terms["conditional imr"].to_numpy(float), rel=1e-7)


def test_with_incomes_free_the_answers_stay_close(peer: Any, ours: costs.Model) -> None:
    """Real output of the two that sign, per cent: the same sign and within a fifth; all others lose a little."""
    solved = costs.solve(ours, agreement(ours))
    mine = pd.Series(costs.real_wage(solved), index=ours.regions)
    theirs = peer.country_results["GDP change (percent)"].astype(float)
    for name in ("CAN", "JPN"):
        assert theirs[name] > 0 and mine[name] == pytest.approx(theirs[name], rel=0.2)
    others = [name for name in ours.regions if name not in ("CAN", "JPN")]
    assert (mine[others] < 0).sum() >= 25 and mine[others].abs().max() < 0.02
