"""The class of coded disputes most like one: nearest in dependence and issue, and in how they start."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoecon.hazards.coded import ENDINGS, ISSUES, Array, Coded, Ints
from geoecon.hazards.model import LEAST

CLASS = 120  # disputes that make the class
OTHER_ISSUE, OTHER_START = 2.0, 0.5  # distance, in standard deviations of log dependence, of another issue or start


def distances(learned: Coded, dependence: Array, issue: Ints, threat: NDArray[np.bool_]) -> Array:
    """(dispute asked, dispute learned from)."""
    mine, theirs = (np.log(np.maximum(d, LEAST)) for d in (dependence, learned.dependence))
    spread = theirs.std(axis=0) + 1e-9
    gap = ((mine[:, None] - theirs[None]) / spread) ** 2
    other = OTHER_ISSUE**2 * (issue[:, None] != learned.issue[None])
    start = OTHER_START**2 * (threat[:, None] != learned.threat[None])
    return np.asarray(np.sqrt(gap.sum(axis=2) + other + start))


def shares_of_similar(learned: Coded, held: Coded, size: int = CLASS) -> Array:
    """Shares of the four endings (dispute, ending) among the most similar ended ones, a campaign one vote."""
    gap = distances(learned, held.dependence, held.issue, held.threat)
    gap[:, learned.outcome < 0] = np.inf
    nearest = np.argsort(gap, axis=1, kind="stable")[:, :size]
    counts = np.zeros((len(held), len(ENDINGS)))
    for k in range(len(ENDINGS)):
        counts[:, k] = ((learned.outcome[nearest] == k) * learned.vote[nearest]).sum(axis=1)
    counts += 0.5  # none is impossible
    return np.asarray(counts / counts.sum(axis=1, keepdims=True))


def similar_disputes(
    learned: Coded, dependence: Array, issues: Sequence[int], threat: bool, size: int = CLASS
) -> pd.DataFrame:
    """The most similar disputes by name, nearest first: sender, target, start, issue, ending, months, vote.

    Of several issues the nearest counts.
    """
    each = [distances(learned, dependence[None], np.array([k]), np.array([threat]))[0] for k in issues]
    gap = np.min(each, axis=0)
    gap[learned.outcome < 0] = np.inf
    nearest = np.argsort(gap, kind="stable")[:size]
    table = learned.table.iloc[nearest]
    return pd.DataFrame({
        "sender": table["sender"].to_numpy(),
        "target": table["target"].to_numpy(),
        "start": table["start"].astype(str).to_numpy(),
        "issue": [ISSUES[k] for k in learned.issue[nearest]],
        "ending": [ENDINGS[k] for k in learned.outcome[nearest]],
        "months": learned.months[nearest],
        "vote": learned.vote[nearest],
        "source_id": table["source_id"].to_numpy(),
    })  # fmt: skip
