"""How much of its trade a state does with another: shares of totals, in the last year on record."""

from __future__ import annotations

from dataclasses import dataclass

from geoecon.triangle import records as r

OLDEST = 10  # years that a share may be older than asked for


@dataclass(frozen=True)
class TradeShare:
    """Share of a state's total trade that is with another, and the year that it holds for."""

    value: float
    year: int


def trade_dependence(state: str, other: str, until: int) -> TradeShare | None:
    """Imports and exports with `other` as a share of all imports and exports of `state` (ISO alpha-3).

    The last year up to `until` for which the records have both totals (to 2014), at most OLDEST years before; pairs
    below half a per cent of either side's trade are not on record and count as none. None where a state or year lacks.
    """
    if not (r.is_state(state) and r.is_state(other)):
        return None
    for year in range(min(until, r.last_year()), min(until, r.last_year()) - OLDEST - 1, -1):
        total = sum(r.value("trade_national", column, state, year) for column in ("imports", "exports"))
        if total > 0:  # NaN where unknown
            pair = [r.imports(state, other, year), r.imports(other, state, year)]
            return TradeShare(sum(value for value in pair if value == value) / total, year)
    return None
