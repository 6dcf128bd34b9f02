"""Which part of a loss comes from what: Shapley values over independent switches, in one batch of solves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import combinations
from math import factorial

import numpy as np

from geoecon.costs import payments
from geoecon.costs.case_shock import Economy, shock_of
from geoecon.costs.dispute import PLAYERS, Dispute
from geoecon.costs.hat_algebra import solve
from geoecon.draws import Array, Draws


def coalitions(players: Sequence[str]) -> list[frozenset[str]]:
    """Every set of players, the empty one first."""
    return [frozenset(some) for size in range(len(players) + 1) for some in combinations(players, size)]


def shapley(value: Callable[[frozenset[str]], Array], players: Sequence[str]) -> dict[str, Array]:
    """What each player adds on the mean over all orders in which they could come. The parts sum to the value of all
    less that of none. Shapley 1953."""
    n = len(players)
    known = {some: np.asarray(value(some), float) for some in coalitions(players)}
    found = {}
    for player in players:
        part = np.zeros_like(known[frozenset()])
        for some in coalitions([other for other in players if other != player]):
            weight = factorial(len(some)) * factorial(n - len(some) - 1) / factorial(n)
            part = part + weight * (known[some | {player}] - known[some])
        found[player] = part
    return found


def acting(dispute: Dispute) -> list[str]:
    """The players that do anything in some draw."""
    licences: Iterable[Array] = (*dispute.lost.values(), *dispute.waiting.values(), *dispute.output_lost.values(),
                                 dispute.other_cut)  # fmt: skip
    moves = {"licences": any(np.any(part) for part in licences), "retaliation": bool(np.any(dispute.mirrored_cut)),
             "boycott": bool(np.any(dispute.boycott))}  # fmt: skip
    for one in dispute.instruments:
        moves[one.switch] = moves[one.switch] or any(map(np.any, (one.cut, one.duty, one.idle)))
    for paid in dispute.payments:
        moves[paid.switch] = moves[paid.switch] or bool(np.any(paid.balance))
    return [player for player in PLAYERS if moves[player]]


def attribute(economy: Economy, dispute: Dispute, draws: Draws) -> Array:
    """(draw, player, region) per cent of real income that each of `PLAYERS` costs or brings."""
    players = acting(dispute)

    def value(some: frozenset[str]) -> Array:
        if not some:
            return np.zeros((draws.n, len(economy.model.regions)))
        part = dispute.only(some)
        return payments.real_income(solve(economy.model, shock_of(economy, part, draws)), part.payments)

    parts = shapley(value, players) if players else {}
    nothing = np.zeros((draws.n, len(economy.model.regions)))
    return np.stack([parts.get(player, nothing) for player in PLAYERS], axis=1)
