"""Localisation: closed forms, a fit that says nothing it cannot know, and the case run blind."""

from datetime import date
from typing import ClassVar

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import approx
from scipy.special import expit, logit

from geoecon import InputError, MissingData, capacity, load_case, sample
from geoecon.catchup import (
    Prior,
    backtest,
    favours_learning,
    fit,
    for_case,
    learning_curve_remaining,
    learning_remaining,
    logistic_remaining,
    months_until,
    share_history,
    share_path,
    subsidised_midpoint,
    trend,
)
from geoecon.catchup.localisation import bridged, quantile, rank

PRIOR = Prior((0.0, 0.5, 1.0), (3, 12, 36), (1, 5, 15))


def test_logistic_curve_starts_whole_and_ends_at_its_ceiling():
    left = logistic_remaining([0, 24, 10_000], 0.7, 24, 6)
    assert left[0] == 1 and left[2] == approx(0.3)
    before = expit(-4)
    assert left[1] == approx(1 - 0.7 * (0.5 - before) / (1 - before))


@settings(max_examples=50, deadline=None)
@given(st.floats(0, 1), st.floats(1, 60), st.floats(0.5, 30))
def test_the_curve_only_falls_and_a_higher_ceiling_leaves_less(ceiling, midpoint, spread):
    left = logistic_remaining(np.arange(120), ceiling, midpoint, spread)
    assert (np.diff(left) <= 1e-12).all() and (left >= 1 - ceiling - 1e-12).all()
    assert (logistic_remaining(np.arange(120), min(1, ceiling + 0.1), midpoint, spread) <= left + 1e-12).all()


def test_months_until_is_the_inverse_of_the_curve():
    months = np.arange(200)
    left = logistic_remaining(months, np.array([[0.9], [0.3]]), 24, 6)
    found = months_until(left, months, 0.55)
    assert left[0, int(found[0])] < 0.55 <= left[0, int(found[0]) - 1]
    assert found[1] == np.inf  # a ceiling of 0.3 never leaves less than 0.7


def test_a_subsidy_of_one_half_comes_as_early_as_log_two_says():
    """Spread 6, elasticity 4: 6·4·ln 2 = 16.6 months earlier."""
    assert subsidised_midpoint(40, 6, 0.5, 4) == approx(40 - 24 * np.log(2))
    assert subsidised_midpoint(40, 6, 0.0, 4) == 40
    with pytest.raises(InputError, match="below 1"):
        subsidised_midpoint(40, 6, 1.0, 4)


def test_both_curves_are_half_way_at_the_midpoint_with_the_same_slope():
    step = 1e-4
    for curve in (logistic_remaining, learning_curve_remaining):
        near = curve([24 - step, 24 + step], 1.0, 24.0, 2.0)  # so late that the logistic curve begins at zero
        assert near.mean() == approx(0.5, abs=1e-5)
        assert (near[0] - near[1]) / (2 * step) == approx(1 / 8, rel=1e-4)
    assert learning_curve_remaining([0, 1e9], 0.7, 24, 6) == approx([1, 0.3])


@pytest.mark.parametrize("truth", ["logistic", "learning"])
def test_many_points_tell_the_forms_apart_and_three_do_not(truth):
    def chance(months):
        shares = share_path(months, 0.6, 0.9, 30.0, 12.0, 0.0, form=truth)
        fits = [fit(months, shares, 0.6, PRIOR, 0.05, error=0.02, form=f) for f in ("logistic", "learning")]
        learning = favours_learning(*fits)
        return learning if truth == "learning" else 1 - learning

    assert chance(np.arange(2, 160, 4.0)) > 0.9
    few = [fit([12.0, 24, 36], [0.5, 0.4, 0.35], 0.6, PRIOR, 0.3, form=f) for f in ("logistic", "learning")]
    assert 0.2 < favours_learning(*few) < 0.8
    assert favours_learning(fit([], [], 0.6, PRIOR, 0.3), fit([], [], 0.6, PRIOR, 0.3, form="learning")) == 0.5


def test_learning_curve_without_learning_is_flat_and_learning_bends_it():
    assert learning_remaining(24, 0.8, 1.0, 0.0, 4) == approx(np.full(25, 0.6))
    plain, paid = learning_remaining(60, 0.8, 1.5, 0.2, 4), learning_remaining(60, 0.8, 1.5, 0.2, 4, subsidy=0.2)
    assert (np.diff(plain) <= 0).all() and (paid < plain).all()


