"""Small input-output tables and a plain, slow model of the same equations, for comparison."""

import numpy as np

from geoecon.production import IOTable


def random_table(regions=3, sectors=4, seed=0, density=1.0, final=(200.0, 400.0)):
    """Every industry buys 100 from the others; final demand of every region."""
    rng = np.random.default_rng(seed)
    n = regions * sectors
    Z = rng.random((n, n)) * (rng.random((n, n)) < density)
    Z *= 100 / np.maximum(Z.sum(axis=0), 1e-9)
    Y = rng.uniform(*final, (n, regions, 1)) / regions
    return table_of(Z, Y, regions, sectors)


def table_of(Z, Y, regions, sectors):
    names = tuple(f"R{i}" for i in range(regions)), tuple(f"s{i}" for i in range(sectors))
    return IOTable(np.array(Z, float), np.array(Y, float), np.sum(Z, axis=1) + np.sum(Y, axis=(1, 2)), *names)


def plain_model(table, days, *, loss=None, ceiling=None, caps=None, switch=0.0, inventory=90.0, restoration=60.0,
                psi=0.8, a_max=1.25, a_days=365.0, fall=1.0, rise=30.0, weights="fulfilment"):  # fmt: skip
    """Output (T, n) region-major, with a full order matrix; the equations of the model page one after the other.

    `loss`, `ceiling` (T, n); `caps` {(i, j): (T,) share}; `weights` "output" takes an idle supplier for a short one.
    Returns output, stocks (S, n), and the largest breach of the conservation of goods.
    """
    R, S = len(table.regions), len(table.sectors)
    n = R * S
    of = np.arange(n) % S  # sector of an industry
    pick = (of[None, :] == np.arange(S)[:, None]).astype(float)  # (S, n)
    Z, x0 = table.Z / 365, table.x / 365
    Y = table.final.sum(axis=(1, 2)) / 365
    bought = pick @ Z
    a = bought / x0
    whole = bought[of]
    W = np.divide(Z, whole, out=np.zeros_like(Z), where=whole > 0)
    stock = bought * inventory
    orders, alpha, zeta, v = Z.copy(), np.ones(n), np.zeros(n), np.ones(n)
    caps, hole = caps or {}, {}
    orders = _held(orders, pick @ orders, np.zeros_like(stock), hole, W, v, caps, 0, switch, Z, of, restoration)
    out, breach = np.empty((days, n)), 0.0
    for day in range(days):
        d = orders.sum(axis=1) + Y
        alpha = np.where(zeta > 1e-12, alpha + (a_max - alpha) * zeta / a_days, alpha + (1 - alpha) / a_days)
        cap = x0 * alpha * (1 - (loss[day] if loss is not None else 0))
        if ceiling is not None:
            cap = np.minimum(cap, ceiling[day] * x0)
        best = np.minimum(d, cap)
        need = psi * inventory * a
        allowed = np.divide(stock, need, out=np.full_like(stock, np.inf), where=need > 0)
        x = np.minimum(best, allowed.min(axis=0))
        phi = np.divide(x, d, out=np.ones(n), where=d > 0)
        zeta = 1 - np.divide(x, d, out=np.ones(n), where=d > 0)
        delivered = orders * phi[:, None]
        before = stock.sum()
        stock = stock + pick @ delivered - a * x
        goods = x.sum() - delivered.sum() - (phi * Y).sum()  # output = deliveries, to firms and final users
        kept = stock.sum() - before - (delivered.sum() - (a * x).sum())
        breach = max(breach, abs(goods) / x0.sum(), abs(kept) / x0.sum())
        v = x / x0 if weights == "output" else v + (phi - 1) * v * fall + (1 - v) / rise
        wanted = a * x + np.maximum(inventory * a * x - stock, 0) / restoration
        weight = W * v[:, None]
        total = (pick @ weight)[of]
        orders = wanted[of] * np.divide(weight, total, out=np.zeros_like(weight), where=total > 0)
        orders = _held(orders, a * x, wanted - a * x, hole, W, v, caps, day + 1, switch, Z, of, restoration)
        out[day] = x
    return out, stock, breach


def others_of(same, mine):
    return [k for place, k in enumerate(same) if place != mine]


def _held(orders, use, gap, hole, W, v, caps, day, switch, Z, of, restoration):
    """Orders of the buyers that have a capped flow (one each): use, and the gap less the hole, by weight; the capped
    supplier besides what is owed, but no more than its cap; of its surplus the switched part goes to the others."""
    orders = orders.copy()
    for (i, j), path in caps.items():
        p, cap = of[i], path[min(day, len(path) - 1)]
        same = [k for k in range(len(of)) if of[k] == p]
        weight = W[same, j] * v[same]
        weight = weight / weight.sum()
        mine, others = same.index(i), [k for k in range(len(same)) if same[k] != i]
        h = min(hole.get((i, j), 0.0), gap[p, j] * restoration)
        easy = use[p, j] + gap[p, j] - h / restoration
        order = easy * weight
        limit = cap * Z[i, j] if cap < 1 else np.inf
        owed = h / restoration
        if order[mine] + owed > limit:
            rest = weight[others].sum()
            surplus = max(order[mine] - limit, 0.0)
            h += surplus * (1 - switch) - max(limit - order[mine], 0.0)
            left = use[p, j] + gap[p, j] - limit  # what is wanted beyond the cap
            normal = (W[others_of(same, mine), j] * v[others_of(same, mine)]).sum() * Z[same, j].sum()
            most = normal + switch * (1 - cap) * Z[i, j]
            order[mine] = limit
            order[others] = max(easy * rest + surplus * switch, min(left, most)) * weight[others] / rest
        else:
            order[mine] += owed
            h -= owed
        hole[i, j] = max(h, 0.0)
        orders[same, j] = order
    return orders
