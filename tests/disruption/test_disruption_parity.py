"""Parity with BoARIO 0.7.2 (Juhel), every kind of event that it has, step by step, on pymrio's test table.

Published example: the peer's own documented one (docstring of `boario.event.from_series`): pymrio's test table, capital
of 100,000 and 50,000 destroyed in electricity and mining of reg1 on day 5, 10 days, linear recovery over 30 days.
"""

import logging
import warnings

import numpy as np
import pandas as pd
import pytest
from pytest import approx

from geoecon.disruption import BOARIO, Behaviour, Event, Rebuilding, Shocks, build, losses, run
from geoecon.production import IOTable

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import boario.event as peer_event
    import pymrio
    from boario.extended_models import ARIOPsiModel
    from boario.simulation import Simulation
    from boario.utils.misc import lexico_reindex

pytestmark = pytest.mark.filterwarnings("ignore")
PEER_KIND = {"capacity": "arbitrary", "capital": "recovery", "rebuild": "rebuild"}
PEER_RECOVERY = {"linear": "linear", "convex": "convexe", "convex unscaled": "convexe noscale", "s-shaped": "concave"}
DAYS = 365


@pytest.fixture(scope="module", autouse=True)
def quiet():
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def system():
    """pymrio's test table with one category of final demand for each region."""
    full = pymrio.load_test().calc_all()
    Y = full.Y.T.groupby(level=0).sum().T
    Y.columns = pd.MultiIndex.from_product([Y.columns, ["final demand"]], names=["region", "category"])
    return pymrio.IOSystem(Z=full.Z, Y=Y).calc_all()


def our_table(system):
    sorted_ = lexico_reindex(system)
    regions, sectors = sorted(sorted_.get_regions()), sorted(sorted_.get_sectors())
    Z, Y = sorted_.Z.to_numpy(float), sorted_.Y.to_numpy(float)
    final = Y.reshape(len(Z), len(regions), -1)
    return IOTable(Z.copy(), final.copy(), sorted_.x.to_numpy(float).ravel().copy(), tuple(regions), tuple(sectors),
                   tuple(str(k) for k in range(final.shape[2])))  # fmt: skip


def peers_run(system, event, days=DAYS, factor=10**6, **model):
    """The peer's simulation of one of our events."""
    about = dict(occurrence=event.start, duration=event.duration)
    if event.kind == "rebuild":
        about |= dict(rebuild_tau=int(event.recovery_days), rebuilding_sectors=dict(event.sectors),
                      rebuilding_factor=event.factor)  # fmt: skip
    else:
        about |= dict(recovery_tau=int(event.recovery_days), recovery_function=PEER_RECOVERY[event.recovery])
    if event.kind != "capacity":
        about["event_monetary_factor"] = factor
    if event.households:
        index = pd.MultiIndex.from_tuples([(r, "final demand") for r in event.households], names=["region", "category"])
        about["households_impact"] = pd.Series(list(event.households.values()), index=index)
    index = pd.MultiIndex.from_tuples(list(event.impact), names=["region", "sector"])
    impact = pd.Series(list(event.impact.values()), index=index)
    made = ARIOPsiModel(system, **{"order_type": "alt", "main_inv_dur": 90, "monetary_factor": 10**6, **model})
    simulation = Simulation(made, n_temporal_units_to_sim=days)
    simulation.add_event(peer_event.from_series(impact, event_type=PEER_KIND[event.kind], **about))
    simulation.loop()
    return made, simulation


def our_run(economy, event, days=DAYS):
    if event.kind == "rebuild":
        sites = Rebuilding(economy, [[event]], losses(economy, [], days))
        return run(economy, Shocks(days), rebuilding=sites, detail=True)
    lost = losses(economy, [event], days)
    return run(economy, Shocks(days, loss_at=lost.at, loss=lost.loss[:, :, None]), detail=True)


def agree(system, event, tolerance, behaviour=BOARIO, days=DAYS, factor=10**6, **model):
    """Output, stocks and unmet final demand (consuming region) of both, step by step."""
    economy = build(our_table(system), behaviour)
    peer, simulation = peers_run(system, event, days, factor, **model)
    course = our_run(economy, event, days)
    output, stocks = np.empty((days, economy.n)), np.empty((len(economy.sectors), economy.n))
    output[:, economy.order], stocks[:, economy.order] = course.kept[:, :, 0], course.stocks[:, :, 0]
    theirs = simulation.production_realised.to_numpy()
    assert len(theirs) == days
    assert np.abs(output / theirs - 1).max() < tolerance
    finite = np.isfinite(peer.inputs_stock)
    assert np.abs(stocks[finite] / peer.inputs_stock[finite] - 1).max() < tolerance
    unmet = simulation.final_demand_unmet.to_numpy()  # by consuming region and sector
    ours = course.unmet_by_sector.transpose(0, 2, 1).reshape(days, -1)
    assert np.abs(ours - unmet).max() < 1e-9 * max(np.abs(unmet).max(), 1e-9)
    assert course.unmet[:, :, 0] == approx(course.unmet_by_sector.sum(axis=1), rel=1e-9, abs=1e-9)
    return theirs / theirs[0] - 1


