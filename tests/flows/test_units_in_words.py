"""Units as headings and the lines around a table say them: a multiple belongs to the unit beside it."""

from __future__ import annotations

import pytest

from geoecon.errors import InputError
from geoecon.flows import read_flows, unit

HEAD, ROWS = "period,exporter,importer,product,{}", "2022,CHN,KOR,281111,100\n2022,JPN,KOR,281111,900\n"


def table(folder, title, heading, note):
    """Two rows under a heading of values, with a title above and a note below where there are any."""
    path = folder / "a.csv"
    lines = (title, HEAD.format(heading), ROWS.strip(), note)
    path.write_text("\n".join(filter(None, lines)) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "code", "factor"),
    [
        ("(100 million USD)", "USD", 1e8), ("(亿美元)", "USD", 1e8), ("万美元", "USD", 1e4),
        ("(10 thousand USD)", "USD", 1e4),
        ("value (10 million USD)", "USD", 1e7), ("value (1e6 USD)", "USD", 1e6), ("value (10^6 USD)", "USD", 1e6),
        ("value USD bn.", "USD", 1e9), ("value (lakh USD)", "USD", 1e5), ("million USD, thousand tonnes", "USD", 1e6),
        ("US dollars at current prices in thousands", "USD", 1e3), 
        ("价值(美元千元)", "USD", 1e3), ("(단위: 톤, 천불)", "USD", 1e3),
        ("value (million constant 2015 USD)", "USD", 1e6), ("QUANTITY_IN_100KG", "t", 0.1),
    ],
)  # fmt: skip
def test_a_multiple_belongs_to_the_unit_beside_it(text, code, factor):
    found = unit(text)
    assert found is not None and (found.code, found.factor) == (code, pytest.approx(factor))


@pytest.mark.parametrize("text", ["value (USD/kg)", "yen per dollar", "5 USD"])
def test_a_price_a_rate_and_an_amount_are_no_unit_of_value(text):
    assert unit(text).code not in ("USD", "JPY")


@pytest.mark.parametrize(
    ("title", "heading", "note", "factor"),
    [
        ("", "value_usd", "1) Flows below 1,000 dollars are not recorded", 1),
        ("Imports of Korea, over 5 million USD only", "value_usd", "", 1),
        ("Imports of Korea, thousand tonnes and million USD", "value", "", 1e6),
        ("(100 million USD)", "value", "", 1e8),
    ],
)
def test_a_limit_in_words_is_no_unit(title, heading, note, factor, tmp_path):
    path = table(tmp_path, title, heading, note)
    assert read_flows(path, quiet=True).to_frame()["value_usd"].sum() == 1000 * factor


@pytest.mark.parametrize(
    ("title", "heading", "note"),
    [
        ("(Millions of dollars)", "value", "Note: in thousands of US dollars"),
        ("thousand USD", "value (million USD)", ""),
    ],
)
def test_two_units_that_differ_stop_and_unit_settles_it(title, heading, note, tmp_path):
    path = table(tmp_path, title, heading, note)
    with pytest.raises(InputError, match="--unit"):
        read_flows(path, quiet=True)
    assert read_flows(path, unit="million USD", quiet=True).to_frame()["value_usd"].sum() == 1e9


def test_a_line_of_units_beats_those_of_a_standard_layout(tmp_path):
    path = tmp_path / "k.csv"
    header = "기간,국가코드,HS코드,수출 중량,수출 금액,수입 중량,수입 금액"
    path.write_text(f"(단위: 톤, 천불)\n{header}\n2023,CN,280461,1,1,3,400\n", encoding="utf-8")
    row = read_flows(path, quiet=True).to_frame().iloc[0]
    assert (row["value_usd"], row["tonnes"]) == (400_000, 3)
    path.write_text("Values in USD\n\nt,i,j,k,v,q\n2022,156,410,281111,1,1\n", encoding="utf-8")
    with pytest.raises(InputError, match="BACI"):
        read_flows(path, quiet=True)
