"""Text and workbooks as offices write them: encodings, signs between cells, flags, JSON, GENESIS, a sheet a period."""

import json
import zipfile

import openpyxl
import pandas as pd
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

import geoecon as ge
from geoecon import read_flows
from geoecon.errors import InputError

HEADS = ["period", "exporter", "importer", "product", "value_usd"]
ROWS = [[2019, "CHN", "KOR", "281111", 100], [2019, "JPN", "KOR", "281111", 300]]
BOTH = {("2019", "CHN", "KOR", "281111"): 100.0, ("2019", "JPN", "KOR", "281111"): 300.0}
TEXT = "\n".join(",".join(map(str, row)) for row in [HEADS, *ROWS]) + "\n"


def values(source, **asked):
    rows = read_flows(source, quiet=True, **asked).to_frame().to_dict("records")
    return {(str(r["period"]), r["exporter"], r["importer"], str(r["product"])): r["value_usd"] for r in rows}


def file(folder, text, name="table.csv", encoding="utf-8"):
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def book(folder, pages):
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in pages.items():
        page = made.create_sheet(name)
        for row in rows:
            page.append(row)
    made.save(folder / "book.xlsx")
    return folder / "book.xlsx"


HANJA = "年份,出口國,進口國,商品編碼,金額(美元)\n2019,中國,韓國,281111,100\n2019,日本,韓國,281111,300\n"
KANJI = "年,輸出国,輸入国,HSコード,金額（米ドル）\n2019,中国,韓国,281111,100\n2019,日本,韓国,281111,300\n"
HANGUL = "연도,수출국,수입국,HS코드,금액(달러)\n2019,중국,한국,281111,100\n2019,일본,한국,281111,300\n"
RUSSIAN = (
    "год;экспортер;импортер;код ТН ВЭД;стоимость, долл. США\n2019;Китай;Республика Корея;281111;100\n"
    "2019;Япония;Республика Корея;281111;300\n"
)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(KANJI, "euc_jp"), (KANJI, "iso2022_jp"), (HANGUL, "utf-16-le"), (HANGUL, "utf-16-be"), (HANJA, "big5"),
     (RUSSIAN, "cp1251"), (RUSSIAN, "koi8-r"), (RUSSIAN, "cp866")],
)  # fmt: skip
def test_encodings_are_told_by_headings_and_names(text, encoding, tmp_path):
    assert values(file(tmp_path, text, encoding=encoding)) == BOTH


@pytest.mark.parametrize("encoding", ["cp850", "mac_roman", "cp1252"])
def test_western_pages_are_told_by_names_of_countries(encoding, tmp_path):
    text = "Jahr;Ausfuhrland;Einfuhrland;Warennummer;Wert (USD)\n2019;Türkei;Deutschland;281111;100\n"
    found = values(file(tmp_path, text + "2019;Österreich;Deutschland;281111;300\n", encoding=encoding))
    assert found == {("2019", "TUR", "DEU", "281111"): 100, ("2019", "AUT", "DEU", "281111"): 300}


WRITTEN = {
    "caret": TEXT.replace(",", "^"),
    "tilde": TEXT.replace(",", "~"),
    "single quotes": "\n".join(",".join(f"'{cell}'" for cell in row) for row in [HEADS, *ROWS]) + "\n",
    "bars and a rule": "\n".join(
        ["|" + "|".join(HEADS) + "|", "|---|---|---|---|---|", *("| " + " | ".join(map(str, r)) + " |" for r in ROWS)]
    ),
    "columns apart by blanks": "\n".join("".join(f"{cell!s:<12}" for cell in row) for row in [HEADS, *ROWS]) + "\n",
}
WRITTEN["blanks outside quotes"] = "\n".join(", ".join(f'"{cell}"' for cell in row) for row in [HEADS, *ROWS]) + "\n"


@pytest.mark.parametrize("name", WRITTEN)
def test_lines_written_otherwise(name, tmp_path):
    assert values(file(tmp_path, WRITTEN[name])) == BOTH


def test_blanks_inside_quotes_and_commas_in_them_stay(tmp_path):
    text = '"period", "exporter", "importer", "product", "value_usd", "note"\n'
    text += '2019, "China, mainland", "KOR", "281111", 100, "a, ""b"" , c"\n2019, "JPN", "KOR", "281111", 300, ""\n'
    assert values(file(tmp_path, text)) == BOTH


@pytest.mark.parametrize(
    "cell", [".", "/", "**", "***", "nil", "Nil", "n.d.", "s.d.", "秘匿", "비공개", "未公开", "geheim"]
)
def test_more_signs_of_an_untold_value_are_no_number(cell, tmp_path):
    found = values(file(tmp_path, f"{TEXT}2019,USA,KOR,281111,{cell}\n"))
    assert found.pop(("2019", "USA", "KOR", "281111")) != 0 and found == BOTH


