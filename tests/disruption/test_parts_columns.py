"""Columns of a parts list that say what a number is: units, times, the same thing twice, and those not read."""

from __future__ import annotations

from datetime import date
from itertools import permutations

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from geoecon.disruption import shortage_clock
from geoecon.disruption.parts import read_parts
from geoecon.errors import InputError
from geoecon.web.parts_clock import chosen

DAY = date(2026, 1, 1)


def lasts(text, **options):
    table = shortage_clock(text, start=DAY, **options).table.set_index("part")
    return table["stock_lasts_days"].to_dict()


@pytest.mark.parametrize(("text", "days"), [
    ("part,stock,stock unit,use per day,use unit,supplier,lead time\nA,350,kg,10,g,S,30\nB,350,g,10,kg,S,30\n",
     [35_000, 0.035]),
    ("part,stock,UoM,use per day,UoM,supplier,lead time\nA,2,t,10,kg,S,30\nB,5,kg,10,kg,S,30\n", [200, 0.5]),
    ("part,stock,use,use period,supplier,lead time\nA,100,10,week,S,30\nB,100,10,monthly,S,30\n", [70, 304.375]),
    ("part,stock,stock unit,use,use unit,supplier,lead time\nA,1,t,70,kg/week,S,30\nB,1,t,10,kg per day,S,9\n",
     [100, 100]),
    ("part,stock_kg,use_g_per_week,supplier,lead time\nA,1,70,S,30\n", [100]),
    ("part,stock (1000 pcs),use per day (pcs),supplier,lead time\nA,3,100,S,30\n", [30]),
    ("part,stock,stock unit,use,use unit,supplier,lead time\nA,100,m,10,m,S,30\n", [10]),
    ("part,stock (weeks),supplier,lead time\nA,3,S,30\n", [21]),
    ("part,stock,,use per day,,supplier,lead time\n,qty,unit,qty,unit,,\nA,1,kg,10,g,S,30\nB,9,g,1,kg,S,9\n",
     [100, 0.009]),
    ("part,stock,on hand kg,use per day,supplier,lead time\nA,100 kg,100,10 kg,S,3\n", [10]),
    ("part,stock,use per day,use per week,supplier,lead time\nA,100,3,23,S,9\nB,100,,7,S,9\n", [700 / 23, 100]),
])  # fmt: skip
def test_units_and_times_in_columns_of_their_own(text, days):
    assert [found for _, found in sorted(lasts(text).items())] == pytest.approx(days)


def test_the_unit_of_a_lead_time_in_a_column():
    text = (
        "part,stock,use per day,supplier,lead time,lead time unit\nA,1,1,S,3,weeks\nB,1,1,S,2,months\nC,1,1,S,9,days\n"
    )
    assert read_parts(text).frame["lead_time_days"].tolist() == [21, 60.875, 9]
    with pytest.raises(InputError, match=r"'shifts' is no time that we know|lead_time_unit|weeks"):
        read_parts("part,stock,use per day,supplier,lead time (weeks),lead time unit\nA,1,1,S,3,months\n")


@pytest.mark.parametrize(("heads", "cells", "told"), [
    ("total stock,available stock,use per day,lead time", "100,60,2,40", "stock differs: .*stock='available stock'"),
    ("stock,consumption last year,forecast use per day,lead time", "100,365,4,30", "use per day differs"),
    ("stock,use per day,supplier lead time,lead time", "500,10,30,55", "lead time days differs"),
    ("stock,use per day,production lead time (days),transit (days)", "500,10,30,25", r"lead_time_days='.*\+ transit"),
    ("stock,daily use,lead time,days of cover", "100,10,30,25", r"25 \(25 days\) beside 10 days by stock and use"),
    ("stock,Demand Jan 2026,Demand Feb 2026,lead time", "9,31,62,3", "'Demand Jan 2026 . Demand Feb 2026'"),
    ("stock,usage last 12 months,forecast 2026,lead time", "9,365,730,3", "use per day differs"),
    ("stock,use,period (days),lead time", "100,70,7,5", "says for how long"),
    ("stock (kg),stock unit,use per day (kg),lead time", "5,g,1,30", "one unit for a number"),
    ("stock,use per week,use period,lead time", "5,1,month,30", "one time"),
    ("stock,use per day,lead time,lead time max", "5,1,30,20", "30, 20; allowed: low ≤ central ≤ high"),
    ("stock,use per day,lead time", "5,1,46082", "is it a date"),
])  # fmt: skip
def test_two_columns_of_one_number_agree_or_are_asked_for(heads, cells, told):
    with pytest.raises(InputError, match=told):
        read_parts(f"part,supplier,{heads}\nA,S,{cells}\n")


