"""Days of shipments: ISO days as they stand; instants become the day at the exporter's place, whose law it is."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoecon.errors import Fault
from geoecon.law.instants import INSTANT, zones
from geoecon.law.schema import day_advice

if TYPE_CHECKING:
    from geoecon.kinds import Cell


Codes = NDArray[np.int64]
LOWEST, HIGHEST = np.datetime64(date.min), np.datetime64(date.max)
MIDNIGHT = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]00:00(:00(\.0+)?)?")
WITH_ZONE = "a day as YYYY-MM-DD, or a time with its zone such as 2019-07-03T16:30+00:00"


def days(column: pd.Series[Any], name: str, exporters: tuple[Codes, list[Any]], faults: list[str | Fault]) -> Codes:
    """Days since 1970, (shipment,). Every cell that is no day, and every time of which the day at the exporter's place
    cannot be told, goes to `faults`."""
    if pd.api.types.is_datetime64_dtype(column) and not column.hasnans:  # days without a zone, as most tables have
        stamps = column.to_numpy()
        whole = stamps.astype("datetime64[D]")
        if (whole == stamps).all() and (not len(whole) or (whole.min() >= LOWEST and whole.max() <= HIGHEST)):
            return np.asarray(whole.astype(np.int64))
    found = np.zeros(len(column), np.int64)
    codes, uniques = pd.factorize(column)
    texts = [_text(value) for value in uniques]
    instants = np.array([INSTANT.fullmatch(text) is not None for text in texts], bool)
    shaped = pd.Index(texts, dtype=object).str.fullmatch(r"\d{4}-\d{2}-\d{2}") if texts else np.zeros(0, bool)
    parsed = pd.to_datetime(pd.Series(texts, dtype=object).where(shaped), format="%Y-%m-%d", errors="coerce")
    bad = parsed.isna().to_numpy() & ~instants
    for line in np.flatnonzero((codes < 0) | (bad[codes] if len(bad) else False)):
        cell = column.iloc[line]
        empty = codes[line] < 0 or not str(cell).strip()
        stamp = not empty and re.match(r"\d{4}-\d{2}-\d{2}[T ]\d", str(cell))
        allowed = "a day" if empty else WITH_ZONE if stamp else day_advice(str(cell))
        faults.append(Fault("shipments", int(line) + 2, name, "empty" if empty else repr(str(cell)), allowed))
    numbers = np.zeros(len(texts), np.int64)
    fine = ~parsed.isna().to_numpy()
    numbers[fine] = parsed[fine].to_numpy().astype("datetime64[D]").astype(np.int64)
    if len(texts):
        found = numbers[np.maximum(codes, 0)]
    if instants.any():
        _local(found, codes, texts, instants, name, exporters, faults)
    return found


def _text(value: Cell) -> str:
    """A cell as text: a stamp at midnight without a zone is a day."""
    if isinstance(value, pd.Timestamp | datetime):
        text = value.isoformat()
        naive = MIDNIGHT.fullmatch(text)
        return naive[1] if naive and value.tzinfo is None else text
    if isinstance(value, date):
        return value.isoformat()
    text = str(value).strip()
    naive = MIDNIGHT.fullmatch(text)
    return naive[1] if naive else text


def _local(
    found: Codes, codes: Codes, texts: list[str], instants: NDArray[np.bool_], name: str,
    exporters: tuple[Codes, list[Any]], faults: list[str | Fault],
) -> None:  # fmt: skip
    """Puts the day at the exporter's place where the cell is an instant."""
    which, places = exporters
    moments = {int(k): pd.Timestamp(texts[k]).tz_convert("UTC") for k in np.flatnonzero(instants)}
    rows = np.flatnonzero(instants[np.maximum(codes, 0)] & (codes >= 0))
    known: dict[tuple[int, int], int | None] = {}
    for line in rows:
        key = int(codes[line]), int(which[line])
        if key not in known:
            here = zones().get(str(places[key[1]]), ())
            local = {moments[key[0]].tz_convert(zone).date() for zone in here}
            known[key] = (min(local) - date(1970, 1, 1)).days if len(local) == 1 else None
        day = known[key]
        if day is None:
            allowed = f"a day as YYYY-MM-DD: which day it was at {places[key[1]]} is not clear"
            faults.append(Fault("shipments", int(line) + 2, name, repr(texts[key[0]]), allowed))
        else:
            found[line] = day
