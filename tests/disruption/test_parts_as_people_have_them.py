"""Bills of materials as offices save them: their encodings, commas, dates, and parts with two suppliers."""

from __future__ import annotations

from datetime import date

import pytest

from geoecon.cli.options import a_day
from geoecon.disruption import shortage_clock
from geoecon.disruption.parts import read_parts
from geoecon.errors import InputError

GERMAN = "Teil;Bestand;Verbrauch pro Tag;Lieferant;Lieferzeit (Tage)\nMagnet;1.500,5;10;Müller;300\n"
HEAD = "part,stock,use_per_day,supplier,lead_time_days\n"
DAY = date(2026, 11, 28)


def put(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "parts.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize(
    ("encoding", "said"), [("utf-8", ""), ("utf-8-sig", ""), ("cp1252", "1252"), ("utf-16", "UTF-16")]
)
def test_every_encoding_of_a_spreadsheet_is_read_and_said(tmp_path, encoding, said):
    found = shortage_clock(put(tmp_path, GERMAN, encoding), start=DAY)
    assert found.table["supplier"].tolist() == ["Müller"] and found.table["days"].tolist() == [150]
    assert any(said in note for note in found.notes)


def test_an_encoding_that_is_given_counts_and_is_checked(tmp_path):
    path = put(tmp_path, GERMAN.replace("Müller", "三菱"), "cp932")
    assert shortage_clock(path, start=DAY, encoding="cp932").table["supplier"].tolist() == ["三菱"]
    for wrong in ("utf-8", "nonsense"):
        with pytest.raises(InputError, match=r"encoding|not utf-8"):
            shortage_clock(path, start=DAY, encoding=wrong)
    with pytest.raises(InputError, match="text file alone"):
        shortage_clock(HEAD + "a,1,1,S,9", start=DAY, encoding="cp932")


def test_one_part_from_two_suppliers_names_its_lines_and_the_way_out():
    with pytest.raises(InputError, match=r"lines 2 and 3.*column share") as told:
        shortage_clock(HEAD + "a,10,1,S,9\na,20,1,T,9\n", start=DAY)
    assert "sum to" not in str(told.value)
    shared = HEAD.replace("part,", "share,part,") + "0.6,a,10,1,S,9\n0.6,a,10,1,T,9\n"
    with pytest.raises(InputError, match=r"shares sum to 1\.2 in lines 2 and 3"):
        shortage_clock(shared, start=DAY)


def test_a_comma_against_the_decimal_sign_is_named():
    table = HEAD.replace(",", ";") + "a;1,500;10;S;300\n"
    with pytest.raises(InputError, match="comma is no decimal point"):
        shortage_clock(table, start=DAY, decimal=".")
    assert shortage_clock(table, start=DAY, decimal=".,").table["days"].tolist() == [150]


def test_a_day_with_dots_has_its_day_first():
    assert a_day("--start", "28.11.2026") == a_day("--start", "2026-11-28") == DAY
    for wrong in ("28.13.2026", "11/28/2026", "28.11.26"):
        with pytest.raises(InputError, match=r"DD\.MM\.YYYY"):
            a_day("--start", wrong)


@pytest.mark.parametrize(
    ("heading", "days"),
    [("Usage last 3 months", 91.3125), ("Demand (30 days)", 30), ("Average monthly usage (last 12 months)", 30.4375),
     ("Use per working day", 1.4), ("Demand 2025", 365.25), ("Demand Jun 2025", 30.4375), ("Usage", 1)],
)  # fmt: skip
def test_the_time_that_a_use_is_for(heading, days):
    made = read_parts(f"Part\tStock\t{heading}\tSupplier\tLead time\nA\t100\t10\tX\t30\n")
    assert made.frame["use_per_day"].iloc[0] == pytest.approx(10 / days)
    assert ("no time is said" in "".join(made.notes)) == (heading == "Usage")


@pytest.mark.parametrize(
    "heading", ["Use per shift", "Use per hour", "Biweekly demand", "Usage per car", "Qty used per unit"]
)
def test_a_use_that_is_no_time_of_ours_is_asked_for(heading):
    with pytest.raises(InputError, match="use_per_day: column is missing"):
        read_parts(f"Part\tStock\t{heading}\tSupplier\tLead time\nA\t100\t10\tX\t30\n")


@pytest.mark.parametrize(
    ("heading", "cell", "told"),
    [("Stock", "50%", "a quantity, not a share"), ("Stock (k)", "3", "without a unit, the other with one"),
     ("Stock (t)", "5", "a unit for both"), ("Stock", "12 50", "a finite number from 0")],
)  # fmt: skip
def test_a_stock_that_can_be_read_two_ways_stops(heading, cell, told):
    with pytest.raises(InputError, match=told):
        read_parts(f"Part\t{heading}\tUse per day\tSupplier\tLead time\nA\t{cell}\t10\tX\t30\n")


def test_thousands_beside_pieces_are_thousands():
    made = read_parts("Part\tStock (k)\tUse per day (pcs)\tSupplier\tLead time\nA\t3\t100\tX\t30\n")
    assert made.frame["stock"].iloc[0] == 3000
