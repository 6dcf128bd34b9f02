"""Inputs as offices publish and colleagues paste them, and siblings of each kind: right, or a stop that says how.

The files lie in traps/; figures are made up in realistic ranges, header lines are those of the official files.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geoecon.errors import InputError
from geoecon.flows import read_flows

TRAPS = Path(__file__).parent / "traps"
HEAD = "period,exporter,importer,product,value_usd"


def read(name, **options):
    return read_flows(TRAPS / name, quiet=True, **options)


def values(flows, key="exporter"):
    return flows.to_frame().set_index(key)["value_usd"].to_dict()


def told(flows):
    return str(flows.coverage)


@pytest.fixture
def put(tmp_path):
    def write(text, name="a.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return path

    return write


def table(put, header, *rows, **options):
    return read_flows(put("\n".join([header, *rows]) + "\n"), quiet=True, **options)


# 1. A column that changes the meaning of a row


def test_exports_are_never_imports():
    flows = read("flow-column-not-read/flows.csv")
    assert values(flows) == {
        "CHN": 1000,
        "USA": 500,
    } and "column flow says exports: 1 rows, 4\u2009000 USD: set aside" in told(flows)
    assert values(read("flow-column-not-read/reimports.csv")) == {"CHN": 100, "JPN": 800}


@pytest.mark.parametrize("heading", ["Flow", "flowCode", "Trade Flow", "direction", "수출입", "Warenverkehr"])
@pytest.mark.parametrize("words", [("Import", "Export"), ("M", "X"), ("imports", "exports"), ("1", "2")])
def test_a_flow_column_in_any_words(put, heading, words):
    rows = [f"2022,CHN,DEU,811292,1000,{words[0]}", f"2022,JPN,DEU,811292,4000,{words[1]}"]
    assert values(table(put, f"{HEAD},{heading}", *rows)) == {"CHN": 1000}


def test_japan_counts_exports_first(put):
    rows = ["2022,CHN,JPN,811292,1000,2", "2022,KOR,JPN,811292,4000,1"]
    assert values(table(put, f"{HEAD},Exp or Imp", *rows)) == {"CHN": 1000}


def test_a_flow_that_is_no_word_for_import_or_export_stops(put):
    with pytest.raises(InputError, match=r"column flow has the values.*'transit'.*only=.*--only flow"):
        table(put, f"{HEAD},flow", "2022,CHN,DEU,811292,1,M", "2022,JPN,DEU,811292,4,transit")
    with pytest.raises(InputError, match=r"says exports.*report='exporter'.*columns="):
        table(put, f"{HEAD},flow", "2022,CHN,DEU,811292,1,2", "2022,JPN,DEU,811292,4,2")


def test_reporter_and_partner_need_a_direction(put):
    head = "year,reporter,partner,product,value_usd"
    rows = ["2022,DEU,CHN,811292,1000", "2022,DEU,USA,811292,500"]
    with pytest.raises(InputError, match=r"imports or exports of the reporter.*flow='imports'"):
        table(put, head, *rows)
    assert values(table(put, head, *rows, flow="imports")) == {"CHN": 1000, "USA": 500}
    assert values(table(put, head, *rows, flow="exports"), "importer") == {"CHN": 1000, "USA": 500}


def test_comext_is_in_euro_and_kilograms():
    with pytest.raises(InputError, match=r"VALUE_IN_EUROS is in EUR.*unit="):
        read("flow-column-not-read/comext.csv")
    flows = read("flow-column-not-read/comext.csv", unit={"EUR": 1.05})
    assert values(flows) == {"CHN": 1050, "USA": 525} and flows.to_frame()["tonnes"].sum() == pytest.approx(0.025)
    flows = read("flow-column-not-read/sdmx.csv", unit={"EUR": 1.0})
    assert values(flows) == {"CHN": 1_000_000} and "flags beside values: c" in told(flows)


def test_units_by_line_are_understood_or_asked_for():
    with pytest.raises(InputError, match=r"column unit has the values 'million JPY' and 'thousand USD'.*--unit"):
        read("unit-column-not-read/flows.csv")
    flows = read("unit-column-not-read/flows.csv", unit={"JPY": 0.01})
    assert values(flows) == {"CHN": 100_000, "JPN": 8_000_000}


@pytest.mark.parametrize(
    ("unit", "factor"), [("USD", 1), ("thousand USD", 1e3), ("Mio. USD", 1e6), ("1000 US$", 1e3), ("US$ million", 1e6)]
)
def test_one_unit_other_than_dollars_is_never_left_out(put, unit, factor):
    flows = table(put, "period,exporter,importer,product,value,unit", f"2019,CHN,KOR,281111,1.5,{unit}")
    assert values(flows) == {"CHN": 1.5 * factor}


@pytest.mark.parametrize("unit", ["EUR", "million won", "Mrd. EUR", "yen"])
def test_one_currency_that_is_no_dollar_stops(put, unit):
    with pytest.raises(InputError, match="unit="):
        table(put, "period,exporter,importer,product,value,unit", f"2019,CHN,KOR,281111,1.5,{unit}")


def test_a_power_of_ten_and_a_unit_in_the_heading(put):
    head = "TIME_PERIOD,exporter,importer,product,OBS_VALUE,UNIT_MEASURE,UNIT_MULT"
    assert values(table(put, head, "2019,CHN,KOR,281111,1.5,USD,3")) == {"CHN": 1500}
    assert values(table(put, "year,exporter,importer,hs6,value (1000 USD)", "2019,CHN,KOR,281111,1.5")) == {"CHN": 1500}


def test_values_and_weights_below_each_other(put):
    head = "period,exporter,importer,product,indicator,value"
    rows = [
        "2019,CHN,KOR,281111,VALUE_USD,100", "2019,CHN,KOR,281111,QUANTITY_KG,5000",
        "2019,JPN,KOR,281111,VALUE_USD,300", "2019,JPN,KOR,281111,SUPPLEMENTARY_QUANTITY,7",
    ]  # fmt: skip
    found = table(put, head, *rows).to_frame().set_index("exporter")
    assert found["value_usd"].to_dict() == {"CHN": 100, "JPN": 300} and found.loc["CHN", "tonnes"] == 5
    with pytest.raises(InputError, match=r"indicator has the values.*only="):
        table(put, head, "2019,CHN,KOR,281111,alpha,1", "2019,JPN,KOR,281111,beta,2")
    assert values(table(put, head, "2019,CHN,KOR,281111,alpha,1", "2019,JPN,KOR,281111,beta,2",
                        only={"indicator": "alpha"})) == {"CHN": 1}  # fmt: skip


@pytest.mark.parametrize(
    ("heading", "total", "parts"),
    [("transport", "Total", ("sea", "air")), ("customs procedure", "C00", ("C01", "C05")),
     ("country of consignment", "World", ("DEU", "NLD")), ("motCode", "0", ("2100", "1000"))],
)  # fmt: skip
def test_parts_and_their_total_never_add(put, heading, total, parts):
    rows = [f"2019,CHN,KOR,281111,{usd},{part}" for part, usd in zip(parts, (30, 70), strict=True)]
    head = f"{HEAD},{heading}"
    assert values(table(put, head, *rows, f"2019,CHN,KOR,281111,100,{total}")) == {"CHN": 100}
    built = table(put, head, *rows)
    assert values(built) == {"CHN": 100} and "rebuilt" in told(built)


def test_a_year_with_a_column_of_months(put):
    head = "year,month,exporter,importer,product,value_usd"
    flows = table(put, head, "2019,1,CHN,KOR,281111,1", "2019,12,CHN,KOR,281111,2")
    assert flows.periods() == ["2019-01", "2019-12"]


# 2. Levels and totals


def test_three_levels_count_once():
    flows = read("mixed-hs-levels/flows.csv")
    assert values(flows) == {"CHN": 100, "JPN": 300} and set(flows.to_frame()["product"]) == {"281111"}
    assert read("mixed-hs-levels/flows.csv", digits=4).to_frame()["product"].unique().tolist() == ["2811"]
    assert flows.coverage.kept_value_usd == 400 and "totals of longer product codes" in told(flows)


def test_a_leaf_above_six_digits_repeats_nothing():
    assert values(read("leaf-above-six-digits/C_A_410_2020_H5.txt"), "product") == {
        "281111": 400, "281119": 200, "8542": 400,
    }  # fmt: skip


def test_short_codes_that_are_not_the_sum_stop(put):
    rows = ["2019,CHN,KOR,2811,100", "2019,CHN,KOR,281111,30", "2019,JPN,KOR,2811,50", "2019,JPN,KOR,281111,20"]
    with pytest.raises(InputError, match=r"not the sum of longer ones.*digits="):
        table(put, HEAD, *rows)
    assert table(put, HEAD, *rows, digits=6).to_frame()["value_usd"].sum() == 50


def test_a_year_and_its_months_count_once():
    flows = read("annual-and-monthly/flows.csv")
    assert flows.periods() == ["2019"] and values(flows) == {"CHN": 1200, "JPN": 800}
    assert flows.coverage.kept_value_usd == 2000 and "two frequencies: 2 months, 1 year" in told(flows)
    assert read("annual-and-monthly/flows.csv", frequency="month").periods() == ["2019-01", "2019-02"]
    assert values(read("annual-and-monthly/reply.json")) == {"CHN": 200, "JPN": 500}


def test_months_that_the_year_lacks_stop(put):
    rows = ["2019,CHN,KOR,281111,100", "2019-01,CHN,KOR,281111,10", "2019-02,JPN,KOR,281111,5"]
    with pytest.raises(InputError, match=r"two frequencies.*JPN to KOR 281111 stands in 2019-02.*frequency="):
        table(put, HEAD, *rows)


def test_quarters_and_their_months(put):
    rows = ["2019-Q1,CHN,KOR,281111,100", "2019-01,CHN,KOR,281111,40", "2019-04,CHN,KOR,281111,10"]
    assert table(put, HEAD, *rows).periods() == ["2019-04", "2019-Q1"]


def test_a_total_without_its_row_is_rebuilt_once():
    one = read("split-without-total/one_split.json")
    assert values(one) == {"DEU": 1000} and one.to_frame()["tonnes"].iloc[0] == pytest.approx(0.1)
    assert "rebuilt from 2 rows" in told(one)
    assert values(read("split-without-total/two_splits.json")) == {"DEU": 1000}
    assert values(read("split-without-total/two_splits.json", duplicates="sum")) == {"DEU": 1000}


def test_two_splits_that_differ_stop(put):
    reply = json.loads((TRAPS / "split-without-total/two_splits.json").read_text())
    reply["data"][-1]["primaryValue"] += 500
    with pytest.raises(InputError, match=r"sums to 1,000 and .* sums to 1,500"):
        read_flows(put(json.dumps(reply), "a.json"))


def test_china_beside_its_mainland_is_a_sum(put):
    rows = ["2019,China,KOR,281111,110", '2019,"China, mainland",KOR,281111,100', "2019,Hong Kong,KOR,281111,10"]
    assert values(table(put, HEAD, *rows)) == {"CHN": 100, "HKG": 10}


def test_one_flow_under_two_spellings_with_one_value_stops(put):
    with pytest.raises(InputError, match="two spellings with the same value"):
        table(put, HEAD, "2019,South Korea,JPN,281111,100", "2019,Rep. of Korea,JPN,281111,100")


# 3. Which system a number belongs to


def test_groups_of_the_census_are_no_countries():
    assert len(read("census-group-codes/groups_only.csv").to_frame()) == 0
    flows = read("census-group-codes/with_countries.csv")
    assert values(flows) == {"JPN": 100, "ROW": 350} and "5880 read as Japan" in told(flows) and "NAFTA" in told(flows)


@pytest.mark.parametrize("code", ["0020", "5880", "0392"])
def test_four_digits_are_no_un_number(put, code):
    with pytest.raises(InputError, match="no UN or ISO number"):
        table(put, HEAD, f"2019,{code},KOR,281111,1")


def test_numbers_that_two_offices_use_stop_with_both_readings():
    with pytest.raises(InputError, match=r"304 is Greenland to the UN, United States to Japan's customs.*numbers="):
        read("national-country-numbers/japan_one_partner.csv")
    assert values(read("national-country-numbers/japan_one_partner.csv", numbers="japan")) == {"USA": 100}
    assert values(read("national-country-numbers/japan_one_partner.csv", numbers="comtrade")) == {"GRL": 100}
    with pytest.raises(InputError, match="344 is Hong Kong SAR to the UN, Russia to China's customs"):
        read("national-country-numbers/china_two_partners.csv")
    assert values(read("national-country-numbers/china_two_partners.csv", numbers="china")) == {"RUS": 600, "JPN": 400}


def test_japan_s_own_layout():
    assert values(read("national-country-numbers/nine_digits.csv")) == {"USA": 100, "KOR": 50}
    with pytest.raises(InputError, match="thousand JPY"):
        read("national-country-numbers/japan_layout.csv")
    flows = read("national-country-numbers/japan_layout.csv", unit={"JPY": 0.01})
    assert values(flows) == {"KOR": 21_000, "USA": 14_000} and flows.periods() == ["2019"]
    assert flows.to_frame()["tonnes"].tolist() == [0.9, 0.4]


def test_the_coverage_says_what_numbers_were_read_as(put):
    assert "96 read as Brunei" in told(table(put, HEAD, "2019,96,KOR,281111,1", "2019,156,KOR,281111,1"))
    assert values(table(put, HEAD, "2019,96,KOR,281111,1", numbers="fao")) == {"HKG": 1}


def test_sitc_is_named_and_read_when_it_is_said(put):
    with pytest.raises(InputError, match="SITC"):
        table(put, HEAD, "2019,CHN,KOR,33411,1")
    assert values(table(put, HEAD, "2019,CHN,KOR,33411,1", classification="SITC"), "product") == {"33411": 1}


# 4. Numbers


def test_one_cell_that_proves_it_settles_the_file():
    assert read("thousands-separators/proof_in_last_line.csv").to_frame()["value_usd"].sum() == 2_003_606.25
    assert read("thousands-separators/proof_in_middle.csv").to_frame()["value_usd"].sum() == 2_012_607.25


def test_numbers_that_prove_nothing_are_asked_for():
    with pytest.raises(InputError, match=r"line 2, value_usd: 3\.456 can be .*3\.456 or 3456.*--decimal"):
        read("thousands-separators/undecided.csv")
    assert read("thousands-separators/undecided.csv", decimal=",").to_frame()["value_usd"].sum() == 15_956
    assert read("thousands-separators/undecided.csv", decimal=".").to_frame()["value_usd"].sum() == 15.956


def test_two_decimal_signs_in_one_file_stop(put):
    with pytest.raises(InputError, match=r"line 2.*another sign[\s\S]*line 3.*another sign"):
        table(put, HEAD, "2019,CHN,KOR,281111,1.25", '2019,JPN,KOR,281111,"1,25"')


def test_the_proof_may_stand_beyond_any_sample(put):
    rows = [f"2019;CHN;KOR;28{k:04d};3.456" for k in range(5000)] + ["2019;CHN;KOR;900000;1.234.567,5"]
    found = read_flows(put(HEAD.replace(",", ";") + "\n" + "\n".join(rows)), quiet=True)
    assert found.to_frame()["value_usd"].sum() == 5000 * 3456 + 1_234_567.5


def test_weight_zero_beside_a_value_is_not_known():
    flows = read("weight-zero-unknown/C_A_410_2020_H5.txt")
    found = flows.to_frame().set_index("product")
    assert np.isnan(found.loc["282520", "tonnes"]) and found.loc["811292", "tonnes"] == pytest.approx(0.004)
    assert flows.coverage.tonnes_by_value == pytest.approx(0.3)
    assert found["estimated"].to_dict() == {"281111": False, "282520": False, "811292": True}
    assert "weights estimated by the service: 1 rows" in told(flows)


# 5. Text


def test_flags_and_suppressed_cells():
    flows = read("eurostat-flags-and-suppressed/flows.csv")
    found = flows.to_frame()
    fluoride = found[found["product"] == "281111"].set_index("exporter")["value_usd"]
    assert fluoride.dropna().to_dict() == {"CHN": 100, "USA": 1200, "XXX_NES": 50}
    assert fluoride.isna().sum() == 2 and "no number: : c" in told(flows) and "flag p" in told(flows)
    assert flows.coverage.item("product not specified, in totals but never ranked").value_usd == 77
    from geoecon.indicators import scan

    assert set(scan(flows, "DEU").table["product"]) == {"281111"}


@pytest.mark.parametrize("cell", [":", ": c", ":c", "(D)", "(c)", "..", "n.a.", "x", "–", "*", "(S)"])
def test_every_mark_of_a_missing_number(put, cell):
    found = table(put, HEAD, f"2019,CHN,KOR,281111,{cell}", "2019,JPN,KOR,281111,5").to_frame()
    assert found["value_usd"].isna().tolist() == [True, False]


def test_the_csv_of_the_comtrade_page():
    flows = read("comtrade-web-csv/TradeData.csv")
    assert values(flows) == {"JPN": 2500, "TUR": 500} and flows.hs == "HS17"
    assert "one more" in told(flows) or "1 empty field more" in told(flows)


def test_titles_above_and_notes_below():
    for name in ("titles.csv", "titles.xlsx"):
        flows = read(f"titles-above-notes-below/{name}")
        assert values(flows) == {"CHN": 100_000, "JPN": 300_000} and "times 1,000" in told(flows)
    flows = read("titles-above-notes-below/footer.csv")
    assert values(flows) == {"CHN": 100, "JPN": 300} and "2 lines below the table" in told(flows)


def test_a_total_line_below_is_set_aside(put):
    flows = table(put, HEAD, "2019,CHN,KOR,281111,100", "Total,,,,100")
    assert values(flows) == {"CHN": 100} and "is a total" in told(flows)


def test_bytes_of_no_known_page_stop_with_their_place():
    name = "japanese-cp932/names_cp932.csv"
    with pytest.raises(InputError, match=r"names_cp932.csv line 2: byte 86 .*encoding=.*--encoding"):
        read(name)
    flows = read(name, encoding="cp932")
    assert flows.product_names == {"370790": "感光材①"} and flows.to_frame()["value_usd"].sum() == 200
    with pytest.raises(InputError, match="line 2: byte 92 is not shift_jis"):
        read(name, encoding="shift_jis")


@pytest.mark.parametrize("page", ["cp932", "gb18030", "cp949", "cp1251"])
def test_names_in_other_scripts_never_turn_to_rubbish(put, page):
    name = {"cp932": "感光材料", "gb18030": "光刻胶", "cp949": "불화수소", "cp1251": "плавиковая кислота"}[page]
    text = f"{HEAD},product_name\n2019,CHN,KOR,281111,1,{name}\n"
    with pytest.raises(InputError, match="encoding="):
        read_flows(put(text, encoding=page))
    assert read_flows(put(text, encoding=page), encoding=page, quiet=True).product_names == {"281111": name}


# an exporters' reply; shares of what


def test_a_reply_of_exporters_alone():
    from geoecon.indicators import scan

    flows = read("exports-only-reply/exports.csv")
    assert values(flows) == {"SGP": 700, "CHN": 200, "JPN": 100} and "no importer's report" in told(flows)
    row = scan(flows, "VNM").table.iloc[0]
    assert row["supplier_hhi"] == pytest.approx(0.54)
    flows = read("exports-only-reply/exports.csv", exports="domestic")
    assert values(flows) == {"SGP": 50, "CHN": 200, "JPN": 100}
    assert "re-exports unknown for CHN, JPN" in told(flows)
    row = scan(flows, "VNM").table.iloc[0]
    assert row["supplier_hhi"] == pytest.approx(0.428571, abs=5e-7) and row["top_supplier"] == "CHN"


def test_the_world_row_and_its_parts(put):
    flows = read("share-of-what/flows.csv")
    assert "allocated are 800 USD, of them 200 not specified" in told(flows)
    text = (TRAPS / "share-of-what/flows.csv").read_text().replace(",1000,", ",500,")
    assert "the partners sum to 300 USD more than the World row" in told(read_flows(put(text), quiet=True))


def test_rows_set_aside_go_to_a_file_with_the_reason(tmp_path):
    read("mixed-hs-levels/flows.csv", aside=tmp_path / "aside.csv")
    found = pd.read_csv(tmp_path / "aside.csv", dtype={"product": str})
    assert found["value_usd"].sum() == 800 and set(found["reason"]) == {"totals of longer product codes, set aside"}


@pytest.mark.parametrize("heading", ["kind", "trade_flow_desc", "Einfuhr/Ausfuhr"])
def test_a_flow_by_its_values_whatever_its_name(put, heading):
    rows = ["2022,CHN,DEU,811292,10,Imports", "2022,JPN,DEU,811292,40,Exports"]
    assert values(table(put, f"{HEAD},{heading}", *rows)) == {"CHN": 10}


def test_units_by_their_values_whatever_their_name(put):
    rows = ["2022,CHN,DEU,811292,10,thousand USD", "2022,JPN,DEU,811292,40,million JPY"]
    with pytest.raises(InputError, match="column basis has the values"):
        table(put, "period,exporter,importer,product,value,basis", *rows)


def test_the_layouts_of_offices(put):
    korea = "기간,국가코드,HS코드,수출 중량,수출 금액,수입 중량,수입 금액\n2022.01,CN,281111,1,2,3000,400\n"
    flows = read_flows(put(korea), quiet=True)
    assert values(flows) == {"CHN": 400} and flows.periods() == ["2022-01"] and flows.to_frame()["tonnes"].iloc[0] == 3
    census = "CTY_CODE,CTY_NAME,I_COMMODITY,GEN_VAL_MO,time\n5700,CHINA,281111,100,2022-01\n-,ALL,281111,100,2022-01\n"
    assert values(read_flows(put(census), quiet=True)) == {"CHN": 100}
    china = "数据年月,商品编码,贸易伙伴编码,第一数量,第一计量单位,美元\n202201,27090000,344,1000,千克,600\n"
    with pytest.raises(InputError, match="--flow"):
        read_flows(put(china))
    assert values(read_flows(put(china), flow="imports", quiet=True)) == {"RUS": 600}
    fao = (
        "Reporter Country Code,Partner Country Code,Item Code,Element,Year,Unit,Value\n"
        "110,231,15,Import Quantity,2020,tonnes,2000\n110,231,15,Import Value,2020,1000 USD,500\n"
        "110,96,15,Export Value,2020,1000 USD,5\n"
    )
    flows = read_flows(put(fao), quiet=True)
    assert values(flows) == {"USA": 500_000} and flows.to_frame()["tonnes"].tolist() == [2000]