def test_columns_are_chosen_added_and_left_out():
    text = "part,supplier,stock A,stock B,use per day,lead time,transit time\nA,S,60,40,2,30,25\n"
    with pytest.raises(InputError, match="is it in the lead time"):
        read_parts(text)
    asked = {"stock": "stock A + stock B", "lead_time_days": "lead time + transit time"}
    frame = read_parts(text, asked).frame
    assert frame[["stock", "lead_time_days"]].iloc[0].tolist() == [100, 55]
    alone = read_parts(text, {"stock": "stock A", "lead_time_days": "lead time"})
    assert alone.frame[["stock", "lead_time_days"]].iloc[0].tolist() == [60, 30]
    assert any("'stock B'" in note and "'transit time'" in note for note in alone.notes)
    shared = "part,supplier,stock,use per day,lead time,share\nA,S,60,2,30,0.5\n"
    assert "share" in read_parts(shared).frame and "share" not in read_parts(shared, {"share": "none"}).frame
    months = "part,supplier,stock,Demand Jan 2026,Demand Feb 2026,lead time\nA,S,60,20,39,3\n"
    both = read_parts(months, {"use_per_day": "Demand Jan 2026 + Demand Feb 2026"}, ".").frame
    assert both["use_per_day"].iloc[0] == pytest.approx(1)  # over two months, not of two uses
    for wrong, told in (({"stock": "stok"}, "no heading 'stok'"), ({"stocks": "stock A"}, "columns 'stocks'")):
        with pytest.raises(InputError, match=told):
            read_parts(text, wrong)


def test_the_form_of_the_page_asks_as_the_command_does():
    read = {"part": "part", "a": "stock", "b": "stock", "lt": "lead_time_days", "s": "share"}
    assert chosen(dict(read), read) == {}  # both columns of the stock stay: they must agree
    assert chosen({"part": "part", "b": "stock", "lt": "lead_time_days"}, read) == {"stock": "b", "share": "none"}
    added = chosen(read | {"b": "stock+"}, read)
    assert added == {"stock": "a + b"} and chosen(read | {"b": "lead_time_days+"}, read)["lead_time_days"] == "lt + b"
    with pytest.raises(InputError, match=r"stock is said of 'a' and 'lt'"):
        chosen({"part": "part", "a": "stock", "lt": "stock"}, read)


@pytest.mark.parametrize(("heading", "cell", "told"), [
    ("on order", "500", "on its way is not counted"), ("Safety stock", "200", "nothing is kept back"),
    ("MOQ", "10", "an order of any size"), ("blocked stock", "9", "take it off"), ("in transit", "9", "on its way"),
    ("Use by date", "2026-02-01", "counted to its end"), ("Next delivery", "2026-02-01", "that is due"),
    ("min stock", "9", "nothing is kept back"), ("OTD %", "97", "not read: 'OTD %'"), ("Yield %", "97", "as it stands"),
    ("Supplier part no.", "17", "not read: 'Supplier part no.'"), ("Stock value (USD)", "17", "not read"),
    ("stock location", "B7", "not read"), ("Last delivery (days ago)", "3", "not read"),
    ("Monthly consumption (USD)", "500", "not read"), ("Safety time (days)", "5", "no time is kept back"),
    ("", "x", "column 6, without a heading"),
])  # fmt: skip
def test_every_column_that_is_not_read_is_named(heading, cell, told):
    read = read_parts(f"part,stock,use per day,lead time,supplier,{heading}\nA,100,10,30,S,{cell}\n")
    assert read.frame[["part", "stock", "use_per_day", "supplier"]].iloc[0].tolist() == ["A", 100, 10, "S"]
    assert any(told in note for note in read.notes[1:])