@pytest.mark.parametrize("cell", ["100¹", "100 [a]", "100^", "100[1]"])
def test_marks_of_footnotes_behind_a_value(cell, tmp_path):
    assert values(file(tmp_path, TEXT.replace(",100", f",{cell}"))) == BOTH


@pytest.mark.parametrize("orient", ["records", "index", "columns", "split", "table"])
def test_every_orient_of_pandas(orient, tmp_path):
    text = pd.DataFrame(ROWS, columns=HEADS).to_json(orient=orient)
    assert values(file(tmp_path, text, "table.json")) == BOTH


def test_records_inside_an_answer(tmp_path):
    rows = [dict(zip(HEADS, row, strict=True)) for row in ROWS]
    assert values(file(tmp_path, json.dumps({"result": {"rows": rows}}), "table.json")) == BOTH


LATER = {("2020", "CHN", "KOR", "281111"): 500.0, ("2020", "JPN", "KOR", "281111"): 700.0}


@pytest.mark.parametrize(
    "names", [("2019", "2020"), ("Y2019", "Y2020"), ("2019年", "2020年"), ("Imports 2019", "2020")]
)
def test_a_sheet_for_each_year_is_read_by_its_name(names, tmp_path):
    old = [HEADS[1:], *(row[1:] for row in ROWS)]
    new = [HEADS[1:], ["CHN", "KOR", "281111", 500], ["JPN", "KOR", "281111", 700]]
    path = book(tmp_path, {names[0]: old, names[1]: new, "Notes": [["All values in USD"]]})
    assert values(path) == BOTH | LATER
    assert values(path, sheet=names[1]) == LATER
    told = str(read_flows(path, quiet=True).coverage)
    assert f"sheet {names[0]!r} read: its name is the period of its rows, 2019" in told


def test_sheets_with_their_own_periods_are_read_together(tmp_path):
    new = [HEADS, [2020, "CHN", "KOR", "281111", 500], [2020, "JPN", "KOR", "281111", 700]]
    assert values(book(tmp_path, {"2019": [HEADS, *ROWS], "2020": new})) == BOTH | LATER


def test_a_title_of_another_year_is_not_overruled_by_the_name_of_the_sheet(tmp_path):
    rows = [["Imports 2018, USD"], [], HEADS[1:], *(row[1:] for row in ROWS)]
    with pytest.raises(InputError, match="no column for period"):
        values(book(tmp_path, {"2019": rows}))


def test_sheets_that_are_no_periods_are_named(tmp_path):
    rows = [["period", "importer", "product", "value_usd"], [2019, "KOR", "281111", 100]]
    with pytest.raises(InputError, match=r"sheets 'CHN', 'JPN' have the same headings; allowed: sheet= one of them"):
        values(book(tmp_path, {"CHN": rows, "JPN": rows}))


GENESIS = """GENESIS-Tabelle: 51000-0013
Aus- und Einfuhr (Außenhandel): Deutschland, Jahre, Land, Warenverzeichnis (6-Steller)
;;;;Einfuhr: Gewicht;Einfuhr: Wert (US-Dollar)
;;;;t;Tsd. USD
2019;WA281111;Fluorwasserstoff;China;12,5;100
2019;WA281111;Fluorwasserstoff;Japan;10,0;.
__________
© Statistisches Bundesamt (Destatis), 2024
"""
BLOCKS = """GENESIS-Tabelle: 51000-0013
;;Ausfuhr: Wert (US-Dollar);Einfuhr: Wert;Einfuhr: Wert (US-Dollar)
;;Tsd. USD;Tsd. EUR;Tsd. USD
2019;;;;
WA281111;China;1;90;100
2020;;;;
WA281111;China;2;450;500
"""
OLD_FLAT = (
    "Statistik_Code;Zeit_Code;Zeit_Label;Zeit;1_Merkmal_Label;1_Auspraegung_Code;1_Auspraegung_Label;2_Merkmal_Label;"
    "2_Auspraegung_Code;2_Auspraegung_Label;3_Auspraegung_Code;3_Auspraegung_Label;W__Einfuhr:_Wert_(US-Dollar)__Tsd._USD\n"
    "51000;JAHR;Jahr;2019;Deutschland insgesamt;DG;Deutschland;Land;S720;China;WA281111;Fluorwasserstoff;100\n"
)


def test_genesis_with_headings_over_two_rows(tmp_path):
    found = read_flows(file(tmp_path, GENESIS, encoding="cp1252"), quiet=True).to_frame().set_index("exporter")
    assert found.loc["CHN", ["value_usd", "tonnes"]].tolist() == [100_000, 12.5]
    assert found.loc["JPN", "value_usd"] != found.loc["JPN", "value_usd"] and set(found["importer"]) == {"DEU"}


