"""What a row of the World holds beyond those that are named: trade without a supplier."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np
import pandas as pd

from geoecon import countries, tables
from geoecon.figure import number
from geoecon.flows import engine, world_row
from geoecon.flows.coverage import Item, dollars

if TYPE_CHECKING:
    from geoecon.kinds import Frame


REST = "ROW"  # the supplier of what no row names: in the total, in nobody's share

MARKET = ["period", "importer", "product"]


def of_totals(
    rows: Frame, places: Mapping[str, countries.Place], codes: Mapping[str, tuple[str, str, bool]]
) -> tuple[pd.DataFrame, list[Item]]:
    """By market (period, importer, product) the USD that no supplier is named for, and the lines of the report.

    A group of which a member stands beside it is outside the sum of countries. A market that names no supplier at all
    is left as it is.
    """
    sorts: dict[str, list[str]] = {}
    for text, place in places.items():
        sorts.setdefault("world" if place.iso3 == "WLD" else place.kind, []).append(text)
    found = _summed(rows, places, codes, sorts)
    if not len(found):
        return found[MARKET].assign(value_usd=0.0), []
    found["world"] = found[[f"world {text}" for text in sorts["world"]]].max(axis=1)
    apart = found["world"] - found["partners"]
    own = np.where(
        apart - found["own"] > -world_row.ROUNDING * found["world"], found["own"], 0.0
    )  # a World that has it, or not
    found["difference"] = np.where(found["world"] > 0, apart - own, 0.0)
    loose = found["difference"].abs() > world_row.ROUNDING * found["world"]
    found["value_usd"] = np.where(loose, found["difference"].clip(lower=0.0), 0.0)
    return found.loc[found["value_usd"] > 0, [*MARKET, "value_usd"]], _told(found[loose])


def of_groups(
    rows: Frame, places: Mapping[str, countries.Place], codes: Mapping[str, tuple[str, str, bool]]
) -> list[Item]:
    """By market what groups of suppliers have beyond their members beside them, and how much lower shares may be.

    Of groups with a common member only the one with the largest rest counts. Any supplier may be a member of a group
    that we do not know, so that what it has beyond all of them is the least that stands in no share.
    """
    anybody = frozenset(place.iso3 for place in places.values() if place.kind != "aggregate")
    inside = {text: countries.parts(place.iso3) or anybody
              for text, place in places.items() if place.kind == "aggregate" and place.iso3 != "WLD"}  # fmt: skip
    own = {text: [one for one, place in places.items() if place.kind != "aggregate" and place.iso3 in group]
           for text, group in inside.items()}  # fmt: skip
    pairs = [(text, own[text]) for text in inside if own[text]]
    if not pairs:
        return []
    value, seller = nw.col("value_usd"), nw.col("exporter")
    tests = {f"whole {text}": seller == text for text, _ in pairs}
    tests |= {f"own {text}": seller.is_in(members) for text, members in pairs}
    tests["total"] = seller.is_in([text for text, place in places.items() if place.iso3 == "WLD"])
    tests["named"] = ~seller.is_in([text for text, place in places.items() if place.kind in ("aggregate", "unknown")])
    sums = [nw.when(test).then(value).otherwise(0.0).alias(name) for name, test in tests.items()]
    buyers = ~nw.col("importer").is_in([text for text, place in places.items() if place.kind == "aggregate"])
    found = _by_market(rows.filter(buyers).select(*MARKET, *sums), list(tests), places, codes)
    found = found[(found["total"] == 0) & (found["named"] > 0)].reset_index(drop=True)
    rest = np.zeros(len(found))
    groups = [text for text, _ in pairs]
    beyond = np.column_stack([found[f"whole {text}"] - found[f"own {text}"] for text in groups])
    beyond[beyond <= world_row.ROUNDING * found[[f"whole {text}" for text in groups]].to_numpy()] = 0.0
    for k in np.flatnonzero(beyond.any(axis=1)):
        taken: frozenset[str] = frozenset()
        for n in np.argsort(-beyond[k], kind="stable"):
            if not taken & inside[groups[n]]:
                rest[k] += beyond[k, n]
                taken |= inside[groups[n]] if beyond[k, n] > 0 else frozenset()
    loose = found.assign(rest=rest)[rest > 0].sort_values("rest", ascending=False)
    notes = [Item("group of countries", 0, 0.0, _lower(row)) for row in tables.records(loose.head(5))]
    more = f"and {len(loose) - 5} more markets whose shares may be lower"
    return notes + ([Item("group of countries", 0, 0.0, more)] if len(loose) > 5 else [])


def _lower(row: Mapping[str, Any]) -> str:
    """The band of a market's shares: as told where the rest is left out, less with it."""
    with_it = row["named"] / (row["named"] + row["rest"])
    market = f"{row['product']}, {row['importer']} {row['period']}"
    share = f"a supplier's share is {number(100 * with_it)} % of what is told"
    return f"{market}: {dollars(row['rest'])} USD of groups beyond their members are in no share; counted, {share}"