def test_lines_of_one_part_say_one_stock_and_each_supplier_has_its_own_lead_time():
    head = "part,stock,use per day,supplier,share,lead time\n"
    bad = head + "A,1000,10,S,0.5,9\nA,800,10,T,0.5,9\n"
    with pytest.raises(InputError, match=r"A: stock 1000 in line 2, 800 in line 3"):
        shortage_clock(bad, start=DAY)
    good = "".join(f"B{k},1000,10,S,1,9\n" for k in range(9))
    found = shortage_clock(bad + good, start=DAY)
    assert len(found.table) == 9 and found.untold == {"A": "its lines differ"}

    def one(stock, **stopped):
        text = head + f"A,{stock},10,S,0.6,30\nA,{stock},10,T,0.4,90\n"
        return shortage_clock(text, start=DAY, stopped=stopped or None).table.iloc[0]

    assert one(539)["verdict"] == "sure" and one(541)["verdict"] == "safe"  # 0.6 × 30 + 0.4 × 90 = 54 days of use
    row = one(500)  # 300 are gone on day 30, then 4 a day
    assert (row["days"], row["stock_lasts_days"], row["days_short"]) == (80, 80, 10)
    assert one(300, T=0.0)["lead_time_days"] == 90 and one(359, T=0.0)["verdict"] == "sure"  # not the first line's
    assert one(361, T=0.0)["verdict"] == "safe" and one(179, S=0.0)["verdict"] == "sure"


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 10), st.integers(1, 100)), min_size=2, max_size=4), st.integers(1, 900))
def test_shares_that_come_back_one_by_one(suppliers, stock):
    """Day by day, the stock runs out exactly where the closed form says it does, in every order of the lines."""
    total = sum(weight for weight, _ in suppliers)
    rows = [f"A,{stock},1,S{k},{weight / total!r}0,{lead}" for k, (weight, lead) in enumerate(suppliers)]
    used = np.cumsum([sum(w / total for w, lead in suppliers if day < lead) for day in range(100)])
    if abs(used[-1] - stock) < 1e-6:
        return
    head = "part,stock,use per day,supplier,share,lead time\n"
    for order in list(permutations(rows))[:3]:
        row = shortage_clock(head + "\n".join(order), start=DAY).table.iloc[0]
        assert (row["verdict"] == "sure") == (used[-1] > stock)
        if row["verdict"] == "sure":
            assert abs(row["days"] - np.searchsorted(used, stock + 1e-9)) <= 1


def _doors(frame, tmp_path):
    frame.to_csv(tmp_path / "a.csv", index=False)
    frame.to_csv(tmp_path / "a.tsv", index=False, sep="\t")
    frame.to_excel(tmp_path / "a.xlsx", index=False)
    frame.to_parquet(tmp_path / "a.parquet")
    frame.to_json(tmp_path / "a.json", orient="records")
    files = [tmp_path / f"a.{kind}" for kind in ("csv", "tsv", "xlsx", "parquet", "json")]
    return [*files, files[0].read_text(), files[1].read_text(), frame, pl.from_pandas(frame), duckdb.from_df(frame)]


def _forms(rows, rng):
    """One list (stock in kg, use in kg a day, lead time in weeks) as people write it."""

    def table(head, make, sep=","):
        return sep.join(head) + "\n" + "\n".join(sep.join(map(str, make(*row))) for row in rows) + "\n"

    german = lambda value: f"{value:.2f}".replace(".", ",")  # noqa: E731
    yield table(["part", "stock", "use_per_day", "supplier", "lead_time_days"],
                lambda p, s, u, w: (p, f"{s:.2f}", f"{u:.2f}", "S", 7 * w))  # fmt: skip
    yield table(["Teil", "Bestand (kg)", "Verbrauch pro Woche (kg)", "Lieferant", "Lieferzeit (Wochen)"],
                lambda p, s, u, w: (p, german(s), german(7 * u), "S", w), ";")  # fmt: skip
    yield table(["Supplier", "Part no.", "Lead time", "On hand", "Daily usage", "Safety stock"],
                lambda p, s, u, w: ("S", p, f"{w} weeks", f"{s:.2f} kg", f"{1000 * u:.0f} g/day", rng.randint(1, 9)),
                "\t")  # fmt: skip
    yield table(["item", "qty on hand", "UoM", "usage", "usage unit", "per", "vendor", "LT", "LT unit"],
                lambda p, s, u, w: (p, f"{s:.2f}", "kg", f"{7000 * u:.0f}", "g", "week", "S", 7 * w, "d"))  # fmt: skip
    yield table(["stock_t", "part", "use per day (kg)", "use per week (kg)", "supplier", "lead time weeks"],
                lambda p, s, u, w: (f"{s / 1000:.5f}", p, f"{u:.2f}", f"{7 * u:.2f}", "S", w))  # fmt: skip
    below = table(["part", "stock", "", "use", "", "supplier", "lead time"],
                  lambda p, s, u, w: (p, f"{s:.2f}", "kg", f"{7 * u:.2f}", "kg/week", "S", f"{w} w"))  # fmt: skip
    yield "Parts of Seoul\n\n" + below.replace("\n", "\n,qty,unit,qty,unit,,\n", 1)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 10**6), st.integers(1, 10**4), st.integers(1, 52)), min_size=1, max_size=4),
       st.randoms())  # fmt: skip
