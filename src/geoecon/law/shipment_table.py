"""The table of shipments: read from frames and files, every column turned into codes of its few distinct values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoecon import countries
from geoecon.errors import Fault, InputError
from geoecon.files import file_aside
from geoecon.law import facts as facts_of
from geoecon.law import parties
from geoecon.law.regime import Regime, folded
from geoecon.law.schema import day_advice

Codes = NDArray[np.int64]
COLUMNS = {
    "exporter": ("exporter", "from"),
    "destination": ("destination", "to"),
    "item": ("item", "hs"),
    "date": ("date", "on"),
}


def read_shipments(shipments: pd.DataFrame | str | Path) -> pd.DataFrame:
    """A table of shipments; a file is read by its ending, text stays text."""
    if isinstance(shipments, pd.DataFrame):
        return shipments
    if hasattr(shipments, "to_pandas"):  # a frame of another library
        return pd.DataFrame(shipments.to_pandas())
    path = Path(shipments)
    if not path.is_file():
        raise InputError(Fault(str(path), None, None, "file is missing", "a CSV or Parquet file of shipments"))
    if path.suffix == ".parquet":
        return pd.read_parquet(path)
    try:
        return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise InputError(Fault(path.name, None, None, str(error), "a CSV file in UTF-8 with a header line")) from None


def write(frame: pd.DataFrame, out: str | Path) -> None:
    """Answers as CSV or Parquet, by the ending of the file; complete or not at all."""
    path = Path(out)
    if path.suffix not in (".csv", ".parquet"):
        raise InputError(f"output file {path.name}; allowed: a name ending in .csv or .parquet")
    with file_aside(path) as part:
        frame.to_csv(part, index=False) if path.suffix == ".csv" else frame.to_parquet(part, index=False)


def columns(table: pd.DataFrame) -> dict[str, str]:
    """The table's own name of each column that is needed."""
    found = {name: next((column for column in names if column in table.columns), "") for name, names in COLUMNS.items()}
    missing = [names for name, names in COLUMNS.items() if not found[name]]
    if missing:
        raise InputError(
            [Fault("shipments", 1, " or ".join(names), "column is missing", "one of these names") for names in missing]
        )
    return found


def days(column: pd.Series[Any], name: str) -> Codes:
    """Days since 1970, (shipment,). Raises InputError with every cell that is not an ISO day."""
    if pd.api.types.is_datetime64_any_dtype(column):
        stamps = column
    else:
        codes, uniques = pd.factorize(column)
        texts = pd.Index([value.isoformat()[:10] if isinstance(value, date) else str(value) for value in uniques])
        shaped = texts.str.fullmatch(r"\d{4}-\d{2}-\d{2}")
        parsed = pd.to_datetime(pd.Series(texts.where(shaped)), format="%Y-%m-%d", errors="coerce")
        bad = parsed.isna().to_numpy()
        if bad.any() or (codes < 0).any():
            lines = np.flatnonzero((codes < 0) | bad[codes])
            raise InputError([
                Fault("shipments", int(line) + 2, name, repr(column.iloc[line]), day_advice(str(column.iloc[line])))
                for line in lines
            ])  # fmt: skip
        return np.asarray(parsed.to_numpy().astype("datetime64[D]").astype(np.int64)[codes])
    if stamps.isna().any():
        lines = np.flatnonzero(stamps.isna().to_numpy())
        raise InputError([Fault("shipments", int(line) + 2, name, "empty", "a day") for line in lines])
    return np.asarray(stamps.to_numpy().astype("datetime64[D]").astype(np.int64))


Key = tuple[Codes, list[Any]]  # (code of each shipment, what each code stands for)


def factorised(column: pd.Series[Any]) -> Key:
    codes, uniques = pd.factorize(column, use_na_sentinel=True)
    truth = {True: "yes", False: "no"}
    values: list[Any] = [
        truth[bool(value)] if isinstance(value, bool | np.bool_) else str(value).strip() for value in uniques
    ]
    if (codes < 0).any():
        codes = np.where(codes < 0, len(values), codes)
        values.append("")
    return np.asarray(codes, np.int64), values


