"""More inputs of the kinds that people bring: each one is right, or stops and says how to choose."""

from __future__ import annotations

import pytest

from geoecon.errors import InputError
from geoecon.flows import read_flows

HEAD = "period,exporter,importer,product,value_usd"


@pytest.fixture
def table(tmp_path):
    def read(header, *rows, **options):
        path = tmp_path / "a.csv"
        path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        return read_flows(path, quiet=True, **options)

    return read


def values(flows, key="exporter"):
    return flows.to_frame().set_index(key)["value_usd"].to_dict()


# columns that change what a row means


@pytest.mark.parametrize(
    ("heading", "first", "second"),
    [("trade_type", "Import", "Export"), ("is_export", "N", "Y"), ("is_export", "false", "true"), ("rgFlow", "M", "X"),
     ("Imports?", "yes", "no")],
)  # fmt: skip
def test_directions_under_any_heading(table, heading, first, second):
    flows = table(f"{HEAD},{heading}", f"2022,CHN,DEU,811292,10,{first}", f"2022,JPN,DEU,811292,40,{second}")
    assert values(flows) == {"CHN": 10}


@pytest.mark.parametrize(
    ("heading", "first", "second"),
    [("re_export", "0", "1"), ("valuation", "CIF", "FOB"), ("price_basis", "current", "constant 2015"),
     ("adjustment", "SA", "NSA"), ("scenario", "actual", "forecast"), ("cumulative", "no", "yes"),
     ("type", "monthly", "year to date"), ("anything", "gross", "net"), ("origin", "domestic", "foreign")],
)  # fmt: skip
def test_columns_that_may_change_a_row_stop_and_say_how_to_choose(table, heading, first, second):
    head, rows = f"{HEAD},{heading}", (f"2022,CHN,DEU,811292,10,{first}", f"2022,JPN,DEU,811292,40,{second}")
    with pytest.raises(InputError, match=rf"column {heading} has the values.*--only.*--ignore"):
        table(head, *rows)
    assert values(table(head, *rows, only={heading: first})) == {"CHN": 10}
    flows = table(head, *rows, ignore=[heading])
    assert values(flows) == {"CHN": 10, "JPN": 40} and "ignored, as asked for" in str(flows.coverage)


def test_a_few_words_that_no_place_product_or_period_has_stop(table):
    rows = ["2021,CHN,DEU,811292,1,a", "2021,JPN,DEU,811292,2,b", "2022,CHN,DEU,811292,3,b", "2021,CHN,DEU,281111,4,b",
            "2021,CHN,KOR,811292,1,b"]  # fmt: skip
    with pytest.raises(InputError, match="column grade has the values 'a' and 'b'"):
        table(f"{HEAD},grade", *rows)
    assert len(
        table(f"{HEAD},exporter name", *(r.replace(",a", ",China").replace(",b", ",x") for r in rows)).to_frame()
    )
    region = [row[:-1] + ("asia" if "CHN" in row else "east") for row in rows]
    flows = table(f"{HEAD},region", *region)  # a property of the exporter
    assert "column region is not read: 'asia' and 'east'" in str(flows.coverage)


def test_a_heading_to_ignore_must_be_there_and_no_field(table):
    with pytest.raises(InputError, match=r"ignore nothing, product; allowed: .*kind"):
        table(f"{HEAD},kind", "2022,CHN,DEU,811292,10,a", ignore=["nothing", "product"])


