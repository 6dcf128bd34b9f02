"""The game taken to coded disputes: what of it the data can learn, and how it scores beside the baselines.

Disputes are gathered in cells by dependence and by whether measures were imposed; the likelihood of a cell's counts by
month and outcome is exact given the cell. The posterior is sampled by importance around its mode (Laplace), and the
scores leave whole campaigns out by reweighting that sample (Gelfand, Dey & Chang 1992). Every dispute of the data
plays the same small game: no patron, no court, leaders in office.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import minimize

from geoecon.bargaining.course import Calendar, course
from geoecon.bargaining.game import EXITS, SENDER, TARGET, State, board
from geoecon.bargaining.payoffs import REMAINING, Array, Ties, stakes
from geoecon.case import default_parameters
from geoecon.draws import triangular
from geoecon.errors import Fault, InputError

if TYPE_CHECKING:
    import pandas as pd

OUTCOMES = ("concede_T", "concede_S", "settle", "stalemate")
BINS = (0, 1, 3, 6, 12, 24, 36, 60, 120)  # months; what ends later counts as open at the last
TARGET_EDGES, SENDER_EDGES = (0.03, 0.1, 0.25), (0.003, 0.03)  # shares of total trade
TARGET_DEPENDENCE, SENDER_DEPENDENCE = (0.008, 0.062, 0.16, 0.38), (0.0005, 0.01, 0.12)  # medians of the classes
LOSS_PER_DEPENDENCE = 1.5  # % of GDP lost by full controls at a dependence of one: fixes the unit of precision
NODES = 5  # values of the salience of the issue
RATES = ("concede_target", "concede_sender", "offer", "fade")
SHARED = ("choice_precision", "audience_cost", "impatience", "issue_value")
NAMES = (*SHARED, *(f"{rate}_{kind}" for kind in ("threat", "imposed") for rate in RATES))


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


@dataclass(frozen=True)
class Estimate:
    """What the disputes taught: posterior sample (sample, parameter) in logs, weights, mode, and scores per dispute.

    `scores` maps a model to its mean negative log score, nats: four outcomes, one vote a campaign.
    """

    names: tuple[str, ...]
    sample: Array
    weight: Array
    mode: Array
    cells: Cells
    scores: Mapping[str, float]
    on: str

    def quantiles(self, name: str) -> tuple[float, float, float]:
        """10 %, mode, 90 % of a parameter."""
        k = self.names.index(name)
        order = np.argsort(self.sample[:, k])
        share = np.cumsum(self.weight[order]) / self.weight.sum()
        low, high = (float(np.exp(self.sample[order, k][np.searchsorted(share, q)])) for q in (0.1, 0.9))
        return low, float(np.exp(self.mode[k])), high

    def to_frame(self) -> pd.DataFrame:
        import pandas as pd

        rows = [(name, *self.quantiles(name)) for name in self.names]
        return pd.DataFrame(rows, columns=["parameter", "low", "central", "high"])

    def sentence(self) -> str:
        game, base = self.scores["game"], self.scores["base rate"]
        verdict = "beats" if game < base else "does not beat"
        return (
            f"The game {verdict} the base rate: mean negative log score {game:.4f} against {base:.4f} "
            f"({self.on}; lower is better)."
        )


def _classes(values: Any, edges: tuple[float, ...]) -> Any:
    return np.searchsorted(edges, values, side="right")


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


def place(rows: pd.DataFrame) -> tuple[Array, Array, Array, Array, Array]:
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


def predict(theta: Mapping[str, float]) -> Array:
    """Probability of having ended so by the end of each bin: (kind, target class, sender class, bin edge, outcome)."""
    return np.stack([_predict(theta, kind) for kind in (0, 1)])


def _predict(theta: Mapping[str, float], kind: int) -> Array:
    table = board(controlled=bool(kind), patron=False, court=False)
    grid = np.array([(t, s) for t in TARGET_DEPENDENCE for s in SENDER_DEPENDENCE]).repeat(NODES, axis=0)
    n = len(grid)
    prior = default_parameters()
    salience = prior["salience"]
    levels = triangular((np.arange(NODES) + 0.5) / NODES, salience.low, salience.central, salience.high)
    label = "imposed" if kind else "threat"
    fixed = {
        "choice_precision": theta["choice_precision"],
        "audience_cost": theta["audience_cost"],
        "impatience_sender": theta["impatience"],
        "impatience_target": theta["impatience"],
        "issue_value_sender": theta["issue_value"],
        "issue_value_target": theta["issue_value"],
        "reference_concede_target": theta[f"concede_target_{label}"],
        "reference_concede_sender": theta[f"concede_sender_{label}"],
        "reference_offer": theta[f"offer_{label}"],
        "fade_rate": theta[f"fade_{label}"],
        "leader_shift": 0.0,
    }

    def get(name: str) -> Array:
        if name == "salience":
            return np.tile(levels, n // NODES)
        return np.full(n, fixed.get(name, prior[name].central))

    numbers = stakes(table, get, Ties(np.zeros((n, 2)), np.zeros((n, 2)), np.zeros(n)), _losses(grid))
    calendar = Calendar(BINS[-1], np.ones((n, BINS[-1] + 1)))
    start = State(control="listed" if kind else "none")
    exits = course(table, numbers, calendar, start, steps=1, after=0).probability[:, list(BINS[1:])]
    ended = exits.reshape(-1, NODES, *exits.shape[1:]).mean(axis=1)
    concede_t, concede_s, first_s, first_t, faded = (ended[..., e] for e in range(len(EXITS)))
    four = np.stack([concede_t, concede_s, first_s + first_t, faded], axis=-1)
    return four.reshape(len(TARGET_DEPENDENCE), len(SENDER_DEPENDENCE), *four.shape[1:])


def _losses(grid: Array) -> Array:
    """Losses in per cent of a month's GDP (draw, control, retaliation, remaining, player) from dependence both ways."""
    control, retaliation = np.array([0, 0.5, 1.0]), np.array([0, 0.5, 0.5])
    left = np.array(REMAINING)
    pressed = control[:, None, None] * left + 0 * retaliation[None, :, None]
    answered = retaliation[None, :, None] * left + 0 * control[:, None, None]
    found = np.zeros((len(grid), *pressed.shape, 3))
    own = 0.3  # what a side's own measures cost it, against what they cost the other
    for side in (SENDER, TARGET):
        hit, gives = (pressed, answered) if side == TARGET else (answered, pressed)
        dependence = grid[:, 0 if side == TARGET else 1, None, None, None]
        found[..., side] = LOSS_PER_DEPENDENCE * dependence * (hit + own * gives)
    return found


