"""One importer among all: adding everybody else up first changes no figure."""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd
import pytest

from geoecon.flows import read_flows
from geoecon.indicators import others, scan

PLACES = ["CHN", "JPN", "USA", "DEU", "KOR", "FRA", "AUS"]


def world(seed: int, codes: bool) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    keys = pd.MultiIndex.from_product([PLACES, PLACES, [f"2811{k:02d}" for k in range(11, 23)]], names=["i", "j", "k"])
    rows = keys.to_frame(index=False)
    rows = rows[(rows["i"] != rows["j"]) & (rng.random(len(rows)) < 0.6)].reset_index(drop=True)
    numbers = {"CHN": 156, "JPN": 392, "USA": 842, "DEU": 276, "KOR": 410, "FRA": 251, "AUS": 36}
    rows = rows.assign(t=2022, v=np.round(np.exp(rng.normal(3, 2, len(rows))), 3) + 0.001, q=rng.random(len(rows)))
    rows.loc[rng.random(len(rows)) < 0.2, "q"] = np.nan
    if codes:
        return rows.assign(i=rows["i"].map(numbers), j=rows["j"].map(numbers))
    return rows


@pytest.mark.parametrize("codes", [True, False])
@pytest.mark.parametrize("exporter", [None, "JPN"])
def test_adding_everybody_else_up_changes_nothing(monkeypatch, codes, exporter):
    flows = read_flows(world(3, codes), quiet=True)
    found = []
    for few in (10**9, 0):
        monkeypatch.setattr(sys.modules["geoecon.indicators.scan"], "FEW", few)
        table = scan(flows, "KOR", exporter, elasticity=5.0).table
        found.append(table.sort_values(["product", "exporter"], ignore_index=True))
    assert len(found[0]) > 5
    pd.testing.assert_frame_equal(*found, rtol=1e-12)


def test_what_a_cluster_adds_up_gives_the_same_figures(monkeypatch):
    flows = read_flows(world(5, codes=False), quiet=True, on="polars")
    monkeypatch.setattr(sys.modules["geoecon.indicators.scan"], "FEW", 0)
    plain = scan(flows, "KOR", elasticity=5.0).table
    monkeypatch.setattr(others, "_batches", lambda rows, _: others._summed(rows, "KOR"))
    table = scan(flows, "KOR", elasticity=5.0).table
    order = ["product", "exporter"]
    pd.testing.assert_frame_equal(
        *(found.sort_values(order, ignore_index=True) for found in (table, plain)), rtol=1e-12
    )
