"""What a question does not say and the answer takes for it: each assumption with its origin, and what betters it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from geoecon import production
from geoecon.case import default_parameters
from geoecon.dates import YEAR
from geoecon.episodes import left_by_duty
from geoecon.lexicon import Place
from geoecon.questions.rows import Rows
from geoecon.questions.wording import HALVED, Wording

DUTY = 0.25  # of a tax or tariff whose rate nobody said
# days that a measure of unknown end lasts: triangle whose median is that of 458 imposed disputes (test_ask)
LENGTHS = (14.0, 240.0, 1450.0)
LASTS = "the end is not said: it lasts as long as imposed sanctions did, half of 458 up to 17 months"
STAYS = "the end is not said: it stays in force until the last day that is counted"
PAIR, RECORD, PRIOR = "data on this pair", "precedents", "general prior"
ESTIMATE = "estimate"  # in the place of the first where no trade rows of the pair ship


@dataclass(frozen=True)
class Assumption:
    """A row of parameters.csv that the question makes, with its origin and what would better it."""

    name: str
    low: float
    central: float
    high: float
    unit: str
    meaning: str
    source_id: str
    status: str
    origin: str
    better: str


def unsaid(asked: Wording) -> list[str]:
    """The codes of the good, and sizes that the question does not say."""
    told = []
    if not asked.good.is_service and not any(f"HS {' '.join(asked.good.hs)}" in note for note in asked.notes):
        told.append(f"{asked.good.name} is counted by the customs codes HS {' '.join(asked.good.hs)}")
    if asked.cut is None and asked.instrument == "quota":
        told.append(f"the size of the quota is not said: {HALVED:.0%} is withheld; say it with --cut")
    if asked.duty is None and asked.instrument in ("tariff", "export-tax"):
        told.append(f"the rate is not said: {DUTY:.0%} is assumed; say it with --duty")
    return told


def lasts(asked: Wording) -> str:
    """How long a measure is supposed to last where the question does not say; "" where it does."""
    if asked.days is not None:
        return ""
    if halted(asked):
        return LASTS
    if asked.buying and (asked.good.is_service or asked.instrument == "boycott"):
        days = default_parameters()["instrument_days"].central
        return f"the end is not said: it lasts {days:.0f} days or so (our assumption)"
    return STAYS


def halted(asked: Wording) -> bool:
    """Whether it ends as imposed sanctions did, as the question says no end."""
    sized = asked.instrument == "export-tax" and asked.cut is not None
    return asked.days is None and (asked.instrument in ("ban", "quota") or sized)


def table_with(buyer: Place) -> production.IOTable:
    """A table with the buyer as one of its regions."""
    if buyer.code in production.world().regions:
        return production.world()
    other = "CHN" if "CHN" not in buyer.states else "USA"
    return production.economy(buyer.code, other)


def assumptions_of(
    asked: Wording, rows: Rows, use: production.Use, *, wide: bool, estimated: bool
) -> Iterable[Assumption]:
    good = asked.good
    low, high = (0.5, 1.1) if rows.basis == "rows" else (0.3, 1.5)
    share, status = rows.share, "computed" if rows.basis == "rows" else "memory"
    origin = PAIR if rows.basis == "rows" else PRIOR
    source = str(rows.frame["source_id"].iloc[0])
    from_table = "table of products and industries" if use.known else PRIOR

    def made(name: str, values: Sequence[float], unit: str, meaning: str, source_id: str, status: str, origin: str,
             better: str) -> Assumption:  # fmt: skip
        full = f"{name}.{good.id}"
        return Assumption(full, values[0], values[1], values[2], unit, meaning, source_id, status, origin, better)

    need = (low * share, min(0.9 * share, 1.0), min(high * share, 1.0))
    yield made("need_share", need, "share of the users' need",
               f"the sender's share of imports in {rows.year}, less what is made or reused at home", source, status,
               origin, "production at home and grades, from an industry association")  # fmt: skip
    spread = 0.5 if wide else 1.0
    bound = (use.bound[0] * spread, use.bound[1], min(1.0, use.bound[2] / spread))
    yield made("bound_output_share", bound, "share of the users' output", use.basis, use.source_id, use.status,
               from_table, "output of the plants that use it, from company reports")  # fmt: skip
    if not asked.buying and _too_small(rows, use, asked.target, need, bound):
        yield made("cost_share", (0.2, 0.5, 0.9), "share of the cost of what needs it",
                   "the industries that use it sell less, in the table, than the country buys of it", "ask-assumed",
                   "memory", PRIOR, "the country's own input-output table")  # fmt: skip
    yield made("criticality", use.criticality, "share", use.basis, use.source_id, use.status, from_table,
               "what engineers of two plants say stops without it")  # fmt: skip
    yield made("inventory_days", use.stock_days, "days of total use", use.basis, use.source_id, use.status,
               from_table, "stocks at ports and plants, from the ministry or the trade press")  # fmt: skip
    yield made("covered_share", (0.9, 1.0, 1.0), "share of the customs code", "the question names the good",
               "ask-assumed", "computed", "the question", "the list of the national codes")  # fmt: skip
    if estimated:
        yield Assumption("elasticity_scale", 0.35, 1.0, 2.8, "factor", "wider, as an economy is a stand-in",
                         "ask-assumed", "memory", PRIOR, "the country's own input-output table")  # fmt: skip
    if asked.instrument == "licence":
        yield made("review_days", (30.0, 75.0, 135.0), "calendar days", "review of an individual licence",
                   "ask-review", "memory", PRIOR, "statistics of the licensing office")  # fmt: skip
    if asked.days is not None:
        yield made("halt_days", (asked.days,) * 3, "days", "the question says how long", "ask-assumed", "computed",
                   "the question", "")  # fmt: skip
    size = HALVED if asked.instrument == "quota" else 1.0
    part = (size if asked.cut is None else asked.cut) * min(1.0, (asked.days or YEAR) / YEAR)
    if part < 1 or asked.cut is not None:
        yield made("asked_share", (part,) * 3, "share of a year's trade", "the question says how much or how long",
                   "ask-assumed", "computed", "the question", "")  # fmt: skip
    if halted(asked):
        for name, unit, days in (("halt_days", "days", 1.0), ("control_months", "months", 365 / 12)):
            yield made(name, tuple(length / days for length in LENGTHS), unit, f"{LASTS}, most often 8",
                       "hazards_ties", "computed", RECORD,
                       "what the sender says of the end: the same with --days")  # fmt: skip


def _too_small(rows: Rows, use: production.Use, buyer: Place, need: Sequence[float], bound: Sequence[float]) -> bool:
    """Whether the need of the good is worth more than the output that needs it, as where a stand-in is small."""
    table = table_with(buyer)
    at = [table.index(buyer.code, industry) for industry in use.industries] if buyer.code in table.regions else []
    output = float(sum(np.asarray(table.x)[place] for place in at))
    wanted = rows.value / 1e6 * rows.share / max(need[1], 0.01)
    return bool(at) and wanted > bound[1] * output


def withheld(asked: Wording) -> float:
    """Share of the flow that an export measure withholds: as said, by the tax at the central elasticity, half, all."""
    if asked.cut is not None:
        return asked.cut
    if asked.instrument == "export-tax":
        rate = DUTY if asked.duty is None else asked.duty
        return float(1 - left_by_duty(rate, default_parameters()["supplier_elasticity"].central))
    return HALVED if asked.instrument == "quota" else 1.0
