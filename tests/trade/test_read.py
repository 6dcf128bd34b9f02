"""Inputs that real users stumbled over, with the right behaviour; the files lie in traps/ under their numbers."""

from __future__ import annotations

import gzip
import json
import shutil
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geoecon.errors import InputError
from geoecon.flows import CoverageWarning, read_flows
from geoecon.indicators import dependence

TRAPS = Path(__file__).parent / "traps"


def read(name, **options):
    return read_flows(TRAPS / name, quiet=True, **options)


def values(flows):
    return flows.to_frame().set_index("exporter")["value_usd"].to_dict()


def test_leading_zeros_stay_and_vintage_and_revision_are_recorded():
    flows = read("01_baci_leading_zeros")
    table = flows.to_frame()
    assert set(table["product"]) == {"010121", "020130", "040690", "281111", "854231"}
    assert table["value_usd"].sum() == 175_499_375
    assert table.loc[table["product"].str.startswith("01"), "value_usd"].sum() == 12_500
    assert not table["product"].str.startswith("10").any()
    assert set(table["exporter"]) == {"CHN", "AUS", "FRA", "JPN", "USA"}
    assert (flows.hs, flows.vintage) == ("HS17", "202501")
    assert flows.coverage.item("product codes against the product table").detail == "0 codes unmatched"


def test_late_leading_zeros_beyond_any_sample(tmp_path):
    """A code with a leading zero appears only after twenty thousand rows that look like numbers."""
    rows = ["t,i,j,k,v,q"]
    rows += [f"2022,{i},410,{k},1.000,1.000" for k in range(280000, 280190) for i in (156, 392, 842, 276, 36, 76, 124)]
    rows += ["2022,156,410,010121,5.000,1.000"]
    for size in (1, 40):
        path = tmp_path / f"BACI_HS17_Y2022_V20250{size}.csv"
        path.write_text("\n".join(rows) + "\n")
        assert "010121" in set(read_flows(path, quiet=True).to_frame()["product"])


def test_missing_and_zero_quantities_differ():
    flows = read("02_baci_missing_quantity.csv")
    table = flows.unit_values().set_index("exporter")
    assert table["value_usd"].sum() == 80_297_975
    assert table["tonnes"].isna().sum() == 3 and table.loc["FRA", "tonnes"] == 0
    assert round(table["tonnes"].sum(), 1) == 21_820.4
    assert round(flows.coverage.tonnes_by_value, 4) == 0.6129
    assert round(table.loc["JPN", "usd_per_kg"], 4) == 2.2810 and table.loc["TWN", "usd_per_kg"] == 2.0
    assert table["usd_per_kg"].isna().sum() == 4 and np.isfinite(table["usd_per_kg"].dropna()).all()


def test_world_rows_are_not_counted_beside_partners():
    flows = read("04_comtrade_world_rows.json")
    found = dependence(flows, "KOR", "JPN").table.set_index("product")
    assert found.loc["281111", "imports"] == 159_420_000
    assert round(found.loc["281111", "import_share"], 4) == 0.4194
    assert round(found.loc["281111", "supplier_hhi"], 4) == 0.4496
    assert round(found.loc["370790", "import_share"], 4) == 0.9030
    assert set(flows.to_frame()["exporter"]) == {"JPN", "CHN", "TWN", "USA"}
    assert "1,000,000 USD of the World row is unallocated (0.33%); shares are of the allocated" in str(flows.coverage)


def test_reexports_are_part_of_exports_and_the_concept_is_named():
    told = read("06_comtrade_reexports.json").reported.set_index("partner")
    assert told.loc["WLD", "exports"] == 500_000_000 and told.loc["WLD", "domestic_exports"] == 30_000_000
    assert told.loc["WLD", "imports"] == 600_000_000
    gross = read("06_comtrade_reexports.json", report="exporter")
    domestic = read("06_comtrade_reexports.json", report="exporter", exports="domestic")
    assert gross.to_frame()["value_usd"].tolist() == [120_000_000] and "gross" in gross.concept
    assert domestic.to_frame()["value_usd"].tolist() == [2_000_000] and "domestic" in domestic.concept


