"""What if, compare and diff in words: units, changes that nobody would tell, two cases, counts and lengths."""

from dataclasses import replace

import pytest

import geoecon as ge
from geoecon import views
from geoecon.errors import InputError
from geoecon.figure import Figure
from geoecon.questions import Outcome
from geoecon.questions.comparison import _cell
from geoecon.questions.outcome import HARDLY, POINTS, said
from geoecon.spoken import loses


@pytest.mark.parametrize(
    ("value", "unit", "change", "told"),
    [
        (0.45, "share of runs", -5.55e-15, f"45 % ({HARDLY})"),
        (0.8, "share of runs", 10.0, "80 % (+10 points)"),
        (24.0, "%", -0.175, f"24 % ({HARDLY})"),
        (65.0, "%", 28.2, "65 % (+28 points)"),
        (541.0, "USD million", -0.00793, f"USD 540 million ({HARDLY})"),
        (132.0, "USD million", -502.0, "USD 130 million (−500 million)"),
        (22.9, "USD million a month", -86.2, "USD 23 million a month (−86 million)"),
        (-20.0, "USD million", -20.0, "−USD 20 million (−20 million)"),
        (-0.0031, "percent", 0.00071, "−0.0031 percent (+0.00071 points)"),
    ],
)
def test_a_change_is_told_in_its_unit_and_not_where_nobody_would(value, unit, change, told):
    moved = Figure(change, POINTS if unit == "share of runs" else unit, "2019")
    assert said(Outcome(Figure(value, unit, "2019"), moved)) == told


def test_a_middle_that_moved_is_never_called_hardly_changed():
    cell = Outcome(Figure(300.0, "USD million", "2019"), Figure(0.1, "USD million", "2019"))
    told = {was: said(cell, base=Outcome(Figure(was, "USD million", "2019"), None)) for was in (680.0, 300.2)}
    assert told == {680.0: "USD 300 million (−380 million in the middle)", 300.2: f"USD 300 million ({HARDLY})"}


@pytest.mark.parametrize(
    ("figure", "told"),
    [
        (Figure(0.861, "share of imports of gallium", "2019"), "86 % of imports of gallium"),
        (Figure(38.6, "%", "2019", low=33.5, high=45.8), "39 % (34 to 46) %"),
        (
            Figure(7.38, "USD million a month", "2019", low=0.0, high=62.9),
            "USD 7.4 million a month (nothing to USD 63 million)",
        ),
        (Figure(-3.99, "USD million a month", "2019"), "a gain of USD 4 million a month"),
        (None, "unknown"),
    ],
)
def test_cases_side_by_side_are_told_in_per_cent_and_money(figure, told):
    assert _cell(None if figure is None else replace(figure, verified=True)) == told.replace("39 % (", "39 (")


def test_two_assessments_of_two_cases_are_not_one_thing_that_changed(tmp_path):
    for case in ("china-gallium-2023", "japan-korea-2019"):
        (tmp_path / f"{case}.json").write_text(f'{{"case": "{case}", "figures": {{}}}}')
    with pytest.raises(InputError, match=r"two cases, china-gallium-2023 and .*geoecon compare china"):
        views.diff(tmp_path / "china-gallium-2023.json", tmp_path / "japan-korea-2019.json")


@pytest.mark.parametrize(
    ("key", "value", "allowed"),
    [
        ("users_count", "2.5", "a whole number from 1 (plants)"),
        ("users_count.photoresist", 0, "a whole number from 1 (plants)"),
        ("applications_per_item", 1.5, "a whole number from 0 (applications)"),
        ("inventory_days", 1e9, "a number from 0 to 36500 (days of total use)"),
        ("alternative_lag_days", float("inf"), "a number from 0 to 36500 (days)"),
        ("ban_months", 1e5, "a number from 0 to 1200 (months)"),
        ("approval_share", 1.5, "a number from 0 to 1"),
    ],
)
def test_a_count_is_whole_and_a_length_ends(key, value, allowed):
    with pytest.raises(InputError) as refused:
        ge.load_case("japan-korea-2019").with_scenario(**{key: value})
    assert str(refused.value).endswith(f"allowed: {allowed}")


def test_who_gains_does_not_lose_a_gain():
    assert loses(-20, -940, 0) == "gains USD 20 million (a gain of USD 940 million to nothing)"
    assert loses(62, each=" a month") == "loses USD 62 million a month"


@pytest.mark.parametrize(
    ("of", "told"),
    [
        ((4.9, 0, 150, " a year"), "loses less than USD 10 million a year (nothing to USD 150 million)"),
        ((-4.9, -470, 3, " a year"), "gains less than USD 10 million a year (a gain of USD 470 million to nothing)"),
        ((-1.9, None, None, " a month"), "gains USD 1.9 million a month"),  # 23 million a year
        ((0.3, None, None, " a month"), "loses less than USD 10 million a year"),
        ((-0.01, None, None, " a month"), "loses nothing one could measure"),
        ((5.0, 1, 9), "loses less than USD 10 million"),
        (
            (0.2, -500, 510),
            "loses or gains (a gain of USD 500 million to USD 510 million), which of the two is not known",
        ),
    ],
)
def test_a_sum_below_ten_million_a_year_is_told_in_one_way(of, told):
    assert loses(*of) == told
