"""Times, units and multiples as people write them in a cell of a parts list; what one bad cell costs."""

from datetime import date, timedelta

import pytest

from geoecon import shortage_clock
from geoecon.disruption.parts import read_parts
from geoecon.errors import InputError
from geoecon.web.parts_clock import clock

HEAD = "part;stock;use per day;supplier;lead time\n"
GOOD = "a;900;30;Alpha;20 days\nb;900;30;Beta;40 days\n"
START = date(2026, 1, 1)


def lead(cell: str) -> float:
    frame = read_parts(f"{HEAD}{GOOD}c;900;30;Gamma;{cell}\n").frame
    return float(frame["lead_time_days"][frame["part"] == "c"].iloc[0])


@pytest.mark.parametrize(("cell", "days"), [
    ("approx. 45 days", 45), ("ca. 6 Wochen", 42), ("~45 days", 45), ("env. 3 sem.", 21), ("2 weeks 3 days", 17),
    ("1 month and 2 weeks", 44.4375), ("10 Werktage", 14), ("10 AT", 14), ("10 wd", 14), ("8 Wo", 56), ("8 WCH", 56),
    ("30 T", 30), ("6 Mon.", 182.625), ("5 days (air)", 5), ("45 days ARO", 45), ("6~8주", 49), ("약 45일", 45),
    ("约45天", 45), ("45日程度", 45), ("10个工作日", 14), ("6カ月", 182.625), ("6 à 8 semaines", 49),
    ("15 j ouvrés", 21),
])  # fmt: skip
def test_a_time_in_the_words_of_a_cell(cell: str, days: float) -> None:
    assert lead(cell) == pytest.approx(days)


@pytest.mark.parametrize(("cell", "told"), [
    ("12+ weeks", "is the least"), (">12 weeks", "is the least"), ("min. 8 weeks", "is the least"),
    ("12주 이상", "is the least"), ("up to 6 weeks", "is the most"), ("<6 weeks", "is the most"),
    ("2週間以内", "is the most"), ("KW48/26", "a week of the calendar"), ("CW 12", "a week of the calendar"),
    ("2026-03-01", "is a date"), ("01.03.2026", "is a date"), ("15 j", "'j' is none"), ("soon", "'soon'"),
])  # fmt: skip
def test_what_is_no_length_is_named_and_its_stock_is_told(cell: str, told: str) -> None:
    found = shortage_clock(f"{HEAD}{GOOD}c;900;30;Gamma;{cell}\n", start=START)
    row = found.table.set_index("part").loc["c"]
    assert row["verdict"] == "unknown" and row["stock_ends"] == "2026-01-31"
    assert set(found.table["part"]) == {"a", "b", "c"}
    assert told in " ".join(found.notes) and "The stock of c is gone on 2026-01-31." in found.sentence()


@pytest.mark.parametrize("cell", ["on request", "auf Anfrage", "要相談", "미정", "待定", "sur demande"])
def test_a_lead_time_that_nobody_knows_is_unknown(cell: str) -> None:
    assert lead(cell) != lead(cell)


def test_one_bad_row_never_stops_the_good_ones() -> None:
    found = shortage_clock(f"{HEAD}a;900;30;Alpha;20 days\nb;9O0;30;Beta;40 days\n", start=START)
    assert list(found.table["part"]) == ["a"] and "b" in found.untold
    with pytest.raises(InputError):
        shortage_clock(f"{HEAD}a;x;30;Alpha;20 days\nb;9O0;30;Beta;40 days\n", start=START)


@pytest.mark.parametrize(("stock", "use", "days"), [
    ("1.2k", "40", 30), ("100 k", "10", 10_000), ("3 thousand", "100", 30), ("2 万", "100", 200),
    ("5 us gal", "1 l", 18.927), ("10 gal", "2 gal", 5), ("100", "10 kg", 10), ("2 t", "100 kg", 20),
])  # fmt: skip
def test_multiples_are_numbers_and_units_are_made_one(stock: str, use: str, days: float) -> None:
    row = read_parts(f"{HEAD}a;{stock};{use};Alpha;20 days\n").frame.iloc[0]
    assert row["stock"] / row["use_per_day"] == pytest.approx(days, rel=1e-4)


