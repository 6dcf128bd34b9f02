"""Trade rows of a question: the bundled or the user's own trade, else shares of world exports, else of the industry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import pandas as pd

from geoecon import countries, tables
from geoecon.errors import InputError, MissingData
from geoecon.figure import STATUS
from geoecon.flows import raw_materials
from geoecon.lexicon import Good, Place
from geoecon.questions.industry import imports_of_industry, world_imports
from geoecon.questions.shipped_pairs import in_a_case
from geoecon.spoken import percent

YEARS = 10  # of history before the question's day
COUNTS = 0.01  # of all imports
WORLD = "WLD"
OTHERS = "ROW"
COLUMNS = ("period", "exporter", "importer", "product", "hs", "value_usd", "tonnes", "share", "source_id", "status")
RULES = {
    "product": tables.identifier,
    "state": tables.identifier,
    "share": tables.share,
    "world_trade_usd_million": tables.at_least_zero,
    "year": tables.identifier,
    "source_id": tables.identifier,
    "status": tables.one_of(*STATUS),
}


@dataclass(frozen=True)
class Rows:
    """Imports of the buyer by origin and year in the columns of trade.csv, and how they came about.

    `share` is the seller's part of the buyer's imports in `year`, `value` of these in USD; `origins` are the other
    sellers, the largest first; `basis` is rows, shares or industry. `none_in` is the last year of the rows where
    nothing was bought in it, and `year` then the last one with trade.
    """

    frame: pd.DataFrame
    share: float
    value: float
    year: str
    origins: tuple[str, ...]
    basis: str
    note: str = ""
    none_in: str = ""
    said: tuple[str, ...] = ()  # of the reader of a file that `geoecon data` remembers


@cache
def bundled_codes() -> frozenset[str]:
    """Customs codes of the trade that ships with the package."""
    return frozenset(raw_materials("2024")["product"])


def codes_held(hs: tuple[str, ...]) -> tuple[str, ...]:
    """Those of a good's codes of which rows ship; none where they are fewer than half: a part is not the good."""
    held = tuple(code for code in hs if code in bundled_codes())
    return held if 2 * len(held) >= len(hs) else ()


def rows_of(
    good: Good,
    seller: Place,
    buyer: Place,
    before: int,
    own: pd.DataFrame | None = None,
    allies: tuple[Place, ...] = (),
) -> Rows:
    """Imports of `buyer` in the last years before `before`; `own` are rows of the user's file in their place.
    `allies` withhold with the seller: the share is theirs together.

    Raises InputError for a pair without trade in trade rows that hold the product, naming who does sell to the buyer.
    """
    if good.is_service:
        return _of_visitors(good, seller, buyer, before)
    flows, codes_of = own, good.hs
    if flows is None and (held := codes_held(good.hs)):
        years = [str(year) for year in range(before - YEARS, before)]
        flows, codes_of = raw_materials(years, importer=buyer.states, product=held), held
    if flows is None:
        return _without_rows(good, (seller, *allies), buyer, before)
    flows = flows[~flows["exporter"].isin(buyer.states)].assign(importer=buyer.code)
    sellers = (seller, *allies)
    for one in sellers:
        flows["exporter"] = flows["exporter"].where(~flows["exporter"].isin(one.states), one.code)
    codes = [one.code for one in sellers]
    if not len(flows):
        raise InputError(
            f"no imports of {good.name} by {buyer.name} in the years before {before}; allowed: another buyer"
        )
    rows, none_in = _since(summed(flows), sellers)
    year = str(rows["period"].max())
    now = rows[rows["period"] == year].sort_values("value_usd", ascending=False)
    total, mine = float(now["value_usd"].sum()), now[now["exporter"].isin(codes)]
    if not len(mine) or not total:
        pairs = [(countries.name(row["exporter"]), row["value_usd"] / total) for row in tables.records(now.head(5))]
        largest = ", ".join(f"{name} ({percent(share)})" for name, share in pairs)
        raise InputError(
            f"{buyer.name} bought no {good.name} from {_named(sellers)} in {year}; allowed: one of its suppliers: "
            f"{largest}{f', or another good ({good.note})' if 'other goods' in good.note else ''}"
        )
    origins = tuple(code for code in now["exporter"] if code not in codes)
    table = table_of(rows, good.id, codes_of)
    left = [code for code in good.hs if code not in codes_of]
    note = f"no rows of HS {', '.join(left)} ship: it is left out of {good.name}" if left else ""
    gone = none_in and (
        f"{buyer.name} bought no {good.name} from {_named(sellers)} in {none_in}: nothing more can be stopped, and the "
        f"answer is about a stop after {year}, the last year with trade"
    )
    return Rows(
        table,
        float(mine["value_usd"].sum()) / total,
        total,
        year,
        origins,
        "rows",
        "; ".join(filter(None, (note, gone))),
        none_in,
    )


