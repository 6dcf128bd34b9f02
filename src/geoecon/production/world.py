"""The world's input-output table of 2022 that ships with the package, and any dispute's economy cut out of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from importlib.resources import as_file, files
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from geoecon import countries, lexicon
from geoecon.case import Case
from geoecon.errors import InputError, MissingData
from geoecon.figure import cite
from geoecon.files import own_record
from geoecon.production.aggregate import aggregate
from geoecon.production.findings import Array, Finding
from geoecon.production.newer import own_world, update_world
from geoecon.production.standin import nations, with_country
from geoecon.production.table import IOTable, own_economy

FILE = "world_2022.parquet"
PASSES = 12  # of the fit to the margins, which are stored exactly; the cells are stored to 0.1 %
# the industries of the table, merged where a dispute does not need them apart
BROAD: Mapping[str, str] = MappingProxyType(
    {
        "agriculture": "agriculture and food", "food": "agriculture and food",
        "coal": "mining", "oil and gas": "mining", "other mining": "mining",
        "textiles, wood and paper": "textiles, wood, paper and other goods",
        "other manufacturing": "textiles, wood, paper and other goods",
        "refined petroleum": "fuels, chemicals and minerals", "chemicals": "fuels, chemicals and minerals",
        "pharmaceuticals": "fuels, chemicals and minerals",
        "rubber, plastics and minerals": "fuels, chemicals and minerals",
        "iron and steel": "metals", "non-ferrous metals": "metals", "metal products": "metals",
        "electronics": "electrical and optical equipment", "electrical equipment": "electrical and optical equipment",
        "machinery": "machinery and vehicles", "motor vehicles": "machinery and vehicles",
        "other transport equipment": "machinery and vehicles",
        "utilities": "utilities and construction", "construction": "utilities and construction",
        "trade": "trade and transport", "transport": "trade and transport",
        "accommodation and food": "trade and transport",
        "information and communication": "business and public services",
        "finance and business services": "business and public services",
        "public and other services": "business and public services",
    }
)  # fmt: skip
# the same in the names of the shipped cases' tables
OLDER: Mapping[str, str] = MappingProxyType(
    {
        "coal": "mining", "oil and gas": "mining", "other mining": "mining", "pharmaceuticals": "chemicals",
        "iron and steel": "metals", "non-ferrous metals": "metals", "metal products": "metals",
        "electronics": "electrical and optical equipment", "electrical equipment": "electrical and optical equipment",
        "motor vehicles": "transport equipment", "other transport equipment": "transport equipment",
        "utilities": "utilities and construction", "construction": "utilities and construction",
        "trade": "trade and transport", "transport": "trade and transport",
        "accommodation and food": "trade and transport",
        "information and communication": "telecom, finance and business services",
        "finance and business services": "telecom, finance and business services",
    }
)  # fmt: skip


@cache
def world() -> IOTable:
    """World economy of 2022, or the user's newer table in its place (`geoecon data update`).

    80 countries × 27 industries, USD million (2,160 industries), read in about half a second.

    Source: OECD inter-country input-output tables, release 2025, aggregated; cells rounded to steps of 0.2 % and fitted
    to the exact output, purchases and spending. Sales to countries outside the 80 stand inside final demand, purchases
    from them inside value added. Final demand by destination is *computed* (source mix of intermediate use, home bias
    by sector from WIOD 2011): total trade by sector is off by 19 % in such a test, value added and output not at all.
    """
    own = own_record("world")
    if own is not None:
        return own_world(own)
    import pyarrow.parquet as pq

    with as_file(files("geoecon.production") / FILE) as path:
        stored = pq.read_table(path)
    about = {key.decode(): value.decode() for key, value in stored.schema.metadata.items() if key != b"ARROW:schema"}
    regions, sectors = tuple(json.loads(about["regions"])), tuple(json.loads(about["sectors"]))
    n, R = len(regions) * len(sectors), len(regions)
    steps = np.arange(2**16, dtype=float)
    values = float(about["floor_usd_million"]) * np.exp((steps - 1.0) * float(about["step"]))
    values[0] = 0.0
    output = np.array(json.loads(about["output_usd_million"]))
    columns = np.array([*json.loads(about["purchases_usd_million"]), *json.loads(about["spending_usd_million"])])
    cells = _fitted(values[stored["q"].to_numpy().reshape(n, n + R)], output, columns)
    sales = cells.sum(axis=1)  # output but for the last pass, so that every row adds up to the last digit
    return IOTable(
        cells[:, :n], cells[:, n:, None], sales, regions, sectors, year=int(about["year"]), name="world 2022",
        sources=frozenset({cite("world2022")}), apart=MappingProxyType({"status": "computed"}),
    )  # fmt: skip


def renew_world(path: str | Path, year: int | None = None) -> str:
    """Keeps a newer table (`update_world`) as the world of this machine; raises InputError as it does."""
    told = update_world(path, world().sectors, year)
    forget_world()
    return told


def forget_world() -> None:
    """The world table is read anew when next asked for."""
    world.cache_clear()
    _cut.cache_clear()


def _fitted(cells: Array, rows: Array, columns: Array) -> Array:
    """Cells scaled to the margins by turns (RAS, Stone 1961)."""
    for _ in range(PASSES):
        for axis, margin in ((1, rows), (0, columns)):
            total = cells.sum(axis=axis)
            factor = np.divide(margin, total, out=np.zeros_like(margin), where=total > 0)
            cells *= factor[:, None] if axis == 1 else factor
    return cells


def economy(
    of: Case | str,
    target: str | None = None,
    patron: str | None = None,
    others: Iterable[str] = (),
    industries: Mapping[str, str] | Iterable[str] | None = None,
) -> IOTable:
    """The economy of a case (its own `economy.csv`, else one cut out of `world()`), or of states named one by one.

    `economy(sender, target, …)` gives the named states in this order and "ROW", the rest of the world. States are ISO
    3166 alpha-3 codes or codes of groups ("EU27"). One that the table lacks gets an *estimated* stand-in (see
    `geoecon.production.standin`), named in `noted`. `industries`: None keeps all 27, a mapping merges them by name, a
    list keeps those apart and merges the others by `BROAD`. Takes about 0.1 s after the first time.
    Raises InputError for a code that is no country, for a state that stands twice, and for an industry that the table
    lacks; MissingData for a country of which nothing is known.
    """
    if not isinstance(of, str):
        return own_economy(of) if of.has("economy") else _of_case(of)
    if target is None:
        raise InputError("economy of one state; allowed: a case, or sender and target")
    named = [code for code in (of, target, patron, *others) if code]
    faults = [
        f"{code!r} is no country; allowed: an ISO 3166 alpha-3 code or {', '.join(lexicon.groups())}"
        for code in dict.fromkeys(named)
        if not lexicon.members(code) and not (countries.is_known(code) and countries.is_country(code))
    ]
    faults += [
        f"{code} stands twice; allowed: each state once" for code in dict.fromkeys(named) if named.count(code) > 1
    ]
    if faults:
        raise InputError(faults)
    merged = isinstance(industries, Mapping)
    rows = industries.items() if isinstance(industries, Mapping) else industries
    return _cut(tuple(named), None if rows is None else tuple(rows), merged)


@lru_cache(maxsize=12)
def _cut(named: tuple[str, ...], industries: tuple[Any, ...] | None, merged: bool) -> IOTable:
    """The economy of some states, made once: the stages of a case ask for it by turns."""
    table = world()
    for code in named:
        if not lexicon.members(code) and code not in table.regions:
            table = with_country(table, code)
    apart = dict(industries) if industries is not None and merged else industries
    return aggregate(table, _places(table, list(named)), _merged(table.sectors, apart), order=list(named))


def _of_case(case: Case) -> IOTable:
    """The world table of 2022 in place of a case's own: its states of the table, and its industries' names.

    Case.toml's [economy] may keep `industries` apart; without, users and makers decide whether the 27 names or the
    broader ones of the older tables are meant. Raises MissingData for a side of which nothing is known.
    """
    known = [state.code for state in case.states if lexicon.members(state.code) or state.code in nations().index]
    lost = [code for code in (case.sender, case.target) if code not in known]
    if lost:
        raise MissingData(f"economy.csv: {' and '.join(lost)}, of which the world table knows nothing")
    named = {sector for product in case.products for _, sector in (*product.users, *product.makers)}
    industries: Any = case.settings.get("economy", {}).get("industries")
    if industries is None and named & set(OLDER.values()) - set(world().sectors):
        industries = OLDER
    others = [code for code in known if code not in (case.sender, case.target)]
    return economy(case.sender, case.target, None, others, industries)


def _places(table: IOTable, named: list[str]) -> dict[str, str]:
    """Country of the table to region of the economy, named regions first: a named member stays out of its bloc."""
    place = {region: region if region in named else "ROW" for region in table.regions}
    for bloc in named:
        place |= {code: bloc for code in lexicon.members(bloc) if place.get(code) == "ROW"}
    return place


def _merged(sectors: tuple[str, ...], industries: Mapping[str, str] | Iterable[str] | None) -> dict[str, str]:
    if industries is None:
        return {}
    kept = list(industries)
    strange = [name for name in kept if name not in sectors]
    if strange:
        raise InputError([f"industry {name!r}; allowed: " + ", ".join(sectors) for name in strange])
    groups = dict(industries) if isinstance(industries, Mapping) else {name: name for name in kept}
    return {
        name: groups.get(name, name if isinstance(industries, Mapping) else BROAD.get(name, name)) for name in sectors
    }


def estimated(table: IOTable) -> tuple[Finding, ...]:
    """What `table` says about its stand-ins: empty where every region is the table's own."""
    return tuple(finding for finding in table.noted if finding.kind == "estimated")
