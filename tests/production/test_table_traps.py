"""What users of input-output tables stumbled over: every expected value was computed elsewhere."""

import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest
from pytest import approx

from geoecon import InputError
from geoecon.production import (
    TableWarning,
    aggregate,
    balanced,
    capital,
    concordance,
    converted,
    look_through,
    read_eora,
    read_icio,
    read_table,
)

TRAPS = Path(__file__).parent / "traps"
pytestmark = pytest.mark.filterwarnings("ignore::geoecon.production.TableWarning")


def read(name, **options):
    return read_table(TRAPS / name, **options)


def test_t28_icio_release_of_2023():
    table = read("28_2019_SML.csv")
    assert table.regions == ("AUS", "KOR", "ROW") and table.sectors == ("A01_02", "C26")
    assert table.categories == ("HFCE", "NPISH", "GGFC", "GFCF", "INVNT", "DPABR")
    assert table.x == approx([116, 51.5, 76, 282, 1257, 1137], abs=1e-12)
    assert table.value_added == approx([81.66, 18.17, 47.72, 139.59, 886.33, 624.93])
    assert table.taxes.sum() == approx(11.1) and table.year == 2019 and table.unit == "USD million"
    assert table.Z.sum(axis=0) + table.value_added + table.taxes == approx(table.x)
    assert not [finding for finding in table.findings if finding.kind == "balance"]


def test_t28_a_folder_and_a_year_find_the_file(tmp_path):
    shutil.copy(TRAPS / "28_2019_SML.csv", tmp_path / "2019_SML.csv")
    assert read_icio(tmp_path, 2019).x[0] == approx(116)
    with pytest.raises(InputError, match="files of 2020: none"):
        read_icio(tmp_path, 2020)
    with pytest.raises(InputError, match="year"):
        read_icio(tmp_path)


def test_icio_extended_table_joins_both_chinas(tmp_path):
    file = tmp_path / "ICIO2021_2018.csv"
    file.write_text(
        "V1,CHN_C26,CN1_C26,CN2_C26,KOR_C26,CHN_HFCE,KOR_HFCE,DISC,TOTAL\n"
        "CHN_C26,0,0,0,0,0,0,0,0\nCN1_C26,0,10,2,3,25,1,0,41\nCN2_C26,0,4,20,5,30,2,1,62\nKOR_C26,0,1,2,30,4,60,-1,96\n"
        "CHN_TAXSUB,0,1,1,0,,,,\nKOR_TAXSUB,0,0,1,2,,,,\nVALU,0,25,36,56,,,,\nOUTPUT,0,41,62,96,,,,\n"
    )
    table = read_table(file)
    assert table.regions == ("CHN", "KOR") and table.year == 2018
    assert approx(np.array([[36, 8], [3, 30]])) == table.Z
    assert table.x == approx([103, 96]) and table.value_added == approx([61, 56]) and table.taxes == approx([3, 2])
    assert any("CN1, CN2 joined" in str(finding) for finding in table.findings)
    assert any(finding.kind == "discrepancy" and "DISC" in finding.where for finding in table.findings)


def test_t30_negative_inventories_keep_their_sign():
    with pytest.warns(TableWarning, match=r"KOR/C20.*-12"):
        table = read("30_negative_inventories.csv")
    assert table.x == approx([68, 93]) and table.value_added == approx([43, 68])
    assert np.linalg.solve(np.eye(2) - table.A, table.Y.sum(axis=1)) == approx(table.x, abs=1e-12)
    assert approx(np.array([[1.245629, 0.283097], [0.290383, 1.122814]]), abs=5e-7) == table.L


@pytest.mark.parametrize("packed", [True, False])
def test_t31_eora_unit_and_discrepancy(packed, tmp_path):
    source = TRAPS / "31_Eora26_2017_bp.zip"
    if packed:
        table = read_table(source)
    else:
        with zipfile.ZipFile(source) as archive:
            archive.extractall(tmp_path / "2017")
        table = read_eora(tmp_path, 2017)
    assert table.unit == "USD million" and table.year == 2017
    assert table.x == approx([8.91, 15.645, 7.8, 13.12])
    kept = table.categories.index("statistical discrepancy")
    assert table.x - table.final[:, :, kept].sum(axis=1) == approx([8.9, 15.65, 7.8, 13.1])
    found = table.apart["discrepancy"]
    assert (found["column_sum"], found["row_sum"]) == (25, 41)
    assert sorted(cell[2] for cell in found["negative"]) == [-8, -5]
    assert table.regions == ("KOR", "JPN")
    assert "Petroleum, Chemical and Non-Metallic Mineral Products" in table.sectors
    assert table.Z.sum(axis=0) + table.value_added + table.taxes == approx(table.x)
    with pytest.raises(InputError, match="KOR, JPN"):
        look_through(table, "KOR", "ROW")


