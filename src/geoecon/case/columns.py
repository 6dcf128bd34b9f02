"""The files of a case and what each of their columns may hold."""

from __future__ import annotations

from collections.abc import Mapping

from geoecon import tables
from geoecon.dispute import MEDIATION, STATES_OF_LAW, STEPS
from geoecon.figure import STATUS

SYSTEMS = ("trade", "controls", "retaliation", "negotiation", "alliance", "domestic", "catch-up", "corporate")
ROLES = ("sender", "target", "patron", "mediator", "supplier", "bloc", "other")


def _rate(cell: str) -> float:
    value = float(cell)
    if not 0 <= value <= 10:
        raise ValueError
    return value


duty_rate = tables.Rule(_rate, "an ad-valorem rate from 0 to 10 (0.25 is 25 %)")
_SOURCED = {"source_id": tables.identifier, "status": tables.one_of(*STATUS)}

# The columns of every file of a case; a column more is kept as text.
FILES: Mapping[str, Mapping[str, tables.Rule]] = {
    "sources.csv": {
        "source_id": tables.identifier,
        "citation": tables.text,
        "published": tables.partial_day.optional().if_present(),
        "url": tables.text.optional().if_present(),
        "read_on": tables.partial_day.optional().if_present(),
        "licence": tables.text.optional().if_present(),
    },
    "trade.csv": {
        "period": tables.period,
        "exporter": tables.identifier,
        "importer": tables.identifier,
        "product": tables.identifier,
        "hs": tables.text.optional(),
        "value_usd": tables.at_least_zero.optional(),
        "tonnes": tables.at_least_zero.optional(),
        "quantity": tables.at_least_zero.optional().if_present(),
        "unit": tables.text.optional().if_present(),
        "share": tables.share.optional(),
        **_SOURCED,
    },
    "measures.csv": {
        "measure_id": tables.identifier,
        "regime": tables.identifier,
        "exporter": tables.identifier,
        "importer": tables.identifier,
        "product": tables.identifier,
        "kind": tables.text,
        "announced": tables.day.optional(),
        "valid_from": tables.day,
        "valid_to": tables.day.optional(),
        "known_from": tables.day,
        "cap_share": tables.share.optional(),
        "duty_rate": duty_rate.optional().if_present(),
        "review_days": tables.at_least_zero.optional(),
        "state": tables.one_of(*STATES_OF_LAW),
        "rule": tables.text,
        "clause": tables.text.optional(),
        **_SOURCED,
    },
    "licences.csv": {
        "day": tables.day,
        "known_from": tables.day,
        "buyer": tables.identifier,
        "product": tables.identifier,
        "applied": tables.at_least_zero.optional(),
        "granted": tables.at_least_zero.optional(),
        "refused": tables.at_least_zero.optional(),
        "pending": tables.at_least_zero.optional(),
        "granted_share": tables.share.optional(),
        **_SOURCED,
    },
    "timeline.csv": {
        "date": tables.partial_day,
        "actor": tables.text,
        "event": tables.text,
        "system": tables.one_of(*SYSTEMS),
        "step": tables.one_of(*STEPS, MEDIATION).optional().if_present(),
        **_SOURCED,
    },
    "parameters.csv": {
        "name": tables.identifier,
        "low": tables.number,
        "central": tables.number,
        "high": tables.number,
        "unit": tables.text,
        "as_of": tables.partial_day,
        "data_of": tables.partial_day.optional().if_present(),  # of the statistics, where a later edition prints them
        "meaning": tables.text.optional().if_present(),
        **_SOURCED,
    },
    "alliance.csv": {
        "state": tables.identifier,
        "variable": tables.identifier,
        "date": tables.period,
        "value": tables.text,
        "unit": tables.text.optional(),
        "detail": tables.text.optional(),
        **_SOURCED,
    },
    "macro.csv": {
        "state": tables.identifier,
        "series": tables.identifier,
        "year": tables.number,
        "value": tables.number,
        "unit": tables.text,
        **_SOURCED,
    },
    "series.csv": {
        "series": tables.identifier,
        "state": tables.identifier,
        "period": tables.period,
        "low": tables.number.optional().if_present(),
        "value": tables.number.optional(),
        "high": tables.number.optional().if_present(),
        "unit": tables.text,
        **_SOURCED,
    },
    "production.csv": {
        "product": tables.identifier,
        "state": tables.identifier,
        "year": tables.number,
        "quantity": tables.at_least_zero.optional(),
        "unit": tables.text,
        "share": tables.share.optional(),
        **_SOURCED,
    },
    "forecasts.csv": {
        "forecast_id": tables.identifier,
        "author": tables.text,
        "date": tables.partial_day,
        "metric": tables.identifier,
        "of": tables.text,
        "low": tables.number.optional(),
        "value": tables.number.optional(),
        "high": tables.number.optional(),
        "unit": tables.text,
        "assumption": tables.text.optional(),
        **_SOURCED,
    },
    "claims.csv": {
        "claim_id": tables.identifier,
        "claim": tables.text,
        "verdict": tables.text,
        "correct_fact": tables.text,
        "stage": tables.text.optional().if_present(),
        **_SOURCED,
    },
    "economy.csv": {
        "use": tables.one_of("intermediate", "final"),
        "from_region": tables.text,
        "from_sector": tables.text,
        "to_region": tables.text,
        "to_sector": tables.text,
        "value_usd_million": tables.number,
    },
}
REQUIRED = ("sources.csv", "trade.csv", "measures.csv", "timeline.csv", "parameters.csv")
FILLED = ("sources.csv", "trade.csv", "measures.csv")  # of these, those that say nothing without a row
# Read by the evidence stage alone, never here: their cells are looked at only where the case is refused anyway.
# observed: counted or measured; study: an estimate made afterwards; censored: only a bound is known;
# event: happened (1) or not (0); qualitative: words; unknown: not known yet, and no value may stand there.
KINDS = ("observed", "study", "censored", "event", "qualitative", "unknown")
SENSES = ("at_least", "at_most")

_OUTCOME = {
    "outcome_id": tables.identifier,
    "date": tables.partial_day,
    "kind": tables.one_of(*KINDS),
    "metric": tables.identifier,
    "of": tables.text,
    "reading": tables.text.optional().if_present(),  # which of several measures of one thing: by level, by growth
    "value": tables.number.optional(),
    "low": tables.number.optional().if_present(),
    "high": tables.number.optional().if_present(),
    "sense": tables.one_of(*SENSES).optional().if_present(),
    "threshold": tables.number.optional().if_present(),
    "no_change": tables.number.optional().if_present(),
    "unit": tables.text,
    "note": tables.text.optional().if_present(),
    "author": tables.text.optional().if_present(),
    "target": tables.identifier.optional().if_present(),  # of a case with several: whose outcome it is
    "source_id": tables.identifier,
    "status": tables.one_of(*STATUS),
}
_DEMAND = {
    "demand_id": tables.identifier,
    "by": tables.identifier,
    "of": tables.identifier,
    "made": tables.partial_day,
    "demand": tables.text,
    "met": tables.one_of("yes", "partly", "no", "unknown"),
    "met_on": tables.partial_day.optional(),
    "source_id": tables.identifier,
    "status": tables.one_of(*STATUS),
}
OUTCOMES = "outcomes.csv"
DEMANDS = "demands.csv"
LATER: Mapping[str, Mapping[str, tables.Rule]] = {OUTCOMES: _OUTCOME, DEMANDS: _DEMAND}
