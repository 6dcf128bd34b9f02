"""Two coders of the same disputes: how far they agree, beyond chance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoecon.errors import InputError
from geoecon.hazards.coded import Coded

if TYPE_CHECKING:
    from numpy.typing import NDArray


CODED = ("outcome", "issue", "threat", "imposed")


def agreement(first: Coded, second: Coded) -> pd.DataFrame:
    """Share of agreement and Cohen's kappa (1960) by column, for disputes that both coded (same source_id).

    Columns: column, disputes, agree, kappa; for months the share within one month and no kappa. Raises InputError
    where no dispute stands in both.
    """
    mine, theirs = (one.table.drop_duplicates("source_id").set_index("source_id") for one in (first, second))
    shared = mine.index.intersection(theirs.index)
    if not len(shared):
        raise InputError("no dispute stands in both files; allowed: rows with the same source_id")
    rows = []
    for column in CODED:
        a, b = mine.loc[shared, column].astype(str).to_numpy(), theirs.loc[shared, column].astype(str).to_numpy()
        rows.append((column, len(shared), float((a == b).mean()), kappa(a, b)))
    a, b = (one.loc[shared, "months"].to_numpy(dtype=float) for one in (mine, theirs))
    both = ~np.isnan(a) & ~np.isnan(b)
    close = float((np.abs(a - b)[both] <= 1).mean()) if both.any() else float("nan")
    rows.append(("months, within one", int(both.sum()), close, float("nan")))
    return pd.DataFrame(rows, columns=["column", "disputes", "agree", "kappa"])


def kappa(first: NDArray[np.str_], second: NDArray[np.str_]) -> float:
    """Cohen's kappa; NaN where both use one and the same word throughout, as chance then explains all."""
    words = np.unique(np.concatenate([first, second]))
    share = np.array([[(one == word).mean() for word in words] for one in (first, second)])
    chance, seen = float(share[0] @ share[1]), float((first == second).mean())
    return (seen - chance) / (1 - chance) if chance < 1 else float("nan")