def test_one_list_in_every_form_gives_the_same_days(numbers, rng):
    rows = [(f"P{k}", stock / 100, use / 100, weeks) for k, (stock, use, weeks) in enumerate(numbers)]
    for text in _forms(rows, rng):
        found = read_parts(text).frame.set_index("part")
        for part, stock, use, weeks in rows:
            row = found.loc[part]
            assert row["stock"] / row["use_per_day"] == pytest.approx(stock / use, rel=1e-9), text
            assert row["lead_time_days"] == pytest.approx(7 * weeks), text


def test_every_door_gives_the_same_days_and_faults(tmp_path):
    frame = pd.DataFrame({
        "Part": ["A", "B", "C", "D", "E"], "On hand": ["350", "12.5", "7", "3", "9"],
        "Safety stock": [1, 2, 3, 4, 5],
        "Weekly usage": [7.25, 14.0, 0.5, 1e-3, 2.0], "Vendor": ["S", "T", "S", "S", "S"],
        "Lead time (weeks)": [4.0, 2.0, 1.5, None, 3.0],
    })  # fmt: skip
    whole = [shortage_clock(door, start=DAY) for door in _doors(frame, tmp_path)]
    for one in whole[1:]:
        pd.testing.assert_frame_equal(one.table, whole[0].table)
        assert one.notes[0] == whole[0].notes[0] and one.untold == whole[0].untold
    frame.loc[1, "On hand"], frame.loc[2, "Weekly usage"] = "12O", -1.0
    told = set()
    for door in _doors(frame, tmp_path):
        with pytest.raises(InputError) as stop:
            shortage_clock(door, start=DAY)
        told.add(tuple((fault.row, fault.column, fault.allowed) for fault in stop.value.faults[:2]))
    assert len(told) == 1


