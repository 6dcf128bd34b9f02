"""Workbooks: days shown as years, codes shown with their zeros, merged names, texts under a workbook's name."""

import datetime
import warnings

import openpyxl
import pandas as pd
import pytest

import geoecon as ge
from geoecon.errors import InputError

HEAD = ["Year", "Exporter", "Importer", "Product", "Value_USD"]
ROWS = [[2019, "China", "Japan", "281111", 100], [2019, "South Korea", "Japan", "281111", 200]]


def book(tmp_path, rows, formats=(), merged=()):
    made = openpyxl.Workbook()
    page = made.active
    for row in [HEAD, *rows]:
        page.append(row)
    for column, code in formats:
        for k in range(2, len(rows) + 2):
            page.cell(k, column).number_format = code
    for block in merged:
        page.merge_cells(block)
    path = tmp_path / "t.xlsx"
    made.save(path)
    return path


def read(source, **asked):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ge.read_flows(source, **asked)


@pytest.mark.parametrize("code", ["yyyy", "YYYY", 'yyyy"年"'])
def test_a_day_shown_as_a_year_is_that_year(tmp_path, code):
    rows = [[datetime.date(year, 1, 1), *ROWS[0][1:]] for year in (2018, 2019)]
    assert read(book(tmp_path, rows, [(1, code)])).periods() == ["2018", "2019"]


def test_a_day_shown_as_a_month_is_that_month(tmp_path):
    rows = [[datetime.date(2019, month, 1), *ROWS[0][1:]] for month in (7, 8)]
    assert read(book(tmp_path, rows, [(1, "mmm-yy")])).periods() == ["2019-07", "2019-08"]


def test_a_code_that_is_shown_with_its_zero_has_it(tmp_path):
    rows = [[2019, "China", "Japan", code, 100] for code in (10121, 281111)]
    assert set(read(book(tmp_path, rows, [(4, "000000")])).to_frame()["product"]) == {"010121", "281111"}
    with pytest.raises(InputError, match="a zero in front"):
        read(book(tmp_path, rows))


def test_names_and_years_merged_over_lines_stand_for_each(tmp_path):
    rows = [ROWS[0], [None, "South Korea", None, "281111", 200]]
    found = read(book(tmp_path, rows, merged=("A2:A3", "C2:C3")))
    assert found.to_frame()["value_usd"].tolist() == [100, 200] and found.periods() == ["2019"]
    assert "2 cells of names or years stand for the lines they are merged over" in str(found.coverage)


def test_an_amount_merged_over_lines_is_not_counted_twice(tmp_path):
    rows = [ROWS[0], [2019, "South Korea", "Japan", "281111", None]]
    assert read(book(tmp_path, rows, merged=("E2:E3",))).to_frame()["value_usd"].sum() == 100


def test_a_text_under_the_name_of_a_workbook_says_so(tmp_path):
    path = tmp_path / "t.xlsx"
    path.write_text("Year,Exporter,Importer,Product,Value_USD\n2019,China,Japan,281111,100\n")
    with pytest.raises(InputError, match=r"a text .CSV. under the name of a workbook; allowed: the file under its own"):
        read(path)


def test_a_database_of_another_kind_is_named(tmp_path):
    path = tmp_path / "t.sqlite"
    path.write_bytes(b"SQLite format 3\x00" + bytes(range(256)))
    with pytest.raises(InputError, match="a database of SQLite"):
        read(path)


@pytest.mark.parametrize("first", [0, 1])
def test_the_number_of_the_row_that_pandas_writes_changes_nothing(tmp_path, first):
    table = pd.DataFrame(ROWS, columns=HEAD, index=[first, first + 1])
    table.to_csv(tmp_path / "t.csv")
    for source in (tmp_path / "t.csv", pd.read_csv(tmp_path / "t.csv")):
        assert read(source).to_frame()["value_usd"].sum() == 300


def test_other_numbers_of_one_digit_still_decide():
    table = pd.DataFrame(ROWS, columns=HEAD).assign(variety=["1", "2"])
    with pytest.raises(InputError, match="variety"):
        read(table)


def test_withheld_in_words_is_missing_and_said(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("Year,Exporter,Importer,Product,Value_USD\n2019,China,Japan,281111,100\n"
                    "2019,South Korea,Japan,281111,Confidential\n")  # fmt: skip
    found = read(path)
    assert found.to_frame()["value_usd"].isna().sum() == 1 and "KOR to JPN" in str(found.coverage)


def test_true_is_no_number_by_any_door(tmp_path):
    table = pd.DataFrame(ROWS, columns=HEAD).assign(Value_USD=[True, False])
    table.to_csv(tmp_path / "t.csv", index=False)
    for source in (table, tmp_path / "t.csv"):
        with pytest.raises(InputError, match=r"(?i)'true' is not a number"):
            read(source)


def test_a_total_that_no_program_has_computed_is_set_aside_and_said(tmp_path):
    found = read(book(tmp_path, [*ROWS, ["Total", None, None, None, "=SUM(E2:E3)"]]))
    assert found.to_frame()["value_usd"].sum() == 300
    assert "line 4 is a total and set aside: Total, =SUM(E2:E3) (never computed)" in str(found.coverage)


def test_an_amount_that_no_program_has_computed_still_stops(tmp_path):
    with pytest.raises(InputError, match="never computed"):
        read(book(tmp_path, [ROWS[0], [2019, "South Korea", "Japan", "281111", "=E2*2"]]))
