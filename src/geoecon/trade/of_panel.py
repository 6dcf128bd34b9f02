"""Windows of a panel measured by the same expressions as any other flows."""

from __future__ import annotations

from collections.abc import Iterable

import narwhals as nw
import pandas as pd

from geoecon.trade import measure, panel
from geoecon.trade.measure import Options


def measured(windows: Iterable[panel.Window], options: Options) -> pd.DataFrame:
    """The table of indicators of every named supplier in every window. World-wide indicators stay empty."""
    rows = panel.tidy(windows)
    checked = Options(**{**options.__dict__, "leftover": (panel.REST,)}).checked()
    flows = rows[["period", "exporter", "importer", "product", "value_usd", "tonnes"]]
    lazy = nw.from_native(flows).lazy()
    found = measure.triples(lazy, lazy.filter(nw.col("exporter") != panel.REST), checked).collect().to_pandas()
    table = measure.finish(found, flows, checked)
    how = rows[["period", "importer", "exporter", "product", "unit", "how"]]
    table = table.merge(how, on=measure.TRIPLE, how="left")
    return table.sort_values(["product", "period", "value_usd"], ascending=[True, True, False], ignore_index=True)