def test_sheets_hidden_rows_and_titles(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    head, row = ["Part", "Stock", "Use per day", "Supplier", "Lead time (days)"], ["A", 100, 10, "S", 30]

    def book(*sheets, hidden=(), state="visible"):
        made = openpyxl.Workbook()
        made.remove(made.active)
        for name, rows in sheets:
            sheet = made.create_sheet(name)
            for cells in rows:
                sheet.append(cells)
            for line in hidden:
                sheet.row_dimensions[line].hidden = True
        made.worksheets[-1].sheet_state = state
        made.save(tmp_path / "b.xlsx")
        return tmp_path / "b.xlsx"

    two = book(("One", [head, row]), ("Two", [head, ["B", 50, 10, "S", 30]]))
    with pytest.raises(InputError, match=r"'One' and 'Two' hold parts.*sheet='One'"):
        shortage_clock(two, start=DAY)
    assert lasts(two, sheet="Two") == {"B": 5}
    other = book(("Notes", [["Read me"]]), ("List", [head, row, ["B", 50, 10, "S", 30]]), hidden=[3])
    notes = shortage_clock(other, start=DAY).notes
    assert notes[:2] == ("sheet 'List' read, not 'Notes'", "line 3 is hidden in the workbook and counted")
    behind = book(("One", [head, row]), ("Old", [head, ["A", 1, 10, "S", 30]]), state="hidden")
    assert lasts(behind) == {"A": 10} and "'Old' (hidden)" in shortage_clock(behind, start=DAY).notes[0]
    bare = ["Part", "Stock", "Usage", "Supplier", "Lead time"]
    for title, faulty in (("stock in thousand pieces, use in pieces", True), ("Stock in kg, usage in g", True),
                          ("Monthly usage and stock", True), ("Lead times in weeks", True),
                          ("Critical parts, Seoul, 2026", False), ("Parts over 2 million USD", False)):  # fmt: skip
        for rows in ([[title], bare, row], [bare, row, ["B", 50, 10, "S", 30], [title]]):
            path = book(("P", rows))
            if faulty:
                with pytest.raises(InputError, match="title or note says"):
                    shortage_clock(path, start=DAY)
            else:
                assert any(title in note for note in shortage_clock(path, start=DAY).notes)


def test_rows_that_were_left_out_are_written_with_the_reason(tmp_path):
    text = "part,stock,use per day,supplier,lead time\n" + "".join(f"P{k},9,1,S,4\n" for k in range(9))
    text += "bad,12O,1,S,4\n=1+1,9,1,S,4\nTotal,81,9,,\n"
    shortage_clock(text, start=DAY, aside=tmp_path / "aside.csv")
    found = pd.read_csv(tmp_path / "aside.csv")
    assert found["line"].tolist() == [11, 12, 13] and found["part"].tolist() == ["bad", "'=1+1", "Total"]
    assert found["reason"].str.contains("12O|formula|total").all()


@pytest.mark.parametrize(("heading", "days"), [
    ("usage Q4 2025", 92), ("usage H1 2025", 181), ("usage 2025-10", 31), ("Use 4Q25", 92), ("use Q4", 91.3125),
    ("usage W48", 7), ("usage KW 40-44", 35), ("usage Jan-Mar", 91.3125), ("usage (Nov 2025 - Jan 2026)", 92),
    ("use FY2025", 365.25), ("demand FY 2024/25", 365.25), ("use per two weeks", 14), ("use jan", 30.4375),
    ("market demand 2025", 365.25), ("use per day (5-day week)", 1.4), ("Consommation hebdomadaire", 7),
    ("consommation mensuelle", 30.4375), ("Consommation annuelle", 365.25), ("weekly usage Q4 2025", 7),
])  # fmt: skip
def test_a_use_is_for_the_stretch_that_its_heading_names(heading, days):
    made = read_parts(f"part,supplier,stock,{heading},lead time days\nA,S,60,84,3\n").frame
    assert made["use_per_day"].iloc[0] == pytest.approx(84 / days)


@pytest.mark.parametrize(("heading", "told"), [
    ("usage YTD", "'ytd' is no time"), ("use per 1000 units", "use_per_day: column is missing"),
    ("use per day (weekly total)", "'weekly total' is no time"),
    ("Bedarf Q1-Q3", "'q1 and q3' is no time"), ("usage 2023-2025", "'2023 and 2025' is no time"),
    ("use jan+feb+mar", "'jan and feb and mar' is no time"),
])  # fmt: skip
def test_a_stretch_without_an_end_is_asked_for(heading, told):
    with pytest.raises(InputError, match=told):
        read_parts(f"part,supplier,stock,{heading},lead time days\nA,S,60,84,3\n")


@pytest.mark.parametrize(("heading", "days"), [
    ("stock in weeks", 70), ("days in stock", 10), ("stock (months of use)", 304.375), ("Bestand in Wochen", 70),
    ("在庫日数", 10), ("库存天数", 10),
])  # fmt: skip
def test_a_stock_told_in_time_is_no_quantity(heading, days):
    made = read_parts(f"part,supplier,{heading},use per day,lead time days\nA,S,10,2,3\n").frame
    assert made["stock"].iloc[0] / made["use_per_day"].iloc[0] == pytest.approx(days)


def test_thousands_of_pieces_and_working_days_of_other_languages_are_read():
    made = read_parts(
        "part,supplier,Bestand (Tsd. Stk),Verbrauch pro Tag (Stk),Lieferzeit Arbeitstage\nA,S,10,100,10\n"
    )
    assert made.frame[["stock", "lead_time_days"]].iloc[0].tolist() == [10_000, 14]
    with pytest.raises(InputError, match="without a unit"):
        read_parts("part,supplier,stock in 1000,use per day,lead time days\nA,S,10,2,3\n")


def test_a_line_that_ends_as_a_file_does_is_the_name_of_one(tmp_path):
    (tmp_path / "parts.csv").write_text("part,supplier,stock,use per day,lead time days\nA,S,10,2,3\n")
    assert read_parts(str(tmp_path / "parts.csv")).frame["stock"].tolist() == [10]
    with pytest.raises(InputError, match="No such file"):
        read_parts(str(tmp_path / "none.csv"))


def test_the_last_day_to_order_reaches_every_replacement():
    rows = "part,supplier,stock,use per day,lead time days,share\ngas,A,900,30,180,60 %\ngas,B,900,30,30,40 %\n"
    found = shortage_clock(rows, start=date(2027, 6, 1)).table.iloc[0]
    assert found["order_by"] == "2027-01-22"  # A's 60 % takes 18 a day: 50 days of stock, less 180
    assert shortage_clock(rows, start=date(2027, 6, 1)).summary()["order_by"].iloc[0] in (
        "2027-01-22", "2027-01-22, too late" if date.today() > date(2027, 1, 22) else "2027-01-22")  # fmt: skip


def test_a_supplier_in_two_spellings_is_one_and_shares_below_one_are_said():
    rows = "part,supplier,stock,use per day,lead time days,share\ngas,alpha,900,30,180,0.5\nrod,Alpha ,90,30,60,1\n"
    made = shortage_clock(rows, start=date(2026, 1, 1), stopped={"Alpha": 0.0})
    assert set(made.table["verdict"]) == {"sure"}
    told = "\n".join(made.notes)
    assert "'Alpha' is taken for 'alpha'" in told and "gas: the shares of its suppliers add up to 50 %" in told


def test_units_that_the_format_of_a_cell_shows_are_read(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "p.xlsx") as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["part", "stock", "use per day", "supplier", "lead time"])
        page.write_row(1, 0, ["gas"])
        for k, (cell, shown) in enumerate([(900, '#,##0 "kg"'), (30, '0 "g"'), ("A", ""), (20, '0 "weeks"')], 1):
            page.write(1, k, cell, book.add_format({"num_format": shown}))
    made = read_parts(tmp_path / "p.xlsx").frame.iloc[0]
    assert made["stock"] / made["use_per_day"] == 30_000 and made["lead_time_days"] == 140