def test_t33_figaro_is_in_euro():
    table = read("33_matrix_eu-ic-io_ind-by-ind_24ed_2022.csv")
    assert table.unit == "EUR million" and table.year == 2022
    assert table.regions == ("DEU", "GRC", "ROW") and table.sectors == ("C20", "C26")
    assert table.x == approx([113.5, 245.5, 21.5, 16.4, 1898, 2310])
    assert table.value_added.sum() == approx(2096.1080) and table.taxes.sum() == approx(49.1920)
    assert dict(table.apart) == {"W2_OP_RES": 7, "W2_OP_NRES": -4}
    negative = sorted(finding.value for finding in table.findings if finding.kind == "negative")
    assert negative == [-12, -3, -0.5]
    assert table.Z.sum(axis=0) + table.value_added + table.taxes == approx(table.x, abs=1e-4)
    assert not any("W2_" in sector for sector in table.sectors + table.categories)
    dollars = converted(table, "USD million", 1.053, "ECB, mean of 2022")
    assert dollars.unit == "USD million" and dollars.x == approx(table.x * 1.053)
    assert "ECB, mean of 2022" in dollars.sources
    with pytest.raises(InputError, match="source"):
        converted(table, "USD million", 1.053, " ")


def test_t34_a_sector_without_output_spoils_nothing():
    table = read("34_zero_output_sector.csv")
    c26, t, c20 = table.index("KOR", "C26"), table.index("KOR", "T"), table.index("JPN", "C20")
    assert table.x[[c26, t, c20]] == approx([100, 0, 100])
    assert not table.A[:, t].any() and np.isfinite(table.A).all() and np.isfinite(table.L).all()
    assert table.L[c26, c26] == approx(1.666667, abs=5e-7) and table.L[c20, c20] == approx(1.25)
    assert table.L[c20, c26] == approx(0.208333, abs=5e-7) and table.L[t, t] == 1
    by = look_through(table, "KOR", "JPN").by_sector.set_index("sector")
    assert by.loc["C26", "look_through"] == approx(0.208333, abs=5e-7)
    assert by.loc["C26", "face_value"] == approx(0.10)
    assert by.loc["T", ["look_through", "face_value", "share"]].isna().all()
    assert "JPN/T" in {finding.where for finding in table.findings if finding.kind == "absent"}


def test_t36_an_unbalanced_sector_is_named_with_both_numbers():
    with pytest.warns(TableWarning, match=r"KOR/C26.*307.5.*300.*7.5.*2.5%.*0.5%"):
        table = read("36_unbalanced.csv")
    assert table.x == approx([100, 300])
    assert [finding.where for finding in table.findings if finding.kind == "balance"] == ["KOR/C26", ""]
    assert table.gdp == (approx(257.5), approx(250))
    assert any("257.5" in str(finding) and "250" in str(finding) for finding in table.findings)
    mended = balanced(table)
    assert approx(table.Z) == mended.Z and mended.value_added == approx([55, 195])
    assert [finding.value for finding in mended.noted if finding.kind == "balance"] == [approx(-7.5)]


@pytest.mark.parametrize("rows", [("BRA", "CHN", "IND"), ("IND", "BRA", "CHN")])
def test_t38_flows_are_merged_before_the_inverse(rows):
    table = read_table(TRAPS / "38_aggregate_then_invert" / "flows.csv")
    table = aggregate(table, regions={r: r for r in table.regions})
    assert table.x == approx([100, 150, 50])
    merged = aggregate(table, by=TRAPS / "38_aggregate_then_invert" / "region_map.csv")
    assert merged.regions == ("BRA", "ROW") and merged.x == approx([100, 200])
    assert approx(np.array([[1.117201, 0.091343], [0.084317, 1.264755]]), abs=5e-7) == merged.L
    assert merged.x.sum() == approx(300)
    added = table.L[0, 1:].sum(), table.L[1:, 1:].sum()
    assert added == (approx(0.291829, abs=5e-7), approx(2.714644, abs=5e-7))  # the wrong way, for contrast


def test_t70_negative_value_added_is_named_and_gives_no_capital():
    with pytest.warns(TableWarning, match=r"KOR/D35.*-5"):
        table = read("70_negative_value_added.csv")
    assert table.x == approx([80, 300]) and table.value_added.sum() == approx(205)
    with pytest.raises(InputError, match=r"KOR/D35.*-5.*capital stock"):
        capital(table)


def test_a_concordance_names_every_name_that_is_missing_or_strange(tmp_path):
    table = read_table(TRAPS / "38_aggregate_then_invert" / "flows.csv")
    with pytest.raises(InputError) as caught:
        aggregate(table, regions={"BRA": "A", "CHN": "A", "USA": "B"})
    assert "'IND'" in str(caught.value) and "'USA'" in str(caught.value)
    both = tmp_path / "map.csv"
    both.write_text("kind,name,group\nregion,BRA,A\nregion,BRA,B\n")
    with pytest.raises(InputError, match="line 3"):
        concordance(both)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "file is empty"),
        ("V1,KOR_C20,KOR_HFCE,OUT\nKOR_C20,10,x,68\nVA,58,0,58\n", "'x'.*finite number"),
        ("V1,KOR_C20,KOR_HFCE,OUT\nKOR_C20,,58,68\nVA,58,0,58\n", "finite number"),
        ("V1,KOR_C20,KOR_HFCE,OUT\nKOR_C20,10,58,68\nKOR_C20,10,58,68\nVA,58,0,58\n", "stands twice"),
        ("V1,KOR_C20,KOR_HFCE,OUT\nKOR_C20,10,58,68\nKOR_C26,10,58,68\nVA,58,0,58\n", "no column for KOR_C26"),
        ("V1;KOR_C20;KOR_HFCE;OUT\nKOR_C20;10;58;68\n", "commas"),
    ],
)
def test_broken_files_are_refused_by_name(tmp_path, content, words):
    file = tmp_path / "ICIO2021_2018.csv"
    file.write_text(content)
    with pytest.raises(InputError, match=words) as caught:
        read_table(file, kind="icio")
    assert "ICIO2021_2018.csv" in str(caught.value)


