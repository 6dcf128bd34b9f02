"""Trade elasticities by sector, each with its source, and which of them an economy's sectors use."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path

import pandas as pd

from geoecon import tables
from geoecon.errors import Fault, InputError
from geoecon.figure import STATUS, cite

RULES = {
    "sector": tables.text,
    "elasticity": tables.at_least_zero,
    "source_id": tables.identifier,
    "status": tables.one_of(*STATUS),
    "note": tables.text.optional().if_present(),
}
MAP_RULES = {"economy_sector": tables.text, "like": tables.text}


@cache
def published() -> pd.DataFrame:
    """The table that ships: sector, elasticity, source, status."""
    content = (files("geoecon.costs") / "elasticities.csv").read_text(encoding="utf-8")
    frame = tables.parse_table(content, RULES, "elasticities.csv")
    return frame.assign(source=frame["source_id"].map(cite))


@cache
def sector_map() -> pd.DataFrame:
    """Which published sectors an economy's sector is like; several are averaged."""
    content = (files("geoecon.costs") / "sector_map.csv").read_text(encoding="utf-8")
    return tables.parse_table(content, MAP_RULES, "sector_map.csv")


@cache
def services() -> frozenset[str]:
    """Sectors of an economy that no control on goods can reach."""
    return frozenset(sector_map().query("like == 'services'")["economy_sector"])


def elasticities(sectors: Sequence[str], file: Path | None = None) -> pd.DataFrame:
    """One row a sector: elasticity, its source and status.

    From `file` (columns sector, elasticity, source_id, status) where given, else the published ones through the
    map. Sectors without a row are left out: a traded one is then refused by the model. Raises InputError for rows
    of unknown sectors, of the file.
    """
    if file is not None:
        frame = tables.read_table(file, RULES)
        unknown = frame[~frame["sector"].isin(list(sectors))]
        if len(unknown):
            allowed = ", ".join(sectors)
            raise InputError(Fault(file.name, row["line"], "sector", f"unknown sector {row['sector']!r}", allowed)
                             for row in tables.records(unknown))  # fmt: skip
        twice = tables.records(frame[frame.duplicated("sector")])
        if twice:
            raise InputError(
                Fault(file.name, row["line"], "sector", f"{row['sector']!r} again", "once") for row in twice
            )
        return frame.assign(source=frame["source_id"])[["sector", "elasticity", "source", "status"]]
    known = published().set_index("sector")
    mapped = sector_map()
    rows = []
    for sector in sectors:
        like = list(mapped.loc[mapped["economy_sector"] == sector, "like"]) or [
            s for s in (sector,) if s in known.index
        ]
        if like:
            part = known.loc[like]
            status = "memory" if (part["status"] == "memory").any() else "computed" if len(part) > 1 else "seen"
            source = "; ".join(dict.fromkeys(part["source"]))
            rows.append({"sector": sector, "elasticity": part["elasticity"].mean(), "source": source, "status": status})
    return pd.DataFrame(rows, columns=["sector", "elasticity", "source", "status"])


def as_mapping(frame: pd.DataFrame) -> dict[str, float]:
    """sector: elasticity, as `model_from_table` takes it."""
    return {str(sector): float(value) for sector, value in zip(frame["sector"], frame["elasticity"], strict=True)}
