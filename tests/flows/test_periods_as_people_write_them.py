"""Days with slashes, months in short words, marks behind years; what cannot be read says what it is."""

import warnings

import duckdb
import pandas as pd
import pytest
from madeflows import through

import geoecon as ge
from geoecon.errors import InputError
from geoecon.flows.periods import PLAIN, period_sql, period_text

HEAD = ["Period", "Exporter", "Importer", "Product", "Value_USD"]


def frame(*periods):
    sellers = ("CHN", "KOR", "USA")
    return pd.DataFrame([(p, sellers[k], "JPN", "281111", 100.0 * (k + 1)) for k, p in enumerate(periods)],
                        columns=HEAD)  # fmt: skip


def read(source, **asked):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ge.read_flows(source, **asked)


@pytest.mark.parametrize("door", ["csv", "xlsx", "parquet", "json", "pandas"])
@pytest.mark.parametrize(
    ("periods", "months", "said"),
    [(("31/07/2019", "01/08/2019"), ["2019-07", "2019-08"], "day first"),
     (("07/31/2019", "08/01/2019"), ["2019-07", "2019-08"], "month first"),
     (("5/13/2019", "1/2/2019"), ["2019-01", "2019-05"], "month first")],
)  # fmt: skip
def test_one_day_beyond_the_twelfth_proves_the_order(door, periods, months, said, tmp_path):
    found = read(through(door, frame(*periods), tmp_path))
    assert found.periods() == months
    assert said in str(found.coverage)


@pytest.mark.parametrize("door", ["csv", "xlsx", "parquet", "json", "pandas"])
def test_an_order_that_nothing_proves_is_asked_for(door, tmp_path):
    with pytest.raises(
        InputError, match=r"01/07/2019.*one day beyond the 12th proves whether the day or the month comes first"
    ):
        read(through(door, frame("01/07/2019", "01/08/2019"), tmp_path))


def test_days_that_prove_the_opposite_stop():
    with pytest.raises(InputError, match=r"31/07/2019.*one day beyond the 12th"):
        read(frame("31/07/2019", "07/31/2019"))


def test_a_day_that_is_none_is_named_alone():
    with pytest.raises(InputError) as error:
        read(frame("31/07/2019", "01/08/2019", "31/13/2019"))
    assert "31/13/2019" in str(error.value) and "01/08/2019" not in str(error.value)


@pytest.mark.parametrize(
    ("written", "month"),
    [("2019/7", "2019-07"), ("7/2019", "2019-07"), ("2019/07/15", "2019-07"), ("2019/7/5", "2019-07"),
     ("20190715", "2019-07"), ("1-Jul-19", "2019-07"), ("15 July 2019", "2019-07"), ("juil. 2019", "2019-07"),
     ("Mär 2019", "2019-03"), ("MRZ 2019", "2019-03"), ("Okt. 2019", "2019-10"), ("déc. 2019", "2019-12"),
     ("ene 2019", "2019-01"), ("3Q19", "2019-Q3"), ("3Q2019", "2019-Q3"), ("Q3 19", "2019-Q3"),
     ("2019*", "2019"), ("2019 (p)", "2019"), ("2019 (prov.)", "2019"), ("2019-07 (r)", "2019-07")],
)  # fmt: skip
def test_both_engines_read_what_people_write(written, month):
    found = read(frame(written))
    assert found.periods() == [month] and period_text(written) == month


def test_marks_behind_years_are_said():
    assert "marks behind periods, such as 2019 (p), are left out" in str(read(frame("2019 (p)", "2018")).coverage)


@pytest.mark.parametrize(
    ("written", "told"),
    [("43647", "the number of a day in a workbook, 2019-07-01 in the 1900 system"), ("2019-W27", "weeks added up"),
     ("FY2019", "2019-04/2020-03")],
)  # fmt: skip
def test_what_is_no_period_says_what_it_is(written, told):
    with pytest.raises(InputError, match=told):
        read(frame(written))


@pytest.mark.parametrize("written", ["2019.7", "2019.1", "19", "2019e", "31/31/2019x", "201913"])
def test_what_can_be_two_things_is_not_guessed(written):
    with pytest.raises(InputError):
        read(frame(written))


def test_a_period_that_stands_as_we_write_it_is_not_rewritten():
    """What `PLAIN` passes by, the whole rule leaves as it is; what it would change or refuse is never passed by."""
    cells = ["2022", "0999", "3000", "2022-01", "2022-10", "2022-12", "2022-Q4", "202201", "2022-13", "2022-Q5",
             " 2022", "22", "2022.0", "2022Q1", "2022-01-31", "3Q19", "1-2022", "Jan-22", ""]  # fmt: skip
    table = duckdb.from_df(pd.DataFrame({"t": cells}))
    rows = table.project(f"t, regexp_matches(t, '{PLAIN}'), {period_sql('t')}").fetchall()
    assert [cell for cell, plain, _ in rows if plain] == cells[:7]
    assert all(cell == read for cell, plain, read in rows if plain)
    assert all(cell != read for cell, plain, read in rows if not plain)


def test_a_period_in_a_row_set_aside_alone_is_read_too(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("exporter,importer,product,period,value_usd\nCHN,KOR,281111,2022,1\nJPN,KOR,281111,2022,2\n"
                    "World,KOR,281111,2022 (p),3\n")  # fmt: skip
    assert ge.read_flows(path, quiet=True).periods() == ["2022"]
