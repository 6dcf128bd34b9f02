"""Rows of a case's tables as known on a day, made once for all the cases that a scenario makes of one folder."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from geoecon import dates, tables

if TYPE_CHECKING:
    import pandas as pd


class Itself:
    """A frame that is equal to itself alone, so that what was made of it can be kept."""

    def __init__(self, frame: pd.DataFrame):
        self.frame = frame

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Itself) and other.frame is self.frame

    def __hash__(self) -> int:
        return id(self.frame)


@lru_cache(maxsize=64)
def known_rows(table: Itself, column: str, cutoff: date) -> pd.DataFrame:
    """Rows whose date in `column` is not after the cut-off; a year or month counts when it is over."""
    frame = table.frame
    over = [day for day in frame[column].unique() if tables.given(day) and dates.last_day(day) <= cutoff]
    return frame[frame[column].isin(over)]


@lru_cache(maxsize=64)
def records_of(table: Itself) -> tuple[Mapping[str, Any], ...]:
    """`tables.records`, made once."""
    return tuple(tables.records(table.frame))


@lru_cache(maxsize=16)
def panel(trade: Itself, cutoff: date, senders: tuple[str, ...]) -> pd.DataFrame:
    """The rows of trade known at the cut-off, with those of all senders added up under the first."""
    found = known_rows(trade, "period", cutoff).drop(columns="line").reset_index(drop=True)
    return found if len(senders) == 1 else _joined(found, senders)


def _joined(panel: pd.DataFrame, senders: tuple[str, ...]) -> pd.DataFrame:
    """The panel with the rows of all senders added up by period, buyer and product; missing only where all are."""
    import pandas as pd

    mine = panel["exporter"].isin(list(senders))
    keys = ["period", "importer", "product"]
    if not panel.loc[mine, [*keys, "exporter"]].duplicated(keys).any():
        return panel.assign(exporter=panel["exporter"].where(~mine, senders[0]))
    numbers = [name for name in ("value_usd", "tonnes", "quantity", "share") if name in panel]
    how = {name: "first" for name in panel if name not in (*keys, "exporter")}
    groups = panel[mine].groupby(keys, sort=False, as_index=False)
    summed = groups.agg(how).assign(exporter=senders[0])
    for name in numbers:
        summed[name] = groups[name].sum(min_count=1)[name].to_numpy()
    return pd.concat([panel[~mine], summed[list(panel.columns)]], ignore_index=True)
