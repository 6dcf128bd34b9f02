"""The forecast of one dispute from what was known on its first day, and what pressing by a patron changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files

import numpy as np

from geoecon.hazards.coded import ENDINGS, ISSUES, Array, Ints, shipped
from geoecon.hazards.curves import by_month, carried_out, incidence
from geoecon.hazards.model import LEAST, Hazards, read_hazards

TARGET_GIVES_WAY, SENDER_BACKS_DOWN, SETTLEMENT = 0, 1, 2  # places in ENDINGS
MIXED = 2  # kinds of dispute that one draw mixes where the first day allows many
SIDES = {"target": TARGET_GIVES_WAY, "sender": SENDER_BACKS_DOWN}


@dataclass(frozen=True)
class FirstDay:
    """What is known of a dispute on its first day.

    dependence (draw, 2) or None where unknown: shares of total trade, target with sender and sender with target;
    issues: the categories that fit, none where no table knows it; threat: it starts with a threat, not with measures.
    """

    dependence: Array | None
    issues: tuple[int, ...]
    threat: bool


@dataclass(frozen=True)
class Pressing:
    """A patron presses `side` (sender or target) from `month` to `until`, months after the start; `by` says which."""

    side: str
    month: float
    until: float = np.inf
    by: str = ""


@dataclass(frozen=True)
class Endings:
    """ended (draw, month, ending) by each month; still (draw, month); carried (draw, month): measures had come."""

    ended: Array
    still: Array
    carried: Array


@cache
def shipped_hazards() -> Hazards:
    """The model that comes with the package: `fit_disputes(shipped())`, made by `geoecon fit disputes`."""
    with as_file(files("geoecon.hazards") / "rates.csv") as path:
        return read_hazards(path)


def issue_numbers(names: Sequence[str]) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """(numbers of the issues by name, names that no table knows)."""
    numbers = {name: number for number, name in ISSUES.items()}
    known = tuple(numbers[name] for name in names if name in numbers)
    return known, tuple(name for name in names if name not in numbers)


def forecast(
    first: FirstDay,
    months: int,
    draws: int,
    *,
    lift: Array | None = None,
    hazards: Hazards | None = None,
    seed: int = 0,
) -> Endings:
    """Endings by month, one row a draw: row 0 the fit, averaged over the kinds of dispute that the first day allows.

    Each other row takes one resampled fit. A dispute that fits two issues lies between them, see `kinds_of`; one of
    many kinds, where issue or dependence is not known, mixes some of them: bands hold that too.
    lift (draw, month, ending): factors on the rates of ending.
    """
    model = shipped_hazards() if hazards is None else hazards
    weight, dependence, coding = kinds_of(first, model)
    rng = np.random.default_rng([seed, 0x155E])
    kind, share = _mixtures(weight, draws - 1, rng)
    row = np.concatenate([np.zeros(len(weight), dtype=int), np.repeat(np.arange(1, draws), share.shape[1])])
    kind = np.concatenate([np.arange(len(weight)), kind.ravel()])
    part = np.concatenate([weight, share.ravel()])
    fits = np.where(row > 0, 1 + (row - 1) % max(model.draws - 1, 1), 0)
    coded = coding[kind]
    if len(first.issues) == 2 and first.dependence is not None:  # how much of the dispute is the first of the two
        place = rng.permutation((np.arange(draws - 1) + rng.random(draws - 1)) / max(draws - 1, 1))
        ends = np.stack([issue_shares([number], model) for number in first.issues])
        coded = np.concatenate([coded[:1], np.stack([place, 1 - place], axis=1) @ ends])
    own = dependence[kind]
    if first.dependence is not None and len(first.dependence) == draws:
        own = first.dependence[row]
    x = np.concatenate([np.log(np.maximum(own, LEAST)), coded], axis=1)
    found = _endings(model, x, np.minimum(fits, model.draws - 1), months, first.threat,
                     None if lift is None else lift[row])  # fmt: skip
    begin = np.concatenate([[0], len(weight) + share.shape[1] * np.arange(draws - 1)])
    return Endings(*(_mixed(values, part, begin) for values in (found.ended, found.still, found.carried)))


def issue_shares(numbers: Sequence[int], model: Hazards) -> Array:
    """(issue of the model,) how much of a dispute is about each: alike for all that fit; a rare issue has no place."""
    return np.asarray([numbers.count(k) / len(numbers) for k in model.issues], dtype=float)


def _mixtures(weight: Array, draws: int, rng: np.random.Generator) -> tuple[Ints, Array]:
    """Which kinds each draw mixes, (draw, kind), and in what shares: flat over all shares that add to one.

    Of more than MIXED kinds each draw mixes that many, drawn by weight.
    """
    size = min(len(weight), MIXED)
    kinds = np.tile(np.arange(size), (draws, 1))
    if len(weight) > MIXED:
        place = (np.arange(draws * size) + rng.random(draws * size)) / max(draws * size, 1)
        found = np.searchsorted(np.cumsum(weight), rng.permutation(place))
        kinds = np.minimum(found, len(weight) - 1).reshape(draws, size)
    return kinds, rng.dirichlet(np.ones(size), draws)


def kinds_of(first: FirstDay, model: Hazards) -> tuple[Array, Array, Array]:
    """Kinds of dispute that the first day allows: weight (kind,), dependence (kind, 2), issue shares (kind, issue).

    Issues that fit make one kind that lies between them: its log rates are the mean of theirs. Where no issue is
    known every issue is a kind, by its votes; where the dependence is not known every coded dispute that fits is one.
    """
    if first.dependence is None:
        coded = shipped()
        fits = np.isin(coded.issue, first.issues) if first.issues else np.full(len(coded), True)
        weight, dependence = coded.vote[fits], coded.dependence[fits]
        return (
            weight / weight.sum(),
            dependence.copy(),
            (coded.issue[fits, None] == np.array(model.issues)).astype(float),
        )
    groups = [first.issues] if first.issues else [(number,) for number in model.shares]
    weight = np.ones(1) if first.issues else np.array(list(model.shares.values()))
    coding = np.stack([issue_shares(group, model) for group in groups])
    return weight / weight.sum(), np.tile(first.dependence[0], (len(groups), 1)), coding


def _mixed(values: Array, share: Array, begin: Ints) -> Array:
    """Weighted sums of the rows from each place of `begin` up to the next."""
    return np.add.reduceat(values * share.reshape(-1, *[1] * (values.ndim - 1)), begin, axis=0)


def _endings(model: Hazards, x: Array, fits: Ints, months: int, threat: bool, lift: Array | None) -> Endings:
    imposed = by_month(model.log_rates("imposed", x, fits), months)
    if threat:
        return Endings(*carried_out(by_month(model.log_rates("threat", x, fits), months), imposed, lift))
    ended, still = incidence(imposed if lift is None else imposed * lift)
    return Endings(ended, still, np.ones_like(still))


def lift_of(pressing: Sequence[Pressing], months: int, effect: Array, both: Array) -> Array | None:
    """Factors (draw, month, ending) on the rates of ending; None where nobody is pressed.

    One side pressed: its rate of giving way times e^effect (draw,); both at once: the rate of a deal times e^both.
    A month that is pressed in part counts by its part; a side that several press at once is pressed once, since the
    coded disputes say only whether one was.
    """
    if not pressing:
        return None
    held = np.zeros((2, months))
    for one in pressing:
        begin, end = np.arange(months), np.arange(1, months + 1)
        inside = np.clip(np.minimum(end, one.until) - np.maximum(begin, one.month), 0, 1)
        row = SIDES[one.side]
        held[row] = np.maximum(held[row], inside)
    together = np.minimum(held[0], held[1])
    lift = np.ones((len(effect), months, len(ENDINGS)))
    for row in (TARGET_GIVES_WAY, SENDER_BACKS_DOWN):
        alone = held[row] - together
        lift[:, :, row] += alone * np.expm1(effect)[:, None]
    lift[:, :, SETTLEMENT] += together * np.expm1(both)[:, None]
    return lift