def test_as_many_records_as_the_limit_is_refused():
    with pytest.raises(InputError, match=r"\(5\) equals the limit \(5\).*split the request by period or partner"):
        read("08_comtrade_truncated.json", limit=5)
    assert read("08_comtrade_truncated.json", limit=6).to_frame()["value_usd"].sum() == 3_500


def test_an_empty_or_denied_reply_says_why():
    with pytest.raises(InputError, match=r"0 records.*YYYY for annual or YYYYMM for monthly"):
        read("09_comtrade_no_data/empty.json")
    with pytest.raises(InputError, match=r"error 401 .*invalid subscription key"):
        read("09_comtrade_no_data/denied.json")


def test_byte_order_mark_and_carriage_returns():
    flows = read("10_excel_utf8_bom_crlf.csv")
    table = flows.to_frame()
    assert table.columns[0] == "period" and table["value_usd"].sum() == 46_460_000
    assert round(dependence(flows, "KOR", "JPN").table["import_share"].iloc[0], 4) == 0.9785


def test_semicolons_decimal_commas_and_windows_encoding_are_read_and_reported():
    flows = read("11_french_excel.csv")
    assert values(flows) == {"CIV": 1_234_567.89, "GHA": 765_432.11}
    assert flows.to_frame().set_index("exporter")["tonnes"].to_dict() == {"CIV": 512.5, "GHA": 300.0}
    assert set(flows.to_frame()["product"]) == {"180100"}
    told = str(flows.coverage)
    assert "delimiter ;" in told and "decimal comma" in told and "byte 56 is 0xF4" in told


def test_huge_values_do_not_wrap_and_lost_digits_are_said():
    flows = read("14_huge_values.csv")
    table = flows.to_frame().set_index("importer")["value_usd"]
    assert table["VNM"] == 11_852_014_614 and table["CHN"] > 0
    assert "9007199254740992" in flows.coverage.item("values beyond exact whole numbers").detail


def test_duplicates_stop_with_their_lines():
    with pytest.raises(InputError, match=r"lines 2 and 5.*same value[\s\S]*lines 3 and 6.*100 and 120"):
        read("15_duplicate_keys.csv")
    summed = read("15_duplicate_keys.csv", duplicates="sum")
    assert summed.to_frame()["value_usd"].sum() == 427
    assert round(dependence(summed, "KOR", "JPN").table["import_share"].iloc[0], 4) == 0.4684
    with pytest.raises(InputError, match=r"^15_duplicate_keys.csv: lines 3 and 6") as stop:
        read("15_duplicate_keys.csv", duplicates="drop")
    assert "lines 2 and 5" not in str(stop.value)


def test_empty_files_stop_and_the_archive_is_read_as_downloaded():
    with pytest.raises(InputError, match="file is empty"):
        read("16_empty_and_zip/zero_bytes.csv")
    with pytest.raises(InputError, match="no data rows below the header"):
        read("16_empty_and_zip/header_only.csv")
    flows = read("16_empty_and_zip/BACI_HS17_V202501.zip")
    assert flows.to_frame().set_index("period")["value_usd"].to_dict() == {"2021": 42_000_000, "2022": 45_210_500}
    assert (flows.hs, flows.vintage) == ("HS17", "202501")


def test_two_hs_revisions_are_no_series_without_a_correspondence():
    with pytest.raises(InputError, match=r"HS12 and HS17.*Y2016.*Y2018"):
        read("17_hs_revision_mix")
    flows = read("17_hs_revision_mix", correspondence={"690890": ["690721", "690722", "690723"]})
    found = dependence(flows, "KOR", "CHN").table.set_index("period")
    assert found["imports"].to_dict() == {"2016": 400_000_000, "2018": 420_000_000}
    assert found["import_share"].round(4).to_dict() == {"2016": 0.75, "2018": 0.7381}


