"""A large selection is measured in ranges of products; the ranges change nothing."""

import pandas as pd
import pytest

from geoecon.flows import read_flows
from geoecon.indicators import complete, kernel, scan, stream

ENGINES = ["duckdb", "pandas", "polars"]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("rows", [1, 5_000])
def test_ranges_of_products_change_nothing(monkeypatch, engine, rows):
    flows = read_flows("sample", on=engine).select(period="2022")
    whole = scan(flows, "KOR", preset=("ec2021", "geodep"))
    monkeypatch.setattr(stream, "CHUNK", rows)
    taken = list(stream.of_frame(flows.frame))
    assert len(taken) > 3
    assert sum(map(len, taken)) == len(flows.to_frame())
    found = scan(flows, "KOR", preset=("ec2021", "geodep"))
    pd.testing.assert_frame_equal(found.table, whole.table, rtol=1e-12)


def test_a_column_of_the_kernel_is_a_column_of_every_table():
    """An indicator is a line of the kernel and a row of indicators.csv; what it is called stands nowhere else."""
    assert set(kernel.COLUMNS) - {"allocated"} <= set(complete.MEASURES)
    shown = scan("sample", importer="KOR", top=3).to_frame()
    assert set(complete.MEASURES) - {"nir", "supply_risk", "fir", "cover_days", "hhi_geo"} <= set(shown.columns)