def test_a_number_without_a_unit_beside_one_with_it_is_said() -> None:
    assert any("no unit in line 2: taken in kg" in note for note in read_parts(f"{HEAD}a;100;10 kg;A;5 d\n").notes)


@pytest.mark.parametrize(("stock", "use", "told"), [
    ("5 gal", "1 l", "a gallon is 3.785 l"), ("5 mil", "100", "a number alone or with a unit"),
    ("2 t", "100", "a unit for both"), ("5 kg", "2 pcs", "stock in kg, use per day in pcs"),
])  # fmt: skip
def test_units_that_cannot_be_made_one_are_named(stock: str, use: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        read_parts(f"{HEAD}a;{stock};{use};Alpha;20 days\n")


def test_a_stop_ahead_is_sure_only_if_nothing_is_ordered_before() -> None:
    start = date.today() + timedelta(days=300)
    text = f"{HEAD}gas;900;30;Alpha;180 days\nfilm;900;30;Beta;900 days\nrod;900;30;Beta;5 days\n"
    found = shortage_clock(text, start=start)
    assert "For 1 of them that holds only if" in found.sentence()
    words = dict(zip(found.summary()["part"], found.summary()["shortage"], strict=True))
    assert words == {"gas": "sure, if nothing is ordered before", "film": "sure", "rod": "safe"}
    page = {one["name"]: one for one in clock(text, start.isoformat(), [])["parts"]}
    assert page["gas"]["words"] == "sure, if nothing is ordered before" and page["gas"]["todo"].startswith("Order by")
    assert page["film"]["todo"].startswith("Too late")


PASTES = {  # lists as systems and offices write them -> days that each part lasts and its lead time
    "Material;Lagerort;Frei verwendbar;ME;In Qualitätsprüfung;Tagesverbrauch;Lieferant;Planlieferzeit\n"
    "10001;0001;900;KG;0;30;Stella;20\n": {"10001": (30, 20)},
    "物料编码,物料名称,库存数量,日均用量,供应商,采购周期(天)\nC1,光刻胶,300,20,东京应化,60\n": {"C1": (15, 60)},
    "Article;Stock;Conso mensuelle;Fournisseur;Délai (sem.)\nR1;1500;750,5;Solvay;8\n": {"R1": (60.834, 56)},
    "Codice articolo;Giacenza;Consumo giornaliero;Fornitore;Tempo di consegna (gg)\nA1;1.200,50;40;Rossi;60\n":
        {"A1": (30.0125, 60)},
    "Código;Existencias;Consumo semanal;Proveedor;Plazo de entrega (semanas)\nA1;700;70;Lopez;12\n": {"A1": (70, 84)},
    "품번,품명,재고수량,일평균 사용량,공급업체,조달기간(주)\nK1,불화수소,2000,100,솔브레인,6\n": {"K1": (20, 42)},
    "品番,品名,保管場所,在庫数,日当たり使用量,仕入先,調達期間（日）\nP1,レジスト,0001,500,50,JSR,45\n":
        {"P1": (10, 45)},
    "Part,Stock,Use/day,Supplier,Lead time (d)\nA,100,10,X,30\nX Total,100,,,\nB,50,10,Y,2\n* incl. WIP\n":
        {"A": (10, 30), "B": (5, 2)},
    "| Part | Stock | Use per day | Supplier | Lead time |\n|---|---|---|---|---|\n| A | 100 | 10 | X | 30 d |\n":
        {"A": (10, 30)},
}  # fmt: skip


@pytest.mark.parametrize("text", PASTES)
def test_lists_as_systems_write_them(text: str) -> None:
    frame = read_parts(text).frame
    told = {str(row["part"]): (row["stock"] / row["use_per_day"], row["lead_time_days"]) for _, row in frame.iterrows()}
    assert set(told) == set(PASTES[text])
    for part, figures in PASTES[text].items():
        assert told[part] == pytest.approx(figures, rel=1e-4)
