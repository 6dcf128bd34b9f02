"""Who is in a group on a day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from geoecon.countries import members
from geoecon.indicators import scan

TRAPS = Path(__file__).parents[1] / "flows" / "traps"


@pytest.mark.parametrize(
    ("when", "uk", "croatia"),
    [("2020-01", True, True), ("2020-02", False, True), (2020, False, True), (2019, True, True),
     (date(2020, 1, 31), True, True), ("2013-06", True, False), ("2013-07", True, True), ("2013-Q2", True, False)],
)  # fmt: skip
def test_membership_by_day(when, uk, croatia):
    found = members("EU", when)
    assert ("GBR" in found, "HRV" in found) == (uk, croatia)


def test_the_union_in_july_2020_buys_from_the_united_kingdom():
    found = scan(TRAPS / "uk-in-the-eu-2020/flows.csv", bloc="EU")
    shares = found.table.set_index("exporter")["import_share"].round(4).to_dict()
    assert shares == {"GBR": 0.5833, "CHN": 0.4167} and found.table["supplier_hhi"].round(4).iloc[0] == 0.5139
    assert "its members at the end of 2020-07" in found.choices()
