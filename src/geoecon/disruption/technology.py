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
references to the arrays at every call, a third of the time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geoecon.compiled import FAST, njit

if TYPE_CHECKING:
    from geoecon.figure import Array


LEONTIEF = 1e-3  # σ below which nothing replaces the material
STRATA = np.array([0.005, 0.025, 0.1, 0.2, 0.37, 0.3])  # of firms, from the smallest stock to the largest
GRID = 1 - np.geomspace(0.98, 1e-6, 44)  # use m at which the plan is tabulated
LOG_GRID = np.log(GRID)
LEAST = float(np.log(1e-12))  # of ln m
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


@njit(fastmath=FAST, error_model="numpy", cache=True, nogil=True, inline="always", _nrt=False)
def log_output(log_m: float, a: float, sigma: float) -> float:
    """ln Y of the CES at ln m; σ at least LEONTIEF."""
    if log_m >= 0.0:
        return 0.0
    log_m = max(log_m, LEAST)
    if abs(sigma - 1.0) < 1e-6:
        return a * log_m
    r = 1.0 - 1.0 / sigma
    z = r * log_m
    if z > 30.0:
        large: float = (z + np.log(a)) / r
        return large
    small: float = np.log(1.0 + a * (np.exp(z) - 1.0)) / r  # to 1e-16 / |r|; log1p and expm1 take three times as long
    return small


@njit(fastmath=FAST, error_model="numpy", cache=True, nogil=True, inline="always", _nrt=False)
def log_premium(log_m: float, a: float, sigma: float) -> float:
    """ln(P − 1) at ln m, P = (Y/m)^(1/σ) the marginal product of the material over its base price."""
    log_p: float = (log_output(log_m, a, sigma) - log_m) / sigma
    if log_p > 30.0:
        return log_p
    less: float = np.log(max(np.exp(log_p) - 1.0 if log_p > 1e-3 else np.expm1(log_p), 1e-300))
    return less


@njit(fastmath=FAST, error_model="numpy", cache=True, nogil=True, _nrt=False)
def use_by_plan(
    A: float, a: float, sigma: float, H: float, premium: Array, stocks: Array, j: int, use: Array
) -> None:  # fmt: skip
    """Use today of firms with arrivals A < 1 and stocks `stocks[j]` in ascending order; `premium` is ln(P(m) − 1) on
    GRID."""
    n, f, k = stocks.shape[1], 0, 0
    A = max(A, 1e-9)
    while f < n and stocks[j, f] < TINY:  # nothing to plan
        use[f] = A
        f += 1
    last, last_m, need = log_premium(np.log(A), a, sigma) if f < n else 0.0, A, 0.0
    while f < n and k < len(GRID):
        m = GRID[k]
        if m > A:
            step = max(last - premium[k], 0.0) * ((last_m - A) + (m - A)) * 0.5 * H
            while f < n and stocks[j, f] <= need + step:
                part = (stocks[j, f] - need) / step if step > 0.0 else 0.0
                use[f] = min(last_m + part * (m - last_m), A + stocks[j, f])
                f += 1
            need += step
            last, last_m = premium[k], m
        k += 1
    while f < n:
        use[f] = min(1.0, A + stocks[j, f])
        f += 1


@njit(fastmath=FAST, error_model="numpy", cache=True, nogil=True, inline="always", _nrt=False)
def move_firms(lic: float, moving: float, S: Array) -> None:
    """Firms that get a licence, or lose it, take their stock along."""
    for j in range(0, GROUPS, SINGLE):
        for k in range(S.shape[1]):
            if moving > lic:
                S[j + LICENSED, k] = (lic * S[j + LICENSED, k] + (moving - lic) * S[j + WAITING, k]) / moving
            elif moving < lic:
                stay = (1.0 - lic) * S[j + WAITING, k] + (lic - moving) * S[j + LICENSED, k]
                S[j + WAITING, k] = stay / (1.0 - moving)


