"""What counts no money is never dollars: shares, growth, indices, weights, balances, however the table says it."""

import pytest

from geoecon.errors import InputError
from geoecon.flows import read_flows

ROWS = (("CHN", 60), ("JPN", 40))


def table(path, rows, head="Year,Exporter,Importer,HS6,Value", above="", below=""):
    path.write_text(above + head + "\n" + "".join(rows) + below, encoding="utf-8")
    return path


def long(path, heading="", cell="", **around):
    head = "Year,Exporter,Importer,HS6,Value" + f",{heading}" * bool(heading)
    tail = f',"{cell}"' if heading else ""
    return table(path, [f"2021,{who},KOR,281111,{value}{tail}\n" for who, value in ROWS], head, **around)


@pytest.mark.parametrize("heading", ["Measure", "Indicator", "Series", "Type", "Data type", "Category", "Metric"])
@pytest.mark.parametrize(
    "cell",
    ["Percent", "% of total", "Percentage change on previous year", "Index (2015=100)", "YoY", "Share of imports",
     "Unit value", "AHS Simple Average", "Number of firms", "Trade balance", "同比", "構成比"],
)  # fmt: skip
def test_a_measure_that_is_no_money_in_every_row_stops(tmp_path, heading, cell):
    with pytest.raises(InputError, match=r"ignore=\['" + heading) as error:
        read_flows(long(tmp_path / "x.csv", heading, cell))
    assert cell in str(error.value)


@pytest.mark.parametrize("cell", ["Percent", "Index", "%"])
def test_a_unit_that_is_no_money_stops_alone_and_is_set_aside_beside_money(tmp_path, cell):
    with pytest.raises(InputError, match="Unit says"):
        read_flows(long(tmp_path / "x.csv", "Unit", cell))
    rows = [f"2021,{who},KOR,281111,{value},{cell}\n" for who, value in ROWS]
    rows += [f"2021,{who},KOR,281111,{value},USD thousand\n" for who, value in (("CHN", 6000), ("JPN", 4000))]
    path = table(tmp_path / "y.csv", rows, "Year,Exporter,Importer,HS6,Value,Unit")
    found = read_flows(path, quiet=True)
    assert found.to_frame()["value_usd"].tolist() == [6e6, 4e6]
    assert "neither value nor weight by Unit, its number as the file has it: 2 rows" in str(found.coverage)


LINES = (
    "Share of imports (%)", "Imports, annual growth in percent", "Index, 2015 = 100", "Unit: %", "Unit: tonnes",
    "Imports by volume (kg)", "Revealed comparative advantage", "Net imports", "Trade balance", "Values are indices",
)  # fmt: skip


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("place", ["above", "below"])
def test_a_line_beside_a_long_table_that_says_no_money_stops(tmp_path, line, place):
    told = {"above": line + "\n\n"} if place == "above" else {"below": f"\nNote: {line}\n"}
    path = long(tmp_path / "x.csv", **told)
    with pytest.raises(InputError, match="--unit USD") as error:
        read_flows(path)
    assert line.split(",")[0] in str(error.value)
    assert read_flows(path, unit="USD", quiet=True).to_frame()["value_usd"].sum() == 100


@pytest.mark.parametrize(
    "line",
    ["Imports of milk powder (not over 1.5 % fat) by origin", "Table 3: imports by origin, value and share (%)",
     "Note: percentages may not add up due to rounding", "Imports at current prices", "Imports under tariff quotas",
     "Note: growth rates refer to the previous year", "Changes in classification in 2017",
     "Imports and trade balance of Korea"],
)  # fmt: skip
@pytest.mark.parametrize("place", ["above", "below"])
def test_a_line_that_speaks_of_shares_and_not_of_the_values_is_a_note(tmp_path, line, place):
    path = long(tmp_path / "x.csv", **({place: f"{line}\n\n"} if place == "above" else {place: f"\n{line}\n"}))
    assert read_flows(path, quiet=True).to_frame()["value_usd"].sum() == 100


@pytest.mark.parametrize(
    "cell",
    ["Trade value at current prices", "US dollars at current prices and current exchange rates", "Imports",
     "Value (current US$)", "Milk powder, 1.5 % fat", "Index cards"],
)  # fmt: skip
def test_words_of_values_and_of_products_are_read(tmp_path, cell):
    heading = "Category" if "," in cell or "cards" in cell else "Indicator"
    assert read_flows(long(tmp_path / "x.csv", heading, cell), quiet=True).to_frame()["value_usd"].sum() == 100


def test_net_trade_and_balances_are_no_imports(tmp_path):
    with pytest.raises(InputError, match="neither import nor export"):
        read_flows(long(tmp_path / "x.csv", "Flow", "Net imports"))
    head = "Year,Exporter,Importer,HS6,Trade balance (USD)"
    with pytest.raises(InputError, match="no column for value_usd"):
        read_flows(table(tmp_path / "y.csv", ["2021,CHN,KOR,281111,5\n"], head))
    rows = [f"2021,{who},KOR,281111,{value},{word}\n" for who, value in ROWS
            for word in ("Import (US$ Thousand)", "Trade balance (US$ Thousand)")]  # fmt: skip
    found = read_flows(table(tmp_path / "z.csv", rows, "Year,Exporter,Importer,HS6,Value,Indicator"), quiet=True)
    assert found.to_frame()["value_usd"].tolist() == [60_000, 40_000]