def test_genesis_with_years_above_their_rows_and_both_directions(tmp_path):
    path = file(tmp_path, BLOCKS, encoding="cp1252")
    assert values(path) == {(y, "CHN", "DEU", "281111"): v for y, v in (("2019", 100_000), ("2020", 500_000))}
    assert values(path, report="exporter") == {
        (y, "DEU", "CHN", "281111"): v for y, v in (("2019", 1e3), ("2020", 2e3))
    }


def test_genesis_flat_with_german_headings(tmp_path):
    assert values(file(tmp_path, OLD_FLAT)) == {("2019", "CHN", "DEU", "281111"): 100_000}


def changed(folder, change):
    path = book(folder, {"S": [HEADS, *ROWS]})
    made = openpyxl.load_workbook(path)
    change(made["S"])
    made.save(path)
    return path


def high(text, mark):
    return CellRichText(text, TextBlock(InlineFont(vertAlign="superscript"), mark))


@pytest.mark.parametrize(("place", "text"), [("E3", "300"), ("B3", "JPN"), ("A3", "2019")])
def test_a_mark_set_high_is_no_digit_of_the_cell(place, text, tmp_path):
    path = changed(tmp_path, lambda page: page.__setitem__(place, high(text, "1")))
    assert values(path) == BOTH
    told = "marks of footnotes set high are left out in 1 cell, first in line 3"
    assert told in str(read_flows(path, quiet=True).coverage)


def test_a_power_set_high_stays_a_unit(tmp_path):
    path = tmp_path / "parts.xlsx"
    made = openpyxl.Workbook()
    made.active.append(["Part", "Stock", "Use per day", "Supplier", "Lead time (days)"])
    made.active.append(["A", high("500 m", "2"), high("10 m", "2"), "X", high("30", "1")])
    made.save(path)
    found = ge.shortage_clock(path, start="2026-01-01").to_frame()
    assert found["stock_lasts_days"].tolist() == [50] and found["lead_time_days"].tolist() == [30]


@pytest.mark.parametrize("row", [True, False])
def test_what_is_struck_out_counts_and_is_told(row, tmp_path):
    def strike(page):
        for cell in page[3] if row else (page["E3"],):
            cell.font = Font(strike=True)

    path = changed(tmp_path, strike)
    assert values(path) == BOTH
    assert "line 3 is struck out in the workbook and counted" in str(read_flows(path, quiet=True).coverage)


def test_a_hidden_sheet_is_no_second_table(tmp_path):
    path = book(tmp_path, {"S": [HEADS, *ROWS], "old": [HEADS, [2018, "CHN", "KOR", "281111", 5]]})
    made = openpyxl.load_workbook(path)
    made["old"].sheet_state = "hidden"
    made.save(path)
    assert values(path) == BOTH and values(path, sheet="old") == {("2018", "CHN", "KOR", "281111"): 5}


EUROSTAT = "freq,reporter,partner,product,flow,indicators\\TIME_PERIOD\t2019 \nA,DE,CN,281111,1,VALUE_IN_EUROS\t100 \n"


def test_a_break_in_a_series_of_eurostat_is_no_billion(tmp_path):
    path = file(tmp_path, f"{EUROSTAT}A,DE,JP,281111,1,VALUE_IN_EUROS\t300 b\n", "t.tsv")
    assert values(path, unit={"EUR": 1.0}) == {("2019", c, "DEU", "281111"): v for c, v in (("CHN", 100), ("JPN", 300))}


@pytest.mark.parametrize(
    ("period", "wanted"),
    [("2019년", "2019"), ("2019년 1월", "2019-01"), ("2019년 12월", "2019-12"), ("2019년 1분기", "2019-Q1"),
     ("2019-M01", "2019-01"), ("1.1.2019", "2019-01"), ("2019p", "2019"), ("2019 (prelim.)", "2019")],
)  # fmt: skip
def test_periods_as_more_offices_write_them(period, wanted, tmp_path):
    found = values(file(tmp_path, TEXT.replace("\n2019", f"\n{period}")))
    assert found == {(wanted, *key[1:]): value for key, value in BOTH.items()}


def test_an_instant_as_a_period_is_told_to_be_none(tmp_path):
    with pytest.raises(InputError, match="an instant with its zone is no period"):
        values(file(tmp_path, TEXT.replace("\n2019", "\n2019-01-01T00:00:00Z")))


def zipped(folder, name, members):
    with zipfile.ZipFile(folder / name, "w") as packed:
        for member, content in members.items():
            packed.writestr(member, content)
    return folder / name


def test_archives_inside_archives_and_under_other_names(tmp_path):
    inner = zipped(tmp_path, "inner.zip", {"a.csv": TEXT})
    assert values(zipped(tmp_path, "outer.zip", {"a.zip": inner.read_bytes()})) == BOTH
    assert values(inner.rename(tmp_path / "table.csv")) == BOTH
    assert values(zipped(tmp_path, "dat.zip", {"full.dat": TEXT})) == BOTH
