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