def test_two_revisions_in_one_comtrade_reply_stop(tmp_path):
    reply = json.loads((TRAPS / "08_comtrade_truncated.json").read_text())
    reply["data"][0]["classificationCode"] = "H4"
    (tmp_path / "mixed.json").write_text(json.dumps(reply))
    with pytest.raises(InputError, match="HS12, HS17 in one table"):
        read_flows(tmp_path / "mixed.json", quiet=True)


def test_codes_are_not_measures():
    table = read("18_codes_are_not_measures.csv").aggregate(4).to_frame()
    assert table.to_dict("records") == [
        {"period": "2017", "exporter": "BTN", "importer": "IND", "product": "7202", "value_usd": 118_622_102.0,
         "tonnes": pytest.approx(105_721.028, abs=1e-9)}
    ]  # fmt: skip


def test_product_spellings_are_repaired_or_refused_never_padded(tmp_path):
    with pytest.raises(InputError, match=r"line 8.*2\.81111E\+05[\s\S]*line 9.*'40690': 5 digits"):
        read("19_product_code_spellings.csv")
    good = (TRAPS / "19_product_code_spellings.csv").read_text().splitlines()[:7]
    (tmp_path / "good.csv").write_text("\n".join(good))
    flows = read_flows(tmp_path / "good.csv", quiet=True)
    assert flows.aggregate(6).to_frame()["value_usd"].tolist() == [63]
    assert set(flows.to_frame()["product"]) == {"281111", "2811111000"}
    assert "6 spellings" in flows.coverage.item("product codes written in another form").detail


def test_comtrade_numbers_of_countries():
    flows = read("20_comtrade_country_codes.csv")
    assert values(flows) == {
        "USA": 1000, "FRA": 2000, "IND": 4000, "CHE": 8000, "NOR": 16000, "ITA": 32000, "TWN": 64000, "BEL": 128000,
        "DEU": 256000, "NAM": 512000,
    }  # fmt: skip
    told = str(flows.coverage)
    assert "490 is TWN: Other Asia, nes (490)" in told and "Liechtenstein" in told and "Svalbard" in told


def test_a_joint_report_is_neither_country():
    flows = read("21_belgium_luxembourg.csv")
    found = dependence(flows, "KOR", "BEL").table.set_index("period")
    assert np.isnan(found.loc["1998", "import_share"]) and "Belgium-Luxembourg" in found.loc["1998", "reason"]
    assert found.loc["1999", "import_share"] == 0.225
    assert dependence(flows, "KOR", "BLX").table.set_index("period").loc["1998", "import_share"] == 0.25


def test_the_country_table_of_baci_is_not_needed():
    assert values(read("24_baci_country_table")) == {"NAM": 10_000, "TWN": 20_000, "ZA1": 30_000, "JPN": 40_000}


def test_country_names_stop_with_their_lines(tmp_path):
    with pytest.raises(InputError, match=r"line 27.*KOR.*PRK[\s\S]*line 28.*COG.*COD[\s\S]*line 29.*Atlantis.*nearest"):
        read("25_country_names.csv")


def test_eurostat_codes_and_the_union_as_an_aggregate():
    flows = read("27_eurostat_codes.csv")
    assert values(flows) == {"GRC": 3, "GBR": 28, "XKX": 32, "SRB": 64}
    assert flows.coverage.item("aggregates set aside (World, EU and the like)").value_usd == 128


def test_a_country_is_not_its_own_supplier():
    flows = read("40_self_trade.csv")
    found = dependence(flows, "CHN").table.set_index("exporter")
    assert found["import_share"].round(4).to_dict() == {"KOR": 0.5556, "TWN": 0.3333, "JPN": 0.1111}
    assert found["imports"].iloc[0] == 900 and round(found["supplier_hhi"].iloc[0], 6) == 0.432099
    assert "CHN 100 USD, 10.0% of its reported total" in str(flows.coverage)


