"""Bachmann et al. 2022, Germany without Russian gas: the closed forms give the printed losses.

Per cent, tolerance one unit of the last printed digit. Where the inputs are from memory the data file says so.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geoecon import costs

TABLE = pd.read_csv(Path(__file__).parent / "data" / "bachmann_2022_germany_without_gas.csv")
CES = TABLE[TABLE["approach"] == "production function"]


@pytest.mark.parametrize("row", CES.to_dict("records"), ids=list(CES["input"]))
def test_production_function(row: dict[str, float]) -> None:
    loss = 100 * (1 - costs.critical_input(1 - row["fall"], row["cost_share"], row["sigma"]))
    assert loss == pytest.approx(row["printed"], abs=0.1)


@pytest.mark.parametrize("row", CES.to_dict("records"), ids=list(CES["input"]))
def test_bounds_of_the_production_function(row: dict[str, float]) -> None:
    """Leontief loses the whole fall (10 and 30 per cent), Cobb–Douglas a few tenths: 0.4 for both."""
    leontief, cobb_douglas = 100 * (1 - costs.critical_input(1 - row["fall"], row["cost_share"], [0.0, 1.0]))
    assert leontief == pytest.approx(100 * row["fall"])
    assert cobb_douglas == pytest.approx(0.4, abs=0.1)


def test_sufficient_statistics() -> None:
    """(s + ½ Δs) Δ ln m, the import share rising fourfold."""
    row = TABLE[TABLE["approach"] == "sufficient statistics"].iloc[0]
    loss = -100 * costs.second_order_loss(row["cost_share"], row["share_after"], np.log(1 - row["fall"]))
    assert round(float(loss)) == row["printed"]


def test_the_range_of_the_abstract() -> None:
    """Half to three per cent for the whole: our rows lie inside."""
    losses = [
        100 * (1 - float(costs.critical_input(1 - row.fall, row.cost_share, row.sigma))) for row in CES.itertuples()
    ]
    assert min(losses) >= 0.5 and max(losses) <= 3
