"""The kernels of the dispute game: values backward in time, probabilities forward, eight draws at once.

Written for arrays whose last dimension is a batch of draws, so that every inner loop runs over neighbouring numbers.
With V_i the value to player i in state x (dot: along backward time), clock rates c_j, choice probabilities p_j(m) and
the state y(m) that move m leads to:

(B1)  p_j(m) = q_m exp(L (g_jm + V_j(y(m)))) / sum over the moves of j        logit with reference weights q
(B2)  dV_i = flow_i - d_i V_i + sum_j c_j sum_m p_j(m) (g_im + V_i(y(m)) - V_i)
             + lapse (V_i(without offer) - V_i) - fade V_i
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit, prange

FAST = {"nsz", "arcp", "contract", "reassoc", "afn"}


@njit(fastmath=FAST, cache=True)  # type: ignore[untyped-decorator]
def choose(x: int, j: int, V: Any, board: Any, game: Any, sigma: Any, work: Any) -> None:
    """(B1) for player j in state x: writes sigma[first move to last move, batch]."""
    group, after, lump_of, reference_of = board[1], board[2], board[3], board[4]
    precision, lump, reference = game[0], game[6], game[7]
    n = V.shape[2]
    first, last = group[3 * x + j], group[3 * x + j + 1]
    top, total = work[0], work[1]
    for b in range(n):
        top[b] = -1e300
        total[b] = 0.0
    for m in range(first, last):
        y, k, q = after[m], lump_of[m], reference_of[m]
        for b in range(n):
            z = reference[q, b] + precision[b] * (lump[k, j, b] + V[y, j, b])
            sigma[m, b] = z
            top[b] = max(top[b], z)
    for m in range(first, last):
        for b in range(n):
            e = np.exp(sigma[m, b] - top[b])
            sigma[m, b] = e
            total[b] += e
    for b in range(n):
        total[b] = 1.0 / total[b]
    for m in range(first, last):
        for b in range(n):
            sigma[m, b] *= total[b]


@njit(fastmath=FAST, cache=True)  # type: ignore[untyped-decorator]
def slope(V: Any, live: Any, loss: Any, board: Any, game: Any, sigma: Any, out: Any, work: Any) -> None:
    """(B2) in every state of the live pairs of leaders: writes out[state, player, batch] and the choices sigma."""
    per, group, after, lump_of, _, lapse_to, loss_of = board
    _, discount, clock, lapse, fade, flow, lump, _ = game
    n = V.shape[2]
    for pair in live:
        for x in range(pair * per, (pair + 1) * per):
            for i in range(3):
                for b in range(n):
                    back = lapse[b] * (V[lapse_to[x], i, b] - V[x, i, b])
                    gone = (discount[i, b] + fade[b]) * V[x, i, b]
                    out[x, i, b] = flow[x - pair * per, i, b] - loss[loss_of[x], i, b] + back - gone
            for j in range(3):
                first, last = group[3 * x + j], group[3 * x + j + 1]
                if last - first == 1:
                    for b in range(n):
                        sigma[first, b] = 1.0
                    continue
                choose(x, j, V, board, game, sigma, work)
                for m in range(first + 1, last):  # the first move is to hold and changes nothing
                    y, k = after[m], lump_of[m]
                    for i in range(3):
                        for b in range(n):
                            gain = lump[k, i, b] + V[y, i, b] - V[x, i, b]
                            out[x, i, b] += clock[j, b] * sigma[m, b] * gain


@njit(fastmath=FAST, cache=True)  # type: ignore[untyped-decorator]
def mix(V: Any, side: int, chance: Any, per: int) -> None:
    """Values before an election of this side: the chance-weighted values under its two possible leaders."""
    n = V.shape[2]
    for pair in range(4):
        here = (pair >> 1) if side == 0 else (pair & 1)
        if here == 1:
            continue
        twin = pair + (2 if side == 0 else 1)
        for x in range(per):
            for i in range(3):
                for b in range(n):
                    firm, mild = V[pair * per + x, i, b], V[twin * per + x, i, b]
                    mean = (1 - chance[b]) * firm + chance[b] * mild
                    V[pair * per + x, i, b] = mean
                    V[twin * per + x, i, b] = mean


@njit(fastmath=FAST, cache=True)  # type: ignore[untyped-decorator]
def add_turnover(V: Any, turnover: Any, conciliatory: Any, per: int, out: Any) -> None:
    """Beyond the dated elections leaders change at a rate: adds that flow to the slope of every state."""
    n = V.shape[2]
    for pair in range(4):
        for side in range(2):
            step = 2 if side == 0 else 1
            base = pair & (1 if side == 0 else 2)  # the pair with this side firm
            for x in range(per):
                for i in range(3):
                    for b in range(n):
                        mean = (1 - conciliatory[side, b]) * V[base * per + x, i, b]
                        mean += conciliatory[side, b] * V[(base + step) * per + x, i, b]
                        out[pair * per + x, i, b] += turnover[side, b] * (mean - V[pair * per + x, i, b])


@njit(fastmath=FAST, cache=True)  # type: ignore[untyped-decorator]
def settle(V: Any, loss: Any, board: Any, game: Any, tail: Any, sigma: Any, tol: float, most: int) -> float:
    """The stationary game beyond the horizon: damped iteration from V in place; returns the largest slope left."""
    per = board[0]
    _, discount, clock, lapse, fade, _, _, _ = game
    turnover, conciliatory = tail
    n = V.shape[2]
    out = np.zeros_like(V)
    work = np.empty((2, n))
    live = np.arange(4)
    worst = 1e300
    for _ in range(most):
        slope(V, live, loss, board, game, sigma, out, work)
        add_turnover(V, turnover, conciliatory, per, out)
        worst = 0.0
        for x in range(4 * per):
            for i in range(3):
                for b in range(n):
                    rate = discount[i, b] + fade[b] + lapse[b] + turnover[0, b] + turnover[1, b]
                    rate += clock[0, b] + clock[1, b] + clock[2, b]
                    V[x, i, b] += out[x, i, b] / rate
                    worst = max(worst, abs(out[x, i, b]))
        if worst < tol:
            break
    return worst


@njit(fastmath=FAST, cache=True)  # type: ignore[untyped-decorator]
def add_scaled(base: Any, slopes: Any, width: float, live: Any, per: int, out: Any) -> None:
    """out = base + width x slopes in the states of the live pairs."""
    for pair in live:
        for x in range(pair * per, (pair + 1) * per):
            for i in range(base.shape[1]):
                for b in range(base.shape[2]):
                    out[x, i, b] = base[x, i, b] + width * slopes[x, i, b]


@njit(fastmath=FAST, cache=True)  # type: ignore[untyped-decorator]
def backward(V: Any, step: float, live: Any, events: Any, chances: Any, engage_to: Any, loss: Any, board: Any,
             game: Any, policy: Any) -> None:  # fmt: skip
    """Values from the horizon back to the start, in place, by classical Runge-Kutta steps; keeps the choices.

    Node t lies t x step months after the start. live[t, pair] marks the pairs of leaders possible in the step from
    t to t + 1; events[t] = (sender elects, target elects, patron engages) at node t; loss[2 t] at the node, loss
    [2 t + 1] half a step later; policy[t, move, batch] receives the choices in the middle of the step.
    """
    per, n = board[0], V.shape[2]
    sigma = np.zeros((board[2].shape[0], n))
    work = np.empty((2, n))
    k = np.zeros((4, *V.shape))
    probe = V.copy()
    for t in range(live.shape[0] - 1, -1, -1):
        pairs = np.flatnonzero(live[t])
        slope(V, pairs, loss[2 * t + 2], board, game, sigma, k[0], work)
        add_scaled(V, k[0], 0.5 * step, pairs, per, probe)
        slope(probe, pairs, loss[2 * t + 1], board, game, sigma, k[1], work)
        add_scaled(V, k[1], 0.5 * step, pairs, per, probe)
        slope(probe, pairs, loss[2 * t + 1], board, game, sigma, k[2], work)
        for pair in pairs:
            for m in range(board[1][3 * pair * per], board[1][3 * (pair + 1) * per]):
                for b in range(n):
                    policy[t, m, b] = sigma[m, b]
        add_scaled(V, k[2], step, pairs, per, probe)
        slope(probe, pairs, loss[2 * t], board, game, sigma, k[3], work)
        for stage, weight in ((0, 1.0), (1, 2.0), (2, 2.0), (3, 1.0)):
            add_scaled(V, k[stage], step * weight / 6, pairs, per, V)
        if events[t, 2]:
            engage(V, engage_to)
        for side in range(2):
            if events[t, side]:
                mix(V, side, chances[t, side], per)


@njit(fastmath=FAST, cache=True)  # type: ignore[untyped-decorator]
def engage(V: Any, engage_to: Any) -> None:
    """The patron steps in on a date: a state with the patron out is worth what it is worth with the patron in."""
    for x in range(engage_to.shape[0]):
        if engage_to[x] != x:
            V[x] = V[engage_to[x]]


@njit(fastmath=FAST, cache=True)  # type: ignore[untyped-decorator]
def flow_of(p: Any, pairs: Any, board: Any, game: Any, choice: Any, out: Any) -> None:
    """Change of the probabilities p[state or exit, batch] a month, under the given choices; exits stay."""
    per, group, after, _, _, lapse_to, _ = board
    _, _, clock, lapse, fade, _, _, _ = game
    n = p.shape[1]
    out[:] = 0.0
    gone = p.shape[0] - 1  # the last exit: faded
    for pair in pairs:
        for x in range(pair * per, (pair + 1) * per):
            for b in range(n):
                out[gone, b] += fade[b] * p[x, b]
                out[x, b] -= fade[b] * p[x, b]
                out[lapse_to[x], b] += lapse[b] * p[x, b]
                out[x, b] -= lapse[b] * p[x, b]
            for j in range(3):
                for m in range(group[3 * x + j] + 1, group[3 * x + j + 1]):
                    y = after[m]
                    for b in range(n):
                        moved = clock[j, b] * choice[m, b] * p[x, b]
                        out[y, b] += moved
                        out[x, b] -= moved


@njit(fastmath=FAST, cache=True)  # type: ignore[untyped-decorator]
def elect(p: Any, side: int, chance: Any, per: int) -> None:
    """An election of this side: the probability of both its leaders, dealt out anew."""
    step = 2 if side == 0 else 1
    for pair in range(4):
        if pair & step:
            continue
        for x in range(per):
            for b in range(p.shape[1]):
                both = p[pair * per + x, b] + p[(pair + step) * per + x, b]
                p[pair * per + x, b] = (1 - chance[b]) * both
                p[(pair + step) * per + x, b] = chance[b] * both


@njit(fastmath=FAST, cache=True)  # type: ignore[untyped-decorator]
def forward(p: Any, step: float, every: int, live: Any, events: Any, chances: Any, engage_to: Any, board: Any,
            game: Any, policy: Any, exits: Any) -> None:  # fmt: skip
    """Probabilities from the start on; exits[month, exit, batch] receives those of having ended, month 0 included."""
    per, states = board[0], engage_to.shape[0]
    k = np.zeros((4, *p.shape))
    exits[0] = p[states:]
    for t in range(live.shape[0]):
        pairs = np.flatnonzero(live[t])
        for side in range(2):
            if events[t, side]:
                elect(p, side, chances[t, side], per)
        if events[t, 2]:
            for x in range(states):
                if engage_to[x] != x:
                    p[engage_to[x]] += p[x]
                    p[x] = 0.0
        flow_of(p, pairs, board, game, policy[t], k[0])
        flow_of(p + 0.5 * step * k[0], pairs, board, game, policy[t], k[1])
        flow_of(p + 0.5 * step * k[1], pairs, board, game, policy[t], k[2])
        flow_of(p + step * k[2], pairs, board, game, policy[t], k[3])
        p += step / 6 * (k[0] + 2 * k[1] + 2 * k[2] + k[3])
        if (t + 1) % every == 0:
            exits[(t + 1) // every] = p[states:]


@njit(fastmath=FAST, cache=True, parallel=True)  # type: ignore[untyped-decorator]
def play(start: int, tail: Any, tail_loss: Any, step: float, every: int, live: Any, events: Any, chances: Any,
         engage_to: Any, loss: Any, board: Any, games: Any, tails: Any, exits: Any, values: Any,
         residual: Any, tol: float, most: int) -> None:  # fmt: skip
    """Every batch of draws: the tail, the values back to the start, the probabilities forward.

    games and tails are tuples of arrays whose first dimension is the batch; tail[batch, state or exit, 3, b] holds
    the first guess of the values beyond the horizon and receives the values at the start.
    """
    for batch in prange(exits.shape[0]):
        game = (games[0][batch], games[1][batch], games[2][batch], games[3][batch],
                games[4][batch], games[5][batch], games[6][batch], games[7][batch])  # fmt: skip
        V = tail[batch]
        sigma = np.zeros((board[2].shape[0], V.shape[2]))
        rates = (tails[0][batch], tails[1][batch])
        residual[batch] = settle(V, tail_loss[batch], board, game, rates, sigma, tol, most)
        policy = np.zeros((live.shape[0], board[2].shape[0], V.shape[2]), dtype=np.float32)
        backward(V, step, live, events, chances[batch], engage_to, loss[batch], board, game, policy)
        values[batch] = V[start]
        p = np.zeros((V.shape[0], V.shape[2]))
        p[start] = 1.0
        forward(p, step, every, live, events, chances[batch], engage_to, board, game, policy, exits[batch])