def test_an_unspecified_product_is_counted_and_never_ranked():
    flows = read("41_unspecified_product.csv")
    found = dependence(flows, "CHN").table
    assert set(found["product"]) == {"260112"}
    assert found.set_index("exporter")["import_share"].round(4).to_dict() == {"AUS": 0.8667, "ZAF": 0.1333}
    parts = flows.specified().set_index("exporter")
    assert parts["share"].round(4).to_dict() == {"ZAF": 0.2105, "AUS": 0.9630}
    assert parts["total"].sum() == 92e9 and round(parts["specified"].sum() / parts["total"].sum(), 4) == 0.6522


def test_the_two_sides_of_a_flow_are_never_averaged_or_added():
    flows = read("43_mirror_gap/comtrade.json")
    assert values(flows) == {"JPN": 42_000_000, "CHN": 58_000_000}
    both = flows.mirror().set_index(["exporter", "importer"])
    assert round(both.loc[("JPN", "KOR"), "ratio"], 2) == 6.54 and both.loc[("JPN", "KOR"), "outside_cif_margin"]
    assert round(both.loc[("CHN", "KOR"), "ratio"], 4) == 1.0545 and not both.loc[("CHN", "KOR"), "outside_cif_margin"]
    filled = read("43_mirror_gap/comtrade.json", report="mirror").to_frame()
    viet = filled[filled["importer"] == "VNM"].iloc[0]
    assert viet["value_usd"] == 3_000_000 and viet["reported_by"].startswith("mirror: exporter (FOB")
    exporter = read("43_mirror_gap/comtrade.json", report="exporter")
    assert round(dependence(exporter, "KOR", "JPN").table["import_share"].iloc[0], 4) == 0.1045
    assert dependence(flows, "KOR", "JPN").table["import_share"].iloc[0] == 0.42


def test_an_importer_without_imports_has_no_concentration_and_disturbs_nobody():
    flows = read("45_importer_without_imports.csv")
    found = {c: dependence(flows, c).table.drop_duplicates("product").set_index("product") for c in ("KOR", "MNG")}
    assert found["KOR"]["supplier_hhi"].round(4).to_dict() == {"281111": 0.52, "370790": 0.82}
    assert np.isnan(found["MNG"].loc["281111", "supplier_hhi"])
    assert found["MNG"].loc["281111", "reason"] == "no imports" and found["MNG"].loc["281111", "imports"] == 0
    assert found["MNG"].loc["370790", "supplier_hhi"] == 1 and found["MNG"].loc["370790", "imports"] == 5
    every = pd.concat(found.values())["supplier_hhi"]
    assert every.loc["281111"].mean() == 0.52 and every.loc["281111"].count() == 1


def test_a_sole_supplier_has_no_finite_cost():
    flows = read("47_sole_supplier.csv")
    row = dependence(flows, "KOR", "JPN").table.iloc[0]
    assert row["import_share"] == 1 and row["supplier_hhi"] == 1 and np.isnan(row["cutoff_cost"])
    assert row["reason"] == "no finite value: sole supplier and no domestic share" and np.isfinite(row["rank_cost"])
    with_home = dependence(flows, "KOR", "JPN", domestic_share=0.3).table.iloc[0]
    assert round(with_home["cutoff_loss"], 6) == 0.401324
    with pytest.raises(InputError, match="elasticity 1"):
        dependence(flows, "KOR", "JPN", elasticity=1)


def test_two_vintages_of_a_year_stop_and_each_result_carries_its_own():
    with pytest.raises(InputError, match=r"Y2021_V202301.*Y2021_V202501"):
        read("48_two_vintages")
    for vintage, share in (("202301", 0.42), ("202501", 0.3582)):
        found = dependence(read(f"48_two_vintages/BACI_HS17_Y2021_V{vintage}.csv"), "KOR", "JPN")
        assert vintage in found.vintage and round(found.table["import_share"].iloc[0], 4) == share


