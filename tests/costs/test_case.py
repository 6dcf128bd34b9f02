"""The welfare and losses stages on the worked case, and the figures that the design page pins on its table."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from geoecon import capacity, costs, disruption, production
from geoecon.case import Case, load_case
from geoecon.costs import case_shock, dispute, payments, stage
from geoecon.draws import Draws, sample
from geoecon.figure import Figure


@pytest.fixture(scope="module")
def case() -> Case:
    return load_case("japan-korea-2019").at(date(2019, 7, 1))


@pytest.fixture(scope="module")
def draws(case: Case) -> Draws:
    return sample(case.parameters, 40, 1)


@pytest.fixture(scope="module")
def controls(case: Case, draws: Draws) -> Any:
    return capacity.for_case(case, draws)


@pytest.fixture(scope="module")
def path(case: Case, draws: Draws, controls: Any) -> disruption.DisruptionPath:
    return disruption.for_case(case, draws, controls)


@pytest.fixture(scope="module")
def change(case: Case, draws: Draws, controls: Any, path: disruption.DisruptionPath) -> costs.WelfareChange:
    return costs.for_case(case, draws, controls, disruption=path)


@pytest.fixture(scope="module")
def losses(case: Case, draws: Draws, controls: Any) -> costs.Losses:
    return costs.losses_for_case(case, draws, controls)


def title_of(chart: Any) -> str:
    """Title and subtitle as one line of words."""
    title = chart.to_dict()["title"]
    parts = [title["text"], title.get("subtitle", "")]
    return " ".join(" ".join(part) if isinstance(part, list) else part for part in parts)


def test_result_protocol(change: costs.WelfareChange, losses: costs.Losses) -> None:
    for result in (change, losses):
        frame = result.to_frame()
        assert {"central", "low", "high"} <= set(frame.columns) and frame["central"].notna().all()
        assert 0 < len(result.summary()) <= 12
        figures = result.figures()
        assert figures and all(figure.sources and figure.unit for figure in figures.values())
        assert result.sentence().endswith(".") and "nan" not in result.sentence()
        assert 3 <= len(result.METHOD.splitlines()) <= 8 and result.sources
        assert result.chart().to_dict()["title"]


def test_shapes_and_residual(change: costs.WelfareChange, draws: Draws) -> None:
    assert change.real_income.dims == ("draw", "region")
    assert change.real_income.sizes == {"draw": draws.n, "region": 7}
    assert change.trade.sizes == {"draw": draws.n, "exporter": 7, "importer": 7}
    assert 0 < change.residual < 1e-8
    assert change.figures()["residual"].value == change.residual
    assert "residual" not in change.sentence()
    assert next(iter(change.figures())) == "real_income.KOR"


def test_the_draw_without_draws_is_the_central_one(case: Case, change: costs.WelfareChange) -> None:
    draws = sample(case.parameters, 0)
    controls = capacity.for_case(case, draws)
    alone = costs.for_case(case, draws, controls, disruption=disruption.for_case(case, draws, controls))
    assert alone.real_income.values[0] == pytest.approx(change.real_income.values[0], abs=1e-6)
    assert np.isnan(alone.to_frame()["low"]).all()
    assert alone.figures()["real_income.KOR"].low is None


def test_predictions_are_by_draw(change: costs.WelfareChange, draws: Draws) -> None:
    found = change.predictions()
    assert found["welfare_change", "KOR"].shape == (draws.n,)
    assert found["exports_change_1y", "JPN>KOR"].shape == (draws.n,)
    assert (found["exports_change_1y", "JPN>KOR"] <= 1e-6).all()


def test_exact_and_arithmetic_are_two_measures(change: costs.WelfareChange) -> None:
    """Close for a small shock, never the same array; the terms add up."""
    total = change.terms.sum("term")
    assert np.allclose(total, change.arithmetic)
    assert not np.array_equal(change.real_income, change.arithmetic)
    assert np.abs(change.real_income - change.arithmetic).max() < 0.2


def test_no_dispute_costs_nothing(case: Case) -> None:
    parameters = {**case.parameters}
    for name in [key for key in parameters if key.split(".")[0] in ("boycott_cut", "carrying_cost")]:
        parameters[name] = parameters[name].fixed(0.0)
    still = costs.for_case(case, sample(parameters, 0))
    assert np.abs(still.real_income).max() < 1e-6 and np.abs(still.first_year).max() < 1e-6


def test_controls_catchup_and_disruption_enter(case: Case) -> None:
    """Flow shares cut the deliveries, localisation lowers what they matter, the short run stands beside."""
    draws = sample(case.parameters, 0)
    names = [product.id for product in case.products]
    shape = (1, 730, len(names))
    dims, coords = ("draw", "day", "product"), {"product": names}
    stopped = SimpleNamespace(share=xr.DataArray(np.zeros(shape), dims=dims, coords=coords))
    free = SimpleNamespace(share=xr.DataArray(np.ones(shape), dims=dims, coords=coords))
    left = xr.DataArray(np.zeros((1, 60, len(names))), dims=("draw", "month", "product"), coords=coords)
    at_home = SimpleNamespace(remaining=left)
    hurt = costs.for_case(case, draws, stopped, disruption=disruption.for_case(case, draws, stopped))
    whole = costs.for_case(case, draws, free, disruption=disruption.for_case(case, draws, free))
    local = costs.for_case(case, draws, stopped, disruption=disruption.for_case(case, draws, stopped, catchup=at_home))
    at = {"draw": 0, "region": list(hurt.regions).index("KOR")}
    assert float(hurt.real_income[at]) < float(local.real_income[at]) <= float(whole.real_income[at]) + 1e-3
    lost = xr.DataArray([[500.0]], dims=("draw", "region"), coords={"region": ["KOR"]})
    path = replace(disruption.for_case(case, draws, free), lost_value_added=lost)
    beside = costs.for_case(case, draws, disruption=path)
    assert beside.short_run is not None
    korea = production.economy(case)
    value_added = korea.x[korea.of("KOR")].sum() - korea.Z[:, korea.of("KOR")].sum()
    assert float(beside.short_run.sel(region="KOR")[0]) == pytest.approx(100 * 500 / value_added, rel=1e-3)
    assert "short run: change of value added (% of a year)" in beside.by_region().columns
    assert beside.real_income.values == pytest.approx(costs.for_case(case, draws).real_income.values)  # never added


def test_substitution_is_the_axis(change: costs.WelfareChange) -> None:
    """σ of the first days moves what the licences cost the target by some ten times, one way."""
    korea = change.by_substitution.sel(region="KOR").values
    assert (np.diff(korea) > 0).all()
    assert korea[0] / korea[-1] > 8


def test_the_first_year_is_the_direct_loss_seen_in_equilibrium(
    change: costs.WelfareChange, path: disruption.DisruptionPath, case: Case
) -> None:
    """One number: what the licences cost the target in the exact-hat model is the value added that its users lose, to
    a fifth (what is burnt in waiting and the terms of trade come on top)."""
    korea = production.economy(case)
    gdp = korea.x[korea.of("KOR")].sum() - korea.Z[:, korea.of("KOR")].sum()
    direct = -100 * path.direct.sel(window="first year").values / gdp
    licences = change.attribution.sel(player="licences", region="KOR").values
    large = np.abs(direct) > 0.02
    assert large.sum() > 5
    assert licences[large] == pytest.approx(direct[large], rel=0.2)


def test_one_table_for_three_horizons(change: costs.WelfareChange, path: disruption.DisruptionPath) -> None:
    """A row may be read across: per cent of the window's value added; money of the window."""
    table = change.summary().set_index("loss of Korea")
    assert list(table.columns) == ["days 1 to 30", "first year", "lasting", "unit"] and len(table) <= 12
    money, share = table.loc["their own value added"], table.loc["the same, of all value added"]
    whole = float(path.base_value_added.sel(region="KOR")) * 365
    for horizon, part in (("days 1 to 30", 30 / 365), ("first year", 1.0)):
        dollars, per_cent = (float(cell[horizon].split(" ")[0].replace("\u2009", "")) for cell in (money, share))
        assert dollars / part / whole * 100 == pytest.approx(per_cent, rel=0.02)
    assert table.loc["in equilibrium, boycott alone, of real income", "lasting"] == "–"


