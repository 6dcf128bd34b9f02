"""A panel follows states, not numbers: Yugoslavia's years are not Serbia's, North Viet Nam's not Viet Nam's."""

from __future__ import annotations

import pytest

from geoecon import alliance
from geoecon.errors import MissingData
from geoecon.triangle import patron_of

STATES = [("SRB", 2005, 2006), ("VNM", 1975, 1976), ("RUS", 1991, 1992), ("CZE", 1992, 1993), ("SSD", 2010, 2011)]


@pytest.mark.parametrize(("state", "before", "first"), STATES)
def test_no_value_before_the_state_was_one(state, before, first):
    table = alliance("USA", state, "GRC").to_frame()
    mine = table[table["who"].astype(str).str.contains(state) & table["value"].notna()]
    assert set(mine["year"]) >= {first} and mine["year"].min() >= before + 1
    assert (table[table["year"] == before]["value"].notna()).any()  # the other two go on


@pytest.mark.parametrize(("state", "last"), [("SUN", 1991), ("YUG", 2005), ("CSK", 1992), ("DDR", 1990)])
def test_no_value_after_the_state_was_one(state, last):
    found = alliance("USA", state, "GRC")
    table = found.to_frame()
    mine = table[table["who"].astype(str).str.contains(state) & table["value"].notna()]
    assert mine["year"].max() <= last and found.year <= last


def test_a_state_that_is_there_still_has_its_pacts_after_the_last_year_of_the_records():
    for year in (2024, 2026, 2030):
        assert patron_of(("CHN",), ("KOR",), year)[0] == patron_of(("CHN",), ("DEU",), year)[0] == "USA"


def test_whose_years_stand_under_a_name_is_said():
    assert any("Russia is a state of the records from 1992 on" in told and "Soviet Union" in told
               for told in alliance("USA", "RUS", "POL").caveats())  # fmt: skip
    assert any("years up to 1990 are West Germany's" in told for told in alliance("USA", "DEU", "FRA").caveats())


def test_years_before_a_state_was_one_are_refused_with_whose_they_are():
    with pytest.raises(MissingData, match=r"Russia is a state of the records from 1992 on.*the Soviet Union's"):
        alliance("USA", "Russia", "China", since=1950, until=1990)


def test_west_germany_stands_in_the_records_of_germany():
    both = (alliance("USA", name, "FRA", since=1955, until=1989).to_frame() for name in ("West Germany", "DEU"))
    assert next(both).equals(next(both))
