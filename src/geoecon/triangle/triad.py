"""One triad in one year: every measure of the alliance page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from geoecon.errors import InputError
from geoecon.triangle import measures as m
from geoecon.triangle import records as r
from geoecon.triangle.bond import Bond, bond_of, drawdown_of

CARRIED = ("security_dependence", "net_patronage", "defence_pact", "abandonment", "entrapment", "friction",
           "shared_abandonment", "degree_centralisation", "regional_spoke", "regional_betweenness", "regional_allies",
           "S_all", "pi_all", "kappa_all")  # fmt: skip


@dataclass(frozen=True)
class Triad:
    """Every measure of a triad in a year. `values[measure, who]`; NaN where the records lack it."""

    states: tuple[str, str, str]
    year: int
    values: Mapping[tuple[str, str], float]
    bond: Bond | None

    def __getitem__(self, key: tuple[str, str]) -> float:
        return self.values[key]

    @property
    def patron(self) -> str | None:
        """The state on which the others depend most on balance; None where no pact binds any of the three."""
        net = {state: self.values.get(("net_patronage", state), float("nan")) for state in self.states}
        known = {state: value for state, value in net.items() if value == value}
        return max(known, key=lambda s: known[s]) if known and any(abs(v) > 1e-12 for v in known.values()) else None

    def carried(self, measure: str) -> bool:
        """Whether pacts of 2018 were carried forward for it."""
        return self.year > r.last_pacts() and measure in CARRIED

    def to_frame(self) -> pd.DataFrame:
        return by_year([self])


def by_year(triads: Iterable[Triad]) -> pd.DataFrame:
    """Years of a triad in one table: year, measure, who, value, carried; no row where the records lack a value."""
    rows = [
        (one.year, *key, value, one.carried(key[0]))
        for one in triads
        for key, value in one.values.items()
        if value == value
    ]
    return pd.DataFrame(rows, columns=["year", "measure", "who", "value", "carried"])


def triad(
    patron: str, senior: str, junior: str, year: int, ties: Mapping[tuple[str, str], float] | None = None
) -> Triad:
    """All measures of three states in a year, in the roles given; `Triad.patron` is the patron that the records find.

    `ties` overrides pacts between two of the three: {("USA", "ISR"): 1}. Raises MissingData for an unknown state and
    InputError for a year outside 1950 to 2024 or a state given twice.
    """
    states = (patron, senior, junior)
    _check(states, year)
    values: dict[tuple[str, str], float] = {}
    bond = bond_of(states, year, ties or {})
    if bond is not None:
        _capability(values, bond)
        _security(values, bond)
    _economy(values, states, year)
    _presence(values, states, year)
    _alignment(values, states, year)
    _pacts(values, states, year, bond)
    _behaviour(values, states, year)
    return Triad(states, year, values, bond)


def _check(states: tuple[str, str, str], year: int) -> None:
    for state in states:
        r.codes(state)
    if len(set(states)) < 3:
        raise InputError(f"states {', '.join(states)}; allowed: three different states")
    if not r.FIRST <= year <= r.last_year():
        raise InputError(f"year {year}; allowed: {r.FIRST} to {r.last_year()}")


def _capability(values: dict[tuple[str, str], float], bond: Bond) -> None:
    if np.isnan(bond.power).any():
        return
    p, s, t = bond.states
    shares = bond.power / bond.power.sum()
    values |= {("cap_share", state): float(share) for state, share in zip(bond.states, shares, strict=True)}
    values["concentration", "triad"] = m.concentration(bond.power)
    values["patron_preponderance", p] = m.preponderance(bond.power[0], bond.power[1] + bond.power[2])
    values["cap_asymmetry", f"{s}>{t}"] = m.asymmetry(bond.power[1], bond.power[2])
    values["seniority_cinc", f"{s}|{s}+{t}"] = bond.power[1] / (bond.power[1] + bond.power[2])


def _security(values: dict[tuple[str, str], float], bond: Bond) -> None:
    for i, first in enumerate(bond.states):
        values["net_patronage", first] = float(bond.net_patronage[i])
        for j, second in enumerate(bond.states):
            if i != j:
                values["security_dependence", f"{first}->{second}"] = float(bond.dependence[i, j])
    for i in (1, 2):
        state = bond.states[i]
        values["drawdown_pressure", state] = float(bond.dependence[i, 0] * bond.drawdown[i])
        values["divergence", f"{state}-{bond.states[0]}"] = float(bond.divergence[0, i])
        values["abandonment", state] = float(bond.abandonment[0, i])
        values["entrapment", state] = float(bond.entrapment[0, i])
    values["friction", "triad"] = float(bond.friction[0])
    # missing where one fear is unknown
    values["shared_abandonment", "triad"] = float(np.min(bond.abandonment[0, 1:]))


def _economy(values: dict[tuple[str, str], float], states: tuple[str, str, str], year: int) -> None:
    _, s, t = states
    gdp = np.array([r.value("gdp", "pwtrgdp", state, year) for state in states])
    trade = np.array([_total(state, year)[0] + _total(state, year)[1] for state in states])
    pair = f"{s}|{s}+{t}"
    values |= {("gdp_share", state): float(share) for state, share in zip(states, gdp / gdp.sum(), strict=True)}
    values["gdp_asymmetry", f"{s}>{t}"] = m.asymmetry(gdp[1], gdp[2])
    values["seniority_gdp", pair] = float(gdp[1] / (gdp[1] + gdp[2]))
    values["seniority_trade", pair] = float(trade[1] / (trade[1] + trade[2]))
    parts = [values.get((f"seniority_{kind}", pair), np.nan) for kind in ("cinc", "gdp", "trade")]
    values["seniority", pair] = float(np.mean(parts))
    for first in states:
        for second in states:
            if first != second:
                bought, sold = r.imports(first, second, year), r.imports(second, first, year)
                all_bought, all_sold = _total(first, year)
                who = f"{first}->{second}"
                values["trade_share", who] = _part(bought + sold, all_bought + all_sold)
                values["import_share", who] = _part(bought, all_bought)
    values["trade_asymmetry", f"{t}>{s}"] = m.asymmetry(
        values["trade_share", f"{t}->{s}"], values["trade_share", f"{s}->{t}"]
    )


def _part(flow: float, total: float) -> float:
    """A share; missing where the records give a pair more than the state's whole trade (Poland 1962 and 1963)."""
    return flow / total if flow <= total else float("nan")


