"""Cells that name their currency beside the number are read, and the currency counts."""

import pandas as pd
import pytest
from madeflows import through

from geoecon.errors import InputError
from geoecon.flows import read_flows


def frame(cells, heading="Value"):
    rows = {"Year": 2021, "Exporter": ["CHN", "JPN"], "Importer": "KOR", "HS6": "281111", heading: cells}
    return pd.DataFrame(rows)


def values(source, **options):
    return read_flows(source, quiet=True, **options).to_frame()["value_usd"].tolist()


@pytest.mark.parametrize(
    ("cells", "wanted"),
    [(["$1,234", "$2,500"], [1234, 2500]), (["$1,234.50", "$2,500"], [1234.5, 2500]),
     (["$1.2M", "$800K"], [1.2e6, 8e5]), (["USD 1,234", "2,500 USD"], [1234, 2500]),
     (["$1.234", "$2.500"], [1234, 2500]), (["US$ 1.234,50", "US$ 2.500"], [1234.5, 2500]),
     (["1 234 USD", "2 500 USD"], [1234, 2500]), (["$ 12", "7"], [12, 7])],
)  # fmt: skip
@pytest.mark.parametrize("door", ["csv", "xlsx", "parquet", "json", "pandas"])
def test_a_currency_beside_the_number_by_every_door(cells, wanted, door, tmp_path):
    found = read_flows(through(door, frame(cells), tmp_path), quiet=True)
    assert found.to_frame()["value_usd"].tolist() == wanted
    assert "names its currency beside the numbers" in str(found.coverage)


def test_a_currency_that_is_no_dollar_is_asked_for():
    with pytest.raises(InputError, match="--unit 'EUR="):
        read_flows(frame(["€1,234", "€2,500"]))
    assert values(frame(["€1,234", "€2,500"]), unit={"EUR": 2}) == [2468, 5000]
    with pytest.raises(InputError, match=r"'\$' and '€'"):
        read_flows(frame(["€1,234", "$2,500"]))


def test_the_multiple_of_the_heading_counts_once():
    assert values(frame(["$1,234", "$2,500"], "Value (thousand USD)")) == [1.234e6, 2.5e6]
    for cells, heading in ((["€1", "€2"], "Value (USD)"), (["$1.2M", "$5"], "Value (thousand USD)")):
        with pytest.raises(InputError, match="is not a number"):
            read_flows(frame(cells, heading))


def test_what_is_no_number_is_the_only_fault():
    with pytest.raises(InputError) as error:
        read_flows(frame(["$5", "abc"]))
    assert len(error.value.faults) == 1 and "'abc'" in str(error.value)


@pytest.mark.parametrize("cells", [["1,234", "$2,500"], ["5 kg", "6 kg"], ["$(5)", "$6"]])
def test_doubt_weights_and_negative_amounts_stop(cells):
    with pytest.raises(InputError):
        read_flows(frame(cells))