def hard(system):
    """Industries and shares that drive stocks into shortage."""
    index = list(lexico_reindex(system).x.index)
    return {index[0]: 0.95, index[5]: 0.8, index[9]: 0.9, index[20]: 0.7, index[33]: 0.99}


def capital(system, shares):
    sorted_ = lexico_reindex(system)
    x, used = sorted_.x.iloc[:, 0], sorted_.Z.sum()
    return {i: float((x[i] - used[i]) * 4 * share) for i, share in shares.items()}


@pytest.mark.parametrize("recovery", list(PEER_RECOVERY))
def test_capacity_losses(system, recovery):
    change = agree(system, Event("loss", hard(system), 2, 60, recovery=recovery, recovery_days=60), 1e-12)
    assert change.min() < -0.9


@pytest.mark.parametrize("recovery", list(PEER_RECOVERY))
def test_capital_that_comes_back(system, recovery):
    lost = capital(system, {i: share / 2 for i, share in hard(system).items()})
    event = Event("flood", lost, 3, 30, kind="capital", recovery=recovery, recovery_days=40)
    assert agree(system, event, 1e-9).min() < -0.3


@pytest.mark.parametrize("households", [False, True])
def test_capital_that_is_rebuilt(system, households):
    """Rebuilding demand exceeds what the rebuilding industries can make for months."""
    sectors = sorted(system.get_sectors())
    builder = next(name for name in sectors if "constr" in name)
    other = next(name for name in sectors if "manuf" in name)
    homes = {"reg2": 3e6} if households else {}
    event = Event("quake", capital(system, hard(system)), 5, 40, kind="rebuild", recovery_days=20,
                  sectors={builder: 0.7, other: 0.3}, factor=0.8, households=homes)  # fmt: skip
    assert agree(system, event, 1e-9).min() < -0.9


def test_orders_by_base_share(system):
    """The peer's order_type "noalt"."""
    behaviour = Behaviour(weights="base", goal="optimal", parity=True)
    agree(system, Event("loss", hard(system), 2, 60, recovery="linear", recovery_days=60), 1e-12, behaviour,
          order_type="noalt")  # fmt: skip


def test_inventories_by_sector_and_infinite_ones(system):
    sectors = sorted(system.get_sectors())
    days = {name: 20 + 10 * k for k, name in enumerate(sectors)}
    endless = sectors[2]
    cover = [np.inf if name == endless else float(d) for name, d in days.items()]
    behaviour = Behaviour(weights="capacity", goal="optimal", parity=True, psi=0.9, overproduction_max=1.5,
                          overproduction_days=100, restoration_days=30, inventory_days=cover)  # fmt: skip
    agree(system, Event("loss", hard(system), 2, 60, recovery="linear", recovery_days=60), 1e-12, behaviour,
          inventory_dict=dict(days), infinite_inventories_sect=[endless], psi_param=0.9, alpha_max=1.5, alpha_tau=100,
          inventory_restoration_tau=30)  # fmt: skip


@pytest.mark.parametrize("factor", [1, 10**6])
def test_the_peers_documented_example(factor):
    """Docstring of boario.event.from_series, with the full test table and the peer's defaults.

    As printed the event's money is in units and the table's in millions (factor 1), so output hardly falls and the
    peer rounds what is left to one digit; in the table's unit (factor 10**6) the fall is felt.
    """
    system = pymrio.load_test().calc_all()
    printed = {("reg1", "electricity"): 100000.0, ("reg1", "mining"): 50000.0}
    event = Event("Event 1", printed, 5, 10, kind="capital", recovery="linear", recovery_days=30)
    _, simulation = peers_run(system, event, days=90, factor=factor)
    ours = Event("Event 1", {place: value / 10**6 * factor for place, value in printed.items()}, 5, 10, kind="capital",
                 recovery="linear", recovery_days=30, digits=1 if factor == 1 else 7)  # fmt: skip
    economy = build(our_table(system), BOARIO)
    course = our_run(economy, ours, 90)
    output = np.empty((90, economy.n))
    output[:, economy.order] = course.kept[:, :, 0]
    theirs = simulation.production_realised.to_numpy()
    assert np.abs(output / theirs - 1).max() < 1e-9
    fall = (theirs / theirs[0] - 1).min()
    assert (output / output[0] - 1).min() == approx(fall, abs=1e-11)
    assert fall < (0 if factor == 1 else -0.01)


def test_large_table_by_tiles(monkeypatch, system):
    """The kernel for large tables follows the peer as well."""
    from geoecon.disruption import simulate

    monkeypatch.setattr(simulate, "LARGE", 1)
    agree(system, Event("loss", hard(system), 2, 60, recovery="linear", recovery_days=60), 1e-12)