def test_learning_halves_the_gap_as_wright_says():
    """At learning 0.2 cost is 0.8 of the first after one doubling of experience: the home share follows."""
    left = learning_remaining(1, 1.0, 1.0, 0.2, 4, start=0.5)  # first month makes 0.5: experience doubles
    assert left[0] == approx(0.5)
    assert 1 - left[1] == approx(1 / (1 + 0.8**4))


def test_trend_of_a_steady_share():
    shares = expit(2.0 - 0.1 * np.arange(11))
    drift, deviation, steps = trend(shares)
    assert (drift, deviation, steps) == (approx(-0.1), approx(0, abs=1e-12), 10)
    assert np.isnan(trend([0.5, 0.4])[0])


@pytest.mark.parametrize("row", [(0, 0.5, 1), (2, 2, 10), (0, 5, 5), (3, 3, 3)])
def test_rank_and_quantile_are_inverse(row):
    ranks = np.linspace(0.01, 0.99, 25)
    values = quantile(ranks, row)
    expected = np.full(25, 0.5) if row[0] == row[2] else ranks
    assert rank(values, row) == approx(expected, abs=1e-9)


def test_without_points_the_posterior_is_the_prior():
    unit = np.random.default_rng(1).random((200, 4))
    empty = fit([], [], 0.4, PRIOR, 0.3)
    assert empty.ranks(unit) == approx(unit, abs=1e-9)
    assert empty.points == 0


def test_many_exact_points_find_the_curve():
    months = np.arange(3, 100, 3.0)
    true = share_path(months, 0.6, 0.8, 20.0, 4.0, 0.0)
    found = fit(months, true, 0.6, PRIOR, deviation=0.01, error=0.02, grid=(60, 60, 40, 1)).interval()
    for name, value in (("ceiling", 0.8), ("midpoint", 20.0), ("spread", 4.0)):
        low, middle, high = found[name]
        assert middle == approx(value, rel=0.05) and high - low < 0.2 * value


def test_three_points_narrow_little_and_more_points_narrow_more():
    def width(months):
        low, _, high = fit(months, share_path(months, 0.6, 0.8, 20.0, 4.0, 0.0), 0.6, PRIOR, 0.3).interval()["ceiling"]
        return high - low

    none = fit([], [], 0.6, PRIOR, 0.3).interval()["ceiling"]
    three, many = width(np.array([12.0, 24, 36])), width(np.arange(6, 120, 6.0))
    assert many < three < none[2] - none[0]
    assert three > 0.4 * (none[2] - none[0])


def test_intervals_cover_as_often_as_they_should():
    """Ceilings drawn from the prior, shares from the model: the 80 % interval holds about 80 in 100."""
    rng, months, inside = np.random.default_rng(7), np.array([12.0, 24, 36]), 0
    for _ in range(150):
        c, m, s = (float(quantile(rng.random(), row)) for row in PRIOR.rows[:3])
        walk = 0.2 * np.cumsum(rng.normal(size=3)) + 0.05 * rng.normal(size=3)
        shares = expit(logit(np.clip(share_path(months, 0.6, c, m, s, 0.0), 1e-4, 1 - 1e-4)) + walk)
        low, _, high = fit(months, shares, 0.6, PRIOR, 0.2, grid=(24, 16, 8, 1)).interval()["ceiling"]
        inside += low <= c <= high
    assert 0.72 <= inside / 150 <= 0.88  # binomial, two standard errors


def test_posterior_draws_follow_the_weights():
    months = np.array([12.0, 24, 36])
    found = fit(months, [0.4, 0.2, 0.15], 0.6, PRIOR, 0.2)
    drawn = found.sample(np.random.default_rng(3).random((4000, 4)))[:, 0]
    low, middle, high = found.interval()["ceiling"]
    assert np.quantile(drawn, [0.1, 0.5, 0.9]) == approx([low, middle, high], abs=0.03)


def test_bridge_meets_the_points_and_keeps_level_after():
    months, seen = np.array([0.0, 12, 24, 60]), np.array([12.0, 24])
    share = np.full((1, 4), 0.5)
    led = bridged(share, np.array([[-1.0, -2.0]]), months, seen, deviation=1.0, error=1e-6)
    assert logit(led[0]) == approx([0, -1, -2, -2], abs=1e-6)


