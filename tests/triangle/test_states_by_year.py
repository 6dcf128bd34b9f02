"""A panel follows states, not numbers: Yugoslavia's years are not Serbia's, North Viet Nam's not Viet Nam's."""

from __future__ import annotations

import pytest

from geoecon import alliance


@pytest.mark.parametrize(("state", "before", "first"), [("SRB", 2005, 2006), ("VNM", 1975, 1976)])
def test_no_value_before_the_state_was_one(state, before, first):
    table = alliance("USA", state, "GRC").to_frame()
    mine = table[table["who"].astype(str).str.contains(state) & table["value"].notna()]
    assert set(mine["year"]) >= {first} and mine["year"].min() >= before + 1
    assert (table[table["year"] == before]["value"].notna()).any()  # the other two go on
