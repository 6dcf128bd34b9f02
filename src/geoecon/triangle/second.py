"""A second reading of dependence on a patron: by output, and by what it would cost to replace the patron's share.

By capability the members of one pact share nearly the whole pool, so that it cannot rank two of them.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from geoecon import production
from geoecon.triangle import records as r
from geoecon.triangle.bond import Bond
from geoecon.triangle.measures import Array, security_dependence

# Prices in the United States against 2017 (GDP deflator, from memory): output on record is in dollars of 2017
PRICES = {2010: 0.891, 2011: 0.910, 2012: 0.927, 2013: 0.943, 2014: 0.960, 2015: 0.969, 2016: 0.979, 2017: 1.0,
          2018: 1.024, 2019: 1.042}  # fmt: skip
LATER = 2022  # output of the world table's year, in dollars of that year as they were paid
APART = 0.05  # difference of two shares below which nobody is said to depend more


def year_of_output(year: int) -> int:
    """The year whose output a reading for `year` rests on: its own up to 2019, 2022 from then on, 2019 in between."""
    return LATER if year >= LATER else min(year, max(PRICES))


def output_of(state: str, year: int) -> float:
    """Output in USD million, NaN where unknown: at purchasing power and prices of 2017 up to 2019; of 2022 as paid."""
    if year < LATER:
        return r.value("gdp", "pwtrgdp", state, year)
    known = production.nations()["gdp_usd_billion"]
    return 1000 * float(known[state]) if state in known.index else float("nan")


def output_dependence(bond: Bond) -> Array:
    """Dep (3, 3) with output in place of capability: share of own and allied output that leaves with the ally.

    NaN where output of a member is not on record; allies without output on record count as none.
    """
    year = year_of_output(bond.year)
    place, ties, _ = r.pacts(year)
    own = np.array([output_of(state, year) for state in bond.states])
    everyone = np.zeros(len(place))
    for state in r.every_state():
        if r.since(state) <= year and r.code(state, year) in place:
            output = output_of(state, year)
            everyone[place[r.code(state, year)]] = output if output == output else 0.0
    rows = [place[r.code(state, year)] for state in bond.states if r.code(state, year) in place]
    if len(rows) < len(bond.states) or np.isnan(own).any():
        return np.full((3, 3), np.nan)
    everyone[rows] = 0.0
    return security_dependence(own, bond.ties, ties[rows].astype(float) @ everyone)


def replacement_outlay(dependence: float, military_outlay: float, output: float) -> float:
    """Yearly outlay that would replace the patron's share, per cent of output: Dep / (1 − Dep) · milex / GDP.

    At the price that the state pays for its own capability now. military_outlay and output in one unit.
    """
    return 100 * dependence / (1 - dependence) * military_outlay / output if dependence < 1 else float("inf")


def readings(bond: Bond) -> pd.DataFrame:
    """A row for each of the two allies: dependence by capability and by output, outlay to replace the patron, % of GDP.

    The outlay needs prices, so it stands for 2010 to 2019 and for 2022, see `year_of_output`; NaN before.
    """
    year = year_of_output(bond.year)
    by_output = output_dependence(bond)
    rows = []
    for i, state in enumerate(bond.states[1:], 1):
        dependence = float(bond.dependence[i, 0])
        outlay = r.value("capabilities", "milex", state, year) / 1000  # million
        output = output_of(state, year) * (1.0 if year == LATER else PRICES.get(year, float("nan")))
        rows.append((state, dependence, float(by_output[i, 0]), replacement_outlay(dependence, outlay, output), year))
    return pd.DataFrame(rows, columns=["state", "by capability", "by output", "outlay to replace, % of GDP", "year"])


def who_depends_more(table: pd.DataFrame) -> str | None:
    """The state that depends more on every reading by shares, None where they disagree or lie within APART."""
    by: Mapping[str, list[float]] = {name: table[name].tolist() for name in ("by capability", "by output")}
    gaps = [first - second for first, second in by.values() if first == first and second == second]
    if gaps and all(gap > APART for gap in gaps):
        return str(table["state"].iloc[0])
    return str(table["state"].iloc[1]) if gaps and all(gap < -APART for gap in gaps) else None
