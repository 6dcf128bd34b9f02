"""Matrices whose labels people changed: small letters, other separators, rows of imports, of parts, of notes."""

from __future__ import annotations

import pytest

from geoecon import InputError, reliance
from geoecon.production import read_table
from geoecon.production.tidy import FIELDS, VALUE

pytestmark = pytest.mark.filterwarnings("ignore::geoecon.production.TableWarning")
HEAD = ",CHN_A,KOR_B,CHN_HFCE,KOR_HFCE,OUT"
CHN, KOR, ADDED = "CHN_A,0,40,100,0,140", "KOR_B,0,10,0,90,100", "VA,140,50,0,0,0"
FACE, THROUGH = 0.4, 0.4 / 0.9  # 40 of an output of 100; each unit of KOR/B needs 1 / (1 - 0.1) of itself


def shares(tmp_path, *lines, name="table.csv", **options):
    (tmp_path / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    table = read_table(tmp_path / name, **options)
    found = reliance(table, "KOR", "CHN")
    row = found.by_sector.set_index("sector").loc["all sectors"]
    assert (row["face_value"], row["look_through"]) == pytest.approx((FACE, THROUGH))
    return table, " ".join(found.notes)


def made(table):
    return [value for value in table.value_added if value]


def test_labels_in_small_letters(tmp_path):
    table, notes = shares(tmp_path, *(line.lower() for line in (HEAD, CHN, KOR, ADDED)))
    assert table.regions == ("CHN", "KOR") and "small letters" in notes and made(table) == [140, 50]
    lines = [line.replace("CHN_", "chn_").replace("KOR_", "kor_") for line in (HEAD, CHN, KOR, ADDED)]
    assert "codes of countries in small letters read as CHN, KOR" in shares(tmp_path, *lines)[1]


@pytest.mark.parametrize("sign", [".", ":", "|", " ", "-", " - ", "/", "__"])
def test_region_and_sector_apart_by_another_sign(sign, tmp_path):
    table, notes = shares(tmp_path, *(line.replace("_", sign) for line in (HEAD, CHN, KOR, ADDED)))
    assert table.sectors == ("A", "B") and table.categories == ("HFCE",) and "region and sector around" in notes


@pytest.mark.parametrize("label", ["IMP", "Imports", "Imports of goods and services", "imported inputs"])
def test_a_row_of_imports_is_a_cost_and_no_industry(label, tmp_path):
    table, notes = shares(tmp_path, HEAD, CHN, KOR, f"{label},0,5,0,0,0", "VA,140,45,0,0,0")
    assert f"row {label}: 5 of imports whose seller the table does not say: in no reliance" in notes
    assert not [finding for finding in table.findings if finding.kind == "balance"]


def test_a_row_that_adds_up_purchases_abroad_is_a_total(tmp_path):
    table, notes = shares(tmp_path, HEAD, CHN, KOR, "IMP,0,40,0,0,0", ADDED)
    assert "row IMP is the total of what industries buy abroad" in notes and not table.taxes.any()


def test_parts_of_value_added_stand_for_it_or_beside_it(tmp_path):
    table, notes = shares(tmp_path, HEAD, CHN, KOR, "COMP,90,20,0,0,0", "GOPS,40,30,0,0,0", "OTXS,10,0,0,0,0")
    assert made(table) == [140, 50] and "COMP, GOPS, OTXS: added up as value added" in notes
    table, notes = shares(tmp_path, HEAD, CHN, KOR, ADDED, "COMP,90,20,0,0,0")
    assert made(table) == [140, 50] and "COMP: parts of value added, left out beside it" in notes


@pytest.mark.parametrize("label", ["GVA", "Value added", "Gross value added at basic prices", "value-added"])
@pytest.mark.parametrize("output", ["Output", "Gross output", "Total output", "out"])
def test_value_added_and_output_in_words(label, output, tmp_path):
    lines = (HEAD.replace("OUT", output), CHN, KOR, ADDED.replace("VA", label), f"{output},140,100,0,0,0")
    assert made(shares(tmp_path, *lines)[0]) == [140, 50]


def test_other_rows_and_remarks_below_are_left_out_and_said(tmp_path):
    _, notes = shares(tmp_path, HEAD, CHN, KOR, ADDED, "EMPN,7,3,0,0,0", "Source: own work,,,,,")
    assert "row EMPN: 10, neither industry nor value added: left out" in notes
    assert "a line below the table is left out: Source: own work" in notes


def test_an_industry_without_its_column_still_stops(tmp_path):
    with pytest.raises(InputError, match="no column for KOR_C"):
        shares(tmp_path, HEAD, CHN, KOR, "KOR_C,0,3,0,0,3", ADDED)


def test_thousands_apart_by_commas(tmp_path):
    lines = (HEAD, 'CHN_A,0.0,"4,000.0","10,000.0",0.0,"14,000.0"', 'KOR_B,0.0,"1,000.0",0.0,"9,000.0","10,000.0"')
    assert "comma between thousands" in shares(tmp_path, *lines)[1]


@pytest.mark.parametrize("cell", ["NA", "-", "..", "nan"])
def test_a_cell_that_is_no_number_is_told_to_be_zero_or_one(cell, tmp_path):
    with pytest.raises(InputError, match=r"row CHN_A: .*0 where nothing is sold") as stop:
        shares(tmp_path, HEAD, CHN.replace(",40,", f",{cell},"), KOR, ADDED)
    assert "decimal" not in str(stop.value)


@pytest.mark.parametrize("name", ["use.csv", "matrix_eu-ic-use_24ed_2022.csv"])
def test_a_supply_or_use_table_is_called_one(name, tmp_path):
    head = ",CHN_A,KOR_B,CHN_HFCE,KOR_HFCE,OUT" if name == "use.csv" else "rowLabels,CN_A,KR_B,CN_P3_S14,KR_P3_S14"
    with pytest.raises(InputError, match="a supply or use table: no row is a column"):
        shares(tmp_path, head, "CHN_P1,1,2,3,4,5", "KOR_P2,1,2,3,4,5", name=name)


def test_stocks_that_fall_are_said(tmp_path):
    head = "use,from_region,from_sector,to_region,to_sector,value_usd_million"
    rows = ("intermediate,CHN,A,KOR,B,40", "intermediate,KOR,B,KOR,B,10", "final,CHN,A,CHN,households,100",
            "final,KOR,B,KOR,households,95", "final,KOR,B,KOR,stocks,-5")  # fmt: skip
    _, notes = shares(tmp_path, head, *rows)
    assert "final demand KOR stocks is -5 (sign kept)" in notes


CELLS = ("intermediate,CHN,A,KOR,B,40", "intermediate,KOR,B,KOR,B,10", "final,CHN,A,CHN,h,100", "final,KOR,B,KOR,h,90")
TIDY = ",".join((*FIELDS, VALUE))


def test_cells_of_other_words_and_small_codes(tmp_path):
    assert "small letters read as CHN, KOR" in shares(tmp_path, TIDY, *(c.replace("CHN", "chn").replace("KOR", "kor")
                                                                          for c in CELLS))[1]  # fmt: skip
    for inner, outer in (("Intermediate consumption", "Final consumption"), ("Z", "Y")):
        shares(tmp_path, TIDY, *(c.replace("intermediate", inner).replace("final", outer) for c in CELLS))
    _, notes = shares(tmp_path, TIDY, *CELLS, "imports,,,KOR,B,5", "Output,KOR,B,,,100")
    assert "2 rows of value added, taxes, imports or output (from line 6) are not read" in notes


def test_an_industry_in_two_spellings_stops(tmp_path):
    """It was split in two: half of its purchases stood against half of its output."""
    with pytest.raises(InputError, match="one industry in two spellings: B and b"):
        shares(tmp_path, TIDY, *CELLS[:3], "final,KOR,b,KOR,h,90")


def test_a_unit_that_is_said_is_read_or_refused(tmp_path):
    bare = TIDY.replace(VALUE, "value")
    assert shares(tmp_path, bare, *CELLS, unit="million EUR")[0].unit == "EUR million"
    with pytest.raises(InputError, match="one unit"):
        shares(tmp_path, TIDY, *CELLS, unit="million EUR")
    with pytest.raises(InputError, match="this layout is in USD million"):
        shares(tmp_path, HEAD, CHN, KOR, ADDED, unit="million EUR")
    with pytest.raises(InputError, match="one of money"):
        shares(tmp_path, bare, *CELLS, unit="tonnes")
