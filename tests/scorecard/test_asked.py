"""Outcomes that people ask first: what the words mean, and that a forecast is the ratio of two spans."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoecon import load_case, sample
from geoecon.capacity import for_case, profiles
from geoecon.scorecard.asked import asked_of
from geoecon.scorecard.asking import Known
from geoecon.scorecard.windows import window


@pytest.mark.parametrize(
    ("when", "before", "during"),
    [
        ("2017", ("2016-01-01", "2016-12-31"), ("2017-01-01", "2017-12-31")),
        ("2017-04", ("2016-04-01", "2016-04-30"), ("2017-04-01", "2017-04-30")),
        ("2016/2018", ("2016-01-01", "2016-12-31"), ("2018-01-01", "2018-12-31")),
        ("2016-H1/2018-H1", ("2016-01-01", "2016-06-30"), ("2018-01-01", "2018-06-30")),
        ("2017-03/2017-06", ("2016-03-01", "2016-06-30"), ("2017-03-01", "2017-06-30")),
        ("2018-Q1", ("2017-01-01", "2017-03-31"), ("2018-01-01", "2018-03-31")),
    ],
)
def test_what_a_span_is_held_against(when, before, during):
    found = window(when)
    assert [str(day) for day in found.before] == list(before)
    assert [str(day) for day in found.during] == list(during)


def test_words_that_are_no_span():
    assert window("the summer") is None
    assert window("2017/soon") is None


@pytest.fixture(scope="module")
def known():
    case = load_case("china-korea-thaad-2017").at(date(2017, 3, 2))
    quiet = {f"{name}_noise_{span}": 0.0 for name in ("trade", "visitor") for span in ("year", "month")}
    case = case.with_scenario(**quiet)
    draws = sample(case.parameters, 30, seed=3)
    return Known(case, draws, {"controls": for_case(case, draws)})


def test_visitors_fall_by_what_the_tour_stop_takes_of_the_days(known):
    """Without noise the change of a month is minus the mean cut of its days."""
    ((row, cut),) = [pair for pair in profiles(known.case, known.draws) if pair[0].instrument == "tourism"]
    assert (row.by, row.flow.seller) == ("CHN", "KOR")
    first = (date(2017, 4, 1) - known.case.start).days
    key = ("visitors_change", "CHN>KOR@2017-04")
    found = asked_of(known.case, known.draws, known.results, [key])[key]
    assert found == pytest.approx(-100 * cut[:, first : first + 30].mean(axis=1), abs=1e-9)


def test_who_does_not_act_is_not_hit(known):
    key = ("visitors_change", "CHN>JPN@2016/2018")
    assert asked_of(known.case, known.draws, known.results, [key])[key] == pytest.approx(0)


def test_nothing_is_answered_that_nobody_knows(known):
    wanted = [("stock_index_change", "Seoul@2017"), ("visitors_change", "CHN>KOR@someday"), ("price", "tea@2017")]
    assert asked_of(known.case, known.draws, known.results, wanted) == {}


@given(st.floats(0.05, 1))
def test_a_flow_cut_for_all_days_changes_by_the_cut(share):
    case = load_case("china-graphite-2023")
    draws = sample(case.parameters)
    known = Known(case, draws, {})
    moved = np.full((1, 600), share)
    spans = window(str(case.start.year + 1))
    assert known.change(moved, spans, "key")[0] == pytest.approx(100 * (share / known.mean(moved, spans.before)[0] - 1))