@pytest.mark.parametrize(
    ("heading", "cells", "factors"),
    [("multiplier", ("1000", "1"), (1e3, 1)), ("UNIT_MULT", ("3", "0"), (1e3, 1)), ("power", ("6", "3"), (1e6, 1e3)),
     ("scale", ("thousands", "units"), (1e3, 1)), ("scale", ("Millions", "thousands"), (1e6, 1e3))],
)  # fmt: skip
def test_multiples_as_powers_factors_and_words(table, heading, cells, factors):
    head = f"period,exporter,importer,product,value,{heading}"
    flows = table(head, f"2022,CHN,DEU,811292,5,{cells[0]}", f"2022,JPN,DEU,811292,7,{cells[1]}")
    assert values(flows) == {"CHN": 5 * factors[0], "JPN": 7 * factors[1]}
    with pytest.raises(InputError, match=f"column {heading} has the values"):
        table(head, "2022,CHN,DEU,811292,5,a few", "2022,JPN,DEU,811292,7,1")


def test_zero_beside_a_flag_for_withheld_is_not_known(table):
    flows = table(f"{HEAD},obs_status", "2022,CHN,DEU,811292,10,A", "2022,JPN,DEU,811292,0,C")
    assert flows.to_frame()["value_usd"].isna().sum() == 1 and "taken as not known: 1 rows" in str(flows.coverage)


# totals and their parts


@pytest.mark.parametrize("word", ["All commodities", "Total", "TOTAL - All products", "All products", "00", "总计"])
def test_all_products_together_never_count_beside_them(table, word):
    flows = table(HEAD, f"2019,CHN,KOR,{word},400", "2019,CHN,KOR,281111,100", "2019,CHN,KOR,281119,300")
    assert values(flows, "product") == {"281111": 100, "281119": 300}


@pytest.mark.parametrize(
    ("heading", "total"), [("mode of transport", "all modes of transport"), ("port", "All ports"), ("port", "Total")]
)
def test_all_parts_together_never_count_beside_them(table, heading, total):
    rows = [f"2019,CHN,KOR,281111,{usd},{part}" for usd, part in ((30, "one"), (70, "two"), (100, total))]
    assert values(table(f"{HEAD},{heading}", *rows)) == {"CHN": 100}


def test_a_mode_of_transport_below_another_is_part_of_it(table):
    rows = ["2019,CHN,KOR,281111,70,2000", "2019,CHN,KOR,281111,70,2100", "2019,CHN,KOR,281111,30,1000"]
    assert values(table(f"{HEAD},motCode", *rows)) == {"CHN": 100}


@pytest.mark.parametrize("name", ["Extra-EU27", "OECD", "World total", "All countries", "Asia", "European Union"])
def test_groups_of_countries_are_no_suppliers(table, name):
    found = values(table(HEAD, f"2019,{name},DEU,281111,400", "2019,CHN,DEU,281111,100"))
    assert found.pop("ROW", 300) == 300 and found == {"CHN": 100}  # what a World holds beyond China is nobody's


def test_a_joint_report_is_the_sum_of_its_members_or_stands_for_them(table):
    rows = ["2019,Belgium-Luxembourg,KOR,281111,110", "2019,Belgium,KOR,281111,100", "2019,Luxembourg,KOR,281111,10"]
    assert values(table(HEAD, *rows)) == {"BEL": 100, "LUX": 10}
    assert values(table(HEAD, "1997,Belgium-Luxembourg,KOR,281111,110")) == {"BLX": 110}


def test_a_window_and_the_months_in_it_count_once(table):
    assert table(HEAD, "2019-01,CHN,KOR,281111,40", "2019-01/2019-02,CHN,KOR,281111,60").periods() == [
        "2019-01/2019-02"
    ]


@pytest.mark.parametrize("cell", ["Jan-2019", "January 2019", "2019-01-31", "2019 Jan", "2019M01", "201901"])
def test_months_as_people_write_them(table, cell):
    assert table(HEAD, f"{cell},CHN,KOR,281111,40").periods() == ["2019-01"]