def test_parts_add_up_and_are_independent(
    case: Case, draws: Draws, controls: Any, path: disruption.DisruptionPath, change: costs.WelfareChange
) -> None:
    """Shapley: licences, retaliation and boycott sum to the whole. A boycott that nobody knows of costs nothing; one
    that is asked for costs the boycotters, and leaves the licences as they were."""
    asked = costs.for_case(case.with_scenario(boycott="observed"), draws, controls, disruption=path)
    for found in (change, asked):
        assert found.attribution.sum("player").values == pytest.approx(found.first_year.values, abs=1e-9)
    quiet, loud = (found.attribution.sel(region="KOR") for found in (change, asked))
    assert (quiet.sel(player="boycott") == 0).all() and np.median(loud.sel(player="boycott")[1:]) < 0
    assert loud.sel(player="licences").values == pytest.approx(quiet.sel(player="licences").values, rel=0.02, abs=1e-4)


def test_visitors_who_stay_away_cost_a_market_and_not_what_they_bought() -> None:
    """Chinese tours to Korea: Korea loses by it, by far less than the spending, and China's people keep their money."""
    thaad = load_case("china-korea-thaad-2017").with_scenario(measures="observed")
    draws = sample(thaad.parameters, 0)
    economy = case_shock.economy_of(thaad)
    found = dispute.of_case(thaad, economy, draws, None, None, "first year")
    korea, china = economy.model.region("KOR"), economy.model.region("CHN")
    assert found.payments and all(np.abs(paid.balance.sum(axis=1)).max() < 1e-9 for paid in found.payments)
    spent = -sum(float(paid.balance[0, korea]) for paid in found.payments)
    assert spent > 1000  # USD million in the table
    only = replace(dispute.calm(economy, 1), payments=found.payments)
    solved = costs.solve(economy.model, case_shock.shock_of(economy, only, draws))
    change = payments.real_income(solved, only.payments)[0] / 100 * economy.model.income
    assert -0.5 * spent < change[korea] < 0 < change[china] + 0.1 * spent


