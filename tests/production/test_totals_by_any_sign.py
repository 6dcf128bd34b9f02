"""Totals in a matrix that only their name or a rounding shows, in both directions; columns that nothing explains."""

from __future__ import annotations

import pytest

from geoecon import InputError, reliance
from geoecon.production import read_table
from geoecon.production.tidy import FIELDS, VALUE

pytestmark = pytest.mark.filterwarnings("ignore::geoecon.production.TableWarning")
HEAD = ",CHN_A,KOR_B,CHN_HFCE,KOR_HFCE,OUT"
CHN, KOR, ADDED = "CHN_A,0,40,100,0,140", "KOR_B,0,10,0,90,100", "VA,140,50,0,0,0"


def inserted(line, at, cell):
    """A line with one more cell behind the first `at` cells."""
    cells = line.split(",")
    return ",".join([*cells[:at], cell, *cells[at:]])


def matrix(tmp_path, *lines, name="2018_SML.csv"):
    (tmp_path / name).write_text("\n".join(lines) + "\n")
    found = reliance(read_table(tmp_path / name), "KOR", "CHN")
    row = found.by_sector.set_index("sector").loc["all sectors"]
    return round(row["face_value"], 4), " ".join(found.notes)


def with_column(tmp_path, label, first, second, at=3, more=()):
    lines = zip([HEAD, CHN, KOR, ADDED], [label, first, second, "0"], strict=True)
    return matrix(tmp_path, *(inserted(line, at, cell) for line, cell in lines), *more)


def test_a_total_in_both_directions_is_no_industry(tmp_path):
    lines = [inserted(line, 3, cell) for line, cell in zip([HEAD, CHN, KOR], ["TII", "40", "10"], strict=True)]
    face, notes = matrix(tmp_path, *lines, "TII,0,50,50,0,0,0", "VA,140,50,0,0,0,0")
    assert face == 0.4 and "column TII is the total of all industries" in notes and "row TII is the total" in notes


@pytest.mark.parametrize("label", ["Intermediate", "X1", "TII"])
def test_a_total_of_rounded_cells_is_one(tmp_path, label):
    lines = [f",CHN_A,KOR_B,CHN_C,{label},CHN_HFCE,KOR_HFCE,OUT", "CHN_A,0,400,0,400,1000,0,1400",
             "KOR_B,0,100,0,100,0,900,1000", "CHN_C,0,0,1,2,1,0,2", "VA,1400,500,1,0,0,0,0"]  # fmt: skip
    face, notes = matrix(tmp_path, *lines)
    assert face == 0.4 and f"column {label} is the total of" in notes


@pytest.mark.parametrize("label", ["TII", "CHN_TOTAL", "WLD_B"])
def test_a_total_by_its_name_is_one_though_it_adds_up_badly(tmp_path, label):
    face, notes = with_column(tmp_path, label, "47", "3")
    assert face == 0.4 and f"column {label} is the total of others by its name, and left out" in notes


def test_totals_of_regions_and_of_all_final_users_beside_each_other(tmp_path):
    head = ",CHN_A,KOR_B,CHN_HFCE,KOR_HFCE,KOR_GFCF,KOR_FD,FINAL,OUT"
    face, notes = matrix(tmp_path, head, "CHN_A,0,40,100,0,0,0,100,140", "KOR_B,0,10,0,60,30,90,90,100",
                         "VA,140,50,0,0,0,0,0,0")  # fmt: skip
    assert face == 0.4 and "column KOR_FD is the total of KOR_HFCE, KOR_GFCF" in notes
    assert "column FINAL is the total of all final users" in notes


def test_a_column_that_nothing_explains_stops(tmp_path):
    with pytest.raises(InputError, match="MEMO: no industry, no final demand and no sum of others; allowed: DISC"):
        with_column(tmp_path, "MEMO", "7", "3")


def test_a_discrepancy_is_part_of_output_by_its_name_or_by_the_stated_output(tmp_path):
    face, notes = with_column(tmp_path, "DISC", "0", "25")
    assert face == 0.32 and "DISC: 25 kept apart" in notes  # 40 of 125
    head, chn, kor = inserted(HEAD, 3, "ADJ"), inserted(CHN, 3, "0"), "KOR_B,0,10,25,0,90,125"
    assert matrix(tmp_path, head, chn, kor, "VA,140,50,0,0,0,0")[0] == 0.32


