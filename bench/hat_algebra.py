"""Speed of the exact-hat solver against the textbook procedure, in one run.

    python bench/hat_algebra.py            NAFTA pair of solves 31 x 40, batch of 100, slider, 77 x 45
    python bench/hat_algebra.py --quick    the same code on a small world, one repeat (what the tests fire)

Peer: bench/caliendo_parro_textbook.py (dense solve of the spending system in every wage step), at step 0.2 as published
and at step 0.5 beside it, both to 1e-8. Ours is stopped at 1e-9 and must agree with the peer to 1e-7.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "tests" / "papers")]

import caliendo_parro  # noqa: E402
import caliendo_parro_textbook as textbook  # noqa: E402

from geoecon import costs  # noqa: E402

Shock = costs.Shock


def once(call: Callable[[], Any]) -> tuple[float, float, Any]:
    """Seconds on the clock, seconds of processor time over all threads, and the answer."""
    start, used = time.perf_counter(), time.process_time()
    answer = call()
    return time.perf_counter() - start, time.process_time() - used, answer


def timed(call: Callable[[], Any], repeats: int) -> tuple[float, float, Any]:
    """Medians of `once`; one untimed call before."""
    call()
    runs = [once(call) for _ in range(repeats)]
    return median(run[0] for run in runs), median(run[1] for run in runs), runs[-1][2]


def pair(model: costs.Model, tariffs: Callable[[costs.Model], Any]) -> tuple[costs.Equilibrium, costs.Equilibrium]:
    """The paper's two solves: a base without deficits, then the new tariffs from it."""
    base = costs.solve(model, Shock.none(model).with_deficits(model, "closed"))
    balanced = base.rebased()
    return base, costs.solve(balanced, replace(Shock.none(balanced), tariff=tariffs(balanced)))


def textbook_pair(
    model: costs.Model, tariffs: Callable[[costs.Model], Any], step: float, tolerance: float
) -> tuple[Any, Any]:
    none = np.zeros(len(model.regions))
    base = textbook.solve(model, np.ones_like(model.share), model.tariff, none, step, tolerance)
    balanced = replace(model, share=base["share"], value_added=base["wage"] * model.value_added, deficit=none,
                       spending=base["spending"])  # fmt: skip
    new = tariffs(balanced)
    return base, textbook.solve(balanced, new / balanced.tariff, new, none, step, tolerance)


def against_textbook(
    model: costs.Model, tariffs: Callable[[costs.Model], Any], repeats: int, tolerance: float
) -> dict[str, float]:
    ours, ours_cpu, (_, solved) = timed(lambda: pair(model, tariffs), 5 * repeats)
    found = {"ours_ms": 1e3 * ours, "ours_cpu_ms": 1e3 * ours_cpu}
    for step in (0.2, 0.5):
        peer, peer_cpu, (base, answer) = once(lambda step=step: textbook_pair(model, tariffs, step, tolerance))
        gap = float(np.abs(solved.wage / answer["wage"] - 1).max())
        assert gap < 1e-7, f"wages differ from the textbook's by {gap:.1e}"
        found |= {f"peer_{step}_s": peer, f"ratio_{step}": peer / ours, f"cpu_ratio_{step}": peer_cpu / ours_cpu,
                  f"agreement_{step}": gap,
                  f"peer_{step}_steps": base["steps"] + answer["steps"]}  # fmt: skip
    return found


def batch(model: costs.Model, size: int, repeats: int) -> dict[str, float]:
    """Counterfactuals that share the base: one importer's tariffs raised by up to 30 per cent."""
    shocks = []
    for number in range(size):
        n = number % len(model.regions)
        tariff = model.tariff.copy()
        tariff[model.traded, n] *= 1 + 0.3 * (number + 1) / size
        tariff[:, n, n] = 1
        shocks.append(replace(Shock.none(model), tariff=tariff))
    stacked = Shock.stack(shocks)
    seconds, used, solved = timed(lambda: costs.solve(model, stacked), repeats)
    return {
        "each_ms": 1e3 * seconds / size,
        "each_cpu_ms": 1e3 * used / size,
        "worst_residual": float(solved.residual.max()),
    }


