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
from numba import njit

MEMORY = 4  # steps that the mixing remembers
DAMPING = 0.5  # share of the clock rates in the damped step
REACH = 1.2  # largest product of step and rate for the midpoint rule
WORK = 5  # rows of scratch space

FAST = {"nsz", "arcp", "contract", "reassoc", "afn"}


@njit(fastmath=FAST, cache=True)  # type: ignore[untyped-decorator]
def exponentials(z: Any, bits: Any, scale: Any) -> None:
    """exp(z) in place for a row of numbers not above zero, to 1e-11, written so that the compiler vectorises it.

    exp(z) = 2^w 2^f with w the whole part of z / ln 2; 2^f by its series around one half; 2^w by setting exponent
    bits: `bits` (int64) and `scale` (float64) are two views of one row.
    """
    for b in range(z.shape[0]):
        t = max(z[b] * 1.4426950408889634, -1000.0)
        whole = np.floor(t)
        bits[b] = np.int64(np.int32(whole) + 1023) << 52
        y = (t - whole - 0.5) * 0.6931471805599453
        p = 1 / 720 + y * (1 / 5040 + y * (1 / 40320 + y / 362880))
        z[b] = 1.4142135623730951 * (1 + y * (1 + y * (1 / 2 + y * (1 / 6 + y * (1 / 24 + y * (1 / 120 + y * p))))))
    for b in range(z.shape[0]):
        z[b] *= scale[b]


@njit(fastmath=FAST, cache=True)  # type: ignore[untyped-decorator]
def choose(x: int, j: int, V: Any, board: Any, game: Any, sigma: Any, work: Any) -> None:
    """(B1) for player j in state x: writes sigma[first move to last move, batch]."""
    group, after, lump_of, reference_of = board[1], board[2], board[3], board[4]
    precision, lump, reference = game[0], game[6], game[7]
    n = V.shape[2]
    first, last = group[3 * x + j], group[3 * x + j + 1]
    top, total, scale = work[0], work[1], work[2]
    bits = scale.view(np.int64)
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
            sigma[m, b] -= top[b]
        exponentials(sigma[m], bits, scale)
        for b in range(n):
            total[b] += sigma[m, b]
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
    moving, weight = work[3], work[4]
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
                    sigma[first] = 1.0
                    continue
                choose(x, j, V, board, game, sigma, work)
                for b in range(n):
                    moving[b] = clock[j, b] * (1.0 - sigma[first, b])
                for i in range(3):
                    for b in range(n):
                        out[x, i, b] -= moving[b] * V[x, i, b]
                for m in range(first + 1, last):  # the first move is to hold and changes nothing
                    y, k = after[m], lump_of[m]
                    for b in range(n):
                        weight[b] = clock[j, b] * sigma[m, b]
                    for i in range(3):
                        for b in range(n):
                            out[x, i, b] += weight[b] * V[y, i, b]
                    if k > 0:  # class 0: nothing is paid
                        for i in range(3):
                            for b in range(n):
                                out[x, i, b] += weight[b] * lump[k, i, b]


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
def settle(V: Any, loss: Any, board: Any, game: Any, tail: Any, sigma: Any, tol: float, most: int) -> int:
    """The stationary game beyond the horizon, in place; returns the number of steps taken.

    Damped steps, one rate for all states, mixed over the last MEMORY of them (Anderson 1965) draw by draw.
    """
    per, (turnover, conciliatory) = board[0], tail
    size, n = 4 * per, V.shape[2]
    live, work = np.arange(4), np.empty((WORK, n))
    out = np.zeros_like(V)
    last_step, last_point = np.zeros_like(V), np.zeros_like(V)
    d_step, d_point = np.zeros((MEMORY, size, 3, n)), np.zeros((MEMORY, size, 3, n))
    damp = np.empty((3, n))
    for i in range(3):
        for b in range(n):
            rings = game[2][0, b] + game[2][1, b] + game[2][2, b]
            damp[i, b] = 1.0 / (DAMPING * rings + game[3][b] + turnover[0, b])
    gram, mixed = np.zeros((MEMORY, MEMORY, n)), np.zeros((MEMORY, n))
    for turn in range(most):
        slope(V, live, loss, board, game, sigma, out, work)
        add_turnover(V, turnover, conciliatory, per, out)
        worst = 0.0
        for x in range(size):
            for i in range(3):
                for b in range(n):
                    worst = max(worst, abs(out[x, i, b]))
        if worst < tol:
            return turn
        slot = (turn - 1) % MEMORY
        for x in range(size):
            for i in range(3):
                for b in range(n):
                    f = out[x, i, b] * damp[i, b]
                    if turn > 0:
                        d_step[slot, x, i, b] = f - last_step[x, i, b]
                        d_point[slot, x, i, b] = V[x, i, b] - last_point[x, i, b]
                    last_step[x, i, b] = f
                    last_point[x, i, b] = V[x, i, b]
        held = min(turn, MEMORY)
        if held > 0:
            _weights(d_step, last_step, held, size, gram, mixed)
        for x in range(size):
            for i in range(3):
                for b in range(n):
                    V[x, i, b] += last_step[x, i, b]
        for h in range(held):
            for x in range(size):
                for i in range(3):
                    for b in range(n):
                        V[x, i, b] -= mixed[h, b] * (d_point[h, x, i, b] + d_step[h, x, i, b])
    return most


