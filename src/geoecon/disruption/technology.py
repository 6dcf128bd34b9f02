"""One technology of a material for every horizon, compiled: from the flow that may move to use, output and price.

Users need one unit a day. Bound output is CES in the material and everything else, Y = [(1 − a) + a m^r]^(1/r) with
r = 1 − 1/σ and a the material's share in the cost of bound output. σ(t) = σ₀ + (σ∞ − σ₀)(1 − e^(−t/τ)), t since the
flow first fell (Boehm, Flaaen & Pandalai-Nayar 2019 for the first days, Peter & Ruane 2023 for the long run).
Stocks are drawn by value of use: relief comes at hazard 1/H, so the best plan lets the shadow price P rise by
P(t) − 1 = (1 − 1/H)(P(t+1) − 1) up to P(A), the price of living on arrivals A alone, reached when the stock S is gone:

    S = ∫ [m(1 + (P(A) − 1) x) − A] (H / x) dx over x from x₀ to 1;   today's price is 1 + (P(A) − 1) x₀.

Firms differ in stocks (STRATA of a lognormal). Their goods need no licence, or they have one, or they wait for one;
some buy from the sender alone, some not at all, the others from both: seven groups. What is lent or traded between
firms (`pool`) makes their stocks more alike.
No checks here: `materials` makes the arrays. Functions that take arrays make none (`_nrt=False`): they would count
references to the arrays at every call, a third of the time. Logarithms and powers are those of `ces`, in vectors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geoecon.compiled import FAST, njit
from geoecon.disruption.ces import LEONTIEF, elasticities, log_premiums, outputs, places

if TYPE_CHECKING:
    from geoecon.figure import Array
    from geoecon.kinds import Ints


STRATA = np.array([0.005, 0.025, 0.1, 0.2, 0.37, 0.3])  # of firms, from the smallest stock to the largest
GRID = 1 - np.geomspace(0.98, 1e-6, 44)  # use m at which the plan is tabulated
KNOTS = 24  # values of σ at which it is
TOP_PRICE = 1e3  # times the base: above it nobody bids
BIDS = 10.0  # times the base: beyond, other suppliers have no more to send
TINY = 1e-12  # of a flow
HALF = 0.5  # of its need: a firm below has stopped
SMOOTH = 0.03  # a day: others see the price of about the last month
FREE, LICENSED, WAITING = 0, 1, 2  # of firms that buy from both; with SINGLE added, of those with one supplier
SINGLE, GROUPS = 3, 6
FIELDS = (
    "need_share", "stock_days", "lag_days", "ramp_days", "alternative", "sticky", "refill_days", "cost_share",
    "substitution_now", "substitution_long", "substitution_days", "relief_days", "response", "leak", "lump",
    "covered", "single",
)  # fmt: skip
RESULTS = ("stock", "use", "output", "price", "stopped", "sales", "alternatives", "leaked")


@njit(fastmath=FAST, error_model="numpy", cache=True, nogil=True, _nrt=False)
def tabulate(knot: int, a: float, sigma: float, row: Array, premium: Array, area: Array) -> None:
    """Rows `knot` of ln(P(m) − 1) on GRID, and of the integral of m over what it falls by, from GRID's first point."""
    log_premiums(GRID, len(GRID), a, sigma, row)
    whole = 0.0
    for k in range(len(GRID)):
        premium[knot, k], area[knot, k] = row[k], whole
        if k + 1 < len(GRID):
            whole += (row[k] - row[k + 1]) * (GRID[k] + GRID[k + 1]) * 0.5


@njit(fastmath=FAST, error_model="numpy", cache=True, nogil=True, _nrt=False)
def between(table: Array, q: int, part: float, k: int) -> float:
    """Column k of a table, `part` of the way from row q to the next."""
    found: float = table[q, k] + (table[q + 1, k] - table[q, k]) * part
    return found


