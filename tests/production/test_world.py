"""The world table of 2022: its margins, published reliances, what aggregation keeps, and stand-ins."""

import json
from importlib.resources import as_file, files

import numpy as np
import pyarrow.parquet as pq
import pytest

from geoecon import countries, production
from geoecon.errors import InputError


def stored():
    with as_file(files("geoecon.production") / "world_2022.parquet") as path:
        meta = pq.read_schema(path).metadata
    return {key.decode(): json.loads(meta[key]) for key in (b"output_usd_million", b"spending_usd_million")}


def test_margins_are_those_stored():
    world, margins = production.world(), stored()
    output = np.array(margins["output_usd_million"])
    assert np.allclose(world.x, output, rtol=5e-4, atol=1e-3)
    assert np.allclose(world.Y.sum(axis=0), margins["spending_usd_million"], rtol=1e-6)


def test_income_is_expenditure():
    income, spending = production.world().gdp
    assert income == pytest.approx(spending, rel=1e-9)
    assert not [finding for finding in production.world().findings if finding.kind in ("balance", "negative")]


def test_an_economy_keeps_the_totals():
    world = production.world()
    cut = production.economy("JPN", "KOR", "USA", ("CHN",))
    assert cut.regions == ("JPN", "KOR", "USA", "CHN", "ROW")
    assert cut.x.sum() == pytest.approx(world.x.sum())
    assert cut.value_added[cut.of("KOR")].sum() == pytest.approx(world.value_added[world.of("KOR")].sum())
    chips = cut.Z[cut.index("JPN", "chemicals"), cut.index("KOR", "electronics")]
    assert chips == pytest.approx(world.Z[world.index("JPN", "chemicals"), world.index("KOR", "electronics")])


def test_a_bloc_is_its_members_less_those_named():
    world = production.world()
    cut = production.economy("RUS", "DEU", None, ("EU27",))
    members = [code for code in world.regions if code in countries.members("EU27") and code != "DEU"]
    assert len(members) == 26
    assert cut.x[cut.of("EU27")].sum() == pytest.approx(sum(world.x[world.of(code)].sum() for code in members))


def test_industries_kept_apart_and_merged():
    cut = production.economy("CHN", "KOR", industries=["electronics", "other mining"])
    assert {"electronics", "other mining", "mining", "metals"} <= set(cut.sectors)
    assert cut.x.sum() == pytest.approx(production.world().x.sum())
    with pytest.raises(InputError, match="industry 'chip making'"):
        production.economy("CHN", "KOR", industries=["chip making"])


@pytest.mark.parametrize("names", [("CHN", "XYZ"), ("CHN", "CHN"), ("CHN", "ROW")])
def test_a_state_that_is_none_or_stands_twice_is_refused(names):
    with pytest.raises(InputError):
        production.economy(*names)


@pytest.mark.parametrize("code", ["QAT", "MNG", "IRN", "ZMB", "NCL", "CUB"])
def test_a_stand_in_keeps_every_output_and_says_that_it_is_one(code):
    world = production.world()
    cut = production.economy(code, "KOR", "USA")
    assert [finding.kind for finding in production.estimated(cut)] == ["estimated"]
    korea, wide = world.of("KOR"), cut.of("KOR")
    assert cut.x[wide] == pytest.approx(world.x[korea])
    income, spending = cut.gdp
    assert income == pytest.approx(spending, rel=1e-9)
    assert (cut.value_added >= -1e-6).all()
    assert (cut.Y >= -1e-6).all()
    gdp = float(production.nations().loc[code, "gdp_usd_billion"]) * 1e3
    assert cut.value_added[cut.of(code)].sum() == pytest.approx(gdp, rel=0.1)


def test_a_stand_in_sells_what_customs_recorded():
    cut = production.economy("QAT", "KOR")
    gas = cut.Z[cut.index("QAT", "oil and gas")][cut.of("KOR")].sum() + cut.Y[cut.index("QAT", "oil and gas"), 1]
    trade = production.standin.mined_trade()
    rows = trade[(trade["exporter"] == "QAT") & (trade["importer"] == "KOR") & (trade["industry"] == "oil and gas")]
    assert gas == pytest.approx(rows["value"].sum())


def test_a_use_nobody_knows_is_spread_over_the_makers_buyers():
    world = production.world()
    use = production.use_of("kaolin", "other mining", world, "KOR")
    assert not use.known
    assert use.bound[2] > production.use_of("gallium", "non-ferrous metals", world, "KOR").bound[2]
    bought = world.Z[[r * len(world.sectors) + world.sectors.index("other mining") for r in range(80)]]
    best = world.sectors[int(np.argmax(bought[:, world.of("KOR")].sum(axis=0)))]
    assert use.industries[0] == best