@njit(fastmath=FAST, cache=True)  # type: ignore[untyped-decorator]
def _weights(d_step: Any, step: Any, held: int, size: int, gram: Any, mixed: Any) -> None:
    """Least-squares weights that make the mixed step smallest, for every draw of the batch."""
    n = step.shape[2]
    gram[:] = 0.0
    mixed[:] = 0.0
    for g in range(held):
        for x in range(size):
            for i in range(3):
                for b in range(n):
                    mixed[g, b] += d_step[g, x, i, b] * step[x, i, b]
        for h in range(g + 1):
            for x in range(size):
                for i in range(3):
                    for b in range(n):
                        gram[g, h, b] += d_step[g, x, i, b] * d_step[h, x, i, b]
    square, right = np.empty((held, held)), np.empty(held)
    for b in range(n):
        trace = 0.0
        for g in range(held):
            trace += gram[g, g, b]
            right[g] = mixed[g, b]
            for h in range(held):
                square[g, h] = gram[max(g, h), min(g, h), b]
        if not trace > 0.0:
            mixed[:, b] = 0.0
            continue
        for g in range(held):
            square[g, g] += 1e-13 * trace
        solved = np.linalg.solve(square, right)
        for g in range(held):
            mixed[g, b] = solved[g]


@njit(fastmath=FAST, cache=True)  # type: ignore[untyped-decorator]
def slope_change(V: Any, dV: Any, dL: float, board: Any, game: Any, tail: Any, sigma: Any, out: Any) -> None:
    """Change of the slope (B2) of one draw, elections beyond the horizon included, with dV and with dL of precision.

    V, dV, out (state or exit, player, 1); sigma holds the choices at V.
    """
    per, group, after, lump_of, _, lapse_to, _ = board
    precision, discount, clock, lapse, fade, _, lump, _ = game
    for x in range(4 * per):
        for i in range(3):
            out[x, i, 0] = lapse[0] * (dV[lapse_to[x], i, 0] - dV[x, i, 0]) - (discount[i, 0] + fade[0]) * dV[x, i, 0]
        for j in range(3):
            first, last = group[3 * x + j], group[3 * x + j + 1]
            mean = 0.0
            for m in range(first, last):
                y, k = after[m], lump_of[m]
                mean += sigma[m, 0] * (precision[0] * dV[y, j, 0] + dL * (lump[k, j, 0] + V[y, j, 0]))
            for m in range(first + 1, last):
                y, k = after[m], lump_of[m]
                more = precision[0] * dV[y, j, 0] + dL * (lump[k, j, 0] + V[y, j, 0]) - mean
                for i in range(3):
                    gain = lump[k, i, 0] + V[y, i, 0] - V[x, i, 0]
                    out[x, i, 0] += clock[j, 0] * sigma[m, 0] * (dV[y, i, 0] - dV[x, i, 0] + more * gain)
    add_turnover(dV, tail[0], tail[1], per, out)


@njit(fastmath=FAST, cache=True)  # type: ignore[untyped-decorator]
def add_scaled(base: Any, slopes: Any, width: float, live: Any, per: int, out: Any) -> None:
    """out = base + width x slopes in the states of the live pairs."""
    for pair in live:
        for x in range(pair * per, (pair + 1) * per):
            for i in range(base.shape[1]):
                for b in range(base.shape[2]):
                    out[x, i, b] = base[x, i, b] + width * slopes[x, i, b]