def slider(model: costs.Model, tariffs: Callable[[costs.Model], Any], repeats: int) -> dict[str, float]:
    """A tariff moved by one per cent of its height from the solved point, from that solution."""
    new = tariffs(model)
    solved = costs.solve(model, replace(Shock.none(model), tariff=new))
    runs = []
    for k in range(10 * repeats):
        moved = 1 + (new - 1) * (1 + 0.01 * (1 + k % 5))
        shock = replace(Shock.none(model), tariff=np.where(new != model.tariff, moved, new))
        runs.append(once(lambda shock=shock: costs.solve(model, shock, start=solved)))
    return {"median_ms": 1e3 * median(run[0] for run in runs), "cpu_ms": 1e3 * median(run[1] for run in runs)}


def synthetic(regions: int, sectors: int, own_sales: float = 30, seed: int = 0) -> costs.Model:
    """A world of a given size, own sales a multiple of the rest; the last third of the sectors trades little."""
    rng = np.random.default_rng(seed)
    N, J = regions, sectors
    own = np.eye(N, dtype=bool)
    size = rng.pareto(1.2, N) + 0.2
    flows = rng.lognormal(0, 1, (J, N, N)) * size[:, None] * size * np.where(own, own_sales, 1)
    flows[2 * J // 3 :] *= np.where(own, 1, 2e-3)
    tariff = 1 + np.where(own, 0, rng.uniform(0, 0.15, (J, N, N)))
    B = rng.uniform(0.35, 0.65, (N, J))
    G = rng.dirichlet(np.full(J, 0.5), (N, J)).transpose(0, 2, 1)
    spending = (flows * tariff).sum(axis=2).T
    final = spending - np.einsum("nkj,nj->nk", G, (1 - B) * flows.sum(axis=1).T)
    final = np.maximum(final, 0.05 * spending)
    names = [f"r{n}" for n in range(N)], [f"s{j}" for j in range(J)]
    return costs.model_from_flows(
        flows, *names, rng.uniform(3, 10, J), tariff=tariff, value_added_share=B, input_share=G,
        final_share=final / final.sum(axis=1, keepdims=True),
    )  # fmt: skip


def large(regions: int, sectors: int, repeats: int) -> dict[str, float]:
    import resource

    model = synthetic(regions, sectors)
    shock = Shock.none(model).with_deficits(model, "closed")
    seconds, used, solved = timed(lambda: costs.solve(model, shock), repeats)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    return {
        "ms": 1e3 * seconds,
        "cpu_ms": 1e3 * used,
        "passes": int(solved.passes),
        "residual": float(solved.residual),
        "peak_gb": memory,
    }


def small_tariffs(model: costs.Model) -> Any:
    new = model.tariff.copy()
    new[0, 0, 1] *= 0.9
    return new


def main(quick: bool = False) -> dict[str, dict[str, float]]:
    if quick:
        model, tariffs, repeats, size = synthetic(5, 4, 300), small_tariffs, 1, 4
        balanced = costs.solve(model, Shock.none(model).with_deficits(model, "closed")).rebased()
    else:
        model, tariffs, repeats, size = caliendo_parro.base_1993(), caliendo_parro.nafta_tariffs, 3, 100
        balanced = caliendo_parro.balanced_1993()
    results = {"batch": batch(balanced, size, repeats), "slider": slider(balanced, tariffs, repeats)}
    results["large"] = large(*((8, 6) if quick else (77, 45)), repeats)
    results["pair"] = against_textbook(model, tariffs, repeats, 1e-10 if quick else 1e-8)
    return results


if __name__ == "__main__":
    for name, numbers in main("--quick" in sys.argv).items():
        print(name + ": " + ", ".join(f"{key} {value:.3g}" for key, value in numbers.items()))
