"""Levers of a sender and hedges of a target: closed forms, conservation, order."""

import numpy as np
import pandas as pd
import pytest

import geoecon as ge
from geoecon.case import default_parameters


def trade(*rows):
    columns = ["period", "exporter", "importer", "product", "value_usd", "tonnes"]
    return pd.DataFrame([("2024", *row, 1.0) for row in rows], columns=columns)


WORLD = trade(
    ("CAN", "BRA", "250410", 6e6), ("USA", "BRA", "250410", 3e6), ("CHN", "BRA", "250410", 1e6),
    ("USA", "MEX", "250410", 5e6), ("CAN", "MEX", "260400", 8e6), ("AUS", "MEX", "260400", 8e6),
)  # fmt: skip


def test_what_a_lever_costs_them_is_the_closed_form():
    found = ge.levers("Canada", flows=WORLD).table.set_index("target")
    sigma = default_parameters()["supplier_elasticity"].central
    assert found.loc["BRA", "costs_them_usd"] == pytest.approx(-np.log(1 - 0.6) / (sigma - 1) * 10e6)
    assert found.loc["MEX", "costs_them_usd"] == pytest.approx(-np.log(1 - 0.5) / (sigma - 1) * 16e6)
    resold = default_parameters()["resold_share"].central
    assert found.loc["BRA", "costs_me_usd"] == pytest.approx(6e6 * (1 - resold))


def test_an_ally_that_joins_adds_what_both_shares_take_away():
    row = ge.levers("Canada", "Brazil", flows=WORLD).table.iloc[0]
    sigma = default_parameters()["supplier_elasticity"].central
    assert row["ally"] == "USA"
    both = -np.log(1 - 0.9) / (sigma - 1) * 10e6
    assert row["costs_them_usd"] + row["ally_adds_usd"] == pytest.approx(both)


def test_the_third_party_is_who_buys_most_from_the_others():
    row = ge.levers("Canada", "Brazil", flows=WORLD).table.iloc[0]
    assert row["third"] == "MEX"
    assert row["spillover"] == pytest.approx(1.0)  # 6 lost, 5 sold elsewhere


def test_levers_of_the_bundled_trade_and_of_nobody():
    found = ge.levers("China", "Korea")
    gain = found.table["costs_them_usd"] - found.table["costs_me_usd"]
    assert (gain.diff().dropna() <= 1e-6).all()
    assert "China's best lever on Korea" in found.sentence()
    with pytest.raises(ge.InputError, match="allowed: a sender with sales"):
        ge.levers("Vanuatu", "Iceland")


def test_the_cheapest_mix_comes_first_and_a_second_source_saves_stock():
    found = ge.hedge("China stops graphite to Korea", start="2026-06-01", draws=12)
    table = found.table
    assert (table["cost_usd_million"].diff().dropna() >= -1e-12).all()
    assert (table["chance"] >= 0.9 - 1e-9).all()
    parts = table[["stock_usd_million", "second_usd_million", "substitute_usd_million"]].sum(axis=1)
    assert parts.to_numpy() == pytest.approx(table["cost_usd_million"].to_numpy())
    by_second = table[table["substitute"] == 0].sort_values("second_source")["stock_days"]
    assert (by_second.diff().dropna() <= 1e-9).all()
    assert "does not stop Korea" in found.sentence()


@pytest.mark.parametrize("chance", [0, 1, 1.5])
def test_a_chance_that_is_none_is_refused(chance):
    with pytest.raises(ge.InputError, match="chance"):
        ge.hedge("China stops graphite to Korea", chance=chance)


def test_what_is_not_bought_needs_no_hedge():
    with pytest.raises(ge.InputError, match="bought no nickel ore from Indonesia in 2024: there is nothing to hedge"):
        ge.hedge("Indonesia stops nickel ore to Japan", start="2026-06-01", draws=4)
