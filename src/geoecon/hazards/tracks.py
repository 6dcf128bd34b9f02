"""Steps on the three tracks of a dispute: multilateral, between governments, between firms; first passages by month.

With r_e the rate of step e a month and g the activity of the dispute, common to all its steps, Gamma of mean 1 and
shape a (Vaupel, Manton & Stallard 1979):

(T1)  P(step e by month t) = 1 - E exp(-g r_e t) = 1 - (1 + r_e t / a)^(-a)
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import as_file, files

import numpy as np
import pandas as pd

from geoecon import tables
from geoecon.dates import MEAN_MONTH
from geoecon.dispute import STEPS
from geoecon.hazards.coded import Array

MONTHS = (3, 6, 12, 24)  # at which forecasts of steps are scored
PSEUDO = (0.5, 12.0)  # events and months added to pooled rates, so that none is zero

_RULES = {
    "case": tables.identifier,
    "step": tables.one_of(*STEPS),
    "start": tables.day,
    "date": tables.day.optional(),
    "seen_until": tables.day,
    "source": tables.text,
    "status": tables.text,
}


def passages(rates: Mapping[str, Array], activity: Array, months: int) -> Array:
    """Probability (draw, month, step) of each step by month, (T1). rates[step], activity (draw,): the Gamma's shape."""
    t = np.arange(months + 1)
    each = [rates[step][:, None] * t / activity[:, None] for step in STEPS]
    return np.asarray(np.stack([-np.expm1(-activity[:, None] * np.log1p(x)) for x in each], axis=2))


@cache
def coded_steps() -> pd.DataFrame:
    """Dated steps of the built-in cases: case, step, months from the start (NaN: not by then), seen (months)."""
    with as_file(files("geoecon.hazards") / "tracks.csv") as path:
        table = tables.read_table(path, _RULES)
    start, date, until = (pd.to_datetime(table[name]) for name in ("start", "date", "seen_until"))
    return table.assign(months=(date - start).dt.days / MEAN_MONTH, seen=(until - start).dt.days / MEAN_MONTH)


def pooled_rate(steps: pd.DataFrame, step: str) -> float:
    """Events a month at risk, with PSEUDO."""
    mine = steps[steps["step"] == step]
    risk = mine["months"].fillna(mine["seen"]).sum()
    return float((mine["months"].notna().sum() + PSEUDO[0]) / (risk + PSEUDO[1]))


def track_scores(prior: Mapping[str, float], activity: float) -> pd.DataFrame:
    """Log and Brier scores of step forecasts, cases left out in turn: method, nats, brier, against pooled, error, n.

    prior[step]: rates a month, alike in all cases. Pooled rates come from the other cases. A case counts once; errors
    are of the difference to pooled rates, by case.
    """
    steps = coded_steps()
    rows = []
    for case, mine in steps.groupby("case"):
        others = steps[steps["case"] != case]
        for row in tables.records(mine):
            pooled, own = pooled_rate(others, row["step"]), prior[row["step"]]
            rates = {"pooled rates": (pooled, np.inf), "prior rates": (own, np.inf)}
            rates |= {"prior rates, activity": (own, activity), "pooled rates, activity": (pooled, activity)}
            for month in MONTHS:
                came = row["months"] <= month  # False for NaN
                if not came and row["seen"] < month:
                    continue
                for method, (rate, shape) in rates.items():
                    p = -np.expm1(-rate * month) if np.isinf(shape) else 1 - (1 + rate * month / shape) ** -shape
                    rows.append((case, method, -np.log(p if came else 1 - p), (p - came) ** 2))
    table = pd.DataFrame(rows, columns=["case", "method", "nats", "brier"])
    by_case = table.groupby(["method", "case"])[["nats", "brier"]].mean()
    base = by_case.loc["pooled rates"]
    found = []
    for method in dict.fromkeys(table["method"]):
        gap = by_case.loc[method]["nats"] - base["nats"]
        mine = by_case.loc[method]
        found.append((method, mine["nats"].mean(), mine["brier"].mean(), gap.mean(), gap.std() / np.sqrt(len(gap)),
                      int((table["method"] == method).sum()), len(mine)))  # fmt: skip
    columns = ["method", "nats", "brier", "against pooled", "standard error", "forecasts", "cases"]
    return pd.DataFrame(found, columns=columns)