@njit(fastmath=FAST, error_model="numpy", cache=True, nogil=True, _nrt=False)
def use_by_plan(
    A: float, edge: float, H: float, q: int, part: float, premium: Array, area: Array, K: int, stocks: Array, j: int,
    at: Ints, use: Array, to: int,
) -> None:  # fmt: skip
    """Use today, `use[to:]`, of the K firms of group j, with arrivals A < 1, `edge` = ln(P(A) − 1) and a stock.

    `premium` and `area` as `tabulate` has them, `part` of the way from row q to the next. The stock that a use needs
    rises along GRID; a firm is looked for from where it was yesterday, `at`.
    """
    low, last = 0, len(GRID) - 1
    while low < last and GRID[low] <= A:
        low += 1
    p = between(premium, q, part, low)
    first = max(edge - p, 0.0) * 0.5 * (GRID[low] - A) - A * p - between(area, q, part, low)
    for f in range(j * K, j * K + K):
        stock, o = stocks[f], to + f - j * K
        if stock < TINY:  # nothing to plan
            use[o] = A
            continue
        if GRID[low] <= A:
            use[o] = min(1.0, A + stock)
            continue
        k, s = max(at[f], low), stock / H
        need = first + between(area, q, part, k) + A * between(premium, q, part, k)
        before = need
        if need < s:
            while need < s and k < last:
                k += 1
                before = need
                need = first + between(area, q, part, k) + A * between(premium, q, part, k)
        else:
            while k > low:
                before = first + between(area, q, part, k - 1) + A * between(premium, q, part, k - 1)
                if before < s:
                    break
                k -= 1
                need = before
            if k == low:
                before = 0.0
        at[f] = k
        if need < s:
            use[o] = min(1.0, A + stock)
        else:
            m = GRID[k - 1] if k > low else A
            share = (s - before) / (need - before) if need > before else 0.0
            use[o] = min(m + share * (GRID[k] - m), A + stock)


@njit(fastmath=FAST, error_model="numpy", cache=True, nogil=True, _nrt=False)
def move_firms(lic: float, moving: float, K: int, S: Array) -> None:
    """Firms that get a licence, or lose it, take their stock along."""
    for j in range(0, GROUPS, SINGLE):
        of, waiting = (j + LICENSED) * K, (j + WAITING) * K
        if moving > lic:
            for k in range(K):
                S[of + k] = (lic * S[of + k] + (moving - lic) * S[waiting + k]) / moving
        else:
            for k in range(K):
                stay = (1.0 - lic) * S[waiting + k] + (lic - moving) * S[of + k]
                S[waiting + k] = stay / (1.0 - moving)


@njit(fastmath=FAST, error_model="numpy", cache=True, nogil=True, _nrt=False)
def weights(lic: float, covered: float, single: float, ns: float, strata: Array, w: Array, part: Array) -> None:
    """Share of all use by group, and by group and stratum."""
    K = len(strata)
    for j in range(GROUPS):
        kind = j % SINGLE
        w[j] = single * ns if j >= SINGLE else 1.0 - single
        w[j] *= 1.0 - covered if kind == FREE else covered * (lic if kind == LICENSED else 1.0 - lic)
        for k in range(K):
            part[j * K + k] = w[j] * strata[k]


@njit(fastmath=FAST, error_model="numpy", cache=True, nogil=True, _nrt=False)
def refill(days: float, supply: float, part: Array, goal: Array, S: Array) -> float:
    """Stocks filled again out of `supply`, everybody's gap in the same time: what they took."""
    wanted = 0.0
    for f in range(len(S)):
        wanted += part[f] * max(goal[f] - S[f], 0.0)
    wanted /= days
    taken = min(wanted, supply) if wanted >= TINY else 0.0  # its inverse would be infinite
    if taken > 0.0:
        fill = taken / wanted / days
        for f in range(len(S)):
            S[f] += max(goal[f] - S[f], 0.0) * fill
    return taken


