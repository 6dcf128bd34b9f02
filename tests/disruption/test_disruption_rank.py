"""Systemic risk by direct recomputation, the ranking of flows, and the shortage clock."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from disruption_worlds import random_table, table_of
from pytest import approx

from geoecon import InputError
from geoecon.disruption import Shocks, build, rank, run, shortage_clock, systemic_risk


def index_by_hand(table, failing, critical, replaceable=True):
    """Diem et al. 2022, industry by industry and supplier by supplier, until nothing moves."""
    S = len(table.sectors)
    n = table.n
    x, Z = table.x, table.Z
    sector = [i % S for i in range(n)]
    down = np.ones(n)
    down[failing] = 0
    for _ in range(4000):
        new = down.copy()
        for i in range(n):
            if i == failing:
                continue
            losses, rest, whole = [], 0.0, 0.0
            for p in range(S):
                suppliers = [j for j in range(n) if sector[j] == p]
                bought = sum(Z[j, i] for j in suppliers)
                if bought == 0:
                    continue
                alive = sum(x[j] * down[j] for j in suppliers)
                lost = 0.0
                for j in suppliers:
                    sigma = min(1.0, x[j] / alive) if replaceable and alive > 0 else 1.0
                    lost += Z[j, i] / bought * sigma * (1 - down[j])
                if critical[p][sector[i]]:
                    losses.append(lost)
                else:
                    rest, whole = rest + bought * lost, whole + bought
            worst = max([*losses, rest / whole if whole else 0.0], default=0.0)
            new[i] = min(down[i], max(1 - worst, 0))
        if np.abs(new - down).max() < 1e-12:
            break
        down = new
    up = np.ones(n)
    up[failing] = 0
    for _ in range(4000):
        new = np.array(
            [up[i] if i == failing else 1 - sum(Z[i, j] * (1 - up[j]) for j in range(n)) / x[i] for i in range(n)]
        )
        if np.abs(new - up).max() < 1e-12:
            break
        up = new
    return float((x * (1 - np.minimum(down, up))).sum() / x.sum())


@pytest.mark.parametrize("replaceable", [True, False])
@pytest.mark.parametrize("seed", [0, 1])
def test_index_by_direct_recomputation(replaceable, seed):
    table = random_table(3, 3, seed=seed, density=0.5)
    rng = np.random.default_rng(seed)
    critical = rng.random((3, 3)) < 0.5
    economy = build(table, criticality=np.where(critical, 2, 0).astype(np.int8))
    found = systemic_risk(economy, replaceable=replaceable, batch=4)
    for i, number in enumerate(economy.order):
        assert found.index[i] == approx(index_by_hand(table, int(number), critical, replaceable), abs=1e-7)


def test_index_closed_forms():
    """A maker that nobody buys from loses itself only; a chain with one critical input stops from there on."""
    Z = np.zeros((3, 3))
    Z[0, 1], Z[1, 2] = 10, 10
    table = table_of(Z, np.array([[[90.0]], [[90.0]], [[100.0]]]), 1, 3)
    found = systemic_risk(build(table))
    assert found.downstream == approx([1.0, 2 / 3, 1 / 3])
    assert found.own == approx([1 / 3] * 3)
    assert found.upstream[2] == approx((1 + 0.1 + 0.01) / 3)
    assert found.upstream[0] == approx(1 / 3)
    free = systemic_risk(build(table, criticality=np.zeros((3, 3), np.int8)))
    assert (free.index <= found.index + 1e-12).all()
    assert list(found.to_frame()["rank"]) == [1, 2, 3]
    with pytest.raises(InputError, match="loss"):
        systemic_risk(build(table), loss=0)


def test_index_is_at_least_ones_own_output():
    found = systemic_risk(build(random_table(4, 5, density=0.3)))
    assert (found.index >= found.own - 1e-12).all() and (found.index <= 1 + 1e-12).all()
    assert (found.index >= np.maximum(found.downstream, found.upstream) - 1e-9).all()


def test_ranked_flows_are_single_runs():
    """The ranking's losses are those of a run with just that flow at the cap; only flows into the importer."""
    table = random_table(3, 3, seed=2)
    found = rank(table, importer="R1", top=10, days=60, cap=0.2)
    assert (
        len(found.edges) == 10 and set(found.edges["importer"]) == {"R1"} and "R1" not in set(found.edges["exporter"])
    )
    assert found.edges["lost_all"].is_monotonic_decreasing
    economy = build(table)
    row = found.edges.iloc[3]
    seller, buyer = (economy.labels.index(end) for end in row["flow"].split(" → "))
    shocks = Shocks(60, seller=np.array([seller]), buyer=np.array([buyer]), cap=np.full((60, 1, 1), 0.2),
                    switch=np.zeros((60, 1, 1)))  # fmt: skip
    lost = (economy.base_value_added[:, None] - run(economy, shocks).value_added[:, :, 0].T[:, :, None][:, :, 0]).sum()
    assert row["lost_all"] == approx(lost, rel=1e-9, abs=1e-9)
    assert found.chart().to_dict()
    assert row["flow"] in set(found.to_frame()["flow"]) and len(found.summary()) <= 12
    assert found.sentence().startswith("The flow whose loss costs most")


