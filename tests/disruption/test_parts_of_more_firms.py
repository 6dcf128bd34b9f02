"""Parts lists as SAP, Oracle, Odoo and firms of many languages keep them; use told by two columns; lists on their side.

Every answer is worked out by hand: days of stock are stock / use, a month 30.4375 days, a week 7.
"""

import zipfile
from datetime import date

import openpyxl
import pytest

import geoecon as ge
from geoecon.errors import InputError

START = date(2026, 1, 1)
MONTH = 30.4375


def paste(*rows):
    return "\n".join("\t".join(row.split("|")) for row in rows) + "\n"


def clock(*rows, **asked):
    return ge.shortage_clock(paste(*rows), start=START, **asked)


def told(found):
    """{part: (days of stock, lead time)}."""
    rows = found.to_frame().to_dict("records")
    return {row["part"]: pytest.approx((row["stock_lasts_days"], row["lead_time_days"]), 1e-4) for row in rows}


LISTS = {
    "SAP MB52": ("Material|Plnt|BUn|Unrestricted|In Quality Insp.|Blocked|Monthly Cons.|Vendor|Planned Deliv. Time",
                 "A|1000|PC|1000|0|0|500|V1|14", 2 * MONTH, 14),
    "SAP short": ("Material|Unrestr.|BUn|Cons./month|Vendor|PDT", "A|1000|KG|500|V1|14", 2 * MONTH, 14),
    "Odoo": ("Product|Quantity On Hand|Free To Use Quantity|Vendor|Delivery Lead Time|Monthly Demand",
             "A|1000|900|X|3|500", 2 * MONTH, 3),
    "Odoo export": ("default_code|qty_available|seller_ids/partner_id/name|seller_ids/delay|monthly_demand",
                    "A|1000|X|3|500", 2 * MONTH, 3),
    "NetSuite": ("Internal ID|Name|Location On Hand|Preferred Vendor|Lead Time|Average Daily Demand",
                 "5|A|400|X|3|10", 40, 3),
    "Dynamics": ("Item number|Physical inventory|Average monthly issue|Vendor account|Purchase lead time",
                 "A|1000|500|V-1|3", 2 * MONTH, 3),
    "QuickBooks": ("Item|Preferred Vendor|On Hand|On Sales Order|On PO|Sales/Week|Lead Time (days)",
                   "A|X|70|0||7|30", 70, 30),
    "German": ("Teile-Nr.|Benennung|Bestand [Stk]|Monatsbedarf [Stk]|Hersteller|LZ [Wochen]", "A|x|1000|500|X|8",
               2 * MONTH, 56),
    "Swiss": ("Teil|Bestand|Bedarf/Woche|Lieferant|Lieferzeit (Wo.)", "A|1’000|250|X|6", 28, 42),
    "Japanese": ("品目コード|品名|現在庫|月平均使用数|メーカー|L/T(日)", "A|磁石|1000|500|信越|45", 2 * MONTH, 45),
    "Japanese buyer": ("部品番号|在庫量(kg)|日当たり消費量(kg)|調達先|調達リードタイム(月)", "A|1000|20|信越|2", 50,
                       2 * MONTH),
    "Korean": ("자재코드|자재명|현재고량|월평균사용량|거래처|납기(주)", "A|자석|1000|500|포스코|8", 2 * MONTH, 56),
    "Chinese": ("物料编号|物料名称|现有库存|日均消耗|供货商|采购周期（天）", "A|磁|1000|20|宝钢|45", 50, 45),
    "French": ("Code article|Désignation|Stock dispo|Conso. mensuelle|Fournisseur|Délai d'appro. (sem.)",
               "A|x|1 000|500|X|8", 2 * MONTH, 56),
    "Italian": ("Codice articolo|Giacenza attuale|UM|Consumo medio mensile|Fornitore|Lead time (settimane)",
                "A|1000|pz|500|X|8", 2 * MONTH, 56),
    "Polish": ("Indeks|Nazwa|Stan magazynowy|Zużycie miesięczne|Dostawca|Czas dostawy (tyg.)", "A|x|1000|500|X|8",
               2 * MONTH, 56),
    "Portuguese": ("Código do item|Saldo em estoque|Consumo médio diário|Fornecedor|Prazo de entrega (dias)",
                   "A|1000|20|X|30", 50, 30),
    "Czech": ("Díl|Zásoba|Spotřeba za týden|Dodavatel|Dodací lhůta (týdny)", "A|1000|100|X|6", 70, 42),
    "Swedish": ("Artikelnr|Lagersaldo|Förbrukning per vecka|Leverantör|Ledtid (veckor)", "A|1000|100|X|6", 70, 42),
    "Turkish": ("Parça No|Stok|Aylık tüketim|Tedarikçi|Temin süresi (hafta)", "A|1000|500|X|8", 2 * MONTH, 56),
    "Hungarian": ("Cikkszám|Készlet|Heti felhasználás|Beszállító|Szállítási idő (hét)", "A|1000|100|X|6", 70, 42),
    "Russian": ("Артикул|Остаток на складе|Расход в месяц|Поставщик|Срок поставки (недель)", "A|1000|500|X|8",
                2 * MONTH, 56),
    "Vietnamese": ("Mã linh kiện|Tồn kho|Sử dụng/tháng|Nhà cung cấp|Thời gian giao hàng (tuần)", "A|1000|500|X|8",
                   2 * MONTH, 56),
    "weeks on hand": ("Part|WOH|Supplier|LT (wks)", "A|10|X|6", 70, 42),
    "months of supply": ("Part|MOS|Supplier|LT (wks)", "A|2|X|6", 2 * MONTH, 42),
    "Spanish cover": ("Pieza|Cobertura (días)|Proveedor|Plazo (semanas)", "A|70|X|6", 70, 42),
}  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
def test_the_headings_of_many_systems_and_languages_are_read(name):
    head, row, stock, lead = LISTS[name]
    assert told(clock(head, row)) == {"A": (stock, lead)}


