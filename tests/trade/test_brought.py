"""What users bring to a scan: production, recycling, stocks, an input-output table, spending; nothing is guessed."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from geoecon.errors import InputError
from geoecon.flows import read_flows
from geoecon.indicators import scan
from geoecon.production import IOTable, look_through

COLUMNS = ["period", "exporter", "importer", "product", "value_usd", "tonnes"]
ROWS = [("2022", "JPN", "KOR", "281111", 60.0, 3.0), ("2022", "CHN", "KOR", "281111", 40.0, 8.0),
        ("2022", "KOR", "USA", "281111", 20.0, 8.0), ("2022", "CHN", "KOR", "370790", 300.0, 1.0)]  # fmt: skip
RISK = {"JPN": 0.1, "CHN": 0.6, "KOR": 0.2}


def japan(**brought: Any) -> tuple[pd.Series, Any]:
    flows = read_flows(pd.DataFrame(ROWS, columns=COLUMNS), quiet=True, scope="world")
    found = scan(flows, "KOR", "JPN", distance=RISK, **brought)
    return found.table.iloc[0], found


def written(path, text: str):
    path.write_text(text, encoding="utf-8")
    return path


def test_without_them_the_columns_are_empty_and_say_why():
    row, found = japan(preset="crm2023")
    assert row[["nir", "supply_risk", "fir", "cover_days", "persistence"]].isna().all()
    assert pd.isna(row["crm2023"])  # unknown, not "no"
    assert set(found.lacking) == {"nir", "supply_risk", "fir", "cover_days", "persistence"}
    assert "fir: needs an input-output table (table=)" in found.notes


def test_supply_risk_from_production_and_recycling(tmp_path):
    """[HHI_world · IR/2 + HHI_own · (1 − IR/2)] (1 − recycling), by hand; a CSV and a frame say the same."""
    text = "country,product,production,recycling\nSouth Korea,2811.11,20,0.25\nCHN,281111,60,\nJPN,281111,20,\n"
    row, found = japan(production=written(tmp_path / "made.csv", text), preset="crm2023")
    reliance = (100 - 20) / (20 + 100 - 20)
    world = 10 * (20**2 * 0.2 + 60**2 * 0.6 + 20**2 * 0.1) / 100**2
    own = 10 * (0.6**2 * 0.1 + 0.4**2 * 0.6)
    wanted = (world * reliance / 2 + own * (1 - reliance / 2)) * (1 - 0.25)
    assert row["nir"] == pytest.approx(reliance) and row["supply_risk"] == pytest.approx(wanted, rel=1e-14)
    assert bool(row["crm2023"]) is (wanted >= 1) and "supply_risk" not in found.lacking
    again, _ = japan(production=pd.read_csv(tmp_path / "made.csv", dtype=str), preset="crm2023")
    assert again["supply_risk"] == row["supply_risk"]


def test_a_producer_without_a_risk_or_an_output_leaves_it_unknown():
    made = pd.DataFrame(
        {"country": ["KOR", "USA"], "product": "281111", "production": [20, 5], "recycling": [0.1, None]}
    )
    row, _ = japan(production=made)
    assert np.isnan(row["supply_risk"]) and row["nir"] == pytest.approx(0.8)
    row, _ = japan(production=made.assign(country=["KOR", "CHN"], production=[20, None]))
    assert np.isnan(row["supply_risk"])


def test_cover_from_days_or_from_a_stock_and_its_use():
    days = pd.DataFrame({"country": ["KOR"], "product": ["281111"], "days": [12.5]})
    assert japan(stocks=days)[0]["cover_days"] == 12.5
    stock = pd.DataFrame({"country": ["KOR"], "product": ["281111"], "stock_usd": [10.0], "use_usd": [50.0]})
    assert japan(stocks=stock)[0]["cover_days"] == pytest.approx(365 * 10 / 50)
    apparent, _ = japan(stocks=stock.drop(columns="use_usd"))
    assert apparent["cover_days"] == pytest.approx(365 * 10 / (100 - 20))  # imports less exports
    with pytest.raises(InputError, match="days or stock_usd"):
        japan(stocks=days.drop(columns="days"))


@pytest.fixture
def economy() -> IOTable:
    rng = np.random.default_rng(7)
    Z = rng.uniform(0, 5, (6, 6))
    final = rng.uniform(10, 30, (6, 3, 1))
    x = Z.sum(axis=1) + final.sum(axis=(1, 2))
    return IOTable(Z, final, x, ("KOR", "JPN", "CHN"), ("chemicals", "other"), ("final",), sources=frozenset({"made"}))


def test_look_through_reliance_as_in_the_production_room(economy):
    row, found = japan(table=economy)
    total = look_through(economy, "KOR", "JPN").by_sector.set_index("sector").loc["all sectors", "look_through"]
    assert row["fir"] == pytest.approx(total, rel=1e-12) and "fir" not in found.lacking
    row, _ = japan(table=economy, concordance={"28": "chemicals"})
    one = look_through(economy, "KOR", "JPN", "chemicals").by_sector.set_index("sector")
    assert row["fir"] == pytest.approx(one.loc["all sectors", "look_through"], rel=1e-12)
    row, _ = japan(table=economy, concordance={"37": "chemicals"})
    assert np.isnan(row["fir"])  # no sector named for this product
    with pytest.raises(InputError, match="sectors mining; allowed: chemicals, other"):
        japan(table=economy, concordance={"28": "mining"})
    with pytest.raises(InputError, match="concordance without a table"):
        japan(concordance={"28": "chemicals"})
    with pytest.raises(InputError, match="table of type dict"):
        japan(table={})


def test_loss_of_access_is_a_share_of_all_spending():
    row, _ = japan()
    loss = -math.log(1 - 0.6) / 3
    assert row["cutoff_loss"] == pytest.approx(loss, rel=1e-14)
    assert row["loss_of_access"] == pytest.approx(loss * 100 / 400, rel=1e-14)  # 400: all imports of Korea
    assert japan(spending={"KOR": 1000.0})[0]["loss_of_access"] == pytest.approx(loss * 100 / 1000, rel=1e-14)


def test_every_bad_cell_is_named():
    bad = "country,product,production\nAtlantis,281111,5\nKOR,28111,5\nKOR,281111,-1\n"
    with pytest.raises(InputError, match="line 4, production: '-1'"):
        japan(production=pd.read_csv(pd.io.common.StringIO(bad), dtype=str))
    bad = bad.replace("-1", "1") + "KOR,281111,2\n"
    with pytest.raises(InputError) as stop:
        japan(production=pd.read_csv(pd.io.common.StringIO(bad), dtype=str))
    told = str(stop.value)
    assert "line 2, country" in told and "28111: 5 digits" in told and "line 5: KOR 281111 stands twice" in told


def test_what_is_brought_reaches_the_parquet_of_all_importers(tmp_path, economy):
    flows = read_flows(pd.DataFrame(ROWS, columns=COLUMNS), quiet=True, scope="world")
    made = pd.DataFrame({"country": ["KOR"], "product": ["281111"], "production": [20.0]})
    scan(flows, production=made, table=economy, distance=RISK, out=tmp_path / "all.parquet")
    every = pd.read_parquet(tmp_path / "all.parquet").set_index(["importer", "exporter", "product"])
    row, _ = japan(production=made, table=economy)
    there = every.loc[("KOR", "JPN", "281111")]
    for name in ("nir", "fir", "hhi_geo", "cr3", "unit_value", "unit_value_gap", "loss_of_access", "top_supplier"):
        assert (
            there[name] == pytest.approx(row[name], rel=1e-12) if name != "top_supplier" else there[name] == row[name]
        )
