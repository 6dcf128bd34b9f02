"""The scan stage of a case: what else the sender could withhold."""

import shutil
import subprocess
import sys

import pandas as pd
import pytest

import geoecon as ge
from geoecon.errors import InputError, MissingData
from geoecon.flows import sample_of, sample_years
from geoecon.indicators import scan_for_case


@pytest.fixture(scope="module")
def case():
    return ge.load_case("japan-korea-2019")


def own(case, place, rows):
    folder = place / "case"
    shutil.copytree(case.folder, folder)
    (folder / "flows.csv").write_text("\n".join(["period,exporter,importer,product,value_usd,tonnes", *rows]), "utf-8")
    return ge.load_case(folder)


def test_the_bundled_rows_of_the_year_before_the_dispute(case):
    found = scan_for_case(case)
    assert (found.importer, found.exporter, found.periods) == ("KOR", "JPN", ["2016", "2017", "2018"])
    same = ge.scan("sample", "KOR", "JPN", period="2018", preset=found.presets)
    pd.testing.assert_frame_equal(found.table, same.table, rtol=1e-12, check_dtype=False)
    assert found.predictions() == {}
    assert any("BACI" in source for source in found.sources)


def test_the_bundled_rows_are_read_without_an_engine_and_are_those_of_the_sample():
    years = ["2016", "2018"]
    pd.testing.assert_frame_equal(sample_of(years).to_frame(), ge.read_flows("sample").select(period=years).to_frame())
    assert sample_years() == ge.read_flows("sample").periods()
    code = (
        "import sys, geoecon as ge\n"
        "from geoecon.indicators import scan_for_case\n"
        "scan_for_case(ge.load_case('japan-korea-2019'))\n"
        "assert 'duckdb' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_repeated_it_is_the_same_to_the_last_bit(case):
    assert scan_for_case(case).to_frame().to_csv() == scan_for_case(case).to_frame().to_csv()


def test_rows_of_ones_own_take_precedence(case, tmp_path):
    """Two suppliers, 3 to 1: the share is 0.75, the log-loss ln 4 / 3."""
    rows = ["2018,JPN,KOR,370790,300,1", "2018,TWN,KOR,370790,100,1", "2020,JPN,KOR,370790,1,1"]
    found = scan_for_case(own(case, tmp_path, rows))
    assert found.table[["product", "period", "import_share"]].values.tolist() == [["370790", "2018", 0.75]]
    assert found.table["cutoff_loss"].iloc[0] == pytest.approx(0.46209812037329684)


def test_only_years_before_the_dispute(case, tmp_path):
    with pytest.raises(MissingData, match=r"flows\.csv: a year before 2019; it has 2020"):
        scan_for_case(own(case, tmp_path, ["2020,JPN,KOR,370790,1,1"]))


def test_no_such_trade_is_named(case, tmp_path):
    with pytest.raises(MissingData, match=r"flows\.csv: imports of KOR from JPN in 2018"):
        scan_for_case(own(case, tmp_path, ["2018,TWN,KOR,370790,100,1"]))


def test_faults_of_ones_own_rows_stop_the_run(case, tmp_path):
    with pytest.raises(InputError, match="line 2"):
        scan_for_case(own(case, tmp_path, ["2018,JPN,KOR,370790,-5,1"]))
