"""One country under two names in one table: parts add up, a flow told twice stops, with both readings."""

import json

import pytest
from madeflows import by_seller

from geoecon.errors import InputError

HEAD = "year,exporter,importer,product,value_usd\n"


PAIRS = [("China", "PR China"), ("840", "842"), ("757", "756"), ("699", "356"), ("TWN", "Chinese Taipei"),
         ("South Korea", "Korea, Rep."), ("Belgium-Luxembourg", "58")]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_two_names_of_one_country_stop_with_both_readings(read, one, other):
    text = HEAD + f'1995,"{one}",JPN,281111,100\n1995,"{other}",JPN,281111,30\n1995,DEU,JPN,281111,50\n'
    with pytest.raises(InputError, match=r"lines 2 and 3: .*\((100|30)\).*parts of it \(130 together\)"):
        read(text)
    assert 130 in by_seller(read(text, duplicates="sum")).values()
    with pytest.raises(InputError, match="told twice"):
        read(text, duplicates="drop")  # before: one of the two, without a word


def test_a_copy_is_dropped_on_demand(read):
    text = HEAD + "2021,China,JPN,281111,100\n2021,PR China,JPN,281111,100\n"
    with pytest.raises(InputError, match="two spellings with the same value 100"):
        read(text)
    assert by_seller(read(text, duplicates="drop")) == {"CHN": 100}


def test_two_names_in_different_years_are_one_country(read):
    assert by_seller(read(HEAD + "2021,China,JPN,281111,100\n2022,PR China,JPN,281111,30\n")) == {"CHN": 30}


def test_spellings_of_one_product_and_two_letter_codes_add_up_and_one_value_twice_stops(read):
    flows = read(HEAD + "2021,CHN,JPN,0101.21,50\n2021,CHN,JPN,010121,30\n2021,EL,JPN,28,1\n2021,GR,JPN,28,2\n")
    assert by_seller(flows) == {"CHN": 80, "GRC": 3} and "flows added up under one code: 4 rows" in str(flows.coverage)
    with pytest.raises(InputError, match="same value 50"):
        read(HEAD + "2021,CHN,JPN,0101.21,50\n2021,CHN,JPN,010121,50\n")


@pytest.mark.parametrize(("names", "wanted"), [
    (("XI", "XU"), {"GBR": 30}), (("Spain", "Canary Islands", "Ceuta"), {"ESP": 60}), (("ES", "XC", "XL"), {"ESP": 60}),
    (("Areas, nes", "Unspecified"), {"XXX_NES": 30}),
])  # fmt: skip
def test_parts_of_a_country_add_up(read, names, wanted):
    rows = [f'2021,"{name}",JPN,281111,{10 * (k + 1)}' for k, name in enumerate(names)]
    flows = read(HEAD + "\n".join(rows))
    assert by_seller(flows) == wanted and "flows added up under one code" in str(flows.coverage)


def test_parts_of_a_partner_in_comext_add_up(read):
    head = "DECLARANT_ISO,TRADE_TYPE,PARTNER_ISO,PRODUCT_NC,FLOW,STAT_REGIME,SUPP_UNIT,PERIOD,VALUE_IN_EUROS,"
    rows = [f"DE,E,{code},28111100,1,1,,202101,{value},1000"
            for code, value in (("XI", 100), ("XU", 50), ("QU", 5), ("QX", 6), ("CN", 7))]  # fmt: skip
    flows = read(head + "QUANTITY_IN_KG\n" + "\n".join(rows), unit={"EUR": 1.0})
    assert by_seller(flows) == {"CHN": 7, "GBR": 150, "XXX_NES": 11}
    assert sorted(flows.to_frame()["tonnes"]) == [1, 2, 2] and "QU, QX, XI, XU" in str(flows.coverage)
    assert flows.coverage.rows == flows.coverage.kept_rows == 5


def test_two_numbers_of_one_partner_in_a_reply_stop(read):
    rows = [{"period": "2021", "reporterCode": 410, "partnerCode": code, "flowCode": "M", "cmdCode": "281111",
             "primaryValue": code} for code in (840, 842)]  # fmt: skip
    with pytest.raises(InputError, match="different values 840 and 842"):
        read(json.dumps({"data": rows}), "a.json")
