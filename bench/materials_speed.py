"""Seconds of the material layer and of the disruption stage; against an older checkout where one is given.

    python bench/materials_speed.py                     the material layer: 200 draws × 730 days × 3 goods
    python bench/materials_speed.py --old CHECKOUT      the stage with 500 draws beside that of another checkout

Processor seconds, each side in a process of its own with one thread, the best of three, runs interleaved.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

STAGE = """
import time, warnings
warnings.filterwarnings("ignore")
import numpy as np, xarray as xr
from types import SimpleNamespace
import geoecon as ge
from geoecon import disruption
from geoecon.draws import sample
case = ge.load_case("japan-korea-2019"); case = case.at(case.cutoffs[0])
names = [product.id for product in case.products]
def flow(n):
    days = np.arange(case.horizon_days)
    share = np.clip(np.broadcast_to((days[None, :, None] - 60) / 300, (n, len(days), len(names))), 0.1, 1.0)
    return SimpleNamespace(share=xr.DataArray(share, dims=("draw", "day", "product"), coords={"product": names}))
few = sample(case.parameters, 3, 0)
disruption.for_case(case, few, flow(4))
draws = sample(case.parameters, 500, 0)
given = flow(501)
start = time.process_time()
disruption.for_case(case, draws, given)
print("SECONDS", time.process_time() - start)
"""


def layer() -> float:
    """Processor seconds of the material layer alone."""
    import numpy as np

    from geoecon.disruption import Materials, material_path

    rng = np.random.default_rng(0)
    D, T, G = 200, 730, 3
    share = np.clip(rng.uniform(0, 0.6, (D, 1, G)) + np.linspace(0, 0.5, T)[None, :, None], 0, 1)
    given = Materials.of(
        need_share=np.full((D, G), 0.8), stock_days=60, lag_days=200, ramp_days=90, alternative=0.3, covered=0.8,
        lump=0.4, single=0.4, leak=0.1, response=0.1, stock_spread=0.7, substitution_now=0.03, substitution_long=0.6,
    )  # fmt: skip
    material_path(share[:2], Materials(**{name: value[:2] for name, value in vars(given).items()}))
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        material_path(share, given)
        best = min(best, time.process_time() - start)
    return best


def stage(checkout: Path) -> float:
    """Processor seconds of the disruption stage of a checkout."""
    about = os.environ | {"PYTHONPATH": str(checkout / "src"), "OMP_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1",
                          "OPENBLAS_NUM_THREADS": "1"}  # fmt: skip
    done = subprocess.run([sys.executable, "-c", STAGE], env=about, capture_output=True, text=True, check=True)
    return float(done.stdout.split("SECONDS")[1])


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--old", type=Path, help="another checkout to compare the stage with")
    asked.add_argument("--rounds", type=int, default=3)
    given = asked.parse_args()
    print(f"material layer, 200 draws x 730 days x 3 goods: {layer():.2f} s")
    if given.old:
        here = Path(__file__).parents[1]
        pairs = [(stage(given.old), stage(here)) for _ in range(given.rounds)]
        old, new = (min(side) for side in zip(*pairs, strict=True))
        print(f"disruption stage, 500 draws: {old:.1f} s there, {new:.1f} s here, {old / new:.2f} times")


if __name__ == "__main__":
    main()
