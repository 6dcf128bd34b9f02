"""The multistate model of a dispute: threat, measures, four endings; its fit, and draws by bootstrap of campaigns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoecon import tables
from geoecon.errors import Fault, InputError
from geoecon.hazards.coded import ENDINGS, ISSUES, OTHER, Array, Coded, Ints
from geoecon.hazards.rates import SPANS, Rates, Spells, fit

CAUSES = (*ENDINGS, "imposed")
LEAST = 1e-4  # smallest share of trade that is told apart from none
ENOUGH = 25  # disputes that an issue needs for a slope of its own; the rare ones share the level without slope
SHORTEST = 0.02  # months
LOGS = ("log_dep_T_on_S", "log_dep_S_on_T")
STATES = ("threat", "imposed")
RARE = 0  # stands for the issues without a slope of their own


@dataclass(frozen=True)
class Hazards:
    """Rates of a dispute's endings by state, one row a draw: row 0 the fit, the others fits to resampled campaigns.

    level[state] (draw, cause, span), slope[state] (draw, cause, covariate); covariates: log dependence of the target
    and of the sender, then one for each of `issues`. `state` is threat (five causes: four endings and imposition) or
    imposed (four). shares: votes of the issues, 0 for all rare ones; on: what it was learned from.
    """

    level: Mapping[str, Array]
    slope: Mapping[str, Array]
    issues: tuple[int, ...]
    shares: Mapping[int, float]
    on: str

    @property
    def draws(self) -> int:
        return len(self.level["imposed"])

    def log_rates(self, state: str, x: Array, draw: Ints) -> Array:
        """(row, span, cause) for covariates x (row, covariate), each row under its own draw."""
        level, slope = self.level[state][draw], self.slope[state][draw]
        return np.asarray(np.moveaxis(level, 1, 2) + np.einsum("rc,rkc->rk", x, slope)[:, None, :])

    def covariates(self, dependence: Array, issue: Ints) -> Array:
        """(row, covariate) from dependence (row, 2) of target and sender and the number of the issue (row,)."""
        return covariates(dependence, issue, self.issues)


def covariates(dependence: Array, issue: Ints, issues: tuple[int, ...]) -> Array:
    """(row, covariate): log dependence both ways, one for the row's own of `issues`; none of them for a rare issue."""
    logs = np.log(np.maximum(dependence, LEAST))
    return np.concatenate([logs, (issue[:, None] == np.array(issues, dtype=int)).astype(float)], axis=1)


def issues_of(coded: Coded) -> tuple[int, ...]:
    """Issues with enough disputes for a slope of their own, and what its coders called other."""
    counts = np.bincount(coded.issue, minlength=len(ISSUES) + 1)
    return tuple(k for k in ISSUES if k == OTHER or counts[k] >= ENOUGH)


def spells_of(coded: Coded, vote: Array) -> dict[str, tuple[NDArray[np.bool_], Spells]]:
    """For each state the disputes that were in it (dispute,) and their spells there.

    The clock starts anew when measures come. Where the day of imposition is unknown, the spell of the threat is
    undated, and that of the measures is as long as the dispute.
    """
    end = np.where(coded.imposed, coded.imposed_after, coded.months)
    cause = np.where(coded.imposed, len(ENDINGS), coded.outcome)
    held = coded.months - np.nan_to_num(coded.imposed_after, nan=0.0)
    threat, imposed = coded.threat, coded.imposed
    first = Spells(end[threat], cause[threat], vote[threat])
    then = Spells(np.maximum(held[imposed], SHORTEST), coded.outcome[imposed], vote[imposed])
    return {"threat": (threat, first), "imposed": (imposed, then)}


def fit_once(coded: Coded, x: Array, vote: Array, begin: Mapping[str, Rates] | None = None) -> dict[str, Rates]:
    """Rates of both states. x (dispute, covariate); vote (dispute,)."""
    found = {}
    for state, (rows, spells) in spells_of(coded, vote).items():
        some = spells.vote > 0
        kept = Spells(spells.months[some], spells.cause[some], spells.vote[some])
        causes = len(CAUSES) if state == "threat" else len(ENDINGS)
        found[state] = fit(x[rows][some], kept, causes, None if begin is None else begin[state])
    return found


