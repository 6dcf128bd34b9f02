"""The trade stage of the worked case: the published shares of 2018 to 2020, recomputed from the monthly panel."""

from __future__ import annotations

import numpy as np
import pytest

from geoecon import indicators as trade
from geoecon import load_case, sample
from geoecon.errors import MissingData


@pytest.fixture(scope="module")
def case():
    return load_case("japan-korea-2019")


@pytest.fixture(scope="module")
def found(case):
    return trade.for_case(case, sample(case.parameters, 20))


@pytest.mark.parametrize(
    ("product", "percent"), [("photoresist", 91.9), ("hydrogen_fluoride", 43.9), ("fluorinated_polyimide", 93.7)]
)
def test_japans_share_in_korean_imports_january_to_may_2019(found, product, percent):
    """KITA figures as the press printed them on 1 July 2019."""
    assert round(100 * found.share(product, "2019-01/2019-05"), 1) == percent


@pytest.mark.parametrize(
    ("year", "million", "japan", "china", "hhi"),
    [(2018, 159.42, 0.419, 0.520, 0.450), (2019, 112.88, 0.322, 0.509, 0.388), (2020, 72.88, 0.129, 0.749, 0.589)],
)
def test_hydrogen_fluoride_moved_from_japan_while_concentration_rose(found, year, million, japan, china, hhi):
    rows = found.table[(found.table["product"] == "hydrogen_fluoride") & (found.table["period"] == str(year))]
    row = rows.set_index("exporter")
    assert round(row.loc["JPN", "imports"] / 1e6, 2) == million
    assert round(row.loc["JPN", "import_share"], 3) == japan
    assert round(row.loc["CHN", "import_share"], 3) == china
    assert round(row.loc["JPN", "supplier_hhi"], 3) == hhi
    assert row.loc["JPN", "top_supplier"] == "CHN"


def test_the_fall_of_2019_raises_the_closed_border_alarm(found):
    alarms = found.alarms[found.alarms["product"] == "hydrogen_fluoride"]
    assert {("2018", "2019"), ("2019", "2020")} <= set(zip(alarms["from_period"], alarms["to_period"], strict=True))
    assert any("Closed-border alarm: hydrogen fluoride" in note for note in found.notes)


def test_concentration_is_never_shown_without_the_partners_share(found):
    shown = found.summary().columns.tolist()
    assert shown.index("share of imports") < shown.index("HHI (0-1)")
    assert len(found.summary()) == 3


def test_a_leftover_widens_the_concentration_to_bounds(found):
    row = found.table[(found.table["product"] == "hydrogen_fluoride") & (found.table["period"] == "2021")].iloc[0]
    assert np.isnan(row["supplier_hhi"]) and "between 0.017 and 0.775" in row["reason"]
    assert row["top_supplier"] is None or row["top_supplier"] != row["top_supplier"]


def test_a_blind_run_sees_nothing_later_than_the_cutoff(case):
    blind = trade.for_case(case.at(case.cutoffs[0]), sample(case.at(case.cutoffs[0]).parameters))
    assert blind.table["period"].max() <= "2019-01/2019-05"
    assert blind.base["photoresist"].period == "2018-06/2019-05"


def test_the_base_is_the_same_whatever_became_known_later(case, found):
    blind = trade.for_case(case.at(case.cutoffs[0]), sample(case.at(case.cutoffs[0]).parameters))
    for product in found.products:
        assert blind.base_value(product) == found.base_value(product)


def test_results_speak(found):
    assert found.sentence().startswith("Korea bought 93 % of its photoresist")
    assert found.chart().to_dict()["usermeta"]["sources"]
    figures = found.figures()
    assert next(iter(figures)).startswith("share.")
    loss = figures["cutoff_loss.photoresist"]
    assert loss.low < loss.value < loss.high
    assert all(figure.sources for figure in figures.values())
    assert found.loss["photoresist"].shape == (21,)


def test_a_case_without_imports_before_the_dispute_is_skipped_by_name(case):
    from dataclasses import replace

    none = replace(case, tables={**case.tables, "trade": case.tables["trade"].query("period > '2020'")})
    with pytest.raises(MissingData, match=r"trade\.csv"):
        trade.for_case(none, sample(case.parameters))
