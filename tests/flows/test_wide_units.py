"""Years and months as columns: every heading's unit counts, and what is known is never lost for an empty cell."""

from __future__ import annotations

import pandas as pd
import pytest

from geoecon.errors import InputError
from geoecon.flows import read_flows


@pytest.fixture
def told(tmp_path):
    def read(*lines, frame=False, **options):
        path = tmp_path / "a.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        flows = read_flows(pd.read_csv(path, dtype=str) if frame else path, quiet=True, **options)
        table = flows.to_frame()
        return {
            (row.period, row.importer): row.value_usd for row in table.itertuples() if row.value_usd == row.value_usd
        }

    return read


HEAD = "exporter,importer,product"


@pytest.mark.parametrize("frame", [False, True])
@pytest.mark.parametrize(
    ("headings", "cells", "usd"),
    [("2019 (1000 USD),2020 (USD)", "12,1", (12_000, 1)), ("2019 (USD),2020 (million USD)", "12,1", (12, 1_000_000)),
     ("2019 (1000 USD),2019 (kg),2020 (USD),2020 (kg)", "12,5,1,6", (12_000, 1))],
)  # fmt: skip
def test_each_period_counts_in_its_own_unit(told, frame, headings, cells, usd):
    found = told(f"{HEAD},{headings}", f"CHN,JPN,250410,{cells}", frame=frame)
    assert found == {("2019", "JPN"): usd[0], ("2020", "JPN"): usd[1]}


@pytest.mark.parametrize("headings", ["2019,2020 (1000 USD)", "2019 CIF (USD),2020 FOB (USD)",
                                      "2019 (USD),2019 (EUR),2020 (USD)", "2019 (USD),2020 (EUR)"])  # fmt: skip
def test_periods_that_say_no_one_value_stop(told, headings):
    cells = ",".join("1" * len(headings.split(",")))
    with pytest.raises(InputError, match=r"2019|EUR"):
        told(f"{HEAD},{headings}", f"CHN,JPN,250410,{cells}")


@pytest.mark.parametrize("longer", ["2019", "2019-Q1"])
@pytest.mark.parametrize("empty", ["", ":"])
def test_an_empty_longer_period_deletes_no_months(told, longer, empty):
    found = told(f"{HEAD},2019-01,2019-02,2019-03,{longer}", f"CHN,JPN,250410,1,2,3,{empty}", "CHN,KOR,250410,1,,,9")
    months = {("2019-01", "JPN"): 1, ("2019-02", "JPN"): 2, ("2019-03", "JPN"): 3}
    assert found == {**months, (longer, "KOR"): 9}


def test_months_of_one_seller_beside_the_year_of_another_stop(told):
    with pytest.raises(InputError, match="two frequencies"):
        told(f"{HEAD},2019-01,2019", "CHN,JPN,250410,1,", "KOR,JPN,250410,,9")


@pytest.mark.parametrize("lines", [
    (f"{HEAD},2019 (EUR)", "CHN,JPN,250410,12"), (f"{HEAD},period,value (1000 USD)", "CHN,JPN,250410,2019,12"),
    (f"{HEAD},period,currency,value", "CHN,JPN,250410,2019,JPY,12"),
    (f"{HEAD},period,unit_mult,value", "CHN,JPN,250410,2019,3,12"),
])  # fmt: skip
def test_a_unit_in_words_that_the_file_contradicts_stops_and_a_rate_is_taken(told, lines):
    with pytest.raises(InputError, match="unit= says USD"):
        told(*lines, unit="USD")
    assert told(*lines, unit=2.0) == {("2019", "JPN"): 24}