def test_history_prefers_values_and_needs_whole_years():
    columns = ["period", "exporter", "importer", "product", "value_usd", "share", "source"]
    rows = [("2018", "AAA", "BBB", "p", 40.0, 0.99, "v"), ("2018", "WLD", "BBB", "p", 100.0, None, "v"),
            ("2019", "AAA", "BBB", "p", None, 0.3, "printed")]  # fmt: skip
    rows += [(f"2020-{m:02d}", who, "BBB", "p", value, None, "monthly")
             for m in range(1, 12) for who, value in (("AAA", 1.0), ("WLD", 5.0))]  # fmt: skip
    rows += [(f"2021-{m:02d}", "WLD", "BBB", "p", 5.0, None, "monthly") for m in range(1, 5)]
    found = share_history(pd.DataFrame(rows, columns=columns), "BBB", "AAA", "p")
    assert found["year"].to_list() == [2018, 2019, 2020]
    assert found["share"].to_list() == [approx(0.4), approx(0.3), approx(0.2)]
    assert share_history(pd.DataFrame(rows, columns=columns), "BBB", "AAA", "p", date(2019, 7, 1))[
        "year"
    ].to_list() == [2018]


@pytest.fixture(scope="module")
def case():
    return load_case("japan-korea-2019")


@pytest.fixture(scope="module")
def blind(case):
    early = case.at(date(2019, 7, 1))
    return for_case(early, sample(early.parameters, 300, seed=2))


def test_history_of_the_worked_case(case):
    """Korea Customs: hydrogen fluoride from Japan 41.9 % (2018), 32.2, 12.9 %; photoresist 93.2 % (2018)."""
    fluoride = share_history(case.flows, "KOR", "JPN", "hydrogen_fluoride").set_index("year")["share"]
    resist = share_history(case.flows, "KOR", "JPN", "photoresist").set_index("year")["share"]
    assert fluoride[[2018, 2019, 2020]].to_list() == [approx(v, abs=5e-4) for v in (0.419, 0.322, 0.129)]
    assert resist[2018] == approx(0.932, abs=5e-4)


def test_blind_run_uses_no_later_share(blind, case):
    assert not blind.fitted and all(not len(path.points) for path in blind.paths.values())
    # later facts in the panel change nothing
    from dataclasses import replace

    flows = case.tables["trade"]
    cut = replace(case, tables=dict(case.tables) | {"trade": flows[flows["period"].str[:4] < "2019"]}).at(
        date(2019, 7, 1)
    )
    again = for_case(cut, sample(cut.parameters, 300, seed=2))
    assert np.array_equal(again.remaining.to_numpy(), blind.remaining.to_numpy())


def test_shape_limits_and_order(blind, case):
    assert blind.remaining.dims == ("draw", "month", "product")
    assert blind.remaining.shape == (301, case.horizon_months + 1, 3)
    values = blind.remaining.to_numpy()
    assert values[:, 0] == approx(np.ones((301, 3)), abs=1e-12)
    assert (values >= 0).all() and (values <= 1).all()
    fluoride = blind.remaining.sel(product="hydrogen_fluoride", month=36).to_numpy()
    resist = blind.remaining.sel(product="photoresist", month=36).to_numpy()
    assert np.median(fluoride) < 0.7 < 0.9 < np.median(resist)


def test_historical_view_runs_through_the_shares(case):
    seen = for_case(case, sample(case.parameters, 50))
    assert seen.fitted
    left = seen.remaining.sel(product="hydrogen_fluoride", month=12).to_numpy()
    assert left == approx(np.full(51, 0.1286 / 0.4191), abs=0.02)


def test_control_enters_the_predicted_share(case, blind):
    import xarray as xr

    class Closed:
        phases: ClassVar = {}
        caps: ClassVar = {}
        share = xr.DataArray(np.zeros((301, 730, 3)), dims=("draw", "day", "product"),
                             coords={"product": list(blind.paths)})  # fmt: skip

    early = case.at(date(2019, 7, 1))
    shut = for_case(early, sample(early.parameters, 300, seed=2), controls=Closed())
    lasting = shut.paths["photoresist"].bite >= 17  # draws in which the control lasts beyond 2020
    assert lasting.sum() > 150 and (shut.shares("photoresist", 2020)[lasting] < 1e-3).all()
    assert (shut.shares("photoresist", 2020)[~lasting] > 0.01).all()
    assert np.median(blind.shares("photoresist", 2020)) > 0.8
    half = shut.shares("photoresist", 2019)[0], blind.shares("photoresist", 2019)[0]
    assert half[0] == approx(half[1] / 2, rel=0.02)  # January to June moved freely


def test_no_measures_leave_the_trend_alone(case):
    free = for_case(case.with_scenario(measures="none"), sample(case.parameters))
    for path in free.paths.values():
        assert path.ceiling == approx(0)
    assert free.remaining.sel(product="photoresist", month=60).item() > 0.99


