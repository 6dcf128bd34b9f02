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
    path: Path, parts: Sequence[tuple[str, Frame]], rows: Frame, places: Mapping[str, Place]
) -> Path:  # fmt: skip
    """A CSV of the parts (why, rows) and of the rows whose places are no countries, in the codes of the source."""
    tables = [engine.collect(part.select(*COLUMNS)).assign(reason=why) for why, part in parts]
    for kind, why in (("aggregate", "a group of countries"), ("unknown", "an unknown code")):
        codes = [text for text, place in places.items() if place.kind == kind]
        if codes:
            there = nw.col("exporter").is_in(codes) | nw.col("importer").is_in(codes)
            tables.append(engine.collect(rows.filter(there).select(*COLUMNS)).assign(reason=why))
    table = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=[*COLUMNS, "reason"])
    table = table.sort_values([*COLUMNS[:4], "reason"], ignore_index=True)
    with file_aside(path) as part:
        small.to_csv(table, part)
    return path