def test_a_line_break_in_quotes_does_not_shift_line_numbers(tmp_path):
    with pytest.raises(InputError, match=r"line 6, exporter: unknown country 'XXX'"):
        read("91_long_and_odd_names/trade.csv")
    text = (TRAPS / "91_long_and_odd_names/trade.csv").read_text()
    (tmp_path / "trade.csv").write_text(text[: text.index("2019-07,XXX")])
    flows = read_flows(tmp_path / "trade.csv", quiet=True)
    assert len(flows.to_frame()) == 3 and flows.to_frame()["value_usd"].sum() == 7
    assert len(flows.product_names["281111"]) == 617
    assert flows.product_names["392099"] == 'People\'s "Sample" Works, Co.'


def test_missing_numbers_are_null_in_strict_json(tmp_path):
    from geoecon.indicators import scan

    flows = read("95_missing_in_json.csv")
    scan(flows, importer="KOR", out=tmp_path / "scan.json")

    def refuse(word):
        raise AssertionError(word)

    rows = json.loads((tmp_path / "scan.json").read_text(), parse_constant=refuse)
    japan = next(row for row in rows if row["exporter"] == "JPN")
    assert japan["tonnes"] is None and japan["supplier_hhi"] == 0.625
    empty = dependence(flows, "MNG").table.iloc[0]
    assert np.isnan(empty["supplier_hhi"]) and empty["reason"] == "no imports"


def test_a_bad_file_leaves_the_good_one_and_no_rest(tmp_path):
    target = tmp_path / "flows.parquet"
    read("10_excel_utf8_bom_crlf.csv").write(target)
    before = target.read_bytes()
    from geoecon.flows import convert

    with pytest.raises(InputError) as stop:
        convert(TRAPS / "96_half_written/trade.csv", target)
    told = str(stop.value)
    for words in ("line 3, value_usd: negative value -5", "line 4, value_usd: 1e400 is not finite",
                  "line 5, value_usd: 'abc' is not a number", "line 6: 5 fields", "line 7: 7 fields"):  # fmt: skip
        assert words in told
    assert target.read_bytes() == before and [p.name for p in tmp_path.iterdir()] == ["flows.parquet"]


def test_the_first_twenty_faults_and_their_count(tmp_path):
    rows = "\n".join(f"2022,JPN,KOR,28{k:04d},-1,1" for k in range(30))
    (tmp_path / "bad.csv").write_text("period,exporter,importer,product,value_usd,tonnes\n" + rows)
    with pytest.raises(InputError, match="and 10 more"):
        read_flows(tmp_path / "bad.csv")


def test_text_columns_keep_their_zeros_and_namibia(tmp_path):
    table = pd.read_csv(TRAPS / "97_text_columns.tsv", sep="\t", dtype=str, keep_default_na=False)
    rows = table.rename(columns={"iso2": "exporter", "k": "product"}).assign(
        period="2022", importer="JPN", value_usd=1.0
    )
    found = read_flows(rows[["period", "exporter", "importer", "product", "value_usd"]], quiet=True).to_frame()
    assert set(zip(found["exporter"], found["product"], strict=True)) == {("NAM", "010121"), ("KOR", "281111")}


def test_a_header_in_another_language_is_read_and_said(tmp_path):
    path = tmp_path / "wert.csv"
    path.write_text("Jahr;Exportland;Importland;Warennummer;Wert_USD\n2022;Japan;Teutonia;281111;1.234,5\n")
    with pytest.raises(InputError, match=r"unknown country 'Teutonia'.*nearest"):
        read_flows(path)
    path.write_text("Jahr;Exportland;Importland;Warennummer;Wert_USD\n2022;Japan;Deutschland;281111;1.234,5\n")
    flows = read_flows(path, quiet=True)
    assert values(flows) == {"JPN": 1234.5} and "heading 'Jahr' read as period" in str(flows.coverage)
    path.write_text("urtea;z;do;salgaia;balioa\n2022;Japan;Germany;281111;1\n")
    with pytest.raises(InputError, match=r"line 1: no column for period, exporter.*the header has urtea, z") as stop:
        read_flows(path)
    assert "columns=" in str(stop.value)
    renames = {"period": "urtea", "exporter": "z", "importer": "do", "product": "salgaia", "value_usd": "balioa"}
    assert values(read_flows(path, columns=renames, quiet=True)) == {"JPN": 1}