def log_likelihood(cells: Cells, ended_by: Array) -> float:
    """Of the counts, given the probabilities of having ended so by the end of each bin."""
    grown = np.concatenate([np.zeros_like(ended_by[..., :1, :]), ended_by], axis=-2)
    within = np.maximum(np.diff(grown, axis=-2), 1e-12)
    still = np.maximum(1 - grown.sum(axis=-1), 1e-12)
    shares = outcome_shares(ended_by)
    total = (cells.ended * np.log(within)).sum() + (cells.open * np.log(still)).sum()
    return float(total + (cells.undated * np.log(shares)).sum())


def outcome_shares(ended_by: Array) -> Array:
    """Shares of the four outcomes among disputes that ended within the last bin: (…, outcome)."""
    last = np.maximum(ended_by[..., -1, :], 1e-12)
    return np.asarray(last / last.sum(axis=-1, keepdims=True))


def first_guess() -> Array:
    """Log of the priors' centres; fixed, so that estimates that enter the defaults do not move them."""
    shared, rates = (0.3, 1.0, 0.15, 2.0), (0.01, 0.008, 0.04, 0.0013)
    return np.asarray(np.log(np.array([*shared, *rates, *rates])))


WIDTH = np.array([1.5, 2.5, 0.7, 2.5, *([1.5] * 8)])  # spread of the log priors; the unit of worth is unknown


def log_posterior(theta: Array, cells: Cells) -> float:
    values = dict(zip(NAMES, np.exp(theta), strict=True))
    prior = -0.5 * float((((theta - first_guess()) / WIDTH) ** 2).sum())
    return prior + log_likelihood(cells, predict(values))


def estimate(
    disputes: pd.DataFrame, *, size: int = 200, seed: int = 0, rounds: int = 30, start: Array | None = None
) -> Estimate:
    """Precision, audience cost, patience, issue value and reference rates from coded disputes.

    disputes: a row each with outcome (concede_T, concede_S, settle, stalemate, open), months, imposed (0, 1),
    dep_T_on_S, dep_S_on_T (shares of total trade) and campaign. Every campaign has one vote, as mass cases are one
    decision. size: posterior sample; start: logs of the
    parameters to begin from, else the priors' centre.
    Raises InputError for faulty rows.
    """
    rows = check_disputes(disputes)
    cells = cells_of(rows, votes(rows))

    mode = mode_of(cells, start, rounds)
    spread = _spread(lambda theta: -log_posterior(theta, cells), mode)
    rng = np.random.default_rng(seed)
    factor = np.linalg.cholesky(spread)
    unit = rng.standard_normal((size, len(NAMES))) * np.sqrt(6 / rng.chisquare(6, (size, 1)))  # t, for fat tails
    sample = mode + unit @ factor.T
    predicted = np.stack([predict(dict(zip(NAMES, np.exp(theta), strict=True))) for theta in sample])
    prior = -0.5 * (((sample - first_guess()) / WIDTH) ** 2).sum(axis=1)
    target = prior + np.array([log_likelihood(cells, ended) for ended in predicted])
    proposal = -0.5 * (6 + len(NAMES)) * np.log1p((unit**2).sum(axis=1) / 6)
    log_weight = target - proposal
    weight = np.exp(log_weight - log_weight.max())
    weight = np.minimum(weight, np.sqrt(size) * weight.mean())  # truncated importance sampling (Ionides 2008)
    weight = weight / weight.sum()
    on = f"{len(rows)} disputes in {rows['campaign'].nunique()} campaigns"
    return Estimate(NAMES, sample, weight, mode, cells, _scores(rows, predicted, weight), on)


