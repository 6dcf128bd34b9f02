"""Levers of a sender and hedges of a target: closed forms, conservation, order."""

import numpy as np
import pandas as pd
import pytest

import geoecon as ge
from geoecon import lexicon, production
from geoecon.case import default_parameters
from geoecon.flows import raw_materials


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
    assert found.loc["BRA", "sales_lost_usd"] == pytest.approx(6e6 * (1 - resold))


def test_what_a_lever_costs_the_sender_is_value_added_of_its_own_economy():
    row = ge.levers("Canada", "Brazil", flows=WORLD).table.iloc[0]
    world = production.world()
    here, made = world.of("CAN"), np.asarray(world.x)
    inputs = world.Z[here][:, here] / made[here]
    share = np.asarray(world.value_added)[here] / made[here]
    total, left = 0.0, np.eye(len(share))[world.sectors.index("other mining")]
    for _ in range(200):  # round after round of the own economy's inputs
        total, left = total + share @ left, inputs @ left
    assert row["costs_me_usd"] == pytest.approx(total * row["sales_lost_usd"], rel=1e-6)
    assert 0.3 < total < 1


def test_no_small_lever_is_called_best_while_a_larger_one_stands_below():
    small, large = ("CAN", "BRA", "250410", 9.9e5), ("CAN", "BRA", "260400", 3e8)
    rest = [("USA", "BRA", "250410", 1e4), ("USA", "BRA", "260400", 9e8), ("USA", "MEX", "260400", 9e8)]
    found = ge.levers("Canada", "Brazil", flows=trade(small, large, *rest))
    assert list(found.table["product"]) == ["250410", "260400"]
    assert "best" not in found.sentence() and "nickel" in found.sentence()
    assert "All" in found.caveats()[-1] or "2 of 2" in found.caveats()[-1]


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
    pays = found.table["ratio"] > 1
    assert pays.astype(int).diff().dropna().le(0).all()
    for _, group in found.table.groupby(pays):
        assert (group["costs_them_usd"].diff().dropna() <= 1e-6).all()
    assert "China's best lever on Korea is lithium hydroxide" in found.sentence()
    assert f"12 of {len(found.table)} levers are shown" in found.caveats()[-1] and "in a year" in found.caveats()[-2]
    words = " ".join(found.summary().astype(str).to_numpy().ravel())
    assert "under 10 million" in words and "thousand" not in words and "next to nothing" not in words
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
    assert "stop Korea" not in found.sentence() and "lose at most 1 day of output" in found.sentence()
    assert found.summary().columns[0] == "USD million a year"


def test_a_hedge_and_an_ask_name_two_events_and_agree_on_the_one_they_share():
    question = dict(start="2026-06-01", draws=24)
    found = ge.hedge("China stops graphite to Korea", **question)
    asked = ge.ask("China stops graphite to Korea", **question)
    told = asked.assessment.results["disruption"].figures()["stop_chance"].value
    assert found.stop_now == pytest.approx(told)
    assert found.figures()["stop_now"].value == pytest.approx(told)
    assert found.now != found.stop_now and found.table["stop"].between(0, 1).all()


@pytest.mark.parametrize("chance", [0, 1, 1.5])
def test_a_chance_that_is_none_is_refused(chance):
    with pytest.raises(ge.InputError, match="chance"):
        ge.hedge("China stops graphite to Korea", chance=chance)


def test_what_is_not_bought_needs_no_hedge():
    with pytest.raises(ge.InputError, match="bought no nickel ore from Indonesia in 2024: there is nothing to hedge"):
        ge.hedge("Indonesia stops nickel ore to Japan", start="2026-06-01", draws=4)


def test_the_members_of_a_group_sell_as_one():
    found = ge.levers("EU", "Russia")
    assert not found.table["product"].duplicated().any()
    members = raw_materials("2024", importer=["RUS"], exporter=list(lexicon.place("EU").states))
    sums = members.groupby("product")["value_usd"].sum()
    for row in found.table.itertuples():
        assert row.value_usd == pytest.approx(sums[row.product])
