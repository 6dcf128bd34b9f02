"""The band with past error at every door: one middle, one band, that of the draws kept beside it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoecon.figure import Figure
from geoecon.past_error import Measured, Past, from_scale, to_scale
from geoecon.result import Sample

DRAWN = np.concatenate([[0.0], np.random.default_rng(0).lognormal(3, 0.5, 200)])
LOSS = Measured(state="KOR", factor=1.0)
AT_STAKE = Past("japan-korea-2019", at_stake={"KOR": 50.0})


def figure(values, counted, past):
    return Sample(np.asarray(values, float), "USD million", "2019", "loss", counted=counted, past=past).figure(
        frozenset(), True
    )


def test_a_figure_keeps_both_bands():
    alone, both = figure(DRAWN, LOSS, None), figure(DRAWN, LOSS, AT_STAKE)
    assert not alone.with_past_error
    assert both.with_past_error
    assert (both.draws_low, both.draws_high) == (alone.low, alone.high)
    assert both.low < alone.low < both.value < alone.high < both.high


def test_the_error_of_a_loss_is_counted_in_what_is_at_stake():
    """Ten times the loss and ten times the stake: ten times the band, in whatever unit it is told."""
    small = figure(DRAWN, LOSS, AT_STAKE)
    large = figure(10 * DRAWN, LOSS, Past("japan-korea-2019", at_stake={"KOR": 500.0}))
    share = figure(-DRAWN / 7, Measured(state="KOR", factor=7.0, loss=-1), AT_STAKE)
    for end in ("value", "low", "high"):
        assert getattr(large, end) == pytest.approx(10 * getattr(small, end))
    assert (share.low, share.high) == pytest.approx((-small.high / 7, -small.low / 7))


@given(st.lists(st.floats(0, 1e6), min_size=5, max_size=40), st.sampled_from([1.0, -1.0]))
def test_an_error_of_size_does_not_turn_a_loss_into_a_gain(values, side):
    of = Measured(state="KOR", loss=int(side))
    told = AT_STAKE.widened(side * np.array(values), of)
    if told is None:
        assert max(values[1:]) <= 0.05  # a thousandth of what is at stake
        return
    assert np.isfinite(told).all()
    assert (side * told >= 0).all()


def test_a_loss_of_nothing_in_every_run_stays_nothing():
    """No error of size where no run is farther from zero than a thousandth of the stake; where one is, there is."""
    nothing = np.linspace(-0.04, 0.04, 101)
    told = figure(nothing, LOSS, AT_STAKE)
    assert not told.with_past_error and abs(told.value) < 1e-3 and told.high < 0.05
    nothing[7] = 30.0
    assert figure(nothing, LOSS, AT_STAKE).with_past_error
    zero = figure(np.zeros(101), LOSS, AT_STAKE)
    assert zero.value == 0 and zero.high in (None, 0)


def test_a_gain_is_told_where_the_runs_show_one():
    few, many = np.full(101, 20.0), np.full(101, 20.0)
    few[1:6], many[1:40] = -20.0, -20.0  # in five and in 39 of 100 runs
    assert AT_STAKE.widened(few, LOSS).min() == 0
    assert np.quantile(AT_STAKE.widened(many, LOSS)[1:], 0.1) < 0
    assert (AT_STAKE.widened(-few, Measured(state="KOR", factor=-1.0)) <= 0).all()


def test_a_ban_in_every_run_stays_the_middle_and_may_leak():
    told = Past().widened(np.full(201, -100.0), Measured("imports_change_12m"))
    one = Figure.of(np.full(201, -100.0), "percent", "2019", widened=told)
    assert one.value == pytest.approx(-100, abs=0.1)
    assert one.low == -100.0
    assert -100 < one.high < 0


@pytest.mark.parametrize(("past", "values"), [(None, DRAWN), (AT_STAKE, DRAWN[:1]), (Past(), DRAWN)])
def test_without_record_draws_or_stake_the_band_is_that_of_the_draws(past, values):
    assert not figure(values, LOSS, past).with_past_error


@given(st.floats(-100, 1e4), st.sampled_from(["flow", "price"]))
def test_the_scale_of_flows_goes_there_and_back(value, name):
    assert from_scale(name, "percent", to_scale(name, "percent", value)) == pytest.approx(value, abs=1e-7, rel=1e-9)


@given(st.floats(0, 1))
def test_the_scale_of_shares_goes_there_and_back(value):
    assert from_scale("share", "share", to_scale("share", "share", value)) == pytest.approx(value, abs=1e-9)


def test_an_infinite_draw_leaves_the_others_as_they_are():
    price = Measured("price_change", factor=100.0, shift=-100.0)
    told = Past().widened(np.r_[2.0, np.full(50, 2.0), np.inf], price)
    assert np.isinf(told[-1]) and (told[1:-1] > 0).all() and np.ptp(told[1:-1]) > 0
