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


def test_a_tidy_table_by_every_door_and_in_other_words(tmp_path):
    import pandas as pd
    import polars as pl

    frame = pd.DataFrame([row.split(",") for row in ROWS], columns=HEAD.split(",")).astype({"value_usd_million": float})
    wanted = reliance(frame, "KOR", "JPN").by_sector
    frame.to_excel(tmp_path / "t.xlsx", index=False)
    frame.to_parquet(tmp_path / "t.parquet")
    frame.to_json(tmp_path / "t.json", orient="records")
    words = frame.rename(columns={"use": "Type", "from_region": "Seller country", "from_sector": "Seller industry",
                                  "to_region": "Buyer country", "to_sector": "Buyer industry",
                                  "value_usd_million": "Value (thousand USD)"})  # fmt: skip
    words["Value (thousand USD)"] *= 1000
    words["Type"] = words["Type"].str.capitalize()
    words.to_csv(tmp_path / "words.csv", sep=";", decimal=",", index=False)
    sources = [tmp_path / name for name in ("t.xlsx", "t.parquet", "t.json", "words.csv")]
    for source in (*sources, pl.from_pandas(frame)):
        found = reliance(source, "KOR", "JPN").by_sector
        pd.testing.assert_frame_equal(found, wanted)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Values in thousand USD\n\n" + HEAD + "\n", "line 3, value_usd_million: million USD by its heading, thousand"),
        (HEAD.replace("value_usd_million", "value") + "\n", "value: no unit is said"),
        (HEAD.replace(",value_usd_million", "") + "\n", "value: column is missing"),
        (HEAD.replace("use,", "") + "\n", "use: column is missing"),
        (HEAD + "\nfinal,JPN,C20,JPN,x,ten\n", "t.csv line 2, value_usd_million: 'ten'"),
        ("Table 3\n\n" + HEAD + "\nfinal,JPN,C20,JPN,x,ten\n", "t.csv line 4, value_usd_million: 'ten'"),
        (HEAD + "\n" + "final,JPN,C20,JPN,x,5\n" * 2, "t.csv line 3: final/JPN/C20/JPN/x; allowed: each cell once"),
    ],
)
def test_what_a_tidy_table_lacks_is_named_with_its_line(tmp_path, text, told):
    lacks = {"value: column": 5, "use: column": 0}.get(told.partition(" is missing")[0], 9)  # the field left out
    rows = [",".join(cell for k, cell in enumerate(row.split(",")) if k != lacks) for row in ROWS]
    (tmp_path / "t.csv").write_text(text + "\n".join(rows), encoding="utf-8")
    with pytest.raises(InputError, match=told):
        read_table(tmp_path / "t.csv")


def test_an_industry_that_buys_more_than_it_makes_is_named_with_both_numbers(tmp_path):
    rows = ("intermediate,KOR,C26,KOR,C26,40", "intermediate,JPN,C20,KOR,C26,10", "final,KOR,C26,KOR,h,1",
            "intermediate,JPN,C20,JPN,C20,20", "final,JPN,C20,JPN,h,70")  # fmt: skip
    found = reliance(economy(tmp_path, HEAD, rows), "KOR", "JPN")
    assert any("purchases of 50 against an output of 41" in note for note in found.notes)


def test_two_sheets_with_a_table_ask_for_one(tmp_path):
    import pandas as pd

    frame = pd.DataFrame([row.split(",") for row in ROWS], columns=HEAD.split(",")).astype({"value_usd_million": float})
    with pd.ExcelWriter(tmp_path / "t.xlsx") as book:
        for year in ("2018", "2019"):
            frame.to_excel(book, sheet_name=year, index=False)
    with pytest.raises(InputError, match="sheet= one of them"):
        read_table(tmp_path / "t.xlsx")
    assert read_table(tmp_path / "t.xlsx", sheet="2019").x.tolist() == [100, 100]


def test_how_a_text_is_written_can_be_said_and_regions_are_asked_by_any_name(tmp_path):
    text = "\n".join([HEAD, *ROWS]).replace("KOR", "韓国").replace("JPN", "Japan").replace("C20", "化学")
    (tmp_path / "t.csv").write_bytes(text.encode("cp932"))
    named = reliance(tmp_path / "t.csv", "KOR", "JPN", encoding="cp932").by_sector
    plain = reliance(economy(tmp_path, HEAD, ROWS), "KOR", "JPN").by_sector
    assert named["look_through"].tolist() == plain["look_through"].tolist()
    with pytest.raises(InputError, match="no workbook"):
        read_table(tmp_path / "economy.csv", sheet="x")
    with pytest.raises(InputError, match="decimal 'x'; allowed"):
        read_table(tmp_path / "economy.csv", decimal="x")


@pytest.mark.parametrize("row", ["final,WLD,C20,JPN,h,70", "intermediate,JPN,C20,TOTAL,TOTAL,30"])
def test_totals_stop_on_either_side(tmp_path, row):
    with pytest.raises(InputError, match="looks like a total of others"):
        read_table(economy(tmp_path, HEAD, (*ROWS, row)))
    with pytest.raises(InputError, match="no data rows"):
        read_table(economy(tmp_path, HEAD, ()))
