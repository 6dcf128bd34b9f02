"""A newer world table of the user in place of the bundled one: merged to its 27 industries and kept on this machine."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType

import numpy as np

from geoecon import countries
from geoecon.errors import InputError
from geoecon.files import file_aside, own_folder
from geoecon.production.aggregate import aggregate
from geoecon.production.findings import Array
from geoecon.production.read import read_table
from geoecon.production.table import IOTable

REST = "ROW"
OFF = 0.01  # of all output: a world table whose sums are off by more is damaged
SHOWN = 5  # industries named in one message
# industries of the OECD's tables (release 2025; older ones merge some) by the longest beginning of their code
CODES: Mapping[str, str] = MappingProxyType(
    {
        "A": "agriculture", "B05": "coal", "B06": "oil and gas", "B05_06": "oil and gas", "B": "other mining",
        "C10": "food", "C13": "textiles, wood and paper", "C16": "textiles, wood and paper",
        "C17": "textiles, wood and paper", "C18": "textiles, wood and paper", "C19": "refined petroleum",
        "C20": "chemicals", "C21": "pharmaceuticals", "C22": "rubber, plastics and minerals",
        "C23": "rubber, plastics and minerals", "C24A": "iron and steel", "C24B": "non-ferrous metals",
        "C25": "metal products", "C26": "electronics", "C27": "electrical equipment", "C28": "machinery",
        "C29": "motor vehicles", "C30": "other transport equipment", "C31": "other manufacturing",
        "C33": "other manufacturing", "D": "utilities", "E": "utilities", "F": "construction", "G": "trade",
        "H": "transport", "I": "accommodation and food", "J": "information and communication",
        "K": "finance and business services", "L": "finance and business services",
        "M": "finance and business services", "N": "finance and business services", "O": "public and other services",
        "P": "public and other services", "Q": "public and other services", "R": "public and other services",
        "S": "public and other services", "T": "public and other services",
    }
)  # fmt: skip


def industry_of(sector: str, names: tuple[str, ...]) -> str | None:
    """The industry of the world table behind a sector: its name, or the longest beginning of its code."""
    if sector in names:
        return sector
    known = [code for code in CODES if sector.upper().startswith(code)]
    return CODES[max(known, key=len)] if known else None


def update_world(path: str | Path, names: tuple[str, ...], year: int | None = None) -> str:
    """Keeps a table of any layout of `read_table` as the world table, and says what it holds.

    Its sectors must be those of the OECD's codes or the 27 `names`; what it sells to regions that are no countries
    stands inside its own final demand, what it buys from them inside value added, as in the bundled one.
    Raises InputError for sectors and regions that are neither, sales below zero between industries, and a table whose
    purchases and value added do not make up its output; nothing is kept then.
    """
    table = read_table(path) if year is None else read_table(path, year=year)
    sectors = {sector: industry_of(sector, names) for sector in table.sectors}
    strange = [sector for sector, industry in sectors.items() if industry is None]
    kept = [code for code in table.regions if countries.is_known(code) and countries.is_country(code)]
    faults = []
    if strange:
        faults.append(
            f"{table.name}: sectors {', '.join(strange[:12])}; allowed: the OECD's codes, or {', '.join(names)}"
        )
    lacking = [name for name in names if name not in sectors.values()]
    if lacking and not strange:
        faults.append(f"{table.name}: no sector of {', '.join(lacking)}; allowed: a table with every one of them")
    if len(kept) < 3:
        found = ", ".join(table.regions[:12])
        faults.append(f"{table.name}: regions {found}; allowed: at least three by ISO 3166 alpha-3 code")
    if table.year is None:
        faults.append(f"{table.name}: the year is not known; allowed: a table that says its year, as 2023_SML.csv")
    faults += _unusable(table, kept)
    if faults:
        raise InputError(faults)
    _write(aggregate(table, None, {name: str(industry) for name, industry in sectors.items()}), kept, names)
    said = f"world table of {table.year}: {len(kept)} countries, {len(names)} industries"
    absent = [finding.where for finding in table.noted if finding.kind == "absent"]
    told = f"; not in it: {', '.join(absent[:SHOWN])}{' …' if absent[SHOWN:] else ''}" if absent else ""
    return f"{said}, output {table.x.sum():,.0f} {table.unit} a year{told}"


def _unusable(table: IOTable, kept: list[str]) -> list[str]:
    """Why nothing may be computed from a table: no output, nothing bought in the end by one of the countries `kept`,
    sales below zero, sums that are not those of its output."""
    if not (table.x > 0).any():
        return [f"{table.name}: no industry has output; allowed: sales in {table.unit}"]
    bought = dict(zip(table.regions, table.final.sum(axis=(0, 2)), strict=True))
    idle = [code for code in kept if bought[code] <= 0]
    faults = [f"{table.name}: no final demand of {', '.join(idle)}; allowed: some of every country"] if idle else []
    faults += [
        f"{table.name}: {table.labels[i]} sells {table.Z[i, j]:g} to {table.labels[j]}; allowed: sales from 0"
        for i, j in np.argwhere(table.Z < 0)[:SHOWN]
    ]
    gap = np.asarray(table.Z.sum(axis=0) + table.value_added + table.taxes - table.x)
    off = float(np.abs(gap).sum() / np.abs(table.x).sum())
    if off > OFF:
        worst = [
            f"{table.labels[k]} {table.x[k] + gap[k]:,.0f} against {table.x[k]:,.0f}"
            for k in np.argsort(-np.abs(gap))[:SHOWN]
            if abs(gap[k]) > OFF * table.x[k]
        ]
        faults.append(f"{table.name}: purchases and value added differ from output by {off:.1%} of it, {table.unit} "
                      f"{'; '.join(worst)}; allowed: a table that adds up to {OFF:.0%}")  # fmt: skip
    return faults


def _write(table: IOTable, kept: list[str], names: tuple[str, ...]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    S = len(table.sectors)
    order = np.array([table.regions.index(code) * S + table.sectors.index(name) for code in kept for name in names])
    at = [table.regions.index(code) for code in kept]
    Z, final = table.Z[np.ix_(order, order)], table.final.sum(axis=2)[order][:, at].copy()
    beyond = table.Z[order].sum(axis=1) - Z.sum(axis=1) + table.final.sum(axis=(1, 2))[order] - final.sum(axis=1)
    final[np.arange(len(order)), np.repeat(np.arange(len(kept)), len(names))] += beyond
    cells = pa.array(np.hstack([Z, final]).ravel())
    about = {"regions": json.dumps(kept), "sectors": json.dumps(list(names)), "year": str(table.year),
             "name": table.name, "added": date.today().isoformat()}  # fmt: skip
    with file_aside(own_folder() / "records" / "world.parquet") as part:
        pq.write_table(pa.table({"usd_million": cells}).replace_schema_metadata(about), part)


def own_world(path: Path) -> IOTable:
    """The table that `update_world` kept."""
    import pyarrow.parquet as pq

    stored = pq.read_table(path)
    about = {key.decode(): value.decode() for key, value in stored.schema.metadata.items() if key != b"ARROW:schema"}
    regions, sectors = tuple(json.loads(about["regions"])), tuple(json.loads(about["sectors"]))
    n = len(regions) * len(sectors)
    cells: Array = stored["usd_million"].to_numpy().reshape(n, n + len(regions))
    source = f"{about['name']}, the user's own table of {about['year']}, added {about['added']}"
    return IOTable(
        cells[:, :n], cells[:, n:, None], cells.sum(axis=1), regions, sectors, year=int(about["year"]),
        name=f"world {about['year']}", sources=frozenset({source}), apart=MappingProxyType({"status": "computed"}),
    )  # fmt: skip
