"""A Parquet file in numbers: keys that stand twice are found whatever the order of the rows."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geoecon.errors import InputError
from geoecon.flows import read_flows

COUNTRIES = np.array([36, 76, 156, 276, 392, 410, 826])
ORDERS = (["t", "i", "j", "k"], ["t", "k", "i", "j"], ["k", "j", "t", "i"], ["j", "i", "t", "k"])


def table(rng: np.random.Generator, rows: int, twice: int) -> pd.DataFrame:
    keys = pd.MultiIndex.from_product([[2021, 2022], COUNTRIES, COUNTRIES, ["280410", "281111", "381800", "999999"]])
    keys = keys.to_frame(index=False, name=["t", "i", "j", "k"]).query("i != j")
    found = keys.sample(rows, random_state=int(rng.integers(1 << 31)))
    found = pd.concat([found, found.sample(twice, random_state=1)])
    return found.assign(v=rng.lognormal(3, 1, len(found)).round(3), q=1.5)


@settings(max_examples=12)
@given(st.integers(0, 2**31), st.integers(5, 150), st.integers(0, 2), st.sampled_from([*ORDERS, None]))
def test_a_key_that_stands_twice_is_found_in_any_order(
    tmp_path_factory: pytest.TempPathFactory, seed: int, rows: int, twice: int, order: list[str] | None
) -> None:
    rng = np.random.default_rng(seed)
    made = table(rng, rows, twice)
    made = made.sample(frac=1, random_state=3) if order is None else made.sort_values(order)
    path = Path(tmp_path_factory.mktemp("keys")) / "BACI_HS17_Y2022_V202501.parquet"
    made.to_parquet(path, index=False)
    if twice:
        with pytest.raises(InputError, match="stands"):
            read_flows(path, quiet=True)
        return
    frame = read_flows(path, quiet=True).to_frame()
    assert len(frame) == rows
    assert frame["value_usd"].sum() == pytest.approx(made["v"].sum() * 1000, rel=1e-12)