@pytest.mark.parametrize(("heading", "size"), [
    ("stock (mln)", 1e6), ("stock (100 pcs)", 100), ("stock x100", 100), ("stock (hundreds)", 100),
    ("stock (lakh)", 1e5), ("stock in 10,000", 1e4),
])  # fmt: skip
def test_a_multiple_in_a_heading_multiplies_or_stops(heading, size):
    text = f"part;supplier;{heading};use per day (pcs);lead time days\nA;S;10;2;3\n"
    assert read_parts(text).frame["stock"].iloc[0] == pytest.approx(10 * size)
    with pytest.raises(InputError, match="without a unit"):
        read_parts(text.replace(" (pcs)", ""))


def test_records_a_line_are_a_list_of_parts(tmp_path):
    path = tmp_path / "parts.jsonl"
    path.write_text(
        '{"part":"gas","stock":900,"use_per_day":30,"supplier":"A","lead_time_days":180}\n', encoding="utf-8"
    )
    assert read_parts(path).frame["stock"].tolist() == [900.0]


def _one(use: str = "use per day", stock: str = "stock", lead: str = "lead time days") -> tuple[float, float, float]:
    """Days that a stock of 900 at a use of 30 lasts, the use of a day and the lead time, below these headings."""
    row = read_parts(f"part;supplier;{stock};{use};{lead}\nA;S;900;30;20\n").frame.iloc[0]
    return row["stock"] / row["use_per_day"], row["use_per_day"], row["lead_time_days"]


