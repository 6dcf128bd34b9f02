"""Words of units, flows and totals that no list has: understood in the languages of customs offices, or asked."""

import pytest

import geoecon as ge
from geoecon.errors import InputError
from geoecon.flows import unit

ROWS = "period,exporter,importer,product,value,unit\n2019,CHN,KOR,281111,100,{0}\n2019,JPN,KOR,281111,800,{0}\n"


def read(tmp_path, text, name="a.csv", **options):
    place = tmp_path / name
    place.write_text(text, encoding="utf-8")
    return ge.read_flows(place, quiet=True, **options)


def values(flows):
    return dict(zip(flows.to_frame()["exporter"], flows.to_frame()["value_usd"], strict=True))


@pytest.mark.parametrize(("words", "factor"), [
    ("duizend USD", 1e3), ("ribu USD", 1e3), ("juta USD", 1e6), ("tisíc USD", 1e3), ("migliaia di dollari", 1e3),
    ("тысяч USD", 1e3), ("тыс. долл. США", 1e3), ("млн долларов США", 1e6), ("tys. USD", 1e3), ("nghìn USD", 1e3),
    ("bin dolar", 1e3), ("ezer USD", 1e3), ("USD thousand", 1e3), ("USD '000", 1e3), ("lacs USD", 1e5),
])  # fmt: skip
def test_multiples_of_any_language_count(tmp_path, words, factor):
    assert values(read(tmp_path, ROWS.format(words))) == {"CHN": 100 * factor, "JPN": 800 * factor}


@pytest.mark.parametrize("words", ["USD cents", "USD 2015=100", "USD index", "% of USD", "constant 2015 USD",
                                   "real USD", "xyz USD", "USD PPP", "blah blub of USD", "USD hundreds"])  # fmt: skip
def test_a_word_beside_a_currency_that_is_not_known_is_asked(tmp_path, words):
    with pytest.raises(InputError, match="unit="):
        read(tmp_path, ROWS.format(words))


@pytest.mark.parametrize("heading", ["value (xyzend USD)", "value in xyzíc USD"])
def test_and_so_is_one_in_a_heading(tmp_path, heading):
    text = ROWS.format("").replace(",unit", "").replace(",\n", "\n").replace("value", heading)
    with pytest.raises(InputError, match="unit="):
        read(tmp_path, text)


@pytest.mark.parametrize(("line", "usd"), [
    ("Valori in migliaia di dollari", 1e5), ("Единица измерения: тыс. долл. США", 1e5), ("注:单位为万美元", 1e6),
    ("Satuan: ribu USD", 1e5), ("Waarden in duizend USD", 1e5),
])  # fmt: skip
def test_a_line_around_the_table_counts_in_any_language(tmp_path, line, usd):
    text = ROWS.format("").replace(",unit", "").replace(",\n", "\n")
    assert values(read(tmp_path, f"{line}\n\n{text}"))["CHN"] == usd
    assert values(read(tmp_path, f'{text}"{line}"\n'))["CHN"] == usd


@pytest.mark.parametrize("text", ["稀土元素", "元素", "원산지", "Reporting economy", "Realm"])
def test_a_sign_of_money_inside_a_word_is_none(text):
    assert unit(text) is None


@pytest.mark.parametrize(("bought", "sold"), [
    ("invoer", "uitvoer"), ("импорт", "экспорт"), ("import", "eksport"), ("dovoz", "vývoz"), ("przywóz", "wywóz"),
    ("tuonti", "vienti"), ("impor", "ekspor"), ("nhập khẩu", "xuất khẩu"), ("進口總值(含復進口)", "出口總值(含復出口)"),
])  # fmt: skip
def test_directions_of_any_language_are_read_under_any_heading(tmp_path, bought, sold):
    reports = f"2022,NLD,CHN,811292,1000,{bought}\n2022,NLD,USA,811292,500,{bought}\n2022,NLD,JPN,811292,4000,{sold}\n"
    told = read(tmp_path, "period,reporter,partner,product,value_usd,richting\n" + reports)
    sides = f"2022,CHN,NLD,811292,1000,{bought}\n2022,USA,NLD,811292,500,{bought}\n2022,JPN,NLD,811292,4000,{sold}\n"
    same = read(tmp_path, "period,exporter,importer,product,value_usd,richting\n" + sides)
    assert values(told) == values(same) == {"CHN": 1000, "USA": 500}
    assert "says exports: 1 rows, 4\u2009000 USD: set aside" in str(same.coverage)