def _by_market(
    totals: Frame, names: list[str], places: Mapping[str, countries.Place],
    codes: Mapping[str, tuple[str, str, bool]],
) -> pd.DataFrame:  # fmt: skip
    """Sums by market in ISO3 codes and kept product codes."""
    found = engine.collect(totals.group_by(*MARKET).agg(*(nw.col(name).sum() for name in names)))
    return _placed(found, names, places, codes)


def _placed(
    found: pd.DataFrame, names: list[str], places: Mapping[str, countries.Place],
    codes: Mapping[str, tuple[str, str, bool]],
) -> pd.DataFrame:  # fmt: skip
    found["importer"] = found["importer"].map({text: place.iso3 for text, place in places.items()})
    found["product"] = found["product"].map({text: code for text, (code, _, _) in codes.items()})
    return found.groupby(MARKET, as_index=False)[names].sum()


def added(frame: Frame, rest: pd.DataFrame, *, twice: bool) -> Frame:
    """The rows with those of nobody below; `twice` says that some stand there already, to be added up."""
    from geoecon.flows.flows import summed

    names = list(frame.collect_schema().names())
    few = rest.assign(exporter=REST, tonnes=np.nan).astype({"value_usd": float, "tonnes": float})
    kinds = frame.collect_schema()
    empty = {name: nw.lit(None, kinds[name]) for name in names if name not in few.columns or name == "tonnes"}
    lazy = engine.beside(frame, few).with_columns(**empty)
    both = nw.concat([frame, lazy.select(*names)], how="vertical")
    return summed(both) if twice else both


def _summed(
    rows: Frame, places: Mapping[str, countries.Place], codes: Mapping[str, tuple[str, str, bool]],
    sorts: Mapping[str, list[str]],
) -> pd.DataFrame:  # fmt: skip
    """USD by market: of each World row, of all suppliers, of the country itself."""
    value, seller = nw.col("value_usd"), nw.col("exporter")
    worlds = sorts.get("world", [])
    if not worlds:
        return pd.DataFrame(columns=[*MARKET, "value_usd"])
    out = [*worlds, *sorts.get("aggregate", []), *sorts.get("unknown", [])]
    tests = {f"world {text}": seller == text for text in worlds}
    tests["named"] = ~seller.is_in(out)
    tests["vague"] = seller.is_in(sorts.get("unspecified", []))
    sums = [nw.when(test).then(value).otherwise(0.0).alias(name) for name, test in tests.items()]
    market = rows.filter(~nw.col("importer").is_in(out))
    selves = [(a, b) for a, one in places.items() for b, two in places.items()
              if one.iso3 == two.iso3 and one.kind == "country"]  # fmt: skip
    own = pd.DataFrame(selves, columns=["exporter", "importer"])
    within = market.join(engine.beside(rows, own), on=["exporter", "importer"], how="inner") if len(own) else None
    totals = market.select(*MARKET, *sums).group_by(*MARKET)
    found = engine.collect(totals.agg(*(nw.col(name).sum() for name in tests)))
    if within is not None:
        home = engine.collect(within.group_by(*MARKET).agg(value.sum().alias("own")))
        found = found.merge(home, on=MARKET, how="left")
    found = found.reindex(columns=[*MARKET, *tests, "own"]).fillna(dict.fromkeys([*tests, "own"], 0.0))
    found = _placed(found, [*tests, "own"], places, codes)
    found["partners"] = found["named"] - found["own"]
    return found[found["partners"] > 0].reset_index(drop=True)


def _told(found: pd.DataFrame) -> list[Item]:
    """A line for each market whose World row is not its partners' sum, the largest difference first."""
    if not len(found):
        return []
    told = found.assign(flow="imports", reporter=found["importer"])
    told = told.loc[told["difference"].abs().sort_values(ascending=False).index]
    notes = [Item("World row", 0, 0.0, world_row.leftover(row, "gross")) for row in tables.records(told.head(5))]
    return notes + ([Item("World row", 0, 0.0, f"and {len(told) - 5} more markets")] if len(told) > 5 else [])