@njit(fastmath=FAST, cache=True)  # type: ignore[untyped-decorator]
def parts_of(step: float, pairs: Any, board: Any, game: Any, choice: Any) -> int:
    """Into how many parts a step must fall so that no state is left faster than the method can follow."""
    per, group = board[0], board[1]
    clock, lapse, fade = game[2], game[3], game[4]
    fastest = 0.0
    for pair in pairs:
        for x in range(pair * per, (pair + 1) * per):
            for b in range(choice.shape[1]):
                rate = lapse[b] + fade[b]
                for j in range(3):
                    rate += clock[j, b] * (1.0 - choice[group[3 * x + j], b])
                fastest = max(fastest, rate)
    return 1 + int(step * fastest / REACH)


@njit(fastmath=FAST, cache=True)  # type: ignore[untyped-decorator]
def backward(V: Any, step: float, live: Any, events: Any, chances: Any, engage_to: Any, loss: Any, board: Any,
             game: Any, policy: Any) -> None:  # fmt: skip
    """Values from the horizon back to the start, in place, by midpoint steps; keeps the choices.

    Node t lies t x step months after the start. live[t, pair] marks the pairs of leaders possible in the step from
    t to t + 1; events[t] = (sender elects, target elects, patron engages) at node t; loss[2 t] at the node,
    loss[2 t + 1] half a step later; policy[t, move, batch] receives the choices in the middle of the step.
    """
    per, n = board[0], V.shape[2]
    sigma, work = np.zeros((board[2].shape[0], n)), np.empty((WORK, n))
    k, probe = np.zeros_like(V), V.copy()
    for t in range(live.shape[0] - 1, -1, -1):
        pairs = np.flatnonzero(live[t])
        slope(V, pairs, loss[2 * t + 2], board, game, sigma, k, work)
        parts = parts_of(step, pairs, board, game, sigma)
        for part in range(parts):
            if part > 0:
                slope(V, pairs, loss[2 * t + 1], board, game, sigma, k, work)
            add_scaled(V, k, 0.5 * step / parts, pairs, per, probe)
            slope(probe, pairs, loss[2 * t + 1], board, game, sigma, k, work)
            add_scaled(V, k, step / parts, pairs, per, V)
        for pair in pairs:
            first, last = board[1][3 * pair * per], board[1][3 * (pair + 1) * per]
            policy[t, first:last] = sigma[first:last]
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
    k = np.zeros((3, *p.shape))
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
        parts = parts_of(step, pairs, board, game, policy[t])
        for _ in range(parts):
            h = step / parts  # the choices stand still within a step, so the series of the exponential applies
            flow_of(p, pairs, board, game, policy[t], k[0])
            flow_of(k[0], pairs, board, game, policy[t], k[1])
            flow_of(k[1], pairs, board, game, policy[t], k[2])
            p += h * (k[0] + h / 2 * (k[1] + h / 3 * k[2]))
        if (t + 1) % every == 0:
            exits[(t + 1) // every] = p[states:]


@njit(fastmath=FAST, cache=True, nogil=True)  # type: ignore[untyped-decorator]
def play(start: int, V: Any, rates: Any, step: float, every: int, live: Any, events: Any, chances: Any,
         engage_to: Any, loss: Any, board: Any, game: Any, exits: Any, values: Any, tol: float,
         most: int) -> int:  # fmt: skip
    """A batch of draws: the values back to the start, the probabilities forward.

    V[state or exit, player, batch] holds the values at the end, or with most > 0 a guess of those of reference play
    for ever; exits and values receive the answer. Returns the steps that reference play took, `most` if it failed.
    """
    sigma = np.zeros((board[2].shape[0], V.shape[2]))
    turns = 0
    if most > 0:  # reference play: precision zero
        calm = (np.zeros_like(game[0]), game[1], game[2], game[3], game[4], game[5], game[6], game[7])
        turns = settle(V, loss[-1], board, calm, rates, sigma, tol, most)
    policy = np.zeros((live.shape[0], board[2].shape[0], V.shape[2]), dtype=np.float32)
    backward(V, step, live, events, chances, engage_to, loss, board, game, policy)
    values[:] = V[start]
    p = np.zeros((V.shape[0], V.shape[2]))
    p[start] = 1.0
    forward(p, step, every, live, events, chances, engage_to, board, game, policy, exits)
    return turns