@njit(fastmath=FAST, error_model="numpy", cache=True, nogil=True, _nrt=False)
def use_of_group(
    arrive: float, weight: float, a: float, sigma: float, H: float, rigid: bool, premium: Array, strata: Array,
    S: Array, j: int, use: Array, mean: Array,
) -> None:  # fmt: skip
    """Use of one group of firms with stocks S[j], which it draws down. Adds to `mean`: use, output, share of firms
    below half their need."""
    K = len(strata)
    if rigid:
        for k in range(K):
            use[k] = min(1.0, arrive + S[j, k])
    else:
        use_by_plan(arrive, a, sigma, H, premium, S, j, use)
    last, output = 1.0, 1.0
    for k in range(K):
        m, share = use[k], weight * strata[k]
        S[j, k] = max(S[j, k] - max(m - arrive, 0.0), 0.0)
        if m != last:  # firms without a stock are alike
            last, output = m, m if rigid or m >= 1.0 else np.exp(log_output(np.log(m), a, sigma))
        mean[0] += share * m
        mean[1] += share * output
        if m < HALF:
            mean[2] += share


@njit(fastmath=FAST, error_model="numpy", cache=True, nogil=True, _nrt=False)
def refill(target: float, days: float, supply: float, w: Array, strata: Array, many: Array, S: Array) -> float:
    """Stocks filled again out of `supply`, everybody's gap in the same time: what they took."""
    wanted = 0.0
    for j in range(GROUPS):
        for k in range(len(strata)):
            wanted += w[j] * strata[k] * max(target * many[k] - S[j, k], 0.0) / days
    taken = min(wanted, supply) if wanted >= TINY else 0.0  # its inverse would be infinite
    if taken > 0.0:
        fill = taken / wanted / days
        for j in range(GROUPS):
            for k in range(len(strata)):
                S[j, k] += max(target * many[k] - S[j, k], 0.0) * fill
    return taken


@njit(fastmath=FAST, error_model="numpy", cache=True, nogil=True, _nrt=False)
def one_path(
    flow: Array, free: Array, remaining: Array, given: Array, strata: Array, many: Array, start: int, table: Array,
    premium: Array, S: Array, use: Array, mean: Array, w: Array, own: Array, A: Array, out: Array,
) -> None:  # fmt: skip
    """One material in one draw: flow, free, remaining (T,), given as FIELDS, many (K,), out (8, T) as RESULTS."""
    (ns, target, lag, ramp, alternative, sticky, refill_days, a, now, long, tau, H, response, leak, lump,
     covered, single) = given  # fmt: skip
    T, K = len(flow), len(strata)
    low = max(now, LEONTIEF)
    high = max(long, LEONTIEF)
    rigid = max(low, high) <= LEONTIEF
    log_range = np.log(high / low)
    known = 0  # knots of the table so far: σ rises
    apart = single * (1.0 - ns)  # firms that buy nothing from the sender
    for j in range(GROUPS):
        for k in range(K):
            S[j, k] = target * many[k]
    P, kept, lic, others, sigma = 1.0, 0.0, 1.0, 1.0 - ns, low
    for t in range(T):
        since = float(t - start) if 0 <= start <= t else -1.0
        ready = alternative * min(max((since - lag + 1.0) / max(ramp, 1.0), 0.0), 1.0) if since >= 0.0 else 0.0
        ready = max(ready, ns * (1.0 - remaining[t]))
        moving, unbound = min(flow[t], 1.0), min(free[t], 1.0)
        moving = 0.0 if moving < TINY else 1.0 if moving > 1.0 - TINY else moving
        ahead = ns * (covered * max(flow[t] - 1.0, 0.0) + (1.0 - covered) * max(free[t] - 1.0, 0.0))
        if moving != lic:
            move_firms(lic, moving, S)
        lic = moving
        gaps = open_gaps = through = 0.0  # open: of firms that have a second supplier to turn to
        for j in range(GROUPS):
            alone = j >= SINGLE
            kind, of = j % SINGLE, 1.0 if alone else ns
            w[j] = single * ns if alone else 1.0 - single
            w[j] *= 1.0 - covered if kind == FREE else covered * (lic if kind == LICENSED else 1.0 - lic)
            own[j] = of * (unbound if kind == FREE else (1.0 - lump) * moving + (lump if kind == LICENSED else 0.0))
            leaked = leak * (of - own[j])
            A[j] = 1.0 - of + own[j] + leaked
            gaps += w[j] * max(1.0 - A[j], 0.0)
            open_gaps += 0.0 if alone else w[j] * max(1.0 - A[j], 0.0)
            through += w[j] * leaked
        more = min(others * (min(P, BIDS) ** response - 1.0), open_gaps) if P > 1.0 and response > 0.0 else 0.0
        first = min(gaps - more, ready)
        if gaps > more + first:  # somebody goes short
            sigma = max(now + (long - now) * (1.0 - np.exp(-max(since, 0.0) / tau)), LEONTIEF)
            part = (KNOTS - 1) * np.log(sigma / low) / log_range if log_range > 0.0 else 0.0
            q = min(max(int(part), 0), KNOTS - 2)
            while known < q + 2:
                knot = low * np.exp(log_range * known / (KNOTS - 1))
                for k in range(len(GRID)):
                    table[known, k] = log_premium(LOG_GRID[k], a, knot)
                known += 1
            for k in range(len(GRID)):
                premium[k] = table[q, k] + (table[q + 1, k] - table[q, k]) * (part - q)
        mean[0], mean[1], mean[2] = apart, apart, 0.0
        for j in range(GROUPS):
            if w[j] > 0.0:
                gap = max(1.0 - A[j], 0.0)
                if j < SINGLE and open_gaps > 0.0:
                    gap *= 1.0 - more / open_gaps
                arrive = min(1.0 - gap * (1.0 - first / (gaps - more)) if gaps > more else 1.0, 1.0)
                if arrive >= 1.0 - 1e-12:
                    mean[0] += w[j]
                    mean[1] += w[j]
                    continue
                use_of_group(arrive, w[j], a, sigma, H, rigid, premium, strata, S, j, use, mean)
        for j in range(GROUPS):
            for k in range(K):
                S[j, k] += ahead / max(1.0 - apart, 1e-9)
        taken = refill(target, refill_days, ready - first, w, strata, many, S)
        sold = ns * (covered * moving + (1.0 - covered) * unbound) + ahead
        instead = first + taken
        loyal = max(min(min(kept, ready) - instead, sold), 0.0)
        kept = max(kept, sticky * min(instead + loyal, ns))
        today = 1.0
        if mean[0] < 1.0 - 1e-12:
            today = 1.0 / a if rigid else np.exp(min((np.log(mean[1]) - np.log(mean[0])) / sigma, 30.0))
        P += SMOOTH * (min(max(today, 1.0), TOP_PRICE) - P)
        whole = apart * target  # those who buy nothing from the sender keep theirs
        for j in range(GROUPS):
            for k in range(K):
                whole += w[j] * strata[k] * S[j, k]
        out[0, t], out[1, t], out[2, t], out[3, t] = whole, mean[0], mean[1], P
        out[4, t], out[5, t], out[6, t], out[7, t] = mean[2], sold - loyal, instead + loyal, through