@pytest.mark.parametrize(
    ("head", "row", "days"),
    [
        ("Part|Qty per unit|Units per week|Stock|Supplier|LT (wks)", "A|2|10|100|X|6", 35),
        ("Component|Qty/vehicle|Vehicles/day|Inventory|Supplier|LT (wks)", "A|4|50|4000|X|6", 20),
        ("P/N|BOM Qty|Build rate (units/month)|On hand|Mfr|LT (wks)", "A|2|100|400|X|6", 2 * MONTH),
        ("Part|Stock|Consumption per shift|Shifts per day|Supplier|LT (wks)", "A|1500|10|3|X|6", 50),
        ("Part|Stock|Consumption per hour|Hours per day|Supplier|LT (wks)", "A|1600|10|16|X|6", 10),
        ("Part|Stock (kg)|Use per car (g)|Cars per day|Supplier|LT (wks)", "A|10|100|5|X|6", 20),
        ("Part|Stock (t)|kg per unit|Units per day|Supplier|LT (wks)", "A|1|2|5|X|6", 100),
        ("Part|Stock|Use per 1000 units|Units per week|Supplier|LT (wks)", "A|100|20|500|X|6", 70),
        ("Part|Stock|Qty per 100|Sets per week|Supplier|LT (wks)", "A|100|20|500|X|6", 7),
    ],
)
def test_what_one_takes_times_how_many_there_are(head, row, days):
    found = clock(head, row)
    assert told(found) == {"A": (days, 42.0)}
    assert " × " in " ".join(found.notes)


def test_two_columns_are_multiplied_where_that_is_asked_and_else_the_way_is_named():
    rows = ("Part|Stock|Per car|Cars we make a week|Supplier|LT (wks)", "A|100|2|5|X|6")
    asked = clock(*rows, columns={"use_per_day": "Per car * Cars we make a week"})
    assert told(asked) == {"A": (70.0, 42.0)}
    with pytest.raises(InputError, match="is for one: columns use_per_day='Qty per unit"):
        clock("Part|Qty per unit|Stock|Supplier|LT (wks)", "A|2|100|X|6")


def test_a_list_on_its_side_is_turned_and_told():
    found = clock("Part|A|B", "Stock|100|50", "Use per week|10|10", "Supplier|X|Y", "Lead time (weeks)|6|8")
    assert told(found) == {"A": (70.0, 42.0), "B": (35.0, 56.0)}
    assert any("side by side" in note for note in found.notes)


def test_a_supplier_written_once_above_its_parts_holds_for_them():
    rows = ("Supplier|Part|Stock|Use per week|Lead time (weeks)", "X|A|100|10|6", "|B|50|10|6", "Y|C|70|10|8")
    found = clock(*rows)
    assert found.to_frame().set_index("part")["supplier"].to_dict() == {"A": "X", "B": "X", "C": "Y"}
    assert "'Supplier' of the line above holds in lines 3" in found.notes


def test_a_supplier_that_lacks_behind_the_part_is_not_guessed():
    rows = (
        "Part|Stock|Use per week|Supplier|Lead time (weeks)",
        "A|100|10|X|6",
        "B|50|10||6",
        "C|50|10|Y|6",
        "D|9|1|Y|6",
    )
    assert set(told(clock(*rows))) == {"A", "C", "D"}


@pytest.mark.parametrize(
    "word", ["Total général", "Totale", "Totaal", "Razem", "Suma", "소계", "合计", "Итого", "Celkem"]
)
def test_totals_in_other_languages_are_no_parts(word):
    rows = ("Part|Stock|Use per week|Supplier|LT (wks)", "A|100|10|X|6", "B|50|10|X|6", f"{word}|150|20||")
    assert set(told(clock(*rows))) == {"A", "B"}


@pytest.mark.parametrize(
    ("stock", "use", "days"),
    [
        ("Stock (sq ft)", "Use (m2/day)", 1076.39 * 0.09290304 / 10),
        ("Stock (short tons)", "Use (kg/day)", 1076.39 * 907.18474 / 10),
    ],
)
def test_units_of_two_words_are_no_missing_unit(stock, use, days):
    assert told(clock(f"Part|{stock}|{use}|Supplier|LT (wks)", "A|1076.39|10|X|6")) == {"A": (days, 42.0)}