def fit_disputes(coded: Coded, draws: int = 200, seed: int = 0) -> Hazards:
    """The model of coded disputes, with `draws` fits to campaigns drawn with replacement (Efron 1979).

    Raises InputError where no dispute was threatened first, or none imposed.
    """
    if not coded.threat.any() or not coded.imposed.any():
        raise InputError("disputes: none that starts with a threat, or none with measures; both are needed")
    issues = issues_of(coded)
    x = covariates(coded.dependence, coded.issue, issues)
    centre = fit_once(coded, x, coded.vote)
    fits = [centre]
    names, place = np.unique(coded.campaign.astype(str), return_inverse=True)
    rng = np.random.default_rng(seed)
    while len(fits) <= draws:
        drawn = np.bincount(rng.integers(len(names), size=len(names)), minlength=len(names))
        fits.append(fit_once(coded, x, coded.vote * drawn[place], centre))
    votes = np.bincount(np.where(np.isin(coded.issue, issues), coded.issue, RARE), coded.vote)
    shares = {k: float(share) for k, share in enumerate(votes / votes.sum()) if share > 0}
    level = {state: np.array([one[state].level for one in fits]) for state in STATES}
    slope = {state: np.array([one[state].slope for one in fits]) for state in STATES}
    return Hazards(level, slope, issues, shares, f"{len(coded)} disputes in {len(names)} campaigns")


def to_table(hazards: Hazards) -> pd.DataFrame:
    """A row for every draw, state and cause: log rates by span at x = 0, then slopes.

    The first row holds the votes of the issues instead, and in place of a cause what the model was learned from.
    """
    spans = [f"from_month_{edge:g}" for edge in SPANS[:-1]]
    slopes = [*LOGS, *(f"issue_{k}" for k in hazards.issues)]
    votes = {f"issue_{k}": hazards.shares.get(k, 0.0) for k in hazards.issues}
    parts = [pd.DataFrame([{"draw": 0, "state": "votes", "cause": hazards.on} | votes])]
    for state in STATES:
        level, slope = hazards.level[state], hazards.slope[state]
        draw, cause = np.meshgrid(np.arange(len(level)), np.arange(level.shape[1]), indexing="ij")
        part = pd.DataFrame(np.concatenate([level, slope], axis=2).reshape(draw.size, -1), columns=[*spans, *slopes])
        part.insert(0, "cause", np.array(CAUSES)[cause.ravel()])
        part.insert(0, "state", state)
        part.insert(0, "draw", draw.ravel())
        parts.append(part)
    return pd.concat(parts, ignore_index=True)[["draw", "state", "cause", *spans, *slopes]]


def read_hazards(path: Path) -> Hazards:
    """A model from a file that `geoecon fit disputes` wrote. Raises InputError with every fault."""
    spans = [f"from_month_{edge:g}" for edge in SPANS[:-1]]
    number = tables.number.optional()
    rules = {"draw": tables.number, "state": tables.one_of("votes", *STATES), "cause": tables.text}
    table = tables.read_table(path, {**rules, **dict.fromkeys([*spans, *LOGS], number)})
    slopes = [*LOGS, *(column for column in table if str(column).startswith("issue_"))]
    votes = table[table["state"] == "votes"]
    faults = [] if len(votes) == 1 else [Fault(path.name, None, "state", f"{len(votes)} rows votes", "one row votes")]
    level, slope = {}, {}
    for state in STATES:
        mine = table[table["state"] == state].sort_values("draw", kind="stable")
        causes = CAUSES if state == "threat" else ENDINGS
        if not len(mine) or tuple(mine["cause"]) != causes * (len(mine) // len(causes)):
            allowed = f"for every draw a row each of {', '.join(causes)}"
            faults.append(Fault(path.name, None, f"rows of state {state}", f"{len(mine)} rows", allowed))
            continue
        level[state] = mine[spans].to_numpy(dtype=float).reshape(-1, len(causes), len(spans))
        slope[state] = mine[slopes].to_numpy(dtype=float).reshape(-1, len(causes), len(slopes))
    if faults:
        raise InputError(faults)
    issues = tuple(int(str(column).removeprefix("issue_")) for column in slopes[len(LOGS) :])
    shares = dict(zip(issues, votes[slopes[len(LOGS) :]].to_numpy(dtype=float)[0].tolist(), strict=True))
    return Hazards(level, slope, issues, {RARE: 1 - sum(shares.values()), **shares}, str(votes["cause"].iloc[0]))