@njit(fastmath=FAST, error_model="numpy", cache=True, nogil=True, _nrt=False)
def one_path(
    flow: Array, free: Array, remaining: Array, given: Array, strata: Array, many: Array, start: int, row: Array,
    premium: Array, area: Array, S: Array, goal: Array, part: Array, at: Ints, use: Array, made: Array, w: Array,
    own: Array, A: Array, edge: Array, short: Ints, by_day: Array, knots: Array, out: Array,
) -> None:  # fmt: skip
    """One material in one draw: flow, free, remaining (T,), given as FIELDS, many (K,), out (8, T) as RESULTS."""
    (ns, target, lag, ramp, alternative, sticky, refill_days, a, now, long, tau, H, response, leak, lump,
     covered, single) = given  # fmt: skip
    T, K = len(flow), len(strata)
    low, high = max(now, LEONTIEF), max(long, LEONTIEF)
    rigid = max(low, high) <= LEONTIEF
    log_range = np.log(high / low)
    if not rigid:
        elasticities(start, now, long, tau, by_day)
        places(by_day, low, log_range, KNOTS, knots)
    known = 0  # knots of the table so far: σ rises
    apart = single * (1.0 - ns)  # firms that buy nothing from the sender
    for j in range(GROUPS):
        for k in range(K):
            f = j * K + k
            goal[f] = target * many[k]
            S[f] = goal[f]
            at[f] = len(GRID) - 1
    P, kept, lic, others = 1.0, 0.0, 1.0, 1.0 - ns
    for t in range(T):
        since = float(t - start) if 0 <= start <= t else -1.0
        ready = alternative * min(max((since - lag + 1.0) / max(ramp, 1.0), 0.0), 1.0) if since >= 0.0 else 0.0
        ready = max(ready, ns * (1.0 - remaining[t]))
        moving, unbound = min(flow[t], 1.0), min(free[t], 1.0)
        moving = 0.0 if moving < TINY else 1.0 if moving > 1.0 - TINY else moving
        ahead = ns * (covered * max(flow[t] - 1.0, 0.0) + (1.0 - covered) * max(free[t] - 1.0, 0.0))
        if moving != lic:
            move_firms(lic, moving, K, S)
        if moving != lic or t == 0:
            weights(moving, covered, single, ns, strata, w, part)
        lic = moving
        gaps = open_gaps = through = 0.0  # open: of firms that have a second supplier to turn to
        for j in range(GROUPS):
            alone = j >= SINGLE
            kind, of = j % SINGLE, 1.0 if alone else ns
            own[j] = of * (unbound if kind == FREE else (1.0 - lump) * moving + (lump if kind == LICENSED else 0.0))
            leaked = leak * (of - own[j])
            A[j] = 1.0 - of + own[j] + leaked
            gaps += w[j] * max(1.0 - A[j], 0.0)
            open_gaps += 0.0 if alone else w[j] * max(1.0 - A[j], 0.0)
            through += w[j] * leaked
        more = min(others * (min(P, BIDS) ** response - 1.0), open_gaps) if P > 1.0 and response > 0.0 else 0.0
        first = min(gaps - more, ready)
        mean_use = mean_output = apart
        stopped = 0.0
        n = 0  # groups that go short
        for j in range(GROUPS):
            if w[j] > 0.0:
                gap = max(1.0 - A[j], 0.0)
                if j < SINGLE and open_gaps > 0.0:
                    gap *= 1.0 - more / open_gaps
                arrive = min(1.0 - gap * (1.0 - first / (gaps - more)) if gaps > more else 1.0, 1.0)
                if arrive >= 1.0 - 1e-12:
                    mean_use += w[j]
                    mean_output += w[j]
                else:
                    short[n], own[n], A[n] = j, arrive, max(arrive, 1e-9)
                    n += 1
        if rigid:
            for i in range(n):
                for k in range(K):
                    use[i * K + k] = min(1.0, own[i] + S[short[i] * K + k])
                    made[i * K + k] = use[i * K + k]
        elif n:
            q = min(max(int(knots[t]), 0), KNOTS - 2)
            while known < q + 2:
                tabulate(known, a, low * np.exp(log_range * known / (KNOTS - 1)), row, premium, area)
                known += 1
            log_premiums(A, n, a, by_day[t], edge)
            for i in range(n):
                use_by_plan(A[i], edge[i], H, q, knots[t] - q, premium, area, K, S, short[i], at, use, i * K)
            outputs(use, n * K, a, by_day[t], made)
        for i in range(n):
            for k in range(K):
                f, o = short[i] * K + k, i * K + k
                S[f] = max(S[f] - max(use[o] - own[i], 0.0), 0.0)
                mean_use += part[f] * use[o]
                mean_output += part[f] * made[o]
                stopped += part[f] if use[o] < HALF else 0.0
        if ahead != 0.0:
            for f in range(len(S)):
                S[f] += ahead / max(1.0 - apart, 1e-9)
        taken = refill(refill_days, ready - first, part, goal, S)
        sold = ns * (covered * moving + (1.0 - covered) * unbound) + ahead
        instead = first + taken
        loyal = max(min(min(kept, ready) - instead, sold), 0.0)
        kept = max(kept, sticky * min(instead + loyal, ns))
        today = 1.0
        if mean_use < 1.0 - 1e-12:
            today = 1.0 / a if rigid else np.exp(min(np.log(mean_output / mean_use) / by_day[t], 30.0))
        P += SMOOTH * (min(max(today, 1.0), TOP_PRICE) - P)
        whole = apart * target  # those who buy nothing from the sender keep theirs
        for f in range(len(S)):
            whole += part[f] * S[f]
        out[0, t], out[1, t], out[2, t], out[3, t] = whole, mean_use, mean_output, P
        out[4, t], out[5, t], out[6, t], out[7, t] = stopped, sold - loyal, instead + loyal, through


