"""Who is in a group on a day."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from geoecon import InputError, countries
from geoecon.countries import members
from geoecon.indicators import scan

TRAPS = Path(__file__).parents[1] / "flows" / "traps"


@pytest.mark.parametrize(
    ("when", "uk", "croatia"),
    [("2020-01", True, True), ("2020-02", False, True), (2020, False, True), (2019, True, True),
     (date(2020, 1, 31), True, True), ("2013-06", True, False), ("2013-07", True, True), ("2013-Q2", True, False)],
)  # fmt: skip
def test_membership_by_day(when, uk, croatia):
    found = members("EU", when)
    assert ("GBR" in found, "HRV" in found) == (uk, croatia)


def test_the_union_in_july_2020_buys_from_the_united_kingdom():
    found = scan(TRAPS / "uk-in-the-eu-2020/flows.csv", bloc="EU")
    shares = found.table.set_index("exporter")["import_share"].round(4).to_dict()
    assert shares == {"GBR": 0.5833, "CHN": 0.4167} and found.table["supplier_hhi"].round(4).iloc[0] == 0.5139
    assert "its members at the end of 2020-07" in found.choices()


@pytest.mark.parametrize(
    ("group", "when", "inside", "outside"),
    [("EFTA", 1972, "GBR DNK PRT", "FIN"), ("EFTA", 1973, "PRT AUT ISL", "GBR DNK"), ("EFTA", 1995, "CHE LIE", "AUT"),
     ("OPEC", 2010, "QAT ECU AGO", "IDN GAB COG"), ("OPEC", 2008, "IDN", ""), ("OPEC", 2020, "GAB AGO", "QAT ECU"),
     ("OECD", 1995, "MEX CZE", "HUN KOR"), ("CIS", 2009, "UKR MDA", "GEO TKM"), ("CIS", 2018, "RUS", "UKR"),
     ("CPTPP", "2018-12", "JPN MEX", "VNM GBR"), ("CPTPP", 2024, "GBR CHL", "USA"), ("RCEP", "2022-01", "CHN", "KOR"),
     ("COMECON", 1985, "SUN CSK DDR CUB VNM", "YUG ALB"), ("COMECON", 1992, "", "SUN POL"),
     ("COMECON", 1960, "ALB", "CUB"),
     ("CARICOM", 1990, "BHS", "SUR HTI"), ("CARICOM", 2003, "HTI SUR", "CUB"), ("G20", 2010, "ZAF KOR", "ESP NLD"),
     ("G20", 1998, "", "USA"), ("EU15", 2020, "GBR", "POL"), ("EU25", 2022, "GBR POL", "BGR HRV"),
     ("SADC", 2006, "MDG", "SYC"), ("NATO", 2023, "FIN", "SWE"), ("APEC", 1997, "CHL", "RUS"),
     ("RCEP", "2022-02", "KOR", "MYS IDN"), ("MERCOSUR", 2013, "VEN", "BOL"), ("MERCOSUR", 2017, "ARG", "VEN")],
)  # fmt: skip
def test_groups_whose_members_come_and_go(group, when, inside, outside):
    found = members(group, when)
    assert set(inside.split()) <= found and not set(outside.split()) & found


@pytest.mark.parametrize(
    ("spelt", "code"),
    [("Quad", "QUAD"), ("Five Eyes", "FIVEEYES"), ("EU-27", "EU27"), ("NAFTA", "USMCA"), ("EEC", "EU"), ("EU", "EU"),
     ("European Union", "EU"), ("euro area", "EA"), ("g-7", "G7"),
     ("CMEA", "COMECON"), ("G-20", "G20"), ("EU-15", "EU15"), ("EU28_2013", "EU28"), ("BRICS+", "BRICS"),
     ("Andean Community", "ANDEAN"), ("JPN+KOR", "JPN+KOR")],
)  # fmt: skip
def test_a_group_under_any_spelling(spelt, code):
    assert countries.group(spelt) == code


@pytest.mark.parametrize("text", ["OPEC+", "Atlantis", "USSR", "SUN", "ASIA"])
def test_what_is_no_group_is_refused(text):
    with pytest.raises(InputError, match=r"allowed: .*ASEAN.* or states one by one"):
        countries.group(text)


@pytest.mark.parametrize(("code", "size"), [("EU6", 6), ("EU9", 9), ("EU12", 12), ("EU15", 15), ("EU25", 25),
                                            ("EU27_2007", 27), ("EA19", 19), ("EA20", 20), ("G20", 19)])  # fmt: skip
def test_groups_named_by_their_number_have_as_many(code, size):
    assert len(members(code)) == size  # the Union and the African Union stand beside the nineteen states of the G20


ROWS = "Year,Exporter,Importer,Product,Value_USD\n{0},CHN,USA,281111,100\n{0},MEX,USA,281111,50\n{0},CHN,FRA,281111,5\n"


@pytest.mark.parametrize(
    ("bloc", "year", "told"),
    [("ASEAN", 2019, "none of the members of ASEAN stands in the rows of 2019: it joins nobody"),
     ("RCEP", 2019, r"RCEP has no members in 2019 \(its first joined 2022-01-01\): it joins nobody"),
     ("EFTA", 1990, "none of the members of EFTA stands in the rows of 1990")],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore::geoecon.flows.CoverageWarning")
def test_a_bloc_that_joins_nobody_is_said(tmp_path, bloc, year, told):
    (tmp_path / "flows.csv").write_text(ROWS.format(year))
    found = scan(tmp_path / "flows.csv", bloc=bloc, top=5, out=tmp_path / "out.csv")
    assert re.search(told, "\n".join(found.notes)) and re.search(told, (tmp_path / "out.csv.notes.txt").read_text())
    joined = scan(tmp_path / "flows.csv", "Group of Seven", bloc="Group of Seven")
    assert set(joined.table["importer"]) == {"G7"} and not any("joins nobody" in note for note in joined.notes)


@pytest.mark.filterwarnings("ignore::geoecon.flows.CoverageWarning")
def test_a_member_of_a_bloc_that_counts_as_one_is_no_side(tmp_path):
    (tmp_path / "flows.csv").write_text(ROWS.format(2019))
    with pytest.raises(
        InputError, match=r"importer FRA is a member of EU, which counts as one; allowed: EU as importer"
    ):
        scan(tmp_path / "flows.csv", "FRA", bloc="EU")
    with pytest.raises(InputError, match="exporter MEX is a member of USMCA"):
        scan(tmp_path / "flows.csv", "NAFTA", "MEX", bloc="NAFTA")
    assert scan(tmp_path / "flows.csv", "FRA", bloc="EU", members=True).table["import_share"].tolist() == [1.0]
    assert scan(tmp_path / "flows.csv", "FRA", bloc="RCEP").table["import_share"].tolist() == [1.0]
