"""A bill of materials as people paste it: each paste gives the dates, says what was read, and asks once in doubt."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from geoecon import InputError
from geoecon.disruption import shortage_clock
from geoecon.disruption.parts import read_parts

DAY = date(2026, 1, 1)


def days(text, **options):
    found = shortage_clock(text, start=DAY, **options)
    return dict(zip(found.table["part"], found.table["days"], strict=True))


PASTES = {
    "excel": "Part No.\tDescription\tOn hand\tDaily usage\tVendor\tLead time (days)\n"
    "R1\tresin\t900\t30\tAlpha, Inc.\t60\n",
    "semicolons": "Part;Stock;Use per day;Supplier;Lead time\nR1;900,0;30,0;Alpha;60\n",
    "weeks": "Part\tStock\tUse per week\tSupplier\tLead time (weeks)\nR1\t900\t210\tAlpha\t8.5\n",
    "units": "Item\tInventory\tConsumption\tSupplier\tLead time\nR1\t0.9 t\t30 kg/day\tAlpha\t9 weeks\n",
    "units in headings": "Item,Stock (kg),Use (kg/week),Supplier,Lead time (months)\nR1,900,210,Alpha,2\n",
    "total": "Part,Stock,Use per day,Supplier,Lead time\nR1,900,30,Alpha,60\nTotal,900,30,,\n",
    "title": "Bill of materials 2026\n\nPart,Stock,Use per day,Supplier,Lead time\nR1,900,30,Alpha,60\n",
    "thousands": "Part\tStock\tUse per day\tSupplier\tLead time\nR1\t1 350\t45\tAlpha\t60\n",
    "german": "Teil;Bestand;Verbrauch pro Tag;Lieferant;Lieferzeit\nR1;1.350,0;45,0;Alpha;9 Wochen\n",
    "japanese": "部品\t在庫\t日使用量\t仕入先\tリードタイム\nR1\t900\t30\tAlpha\t60\n",
    "quoted": 'Part,Stock,Use per day,Supplier,Lead time\nR1,"900","30","Alpha, Inc.",60\n',
    "cover": "Part\tDays of supply\tSupplier\tLead time\nR1\t30\tAlpha\t60\n",
}


@pytest.mark.parametrize("name", PASTES)
def test_pastes_from_a_spreadsheet(name):
    found = shortage_clock(PASTES[name], start=DAY)
    assert found.table["part"].tolist() == ["R1"] and found.table["days"].tolist() == [30]
    assert found.caveats()[0].startswith("read as part = ") and found.table["first_shortage"].iloc[0] == "2026-01-31"


def test_the_preview_and_the_total_are_told():
    notes = shortage_clock(PASTES["total"], start=DAY).caveats()
    assert "stock = 'Stock'" in notes[0] and "line 3 is a total and left out" in notes
    assert "(for a week)" in shortage_clock(PASTES["weeks"], start=DAY).caveats()[0]


@pytest.mark.parametrize("cell", ["1,250", "1.250"])
def test_a_number_that_reads_two_ways_is_asked_for_once(cell):
    rows = "".join(f"R{k}\t{cell}\t50\tAlpha\t60\n" for k in range(5))
    text = "Part\tStock\tUse per day\tSupplier\tLead time\n" + rows
    with pytest.raises(InputError, match=r"line 2, Stock: 1.250 can be.*decimal=") as stop:
        shortage_clock(text, start=DAY)
    assert len(stop.value.faults) == 1
    thousands, decimals = (".,", ",") if "," in cell else (",", ".")
    assert set(days(text, decimal=thousands).values()) == {25}
    assert set(days(text, decimal=decimals).values()) == {0}


def test_ten_bad_rows_never_stop_the_good_ninety():
    good = "".join(f"P{k}\t900\t30\tAlpha\t60\n" for k in range(90))
    bad = "".join(f"B{k}\t{cell}\t30\tAlpha\t60\n" for k, cell in enumerate(["TBD", "-5", "n/a", "", "?"] * 2))
    found = shortage_clock("Part\tStock\tUse per day\tSupplier\tLead time\n" + good + bad, start=DAY)
    assert len(found.table) == 90 and sum("row left out" in note for note in found.caveats()) == 10
    assert "line 92, Stock: 'TBD'" in " ".join(found.caveats())
    with pytest.raises(InputError, match="line 2, Stock: 'TBD'"):
        shortage_clock(
            "Part\tStock\tUse per day\tSupplier\tLead time\nB\tTBD\t1\tA\t6\nD\t?\t1\tA\t6\nC\t1\t1\tA\t6\n", start=DAY
        )


def test_a_range_of_weeks_is_a_band():
    text = "Part\tStock\tUse per day\tSupplier\tLead time\nR1\t900\t30\tAlpha\t4-8 weeks\n"
    row = shortage_clock(text, start=DAY).table.iloc[0]
    assert row["lead_time_days"] == 42 and 0 < row["probability"] < 1.0000001


def test_stock_in_kilograms_and_use_in_pieces_is_named():
    with pytest.raises(InputError, match="stock in kg, use per day in pcs"):
        shortage_clock("Part,Stock,Use per day,Supplier,Lead time\nR1,900 kg,30 pcs,Alpha,60\n", start=DAY)


def test_a_workbook_and_a_frame(tmp_path):
    frame = pd.DataFrame({"Part": ["R1", "R2"], "On hand": [900, 12.345], "Weekly usage": [210, 7.0],
                          "Vendor": ["Alpha", "Beta"], "Lead time (weeks)": [9, 1]})  # fmt: skip
    frame.to_excel(tmp_path / "bill.xlsx", index=False)
    for source in (frame, tmp_path / "bill.xlsx"):
        assert days(source) == {"R1": 30, "R2": np.inf}


def test_unknown_headings_are_named_and_can_be_mapped():
    text = "Ding,Zeug,Use per day,Supplier,Lead time\nR1,900,30,Alpha,60\n"
    with pytest.raises(InputError, match=r"stock: column is missing.*here: Ding, Zeug"):
        shortage_clock(text, start=DAY)
    assert days(text, columns={"part": "Ding", "stock": "Zeug"}) == {"R1": 30}


# headings that nobody listed


@pytest.mark.parametrize(
    ("heading", "days"),
    [("Consumption / day", 1), ("Consumption / week", 7), ("Verbrauch / Woche", 7), ("Avg monthly demand", 30.4375),
     ("Quarterly usage", 91.3125), ("日使用量", 1), ("주간 사용량", 7), ("Daily consumption (units)", 1)],
)  # fmt: skip
def test_the_use_by_the_words_of_its_heading(heading, days):
    read = read_parts(f"Part\tStock\t{heading}\tSupplier\tLead time (weeks)\nA\t100\t14\tX\t8\n")
    assert read.frame["use_per_day"].iloc[0] == pytest.approx(14 / days)
    assert read.reading["use_per_day"] == heading and read.frame["lead_time_days"].iloc[0] == 56


def test_a_heading_that_is_named_by_hand_keeps_its_week():
    text = "Teil\tMenge\tAbgang / Woche\tFirma\tFrist\nA\t100\t14\tX\t30\n"
    columns = {"part": "Teil", "stock": "Menge", "use_per_day": "Abgang / Woche", "supplier": "Firma",
               "lead_time_days": "Frist"}  # fmt: skip
    assert read_parts(text, columns).frame["use_per_day"].iloc[0] == 2


def test_the_paste_of_the_mock_up():
    head = "Part No.|Description|Stock on hand (kg)|Consumption / week|Vendor|Lead time (weeks)|min|max"
    rows = "A|HF|1,250|140|Stella|8|6|10\nB|film|40 m²|14|Sumi|8|6|10\nTotal||1290|||||"
    read = read_parts(f"{head}\n{rows}".replace("|", "\t"), decimal=".,")
    first = read.frame.iloc[0]
    assert (first["stock"], first["use_per_day"]) == (1250, 20)
    assert (first["lead_time_days_low"], first["lead_time_days"], first["lead_time_days_high"]) == (42, 56, 70)
    assert len(read.frame) == 2 and any("total" in note for note in read.notes)


def test_a_column_of_units_is_that_of_its_row():
    head = "Part\tStock\tUoM\tUse per day\tSupplier\tLead time (days)"
    read = read_parts(f"{head}\nA\t1.5\tt\t10 kg\tX\t30\nB\t500\tkg\t10\tX\t30\n")
    assert (read.frame["stock"] / read.frame["use_per_day"]).tolist() == [150, 50]


@pytest.mark.parametrize("stock, days", [("1E3", 100), ("1e+2", 10), ("1,5E3", None)])
def test_numbers_as_a_spreadsheet_shows_wide_ones(stock, days):
    text = f"part,stock,use per day,supplier,lead time\nA,{stock},10,X,300\n".replace(",5E3", ";5E3")
    if days is None:
        text = "part;stock;use per day;supplier;lead time\nA;1,5E3;10;X;300\n"
        days = 150
    assert shortage_clock(text, start=date(2026, 1, 1)).table["stock_lasts_days"].tolist() == [days]


@pytest.mark.parametrize("stock", ["1e400", "0x10", "1_000", "12 weeks"])
def test_what_is_no_quantity_is_refused(stock):
    with pytest.raises(InputError, match=r"allowed: a (finite number|quantity)"):
        shortage_clock(f"part,stock,use per day,supplier,lead time\nA,{stock},10,X,30\n", start=date(2026, 1, 1))
