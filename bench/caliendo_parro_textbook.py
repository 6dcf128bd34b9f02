"""The textbook procedure for the exact-hat model, as the peer of bench/hat_algebra.py and of the published tables.

Caliendo & Parro 2015, section 4 and their published programs: guess wages; iterate on prices; shares; solve the
(N J) linear system of spending densely; step the wages by the excess of exports. Plain numpy, vectorised.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def spending(share: Any, tariff: Any, B: Any, G: Any, alpha: Any, income: Any) -> Any:
    """(n, j) from one dense solve; tariff revenue is part of income."""
    N, J = B.shape
    sold = share / tariff  # (j, n, i)
    system = np.eye(N * J).reshape(N, J, N, J)
    # inputs: country i buys k for its output of j, which n spends on
    system -= (G * (1 - B)[:, None, :])[:, :, None, :] * sold.transpose(2, 1, 0)[:, None, :, :]
    revenue = (share * (1 - 1 / tariff)).sum(axis=2)  # (j, n) of spending
    index = np.arange(N)
    system[index, :, index, :] -= alpha[:, :, None] * revenue.T[:, None, :]
    right = alpha * income[:, None]
    return np.linalg.solve(system.reshape(N * J, N * J), right.ravel()).reshape(N, J)


def solve(model: Any, cost: Any, tariff: Any, deficit: Any, step: float = 0.2, tolerance: float = 1e-8,
          limit: int = 2000) -> dict[str, Any]:  # fmt: skip
    """Wages, prices, spending and the number of steps. `cost` (j, n, i) is the change of the buyer's wedge."""
    N, J = model.shape
    B, G, alpha, theta = model.value_added_share, model.input_share, model.final_share, model.elasticity
    wage, price = np.ones(N), np.ones((N, J))
    for steps in range(1, limit + 1):  # noqa: B007
        for _ in range(1000):  # prices for given wages
            inputs = np.einsum("nkj,nk->nj", G, np.log(price))
            unit = np.exp(B * np.log(wage)[:, None] + (1 - B) * inputs)
            weights = model.share * (cost * unit.T[:, None, :]) ** -theta[:, None, None]
            new = (weights.sum(axis=2) ** (-1 / theta[:, None])).T
            change = np.abs(new - price).max()
            price = new
            if change < tolerance / 10:
                break
        share = weights / weights.sum(axis=2, keepdims=True)
        X = spending(share, tariff, B, G, alpha, wage * model.value_added + deficit)
        border = share / tariff * X.T[:, :, None]
        excess = (border.sum(axis=(0, 1)) - border.sum(axis=(0, 2)) + deficit) / model.value_added
        if np.abs(excess).max() < tolerance:
            break
        wage = wage + step * excess
        wage = wage * model.value_added.sum() / (wage * model.value_added).sum()
    else:
        raise ArithmeticError(f"textbook: {np.abs(excess).max():.1e} after {limit} steps")
    income = wage * model.value_added + deficit + (border * (tariff - 1)).sum(axis=(0, 2))
    return {"wage": wage, "price": price, "share": share, "spending": X, "unit": unit, "income": income, "steps": steps}
