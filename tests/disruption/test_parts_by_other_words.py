"""Parts lists: suppliers told twice, averages over a stretch, wide digits, footnotes, other languages and signs."""

import csv
from datetime import date

import pytest

import geoecon as ge
from geoecon.errors import InputError

START = date(2026, 1, 1)


def paste(*rows, sign="\t"):
    return "\n".join(sign.join(row.split("|")) for row in rows) + "\n"


def clock(*rows, **asked):
    return ge.shortage_clock(paste(*rows), start=asked.pop("start", START), **asked)


def days(found):
    ends = found.to_frame().set_index("part")["stock_ends"]
    return {part: (date.fromisoformat(end) - START).days for part, end in ends.items()}


@pytest.mark.parametrize("heads", [("Supplier country", "Country of origin"), ("Supplier 1", "Supplier 2")])
def test_a_second_column_of_suppliers_is_told_with_the_way_to_it(heads):
    rows = [f"Part|Stock|Use per week|{heads[0]}|{heads[1]}|Lead time (weeks)", "A|100|10|Germany|China|6"]
    told = f"{heads[1]!r} is not read: suppliers are told by {heads[0]!r}; columns supplier={heads[1]!r}"
    assert any(note.startswith(told) for note in clock(*rows).notes)
    assert clock(*rows, columns={"supplier": heads[1]}).to_frame()["supplier"].tolist() == ["China"]


@pytest.mark.parametrize("heading", ["3 month avg usage", "Average consumption 12 months", "Rolling 6 months demand"])
def test_an_average_over_a_stretch_is_asked_for(heading):
    with pytest.raises(InputError, match="is no time that we know"):
        clock(f"Part|Stock|{heading}|Supplier|LT (weeks)", "A|1000|300|X|4")


@pytest.mark.parametrize(
    ("heading", "wanted"),
    [("Usage last 12 months", 1000 / (3652.5 / 365.25)), ("Avg monthly usage (3 months)", 1000 / (3652.5 / 30.4375))],
)
def test_a_sum_over_a_stretch_and_an_average_month_are_read(heading, wanted):
    assert days(clock(f"Part|Stock|{heading}|Supplier|LT (weeks)", "A|1000|3652.5|X|4"))["A"] == int(wanted)


def test_what_one_number_proves_for_others_is_told():
    found = clock("Part|Stock|Use/day|Supplier|LT (weeks)", "A|1.000|10|X|6", "B|1,5|10|X|6")
    assert days(found)["A"] == 100
    assert "1.000 is read as 1000: other numbers prove the decimal sign" in found.notes


def test_wide_digits_are_digits():
    found = clock("品番|在庫|1日使用量|仕入先|リードタイム", "Ａ１|５００|２０|信越|３０日")
    assert days(found) == {"Ａ１": 25}


def test_marks_of_footnotes_behind_numbers_are_left_out_and_told():
    found = clock("Part|Stock|Use per week|Supplier|Lead time (weeks)", "A|100*|10|X|6", "B|50 1)|10|Y|8²")
    assert days(found) == {"A": 70, "B": 35}
    assert any("marks of footnotes are left out, as in '100*'" in note for note in found.notes)


@pytest.mark.parametrize(
    "heads",
    ["P/N|SOH|Daily usage|Mfr|LT", "PN|Unrestr.|Daily usage|Vendor|Pl. Deliv. Time", 
     "料號|庫存|日用量|供應商|交期(天)",
     "Część|Zapas|Zużycie dzienne|Dostawca|Czas dostawy (dni)", 
     "Onderdeel|Voorraad|Verbruik per dag|Leverancier|Levertijd (dagen)",
     "Parça|Stok|Günlük tüketim|Tedarikçi|Teslim süresi (gün)",
     "Артикул|Остаток|Расход в день|Поставщик|Срок поставки (дней)"],
)  # fmt: skip
def test_headings_of_planners_and_of_other_languages(heads):
    found = clock(heads, "A|100|10|X|45")
    assert days(found) == {"A": 10}
    assert found.to_frame()["replacement"].tolist() == ["2026-02-15"]


@pytest.mark.parametrize(("unit", "lead"), [("tygodnie", 7), ("hafta", 7), ("недель", 7), ("miesiące", 30.4375)])
def test_lead_times_in_words_of_other_languages(unit, lead):
    found = clock("Part|Stock|Use/day|Supplier|Lead time", f"A|100|10|X|4 {unit}")
    assert found.to_frame()["replacement"].tolist() == [
        date.fromordinal(START.toordinal() + round(4 * lead)).isoformat()
    ]


def test_columns_apart_by_blanks():
    text = "Part   Stock   Use per week   Supplier    Lead time\nA      100     10             Acme Ltd    6 weeks\n"
    assert days(ge.shortage_clock(text, start=START)) == {"A": 70}


def test_semicolons_inside_cells_are_no_delimiter(tmp_path):
    path = tmp_path / "parts.csv"
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["Note", "Part", "Stock", "Use per week", "Supplier", "Lead time (weeks)"])
        rows.writerows([["a; b; c; d; e; f", part, 100, 10, "X", 6] for part in "ABC"])
    assert days(ge.shortage_clock(path, start=START)) == {"A": 70, "B": 70, "C": 70}


def test_rows_left_out_are_read_again_once_they_are_mended(tmp_path):
    rows = [
        "Part|Stock|Use per day|Supplier|Lead time (days)",
        *(f"{part}|10|1|X|5" for part in "BCDE"),
        "-2+3|bad|1|X|5",
    ]
    out = tmp_path / "aside.csv"
    clock(*rows, aside=out)
    out.write_text(out.read_text().replace(",bad,", ",20,"))
    assert days(ge.shortage_clock(out, start=START)) == {"-2+3": 20}


def test_a_use_for_something_else_is_named_with_the_way_to_it():
    with pytest.raises(InputError, match=r"columns use_per_day='Use per shift' \(--columns\) if it is per day"):
        clock("Part|Stock|Use per shift|Supplier|LT (weeks)", "A|1000|300|X|4")


def test_a_start_may_be_text():
    rows = ("Part|Stock|Use per week|Supplier|Lead time (weeks)", "A|100|10|X|6")
    assert clock(*rows, start="2026-01-01").to_frame().equals(clock(*rows).to_frame())