@njit(fastmath=FAST, error_model="numpy", cache=True, nogil=True)
def follow(flow: Array, free: Array, remaining: Array, given: Array, strata: Array, many: Array, out: Array) -> None:
    """Every draw and material: flow of the covered goods, free of the others, remaining (D, G, T); given (D, G,
    FIELDS); many (D, G, K) stocks of the strata over the mean; out (D, G, RESULTS, T). A flow at rest needs no loop."""
    D, G, T = flow.shape
    K = len(strata)
    table, premium = np.empty((KNOTS, len(GRID))), np.empty(len(GRID))
    S, use, mean = np.empty((GROUPS, K)), np.empty(K), np.empty(3)
    w, own, A = np.empty(GROUPS), np.empty(GROUPS), np.empty(GROUPS)
    for d in range(D):
        for g in range(G):
            start, moved = -1, False
            for t in range(T):
                f, u = flow[d, g, t], free[d, g, t]
                if start < 0 and (f < 1.0 - 1e-9 or u < 1.0 - 1e-9):
                    start = t
                moved = moved or f != 1.0 or u != 1.0 or remaining[d, g, t] < 1.0
            if moved:
                one_path(flow[d, g], free[d, g], remaining[d, g], given[d, g], strata, many[d, g], start, table,
                         premium, S, use, mean, w, own, A, out[d, g])  # fmt: skip
            else:
                out[d, g, :, :] = 0.0
                out[d, g, 0, :], out[d, g, 1:4, :], out[d, g, 5, :] = given[d, g, 1], 1.0, given[d, g, 0]


def stocks_of_firms(spread: Array) -> Array:
    """(…, K) stock of each stratum over the mean: conditional means of a lognormal of mean one."""
    from scipy.special import ndtr, ndtri

    edges = ndtri(np.concatenate([[0.0], np.cumsum(STRATA)[:-1], [1.0]]))
    s = np.asarray(spread, float)[..., None]
    return np.asarray((ndtr(edges[1:] - s) - ndtr(edges[:-1] - s)) / STRATA)