def test_a_unit_that_only_holds_a_known_word_is_one_of_its_own():
    with pytest.raises(InputError, match="one unit for a part"):
        clock("Part|Stock (wet tons)|Use (kg/day)|Supplier|LT (wks)", "A|2|20|X|6")


def test_metres_are_no_months_beside_lengths():
    rows = ("Part|Stock|Use|Supplier|Lead time", "A|500 m|10 m/day|X|6 wks", "B|1 km|10 m/day|X|6 wks")
    assert told(clock(*rows)) == {"A": (50.0, 42.0), "B": (100.0, 42.0)}


def test_an_alternative_source_is_no_second_lead_time():
    head = "Part|Stock|Use/week|Primary supplier|Alternative supplier|LT primary (wks)|LT alternative (wks)"
    found = clock(head, "A|1000|100|X|Y|6|10")
    assert told(found) == {"A": (70.0, 42.0)}
    assert any("'LT alternative (wks)' is not read: no other source" in note for note in found.notes)


@pytest.mark.parametrize("heading", ["Qty per pack", "Pcs per box", "Units per pallet"])
def test_what_a_pack_holds_is_no_use(heading):
    with pytest.raises(InputError, match="use_per_day: column is missing"):
        clock(f"Part|Stock|{heading}|Units per week|Supplier|LT (wks)", "A|100|50|10|X|6")


def test_a_supplier_merged_over_lines_of_a_workbook_stands_for_each(tmp_path):
    book = openpyxl.Workbook()
    for row in (["Part", "Stock", "Use per week", "Supplier", "Lead time (weeks)"], ["A", 100, 10, "X", 6],
                ["B", 50, 10, None, 8], ["C", 70, 10, "Y", 8]):  # fmt: skip
        book.active.append(row)
    book.active.merge_cells("D2:D3")
    book.save(tmp_path / "parts.xlsx")
    found = ge.shortage_clock(tmp_path / "parts.xlsx", start=START)
    assert found.to_frame().set_index("part")["supplier"].to_dict() == {"A": "X", "B": "X", "C": "Y"}
    assert "1 cells of names stand for the lines they are merged over" in found.notes


ROWS = "A,100,10,X,6\nB,50,10,X,8\n"
HEAD = "Part,Stock,Use per week,Supplier,Lead time (weeks)\n"
BOTH = {"A": (70, 42), "B": (35, 56)}


@pytest.mark.parametrize(
    ("head", "encoding"),
    [("品番,在庫,週使用量,仕入先,納期（週）", "cp932"), ("品番,在庫,週使用量,仕入先,納期（週）", "euc_jp"),
     ("부품,재고,주간사용량,공급업체,납기(주)", "cp949"), ("零件,库存,周用量,供应商,交期（周）", "gb18030"),
     ("Teil,Bestand,Wochenbedarf für A,Lieferant,Lieferzeit (Wochen)", "cp1252"),
     ("Part,Stock,Use per week,Supplier,LT wk", "utf-16")],
)  # fmt: skip
def test_encodings_of_parts_lists_are_told_by_their_headings(head, encoding, tmp_path):
    (tmp_path / "p.csv").write_bytes(f"{head}\n{ROWS}".encode(encoding))
    assert told(ge.shortage_clock(tmp_path / "p.csv", start=START)) == BOTH


@pytest.mark.parametrize(
    "text",
    ['"Part", "Stock", "Use per week", "Supplier", "LT (weeks)"\n"A", 100, 10, "X, Inc.", 6\n"B", 50, 10, "X", 8\n',
     (HEAD + ROWS).replace(",", "^"),
     "\n".join(",".join(f"'{cell}'" for cell in row.split(",")) for row in (HEAD + ROWS).splitlines()) + "\n",
     "\u200b" + HEAD + ROWS, "> " + (HEAD + ROWS).strip().replace("\n", "\n> ") + "\n",
     "\n".join(",".join(f'="{cell}"' for cell in row.split(",")) for row in (HEAD + ROWS).splitlines()) + "\n"],
)  # fmt: skip
def test_lists_whose_cells_are_written_otherwise(text, tmp_path):
    assert told(ge.shortage_clock(text, start=START)) == BOTH
    (tmp_path / "p.csv").write_text(text)
    if not text.startswith(">"):
        assert told(ge.shortage_clock(tmp_path / "p.csv", start=START)) == BOTH


def test_a_list_in_an_archive(tmp_path):
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as packed:
        packed.writestr("parts.csv", HEAD + ROWS)
    assert told(ge.shortage_clock(tmp_path / "p.zip", start=START)) == BOTH
    with zipfile.ZipFile(tmp_path / "p.zip", "a") as packed:
        packed.writestr("more.csv", HEAD + ROWS)
    with pytest.raises(InputError, match=r"parts.csv, more.csv; allowed: one table of parts in the archive"):
        ge.shortage_clock(tmp_path / "p.zip", start=START)