@njit(fastmath=FAST, error_model="numpy", cache=True, nogil=True)
def follow(flow: Array, free: Array, remaining: Array, given: Array, strata: Array, many: Array, out: Array) -> None:
    """Every draw and material: flow of the covered goods, free of the others, remaining (D, G, T); given (D, G,
    FIELDS); many (D, G, K) stocks of the strata over the mean; out (D, G, RESULTS, T). A flow at rest needs no loop."""
    D, G, T = flow.shape
    K = len(strata)
    row, premium, area = np.empty(len(GRID)), np.empty((KNOTS, len(GRID))), np.empty((KNOTS, len(GRID)))
    S, goal, part, use, made = (np.empty(GROUPS * K), np.empty(GROUPS * K), np.empty(GROUPS * K), np.empty(GROUPS * K),
                                np.empty(GROUPS * K))  # fmt: skip
    at, short = np.empty(GROUPS * K, np.int64), np.empty(GROUPS, np.int64)
    w, own, A, edge = np.empty(GROUPS), np.empty(GROUPS), np.empty(GROUPS), np.empty(GROUPS)
    by_day, knots = np.empty(T), np.empty(T)
    for d in range(D):
        for g in range(G):
            start, moved = -1, False
            for t in range(T):
                f, u = flow[d, g, t], free[d, g, t]
                if start < 0 and (f < 1.0 - 1e-9 or u < 1.0 - 1e-9):
                    start = t
                moved = moved or f != 1.0 or u != 1.0 or remaining[d, g, t] < 1.0
            if moved:
                one_path(flow[d, g], free[d, g], remaining[d, g], given[d, g], strata, many[d, g], start, row,
                         premium, area, S, goal, part, at, use, made, w, own, A, edge, short, by_day, knots,
                         out[d, g])  # fmt: skip
            else:
                out[d, g, :, :] = 0.0
                out[d, g, 0, :], out[d, g, 1:4, :], out[d, g, 5, :] = given[d, g, 1], 1.0, given[d, g, 0]


def stocks_of_firms(spread: Array) -> Array:
    """(…, K) stock of each stratum over the mean: conditional means of a lognormal of mean one."""
    from scipy.special import ndtr, ndtri

    edges = ndtri(np.concatenate([[0.0], np.cumsum(STRATA)[:-1], [1.0]]))
    s = np.asarray(spread, float)[..., None]
    return np.asarray((ndtr(edges[1:] - s) - ndtr(edges[:-1] - s)) / STRATA)
