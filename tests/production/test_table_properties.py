"""What holds for every table: conservation, order, groups."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import approx

from geoecon import load_case
from geoecon.production import IOTable, aggregate, economy, hypothetical_extraction, look_through, reliance

pytestmark = pytest.mark.filterwarnings("ignore::geoecon.production.TableWarning")
REGIONS, SECTORS = ("AAA", "BBB", "CCC"), ("p", "q")


def random_table(seed: int) -> IOTable:
    """Three regions, two sectors, productive: value added is at least a fifth of output."""
    rng = np.random.default_rng(seed)
    n = len(REGIONS) * len(SECTORS)
    A = rng.random((n, n)) * (rng.random((n, n)) < 0.7)
    A *= 0.8 / np.maximum(A.sum(axis=0), 1e-9)
    y = rng.random((n, len(REGIONS), 1)) + 0.01
    x = np.linalg.solve(np.eye(n) - A, y.sum(axis=(1, 2)))
    return IOTable(A * x, y, x, REGIONS, SECTORS)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_income_equals_expenditure_and_the_inverse_returns_output(seed):
    table = random_table(seed)
    assert table.gdp[0] == approx(table.gdp[1], rel=1e-9)
    assert table.L @ table.Y.sum(axis=1) == approx(table.x, rel=1e-9)
    assert not [finding for finding in table.findings if finding.kind == "balance"]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(REGIONS), st.sampled_from(REGIONS))
def test_extraction_loses_output_nowhere_gains_and_all_at_most(seed, supplier, buyer):
    table = random_table(seed)
    lost = hypothetical_extraction(table, supplier, buyer)
    assert (lost["lost"] >= -1e-9).all() and (lost["after"] >= -1e-9).all()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.permutations(range(3)))
def test_order_of_regions_does_not_matter(seed, order):
    table = random_table(seed)
    frame = table.to_frame()
    frame["rank"] = frame["from_region"].map({REGIONS[k]: place for place, k in enumerate(order)})
    moved = IOTable.from_economy(frame.sort_values("rank", kind="stable").drop(columns="rank"))
    for user in REGIONS:
        for supplier in REGIONS:
            one = look_through(table, user, supplier).by_sector.set_index("sector")
            two = look_through(moved, user, supplier).by_sector.set_index("sector").loc[one.index]
            assert one.to_numpy(float) == approx(two.to_numpy(float), rel=1e-9, nan_ok=True)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_merging_keeps_totals(seed):
    table = random_table(seed)
    merged = aggregate(table, {"AAA": "X", "BBB": "X", "CCC": "CCC"}, {"p": "all", "q": "all"})
    assert (merged.Z.sum(), merged.final.sum(), merged.x.sum(), merged.value_added.sum()) == approx(
        (table.Z.sum(), table.final.sum(), table.x.sum(), table.value_added.sum()), rel=1e-12
    )
    assert merged.L @ merged.Y.sum(axis=1) == approx(merged.x, rel=1e-9)


def test_suppliers_who_sell_nothing_are_relied_on_for_nothing():
    rows = [("intermediate", "AAA", "p", "AAA", "p", 10.0), ("final", "AAA", "p", "AAA", "f", 90.0),
            ("final", "BBB", "p", "BBB", "f", 50.0)]  # fmt: skip
    columns = ["use", "from_region", "from_sector", "to_region", "to_sector", "value_usd_million"]
    table = IOTable.from_economy(pd.DataFrame(rows, columns=columns))
    assert look_through(table, "AAA", "BBB").by_sector["look_through"].to_list() == [0, 0]
    assert hypothetical_extraction(table, "BBB", "AAA")["lost"].to_numpy() == approx(0)


@pytest.fixture(scope="module")
def worked():
    return economy(load_case("japan-korea-2019"))


def test_korea_leans_on_japan_more_than_face_value_shows(worked):
    found = look_through(worked, "KOR", "JPN")
    row = found.by_sector.set_index("sector").loc["electrical and optical equipment"]
    assert row["look_through"] > row["face_value"] > 0
    rounds, term = np.zeros(worked.n), worked.A[:, worked.index("KOR", "electrical and optical equipment")]
    for _ in range(400):  # Neumann series: what suppliers buy, and their suppliers, and so on
        rounds, term = rounds + term, worked.A @ term
    assert row["look_through"] == approx(rounds[worked.of("JPN")].sum(), rel=1e-9)
    assert found.figures()["ratio"].value == approx(
        found.figures()["look_through"].value / found.figures()["face_value"].value
    )
    assert "times as much" in found.sentence() and len(found.summary()) == 11 and found.chart().to_dict()
    assert any("Baldwin" in source for source in found.figures()["ratio"].sources)


def test_shares_over_all_suppliers_sum_to_one(worked):
    shares = sum(look_through(worked, "KOR", r).by_sector["share"].to_numpy() for r in worked.regions)
    assert shares == approx(np.ones(len(worked.sectors) + 1), abs=1e-12)


def test_reliance_takes_a_file_or_a_table(tmp_path, worked):
    file = tmp_path / "table.csv"
    worked.to_frame().to_csv(file, index=False)
    by = [reliance(source, "KOR", "JPN").by_sector["look_through"].to_numpy() for source in (worked, file)]
    assert by[0] == approx(by[1], rel=1e-9)