@pytest.mark.parametrize(("cell", "period"), [("Jan", "2019-01"), ("3", "2019-03"), ("September", "2019-09")])
def test_a_column_of_months_and_its_total(table, cell, period):
    head = "year,month,exporter,importer,product,value_usd"
    assert table(head, f"2019,{cell},CHN,KOR,281111,4").periods() == [period]
    assert table(head, f"2019,{cell},CHN,KOR,281111,4", "2019,Total,CHN,KOR,281111,9").periods() == ["2019"]
    with pytest.raises(InputError, match="line 2, year: '2019' with month '13'"):
        table(head, "2019,13,CHN,KOR,281111,4")


# numbers


def test_numbers_of_eurostat_are_not_those_of_the_un(table):
    rows = ["2019,0720,DEU,281111,40", "2019,0400,DEU,281111,4"]
    assert values(table(HEAD, *rows)) == {"CHN": 40, "USA": 4}
    with pytest.raises(InputError, match=r"720 is Democratic Yemen to the UN, China to Eurostat.*--numbers geonom"):
        table(HEAD, "2019,720,DEU,281111,40", "2019,400,DEU,281111,4")
    assert values(table(HEAD, "2019,720,DEU,281111,40", numbers="geonom")) == {"CHN": 40}


def test_thousands_in_indian_fashion(table):
    flows = table(HEAD, '2019,CHN,KOR,281111,"12,34,567"', '2019,JPN,KOR,281111,"5,678"')
    assert values(flows) == {"CHN": 1_234_567, "JPN": 5678}


def test_a_sign_that_was_asked_for_and_cells_that_have_another_stop(table):
    with pytest.raises(InputError, match=r"line 2, value_usd: '1234.56"):
        table(HEAD, "2019,CHN,KOR,281111,1234.56", decimal=",")


# what stands around a table


@pytest.mark.parametrize(
    "rows",
    [["Source: customs, retrieved 2020"], ["Note: a, b, c, d"], ['"1) revised"', '"* provisional"'],
     ["Total,,,,100", "Source: customs"], ["Quelle: Zoll"]],
)  # fmt: skip
def test_remarks_below_a_table_are_set_aside(table, rows):
    assert values(table(HEAD, "2019,CHN,KOR,281111,100", *rows)) == {"CHN": 100}


def test_totals_and_headers_in_the_middle_are_set_aside(table):
    flows = table(HEAD, "2019,CHN,KOR,281111,5", "Subtotal,,,,5", HEAD, "2019,JPN,KOR,281111,6")
    told = str(flows.coverage)
    assert (
        values(flows) == {"CHN": 5, "JPN": 6}
        and "line 3 is a total" in told
        and "header stands again in line 4" in told
    )


def test_a_line_of_units_below_the_header(table):
    head = "period,exporter,importer,product,value"
    assert values(table(head, ",,,,thousand USD", "2019,CHN,KOR,281111,5")) == {"CHN": 5000}
    assert values(table(head, "(1),(2),(3),(4),(5)", "2019,CHN,KOR,281111,5")) == {"CHN": 5}


def test_numbers_of_rows_that_the_header_does_not_name(table):
    assert values(table(HEAD, "1,2019,CHN,KOR,281111,5", "2,2019,JPN,KOR,281111,6")) == {"CHN": 5, "JPN": 6}
    with pytest.raises(InputError, match="each line has 6 fields"):
        table(HEAD, "x,2019,CHN,KOR,281111,5", "y,2019,JPN,KOR,281111,6")


def test_codes_that_excel_keeps_as_text(table):
    assert values(table(HEAD, '2019,CHN,KOR,"=""010121""",5'), "product") == {"010121": 5}


def test_groups_in_a_table_of_the_census_are_neither_the_world_nor_repeats(table):
    rows = ["281111,5700,CHINA,100,2022-01", "281111,0020,NAFTA,20,2022-01", "281111,0003,EU,5,2022-01",
            "281111,-,TOTAL FOR ALL COUNTRIES,100,2022-01"]  # fmt: skip
    flows = table("I_COMMODITY,CTY_CODE,CTY_NAME,GEN_VAL_MO,time", *rows)
    assert values(flows) == {"CHN": 100} and "unallocated" not in str(flows.coverage)


