"""Sobol indices against closed forms, and the sensitivity of the line."""

import numpy as np
import pytest
from scipy.stats import norm, uniform

import geoecon as ge
from geoecon import questions as ensemble
from geoecon.draws import Parameter
from geoecon.errors import InputError


def ishigami(x):
    return np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0])


def closed_form(a=7.0, b=0.1):
    """Ishigami & Homma 1990; indices as in Saltelli et al. 2008, by hand."""
    first = 0.5 * (1 + b * np.pi**4 / 5) ** 2
    second = a**2 / 8
    both = b**2 * np.pi**8 * (1 / 18 - 1 / 50)
    total = first + second + both
    return np.array([first, second, 0]) / total, np.array([first + both, second, both]) / total


def test_ishigami():
    priors = {name: uniform(-np.pi, 2 * np.pi) for name in ("x1", "x2", "x3")}
    table = ensemble.indices(lambda x: ishigami(x)[None], priors, 4096, seed=3, resamples=20)
    first, total = closed_form()
    assert first == pytest.approx([0.3139, 0.4424, 0], abs=5e-5)  # as printed in the literature
    assert table["first"].to_numpy() == pytest.approx(first, abs=0.01)
    assert table["total"].to_numpy() == pytest.approx(total, abs=0.01)
    assert (table["total_low"] <= table["total"] + 1e-9).all()
    assert (table["total"] <= table["total_high"] + 1e-9).all()


def test_a_sum_splits_its_variance():
    priors = {"small": norm(0, 1), "large": norm(0, 3)}
    table = ensemble.indices(lambda x: (x[0] + x[1])[None], priors, 2048, seed=1, resamples=10)
    assert table["first"].to_numpy() == pytest.approx([0.1, 0.9], abs=0.01)
    assert table["total"].to_numpy() == pytest.approx([0.1, 0.9], abs=0.01)


def test_several_measures_and_one_without_variance():
    priors = {"a": norm(), "b": norm()}
    table = ensemble.indices(lambda x: np.stack([x[0], 0 * x[1]]), priors, 256, seed=1, resamples=10)
    assert table["first"].to_numpy() == pytest.approx([1, 0, 0, 0], abs=0.05)


def test_a_missing_draw_costs_its_row_and_is_counted():
    priors = {"small": norm(0, 1), "large": norm(0, 3)}

    def gap(x):
        values = x[0] + x[1]
        values[5] = np.nan
        return values[None]

    table = ensemble.indices(gap, priors, 2048, seed=1, resamples=10)
    assert table["total"].to_numpy() == pytest.approx([0.1, 0.9], abs=0.02)
    assert table["missing"].to_numpy() == pytest.approx(1 / 2048)


def test_where_most_is_missing_an_index_is_unknown_and_never_zero():
    table = ensemble.indices(lambda x: np.full((1, x.shape[1]), np.nan), {"a": norm()}, 64)
    assert table["first"].isna().all() and table["total"].isna().all() and (table["missing"] == 1).all()


def test_an_infinite_draw_does_not_drown_the_others():
    """Never short of stock in some rows: the ranks still say that the large one decides."""
    priors = {"small": norm(0, 1), "large": norm(0, 3)}

    def never(x):
        values = x[0] + x[1]
        return np.where(values > 6, np.inf, values)[None]

    table = ensemble.indices(never, priors, 2048, seed=1, resamples=10)
    assert table["ranked"].all()
    assert table["total"].to_numpy() == pytest.approx([0.1, 0.9], abs=0.05)


@pytest.mark.parametrize("n", [0, 1, 3, 100])
def test_points_are_a_power_of_two(n):
    with pytest.raises(InputError, match="power of two"):
        ensemble.indices(lambda x: x[:1], {"a": norm()}, n)


def test_prior_is_the_triangle_of_the_draws():
    row = Parameter("a", 1.0, 2.0, 5.0, "", "", "2018", "seen")
    drawn = ge.sample({"a": row}, 20_000, seed=4).values["a"][1:]
    at = np.linspace(1.1, 4.9, 15)
    below = (drawn[:, None] < at).mean(axis=0)
    assert below == pytest.approx(ensemble.prior(row).cdf(at), abs=1e-3)


@pytest.fixture(scope="module")
def case():
    return ge.load_case("russia-germany-gas-2022").with_scenario(measures="observed")


def test_the_drift_of_demand_alone_moves_imports_when_nothing_else_may(case):
    """Under the measures as they came the flow is capped, so that only drift and transit are left to move imports."""
    found = ensemble.sensitivity(
        case,
        64,
        parameters=["demand_drift.natural_gas", "switching_elasticity"],
        until="controls",
        screen=20,
        of=["controls|imports_change_12m|natural_gas"],
    )
    table = found.of("controls|imports_change_12m|natural_gas").set_index("parameter")["total"]
    assert table["demand_drift.natural_gas"] == pytest.approx(1, abs=0.1)
    assert table["switching_elasticity"] == pytest.approx(0, abs=1e-9)
    assert "demand_drift.natural_gas" in found.sentence()
    assert len(found.summary()) == 1
    assert found.chart().to_dict()["usermeta"]["sources"]
    assert found.reach["controls|imports_change_12m|natural_gas"] > 0


def test_unknown_names_are_refused(case):
    with pytest.raises(InputError, match="parameter 'nothing' is unknown or fixed"):
        ensemble.sensitivity(case, 2, parameters=["nothing"], until="controls", screen=2)
    with pytest.raises(InputError, match="measure 'nothing'"):
        ensemble.sensitivity(case, 2, until="controls", screen=2, of=["nothing"])