def _named(sellers: tuple[Place, ...]) -> str:
    return " and ".join(one.name for one in sellers)


def _since(summed: pd.DataFrame, sellers: tuple[Place, ...]) -> tuple[pd.DataFrame, str]:
    """The rows up to the last year in which the sellers counted; and the last year, where that is a later one."""
    total = summed.groupby("period")["value_usd"].sum()
    mine = summed[summed["exporter"].isin([one.code for one in sellers])].groupby("period")["value_usd"].sum()
    share = (mine / total).dropna()
    last = str(total.index.max())
    counted = share[share >= COUNTS]
    if share.get(last, 0.0) > 0 or not len(counted):
        return summed, ""
    return summed[summed["period"] <= str(counted.index.max())], last


def summed(flows: pd.DataFrame) -> pd.DataFrame:
    """One row a year and origin; tonnes are missing where any part has none."""
    keys = ["period", "exporter", "importer"]
    found = flows.groupby(keys, as_index=False).agg(
        value_usd=("value_usd", "sum"), tonnes=("tonnes", lambda column: column.sum(skipna=False))
    )
    return pd.DataFrame(found)


def table_of(rows: pd.DataFrame, product: str, hs: Sequence[str]) -> pd.DataFrame:
    """Rows of `summed` with the total of all origins and each share, as trade.csv has them."""
    world = rows.groupby(["period", "importer"], as_index=False).agg(
        value_usd=("value_usd", "sum"), tonnes=("tonnes", lambda column: column.sum(skipna=False))
    )
    table = pd.concat([world.assign(exporter=WORLD), rows], ignore_index=True)
    total = table["period"].map(dict(zip(world["period"], world["value_usd"], strict=True)))
    status = "seen" if len(hs) == 1 else "computed"
    table = table.assign(
        product=product, hs=" ".join(hs), share=table["value_usd"] / total, source_id="ask-baci", status=status
    )
    return table.sort_values(["period", "value_usd"], ascending=[True, False], ignore_index=True)[list(COLUMNS)]


@cache
def suppliers() -> pd.DataFrame:
    """Shares of the largest exporters in world trade, for products of which no rows ship."""
    content = (files("geoecon.questions") / "suppliers.csv").read_text(encoding="utf-8")
    return tables.parse_table(content, RULES, "suppliers.csv")


TRAVEL_RULES = {
    "state": tables.identifier,
    "receipts_usd_billion": tables.at_least_zero,
    "spending_usd_billion": tables.at_least_zero,
    "year": tables.identifier,
    "source_id": tables.identifier,
    "status": tables.one_of(*STATUS),
}


@cache
def travel() -> pd.DataFrame:
    """What visitors spend in a country and what its residents spend abroad, by state, from memory."""
    content = (files("geoecon.questions") / "travel.csv").read_text(encoding="utf-8")
    return tables.parse_table(content, TRAVEL_RULES, "travel.csv").set_index("state")