BILL = (
    "part,stock,use_per_day,supplier,lead_time_days\nresin,900,30,Alpha,60\nbolt,100,1,Beta,30\nchip,50,10,Gamma,90\n"
)


def test_clock():
    """Stock over use against the lead time of a replacement: days by hand."""
    clock = shortage_clock(BILL, start=date(2026, 1, 1))
    assert list(clock.table["part"]) == ["chip", "resin", "bolt"]
    assert list(clock.table["days"]) == [5, 30, np.inf]
    assert list(clock.table["first_shortage"])[:2] == ["2026-01-06", "2026-01-31"]
    assert list(clock.table["days_short"]) == [85, 30, 0]
    assert "2 of 3 parts" in clock.sentence() and clock.chart().to_dict()
    assert clock.table["earliest"].isna().all()  # no band where the table gives none


def test_clock_pasted_from_a_spreadsheet_with_a_band():
    head = "part\tstock\tuse_per_day\tsupplier\tlead_time_days\tstock_low\tstock_high"
    text = f"{head}\nresin\t900\t30\tAlpha\t60\t600\t1200\n"
    row = shortage_clock(text, start=date(2026, 1, 1)).table.iloc[0]
    assert row["first_shortage"] == "2026-01-31"
    assert row["earliest"] < "2026-01-31" < row["latest"]
    assert row["probability"] == 1


def test_clock_of_named_suppliers_and_shares():
    """Half of the use comes from the supplier that stops: the stock lasts twice as long."""
    frame = pd.DataFrame([
        dict(part="resin", stock=900, use_per_day=30, supplier="Alpha", lead_time_days=90, share=0.5),
        dict(part="resin", stock=900, use_per_day=30, supplier="Beta", lead_time_days=90, share=0.5),
    ])  # fmt: skip
    only = shortage_clock(frame, start=date(2026, 1, 1), stopped={"Alpha": 0.0})
    assert only.table["days"].iloc[0] == 60
    assert shortage_clock(frame, start=date(2026, 1, 1)).table["days"].iloc[0] == 30
    assert np.isinf(shortage_clock(frame, start=date(2026, 1, 1), stopped={"Alpha": 1.0}).table["days"].iloc[0])


@pytest.mark.parametrize(
    "text, message",
    [
        (BILL.replace("lead_time_days", "lead"), "lead_time_days"),
        (BILL.split("\n")[0] + "\n", "no rows"),
        ("part,stock,use_per_day,supplier,lead_time_days,share\nresin,9,3,Alpha,6,2\n", "share from 0 to 1"),
    ],
)  # fmt: skip
def test_clock_names_bad_cells(text, message):
    with pytest.raises(InputError, match=message):
        shortage_clock(text, start=date(2026, 1, 1))


@pytest.mark.parametrize(
    "text, message",
    [
        (BILL.replace("900", "many"), "line 2, stock: 'many'"),
        (BILL.replace("50,10", "-5,10"), "line 4, stock: '-5'"),
        (BILL.replace("resin", "=HYPERLINK(1)"), "line 2, part: formula"),
    ],
)
def test_a_bad_row_is_named_and_stops_no_other(text, message):
    found = shortage_clock(text, start=date(2026, 1, 1))
    assert sum(message in note for note in found.notes) == 1 and "1 cannot be told" in found.sentence()
    assert found.summary()["shortage"].str.startswith("cannot be told").sum() == 1 < len(found.summary())


def test_clock_knows_its_suppliers():
    with pytest.raises(InputError, match=r"Delta.*Alpha"):
        shortage_clock(BILL, start=date(2026, 1, 1), stopped={"Delta": 0})
