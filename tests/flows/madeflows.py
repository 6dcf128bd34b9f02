"""Random tables of flows into Korea, whether a read gives the same, and a table by every door."""

import numpy as np
import pandas as pd
from hypothesis import strategies as st

COLUMNS = ["period", "exporter", "importer", "product", "value_usd", "tonnes"]
NUMBERS = {"CHN": 156, "JPN": 392, "USA": 842, "DEU": 276, "KOR": 410}
ISO2 = {"CHN": "CN", "JPN": "JP", "USA": "US", "DEU": "DE", "KOR": "KR"}


@st.composite
def tables(draw, least=1):
    """A few flows into Korea: values in whole cents, weights in kilograms, some not known."""
    keys = st.tuples(st.sampled_from(["2021", "2022"]), st.sampled_from(["CHN", "JPN", "USA", "DEU"]),
                     st.sampled_from(["010121", "281111", "854231"]))  # fmt: skip
    rows = draw(st.lists(keys, min_size=least, max_size=6, unique=True))
    made = []
    for period, exporter, product in rows:
        value = draw(st.integers(1, 10**9)) / 100
        weight = draw(st.one_of(st.integers(1, 10**6), st.none()))
        made.append((period, exporter, "KOR", product, value, None if weight is None else weight / 1000))
    # one number with two decimals proves the sign wherever numbers are text
    made[0] = (*made[0][:4], made[0][4] // 1 + 0.25, made[0][5])
    return pd.DataFrame(made, columns=COLUMNS)


def sorted_rows(frame):
    found = frame[COLUMNS].sort_values(COLUMNS[:4], ignore_index=True)
    return found.assign(tonnes=found["tonnes"].astype(float), value_usd=found["value_usd"].astype(float))


def same(flows, frame):
    found, wanted = sorted_rows(flows.to_frame()), sorted_rows(frame)
    assert found[COLUMNS[:4]].astype(str).to_numpy().tolist() == wanted[COLUMNS[:4]].astype(str).to_numpy().tolist()
    for column in ("value_usd", "tonnes"):
        np.testing.assert_allclose(found[column], wanted[column], rtol=1e-12, equal_nan=True)


def through(door, table, folder):
    """The table as a door takes it: the path of a csv, json, parquet or xlsx file in a folder, or itself (pandas)."""
    path = folder / f"t.{door}"
    if door == "csv":
        table.to_csv(path, index=False)
    elif door == "xlsx":
        table.to_excel(path, index=False)
    elif door == "parquet":
        table.to_parquet(path)
    elif door == "json":
        table.to_json(path, orient="records")
    else:
        return table
    return path


def by_seller(flows):
    """Exporter -> USD, of a table with one flow of each."""
    frame = flows.to_frame()
    return dict(zip(frame["exporter"], frame["value_usd"], strict=True))
