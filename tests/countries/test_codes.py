"""Country codes: what sources write, and what it stands for."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest

from geoecon import countries
from geoecon.errors import InputError

TRAPS = Path(__file__).parent / "traps"


def exporters(file: str) -> list[str]:
    with (TRAPS / file).open(encoding="utf-8") as lines:
        return [row.get("exporter") or row["i"] for row in csv.DictReader(lines)]


def test_names_of_one_country_differ_by_source_and_accent():
    wanted = [
        "CIV",
        "CIV",
        "CIV",
        "TUR",
        "TUR",
        "TUR",
        "XKX",
        "HKG",
        "HKG",
        "MAC",
        "MAC",
        "KOR",
        "PRK",
        "PRK",
        "TWN",
        "TWN",
        "COD",
        "COG",
        "CZE",
        "SWZ",
        "VNM",
        "LAO",
        "MKD",
        "BOL",
        "PSE",
    ]
    assert [countries.resolve(name).iso3 for name in exporters("25_country_names.csv")[:25]] == wanted


@pytest.mark.parametrize(("name", "both"), [("Korea", "KOR.*PRK"), ("Congo", "COG.*COD")])
def test_a_name_that_two_countries_share_is_refused(name, both):
    with pytest.raises(InputError, match=both):
        countries.resolve(name)


def test_an_unknown_name_offers_the_nearest():
    with pytest.raises(InputError, match="unknown country 'Atlantis'"):
        countries.resolve("Atlantis")
    with pytest.raises(InputError, match="DEU"):
        countries.resolve("Germani")


def test_comtrade_numbers_of_their_own():
    codes = dict(zip(["842", "251", "699", "757", "579", "381", "490", "56", "276", "516"],
                     ["USA", "FRA", "IND", "CHE", "NOR", "ITA", "TWN", "BEL", "DEU", "NAM"], strict=True))  # fmt: skip
    assert {code: countries.resolve(code).iso3 for code in codes} == codes
    assert "Liechtenstein" in countries.resolve("757").note
    assert "490" in countries.resolve("490").note


@pytest.mark.parametrize(("number", "iso3"), [("840", "USA"), ("250", "FRA"), ("356", "IND"), ("158", "TWN")])
def test_iso_numbers_stand_for_the_same_countries(number, iso3):
    assert countries.resolve(number).iso3 == iso3


def test_belgium_luxembourg_is_neither_country_and_ends_in_1998():
    pair = countries.resolve("58", 1998)
    assert (pair.iso3, pair.kind, pair.outside) == ("BLX", "joint", "")
    assert "1998" in countries.resolve("58", 2005).outside
    assert not countries.is_country("BLX")


def test_a_customs_union_is_not_its_largest_member():
    assert countries.resolve("711").iso3 != "ZAF" and countries.resolve("711").kind == "joint"


def test_eurostat_codes():
    wanted = {"EL": "GRC", "GR": "GRC", "UK": "GBR", "XI": "GBR", "XU": "GBR", "XK": "XKX", "XS": "SRB"}
    assert {code: countries.resolve(code).iso3 for code in wanted} == wanted
    assert countries.resolve("EU27_2020").kind == "aggregate"
    assert countries.resolve("0").kind == "aggregate"


def test_text_na_is_namibia_under_this_pandas(tmp_path):
    path = tmp_path / "text_columns.tsv"
    path.write_text("iso2\tiso3\tk\nNA\tNAM\t010121\nKR\tKOR\t281111\n")
    read = pd.read_csv(path, sep="\t", dtype=str, keep_default_na=False)
    assert [countries.resolve(code).iso3 for code in read["iso2"]] == ["NAM", "KOR"]
    assert read["k"][0] == "010121"


def test_every_code_leads_to_a_known_place_and_every_country_has_its_codes():
    for system in ("comtrade", "iso-numeric", "iso2", "eurostat", "iso3-other"):
        table = countries.table(system)
        assert not table["code"].duplicated().any()
        assert table["iso3"].map(countries.is_known).all()
    both = set(countries.table("iso2").query("kind == 'country'")["iso3"])
    assert {"KOR", "TWN", "XKX", "NAM", "USA"} <= both
    assert len(both) > 240


def test_names_are_readable():
    assert countries.name("TUR") == "Türkiye" and countries.name("CIV") == "Côte d'Ivoire"
    assert countries.name("HKG") == "Hong Kong SAR" and countries.name("KOR") == "Korea"
    assert countries.name("SAMSUNG") == "SAMSUNG"


def test_members_of_the_union_by_year():
    assert len(countries.members("EU", 2019)) == 28 and len(countries.members("EU", 2021)) == 27
    assert "HRV" not in countries.members("EU", 2012) and len(countries.members("EU", 1986)) == 12
    with pytest.raises(InputError, match="allowed"):
        countries.members("OPEC+")


@pytest.mark.parametrize(
    ("text", "year", "then"),
    [("Russia", 1985, "1992 to …, used in 1985: then in SUN"), ("UKR", 1985, "then in SUN"), ("643", 1991, "SUN"),
     ("Croatia", 1990, "1992 to …, used in 1990: then in YUG"), ("Namibia", 1985, "2000 to …"), ("BD", 1965, "PAK1971"),
     ("Eritrea", 1992, "1993 to …, used in 1992: then in ETH1992"), ("Timor-Leste", 1995, "2002 to …"),
     ("Germany", 1985, "1991 to …, used in 1985: then in DEU1990"), ("Yemen", 1985, "YEM1990"),
     ("Viet Nam", 1970, "1975 to …, used in 1970: then in VDR"), ("Serbia", 2004, "then in SCG"),
     ("Curaçao", 2010, "then in ANT")],
)  # fmt: skip
def test_a_state_before_its_statistics_is_said(text, year, then):
    assert then in countries.resolve(text, year).outside


@pytest.mark.parametrize(
    ("text", "year"),
    [("Russia", 1992), ("Croatia", 1992), ("DEU", 1991), ("Aruba", 1990), ("USA", 1970), ("JPN", 1965), ("ETH", 1993),
     ("Hong Kong", 1985), ("India", 1970), ("Serbia", 2006), ("Bangladesh", 1972), ("Algeria", 1960), ("ROU", 1965)],
)  # fmt: skip
def test_a_state_in_its_own_statistics_is_not(text, year):
    assert not countries.resolve(text, year).outside


@pytest.mark.parametrize(
    ("name", "code"),
    [("West Germany", "DEU1990"), ("Germany, West", "DEU1990"), ("GDR", "DDR"), ("North Vietnam", "VNM1974"),
     ("South Viet Nam", "VDR"), ("East Pakistan", "BGD"), ("South Yemen", "YMD"), ("Rhodesia", "ZWE"),
     ("Upper Volta", "BFA"), ("FR Yugoslavia", "SCG"), ("Former Soviet Union", "SUN"), ("Kampuchea", "KHM")],
)  # fmt: skip
def test_names_of_former_states(name, code):
    assert countries.resolve(name).iso3 == code


def test_no_former_state_is_a_group_that_joins_its_successors():
    assert not {"SUN", "VDR", "PCI", "ZA1", "TAN1964"} & set(countries.groups())


@pytest.mark.parametrize("text", ["Yugoslavia", "YUG"])
def test_yugoslavia_from_1992_is_serbia_and_montenegro(text):
    assert countries.resolve(text, 1991).iso3 == "YUG" and not countries.resolve(text, 1991).outside
    later = countries.resolve(text, 1995)
    assert later.iso3 == "SCG" and later.outside.startswith(f"{text} from 1992 is SCG (Serbia and Montenegro)")
    assert "to 2005, used in 2010" in countries.resolve(text, 2010).outside


@pytest.mark.parametrize("text", ["Fmr Yugoslavia", "890", "Yugoslavia (SFR)", "Yugoslavia, SFR"])
def test_former_yugoslavia_stays_what_it_was(text):
    assert countries.resolve(text, 1995).iso3 == "YUG" and countries.resolve(text, 1995).outside


def test_number_891_is_no_state_before_1992():
    assert countries.resolve("891", 1992).outside == "" and "used in 1980" in countries.resolve("891", 1980).outside