def test_an_unknown_layout_and_kind_list_what_is_known(tmp_path):
    file = tmp_path / "x.csv"
    file.write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match="eora26"):
        read_table(file)
    with pytest.raises(InputError, match="figaro"):
        read_table(file, kind="nonsense")
    with pytest.raises(InputError, match="missing"):
        read_table(tmp_path / "nothing.csv")


@pytest.mark.parametrize("kind", ["gz", "zip", "zip of years"])
def test_packed_files_read_as_the_plain_one(tmp_path, kind):
    import gzip

    content = (TRAPS / "28_2019_SML.csv").read_bytes()
    file = tmp_path / ("2019_SML.csv.gz" if kind == "gz" else "ICIO.zip")
    if kind == "gz":
        file.write_bytes(gzip.compress(content))
    else:
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("2019_SML.csv", content)
            if kind != "zip":
                archive.writestr("2018_SML.csv", content.replace(b"20,1,2,1,6", b"21,1,2,1,6"))
    options = {"year": 2019} if kind == "zip of years" else {}
    assert read_table(file, **options).x == approx(read("28_2019_SML.csv").x)
    if kind == "zip of years":
        with pytest.raises(InputError, match="name a year"):
            read_icio(file)


def test_a_gzip_that_ends_early_is_refused(tmp_path):
    import gzip

    file = tmp_path / "2019_SML.csv.gz"
    file.write_bytes(gzip.compress((TRAPS / "28_2019_SML.csv").read_bytes())[:-40])
    with pytest.raises(InputError, match=r"2019_SML\.csv\.gz"):
        read_icio(file)


def test_eora_in_purchasers_prices_is_found_by_its_name(tmp_path):
    with (
        zipfile.ZipFile(TRAPS / "31_Eora26_2017_bp.zip") as old,
        zipfile.ZipFile(tmp_path / "Eora26_2015_pp.zip", "w") as new,
    ):
        for name in old.namelist():
            new.writestr(name.replace("2017_bp", "2015_pp"), old.read(name))
    table = read_table(tmp_path / "Eora26_2015_pp.zip")
    assert table.year == 2015 and table.x[0] == approx(8.91)


def test_the_tolerance_is_a_choice_and_is_said():
    loose = read("36_unbalanced.csv", tolerance=0.05)
    assert not [finding for finding in loose.findings if finding.kind == "balance" and finding.where]
    with pytest.warns(TableWarning, match="tolerance 0.1%"):
        read("36_unbalanced.csv", tolerance=0.001)


def test_a_row_of_output_that_contradicts_and_a_missing_row_of_value_added_are_findings(tmp_path):
    file = tmp_path / "ICIO2021_2018.csv"
    head, rows = "V1,KOR_C20,KOR_C26,KOR_HFCE,OUT\n", "KOR_C20,10,5,53,68\nKOR_C26,0,0,20,20\n"
    file.write_text(f"{head}{rows}VA,58,15,0,73\nOUT,99,20,53,0\n")
    told = [str(finding) for finding in read_table(file).findings]
    assert any("row OUT says 99, output is 68" in text and "KOR/C20" in text for text in told)
    file.write_text(f"{head}{rows}OUT,68,20,53,0\n")
    assert any("no row VA in the file" in str(finding) for finding in read_table(file).findings)


def test_purchases_without_output_are_a_finding_not_a_division(tmp_path):
    file = tmp_path / "ICIO2021_2018.csv"
    file.write_text("V1,KOR_C20,KOR_T,KOR_HFCE,OUT\nKOR_C20,10,5,53,68\nKOR_T,0,0,0,0\nVA,58,0,0,58\nOUT,68,5,53,0\n")
    table = read_table(file)
    assert np.isfinite(table.L).all() and not table.A[:, 1].any()
    assert any(
        f.where == "KOR/T" and "%" not in str(f).split("tolerance")[0] for f in table.findings if f.kind == "balance"
    )


def test_regions_without_an_iso_code_are_named():
    table = read_table(TRAPS / "38_aggregate_then_invert" / "flows.csv")
    assert not [finding for finding in table.findings if finding.kind == "regions"]
    merged = aggregate(table, regions={"BRA": "BRA", "CHN": "Asia", "IND": "Asia"})
    assert [finding.where for finding in merged.findings if finding.kind == "regions"] == ["Asia"]
