"""Parts lists as they are pasted: merged cells, shares in percent, spans in short, headings of planners."""

from datetime import date

import pandas as pd
import pytest

import geoecon as ge
from geoecon.disruption.parts import read_parts
from geoecon.errors import InputError

HEAD = "Item\tOn hand\tUse per day\tVendor\tShare\tLT days\n"
MERGED = HEAD + "A\t100\t3\tX\t60%\t30\n\t\t\tY\t40%\t60\nB\t10\t3\tY\t100%\t60\n"


def test_a_part_that_stands_once_above_its_suppliers_has_them_all():
    read = read_parts(MERGED)
    rows = read.frame[["part", "supplier", "share", "stock", "use_per_day", "lead_time_days"]].to_numpy().tolist()
    assert rows == [["A", "X", 0.6, 100, 3, 30], ["A", "Y", 0.4, 100, 3, 60], ["B", "Y", 1, 10, 3, 60]]
    assert "line 3: a further supplier of the part above, whose stock and use hold" in read.notes
    filled = MERGED.replace("\n\t\t\tY", "\nA\t100\t3\tY")
    days = [ge.shortage_clock(text, start=date(2027, 1, 1)).to_frame() for text in (MERGED, filled)]
    pd.testing.assert_frame_equal(*days)


def test_a_line_with_numbers_and_no_part_is_still_left_out():
    read = read_parts(MERGED.replace("\n\t\t\tY", "\n\t7\t\tY"))
    assert [row for row in read.frame["part"]] == ["A", "B"] and any("left out" in note for note in read.notes)


@pytest.mark.parametrize(("shares", "told"), [((60, 40), True), (("0.6", "0.4"), False), (("60%", "40%"), False)])
def test_shares_under_a_heading_in_percent(shares, told):
    rows = f"A\t100\t3\tX\t{shares[0]}\t30\nA\t100\t3\tY\t{shares[1]}\t60\n"
    read = read_parts("Item\tOn hand\tUse per day\tVendor\tShare (%)\tLT days\n" + rows)
    assert list(read.frame["share"]) == [0.6, 0.4]
    assert ("'Share (%)' is in percent" in read.notes) is told


@pytest.mark.parametrize("heading", ["R12 consumption", "P6 usage", "12mma demand", "Usage L90"])
def test_a_span_in_short_that_is_not_known_is_no_day(heading):
    with pytest.raises(InputError, match="no time that we know"):
        read_parts(f"Part\tStock\t{heading}\tSupplier\tLead time (weeks)\nA\t1000\t365\tX\t8\n")


@pytest.mark.parametrize(("heading", "days"), [
    ("EAU", 365.25), ("ADU", 1), ("Bi-weekly usage", 14), ("Half-year usage", 182.625), ("12M usage", 365.25),
    ("Annual use", 365.25), ("Use per week", 7),
])  # fmt: skip
def test_uses_by_the_words_of_planners(heading, days):
    read = read_parts(f"Part\tStock\t{heading}\tSupplier\tLead time (weeks)\nA\t1000\t365.25\tX\t8\n")
    assert read.frame["use_per_day"][0] == pytest.approx(365.25 / days)


@pytest.mark.parametrize("heading", ["WBZ (Tage)", "Pl. Deliv. Time", "PLIFZ", "LT days"])
def test_lead_times_and_makers_by_the_words_of_planners(heading):
    read = read_parts(f"部品番号\t現在庫\t年間使用量\tメーカー\t{heading}\nA\t100\t365.25\tX\t80\n")
    assert read.frame[["supplier", "lead_time_days"]].to_numpy().tolist() == [["X", 80]]


@pytest.mark.parametrize("start", ["01.01.2027", None, 5])
def test_a_start_that_is_no_day_is_a_clear_fault(start):
    with pytest.raises(InputError, match="a day as datetime"):
        ge.shortage_clock(MERGED, start=start)


@pytest.mark.parametrize(
    "heading", ["Supplier country", "Herkunftsland", "Country of origin", "原産国", "Pays d'origine"]
)
def test_a_country_stands_for_its_suppliers_where_nobody_is_named(heading, tmp_path):
    path = tmp_path / "parts.csv"
    path.write_text(f"Part,{heading},Stock,Use per day,Lead time days\nChip,Taiwan,500,20,60\n", encoding="utf-8")
    clock = ge.shortage_clock(path, start=date(2025, 4, 4))
    assert clock.to_frame()["days"].iloc[0] == 25 and f"supplier = {heading!r}" in "; ".join(clock.notes)
    path.write_text(path.read_text().replace("Part,", "Part,Supplier,").replace("Chip,", "Chip,ACME,"))
    assert ge.shortage_clock(path, start=date(2025, 4, 4)).to_frame()["supplier"].iloc[0] == "ACME"


@pytest.mark.parametrize(
    "text",
    ['{"part": "Chip", "supplier": "B", "stock": 500, "use per day": 20, "lead time days": 60}',
     '{"part": ["Chip"], "supplier": ["B"], "stock": [500], "use per day": [20], "lead time days": [60]}',
     '{"parts": [{"part": "Chip", "supplier": "B", "stock": 500, "use per day": 20, "lead time days": 60}]}'],
)  # fmt: skip
def test_json_is_read_as_tables_of_trade_are(text, tmp_path):
    path = tmp_path / "parts.json"
    path.write_text(text)
    assert ge.shortage_clock(path, start=date(2025, 4, 4)).to_frame()["days"].iloc[0] == 25
