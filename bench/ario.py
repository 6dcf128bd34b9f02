"""Disruption kernel against BoARIO 0.7.2 on the same table in one process.

    python bench/ario.py [--sizes 900 1800 3465] [--peer-steps 6] [--tiny]
    python bench/ario.py --memory 3465

Prints milliseconds a step (median of alternating repeats), the ratios, and the largest difference of output.
The table is random and dense, the worst case for us; the shock is a capacity loss in two industries.
"""

from __future__ import annotations

import argparse
import logging
import resource
import statistics
import time
import warnings
from typing import Any

import numpy as np
import pandas as pd

from geoecon.disruption import BOARIO, Shocks, build, run
from geoecon.disruption.events import Event, losses
from geoecon.production import IOTable

GRIDS = {120: (12, 10), 900: (45, 20), 1800: (60, 30), 3465: (77, 45)}


def random_table(regions: int, sectors: int, seed: int = 0) -> IOTable:
    """A dense table in which every industry buys 600 from all the others and sells 300 to 500 to final users."""
    rng = np.random.default_rng(seed)
    n = regions * sectors
    Z = rng.random((n, n))
    Z *= 600 / Z.sum(axis=0)
    final = np.zeros((n, regions, 1))
    final[:, 0, 0] = rng.uniform(1200, 1500, n)
    names = tuple(f"r{i:02d}" for i in range(regions)), tuple(f"s{i:02d}" for i in range(sectors))
    return IOTable(Z, final, Z.sum(axis=1) + final.sum(axis=(1, 2)), *names)


def peer_table(table: IOTable) -> Any:
    import pymrio

    index = pd.MultiIndex.from_tuples(table.industries, names=["region", "sector"])
    final = pd.MultiIndex.from_product([table.regions, table.categories], names=["region", "category"])
    Z = pd.DataFrame(np.array(table.Z), index=index, columns=index)
    Y = pd.DataFrame(np.array(table.final.reshape(table.n, -1)), index=index, columns=final)
    x = pd.DataFrame({"indout": table.x}, index=index)
    A = Z / table.x
    return pymrio.IOSystem(Z=Z, Y=Y, x=x, A=A)


class Peer:
    def __init__(self, io: Any, table: IOTable, steps: int):
        import boario.event as event
        from boario.extended_models import ARIOPsiModel
        from boario.simulation import Simulation

        self.model = ARIOPsiModel(io, order_type="alt", main_inv_dur=90, monetary_factor=10**6)
        self.simulation = Simulation(self.model, n_temporal_units_to_sim=steps)
        hit = pd.MultiIndex.from_tuples(table.industries[:2], names=["region", "sector"])
        self.simulation.add_event(
            event.from_series(pd.Series([0.5, 0.3], index=hit), event_type="arbitrary", occurrence=1, duration=2,
                              recovery_tau=5)
        )  # fmt: skip
        self.steps = steps

    def run(self) -> float:
        start = time.perf_counter()
        self.simulation.loop()
        return (time.perf_counter() - start) / self.steps


def measure(n: int, peer_steps: int, single_steps: int, batch: int, batch_steps: int, repeats: int) -> dict[str, float]:
    regions, sectors = GRIDS[n]
    table = random_table(regions, sectors)
    economy = build(table, BOARIO)
    industries = table.industries
    event = Event("loss", {industries[0]: 0.5, industries[1]: 0.3}, 1, 2, recovery="linear", recovery_days=5)
    lost = losses(economy, [event], max(single_steps, batch_steps, peer_steps))
    single = Shocks(single_steps, loss_at=lost.at, loss=lost.loss[:single_steps, :, None])
    many = np.repeat(lost.loss[:batch_steps, :, None], batch, axis=2) * np.linspace(0.5, 1, batch)
    several = Shocks(batch_steps, batch, loss_at=lost.at, loss=many)
    warm = Shocks(2, loss_at=lost.at, loss=lost.loss[:2, :, None])
    run(economy, warm), run(economy, several.only(slice(0, 2)), keep=[])
    io = peer_table(table)
    times: dict[str, list[float]] = {"peer": [], "single": [], "batch": []}
    for _ in range(repeats):
        peer = Peer(io, table, peer_steps)
        times["peer"].append(peer.run())
        theirs = peer.simulation.production_realised.to_numpy()
        del peer
        start = time.perf_counter()
        course = run(economy, single)
        times["single"].append((time.perf_counter() - start) / single_steps)
        start = time.perf_counter()
        run(economy, several, keep=[])
        times["batch"].append((time.perf_counter() - start) / batch_steps / batch)
    days = min(peer_steps, single_steps)
    ours = np.empty((days, table.n))
    ours[:, economy.order] = course.kept[:days, :, 0]
    found = {name: statistics.median(values) for name, values in times.items()}
    found["difference"] = float(np.abs(ours / theirs[:days] - 1).max())
    return found


def memory(n: int, batch: int = 64) -> float:
    """MB at the peak of a process that does nothing but a batch."""
    economy = build(random_table(*GRIDS[n]), BOARIO)
    loss = np.broadcast_to(np.linspace(0.1, 0.9, batch), (6, 2, batch))
    run(economy, Shocks(6, batch, loss_at=np.array([0, 1]), loss=loss), keep=[])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    warnings.filterwarnings("ignore")
    logging.disable(logging.CRITICAL)
    say = argparse.ArgumentParser()
    say.add_argument("--sizes", type=int, nargs="+", default=[900, 1800, 3465])
    say.add_argument("--peer-steps", type=int, default=6)
    say.add_argument("--repeats", type=int, default=3)
    say.add_argument("--tiny", action="store_true", help="untimed: the smallest size, for the tests")
    say.add_argument("--memory", type=int, metavar="N", help="only a batch of 64 at N industries: MB at its peak")
    asked = say.parse_args()
    if asked.memory:
        print(f"{asked.memory} industries, batch of 64 alone: peak {memory(asked.memory):.0f} MB")
        return
    sizes = [120] if asked.tiny else asked.sizes
    for n in sizes:
        steps = 12 if asked.tiny else 60
        found = measure(n, asked.peer_steps, steps, 4 if asked.tiny else 64, 3 if asked.tiny else 15, asked.repeats)
        peer, single, batch = (1e3 * found[name] for name in ("peer", "single", "batch"))
        print(
            f"{n} industries: peer {peer:.2f} ms a step; one scenario {single:.3f} ms ({peer / single:.0f} x); "
            f"batch of 64 {batch:.3f} ms a scenario ({peer / batch:.0f} x); largest difference "
            f"{found['difference']:.1e} over {asked.peer_steps} steps; peak of the process with the peer "
            f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB",
            flush=True,
        )


if __name__ == "__main__":
    main()