def test_dearer_imports_are_a_transfer_to_those_who_sell() -> None:
    """Gas: what the target pays more others earn; the sender only for what it still sells."""
    gas = load_case("russia-germany-gas-2022")
    draws = sample(gas.parameters, 0)
    economy = case_shock.economy_of(gas)
    names = {"product": ["natural_gas"]}
    bill = xr.DataArray([[10_000.0]], dims=("draw", "product"), coords=names)
    flows = [xr.DataArray([[kept]], dims=("draw", "product"), coords=names) for kept in (0.0, 1.0)]
    stopped, going = (dispute.dearer_imports(economy, bill, kept) for kept in flows)
    for (paid,) in (stopped, going):
        assert paid.balance.sum() == pytest.approx(0, abs=1e-6) and paid.balance[0, economy.target] < 0
    assert stopped[0].balance[0, economy.sender] == 0 < going[0].balance[0, economy.sender]
    calm = dispute.calm(economy, 1)
    solved = costs.solve(economy.model, case_shock.shock_of(economy, replace(calm, payments=stopped), draws))
    lost = payments.real_income(solved, stopped)[0, economy.target]
    share = 100 * stopped[0].balance[0, economy.target] / economy.model.income[economy.target]
    assert 1.5 * share < lost < 0.7 * share < 0


def test_states_know_instruments_and_switches() -> None:
    """Losses by state: the sender's other instruments cost where it acts; a group switched off does nothing."""
    thaad = load_case("china-korea-thaad-2017").with_scenario(measures="observed")
    draws = sample(thaad.parameters, 0)

    def monthly(a_case: Case) -> Any:
        return costs.losses_for_case(a_case, draws, capacity.for_case(a_case, draws)).monthly.sel(draw=0, remaining=1.0)

    whole = monthly(thaad)
    off = monthly(thaad.with_scenario(licences="off", retaliation="off", boycott="off"))
    hit = {"control": "listed", "retaliation": "none", "side": "target"}
    assert float(whole.sel(hit)) > 0 and float(off.sel(hit)) == pytest.approx(0, abs=1e-6)
    assert float(np.abs(off.sel(retaliation=["none", "mirrored"])).max()) == pytest.approx(0, abs=1e-6)


