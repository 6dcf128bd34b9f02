"""How deep an announced control cuts: the good is singled out, or trade goes on; a hurdle fitted over cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from importlib.resources import as_file, files

import numpy as np
import pandas as pd

from geoecon import tables
from geoecon.episodes import policy
from geoecon.episodes import record as records
from geoecon.episodes.nearest import Array
from geoecon.episodes.policy import INSTRUMENTS
from geoecon.errors import InputError
from geoecon.figure import STATUS

RULES = {
    "case": tables.identifier,
    "product": tables.text,
    "supplier": tables.identifier,
    "importer": tables.identifier,
    "instrument": tables.one_of(*INSTRUMENTS),
    "withheld": tables.share,
    "known": tables.day,
    "what": tables.text,
    "source": tables.text,
    "status": tables.one_of(*STATUS),
}
POOLED = 2.0  # measures that the pooled chance counts for in an instrument's own
EDGE = 0.01  # shares are kept off 0 and 1, where a Beta density has no value
STEPS, SETTLED = 300, 1e-6


def left_by_duty(rate: Array | float, elasticity: Array | float) -> Array:
    """Share of a flow that a duty of `rate` of the price leaves: buyers turn to other sellers by the elasticity."""
    return np.asarray((1 + rate) ** -elasticity)


@dataclass(frozen=True)
class Depth:
    """A hurdle: with `chance` the good is singled out and `near_all` is withheld, else `near_nothing` (Beta a, b).

    `n` flows under `measures` measures stand behind it, each measure with one vote.
    """

    instrument: str | None
    chance: float
    near_all: tuple[float, float]
    near_nothing: tuple[float, float]
    n: int
    measures: int

    def draws(self, n: int = 200, seed: int = 0) -> Array:
        """Shares withheld (n,) in the first year, 0 to 1."""
        rng = np.random.default_rng([seed, 1818])
        unit = (rng.permutation(n) + rng.random(n)) / n
        out = rng.random(n) < 0
        out[rng.permutation(n)[: round(self.chance * n)]] = True
        from scipy.special import betaincinv

        return np.where(out, betaincinv(*self.near_all, unit), betaincinv(*self.near_nothing, unit))

    @property
    def source(self) -> str:
        return f"hurdle fitted to {self.n} flows under {self.measures} known measures (episodes/depth.csv, policy.csv)"

    def sentence(self) -> str:
        kind = f"announced control of the kind {self.instrument!r}" if self.instrument else "announced control"
        return (
            f"Of {self.measures} measures on record, an {kind} singles the good out with {100 * self.chance:.0f} %: "
            f"then about {100 * self.near_all[0] / sum(self.near_all):.0f} % of the flow stops, otherwise about "
            f"{100 * self.near_nothing[0] / sum(self.near_nothing):.0f} %."
        )


@lru_cache(maxsize=256)
def depth(known_by: str | date | None = None, instrument: str | None = None, *, leave_out: str | None = None,
          supplier: str | None = None, product: str | None = None) -> Depth:  # fmt: skip
    """The hurdle prior from what was known by a day, the case itself (and its supplier and product) left out.

    Two Beta components shared by all instruments, the chance of the deep one by instrument, drawn towards that of all
    (expectation maximisation, one vote a measure). Raises InputError for an unknown instrument.
    """
    if instrument is not None and instrument not in INSTRUMENTS:
        raise InputError(f"instrument {instrument!r}; allowed: " + ", ".join(INSTRUMENTS))
    day = date.fromisoformat(known_by) if isinstance(known_by, str) else known_by
    seen = observed()
    keep = ~((seen["supplier"] == supplier) & (seen["product"] == product)) & (seen["case"] != leave_out)
    if day is not None:
        keep &= seen["known"] < day
    seen = seen[keep]
    if seen["case"].nunique() < 5:
        seen = observed()[observed()["case"] != leave_out]  # too few by then: all that is not of the case
    return _fitted(seen, instrument)


@cache
def observed() -> pd.DataFrame:
    """What was withheld under known measures: rows of depth.csv and the exposed flows of the trade record."""
    with as_file(files("geoecon") / "episodes" / "depth.csv") as path:
        rows = tables.read_table(path, RULES, path.name)
    trade = records.shipped().table
    trade = trade[trade["policy"] != ""]
    known = policy.measures().set_index("policy_id")
    start = trade["policy"].map(known["effect_year"])
    trade = trade[trade["year"] == start]
    marked = pd.DataFrame(
        {
            "case": trade["policy"], "product": trade["product"], "supplier": trade["supplier"],
            "importer": trade["importer"], "instrument": trade["policy"].map(known["instrument"]),
            "withheld": trade["cut"].clip(0, 1).astype(float),
            "known": [date(int(year), 12, 31) for year in trade["year"]],
            "status": trade["policy"].map(known["status"]),
        }
    )  # fmt: skip
    return pd.concat([rows, marked], ignore_index=True)


def _fitted(seen: pd.DataFrame, instrument: str | None) -> Depth:
    x = np.clip(seen["withheld"].to_numpy(float), EDGE, 1 - EDGE)
    vote = 1 / seen.groupby("case")["case"].transform("size").to_numpy(float)
    kinds = seen["instrument"].to_numpy()
    deep, shallow, all_of_it = (4.0, 1.0), (1.0, 4.0), 0.5
    chance = {kind: 0.5 for kind in np.unique(kinds)}
    for _ in range(STEPS):
        own = np.array([chance[kind] for kind in kinds])
        a, b = own * _density(x, *deep), (1 - own) * _density(x, *shallow)
        part = a / (a + b)
        all_of_it = float(np.average(part, weights=vote))
        for kind in chance:
            mine = kinds == kind
            hits = (vote * part)[mine].sum() + POOLED * all_of_it
            chance[kind] = float(hits / (vote[mine].sum() + POOLED))
        before, deep, shallow = deep, _beta(x, vote * part), _beta(x, vote * (1 - part))
        if max(abs(old - new) for old, new in zip(before, deep, strict=True)) < SETTLED:
            break
    return Depth(instrument, chance.get(str(instrument), all_of_it) if instrument else all_of_it, deep, shallow,
                 len(seen), int(seen["case"].nunique()))  # fmt: skip


def _density(x: Array, a: float, b: float) -> Array:
    """The density of a Beta inside its bounds."""
    from scipy.special import betaln

    return np.asarray(np.exp((a - 1) * np.log(x) + (b - 1) * np.log1p(-x) - betaln(a, b)))


def _beta(x: Array, weight: Array) -> tuple[float, float]:
    """Shapes of a Beta by the weighted mean and variance."""
    mean = float(np.average(x, weights=weight))
    spread = max(float(np.average((x - mean) ** 2, weights=weight)), 1e-4)
    size = max(mean * (1 - mean) / spread - 1, 0.5)
    return mean * size, (1 - mean) * size