@pytest.mark.parametrize(("use", "days"), [
    ("use per month (20 working days)", 30.4375), ("use per week (5 working days)", 7), ("use per day (Mon-Fri)", 1.4),
    ("use per day (5 days a week)", 1.4), ("use per month (5-day week)", 30.4375), ("use per day (Mon-Sat)", 7 / 6),
    ("use per working day (monthly average)", 1.4), ("use of 20 working days", 28), ("use per working day", 1.4),
    ("Verbrauch pro Monat (21 Arbeitstage)", 30.4375), ("平日用量", 1.4),
])  # fmt: skip
def test_working_days_beside_a_longer_time_do_not_win(use, days):
    assert _one(use)[0] == pytest.approx(30 * days)


@pytest.mark.parametrize(("use", "days"), [
    ("Consumo mensal", 30.4375), ("Consumo médio mensal", 30.4375), ("consumi mensili", 30.4375),
    ("usage p.m.", 30.4375), ("Bedarf/Mon.", 30.4375), ("Verbrauch mtl.", 30.4375), ("季度用量", 91.3125),
    ("분기사용량", 91.3125),
    ("四半期使用量", 91.3125), ("半年用量", 182.625), ("Consumo bimestral", 60.875), ("Verbrauch je KW", 7),
    ("T12M usage", 365.25), ("L3M usage", 91.3125), ("consumo semestre", 182.625), ("Verbrauch p.J.", 365.25),
])  # fmt: skip
def test_words_of_time_of_other_languages_and_short_ones_are_read(use, days):
    assert _one(use)[0] == pytest.approx(30 * days)


@pytest.mark.parametrize(
    "lead", ["lead time (gg lavorativi)", "lead time (werkdagen)", "lead time (업무일)", "納期 稼働日"]
)
def test_a_lead_time_in_working_days_of_other_languages(lead):
    assert _one(lead=lead)[2] == pytest.approx(28)


@pytest.mark.parametrize("use", [
    "use per day per line", "use per week per line", "use/day/machine", "Verbrauch pro Tag je Linie",
    "라인당 일 사용량", "每台日用量", "use per day (per plant)",
])  # fmt: skip
def test_a_use_of_one_of_several_asks_how_many_there_are(use):
    with pytest.raises(InputError, match="how many there are is not said"):
        _one(use)
    text = f"part;supplier;stock;{use};lead time days\nA;S;900;30;20\n"
    assert len(read_parts(text, columns={"use_per_day": use}).frame) == 1


@pytest.mark.parametrize("use", ["usage/m", "usage/kW", "usage (h)", "consumo quincenal", "旬用量"])
def test_a_use_for_a_time_that_is_not_known_stops(use):
    with pytest.raises(InputError):
        _one(use)


@pytest.mark.parametrize(("stock", "size"), [
    ("stock 万個", 1e4), ("库存（万件）", 1e4), ("在庫(億個)", 1e8), ("재고(천개)", 1e3), ("재고 백만개", 1e6),
    ("在庫(10万個)", 1e5),
    ("庫存(萬件)", 1e4), ("재고만개", 1e4), ("stock (boxes of 100)", 100), ("stock, pack of 10", 10), ("stock dz", 12),
    ("stock (5個)", 5),
])  # fmt: skip
def test_multiples_glued_to_a_unit_and_packs_of_several_multiply_or_stop(stock, size):
    assert _one("use per day (pcs)", stock)[0] == pytest.approx(30 * size)
    with pytest.raises(InputError, match="without a unit"):
        _one(stock=stock)


@pytest.mark.parametrize(("stock", "lead", "told"), [
    ("stock as of 2025-12-01", "lead time days", "names a day of its own"),
    ("stock 31.12.2025", "lead time days", "names a day of its own"),
    ("opening stock Jan", "lead time days", "names a day of its own"), ("stock", "min lead time", "is the least"),
    ("projected stock", "lead time days", "says 'projected'"),
    ("stock incl. on order", "lead time days", "says 'incl. on order'"),
])  # fmt: skip
def test_a_stock_of_another_day_or_with_what_is_to_come_is_said(stock, lead, told):
    notes = read_parts(f"part;supplier;{stock};use per day;{lead}\nA;S;900;30;20\n").notes
    assert any(told in note for note in notes[1:])


def test_an_available_quantity_beside_the_one_on_hand_must_agree():
    with pytest.raises(InputError, match="stock differs"):
        read_parts("Item;supplier;Quantity On Hand;Quantity Available;use per day;lead time\nA;S;900;600;30;20\n")