def _total(state: str, year: int) -> tuple[float, float]:
    """(imports, exports) of a state, million current USD; zero trade is no trade record."""
    both = r.value("trade_national", "imports", state, year), r.value("trade_national", "exports", state, year)
    return both if all(value > 0 for value in both) else (float("nan"), float("nan"))


def _presence(values: dict[tuple[str, str], float], states: tuple[str, str, str], year: int) -> None:
    for state in states[1:] if states[0] == "USA" else ():
        troops = r.value("us_troops", "troops", state, year)
        own = r.value("capabilities", "milper", state, year) * 1000
        values["troops", state] = troops
        values["troop_presence", state] = troops / (troops + own) if troops + own > 0 else float("nan")
        values["drawdown", state] = drawdown_of(states, state, year) if troops == troops else float("nan")


def _alignment(values: dict[tuple[str, str], float], states: tuple[str, str, str], year: int) -> None:
    for i, j in ((0, 1), (0, 2), (1, 2)):
        first, second = states[i], states[j]
        who = f"{first}-{second}"
        a, b = (r.value("ideal_points", "ideal_point", state, year) for state in (first, second))
        values["ideal_distance", who] = abs(a - b)
        x, y = r.common_votes(first, second, year)
        values |= _named("un", who, m.similarity(x, y, reach=2.0))


def _named(of: str, who: str, found: tuple[float, float, float]) -> dict[tuple[str, str], float]:
    return {(f"{name}_{of}", who): value for name, value in zip(("S", "pi", "kappa"), found, strict=True)}


def _pacts(values: dict[tuple[str, str], float], states: tuple[str, str, str], year: int, bond: Bond | None) -> None:
    if bond is None:
        return
    place, ties, power = r.pacts(year)
    power = power if year <= r.last_power() else np.zeros(len(power))
    for i, j in ((0, 1), (0, 2), (1, 2)):
        first, second = place[r.code(states[i], year)], place[r.code(states[j], year)]
        third = np.setdiff1d(np.flatnonzero(~np.isnan(power)), [first, second])
        who = f"{states[i]}-{states[j]}"
        values["defence_pact", who] = float(bond.ties[i, j])
        values |= _named("all", who, m.similarity(ties[first][third], ties[second][third], reach=1.0))
    values["degree_centralisation", "triad"] = bond.degree_centralisation
    values["regional_allies", states[0]] = float(bond.region_ties[0].sum())
    values["regional_spoke", states[0]] = bond.regional_spoke
    values["regional_betweenness", states[0]] = m.betweenness(bond.region_ties, 0)


def _behaviour(values: dict[tuple[str, str], float], states: tuple[str, str, str], year: int) -> None:
    """Exercises in the ten years that end with this one; the records run from 1980 to 2010."""
    if not 1989 <= year <= 2010:
        return
    found = r.exercises(states, year - 9, year)
    values["spoke_exercises", "triad"] = m.spoke_exercises(found["PS"], found["PT"], found["ST"])
    values["trilateral_share", "triad"] = m.trilateral_share(found["PS"], found["PT"], found["PST"])