def test_computed_final_demand_widens_the_band(case: Case) -> None:
    """The world table's final demand by destination is computed: its error is in the draws, the middle stays."""
    draws = sample(case.parameters, 400, 0)
    bare = replace(case, tables={name: table for name, table in case.tables.items() if name != "economy"})
    error = stage.reconstruction(case_shock.economy_of(bare), draws)
    assert (error[0] == 1).all() and error[1:].mean() == pytest.approx(1, abs=0.02)
    assert error[1:].std() == pytest.approx(0.25, abs=0.02)
    assert (stage.reconstruction(case_shock.economy_of(case), draws) == 1).all()


@pytest.mark.parametrize("off", ["licences", "boycott"])
def test_switches_are_independent(case: Case, off: str) -> None:
    """A part switched off is gone and the other is as it was alone."""
    draws = sample(case.parameters, 0)

    def parts(a_case: Case) -> Any:
        controls = capacity.for_case(a_case, draws)
        path = disruption.for_case(a_case, draws, controls)
        return costs.for_case(a_case, draws, controls, disruption=path).attribution.sel(region="KOR", draw=0)

    whole, without = parts(case), parts(case.with_scenario(**{off: "off"}))
    other = "boycott" if off == "licences" else "licences"
    assert float(without.sel(player=off)) == 0
    assert float(without.sel(player=other)) == pytest.approx(float(whole.sel(player=other)), rel=0.02)
    none = parts(case.with_scenario(measures="none"))
    assert np.abs(none.values).max() < 1e-6


def test_losses_by_state(losses: costs.Losses, draws: Draws) -> None:
    assert losses.monthly.dims == ("draw", "control", "retaliation", "remaining", "side")
    assert losses.monthly.shape == (min(draws.n, 13), 3, 3, 5, 3)
    assert losses.full.shape == (2, draws.n, 3, 3, 3)
    peace = losses.monthly.sel(control="none", retaliation="none")
    assert (peace == 0).all()
    target = losses.full.sel(side="target", retaliation="none")[0]
    few = losses.monthly.sel(side="target", retaliation="none", remaining=1.0)
    assert np.array_equal(few.values, target.values[: len(few)])  # the same draws, the same answer
    assert (target.sel(control="listed") <= target.sel(control="full") + 1e-9).all()
    assert float(np.abs(losses.residual)) < 1e-8


def test_less_dependence_never_costs_the_target_more(case: Case) -> None:
    """Draw by draw, from full dependence to none, where others send what they sent."""
    still = case.with_scenario(others_response=0.0)
    draws = sample(still.parameters, 15, 1)
    found = costs.losses_for_case(still, draws, capacity.for_case(still, draws))
    full = found.monthly.sel(side="target", control="full", retaliation="none")
    assert (full.diff("remaining") <= 1e-6).all()


def test_what_lasts_is_less_than_the_first_year(losses: costs.Losses) -> None:
    """One path at two horizons: firms adapt; the price of an end of intelligence sharing comes on top once."""
    listed = {"control": "listed", "retaliation": "none", "side": "target"}
    first, lasting = losses.full.sel(listed)
    assert float(lasting.mean()) < float(first.mean())
    assert (losses.security.sel(retaliation=["none", "mirrored"]) == 0).all()


def test_a_case_without_a_table_takes_the_world_table_and_says_so(case: Case) -> None:
    bare = replace(case, tables={name: table for name, table in case.tables.items() if name != "economy"})
    found = costs.for_case(bare, sample(case.parameters, 0))
    assert any("OECD" in source and "2022" in source for source in found.sources)
    assert "2022" in found.period


def test_one_base_of_sales_at_every_door(case: Case, path: disruption.DisruptionPath) -> None:
    rows = case.flows
    mine = rows[(rows["exporter"] == "JPN") & (rows["importer"] == "KOR") & (rows["product"] == "photoresist")]
    months = mine[mine["period"].str.fullmatch(r"\d{4}-\d{2}") & mine["period"].between("2018-07", "2019-06")]
    base = float(months["value_usd"].sum()) / 1e6
    assert len(months) == 12 and base == capacity.usd_million_before(mine, case.start)
    assert base == float(path.base_sales.sel(product="photoresist"))
    assert base in [one.from_sender for one in case_shock.economy_of(case).exposures]
    gap = mine[mine["period"] != "2019-02"]  # without one of the twelve it is the last full year
    year = float(mine.loc[mine["period"] == "2018", "value_usd"].iloc[0]) / 1e6
    assert capacity.usd_million_before(gap, case.start) == year
    half = months.tail(6)  # and without such a year, what is known filled up to one
    assert capacity.usd_million_before(half, case.start) == pytest.approx(2 * half["value_usd"].sum() / 1e6)