def test_a_gzip_that_ends_early_stops(tmp_path):
    whole = gzip.compress(b"t,i,j,k,v,q\n" + b"2022,392,410,281111,1.0,1.0\n" * 1)
    (tmp_path / "BACI_HS17_Y2022_V202501.csv.gz").write_bytes(whole)
    assert read_flows(tmp_path / "BACI_HS17_Y2022_V202501.csv.gz", quiet=True).to_frame()["value_usd"].tolist() == [
        1000
    ]
    (tmp_path / "cut.csv.gz").write_bytes(whole[:-9])
    with pytest.raises(InputError, match="gzip ends early"):
        read_flows(tmp_path / "cut.csv.gz")


@pytest.mark.parametrize("name", ["cut.zip", "cut.parquet", "cut.xlsx", "cut.json"])
def test_a_damaged_file_stops(tmp_path, name):
    (tmp_path / name).write_bytes(b"PK\x03\x04 not whole")
    with pytest.raises(InputError, match=r"cut\."):
        read_flows(tmp_path / name)


def test_a_pasted_sheet_with_a_title_above(tmp_path):
    import openpyxl

    book = openpyxl.Workbook()
    page = book.active
    page.append(["Imports of Korea, downloaded 2023"])
    page.append([])
    page.append([None, "period", "exporter", "importer", "product", "value_usd", "tonnes"])
    page.append([None, 2022, "Japan", "Rep. of Korea", "010121", 1234.5, None])
    page.append([None, 2022, "China", "Rep. of Korea", 281111, 10, 2.5])
    book.save(tmp_path / "paste.xlsx")
    table = read_flows(tmp_path / "paste.xlsx", quiet=True).to_frame()
    assert table["product"].tolist() == ["010121", "281111"] and table["value_usd"].tolist() == [1234.5, 10.0]
    page["E5"] = 40690
    book.save(tmp_path / "paste.xlsx")
    with pytest.raises(InputError, match="line 5, product: '40690': 5 digits"):
        read_flows(tmp_path / "paste.xlsx")


def test_a_duckdb_file_is_read_only_by_table(tmp_path):
    import duckdb

    path = tmp_path / "trade.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute(
            "create table a as select 2022 as period, 'JPN' exporter, 'KOR' importer, '281111' product, 5 value_usd"
        )
    assert values(read_flows(path, quiet=True)) == {"JPN": 5}
    with duckdb.connect(str(tmp_path / "two.duckdb")) as con:
        con.execute("create table a as select 1 x; create table b as select 2 x")
    with pytest.raises(InputError, match="2 tables; allowed: table= one of a, b"):
        read_flows(tmp_path / "two.duckdb")


def test_what_is_set_aside_is_never_silent():
    with pytest.warns(CoverageWarning, match="aggregates set aside"):
        read_flows(TRAPS / "27_eurostat_codes.csv")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        read("27_eurostat_codes.csv")


def test_many_years_by_a_glob(tmp_path):
    for year in (2020, 2021):
        (tmp_path / f"BACI_HS17_Y{year}_V202501.csv").write_text(f"t,i,j,k,v,q\n{year},392,410,281111,1.0,1.0\n")
    shutil.copy(TRAPS / "01_baci_leading_zeros/country_codes_V202501.csv", tmp_path)
    assert read_flows(f"{tmp_path}/*.csv", quiet=True).periods() == ["2020", "2021"]
    with pytest.raises(InputError, match="no such file, folder or pattern"):
        read_flows(f"{tmp_path}/*.nothing")


