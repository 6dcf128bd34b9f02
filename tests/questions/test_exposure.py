"""The world at once agrees with single questions; data and watched questions say what changed."""

import numpy as np
import pytest

import geoecon as ge
from geoecon import countries
from geoecon.flows import raw_materials
from geoecon.questions import add_watch, rows_for
from geoecon.questions.exposure import in_table


@pytest.fixture(scope="module")
def world():
    return ge.exposure()


def test_every_triple_of_the_year_is_there(world):
    assert len(world.table) == len(raw_materials("2024")) == 49_292
    assert world.table.groupby(["target", "product"])["import_share"].sum().to_numpy() == pytest.approx(1.0)


def test_rows_stand_by_what_they_name_and_small_sizes_have_no_number(world):
    shown = world.table.head(12)["access_cost_usd"]
    assert (shown.diff().dropna() <= 0).all() and "would lose, USD" in world.summary().columns
    small = in_table(4e6)
    assert small == "under 10 million" and in_table(9.8e8) == "980 million"
    assert "a year" in world.sentence() and "0%" not in world.summary()["share"].tolist()


def test_fifty_sampled_triples_agree_with_ask(world):
    rows = world.table[(world.table["import_share"] >= 0.01)]
    one = rows["sender"].map(countries.is_country) & rows["target"].map(countries.is_country)
    known = rows[one]
    rng = np.random.default_rng(5)
    for row in known.iloc[rng.choice(len(known), 50, replace=False)].itertuples():
        asked = rows_for(row.sender, row.target, row.product, "2026-06-01")
        assert asked.share == pytest.approx(row.import_share)
        assert asked.share * asked.value == pytest.approx(row.value_usd)


def test_precedents_of_a_triple_do_not_depend_on_the_others(world):
    row = world.table[(world.table["sender"] == "CHN") & (world.table["target"] == "KOR")].iloc[0]
    alone = ge.exposure(sender="CHN", target="KOR", product=row["product"]).table.iloc[0]
    for column in ("imports_after", "imports_after_low", "imports_after_high", "replaced", "back", "access_cost_usd"):
        assert alone[column] == pytest.approx(row[column])


def test_bands_hold_their_middle_and_small_sellers_have_none(world):
    large = world.table[world.table["import_share"] >= 0.01]
    assert (large["imports_after_low"] <= large["imports_after"]).all()
    assert (large["imports_after"] <= large["imports_after_high"]).all()
    assert world.table.loc[world.table["import_share"] < 0.009, "imports_after"].isna().all()
    assert world.table["back"].dropna().between(0, 1).all()


def test_the_network_adds_up(world):
    states, ties = world.network()
    assert states["could_lose_usd"].sum() == pytest.approx(world.table["access_cost_usd"].sum())
    assert states["could_cost_usd"].sum() == pytest.approx(ties["access_cost_usd"].sum())
    assert world.chart().to_dict()["usermeta"]["sources"]


def test_an_empty_part_is_refused():
    with pytest.raises(ge.InputError, match="allowed: a part with trade"):
        ge.exposure(sender="Chad", target="Iceland", product="copper ore")


def test_data_names_what_ships_with_its_licence():
    table = ge.data().table
    assert {"raw-materials trade", "world economy"} <= set(table["name"])
    assert (table["licence"].str.len() > 0).all()
    assert (table["megabytes"] > 0).all()
    assert table["megabytes"].sum() < 40


def test_watch_says_what_a_new_year_changes(tmp_path):
    from geoecon.questions import library

    assert "Nothing is watched" in ge.watch().sentence()
    add_watch("question", "graphite", question="China stops graphite to Korea from 2026-06-01")
    add_watch("licence", "resist", exporter="JPN", destination="KOR", item="photoresist")
    assert ge.watch().sentence().startswith("Nothing changed in 2")
    file = tmp_path / "2025.csv"
    rows = raw_materials("2024", importer="KOR", product=["250410", "250490"]).assign(period="2025")
    rows.loc[rows["exporter"] == "CHN", "value_usd"] *= 0.1
    rows.to_csv(file, index=False)
    library.add(file, updates=True)
    found = ge.watch()
    share = found.table[found.table["figure"] == "share"].iloc[0]
    assert share["now"] < share["before"]
    assert "graphite" in found.sentence()
    assert set(found.table["version"]) == {ge.__version__}
    assert ge.watch().sentence().startswith("Nothing changed in 2")


def test_the_map_is_one_file_that_asks_nothing_of_the_net(tmp_path):
    import re

    from geoecon.questions import write_map

    pytest.importorskip("vl_convert")
    place = write_map(ge.exposure(sender="CHN", target="KOR"), tmp_path / "map.svg")
    addresses = set(re.findall(r"https?://[^\"' ]+", place.read_text(encoding="utf-8")))
    assert all(address.startswith("http://www.w3.org/") for address in addresses)
    with pytest.raises(ge.InputError, match=r"ending in \.svg"):
        write_map(ge.exposure(sender="CHN", target="KOR"), tmp_path / "map.html")


def test_a_good_of_several_codes_is_told_apart(world):
    from geoecon.questions.exposure import product_name

    assert product_name("260111") == "iron ore (260111)"
    assert product_name("250700") == "kaolin"
    named = [product_name(code) for code in set(world.table["product"])]
    assert len(named) == len(set(named))


def test_a_good_that_the_trade_does_not_hold_is_not_called_untraded():
    with pytest.raises(ge.InputError, match=r"holds no row of gallium \(HS 811292\).*--flows FILE"):
        ge.exposure(target="Japan", product="gallium")
    with pytest.raises(ge.MissingData, match="HS 811292: the trade table holds no row of this code"):
        ge.precedents("811292", "CHN", "JPN")
    with pytest.raises(ge.InputError, match="no chapter 99"):
        ge.precedents("999999", share=0.5)


@pytest.mark.parametrize(("sender", "target", "product"), [("CHN", "KOR", "250410"), ("ZAF", "CHN", "260200")])
def test_precedents_are_asked_of_the_same_share_as_by_their_own_verb(sender, target, product):
    """The share of the tonnes of two years, here rounded to a thousandth."""
    asked = ge.precedents(product, sender, target).figures()
    row = ge.exposure(sender=sender, target=target, product=product).table.iloc[0]
    middle = asked["imports_1"]
    shown = [row["imports_after"], row["imports_after_low"], row["imports_after_high"], 100 * row["back"]]
    wanted = [middle.value, middle.low, middle.high, 100 * asked["back_2"].value]
    assert shown == pytest.approx(wanted, abs=0.6)
