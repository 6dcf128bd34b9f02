"""Tables of industries as offices publish them, and tables that are broken in ways that give numbers all the same."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from geoecon import InputError, reliance
from geoecon.production import IOTable, look_through, read_table

TRAPS = Path(__file__).parents[1] / "flows" / "traps"
pytestmark = pytest.mark.filterwarnings("ignore::geoecon.production.TableWarning")


def read(name, **options):
    return read_table(TRAPS / name, **options)


def test_the_workbook_of_the_asian_development_bank():
    table = read("adb-mrio-workbook/ADB-MRIO62-2021_June2023.xlsx")
    assert table.regions == ("KOR", "CHN", "TWN", "DEU", "ROW") and table.year == 2021
    assert table.x == pytest.approx([183, 204, 185, 199, 184, 205, 183, 200, 185, 203])
    assert table.value_added == pytest.approx([149, 150, 151, 149, 150, 151, 149, 150, 151, 149])
    assert not [finding for finding in table.findings if finding.kind == "balance"]


def test_a_workbook_of_no_known_layout_stops_in_one_line(tmp_path):
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["budget", "of", "a", "school"])
    book.save(tmp_path / "other.xlsx")
    with pytest.raises(InputError, match=r"none of the known layouts; allowed: WIOD .* or ADB"):
        read_table(tmp_path / "other.xlsx")


def test_the_flat_file_of_figaro():
    table = read("figaro-flat-file/flatfile_eu-ic-io_ind-by-ind_26ed_2024.csv")
    assert table.regions == ("DEU", "ROW") and table.sectors == ("A01", "C26")
    assert table.x == pytest.approx([37, 78, 165, 263]) and table.value_added == pytest.approx([20, 47, 100, 157])
    assert table.final.min() == -4 and (table.year, table.unit) == (2024, "EUR million")
    face = look_through(table, "DEU", "ROW").by_sector.set_index("sector")["face_value"]
    assert face["A01"] == pytest.approx(3 / 37) and face["C26"] == pytest.approx(9 / 78)


def test_an_archive_of_years_and_a_folder_with_it(tmp_path):
    archive = TRAPS / "icio-archive-of-years" / "2016-2022_SML.zip"
    with pytest.raises(InputError, match="name a year"):
        reliance(archive, "KOR", "JPN")
    shutil.copy(archive, tmp_path)
    for source in (archive, tmp_path):
        found = reliance(source, "KOR", "JPN", year=2019).by_sector.set_index("sector")
        assert found["face_value"].round(4).to_dict() == {"C20": 0.125, "C26": 0.2143, "all sectors": 0.1818}
        assert found["look_through"].round(4).to_dict() == {"C20": 0.3439, "C26": 0.5735, "all sectors": 0.49}
    assert read_table(archive, year=2018).x * 2 == pytest.approx(read_table(archive, year=2019).x)


def test_a_binary_workbook_that_is_none_says_the_way_out():
    with pytest.raises(InputError, match=r"WIOT2014_Nov16_ROW.xlsb.*saved as .xlsx or .csv"):
        read("wiod-2016-xlsb/WIOT2014_Nov16_ROW.xlsb")


@pytest.mark.parametrize("name", ["exact.csv", "rounded.csv"])
def test_a_closed_loop_is_named_and_nobody_else(name):
    table = read(f"closed-loop/{name}")
    with pytest.raises(InputError, match="JPN/A, JPN/B, JPN/C use all of each other's output") as stop:
        _ = table.L
    assert "JPN/D" not in str(stop.value)


def test_a_loop_that_leaks_is_solved(tmp_path):
    text = (TRAPS / "closed-loop/exact.csv").read_text() + "final,JPN,A,JPN,households,1\n"
    (tmp_path / "leak.csv").write_text(text)
    table = read_table(tmp_path / "leak.csv")
    assert table.L[table.index("JPN", "D"), table.index("JPN", "D")] == pytest.approx(4 / 3)
    assert np.isfinite(table.L).all() and table.L @ table.Y.sum(axis=1) == pytest.approx(table.x)


def test_a_placeholder_output_is_no_output():
    table = read("placeholder-output/table.csv")
    assert table.A.sum(axis=0).max() <= 1
    found = reliance(table, "JPN", "KOR")
    assert found.by_sector[["face_value", "look_through"]].isna().all().all()
    assert "JPN has no output" in found.sentence() and any("placeholder" in note for note in found.notes)
    home = reliance(table, "KOR", "KOR").by_sector.iloc[0]
    assert home["face_value"] == pytest.approx(0.29999999, abs=1e-8)
    assert home["look_through"] == pytest.approx(0.4285714, abs=5e-8)


def test_two_regions_of_one_name_are_named():
    with pytest.raises(InputError, match="region JPN stands twice"):
        IOTable(np.zeros((2, 2)), np.ones((2, 2, 1)), np.ones(2), ("JPN", "JPN"), ("A",))


HEAD = "use,from_region,from_sector,to_region,to_sector,value_usd_million"
ROWS = ("intermediate,KOR,C20,KOR,C20,30", "intermediate,JPN,C20,KOR,C20,20", "final,KOR,C20,KOR,households,70",
        "final,JPN,C20,JPN,households,80")  # fmt: skip


def economy(path, head, rows):
    (path / "economy.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path / "economy.csv"


def test_a_country_under_two_names_stops(tmp_path):
    rows = (*ROWS, "final,Japan,C20,JPN,households,5")
    with pytest.raises(InputError, match="one country under two names: JPN and Japan"):
        read_table(economy(tmp_path, HEAD, rows))


@pytest.mark.parametrize("unit", ["thousand USD", "EUR million", "USD", "percent"])
def test_a_table_in_another_unit_stops(tmp_path, unit):
    told = {"percent": "unit: says 'percent'", "EUR million": "million EUR by a column"}.get(
        unit, f"{unit} by a column"
    )
    with pytest.raises(InputError, match=told):
        read_table(economy(tmp_path, HEAD + ",unit", [f"{row},{unit}" for row in ROWS]))
    assert read_table(economy(tmp_path, HEAD + ",unit", [f"{row},million USD" for row in ROWS])).x.tolist() == [
        100,
        100,
    ]


def test_several_years_ask_for_one(tmp_path):
    double = [f"{row.rpartition(',')[0]},{2 * float(row.rpartition(',')[2])},2019" for row in ROWS]
    path = economy(tmp_path, HEAD + ",year", [*(f"{row},2018" for row in ROWS), *double])
    with pytest.raises(InputError, match=r"several years; allowed: year= one of 2018, 2019 \(--year\)"):
        read_table(path)
    assert read_table(path, year=2018).x.tolist() == [100, 100]
    assert read_table(path, year=2019).x.tolist() == [200, 200]
    with pytest.raises(InputError, match="year 2020"):
        read_table(path, year=2020)


@pytest.mark.parametrize("name", ["Total", "TOTAL", "Grand total", "Sub-total", "Total output"])
def test_rows_that_are_totals_stop(tmp_path, name):
    with pytest.raises(InputError, match=f"{name} looks like a total of others"):
        read_table(economy(tmp_path, HEAD, (*ROWS, f"intermediate,JPN,{name},KOR,C20,20")))


@pytest.mark.parametrize("output", ["1e-30", "1e-9", "0.004"])
def test_an_output_far_below_its_purchases_is_a_placeholder(tmp_path, output):
    rows = (*ROWS, "intermediate,KOR,C20,PRK,C20,5", f"final,PRK,C20,PRK,households,{output}")
    table = read_table(economy(tmp_path, HEAD, rows))
    assert table.A.sum(axis=0).max() <= 1 and "placeholder" in " ".join(f.text for f in table.findings)
