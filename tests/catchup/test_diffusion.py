"""Diffusion: closed forms, the ratios of the World Bank series, and a fit that finds what made it."""

import numpy as np
import pandas as pd
import pytest
from pytest import approx

from geoecon import InputError, MissingData, load_case
from geoecon.catchup import catch_up, diffusion, fit_diffusion, inflow_growth, resting_gap, technology_gap


@pytest.fixture(scope="module")
def case():
    return load_case("japan-korea-2019")


@pytest.mark.parametrize(
    ("series", "year", "times"),
    [
        ("gdp_per_head_usd", 1965, 9.1),
        ("gdp_usd", 1965, 31.2),
        ("gdp_per_head_usd", 1960, 3.2),
        ("gdp_usd", 1960, 12.0),
    ],
)
def test_ratios_of_japan_to_korea(case, series, year, times):
    gap = technology_gap(case.table("macro"), "JPN", "KOR", series).set_index("year")["gap"]
    assert gap[year] == approx(times, abs=0.05)


@pytest.mark.parametrize("form", ["exponential", "logistic"])
def test_the_gap_settles_where_both_grow_alike(form):
    path = diffusion(5.0, 3000, 0.06, 0.02, form=form)
    assert path[-1] == approx(resting_gap(0.06, 0.02, form), rel=1e-6)
    still = resting_gap(0.06, 0.02, form)
    assert diffusion(still, 10, 0.06, 0.02, form=form) == approx(np.full(11, still))


def test_nelson_phelps_resting_gap():
    assert resting_gap(0.05, 0.02, "exponential") == approx(1.4)
    assert resting_gap(0.05, 0.02, "logistic") == approx(1 / 0.6)
    assert resting_gap(0.01, 0.02, "logistic") == np.inf


def test_a_slow_logistic_follower_falls_back_for_good():
    assert diffusion(5.0, 200, 0.01, 0.02)[-1] > 10


def test_licences_and_capital_close_the_gap_sooner():
    plain = diffusion(9.0, 30, 0.05)
    assert (diffusion(9.0, 30, 0.05, licensing=0.02)[1:] < plain[1:]).all()
    inflow = diffusion(9.0, 30, 0.05, inflow=np.concatenate([np.full(10, 0.01), [0.0]]))
    assert (inflow[1:] < plain[1:]).all()


def test_no_diffusion_leaves_only_growth_and_inflow():
    path = diffusion(4.0, 10, 0.0, 0.02, inflow=0.03)
    assert path == approx(4.0 * np.exp(-0.01 * np.arange(11)))


def test_draws_broadcast():
    paths = diffusion(9.0, 20, np.array([0.03, 0.06, 0.09]))
    assert paths.shape == (3, 21) and (np.diff(paths[:, -1]) < 0).all()


def test_inflow_of_the_settlement():
    """500 million over ten years on an output of 3.12 billion is 1.6 % of it a year; at 15 % that adds 0.24 %."""
    added = inflow_growth(500e6, 10, 3_120_861_499)
    assert added.shape == (10,) and added[0] == approx(0.15 * 0.01602, rel=1e-3)


def test_fit_finds_the_rate_that_made_the_gap():
    years = np.arange(1965, 2020)
    gap = pd.DataFrame({"year": years, "gap": diffusion(9.0, len(years) - 1, 0.07, 0.02)})
    found = fit_diffusion(gap, "A", "B", leader_growth=0.02)
    assert found.rate == approx(0.07, rel=1e-4)
    assert found.rate_low <= found.rate <= found.rate_high


def test_lasting_errors_widen_the_interval():
    rng, years = np.random.default_rng(5), np.arange(1965, 2020)
    base = np.log(diffusion(9.0, len(years) - 1, 0.07, 0.02))
    loose = 0.1 * rng.normal(size=len(years))
    lasting = np.convolve(0.1 * rng.normal(size=len(years) + 12), np.ones(12) / np.sqrt(12), "valid")[: len(years)]

    def width(error):
        error = error - error[0]
        found = fit_diffusion(pd.DataFrame({"year": years, "gap": np.exp(base + error)}), "A", "B")
        return found.rate_high - found.rate_low

    assert width(lasting) > 1.5 * width(loose)


def test_catch_up_of_the_worked_case(case):
    found = catch_up(case)
    assert found.frame["year"].iloc[0] == 1965
    assert found.rate_low < found.rate < found.rate_high
    assert (found.frame["fitted"] <= found.frame["without_inflow"] + 1e-12).all()
    assert "9.14 times" in found.sentence()
    assert found.chart().to_dict() and len(found.summary()) <= 12 and found.figures()["rate"].low is not None
    assert any("World Bank" in source for source in found.sources)


def test_bad_input_is_named(case):
    with pytest.raises(InputError, match="logistic"):
        diffusion(2.0, 5, 0.1, form="linear")
    with pytest.raises(InputError):
        diffusion(0.0, 5, 0.1)
    with pytest.raises(MissingData, match="ZZZ"):
        technology_gap(case.table("macro"), "JPN", "ZZZ")


def test_gap_of_a_blind_run_ends_before_the_cut_off(case):
    from datetime import date

    from geoecon import sample
    from geoecon.catchup import for_case

    early = case.at(date(2019, 7, 1))
    gap = for_case(early, sample(early.parameters)).gap
    assert gap.frame["year"].max() == 2018 and gap.frame["year"].min() == 1965
    figures = for_case(early, sample(early.parameters)).figures()
    assert figures["technology_gap_first"].value == approx(9.14, abs=0.005)
    assert next(iter(figures)) == "remaining.hydrogen_fluoride"