@pytest.mark.parametrize("label", ["TII", "TOTAL", "Total output"])
def test_a_total_in_a_matrix_of_figaro_is_no_demand(tmp_path, label):
    lines = [f"rowLabels,CN_A01,KR_B,CN_P3_S14,KR_P3_S14,{label}", "CN_A01,0,40,100,0,140", "KR_B,0,10,0,90,100",
             "W2_D21X31,0,0,0,0,0", "W2_D1,140,50,0,0,190"]  # fmt: skip
    face, notes = matrix(tmp_path, *lines, name="matrix_eu-ic-io_ind-by-ind_24ed_2022.csv")
    assert face == 0.4 and f"column {label} is the total of" in notes


@pytest.mark.parametrize(
    "text",
    [",A,B,Final,Total\nA,0,40,100,140\nB,0,10,90,100\n",
     "Country,,CHN,KOR,CHN\nCountry,Sector,A,B,FD\nCHN,A,0,40,100\nKOR,B,0,10,0\n",
     "Industry,Farms,Mills,Final demand\nFarms,10,20,70\nMills,5,30,65\nImports,10,10,\n"],
)  # fmt: skip
def test_a_square_table_of_ones_own_is_shown_an_example_that_reads(tmp_path, text):
    (tmp_path / "own.csv").write_text(text)
    with pytest.raises(
        InputError, match=r"layout not recognised; allowed: .* one cell a line, as use,from_region"
    ) as stop:
        read_table(tmp_path / "own.csv")
    example = str(stop.value).partition("one cell a line, as ")[2].replace(" / ", "\n")
    (tmp_path / "example.csv").write_text(example + "\n")
    table = read_table(tmp_path / "example.csv")
    assert table.x[table.index("KOR", "cars")] == 90 and table.A[table.index("CHN", "steel")].max() == 40 / 90


@pytest.mark.parametrize("total", ["Total", "All industries", "_T", "TTL", "Total economy", "TOTAL_USE", "sum"])
@pytest.mark.parametrize(
    "row", ["final,CHN,{},CHN,households,100", "intermediate,CHN,A,KOR,{},40", "final,{},A,CHN,h,100"]
)
def test_a_total_in_a_table_of_cells_is_refused(tmp_path, total, row):
    head = "use,from_region,from_sector,to_region,to_sector,value_usd_million"
    (tmp_path / "economy.csv").write_text("\n".join([head, *CELLS, row.format(total)]) + "\n")
    with pytest.raises(InputError, match=f"{total} looks like a total of others"):
        read_table(tmp_path / "economy.csv")


CELLS = ("intermediate,CHN,A,KOR,B,40", "final,CHN,A,CHN,households,100", "final,KOR,B,KOR,households,90")


@pytest.mark.parametrize("sector", ["Summer fruit", "Alloys", "Totara wood", "A_T", "Allspice"])
def test_an_industry_whose_name_begins_like_a_total_is_none(tmp_path, sector):
    head = "use,from_region,from_sector,to_region,to_sector,value_usd_million"
    (tmp_path / "economy.csv").write_text("\n".join([head, *CELLS, f"final,CHN,{sector},CHN,households,7"]) + "\n")
    assert read_table(tmp_path / "economy.csv").x.sum() == 237


def test_the_one_industry_of_a_table_may_be_called_all(tmp_path):
    lines = [line.replace(",A,", ",all,").replace(",B,", ",all,") for line in CELLS]
    (tmp_path / "economy.csv").write_text("\n".join([",".join((*FIELDS, VALUE)), *lines]) + "\n")
    assert read_table(tmp_path / "economy.csv").sectors == ("all",)


def test_one_industry_a_region_called_total_is_no_total(tmp_path):
    lines = [line.replace("CHN_A", "CHN_TOTAL").replace("KOR_B", "KOR_TOTAL") for line in (HEAD, CHN, KOR, ADDED)]
    assert matrix(tmp_path, *lines)[0] == 0.4