# years and months as columns

WIDE = {
    "years": ("exporter,importer,product,2021,2022", "CHN,DEU,811292,1,2"),
    "values": ("exporter,importer,product,Value 2021 (1000 USD),Value 2022 (1000 USD)", "CHN,DEU,811292,0.001,0.002"),
    "bank": ("Exporter,Importer,Product,2021 [YR2021],2022 [YR2022]", "CHN,DEU,811292,1,2"),
    "statistics": ("exporter,importer,product,X2021,X2022", "CHN,DEU,811292,1,2"),
    "report": ("reporter,partner,product,Imports 2021,Imports 2022", "DEU,CHN,811292,1,2"),
}


@pytest.mark.parametrize("kind", WIDE)
def test_periods_as_columns(table, kind):
    flows = table(*WIDE[kind])
    assert values(flows, "period") == {"2021": 1, "2022": 2} and "one row made of each" in str(flows.coverage)
    with pytest.raises(InputError, match="line 3"):
        table(*WIDE[kind], WIDE[kind][1].replace("CHN", "JPN")[:-1] + "?")


@pytest.mark.parametrize(
    ("first", "period"),
    [("Jan-2022", "2022-01"), ("2022-01", "2022-01"), ("2022M01", "2022-01"), ("2022Q1", "2022-Q1")],
)
def test_months_and_quarters_as_columns(table, first, period):
    assert table(f"exporter,importer,product,{first}", "CHN,DEU,811292,1").periods() == [period]


def test_values_and_weights_of_each_year_side_by_side(table):
    head = "exporter,importer,product,value_usd 2021,weight (kg) 2021,value_usd 2022,weight (kg) 2022"
    flows = table(head, "CHN,DEU,811292,1,2000,3,4000").to_frame()
    assert flows[["value_usd", "tonnes"]].to_numpy().tolist() == [[1, 2], [3, 4]]


def test_imports_and_exports_of_each_year_side_by_side(table):
    head = "reporter,partner,product,imports 2022,exports 2022"
    assert values(table(head, "DEU,CHN,811292,1,5")) == {"CHN": 1}
    assert values(table(head, "DEU,CHN,811292,1,5", report="exporter")) == {"DEU": 5}
    with pytest.raises(InputError, match="both 2022"):
        table("exporter,importer,product,2022,value 2022", "CHN,DEU,811292,1,5")


def test_years_in_headings_beside_a_column_for_the_period_are_something_else(table):
    flows = table(f"{HEAD},hs2017,gdp 2015", "2022,CHN,DEU,811292,1,x,5")
    assert values(flows, "period") == {"2022": 1}


def test_the_tsv_of_eurostat(tmp_path):
    path = tmp_path / "ds-045409.tsv"
    path.write_text(
        "freq,reporter,partner,product,flow,indicators\\TIME_PERIOD\t2021 \t2022 \n"
        "A,DE,CN,811292,1,VALUE_IN_EUROS\t100 \t: c\nA,DE,JP,811292,1,VALUE_IN_EUROS\t50 p\t60 \n"
        "A,DE,JP,811292,2,VALUE_IN_EUROS\t7 \t: \n",
        encoding="utf-8",
    )
    flows = read_flows(path, unit={"EUR": 2.0}, quiet=True)
    rows = flows.to_frame()
    assert rows[["period", "exporter", "value_usd"]].fillna(-1).to_numpy().tolist() == [
        ["2021", "CHN", 200], ["2021", "JPN", 100], ["2022", "CHN", -1], ["2022", "JPN", 120],
    ]  # fmt: skip
    assert "flag p (1 rows)" in str(flows.coverage) and "no number: : c (1 rows)" in str(flows.coverage)


# headings, names and periods


