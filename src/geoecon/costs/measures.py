"""What a counterfactual does to each country: exact real income, and the arithmetic decomposition of the paper.

Two measures that differ a great deal when tariffs fall a lot. Exact: real income after over before. Arithmetic, as
Caliendo & Parro 2015 (equation 20) publish it: base flows times arithmetic changes,

    terms of trade      (1/I) sum (E_ni (p_n - 1) - M_ni (p_i - 1))          p: change of the price at the border
    volume of trade     (1/I) sum t_ni (M'_ni - M_ni - M_ni (p_i d_ni - 1))    t: base tariff, or base export tax
    technical efficiency (1/I) (sum Y_n (A_n - 1) - sum M_ni (d_ni - 1))     A productivity, d trade cost
    transfer            (1/I) (D' - D)

The third term is ours: without it a trade cost or a productivity change has no arithmetic welfare at all. To first
order the sum equals the exact change for any of these shocks (a test holds it to that).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geoecon.costs.hat_algebra import Equilibrium
from geoecon.draws import Array


def real_income(solved: Equilibrium) -> Array:
    """(…, n) exact change in per cent: income over the price of final spending, lost tariff revenue included."""
    return np.asarray(100 * (solved.income / solved.model.income / solved.final_price - 1))


def real_wage(solved: Equilibrium) -> Array:
    """(…, n) change of the wage over the price of final spending, per cent."""
    return np.asarray(100 * (solved.wage / solved.final_price - 1))


def trade_change(solved: Equilibrium) -> Array:
    """(…, exporter, importer) change of the value of exports at the border, per cent; NaN where there were none."""
    before = solved.model.border_value.sum(axis=0).T
    after = np.swapaxes(solved.border_value.sum(axis=-3), -1, -2)
    ratio = np.divide(after, before, out=np.full_like(after, np.nan), where=before > 0)
    return np.asarray(100 * (ratio - 1))


@dataclass(frozen=True, eq=False)
class Decomposition:
    """Arithmetic terms in per cent of base income: by sector and partner (…, j, n, partner), or (…, n)."""

    terms_of_trade: Array  # (…, j, n, partner)
    volume_of_trade: Array  # (…, j, n, partner)
    technical: Array  # (…, n)
    transfer: Array  # (…, n)

    def by_country(self) -> dict[str, Array]:
        """(…, n) of every term and their sum."""
        terms = {
            "terms_of_trade": self.terms_of_trade.sum(axis=(-3, -1)),
            "volume_of_trade": self.volume_of_trade.sum(axis=(-3, -1)),
            "technical": self.technical,
            "transfer": self.transfer,
        }
        same = dict(zip(terms, np.broadcast_arrays(*terms.values()), strict=True))
        return {**same, "arithmetic": np.asarray(sum(same.values()))}


def decompose(solved: Equilibrium) -> Decomposition:
    """The arithmetic decomposition of one counterfactual or a batch."""
    base, shock = solved.model, solved.shock
    before, after = base.border_value, solved.border_value  # (…, j, n, i)
    gate_price = np.swapaxes(solved.cost, -1, -2)[..., :, None, :]  # of exporter i
    price = gate_price * (shock.export_tax / base.export_tax)
    income = 100 / base.income
    imports = before * (price - 1)  # what n pays more for the same
    exports = np.swapaxes(imports, -1, -2)  # what n gets more from the partner for the same
    terms = (exports - imports) * income[:, None]
    more = after - before - before * (price * shock.cost - 1)
    tariff_volume = (base.tariff - 1) * more
    tax_volume = np.swapaxes((1 - 1 / base.export_tax) * more, -1, -2)
    boost = (base.output * (shock.productivity - 1)).sum(axis=-1)
    burnt = (before * (shock.cost - 1)).sum(axis=(-3, -1))
    return Decomposition(
        np.asarray(terms),
        np.asarray((tariff_volume + tax_volume) * income[:, None]),
        np.asarray((boost - burnt) * income),
        np.asarray((shock.deficit - base.deficit) * income),
    )


def imbalance(solved: Equilibrium) -> Array:
    """(…, n) what trade balance (W5) misses, as a share of value added. Walras: the sum over countries is zero."""
    bought = solved.border_value.sum(axis=(-3, -1))
    sold = solved.border_value.sum(axis=(-3, -2))
    return np.asarray((sold - bought + solved.shock.deficit) / (solved.wage * solved.model.value_added))
