"""What trade alone cannot tell and the user brings: production, recycling, stocks, an input-output table."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoecon import countries, tables
from geoecon.errors import Fault, InputError
from geoecon.flows import products
from geoecon.indicators import risk, small_files
from geoecon.indicators.measure import Options

PRODUCTION = {
    "country": tables.text, "product": tables.text, "production": tables.at_least_zero.optional(),
    "recycling": tables.share.optional().if_present(),
}  # fmt: skip
STOCKS = {
    "country": tables.text, "product": tables.text, "days": tables.at_least_zero.optional().if_present(),
    "stock_usd": tables.at_least_zero.optional().if_present(), "use_usd": tables.at_least_zero.optional().if_present(),
}  # fmt: skip
CONCORDANCE = {"product": tables.text, "sector": tables.text}


class Sales(Protocol):
    """What is read of an input-output table: sizes by (region, sector), `L` the Leontief inverse."""

    @property
    def regions(self) -> tuple[str, ...]: ...
    @property
    def sectors(self) -> tuple[str, ...]: ...
    @property
    def x(self) -> NDArray[np.float64]: ...
    @property
    def L(self) -> NDArray[np.float64]: ...


Small = pd.DataFrame | str | Path  # a table of the user's: a frame or a CSV
WANTS = {
    "nir": "needs home production of the importer (production=)",
    "supply_risk": "needs production of every country and the share recycled (production=)",
    "fir": "needs an input-output table (table=)",
    "cover_days": "needs stocks (stocks=)",
    "persistence": "needs a preset that asks for several years",
}


def columns(
    production: Small | None,
    stocks: Small | None,
    table: Sales | None,
    concordance: Small | Mapping[str, str] | None,
    risks: Mapping[str, float],
) -> tuple[dict[str, pd.DataFrame], dict[str, str], tuple[str, ...]]:
    """(columns by name, each a table with its keys; sector of each product or beginning of one; how they were read)."""
    found: dict[str, pd.DataFrame] = {}
    told: list[str] = []
    if production is not None:
        made = _checked(production, PRODUCTION, "production", told)
        found["production"] = made[["importer", "product", "production"]]
        found["world_risk"] = risk.of_world(made, risks)
        if "recycling" in made:
            known = made.dropna(subset=["recycling"]).astype({"recycling": float})
            found["recycling"] = known.groupby("product")["recycling"].max().reset_index()
    if stocks is not None:
        kept = _checked(stocks, STOCKS, "stocks", told)
        names = {"days": "cover_days", "stock_usd": "stock_usd", "use_usd": "use_usd"}
        found |= {ours: kept.rename(columns={name: ours})[["importer", "product", ours]]
                  for name, ours in names.items() if name in kept}  # fmt: skip
        if not {"cover_days", "stock_usd"} & set(found):
            raise InputError("stocks: no column days or stock_usd; allowed: " + ", ".join(STOCKS))
    sectors = _sectors(concordance)
    if table is not None:
        found["fir"] = reliance(table, sectors)
    elif sectors:
        raise InputError("concordance without a table; allowed: table= an input-output table of geoecon.production")
    return found, sectors, tuple(told)


def lacking(options: Options) -> dict[str, str]:
    """Indicator → why it is empty in every row; trade that is not the world's is another reason."""
    have = {"nir": {"production"}, "supply_risk": {"production", "recycling"}, "fir": {"fir"}}
    found = {name: WANTS[name] for name, needed in have.items() if not needed <= set(options.given)}
    if not {"cover_days", "stock_usd"} & set(options.given):
        found["cover_days"] = WANTS["cover_days"]
    if options.years == 1:
        found["persistence"] = WANTS["persistence"]
    return found


def told_of(table: Sales | None) -> tuple[str, ...]:
    """What a reader must know of an input-output table: what its checks found."""
    return tuple(f"table: {one}" for one in getattr(table, "caveats", ()))


def unmet(found: pd.DataFrame, options: Options) -> dict[str, str]:
    """Indicator → why it is empty in every row that is shown although the user brought what it needs."""
    told = {}
    for name, (given, argument) in NEEDS.items():
        if given not in options.given or name not in found or not len(found) or found[name].notna().any():
            continue
        table = options.given[given]
        if name == "fir" and len(found[["importer", "exporter"]].merge(table[["importer", "exporter"]])):
            told[name] = "no sector of the product, no output of the importer, or a purchase above it or below zero"
            continue
        keys = [key for key in ("importer", "exporter", "product") if key in table]
        has = {key: ", ".join(sorted(set(table[key].dropna().astype(str)))[:8]) for key in keys}
        told[name] = f"nothing of {argument} fits the rows shown; it has " + "; ".join(
            f"{'importer or supplier' if name == 'fir' else 'country' if key == 'importer' else key} {words}"
            for key, words in has.items() if not (name == "fir" and key == "exporter"))  # fmt: skip
        if name in ("nir", "supply_risk") and not options.world:
            told[name] = "needs all trade of the world in the table (scope='world' where it holds that)"
    return told


