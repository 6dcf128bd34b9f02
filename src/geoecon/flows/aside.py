"""The rows that a read set aside, written to a file with the reason of each: counted, and never lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import narwhals as nw
import pandas as pd

from geoecon import tables as small
from geoecon.countries import Place
from geoecon.files import file_aside
from geoecon.flows import engine

if TYPE_CHECKING:
    from geoecon.kinds import Frame


COLUMNS = ["period", "exporter", "importer", "product", "value_usd", "tonnes"]


def written(
    path: Path, parts: Sequence[tuple[str, Frame]], rows: Frame, places: Mapping[str, Place], counted: pd.DataFrame
) -> Path:
    """A CSV of the parts (why, rows), of the rows whose places are no countries and of trade of a country with itself.

    Codes are those of the source; `counted` holds the pairs of them that there are (exporter, importer).
    """
    tables = [engine.collect(part.select(*COLUMNS)).assign(reason=why) for why, part in parts]
    for kind, why in (("aggregate", "a group of countries"), ("unknown", "an unknown code")):
        codes = [text for text, place in places.items() if place.kind == kind]
        if codes:
            there = nw.col("exporter").is_in(codes) | nw.col("importer").is_in(codes)
            tables.append(engine.collect(rows.filter(there).select(*COLUMNS)).assign(reason=why))
            rows = rows.filter(~there)
    own = counted[["exporter", "importer"]].drop_duplicates()
    own = own[[_same(places[e], places[i]) for e, i in zip(own["exporter"], own["importer"], strict=True)]]
    if len(own):
        home = rows.join(engine.beside(rows, own), on=["exporter", "importer"], how="inner")
        tables.append(engine.collect(home.select(*COLUMNS)).assign(reason="trade of a country with itself"))
    table = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=[*COLUMNS, "reason"])
    table = table.sort_values([*COLUMNS[:4], "reason"], ignore_index=True)
    with file_aside(path) as part:
        small.to_csv(table, part)
    return path


def _same(seller: Place, buyer: Place) -> bool:
    """Whether both are one country."""
    return seller.iso3 == buyer.iso3 and not {"aggregate", "unknown"} & {seller.kind, buyer.kind}