def test_text_files_give_the_same_line_by_line_as_by_the_engine(monkeypatch):
    from geoecon.flows import text

    found = {name: read(name).to_frame() for name in ("02_baci_missing_quantity.csv", "11_french_excel.csv")}
    monkeypatch.setattr(text, "_regular", lambda *_: (None, True))
    for name, table in found.items():
        pd.testing.assert_frame_equal(read(name).to_frame(), table)
    for name in ("96_half_written/trade.csv", "19_product_code_spellings.csv", "25_country_names.csv"):
        with pytest.raises(InputError, match=r"line \d"):
            read(name)
    with pytest.raises(InputError, match="lines 2 and 5"):
        read("15_duplicate_keys.csv")


def test_numbers_that_read_two_ways_are_asked_for(tmp_path):
    head = "period\texporter\timporter\tproduct\tvalue_usd\ttonnes\n"
    path = tmp_path / "tab.tsv"
    path.write_text(head + "2022\tJPN\tKOR\t281111\t1,234\t1\n")
    with pytest.raises(InputError, match=r"1,234 can be a decimal comma or thousands.*decimal="):
        read_flows(path)
    assert values(read_flows(path, decimal=",", quiet=True)) == {"JPN": 1.234}
    assert values(read_flows(path, decimal=".,", quiet=True)) == {"JPN": 1234}
    path.write_text(head + "2022\tJPN\tKOR\t281111\t1,234,567.5\t1\n2022\tCHN\tKOR\t281111\t1,234\t1\n")
    flows = read_flows(path, quiet=True)
    assert values(flows) == {"JPN": 1_234_567.5, "CHN": 1234} and "comma between thousands" in str(flows.coverage)
    semicolon = tmp_path / "points.csv"
    semicolon.write_text(head.replace("\t", ";") + "2022;JPN;KOR;281111;1.234.567;1,5\n2022;CHN;KOR;281111;512,25;2\n")
    assert values(read_flows(semicolon, quiet=True)) == {"JPN": 1_234_567, "CHN": 512.25}
    quoted = tmp_path / "quoted.csv"
    quoted.write_text('period,exporter,importer,product,value_usd\n2022,JPN,KOR,281111,"1,5"\n')
    assert values(read_flows(quoted, quiet=True)) == {"JPN": 1.5}


def test_unknown_codes_stop_or_are_set_aside_and_listed(tmp_path):
    path = tmp_path / "BACI_HS17_Y2022_V202501.csv"
    path.write_text("t,i,j,k,v,q\n2022,392,410,281111,1.0,1.0\n2022,9998,410,281111,2.0,1.0\n")
    with pytest.raises(InputError, match="line 3, i: unknown country '9998'"):
        read_flows(path)
    flows = read_flows(path, unknown="aside", quiet=True)
    item = flows.coverage.item("unknown codes set aside")
    assert (item.rows, item.value_usd, item.detail) == (1, 2000.0, "9998") and values(flows) == {"JPN": 1000}


def test_codes_that_a_spreadsheet_made_decimal():
    frame = pd.DataFrame({"t": [2022.0], "i": [392.0], "j": [410.0], "k": ["281111"], "v": [1.5], "q": [None]})
    assert read_flows(frame, quiet=True).to_frame().to_dict("records")[0] == {
        "period": "2022", "exporter": "JPN", "importer": "KOR", "product": "281111", "value_usd": 1500.0,
        "tonnes": pytest.approx(float("nan"), nan_ok=True),
    }  # fmt: skip


def test_one_flow_in_two_files_stops(tmp_path):
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text("period,exporter,importer,product,value_usd\n2022,JPN,KOR,281111,5\n")
    with pytest.raises(InputError, match=r"a\.csv: line 2 and another table[\s\S]*b\.csv"):
        read_flows(f"{tmp_path}/*.csv")


def test_the_coverage_names_what_share_of_imports_has_a_product():
    told = read("41_unspecified_product.csv").coverage.item("product not specified, in totals but never ranked").detail
    assert told.startswith(
        "CHN: 0.6522 of 92\u2009000\u2009000\u2009000 USD names a product; by partner ZAF: 0.2105 of 38"
    )
    assert "AUS: 0.9630 of 54" in told