def _spread(cost: Any, at: Array, width: float = 0.1) -> Array:
    """Covariance at the mode: inverse of the curvature (forward differences), nowhere wider than the prior."""
    base, n = cost(at), len(at)
    steps = width * np.eye(n)
    single = np.array([cost(at + step) for step in steps])
    curve = np.zeros((n, n))
    for i in range(n):
        for j in range(i + 1):
            both = cost(at + steps[i] + steps[j])
            curve[i, j] = curve[j, i] = (both - single[i] - single[j] + base) / width**2
    values, vectors = np.linalg.eigh(curve)
    return np.asarray((vectors / np.maximum(values, 1 / WIDTH.max() ** 2)) @ vectors.T)


def mode_of(cells: Cells, start: Array | None = None, rounds: int = 30) -> Array:
    """Logs of the parameters at which the posterior is highest."""

    def cost(theta: Array) -> float:
        return -log_posterior(theta, cells)

    begin = first_guess() if start is None else start
    found = minimize(cost, begin, method="L-BFGS-B", options={"maxiter": rounds, "maxfun": 16 * rounds})
    return np.asarray(found.x)


def cross_validate(
    disputes: pd.DataFrame, *, folds: int = 10, seed: int = 0, start: Array | None = None, rounds: int = 14
) -> dict[str, float]:
    """Scores of the game fitted anew without each fold of whole campaigns: mean negative log score, one vote each."""
    rows = check_disputes(disputes)
    vote, campaign = votes(rows), rows["campaign"].to_numpy()
    names = np.random.default_rng(seed).permutation(np.unique(campaign))
    total: dict[str, list[float]] = {}
    for part in np.array_split(names, folds):
        held = np.isin(campaign, part)
        fitted = mode_of(cells_of(rows[~held], vote[~held]), start, rounds)
        predicted = predict(dict(zip(NAMES, np.exp(fitted), strict=True)))[None]
        for name, score in _scores(rows[held], predicted, np.ones(1)).items():
            if name.startswith("game"):
                total.setdefault(name, []).append(score * len(part))
    return {name: float(np.sum(values) / len(names)) for name, values in total.items()}


def _scores(rows: pd.DataFrame, predicted: Array, weight: Array) -> dict[str, float]:
    """Mean negative log scores, nats, one vote a campaign, each campaign left out.

    Four outcomes of ended disputes; and month and outcome together, per month, open after the last bin included.
    """
    kind, target, sender, bins, outcome = place(rows)
    vote, campaign = votes(rows), rows["campaign"].to_numpy()
    dated = (bins >= 0) & ((outcome >= 0) | (bins == len(BINS) - 1))
    grown = np.concatenate([np.zeros_like(predicted[..., :1, :]), predicted], axis=-2)
    density = np.diff(grown, axis=-2) / np.diff(BINS)[:, None]
    still = 1 - grown[..., -1, :].sum(axis=-1)
    row = np.arange(len(rows))
    shares = outcome_shares(predicted)[:, kind, target, sender][:, row, np.maximum(outcome, 0)]
    within = density[:, kind, target, sender][:, row, np.clip(bins, 0, len(BINS) - 2), np.maximum(outcome, 0)]
    joint = np.where(bins == len(BINS) - 1, still[:, kind, target, sender], within)
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
    means = {name: float(np.mean(values)) for name, values in found.items() if values}
    return {**means, "uniform": float(np.log(len(OUTCOMES))), **_duration_baselines(rows)}


def _duration_baselines(rows: pd.DataFrame) -> dict[str, float]:
    """Constant hazard and Weibull, each times the shares of outcomes: one vote a campaign, in sample."""
    months = rows["months"].to_numpy(dtype=float)
    known = ~np.isnan(months) & (rows["outcome"].to_numpy() != "open")
    if not known.any():
        return {}
    vote = votes(rows)[known]
    t, done = np.clip(months[known], 0.05, BINS[-1]), months[known] < BINS[-1]
    outcome = rows["outcome"].to_numpy()[known]
    share = {o: vote[done & (outcome == o)].sum() / vote[done].sum() for o in OUTCOMES}
    kind = np.array([np.log(max(share[o], 1e-12)) for o in outcome])

    def score(log: Array) -> float:
        k, scale = np.exp(log)
        event = np.log(k / scale) + (k - 1) * np.log(t / scale) + kind
        return float((vote * -(done * event - (t / scale) ** k)).sum() / vote.sum())

    def constant_score(scale: Array) -> float:
        return score(np.array([0.0, scale[0]]))

    constant = minimize(constant_score, np.array([3.0]), method="Nelder-Mead").fun
    weibull = minimize(score, np.array([-0.4, 3.3]), method="Nelder-Mead").fun
    return {"constant hazard x shares": float(constant), "Weibull x shares": float(weibull)}