def _text(value: Any) -> str:
    return ("yes" if value else "no") if isinstance(value, bool | np.bool_) else str(value).strip()


def places(keys: Mapping[str, Key], columns: Mapping[str, str]) -> None:
    faults = []
    for name in ("exporter", "destination"):
        codes, values = keys[name]
        for position, value in enumerate(values):
            if not countries.is_known(value):
                line = int(np.argmax(codes == position)) + 2
                faults.append(Fault("shipments", line, columns[name], repr(value), "an ISO 3166 alpha-3 code"))
    if faults:
        raise InputError(faults)


def fact(column: pd.Series[Any], name: str, regimes: Mapping[str, Regime]) -> Key:
    """A fact; amounts are grouped by the limits that some rule asks, so that few kinds of shipment remain."""
    limits = _limits(name, regimes)
    codes, values = factorised(column)
    if name == "party":
        return _parties(codes, values, regimes)
    if not limits:
        return codes, [value or None for value in values]
    numbers = pd.to_numeric(pd.Series([value or None for value in values], dtype=object), errors="coerce").to_numpy(
        float
    )
    for position, value in enumerate(values):
        if value and np.isnan(numbers[position]):
            line = int(np.argmax(codes == position)) + 2
            raise InputError(Fault("shipments", line, name, repr(value), "a number"))
    # classes: below, at, between, at, above the limits
    grid = np.array(sorted(limits))
    classes = np.searchsorted(grid, numbers, "left") + np.searchsorted(grid, numbers, "right")
    classes = np.where(np.isnan(numbers), 2 * len(grid) + 1, classes)
    between = np.concatenate([[grid[0] - 1], (grid[:-1] + grid[1:]) / 2, [grid[-1] + 1]])
    stands: list[Any] = [float(grid[k // 2]) if k % 2 else float(between[k // 2]) for k in range(2 * len(grid) + 1)]
    return classes.astype(np.int64)[codes], [*stands, None]


def _parties(codes: Codes, values: list[Any], regimes: Mapping[str, Regime]) -> Key:
    """Names that no list carries are one kind of shipment."""
    listed = set[str]().union(*(parties.names(regime) for regime in regimes.values()))
    first: dict[str | None, int] = {}
    stands: list[Any] = []
    for value in values:
        key = folded(value) if folded(value) in listed else "" if value else None
        if key not in first:
            first[key] = len(stands)
            stands.append(value or None)
    where = [first[folded(value) if folded(value) in listed else "" if value else None] for value in values]
    return np.asarray(where, np.int64)[codes], stands


def _limits(name: str, regimes: Mapping[str, Regime]) -> set[float]:
    found: set[float] = set()
    for regime in regimes.values():
        if name == "owned_by_listed_pct":
            rules = (row["ownership_rule"] or "" for row in regime.rows["party_list"])
            found |= {float(rule) for rule in rules if rule.isdigit()}
        found |= {float(row["threshold"]) for row in regime.rows["item_param"] if row["attribute"] == name}
        for row in regime.rows["licence_rule"]:
            for clause in facts_of.parsed(row["condition"]):
                found |= {float(value) for attribute, sign, value in clause if attribute == name and sign != "="}
    return found


def items(table: pd.DataFrame) -> dict[str, Key]:
    """Items, and the customs codes of those shipments that name none."""
    if "item" not in table.columns:
        return {"item": (np.zeros(len(table), np.int64), [""]), "hs": factorised(table["hs"])}
    found = {"item": factorised(table["item"])}
    if "hs" in table.columns:
        empty = table["item"].isna() | (table["item"] == "")
        found["hs"] = factorised(table["hs"].where(empty, ""))
    return found