def test_the_trend_held_its_intervals_before_the_control(blind):
    """Shares of 2000 to 2018: of the 80 % intervals one to three years ahead some four in five held."""
    counted = blind.backtest()[["inside", "of"]].sum()
    assert counted["of"] > 60 and 0.75 <= counted["inside"] / counted["of"] <= 0.95


def test_backtest_of_a_random_walk_covers_as_it_should():
    rng, inside, of = np.random.default_rng(11), 0, 0
    for _ in range(60):
        walk = expit(np.cumsum(0.3 * rng.normal(size=30) - 0.05))
        found = backtest(walk.tolist(), 2)
        inside, of = inside + found[0], of + found[1]
    assert inside / of == approx(0.8, abs=0.05)
    assert backtest([0.5, 0.5], 1) == (0, 0)


def test_a_subsidy_brings_the_bound_nearer(case):
    early = case.at(date(2019, 7, 1))
    paid = early.with_scenario(**{"localisation_subsidy": 0.3})
    first = for_case(early, sample(early.parameters)).months_until(0.25, "hydrogen_fluoride")
    second = for_case(paid, sample(paid.parameters)).months_until(0.25, "hydrogen_fluoride")
    assert second[0] < first[0]


def test_months_saved_by_a_subsidy(blind):
    saved = blind.months_saved(0.3, 0.25, "hydrogen_fluoride")
    known = saved[np.isfinite(saved)]
    assert len(known) > 100 and (known >= 0).all() and np.median(known) > 0
    paid = blind.with_subsidy(0.3, "hydrogen_fluoride")
    assert (paid.remaining <= blind.remaining + 1e-12).all()
    same = "photoresist"
    assert np.array_equal(paid.remaining.sel(product=same), blind.remaining.sel(product=same))


def test_form_of_the_curve_is_a_scenario(case):
    early = case.at(date(2019, 7, 1))
    draws = [sample(early.with_scenario(learning_form=form).parameters, 20) for form in (0, 1)]
    logistic, learning = (for_case(early, d).paths["photoresist"] for d in draws)
    assert not logistic.learning.any() and learning.learning.all()
    both = for_case(early, sample(early.parameters, 200)).paths["photoresist"]
    assert both.chance_of_learning == 0.5 and 0.35 < both.learning[1:].mean() < 0.65


def test_predictions_summary_figures_sentence_and_chart(blind):
    predicted = blind.predictions()
    assert ("dependence_share", "hydrogen_fluoride@2020") in predicted
    assert all(v.shape == (301,) and (v > 0).all() and (v < 1).all() for v in predicted.values())
    assert len(blind.summary()) == 3 and "%" in blind.sentence()
    assert next(iter(blind.figures())) == "remaining.hydrogen_fluoride"
    assert not blind.figures()["remaining.photoresist"].verified  # the prior is ours, from memory
    assert blind.chart().to_dict()
    assert set(blind.to_frame().columns) >= {"product", "month", "central", "low", "high"}


def test_a_case_without_shares_says_what_is_missing(case):
    from dataclasses import replace

    trade = case.tables["trade"]
    bare = replace(case, tables=dict(case.tables) | {"trade": trade[trade["period"].str[:4] > "2019"]})
    with pytest.raises(MissingData, match=r"trade\.csv.*before 2019"):
        for_case(bare, sample(bare.parameters))


@pytest.mark.parametrize(
    "call",
    [
        lambda: logistic_remaining(1, 0.5, 10, 0),
        lambda: fit([0], [0.5], 0.5, PRIOR, 0.2),
        lambda: fit([12], [1.0], 0.5, PRIOR, 0.2),
        lambda: learning_remaining(10, 0.5, 1.0, 1.0, 4),
    ],
)
def test_impossible_values_are_refused(call):
    with pytest.raises(InputError):
        call()


def test_a_ban_in_force_without_an_end_does_not_lapse_and_its_share_is_exactly_nothing():
    """Nothing is fitted on the case: the share is 0 in every run while the ban stands."""
    case = load_case("gulf-qatar-2017").at(date(2017, 6, 5))
    draws = sample(case.parameters, 50, seed=1)
    found = for_case(case, draws, controls=capacity.for_case(case, draws))
    assert (found.paths["gypsum"].bite >= 24).all()
    assert (found.shares("gypsum", 2018) == 0).all()
    assert (found.shares("gypsum", 2017) > 0).all()  # January to May moved
