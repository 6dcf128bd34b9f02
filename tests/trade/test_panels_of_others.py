"""A table of several periods side by side that is none of ours, and options that a panel of ours cannot serve."""

from __future__ import annotations

import pandas as pd
import pytest

from geoecon import InputError
from geoecon.indicators import dependence

pytestmark = pytest.mark.filterwarnings("ignore::geoecon.flows.CoverageWarning")
COLUMNS = ["period", "exporter", "importer", "product", "value_usd"]


def panel(world, china="CHN"):
    rows = [("2019", china, "DEU", "281111", 100.0), ("2019", "FRA", "DEU", "281111", 50.0),
            ("2019", world, "DEU", "281111", 150.0), ("2019-01", china, "DEU", "281111", 10.0)]  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)


@pytest.mark.parametrize("rows", [panel("WLD"), panel("W00"), panel("World", "China")])
def test_the_world_is_no_supplier_under_any_name(rows):
    found = dependence(rows, "DEU", "CHN").table.query("period == '2019' and exporter == 'CHN'")
    assert found["import_share"].tolist() == [pytest.approx(2 / 3)]


def test_an_option_that_a_panel_cannot_serve_is_refused():
    with pytest.raises(InputError, match=r"bloc for a panel .* allowed: preset, elasticity, domestic_share"):
        dependence(panel("WLD"), "DEU", bloc="EU")
