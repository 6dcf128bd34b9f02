"""Matrices with totals inside, titles above and names of countries; tidy tables without a kind of rows."""

import warnings

import pytest

import geoecon as ge
from geoecon.errors import InputError
from geoecon.production import read_table

HEAD = "use,from_region,from_sector,to_region,to_sector,value_usd_million\n"
INNER = "intermediate,CHN,A,KOR,B,40\nintermediate,KOR,B,KOR,B,10\n"
OUTER = "final,CHN,A,CHN,households,100\nfinal,KOR,B,KOR,households,90\n"
FACE, THROUGH = 0.4, 0.4 / 0.9  # 40 of an output of 100; each unit of KOR/B needs 1 / (1 - 0.1) of itself


def shares(path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = ge.reliance(read_table(path), "KOR", "CHN")
    return found.sentence(), " ".join(found.notes)


def matrix(tmp_path, head, *rows, title=""):
    path = tmp_path / "2018_SML.csv"
    path.write_text(title + "\n".join([head, *rows]) + "\n")
    return path


@pytest.mark.parametrize("label", ["TII", "INTERM", "Total intermediate consumption"])
def test_a_column_that_others_add_up_to_is_no_demand(tmp_path, label):
    rows = ("CHN_A,0,40,40,100,0,140", "KOR_B,0,10,10,0,90,100", "VA,140,50,190,0,0,0")
    told, notes = shares(matrix(tmp_path, f",CHN_A,KOR_B,{label},CHN_HFCE,KOR_HFCE,OUT", *rows))
    assert "buy 40 %" in told and "44.4 %" in told
    assert f"column {label} is the total of all industries" in notes


def test_a_total_of_one_regions_final_demand_is_left_out(tmp_path):
    rows = ("CHN_A,0,40,100,0,0,0,140", "KOR_B,0,10,0,60,30,90,100", "VA,140,50,0,0,0,0,0")
    head = ",CHN_A,KOR_B,CHN_HFCE,KOR_HFCE,KOR_GFCF,KOR_FD,OUT"
    told, notes = shares(matrix(tmp_path, head, *rows))
    assert "buy 40 %" in told and "column KOR_FD is the total of KOR_HFCE, KOR_GFCF" in notes


def test_a_row_of_totals_is_no_industry(tmp_path):
    rows = ("CHN_A,0,40,100,0,140", "KOR_B,0,10,0,90,100", "TII,0,50,0,0,50", "VA,140,50,0,0,190")
    told, notes = shares(matrix(tmp_path, ",CHN_A,KOR_B,CHN_HFCE,KOR_HFCE,OUT", *rows))
    assert "buy 40 %" in told and "row TII is the total of what industries buy" in notes


def test_a_row_that_is_no_total_still_stops(tmp_path):
    rows = ("CHN_A,0,40,100,0,140", "KOR_B,0,10,0,90,100", "KOR_C,0,3,0,0,3", "VA,140,50,0,0,190")
    with pytest.raises(InputError, match="no column for KOR_C"):
        shares(matrix(tmp_path, ",CHN_A,KOR_B,CHN_HFCE,KOR_HFCE,OUT", *rows))


@pytest.mark.parametrize("title", ['"Inter-country table, USD million",,,,,\n', "Inter-country table 2018\n\n"])
def test_a_title_above_a_matrix(tmp_path, title):
    rows = ("CHN_A,0,40,100,0,140", "KOR_B,0,10,0,90,100", "VA,140,50,0,0,190")
    told, notes = shares(matrix(tmp_path, ",CHN_A,KOR_B,CHN_HFCE,KOR_HFCE,OUT", *rows, title=title))
    assert "buy 40 %" in told and "lines above the header set aside" in notes


def test_a_title_that_says_another_unit_stops(tmp_path):
    rows = ("CHN_A,0,40,100,0,140", "KOR_B,0,10,0,90,100", "VA,140,50,0,0,190")
    path = matrix(tmp_path, ",CHN_A,KOR_B,CHN_HFCE,KOR_HFCE,OUT", *rows, title="Table in thousand USD,,,,,\n")
    with pytest.raises(InputError, match="thousand USD"):
        shares(path)


@pytest.mark.parametrize(("body", "told"), [(INNER, "no row of final use"), (OUTER, "no row of intermediate use")])
def test_a_table_without_one_kind_of_sales_is_named(tmp_path, body, told):
    path = tmp_path / "economy.csv"
    path.write_text(HEAD + body)
    with pytest.raises(InputError, match=told):
        shares(path)


def test_rows_of_value_added_are_no_sales(tmp_path):
    path = tmp_path / "economy.csv"
    path.write_text(HEAD + INNER + OUTER + "value_added,,,KOR,B,50\nGross value added,,,CHN,A,140\n")
    told, notes = shares(path)
    assert "buy 40 %" in told and "2 rows of value added, taxes, imports or output (from line 6) are not read" in notes


def test_an_empty_cell_is_called_empty(tmp_path):
    rows = ("CHN_A,0,,100,0,140", "KOR_B,0,10,0,90,100", "VA,140,50,0,0,190")
    with pytest.raises(InputError, match="row CHN_A: empty"):
        shares(matrix(tmp_path, ",CHN_A,KOR_B,CHN_HFCE,KOR_HFCE,OUT", *rows))


@pytest.mark.parametrize("names", [{}, {"CHN": "China", "KOR": "South Korea"}, {"CHN": "CN", "KOR": "KR"}])
def test_a_scan_finds_the_countries_of_a_table_under_any_name(tmp_path, names):
    text = HEAD + INNER + OUTER
    for code, name in names.items():
        text = text.replace(code, name)
    path = tmp_path / "economy.csv"
    path.write_text(text)
    flows = tmp_path / "flows.csv"
    flows.write_text("Year,Exporter,Importer,Product,Value_USD\n2019,China,South Korea,281111,100\n")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        table = read_table(path)
        found = ge.scan(ge.read_flows(flows), importer="KOR", table=table, concordance={"28": "A"})
    assert found.to_frame()["fir"].tolist() == pytest.approx([THROUGH])
    assert not [f for f in table.findings if f.kind == "regions"]