def test_facts_after_the_start_do_not_move_the_exposure(case: Case) -> None:
    """Trade of the year before the dispute; later months change nothing."""
    trade = case.tables["trade"]
    later = trade.assign(value_usd=trade["value_usd"].where(trade["period"] < "2019-07", 1e12))
    other = replace(case, tables={**case.tables, "trade": later})
    ours, theirs = case_shock.economy_of(case), case_shock.economy_of(other)
    assert [e.need for e in ours.exposures] == [e.need for e in theirs.exposures]
    resist = next(e for e in ours.exposures if e.product.id == "photoresist")
    assert resist.dependence == pytest.approx(0.929, abs=0.001)  # July 2018 to June 2019, customs


@pytest.mark.parametrize(("theta", "page"), [(1, -0.114), (2, -0.075), (4, -0.045), (8, -0.025)])
def test_a_lasting_cut_of_all_chemicals(case: Case, theta: float, page: float) -> None:
    """The design page, per cent for the target: 42 per cent less of all the sender's chemicals, rents to exporters.

    The page's solve was a prototype's on the uncleaned table: agreement to two thousandths.
    """
    model = costs.model_from_table(production.economy(case), theta)
    met = costs.solve_quotas(model, [costs.Quota("JPN", "KOR", "chemicals", 0.58)])
    assert costs.real_income(met.solved)[model.region("KOR")] == pytest.approx(page, abs=0.002)


def test_any_table_becomes_a_model(case: Case) -> None:
    table = production.economy(case)
    model = costs.model_from_table(table, costs.elasticities(table.sectors).set_index("sector")["elasticity"].to_dict())
    assert model.shape == (7, 16)
    assert costs.solve(model).passes == 1  # the base is an equilibrium to the last digit
    assert model.deficit.sum() == pytest.approx(0, abs=1e-6)
    assert "stocks run down by 7,739" in model.notes[0]
    assert (costs.autarky_loss(model) > 0).all()


def test_welfare_of_a_table(case: Case) -> None:
    """The verb on a table: a tariff of ten per cent, published elasticities."""
    table = production.economy(case)
    found = costs.welfare(table, [costs.Change("tariff", 1.1, exporter="JPN", importer="KOR")])
    frame = found.to_frame().set_index("region")
    assert frame.loc["JPN", "real_income"] < 0
    assert found.residual < 1e-8 and f"{found.residual:.0e}" in found.sentence()
    assert len(found.terms()) == 16 * 7 * 6 and len(found.trade()) == 42
    total = found.terms().groupby("region")["terms_of_trade"].sum()
    assert total["KOR"] == pytest.approx(frame.loc["KOR", "terms_of_trade"])
    assert found.chart().to_dict()["title"] and len(found.summary()) == 7
    quota = costs.welfare(table, quotas=[costs.Quota("JPN", "KOR", "chemicals", 0.5)])
    assert quota.quotas is not None and quota.quotas.quantity[0] == pytest.approx(0.5, rel=1e-6)


def test_elasticities_have_sources() -> None:
    frame = costs.elasticities(["agriculture", "metals", "machinery", "a sector of nobody"])
    assert list(frame["sector"]) == ["agriculture", "metals", "machinery"]
    assert frame["elasticity"].tolist() == pytest.approx([9.11, (3.28 + 6.99) / 2, 1.45])
    assert frame["source"].str.contains("Caliendo & Parro 2015").all()
    assert frame["status"].tolist() == ["seen", "computed", "seen"]
    assert isinstance(frame, pd.DataFrame)


def test_every_picture_says_what_it_found(change: costs.WelfareChange) -> None:
    pictures = change.charts()
    assert set(pictures) == {"change", "decomposition", "substitution", "elasticity", "horizons"}
    titles = [title_of(chart) for name, chart in pictures.items() if name != "horizons"]
    assert all("real income" in title or "change" in title for title in titles)
    assert not any("nan" in title or "unknown" in title for title in titles)