@pytest.mark.parametrize("twice", ["value_usd", "Value_USD", " value_usd"])
def test_a_heading_that_stands_twice_is_refused_however_it_is_written(table, twice):
    with pytest.raises(InputError, match="stands twice"):
        table(f"{HEAD},{twice}", "2022,CHN,DEU,811292,1,2")


@pytest.mark.parametrize(
    ("name", "code"),
    [("中国", "CHN"), ("大韓民国", "KOR"), ("미국", "USA"), ("Frankreich", "FRA"), ("Allemagne", "DEU"),
     ("Países Bajos", "NLD"), ("Giappone", "JPN"), ("Côte d’Ivoire", "CIV"), ("Estados Unidos", "USA")],
)  # fmt: skip
def test_countries_in_other_languages(table, name, code):
    assert values(table(HEAD, f"2022,{name},GBR,811292,1")) == {code: 1}


def test_the_rest_of_the_world_is_trade_that_no_country_is_named_for(table):
    flows = table(HEAD, "2022,Rest of World,DEU,811292,60", "2022,CHN,DEU,811292,40")
    assert values(flows) == {"ROW": 60, "CHN": 40} and "partner not specified: 1 rows, 60 USD" in str(flows.coverage)


@pytest.mark.parametrize(
    ("cell", "period"),
    [("01/2022", "2022-01"), ("31.01.2022", "2022-01"), ("2022 Q1", "2022-Q1"), ("Q1 2022", "2022-Q1"),
     ("2022年第1季度", "2022-Q1"), ("2022年1-3月", "2022-01/2022-03"), ("202252", "2022")],
)  # fmt: skip
def test_periods_as_offices_write_them(table, cell, period):
    assert table(HEAD, f"{cell},CHN,DEU,811292,1").periods() == [period]


@pytest.mark.parametrize("cell", ["22", "2021/22", "01/02/2022", "2022-W05"])
def test_periods_that_can_be_read_two_ways_stop(table, cell):
    with pytest.raises(InputError, match="line 2, period"):
        table(HEAD, f"{cell},CHN,DEU,811292,1")


def test_parts_beyond_what_is_taken_for_their_total_stop(table):
    with pytest.raises(InputError, match=r"parts 10 USD, total 9; allowed: .*--only 'regime="):
        table(f"{HEAD},regime", "2022,CHN,DEU,811292,10,1", "2022,CHN,DEU,811292,9,4")


def test_reexports_alone_are_no_trade(table):
    with pytest.raises(InputError, match="only re-exports"):
        table("year,reporter,partner,product,value_usd,flow", "2022,KOR,CHN,811292,1,RX")


@pytest.mark.parametrize("heading", ["Jan-Dec 2021", "2020-21", "2020/21", "value at 2015 prices"])
def test_a_column_that_only_looks_like_a_period_stops(table, heading):
    with pytest.raises(InputError, match=r"no column for period|are fiscal years"):
        table(f"exporter,importer,product,{heading}", "CHN,DEU,811292,1")
    with pytest.raises(InputError, match="cannot be read as one"):
        table(f"exporter,importer,product,2022,{heading}", "CHN,DEU,811292,1,2")


def test_an_average_of_years_is_no_period_and_left_out_beside_one(table):
    with pytest.raises(InputError, match="no column for period"):
        table("exporter,importer,product,average 2019-2021", "CHN,DEU,811292,1")
    flows = table("exporter,importer,product,2022,average 2019-2021", "CHN,DEU,811292,1,2")
    assert values(flows, "period") == {"2022": 1} and "average 2019-2021 is not read" in str(flows.coverage)


def test_shares_and_totals_beside_periods_are_left_out_and_said(table):
    flows = table("exporter,importer,product,2021,2022p,share 2022,Total", "CHN,DEU,811292,3,4,0.5,7")
    assert values(flows, "period") == {"2021": 3, "2022": 4}
    assert "share 2022 is not read" in str(flows.coverage) and "Total is not read" in str(flows.coverage)
