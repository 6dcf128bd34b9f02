"""Disruption kernel against BoARIO 0.7.2 on the same table in one process.

    python bench/ario.py [--sizes 900 1800 3465] [--blocks 6] [--peer-steps 4] [--tiny]
    python bench/ario.py --memory 3465

Prints milliseconds a step (medians over blocks of steps that take turns), the ratios with their range over the blocks,
and the largest difference of output. How many processors were at work shows whether the machine was quiet.
The table is random and dense, the worst case for us: no share is zero, so nothing is won by leaving zeros out. The
shock is a capacity loss in two industries.
"""

from __future__ import annotations

import argparse
import logging
import resource
import statistics
import time
import warnings
from collections.abc import Callable
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
    """One simulation of the peer, advanced some steps at a time."""

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

    def advance(self, steps: int) -> list[float]:
        """Seconds of each step."""
        return [_timed(self.simulation.next_step) for _ in range(steps)]


def _timed(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def measure(n: int, blocks: int, peer_steps: int, steps: int, batch: int, batch_steps: int) -> dict[str, Any]:
    """Seconds a step of the peer, of one scenario and of each scenario of a batch, in blocks that take turns.

    A block is `peer_steps` steps of the peer's one long simulation, then runs of ours from the start of the same shock.
    Each ratio is that of the medians over all blocks; `apart` are the least and the largest ratio of a single block.
    """
    regions, sectors = GRIDS[n]
    table = random_table(regions, sectors)
    economy = build(table, BOARIO)
    industries = table.industries
    event = Event("loss", {industries[0]: 0.5, industries[1]: 0.3}, 1, 2, recovery="linear", recovery_days=5)
    lost = losses(economy, [event], max(steps, batch_steps, blocks * peer_steps))
    single = Shocks(steps, loss_at=lost.at, loss=lost.loss[:steps, :, None])
    many = np.repeat(lost.loss[:batch_steps, :, None], batch, axis=2) * np.linspace(0.5, 1, batch)
    several = Shocks(batch_steps, batch, loss_at=lost.at, loss=many)
    warm = Shocks(2, loss_at=lost.at, loss=lost.loss[:2, :, None])
    run(economy, warm), run(economy, several.only(slice(0, 2)), keep=[])
    peer = Peer(peer_table(table), table, blocks * peer_steps)
    times: dict[str, list[float]] = {"peer": [], "single": [], "batch": []}
    middle: dict[str, list[float]] = {"peer": [], "single": [], "batch": []}
    for _ in range(blocks):
        block = {
            "peer": peer.advance(peer_steps),
            "single": [_timed(lambda: run(economy, single)) / steps for _ in range(2)],
            "batch": [_timed(lambda: run(economy, several, keep=[])) / batch_steps / batch],
        }
        for name, values in block.items():
            times[name] += values
            middle[name].append(statistics.median(values))
    found: dict[str, Any] = {name: statistics.median(values) for name, values in times.items()}
    for name in ("single", "batch"):
        ratios = [theirs / mine for theirs, mine in zip(middle["peer"], middle[name], strict=True)]
        found[f"apart_{name}"] = (min(ratios), max(ratios))
    start, busy = time.perf_counter(), time.process_time()
    course = run(economy, single)
    found["processors"] = (time.process_time() - busy) / (time.perf_counter() - start)
    days = min(blocks * peer_steps, steps)
    ours = np.empty((days, table.n))
    ours[:, economy.order] = course.kept[:days, :, 0]
    theirs = peer.simulation.production_realised.to_numpy()[:days]
    found["days"], found["difference"] = days, float(np.abs(ours / theirs - 1).max())
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
    say.add_argument("--blocks", type=int, default=6, help="of the peer's steps and of ours, in turn")
    say.add_argument("--peer-steps", type=int, default=4, help="of the peer in a block")
    say.add_argument("--tiny", action="store_true", help="untimed: the smallest size, for the tests")
    say.add_argument("--memory", type=int, metavar="N", help="only a batch of 64 at N industries: MB at its peak")
    asked = say.parse_args()
    if asked.memory:
        print(f"{asked.memory} industries, batch of 64 alone: peak {memory(asked.memory):.0f} MB")
        return
    for n in [120] if asked.tiny else asked.sizes:
        batch, steps, batch_steps = (4, 12, 3) if asked.tiny else (64, 60, 20)
        found = measure(n, asked.blocks, asked.peer_steps, steps, batch, batch_steps)
        peer, single, many = (1e3 * found[name] for name in ("peer", "single", "batch"))
        low, high = found["apart_single"]
        least, most = found["apart_batch"]
        print(
            f"{n} industries: peer {peer:.2f} ms a step; one scenario {single:.3f} ms ({peer / single:.0f} x, by block "
            f"{low:.0f} to {high:.0f}; {found['processors']:.1f} processors at work); batch of {batch} {many:.3f} ms a "
            f"scenario ({peer / many:.0f} x, by block {least:.0f} to {most:.0f}); largest difference "
            f"{found['difference']:.1e} over {found['days']} steps; peak of the process with the peer "
            f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB",
            flush=True,
        )


if __name__ == "__main__":
    main()