def _of_visitors(good: Good, seller: Place, buyer: Place, before: int) -> Rows:
    """What the buyer's residents spend on travel: the seller's receipts shared out by the spending of all others."""
    known = travel()
    lost = [place.name for place in (seller, buyer) if not set(place.states) <= set(known.index)]
    if lost:
        allowed = "a pair of " + ", ".join(countries.name(code) for code in known.index)
        raise InputError(f"nothing is known of travel to or from {' and '.join(lost)}; allowed: {allowed}")
    spent, earned = known["spending_usd_billion"], known["receipts_usd_billion"]
    mine = spent[list(buyer.states)].sum() * 1e9
    part = mine / 1e9 / spent[~spent.index.isin(seller.states)].sum()
    value = float(min(earned[list(seller.states)].sum() * 1e9 * part, mine))
    note = (
        "what visitors of one country spend in another is a guess: the receipts of 2019 from memory, shared out by the "
        "spending of all others abroad"
    )
    year, taken = _as_of("2019", before)
    rows = [(WORLD, float(mine)), (seller.code, value), (OTHERS, float(mine) - value)]
    frame = pd.DataFrame(
        [(year, code, buyer.code, good.id, good.hs[0], usd, None, usd / mine, "ask-travel", "memory")
         for code, usd in rows], columns=list(COLUMNS),
    )  # fmt: skip
    return Rows(frame, value / float(mine), float(mine), year, (), "shares", note + taken)


def _as_of(year: str, before: int) -> tuple[str, str]:
    """The year as which an estimate is taken, and what has to be said: none is later than the question's day."""
    last = str(before - 1)
    return (year, "") if year <= last else (last, f"; those of {year} stand for {last}, which nobody has here")


def _without_rows(good: Good, sellers: tuple[Place, ...], buyer: Place, before: int) -> Rows:
    """Shares in place of rows: of world exports where we know them, else of the whole industry in the world table."""
    known, seller = suppliers()[suppliers()["product"] == good.id], sellers[0]
    imports = imports_of_industry(good, seller, buyer)
    whole = sum(imports.values())
    none = f"no world trade rows of {good.name} ship with the package{in_a_case(good, sellers[0], buyer)}"
    if whole <= 0:
        raise MissingData(f"trade rows of {good.name}: your own file (geoecon data add FILE)")
    if len(known):
        world = float(known["world_trade_usd_million"].iloc[0]) * 1e6
        total = world * min(1.0, whole / max(world_imports(good), 1e-9))
        shares: dict[str, float] = {}
        for row in tables.records(known):
            code = next((one.code for one in sellers if row["state"] in one.states), row["state"])
            if row["state"] not in buyer.states:
                shares[code] = shares.get(code, 0.0) + float(row["share"])
        scale = max(1.0, sum(shares.values()))
        shares = {code: share / scale for code, share in shares.items()}
        for code in [one.code for one in sellers if one.code not in shares]:
            shares[code] = max(0.0, 1 - sum(shares.values())) * imports.get(code, 0.0) / whole
        basis, year = "shares", str(known["year"].iloc[0])
        note = f"{none}: shares are those of world exports, from memory"
    else:
        total, year, basis = whole * 1e6 * 0.05, "2022", "industry"
        shares = {code: value / whole for code, value in imports.items()}
        note = (
            f"{none}: shares are those of the whole industry ({good.industry}) in the world table, and its size is "
            "a guess"
        )
    year, taken = _as_of(year, before)
    note += f"{taken}; your own BACI file gives the rows of this pair (geoecon data add FILE)"
    mine = {code: shares[code] for code in [one.code for one in sellers] if shares.get(code)}
    if not mine:
        raise InputError(
            f"no trade in {good.name} from {_named(sellers)} to {buyer.name} is known; allowed: a pair with trade, or "
            "your own file (geoecon data add FILE)"
        )
    source = {"shares": "ask-suppliers", "industry": "ask-sector"}[basis]
    largest = sorted(shares.items(), key=lambda pair: (pair[0] not in mine, -pair[1]))[: 12 + len(mine)]
    rest = max(0.0, 1 - sum(share for _, share in largest))
    pairs = [*sorted(largest, key=lambda pair: -pair[1]), *([(OTHERS, rest)] if rest > 1e-9 else [])]
    frame = pd.DataFrame(
        [(year, code, buyer.code, good.id, " ".join(good.hs), total * share, None, share, source, "memory")
         for code, share in [(WORLD, 1.0), *pairs]],
        columns=list(COLUMNS),
    )  # fmt: skip
    origins = tuple(code for code, _ in pairs if code not in (*mine, OTHERS))
    return Rows(frame, sum(mine.values()), total, year, origins, basis, note)
