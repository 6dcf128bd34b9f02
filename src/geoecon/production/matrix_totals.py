"""Totals inside a matrix of industries: rows and columns that say what others add up to, left out and said."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from geoecon.production.build import region_name, split
from geoecon.production.findings import Array, Finding

GAP = 0.005  # of a total: more is no rounding
OUTPUT = ("OUT", "TOTAL", "OUTPUT")  # stated output, which the reader holds against the sum of the row
NAMED = re.compile(
    r"TI[IUC]|TF[DUE]|T?FD_?TOTAL|(?:grand|sub)?[ _-]?tot(?:al)?s?(?:[ _-].+)?|.+[ _-]total", re.IGNORECASE
)


def without_totals(
    frame: pd.DataFrame, rows: Sequence[str], known: Collection[str] = OUTPUT
) -> tuple[pd.DataFrame, list[Finding]]:  # fmt: skip
    """The matrix without rows and columns, beside those of the industries `rows`, that others add up to.

    A label is one by its name (TII, CHN_TOTAL, the region WLD) but for those in `known`. A column is one where it
    equals the sales to all industries, those to all final users, or both; or of one region the sum of its other columns
    of final demand. A row is one where it equals what all industries buy.
    """
    named = _named({*rows, *frame.columns} - {*known})
    named = {one for one in named if one not in rows} if named >= {*rows} else named  # one industry a region: no total
    rows = [label for label in rows if label not in named]
    beside = [label for label in frame.columns if label not in {*rows, *named, *known}]
    found = {f"column {label}": total for label in beside if (total := _of_region(frame, rows, label, beside))}
    demand = [label for label in beside if "_" in label and f"column {label}" not in found]
    loose = {label for label in {*rows, *beside} if "_" not in label}
    inside = [label for label in rows if label in frame.columns and label not in loose]
    sales, final = _numbers(frame, inside, inside), _numbers(frame, inside, demand).sum(axis=1)
    sold = sales.sum(axis=1)
    across = {"all industries": sold, "all final users": final, "all users": sold + final}
    abroad = sales * np.array([[split(r)[0] != split(c)[0] for c in inside] for r in inside]).reshape(sales.shape)
    down = {"what industries buy": sales.sum(axis=0), "what industries buy abroad": abroad.sum(axis=0)}
    for label in sorted(loose | named):
        column = _total(frame, inside, [label], across) if label in frame.columns else None
        row = _total(frame, [label], inside, down) if label in frame.index else None
        both = label in frame.columns and label in frame.index
        if label in named or (column and row) or ((column or row) and not both):
            name = "others by its name"
            found |= {f"column {label}": column or name} if label in frame.columns else {}
            found |= {f"row {label}": row or name} if label in frame.index else {}
    kept = frame.loc[
        [f"row {r}" not in found for r in frame.index], [f"column {c}" not in found for c in frame.columns]
    ]
    noted = [Finding("text", "", f"{which} is the total of {what}, and left out") for which, what in found.items()]
    return (kept if found else frame), noted


def _named(labels: Collection[str]) -> set[str]:
    world = {region for region in {split(label)[0] for label in labels} if region_name(region) == "WLD"}
    return {one for one in labels if any(map(NAMED.fullmatch, (one, split(one)[1]))) or (
        "_" in one and split(one)[0] in world)}  # fmt: skip


def _of_region(frame: pd.DataFrame, rows: Sequence[str], label: str, beside: Sequence[str]) -> str:
    """The other columns of a region's final demand, where a column of it is their sum in every row."""
    others = [k for k in beside if k != label and split(k)[0] == split(label)[0]]
    if "_" not in label or len(others) < 2:
        return ""
    total = _numbers(frame, rows, others).sum(axis=1)
    gap = np.abs(_numbers(frame, rows, [label])[:, 0] - total)
    return ", ".join(others[:6]) if total.any() and (gap <= GAP * np.maximum(np.abs(total), 1e-9)).all() else ""


def _numbers(frame: pd.DataFrame, rows: Sequence[str], columns: Sequence[str]) -> Array:
    block = frame.loc[[*rows], [*columns]]
    cells = [np.asarray(pd.to_numeric(block.iloc[:, k], errors="coerce"), float) for k in range(block.shape[1])]
    return np.nan_to_num(np.stack(cells, axis=1)) if cells else np.zeros((len(rows), 0))


def _total(frame: pd.DataFrame, rows: Sequence[str], columns: Sequence[str], sums: dict[str, Array]) -> str | None:
    """What a row or column is the sum of, within the rounding of its largest cell; None where of none of them."""
    cells = _numbers(frame, rows, columns).ravel()
    size = float(np.abs(cells).max(initial=0.0))
    return next((what for what, total in sums.items() if size and (np.abs(cells - total) <= GAP * size).all()), None)