def test_detail_of_the_first_year(
    case: Case, draws: Draws, controls: Any, path: disruption.DisruptionPath, change: costs.WelfareChange
) -> None:
    """The counterfactual behind the headline: terms by partner, trade by pair, the same real income."""
    detail = costs.case_counterfactual(case, draws, controls, path)
    frame = detail.to_frame().set_index("region")
    assert frame["real_income"].to_numpy() == pytest.approx(change.first_year.values[0], abs=1e-6)
    assert set(detail.trade()["exporter"]) == set(change.regions)


def test_who_can_extract_what(case: Case) -> None:
    """Hosoe's question on the case's table: the sender's chemicals against the target's electronics."""
    model = costs.model_of(case)
    chips = ["electrical and optical equipment"]
    contest = costs.retaliatory_export_tax(model, "JPN", "KOR", ["chemicals"], chips)
    frame = contest.to_frame().set_index("region")
    assert frame.loc["JPN", "first alone"] > 0 > frame.loc["KOR", "first alone"]
    assert abs(frame.loc["KOR", "first alone"]) > frame.loc["JPN", "first alone"]  # the target loses more, relatively
    assert frame.loc["JPN", "contest"] <= frame.loc["JPN", "first alone"]


def test_controls_that_hold_nothing_cost_nothing(case: Case) -> None:
    """No licence, no waiting, no dispute, no boycott."""
    draws = sample(case.parameters, 2)
    names = [product.id for product in case.products]
    free = xr.DataArray(np.ones((3, 730, len(names))), dims=("draw", "day", "product"), coords={"product": names})
    change = costs.for_case(case, draws, controls=SimpleNamespace(share=free))
    assert np.abs(change.real_income).max() < 1e-6 and np.abs(change.first_year).max() < 1e-6


def test_both_horizons_in_one_picture(case: Case) -> None:
    lost = xr.DataArray([[500.0, 20.0]], dims=("draw", "region"), coords={"region": ["KOR", "JPN"]})
    draws = sample(case.parameters, 0)
    path = disruption.for_case(case, draws, capacity.for_case(case, draws))
    beside = costs.for_case(case, draws, disruption=replace(path, lost_value_added=lost))
    words = title_of(beside.charts()["horizons"])
    assert "of real income for good" in words and "never to be added" in words


def test_a_boycott_of_a_middle_of_nothing_is_none() -> None:
    """Gallium states 0 (0 to 0.02), "no consumer boycott": it costs nobody anything unless the scenario asks for it."""
    gallium = load_case("china-gallium-2023")
    draws = sample(gallium.parameters, 10)
    controls = capacity.for_case(gallium, draws)
    acts = capacity.shocks(gallium, draws)
    assert not dispute.boycotts(gallium, acts, controls)
    assert dispute.boycotts(gallium.with_scenario(boycott_cut=0.02), acts, controls)
    assert dispute.boycotts(load_case("japan-korea-2019").with_scenario(boycott="observed"), (), None)


def test_the_table_of_horizons_tells_what_the_figures_tell(path: disruption.DisruptionPath,
                                                          change: costs.WelfareChange) -> None:  # fmt: skip
    """The users' own loss, the value added and real income stand in both places with one middle and one band."""
    table = costs.reconciled(path, change).set_index("loss of Korea")
    said = path.figures() | change.figures()
    for column, key in (("days 1 to 30", "1m"), ("first year", "1y"), ("lasting", "lasting")):
        assert f"{table.loc['their own value added', column]} USD million" == _plain(said[f"direct_loss.{key}"])
    share = table.loc["with what travels through the economy and with all other measures, of all value added"]
    assert share["first year"] == _mirrored(said["gdp_change_1y.KOR"])
    both = table.loc["in equilibrium, all together, of real income"]
    assert both["first year"] == _mirrored(said["first_year.KOR"])
    assert both["lasting"] == _mirrored(said["real_income.KOR"])
    assert not table.isin(["0 (0 to 0)"]).any().any()


def _plain(figure: Figure) -> str:
    return str(replace(figure, verified=True))


def _mirrored(figure: Figure) -> str:
    assert figure.value is not None and figure.low is not None and figure.high is not None
    return _plain(replace(figure, value=-figure.value, low=-figure.high, high=-figure.low, unit=""))
