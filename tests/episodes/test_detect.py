"""The detector on trade made by hand, and its conservation laws."""

import sys

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geoecon.episodes import build, detect
from geoecon.flows import raw_materials

YEARS = 8


def trade(flow, others, price=1000.0):
    """A product that country 0 sells to 1 (`flow` tonnes by year) and 2 sells to 1 (`others`); 0 also sells to 3."""
    rows = [(t, 0, 1, q) for t, q in enumerate(flow)] + [(t, 2, 1, q) for t, q in enumerate(others)]
    rows += [(t, 0, 3, 5000.0) for t in range(len(flow))]
    t, i, j, q = (np.array(column) for column in zip(*rows, strict=True))
    return detect.trade(2000 + t, i, j, q * price, q, 2000, len(flow), 4)


def test_a_fall_by_half_is_one_cut_off_with_what_followed():
    found = detect.cut_offs(trade([6000, 6000, 6000, 2400, 2400, 6000, 6000, 6000], [4000] * 3 + [5800] * 5))
    cut = {name: column[found["kind"] != detect.UNCUT] for name, column in found.items()}
    mine = cut["importer"] == 1
    assert mine.sum() == 1
    row = {name: float(column[mine][0]) for name, column in cut.items()}
    assert (row["t"], row["kind"]) == (3, 0)  # its sales to country 3 went on: bilateral
    assert row["cut"] == pytest.approx(0.6) and row["share"] == pytest.approx(0.6)
    assert row["R0"] == pytest.approx(1800 / 3600)  # half of what was lost came from elsewhere
    assert row["M0"] == pytest.approx(np.log((0.82 + 0.02) / 1.02))
    assert row["S0"] == pytest.approx(np.log((0.4 + 0.02) / 1.02))
    assert (row["back1"], row["back2"], row["back3"]) == (0, 1, 1)  # half of all imports again after two years
    assert row["hhi"] == pytest.approx(0.6**2 + 0.4**2)


def test_the_detector_does_not_look_at_what_is_bought_elsewhere():
    flow = [6000, 6000, 6000, 1000, 1000, 1000, 1000, 1000]
    for later in (0.0, 4000.0, 40_000.0):
        found = detect.cut_offs(trade(flow, [4000] * 3 + [later] * 5))
        hits = (found["kind"] != detect.UNCUT) & (found["importer"] == 1) & (found["supplier"] == 0)
        assert found["t"][hits].tolist() == [3]


def test_a_wrong_quantity_is_no_cut_off():
    """Tonnes fall by 90 % while the value stays: an error of the quantity, not a cut."""
    flow, price = np.array([6000.0] * YEARS), np.full(YEARS, 1000.0)
    flow[4], price[4] = 600, 10_000
    rows = [(t, 0, 1, q, q * p) for t, (q, p) in enumerate(zip(flow, price, strict=True))]
    rows += [(t, i, j, 5000.0, 5e6) for t in range(YEARS) for i, j in ((2, 1), (0, 3), (2, 3), (3, 1))]
    t, i, j, q, v = (np.array(column) for column in zip(*rows, strict=True))
    found = detect.cut_offs(detect.trade(2000 + t, i, j, v, q, 2000, YEARS, 4))
    assert not (found["kind"] != detect.UNCUT).any()


def test_only_the_first_cut_in_four_years_counts():
    flow = [9000, 9000, 3000, 9000, 9000, 3000, 9000, 9000]  # the second comes three years later
    found = detect.cut_offs(trade(flow, [4000] * 8))
    hits = (found["kind"] != detect.UNCUT) & (found["importer"] == 1) & (found["supplier"] == 0)
    assert found["t"][hits].tolist() == [2]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(500, 9000), min_size=YEARS, max_size=YEARS), st.sampled_from([0.25, 2.0, 64.0]))
def test_units_of_weight_do_not_matter(flow, factor):
    """Everything but the tonnes themselves is free of the unit of weight (powers of two: no rounding)."""
    one, other = (detect.cut_offs(trade(np.array(flow) * f, np.full(YEARS, 4000.0) * f, 1000 / f)) for f in (1, factor))
    keep = (one["supplier"] == 0) & (one["importer"] == 1)
    again = (other["supplier"] == 0) & (other["importer"] == 1)
    for name in ("t", "cut", "share", "S0", "M1", "R0"):
        np.testing.assert_allclose(one[name][keep], other[name][again], rtol=1e-9, atol=1e-12, equal_nan=True)


def test_imports_are_the_supplier_and_the_others():
    """M, S and R of one cut-off obey the identity: all imports = supplier + others."""
    found = detect.cut_offs(trade([6000] * 3 + [1500] * 5, [4000] * 3 + [4900] * 5))
    row = (found["kind"] != detect.UNCUT) & (found["importer"] == 1) & (found["supplier"] == 0)
    share, cut = found["share"][row], found["cut"][row]
    for h in (1, 2):
        supplier, imports = (np.exp(found[f"{name}{h}"][row]) * 1.02 - 0.02 for name in "SM")
        others = found[f"R{h}"][row] * share * cut + 1 - share
        np.testing.assert_allclose(imports, share * supplier + others, rtol=1e-12)


def test_a_merged_reporter_has_no_cut_where_its_code_changes():
    rows = [(str(1996 + t), "ZA1" if t < 4 else "ZAF", "KOR", "260400", 6e6, 6000.0) for t in range(YEARS)]
    rows += [(str(1996 + t), "CAN", "KOR", "260400", 4e6, 4000.0) for t in range(YEARS)]
    names = ["period", "exporter", "importer", "product", "value_usd", "tonnes"]
    table = pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))
    found = build.finish(pd.concat(list(build.of_table(table, 1996, YEARS))))
    assert not (found["kind"] != "no cut-off").any()


@pytest.mark.spark
def test_a_cluster_finds_the_same(monkeypatch):
    """Two products on Spark and in the process: the same rows."""
    import geoecon as ge

    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    rows = raw_materials(product=["260400", "250410"])
    here, there = (ge.cut_offs(rows, on=engine).table for engine in (None, "local[2]"))
    keys = ["product", "supplier", "importer", "year", "kind"]
    both = here.merge(there, on=keys, suffixes=("", "_there"))
    assert len(here) == len(there) == len(both) > 50
    for column in ("share", "cut", "imports_1", "replaced_1", "price_1", "back_2"):
        np.testing.assert_allclose(both[column], both[f"{column}_there"], rtol=1e-9, equal_nan=True)
