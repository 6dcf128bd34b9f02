"""Windows of a panel measured by the same kernel as any other flows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from geoecon.indicators import complete, measure, panel, stream
from geoecon.indicators.measure import Options

KEYS = ["period", "exporter", "importer", "product"]


def measured(windows: Iterable[panel.Window], options: Options) -> pd.DataFrame:
    """The table of indicators of every named supplier in every window. World-wide indicators stay empty."""
    import pyarrow as pa

    rows = panel.tidy(windows)
    checked = replace(options, leftover=(panel.REST,)).checked()
    flows = {name: pa.array(rows[name].astype(str), pa.string()) for name in KEYS}
    flows |= {name: pa.array(rows[name].astype(float), pa.float64()) for name in ("value_usd", "tonnes")}
    parts = stream.measured([pa.table(flows)], stream.Question(checked, zeros=True)) if len(rows) else []
    table = pd.concat(
        [complete.frame(part) for part in parts] or [pd.DataFrame(columns=[*measure.TRIPLE, "value_usd"])]
    )
    how = rows[["period", "importer", "exporter", "product", "unit", "how"]]
    table = table.merge(how, on=measure.TRIPLE, how="left")
    return table.sort_values(["product", "period", "value_usd"], ascending=[True, True, False], ignore_index=True)