@pytest.mark.parametrize(("heading", "one", "other"), [
    ("kind", "debit", "credit"), ("Verkehr", "Zufluss", "Abfluss"), ("money", "Rp", "$"),
    ("note2", "in thousands", "x"),
])  # fmt: skip
def test_one_row_of_each_supplier_proves_no_property(tmp_path, heading, one, other):
    head = f"period,exporter,importer,product,value_usd,{heading}\n"
    rows = f"2022,CHN,KAZ,811292,1000,{one}\n2022,JPN,KAZ,811292,4000,{other}\n"
    with pytest.raises(InputError, match=r"only=|unit="):
        read(tmp_path, head + rows)


def test_what_agrees_in_several_rows_of_a_supplier_is_one(tmp_path):
    head = "period,exporter,importer,product,value_usd,kind\n"
    rows = "2022,CHN,KAZ,811292,1000,big\n2022,CHN,KAZ,811293,1000,big\n2022,JPN,KAZ,811292,4000,small\n"
    assert len(read(tmp_path, head + rows).to_frame()) == 3
    region = "2022,CHN,KAZ,811292,1000,Asia\n2022,DEU,KAZ,811292,4000,Europe\n"
    assert len(read(tmp_path, head.replace("kind", "region") + region).to_frame()) == 2


HEAD = "reporter,partner,period,product,flow,value_usd,tonnes\n"


def test_re_exports_above_exports_leave_domestic_exports_unknown(tmp_path):
    rows = "NLD,DEU,2022,270900,X,200,1\nNLD,DEU,2022,270900,RX,250,1\nNLD,FRA,2022,270900,X,200,2\n"
    flows = read(tmp_path, HEAD + rows + "NLD,FRA,2022,270900,RX,50,1\n", exports="domestic", report="exporter")
    found = flows.to_frame().set_index("importer")
    assert found.value_usd.isna()["DEU"] and found.tonnes.isna()["DEU"]
    assert found.value_usd["FRA"] == 150 and found.tonnes["FRA"] == 1
    assert "re-exports (250 USD) exceed exports (200 USD) of NLD to DEU" in str(flows.coverage)


@pytest.mark.parametrize("exports", ["gross", "domestic"])
def test_domestic_exports_are_called_so(tmp_path, exports):
    rows = "CAN,DEU,2022,270900,Domestic Exports,200,1\nUSA,DEU,2022,270900,Domestic Exports,100,1\n"
    flows = read(tmp_path, HEAD + rows, exports=exports, report="exporter")
    assert values(flows) == {"CAN": 200, "USA": 100}
    assert set(flows.to_frame()["reported_by"]) == {"exporter (FOB, domestic)"}
    assert "unknown" not in str(flows.coverage)
    assert ("re-exports are not in it" in str(flows.coverage)) is (exports == "gross")


@pytest.mark.parametrize(("period", "told"), [
    ("2020", "United Kingdom left on 2020-01-31 and counts as no member in all of 2020"), ("2020-Q1", "United Kingdom"),
    ("2013", "Croatia joined on 2013-07-01 and counts as a member in all of 2013"), ("2019", ""), ("2020-01", ""),
])  # fmt: skip
def test_who_joined_or_left_a_bloc_within_the_period_is_said(tmp_path, period, told):
    rows = "".join(f"{period},{a},{b},811292,100\n" for a in ("CHN", "GBR") for b in ("DEU", "FRA", "HRV"))
    found = ge.scan(read(tmp_path, "period,exporter,importer,product,value_usd\n" + rows), bloc="EU")
    moves = [note for note in found.notes if note.startswith("EU of")]
    assert len(moves) == bool(told) and all(told in note for note in moves)
