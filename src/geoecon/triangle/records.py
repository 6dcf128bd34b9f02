"""The bundled records of states and pairs of states, 1950 to 2025, and how one is looked up.

Compacted from the public data sets in `sources.csv` (capabilities, pacts, votes, ideal points, troops, trade,
exercises); columns not used here were left out, no value was changed. Codes are those of Correlates of War.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import as_file, files
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoecon.errors import InputError, MissingData
from geoecon.files import own_record

Array = NDArray[np.float64]
FIRST, LAST = 1950, 2024
NONE = 0  # no code: the state was none yet
FEWEST_VOTES = 10  # 1964 had a single roll call
REGIONS = {"EUR": ("EUR", "FSU")}  # Europe reaches to the former Soviet Union, not the other way round
DEFENCE = "defense"  # the column's name in the source


@cache
def records(name: str) -> pd.DataFrame:
    """One bundled table, gone on from by the user's newer rows (`newer.update_records`)."""
    with as_file(files("geoecon") / "triangle" / "data" / f"{name}.parquet") as path:
        shipped = pd.read_parquet(path)
    own = own_record(name)
    return shipped if own is None else continued(name, shipped, pd.read_parquet(own))


def continued(name: str, shipped: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    """The bundled rows and newer ones: their years replace those of the same number; a pact that was open at the end of
    the bundled years goes on to the new end, unless the newer rows name its pair."""
    if name != "pacts":
        both = pd.concat([shipped[~shipped["year"].isin(own["year"])], own], ignore_index=True)
        if name == "un_votes":  # a state without a column in one of them did not vote
            both = both.fillna(0).sort_values("year", kind="stable", ignore_index=True)
        return both
    pairs = ["ccode1", "ccode2"]
    named = pd.MultiIndex.from_frame(shipped[pairs]).isin(pd.MultiIndex.from_frame(own[pairs]))
    still = (shipped["end_year"] == shipped["end_year"].max()) & ~named
    ends = shipped["end_year"].where(~still, max(own["end_year"].max(), shipped["end_year"].max()))
    return pd.concat([shipped.assign(end_year=ends), own], ignore_index=True)


@cache
def last_pacts() -> int:
    """The last year of the pact records; later years are carried forward and say so."""
    return int(records("pacts")["end_year"].max())


@cache
def last_year() -> int:
    """The last year of the ideal points: up to it the measures are known."""
    return max(LAST, int(records("ideal_points")["year"].max()))


@cache
def last_power() -> int:
    """The last year of the capabilities."""
    return int(records("capabilities")["year"].max())


@cache
def _spells() -> dict[str, list[tuple[int, int, int]]]:
    """ISO3: (first year, last year, code), the oldest first."""
    found: dict[str, list[tuple[int, int, int]]] = {}
    table = records("states").sort_values("end_year")
    columns = (table[name] for name in ("iso3", "start_year", "end_year", "ccode"))
    for iso3, start, end, number in zip(*columns, strict=True):
        found.setdefault(str(iso3), []).append((int(start), int(end), int(number)))
    return found


@cache
def since(iso3: str) -> int:
    """The first year of a state: Yugoslavia's years are not Serbia's, North Viet Nam's not Viet Nam's."""
    return min(start for start, _, _ in _spells()[iso3])


@cache
def until(iso3: str) -> int:
    """The last year of a state; a year that never comes for one that is there still."""
    last = max(end for spells in _spells().values() for _, end, _ in spells)
    own = max(end for _, end, _ in _spells()[iso3])
    return own if own < last else 9999


def is_state(iso3: str) -> bool:
    """Whether the records have the state."""
    return bool(iso3) and iso3 in _spells()


def every_state() -> tuple[str, ...]:
    """ISO 3166 alpha-3 codes of all states of the records."""
    return tuple(iso3 for iso3 in _spells() if iso3)


@cache
def codes(iso3: str) -> tuple[int, ...]:
    """All codes of a state, the oldest first. Raises MissingData for a name that the records do not have."""
    if not is_state(iso3):
        raise MissingData(f"alliance records: {iso3} is no state of theirs (ISO 3166 alpha-3 codes)")
    return tuple(dict.fromkeys(number for _, _, number in _spells()[iso3]))


@cache
def code(iso3: str, year: int) -> int:
    """The code in a year: West Germany 260 up to 1990, Germany 255 after; `NONE` where the state was none."""
    own = codes(iso3)
    if not since(iso3) <= year <= until(iso3):
        return NONE
    return next((number for _, end, number in _spells()[iso3] if year <= end), own[-1])


@cache
def _numbers(iso3: str, year: int) -> tuple[int, ...]:
    """The codes under which a state may stand in a year, the likeliest first."""
    own = code(iso3, year)
    return () if own == NONE else tuple(dict.fromkeys((own, *codes(iso3))))


@cache
def region(iso3: str) -> tuple[str, ...]:
    """The areas that count as a state's region."""
    table = records("states")
    own = str(table.loc[table["iso3"] == iso3, "region"].iloc[-1])
    return REGIONS.get(own, (own,))


@cache
def numbers_in(areas: frozenset[str]) -> tuple[int, ...]:
    """The codes of all states that ever stood in some areas."""
    table = records("states")
    return tuple(int(number) for number in table.loc[table["region"].isin(areas), "ccode"].unique())


@cache
def _lookup(name: str, column: str) -> dict[tuple[int, int], float]:
    states, years, values = (part.tolist() for part in _columns(name, "ccode", "year", column))
    return {(state, year): float(cell) for state, year, cell in zip(states, years, values, strict=True) if cell == cell}


def value(name: str, column: str, iso3: str, year: int) -> float:
    """One cell, NaN where unknown. Falls back on another code of the same state (Germany's trade stands under 255)."""
    found = _lookup(name, column)
    for number in _numbers(iso3, year):
        if (number, year) in found:
            return found[number, year]
    return float("nan")


@cache
def pacts(year: int) -> tuple[dict[int, int], NDArray[np.bool_], NDArray[np.float64]]:
    """(position of each state, defence pacts (n, n), capability (n,)) of the states of a year.

    States are those with capabilities in the year (or in the last one known) or with a defence pact. Pacts after
    the last year of the records are those of that year, an unknown capability is NaN.
    """
    years, numbers, shares = _columns("capabilities", "year", "ccode", "cinc")
    mine = years == min(year, last_power())
    one, other = _live(year)
    every = dict.fromkeys([*numbers[mine].tolist(), *one.tolist(), *other.tolist()])
    place = {int(number): position for position, number in enumerate(every)}
    power = np.full(len(place), np.nan)
    if year <= last_power():
        power[: mine.sum()] = shares[mine]
    ties = np.zeros((len(place), len(place)), dtype=bool)
    first, second = ([place[number] for number in side.tolist()] for side in (one, other))
    ties[first, second] = ties[second, first] = True
    return place, ties, power


@cache
def _columns(name: str, *columns: str) -> tuple[Array, ...]:
    """Columns of a table as arrays."""
    return tuple(records(name)[column].to_numpy() for column in columns)


def _live(year: int) -> tuple[Array, Array]:
    """Both sides of the defence pacts of a year."""
    first, second, start, end, defence = _columns("pacts", "ccode1", "ccode2", "start_year", "end_year", DEFENCE)
    when = min(year, last_pacts())
    live = (start <= when) & (end >= when) & (defence == 1)
    return first[live], second[live]


@cache
def _trade() -> tuple[NDArray[np.int64], Array, Array]:
    """(sorted keys of pair and year, imports of the lower code, imports of the higher code)."""
    table = records("trade_dyads")
    first, second, year = (table[c].to_numpy(np.int64) for c in ("ccode1", "ccode2", "year"))
    keys = (first * 1000 + second) * 10_000 + year
    if (np.diff(keys) <= 0).any():
        raise InputError("trade_dyads.parquet: pairs and years are not in order")
    return keys, table["imports1_from2"].to_numpy(float), table["imports2_from1"].to_numpy(float)


def imports(importer: str, exporter: str, year: int) -> float:
    """Imports of one state from another, million current USD; NaN where not recorded."""
    keys, lower, higher = _trade()
    for a in _numbers(importer, year):
        for b in _numbers(exporter, year):
            key = (min(a, b) * 1000 + max(a, b)) * 10_000 + year
            at = int(np.searchsorted(keys, key))
            if at < len(keys) and keys[at] == key:
                return float(lower[at] if a < b else higher[at])
    return float("nan")


@cache
def _votes_by_year() -> dict[int, slice]:
    years = records("un_votes")["year"].to_numpy()
    if (np.diff(years) < 0).any():
        raise InputError("un_votes.parquet: years are not in order")
    return {int(y): slice(*np.searchsorted(years, [y, y + 1])) for y in np.unique(years)}


def common_votes(first: str, second: str, year: int) -> tuple[Array, Array]:
    """Positions of two states on the roll calls in which both voted: no 1, abstain 2, yes 3.

    Empty with fewer than ten of them.
    """
    rows = _votes_by_year().get(year)
    table = records("un_votes")
    columns = [str(code(state, year)) for state in (first, second)]
    if rows is None or not set(columns) <= set(table.columns):
        return np.zeros(0), np.zeros(0)
    x, y = (table[column].to_numpy()[rows].astype(float) for column in columns)
    both = (x > 0) & (y > 0)
    return (x[both], y[both]) if both.sum() >= FEWEST_VOTES else (np.zeros(0), np.zeros(0))


@cache
def widest_gap(patron: str, year: int) -> float:
    """The largest distance of any state's ideal point from the patron's in a year."""
    table = records("ideal_points")
    mine = table.loc[table["year"] == year, "ideal_point"]
    own = value("ideal_points", "ideal_point", patron, year)
    return float((mine - own).abs().max()) if len(mine) and own == own else float("nan")


@cache
def exercises(states: tuple[str, ...], first: int, last: int) -> dict[str, int]:
    """Joint exercises in the years first to last of each pair (`PS`, `PT`, `ST`) and of all three (`PST`)."""
    table = records("exercises")
    live = table[table["year"].between(first, last)]
    sets: list[set[Any]] = []
    for state in states:
        mine = live[live["code"].isin(_exercise_codes(state)) & (live["year"] >= since(state))]
        sets.append(set(zip(mine["exercise"], mine["year"], strict=True)))
    p, s, t = sets
    return {"PS": len(p & s), "PT": len(p & t), "ST": len(s & t), "PST": len(p & s & t)}


def _exercise_codes(iso3: str) -> tuple[int, ...]:
    """Gleditsch & Ward codes: Germany stays 260 after unification."""
    return (260,) if iso3 == "DEU" else codes(iso3)
