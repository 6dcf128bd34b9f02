"""Coded disputes as counts: checked rows, classes of dependence, months, outcomes, votes of campaigns; scores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geoecon.bargaining.payoffs import Array
from geoecon.errors import Fault, InputError

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike

    from geoecon.kinds import Ints


OUTCOMES = ("concede_T", "concede_S", "settle", "stalemate")
BINS = (0, 1, 3, 6, 12, 24, 36, 60, 120)  # months; what ends later counts as open at the last
TARGET_EDGES, SENDER_EDGES = (0.03, 0.1, 0.25), (0.003, 0.03)  # shares of total trade
TARGET_DEPENDENCE, SENDER_DEPENDENCE = (0.008, 0.062, 0.16, 0.38), (0.0005, 0.01, 0.12)  # medians of the classes


@dataclass(frozen=True)
class Cells:
    """Counts (kind, target class, sender class, bin, outcome) of ended disputes; open (…, bin) of those last seen
    open there; undated (…, outcome) of those whose month of ending is unknown. Kind 0 threat only, 1 imposed."""

    ended: Array
    open: Array
    undated: Array

    @property
    def total(self) -> int:
        return int(self.ended.sum() + self.open.sum() + self.undated.sum())


def _classes(values: ArrayLike, edges: tuple[float, ...]) -> Ints:
    return np.asarray(np.searchsorted(edges, values, side="right"))


def check_disputes(disputes: pd.DataFrame) -> pd.DataFrame:
    """The columns an estimate needs, checked: outcome, months (may be missing), imposed, dependence both ways,
    campaign. Raises InputError with every fault."""
    faults = []
    need = ("outcome", "months", "imposed", "dep_T_on_S", "dep_S_on_T", "campaign")
    missing = [column for column in need if column not in disputes]
    if missing:
        raise InputError([Fault("disputes", 1, column, "column is missing", ", ".join(need)) for column in missing])
    rows = disputes[disputes["outcome"].notna() & disputes["dep_T_on_S"].notna() & disputes["dep_S_on_T"].notna()]
    for line, outcome in zip(rows.index.tolist(), rows["outcome"], strict=True):
        if outcome not in OUTCOMES and outcome != "open":
            faults.append(Fault("disputes", int(line) + 2, "outcome", repr(outcome), ", ".join((*OUTCOMES, "open"))))
    for column in ("dep_T_on_S", "dep_S_on_T"):
        bad = rows[column][~(rows[column] >= 0)]
        for line, value in zip(bad.index.tolist(), bad, strict=True):
            faults.append(Fault("disputes", int(line) + 2, column, str(value), "a share of trade from 0"))
    early = rows["months"][rows["months"] < 0]
    for line, value in zip(early.index.tolist(), early, strict=True):
        faults.append(Fault("disputes", int(line) + 2, "months", str(value), "months from 0, or empty"))
    if faults:
        raise InputError(faults)
    if not len(rows):
        raise InputError("disputes: no row with outcome and dependence both ways")
    return rows


def place(rows: pd.DataFrame) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """Kind, target class, sender class, bin (-1 unknown) and outcome (-1 open) of every dispute."""
    months = rows["months"].to_numpy(dtype=float)
    bins = np.where(np.isnan(months), -1, np.searchsorted(BINS, np.minimum(months, 1e9), side="right") - 1)
    outcome = np.array([OUTCOMES.index(o) if o in OUTCOMES else -1 for o in rows["outcome"]])
    late = bins >= len(BINS) - 1
    return (
        rows["imposed"].to_numpy(dtype=int),
        _classes(rows["dep_T_on_S"].to_numpy(dtype=float), TARGET_EDGES),
        _classes(rows["dep_S_on_T"].to_numpy(dtype=float), SENDER_EDGES),
        np.where(late, len(BINS) - 1, bins),
        outcome,
    )


def votes(rows: pd.DataFrame) -> Array:
    """Weight of every dispute: one over the size of its campaign."""
    return 1 / rows.groupby("campaign")["campaign"].transform("size").to_numpy(dtype=float)


def cells_of(rows: pd.DataFrame, weight: Array | None = None) -> Cells:
    """Counts of checked disputes, each counted `weight` times."""
    kind, target, sender, bins, outcome = place(rows)
    w = np.ones(len(rows)) if weight is None else weight
    shape = (2, len(TARGET_DEPENDENCE), len(SENDER_DEPENDENCE))
    ended, still = np.zeros((*shape, len(BINS) - 1, len(OUTCOMES))), np.zeros((*shape, len(BINS)))
    undated = np.zeros((*shape, len(OUTCOMES)))
    for k in range(len(rows)):
        at = (kind[k], target[k], sender[k])
        if bins[k] == len(BINS) - 1 or outcome[k] < 0:
            still[(*at, max(bins[k], 0))] += w[k]
        elif bins[k] < 0:
            undated[(*at, outcome[k])] += w[k]
        else:
            ended[(*at, bins[k], outcome[k])] += w[k]
    return Cells(ended, still, undated)


def outcome_shares(ended_by: Array) -> Array:
    """Shares of the four outcomes among disputes that ended within the last bin: (…, outcome)."""
    last = np.maximum(ended_by[..., -1, :], 1e-12)
    return np.asarray(last / last.sum(axis=-1, keepdims=True))


def scores_of(rows: pd.DataFrame, predicted: Array, weight: Array) -> dict[str, float]:
    """Mean negative log scores, nats, one vote a campaign, each campaign left out; and simple rivals."""
    found = scores_by_campaign(rows, predicted, weight)
    means = {name: float(np.mean(values)) for name, values in found.items() if values}
    return {**means, "uniform": float(np.log(len(OUTCOMES))), **_duration_baselines(rows)}


def scores_by_campaign(rows: pd.DataFrame, predicted: Array, weight: Array) -> dict[str, list[float]]:
    """Mean negative log scores, nats, one vote a campaign, each campaign left out.

    Four outcomes of ended disputes; and month and outcome together, per month, open after the last bin included.
    """
    kind, target, sender, bins, outcome = place(rows)
    vote, campaign = votes(rows), rows["campaign"].to_numpy()
    dated = bins >= 0
    grown = np.concatenate([np.zeros_like(predicted[..., :1, :]), predicted], axis=-2)
    density = np.diff(grown, axis=-2) / np.diff(BINS)[:, None]
    still = 1 - grown.sum(axis=-1)
    last_seen_open = (bins == len(BINS) - 1) | (outcome < 0)
    row = np.arange(len(rows))
    shares = outcome_shares(predicted)[:, kind, target, sender][:, row, np.maximum(outcome, 0)]
    within = density[:, kind, target, sender][:, row, np.clip(bins, 0, len(BINS) - 2), np.maximum(outcome, 0)]
    joint = np.where(last_seen_open, still[:, kind, target, sender][:, row, np.maximum(bins, 0)], within)
    log_votes = vote * np.log(np.maximum(np.where(dated, joint, shares), 1e-12))  # what each dispute taught
    counts = np.bincount(outcome[outcome >= 0], vote[outcome >= 0], minlength=len(OUTCOMES))
    found: dict[str, list[float]] = {"game": [], "base rate": [], "game, month and outcome": []}
    for name in dict.fromkeys(campaign):
        member = campaign == name
        taught = log_votes[:, member].sum(axis=1)
        apart = weight * np.exp(taught.min() - taught)
        apart = apart / apart.sum()
        ended = member & (outcome >= 0)
        if ended.any():
            found["game"].append(-np.log(apart @ shares[:, ended]).mean())
            rest = counts - np.bincount(outcome[ended], vote[ended], minlength=len(OUTCOMES))
            found["base rate"].append(-np.log((rest / rest.sum())[outcome[ended]]).mean())
        if (member & dated).any():
            found["game, month and outcome"].append(-np.log(apart @ joint[:, member & dated]).mean())
    return found


def _duration_baselines(rows: pd.DataFrame) -> dict[str, float]:
    """Constant hazard and Weibull, each times the shares of outcomes, in the bins of the game; one vote a campaign.

    In sample, which favours them. Disputes last seen open are censored there, and at the last bin.
    """
    from scipy.optimize import minimize

    _, _, _, bins, outcome = place(rows)
    dated = bins >= 0
    if not (dated & (outcome >= 0)).any():
        return {}
    vote, b, kind = votes(rows)[dated], bins[dated], outcome[dated]
    done = (kind >= 0) & (b < len(BINS) - 1)
    share = np.bincount(kind[done], vote[done], minlength=len(OUTCOMES)) / vote[done].sum()
    log_share = np.log(np.maximum(share, 1e-12))[np.maximum(kind, 0)]
    within, edges = np.minimum(b, len(BINS) - 2), np.array(BINS, dtype=float)

    def score(log: Array) -> float:
        still = np.exp(-((edges / np.exp(log[1])) ** np.exp(log[0])))
        density = np.maximum(-np.diff(still) / np.diff(edges), 1e-300)
        logs = np.where(done, np.log(density[within]) + log_share, np.log(np.maximum(still[b], 1e-300)))
        return float(-(vote * logs).sum() / vote.sum())

    def constant_score(scale: Array) -> float:
        return score(np.array([0.0, scale[0]]))

    constant = minimize(constant_score, np.array([3.0]), method="Nelder-Mead").fun
    weibull = minimize(score, np.array([-0.4, 3.3]), method="Nelder-Mead").fun
    return {"constant hazard x shares": float(constant), "Weibull x shares": float(weibull)}
