"""How many times wider the bands would have to be to keep their promise, judged on the other cases."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

PROMISE = 0.8  # share of the outcomes that an 80 % band should hold


def distance(measured: pd.DataFrame) -> NDArray[Any]:
    """Each outcome's distance from the central value in half-widths of its band on that side: at most 1 is inside.

    `measured` has columns central, low, high, observed. Infinite where the band has no width on that side.
    """
    central, low, high, observed = (measured[name].to_numpy(float) for name in ("central", "low", "high", "observed"))
    away = np.abs(observed - central)
    width = np.where(observed > central, high - central, central - low)
    apart = np.divide(away, width, out=np.full_like(away, np.inf), where=width > 0)
    return np.where(away == 0, 0.0, apart)


def factor(distances: NDArray[Any]) -> float:
    """The ⌈0.8 (n + 1)⌉-th smallest distance: bands stretched by it hold a new outcome with at least 80 %.

    Split conformal prediction (Vovk, Gammerman & Shafer 2005; Papadopoulos et al. 2002); infinite where there are too
    few outcomes. It takes outcomes for exchangeable, which those of one case are not.
    """
    place = math.ceil(PROMISE * (len(distances) + 1))
    return float(np.sort(distances)[place - 1]) if place <= len(distances) else math.inf


def widening(measured: pd.DataFrame) -> pd.DataFrame:
    """By case: its outcomes, the factor from the other cases, the share inside before and after stretching by it."""
    apart = pd.Series(distance(measured), index=measured.index)
    rows = []
    for case, mine in apart.groupby(measured["case"], sort=True):
        stretch = factor(apart[measured["case"] != case].to_numpy())
        rows.append(
            {
                "case": case,
                "measured outcomes": len(mine),
                "inside 80 % band": float((mine <= 1).mean()),
                "times wider, by the other cases": stretch,
                "inside when so widened": float((mine <= stretch).mean()),
            }
        )
    return pd.DataFrame(rows)