NEEDS = {"nir": ("production", "production="), "supply_risk": ("recycling", "production="), "fir": ("fir", "table="),
         "cover_days": ("cover_days", "stocks=")}  # fmt: skip


def _checked(source: Small, rules: Mapping[str, tables.Rule], name: str, told: list[str]) -> pd.DataFrame:
    """A small table from a file or pandas with ISO3 codes in `importer`; `told` gets how it was read.

    Raises InputError with every bad cell.
    """
    lines: Sequence[int] = ()
    if isinstance(source, pd.DataFrame):
        rows = list(csv.reader(io.StringIO(source.to_csv(index=False), newline="")))
    else:
        name = Path(source).name
        rows, lines, changed = small_files.parsed(Path(source), rules)
        told += changed
    content, said = small_files.headed(rows, rules)
    told += [f"{name}: {one}" for one in said]
    try:
        frame = tables.parse_table(content, rules, name)
    except InputError as error:
        raise InputError([_placed(fault, lines) for fault in error.faults]) from None
    if lines:
        frame = frame.assign(line=[lines[line - 1] for line in frame["line"]])
    faults: list[Fault] = []
    cells: dict[str, list[str]] = {"importer": [], "product": []}
    seen: set[tuple[str, str]] = set()
    for line, country, product in zip(frame["line"], frame["country"], frame["product"], strict=True):
        place = countries.resolve_all([country])[country]
        if isinstance(place, InputError):
            wrong, _, allowed = str(place).partition("; allowed: ")
            faults.append(Fault(name, line, "country", wrong, allowed))
        iso3 = country if isinstance(place, InputError) else place.iso3
        code = products.normalise(product)
        if code.problem:
            faults.append(Fault(name, line, "product", f"{product}: {code.problem}", products.ALLOWED))
        if (iso3, code.text) in seen:
            faults.append(Fault(name, line, None, f"{iso3} {code.text} stands twice", "each country and product once"))
        seen.add((iso3, code.text))
        cells["importer"].append(iso3)
        cells["product"].append(code.text)
    if faults:
        raise InputError(faults)
    return frame.assign(**cells)


def _placed(fault: Fault | str, lines: Sequence[int]) -> Fault | str:
    """A fault with the line of the file itself."""
    if not isinstance(fault, Fault) or fault.row is None or not 0 < fault.row <= len(lines):
        return fault
    return replace(fault, row=lines[fault.row - 1])


def _sectors(source: Small | Mapping[str, str] | None) -> dict[str, str]:
    """Product, or the beginning of one → sector, from a mapping, a CSV (product, sector) or such a table."""
    if source is None:
        return {}
    if isinstance(source, Mapping):
        return {str(product): str(sector) for product, sector in source.items()}
    frame = source if isinstance(source, pd.DataFrame) else tables.read_table(Path(source), CONCORDANCE)
    return dict(zip(frame["product"].astype(str), frame["sector"].astype(str), strict=True))


def reliance(table: Sales, sectors: Mapping[str, str]) -> pd.DataFrame:
    """`fir` by importer and exporter, and by sector of the exporter where products have one.

    The supplier's gross production behind a unit of the importer's output, Σ (L − I) weighted by output, as in
    `geoecon.production.look_through`. `table` has regions, sectors, output x (n,) and the Leontief inverse L (n, n).
    """
    lacks = [name for name in ("regions", "sectors", "x", "L") if not hasattr(table, name)]
    if lacks:
        raise InputError(
            f"table of type {type(table).__name__}; allowed: an input-output table (production.read_table)"
        )
    unknown = sorted(set(sectors.values()) - set(table.sectors))
    if unknown:
        raise InputError(f"concordance: sectors {', '.join(unknown)}; allowed: " + ", ".join(table.sectors))
    places = countries.resolve_all(table.regions)
    codes = [getattr(places[name], "iso3", name) for name in table.regions]
    regions, count = len(table.regions), len(table.sectors)
    made = np.where(getattr(table, "produces", True), table.x, 0.0)  # a placeholder is no output
    weight = np.zeros((regions * count, regions))
    for k in range(regions):
        own = made[k * count : (k + 1) * count]
        weight[k * count : (k + 1) * count, k] = own / own.sum() if own.sum() > 0 else np.nan
    behind = (np.nan_to_num(table.L) - np.eye(len(weight))) @ weight  # (industry, importer)
    for seller, buyer in getattr(table, "impossible", ()):
        behind[seller, buyer // count] = np.nan
    where = pd.MultiIndex.from_product([codes, table.sectors], names=["exporter", "sector"])
    wide = pd.DataFrame(behind, index=where, columns=pd.Index(codes, name="importer"))
    wide = wide if sectors else wide.groupby("exporter", sort=False).sum(min_count=count)
    return wide.reset_index().melt([n for n in ("exporter", "sector") if n in wide.index.names], value_name="fir")


def sector_of(product: str, sectors: Mapping[str, str]) -> str | None:
    """The sector of the longest beginning of a product code that has one."""
    return next((sectors[product[:k]] for k in range(len(product), 0, -1) if product[:k] in sectors), None)
