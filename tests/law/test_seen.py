"""What customs had shown by a day replaces the forecast of those months and bends what comes after."""

from datetime import date

import numpy as np
import pytest

from geoecon import load_case, sample
from geoecon.capacity import for_case
from geoecon.capacity.seen import FADES, months_seen

CASE = load_case("japan-korea-2019")


def flow(case, product):
    return for_case(case, sample(case.parameters, 20, seed=1)).flow.sel(product=product).values


def test_a_month_is_known_twenty_days_after_its_end():
    assert not list(months_seen(CASE.at(date(2019, 8, 19)), "hydrogen_fluoride"))
    assert len(list(months_seen(CASE.at(date(2019, 8, 20)), "hydrogen_fluoride"))) == 1


def test_looked_at_from_no_day_nothing_is_seen():
    assert not list(months_seen(CASE, "hydrogen_fluoride"))


def test_seen_months_stand_and_the_gap_fades():
    later = CASE.at(date(2020, 1, 31))
    known = list(months_seen(later, "hydrogen_fluoride"))
    found, before = flow(later, "hydrogen_fluoride"), flow(CASE.at(date(2019, 7, 1)), "hydrogen_fluoride")
    for first, after, seen in known:
        assert np.allclose(found[:, first:after], seen)
    assert found.shape == before.shape
    end = known[-1][1]
    assert end + int(FADES) < found.shape[1]


def test_the_sum_of_what_was_seen_is_that_of_customs():
    """Conservation: month means times the base give the customs values back."""
    later = CASE.at(date(2020, 1, 31))
    panel = later.flows
    mine = panel[(panel["exporter"] == "JPN") & (panel["importer"] == "KOR") & (panel["product"] == "photoresist")]
    months = mine[mine["period"].str.fullmatch(r"\d{4}-\d{2}")].drop_duplicates("period").set_index("period")
    base = months.loc["2018-07":"2019-06", "value_usd"].mean()
    seen = [share for _, _, share in months_seen(later, "photoresist")]
    assert [share * base for share in seen] == pytest.approx(
        months.loc["2019-07":"2019-12", "value_usd"].tolist()[: len(seen)]
    )
