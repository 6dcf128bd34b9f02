"""Bills of materials as offices save them: their encodings, commas, dates, and parts with two suppliers."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from geoecon.cli.options import a_day
from geoecon.disruption import shortage_clock
from geoecon.disruption.parts import read_parts
from geoecon.errors import InputError
from geoecon.web.parts_clock import clock

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
     ("Use per working day", 1.4), ("Demand 2025", 365.25), ("Demand Jun 2025", 30), ("Usage", 1)],
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


LISTED = "part,stock,use_per_day,supplier,lead time (weeks)\ngas,12,3,A,\nfilm,40,1,C,4\nresist,120,2,B,12\n"
LISTED += "".join(f"ring{k},300,1,D,2\n" for k in range(5))


@pytest.mark.parametrize(
    "cell", ["12O", "4O", "1O2", "5I", "40 Ol", "12 kq", "12+", "40 rols", "9 EUR", "30 kg net", "4O-50"]
)
@pytest.mark.parametrize("column", [1, 2])
def test_a_tail_that_is_no_unit_is_a_fault_of_its_row(cell, column):
    bad = ["pads", "40", "1", "C", "4"]
    bad[column] = cell
    found = shortage_clock(LISTED + ",".join(bad), start=DAY)
    assert "pads" not in set(found.table["part"]) and "pads" in found.untold
    assert any(repr(cell) in note and "allowed" in note for note in found.notes) and "pads" in found.sentence()


@pytest.mark.parametrize(
    "cell", ["40 rolls", "40 boxes", "40 m²", "40 pcs", "40 EA.", "0.04 k", "40 个", "40 wafers", "40 bobbins"]
)
def test_a_unit_that_is_known_or_that_of_the_row_is_read(cell):
    text = "part\tstock\tUoM\tuse_per_day\tsupplier\tlead time (days)\n"
    text += f"pads\t{cell}\tbobbins\t1 {cell.split()[1]}\tC\t90\n"
    if cell != "40 bobbins":
        text = text.replace("UoM\t", "").replace("bobbins\t", "")
    text = text.replace("\t1 k", "\t1 pcs")
    assert shortage_clock(text, start=DAY).table["days"].tolist() == [40]


@pytest.mark.parametrize(
    ("heading", "told"),
    [("Lead time (weks)", "did you mean weeks"), ("Lead time weks", "weeks"),
     ("Lead time (hours)", "'hours' is no time"),
     ("Lead time (monhts)", "did you mean months"), ("LT (fortnights)", "no time that we know")],
)  # fmt: skip
def test_a_lead_time_in_a_time_that_is_not_known_is_asked_for(heading, told):
    with pytest.raises(InputError, match=told):
        read_parts(f"Part\tStock\tUse per day\tSupplier\t{heading}\nA\t100\t10\tX\t30\n")


@pytest.mark.parametrize("heading", ["Use per wek", "Wekly usage", "Use (kg/wek)", "Use per dya", "Usage per widget"])
def test_a_use_for_a_time_that_is_not_known_is_asked_for(heading):
    with pytest.raises(InputError, match=r"no time that we know.*days, weeks"):
        read_parts(f"Part\tStock\t{heading}\tSupplier\tLead time\nA\t100\t10\tX\t30\n")


@pytest.mark.parametrize(
    ("heading", "days"),
    [("Lead time (mths)", 30.4375), ("Lead time (quarters)", 91.3125), ("Lead time (yrs)", 365.25),
     ("Lead time (calendar days)", 1), ("Lead time (avg.)", 1), ("Lead time, incl. transport (weeks)", 7)],
)  # fmt: skip
def test_the_time_of_a_lead_time_is_read_and_its_lack_is_said(heading, days):
    made = read_parts(f"Part\tStock\tUse per day\tSupplier\t{heading}\nA\t100\t10\tX\t2\n")
    assert made.frame["lead_time_days"].iloc[0] == pytest.approx(2 * days)
    assert ("no unit is said" in made.notes[0]) == ("avg" in heading)


def test_a_part_without_a_lead_time_is_told_in_the_headline_with_the_day_it_is_gone():
    found = shortage_clock(LISTED, start=DAY)
    row = found.table.set_index("part").loc["gas"]
    assert (row["verdict"], row["stock_ends"]) == ("unknown", "2026-12-02") and row[
        ["replacement", "order_by"]
    ].isna().all()
    assert np.isnan(row["days"]) and np.isnan(row["probability"])
    assert found.sentence() == (
        "1 of 8 parts runs short (1 sure, 6 safe, 1 cannot be told); the first is resist on 2027-01-27."
        " Cannot be told: lead time missing (gas). The stock of gas is gone on 2026-12-02."
    )
    blind = shortage_clock(HEAD + "a,10,1,S,\nb,20,1,S,TBD\n", start=DAY)  # no lead time at all: the days stay
    assert "None of 2 parts is known to run short" in blind.sentence() and "a is gone on 2026-12-08" in blind.sentence()
    served = shortage_clock(HEAD + "a,10,1,S,\nb,20,1,T,5\n", start=DAY, stopped={"T": 0.0})
    assert served.untold == {} and served.counts() == {"sure": 0, "possible": 0, "unknown": 0, "safe": 2}


def test_a_part_of_which_one_row_cannot_be_used_is_not_judged_by_the_others():
    shared = HEAD.replace("part,", "share,part,") + "0.5,a,10,1,S,9\n0.5,a,1O,1,T,9\n"
    shared += "".join(f"1,b{k},10,1,S,9\n" for k in range(4))
    found = shortage_clock(shared, start=DAY)
    assert found.untold == {"a": "stock cannot be read"} and "a" not in set(found.table["part"])


def test_the_page_and_the_command_tell_the_same_days_and_the_first_order_leads():
    text = HEAD + "late,400,1,S,5\nsoon,60,1,S,50\nnext,90,1,S,70\ngone,5,1,S,\n"
    page, found = clock(text, DAY.isoformat(), []), shortage_clock(text, start=DAY)
    assert "Order soon by 8 December 2026 and next by 18 December 2026." in page["lead"]
    assert page["title"] == "3 safe, 1 cannot be told" and "lead time missing (gone)" in page["lead"]
    small = found.summary().set_index("part")
    for one in page["parts"]:
        told = (one["out"], one["back"], one["order"])
        assert told == tuple(small.loc[one["name"], key] for key in ("stock_ends", "replacement", "order_by"))


@pytest.mark.parametrize("cell", ["40 m", "4 weeks", "1_00", "50%"])
def test_a_cell_has_one_fault(cell):
    with pytest.raises(InputError) as told:
        read_parts(HEAD + f"pads,{cell},1,S,9\n")
    assert len(told.value.faults) == 1


def test_a_list_without_lead_times_or_suppliers_tells_when_each_stock_is_gone():
    """A at 100 a week and 1,250 in stock lasts 87.5 days, B at 20 a week and 300 lasts 105."""
    text = "Part\tSupplier\tStock\tUse per week\nA\tJapan\t1250\t100\nB\tChina\t300\t20\nTotal\t\t1550\t120\n"
    found = shortage_clock(text, start=DAY)
    table = found.table.set_index("part")
    assert found.counts() == {"sure": 0, "possible": 0, "unknown": 2, "safe": 0}
    assert table.loc["A", "stock_lasts_days"] == pytest.approx(87.5)
    assert table.loc["B", "stock_lasts_days"] == pytest.approx(105)
    assert found.gap() == "Cannot be told: no lead time in the list (A, B)."
    assert found.summary()["stock_days"].tolist() == ["87", "105"]  # whole days, as the day on which it is gone
    assert any("no column is read as lead time" in note for note in found.notes)
    bare = "\n".join("\t".join(c for k, c in enumerate(line.split("\t")) if k != 1) for line in text.splitlines())
    nameless = shortage_clock(bare, start=DAY)
    assert nameless.table["stock_ends"].tolist() == found.table["stock_ends"].tolist()
    assert any("every part is taken to stop" in note for note in nameless.notes)


def test_an_unread_column_of_numbers_may_be_the_lead_time_and_is_asked():
    text = "part,supplier,stock,use per day,WBZ alt,unit price\na,S,10,1,30,4\nb,S,20,1,10,5\n"
    with pytest.raises(InputError, match=r"lead_time_days: column is missing.*'WBZ alt'.*lead_time_days=none"):
        shortage_clock(text, start=DAY)
    assert shortage_clock(text, start=DAY, columns={"lead_time_days": "none"}).counts()["unknown"] == 2
    assert shortage_clock(text, start=DAY, columns={"lead_time_days": "WBZ alt"}).counts()["unknown"] == 0
    priced = text.replace("WBZ alt", "list price")
    assert shortage_clock(priced, start=DAY).counts()["unknown"] == 2


@pytest.mark.parametrize(("stock", "use", "days"), [("0.3", "0.1", 3), ("4.35", "0.01", 435), ("2.1", "0.7", 3)])
def test_a_division_takes_no_day_off_a_stock(stock, use, days):
    """As many days as the lead time are enough; one more day of waiting is not."""
    text = f"part,supplier,stock,use per day,lead time\na,S,{stock},{use},{days}\nb,S,{stock},{use},{days + 1}\n"
    table = shortage_clock(text, start=DAY).table.set_index("part")
    assert table["verdict"].to_dict() == {"a": "safe", "b": "sure"}
    assert table.loc["b", "days"] == days and table.loc["b", "stock_lasts_days"] == days
