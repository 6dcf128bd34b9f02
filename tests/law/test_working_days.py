"""Working days and ends of validity."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoecon.errors import InputError
from geoecon.law import calendar_days, due, expires, is_working

DAYS = st.dates(date(2005, 1, 1), date(2025, 12, 31))


def test_weekend_holiday_and_make_up_day():
    assert not is_working("CHN", date(2023, 10, 2)) and is_working("CHN", date(2023, 10, 7))  # a Saturday worked
    assert not is_working("JPN", date(2019, 7, 15)) and is_working("JPN", date(2019, 7, 16))
    assert not is_working("KOR", date(2019, 9, 13)) and not is_working("KOR", date(2019, 9, 14))


def test_45_working_days_filed_on_1_august_2023_end_on_9_october_with_the_holiday():
    assert due("CHN", date(2023, 8, 1), 45) == date(2023, 10, 9)
    assert calendar_days("CHN", date(2023, 8, 1), 45) == 69


@given(DAYS, st.integers(0, 60), st.integers(0, 60))
def test_deadlines_add_up(filed, first, second):
    assert due("JPN", due("JPN", filed, first), second) == due("JPN", filed, first + second)


@given(DAYS, st.integers(1, 90))
def test_a_deadline_falls_on_a_working_day_and_no_shorter_one_counts_as_many(filed, days):
    last = due("KOR", filed, days)
    assert is_working("KOR", last)
    assert sum(is_working("KOR", filed + timedelta(days=k)) for k in range(1, (last - filed).days + 1)) == days


@given(DAYS, st.integers(0, 400))
def test_calendar_days_are_plain(filed, days):
    assert due("JPN", filed, days, "calendar") == filed + timedelta(days=days)


@pytest.mark.parametrize(
    ("issued", "validity", "unit", "end"),
    [("2024-02-29", 182, "days", "2024-08-29"), ("2020-02-29", 3, "years", "2023-03-01"),
     ("2020-02-29", 4, "years", "2024-02-29"), ("2019-01-31", 1, "months", "2019-03-01"),
     ("2019-12-31", 2, "months", "2020-03-01"), ("2019-11-30", 90, "days", "2020-02-28"),
     ("2019-12-15", 1, "months", "2020-01-15")],
)  # fmt: skip
def test_end_of_validity_is_the_first_invalid_day(issued, validity, unit, end):
    assert expires(date.fromisoformat(issued), validity, unit) == date.fromisoformat(end)


@given(DAYS, st.integers(0, 12), st.sampled_from(["days", "months", "years"]))
def test_a_longer_validity_never_ends_earlier(issued, validity, unit):
    assert expires(issued, validity + 1, unit) > expires(issued, validity, unit)


@pytest.mark.parametrize("wrong", [("JPN", -1, "working"), ("JPN", 5, "banking"), ("XXX", 5, "working")])
def test_bad_questions(wrong):
    place, days, kind = wrong
    with pytest.raises(InputError):
        due(place, date(2020, 1, 1), days, kind)
