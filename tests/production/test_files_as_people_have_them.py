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
