"""Totals inside a matrix of industries: rows and columns that say what others add up to, left out and said."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from geoecon.production.build import split
from geoecon.production.findings import Finding

GAP = 0.005  # of a total: more is no rounding


def without_totals(frame: pd.DataFrame, rows: Sequence[str]) -> tuple[pd.DataFrame, list[Finding]]:
    """The matrix without rows and columns, beside those of the industries `rows`, that others add up to.

    A column is one where it equals the sales to all industries, those to all final users, or both; or of one region
    the sum of its other columns of final demand. A row is one where it equals what all industries buy.
    """
    inside = [label for label in rows if label in frame.columns]
    beside = [label for label in frame.columns if label not in set(inside)]
    sold = _sum(frame.loc[list(rows), inside])
    bought = _sum(frame.loc[inside, inside].T)
    demand = [label for label in beside if "_" in label]
    final = _sum(frame.loc[list(rows), demand])
    noted = []
    for label in beside:
        cells = _numbers(frame.loc[list(rows), [label]].iloc[:, 0])
        others = [k for k in demand if k != label and split(k)[0] == split(label)[0]]
        sums = {"all industries": sold, "all final users": final, "all users": sold + final} if "_" not in label else {}
        if label in demand and len(others) > 1:
            sums = {", ".join(others[:6]): _sum(frame.loc[list(rows), others])}
        of = next((what for what, total in sums.items() if _equal(cells, total)), None)
        if of is not None and label not in ("OUT", "TOTAL", "OUTPUT"):
            frame = frame.drop(columns=label)
            noted.append(Finding("text", "", f"column {label} is the total of {of}, and left out"))
    for label in (label for label in rows if label not in set(inside) and "_" not in label):
        if _equal(_numbers(frame.loc[[label], inside].iloc[0]), bought):
            frame = frame.drop(index=label)
            noted.append(Finding("text", "", f"row {label} is the total of what industries buy, and left out"))
    return frame, noted


def _numbers(cells: pd.Series) -> np.ndarray:
    return np.asarray(pd.to_numeric(cells, errors="coerce"), float)


def _sum(block: pd.DataFrame) -> np.ndarray:
    total = np.zeros(len(block))
    for k in range(block.shape[1]):
        total += _numbers(block.iloc[:, k])
    return total


def _equal(cells: np.ndarray, total: np.ndarray) -> bool:
    """Whether cells are a total in every row, and one of more than nothing."""
    return bool(np.any(total != 0) and np.all(np.abs(cells - total) <= GAP * np.maximum(np.abs(total), 1e-9)))
