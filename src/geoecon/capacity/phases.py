"""From dated rules to phases of a product's flow: what holds from when, for the ready part of the flow and the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import pandas as pd

from geoecon.capacity.instrument_rows import switched
from geoecon.capacity.own_measures import measures, of_measures
from geoecon.capacity.phase import Phase
from geoecon.capacity.review import fit_review
from geoecon.case import Case, Product
from geoecon.errors import InputError, MissingData
from geoecon.law import (
    UNKNOWN,
    Licence,
    LicenceStates,
    Regime,
    calendar_days,
    history,
    live,
    regime_of,
    regimes_beside,
    schema,
)
from geoecon.law import facts as facts_of
from geoecon.tables import packaged


@cache
def condition_shares() -> Mapping[str, str]:
    """The parameter that says which share of a flow meets a condition, by the attribute it asks."""
    return {row["attribute"]: row["parameter"] for row in packaged("capacity", "conditions.csv")}


def _shares(condition: str) -> tuple[str, ...] | None:
    """Parameters of a condition; None where one of its clauses has none, so that nobody is known to be ready."""
    found: list[str] = []
    for clause in facts_of.parsed(condition):
        known = [condition_shares()[test[0]] for test in clause if test[0] in condition_shares()]
        if not known:
            return None
        found.append(known[0])
    return tuple(dict.fromkeys(found))


def ready_facts(states: LicenceStates) -> dict[str, str]:
    """Facts of firms that meet every condition on compliance and trade history that opens a lighter licence than the
    one in force; empty where there is none."""
    facts: dict[str, str] = {}
    for _, _, answer in states.steps:
        for _, _, condition in answer.options:
            if _shares(condition) is not None:
                facts |= {
                    test[0]: test[2] for clause in facts_of.parsed(condition) for test in clause[:1]
                    if test[1] in ("=", ">=", "<=")
                }  # fmt: skip
    return facts


def _announced(regime: Regime, answer: Licence) -> date | None:
    row = regime.rules.get(answer.ground or "")
    return None if row is None else row["announced"] or row["known_from"]


def _days(answer: Licence) -> float | None:
    """Published review time in calendar days; working days by the calendar of the exporter's place, filed that day."""
    if answer.review_days is None or answer.day_kind != "working":
        return answer.review_days
    return float(calendar_days(answer.exporter, answer.on, int(answer.review_days)))


def observed_review(regime: Regime, place: str, day: date) -> tuple[float, str] | None:
    """(median days, source) of the latest observed mean of reviews for a place before a day, if a row has one.

    Published limits and days to first licences are not observations of the review time and are left out.
    """
    rows = [
        row for row in regime.rows["licence_stat"]
        if row["days_mean"] is not None and row["place"] in (place, "WLD") and (row["period_to"] or day) <= day
        and (regime.known_on is None or (row["known_from"] or day) <= regime.known_on)
    ]  # fmt: skip
    if not rows:
        return None
    best = max(rows, key=lambda row: (row["place"] == place, row["period_to"] or day))
    week = 7 / 5 if best["day_kind"] == "working" else 1.0
    return fit_review(mean=best["days_mean"] * week)[0], regime.citation(best["source_id"])


def _review(regime: Regime, answer: Licence) -> float | None:
    """Median review in calendar days: as observed for the place, else the published limit."""
    seen = observed_review(regime, answer.destination, answer.on)
    return seen[0] if seen else _days(answer) if answer.fallback is None else _fallback_days(regime, answer)


def _fallback_days(regime: Regime, answer: Licence) -> float | None:
    """Published review time of the licence that firms need who do not meet the condition."""
    rows = regime.types.get((regime.rules.get(answer.ground or "") or {}).get("fallback_type") or "", ())
    terms: dict[str, Any] = next((row for row in rows if live(row, answer.on)), {})
    return _days(replace(answer, review_days=terms.get("review_days"), day_kind=terms.get("day_kind")))


def of_regime(regime: Regime, states: LicenceStates) -> list[Phase]:
    """Phases of a licence history. Where the law is unknown the last known phase is carried on."""
    found: list[Phase] = []
    for start, _, answer in states.steps:
        if answer.kind == UNKNOWN:
            continue
        light, heavy = answer.kind, answer.kind
        ready: tuple[str, ...] = ()
        if answer.condition and answer.fallback:
            shares = _shares(answer.condition)
            heavy, light, ready = answer.fallback, answer.kind if shares else answer.fallback, shares or ()
        for _, kind, condition in answer.options:
            shares = _shares(condition)
            if shares is not None and schema.strictness(kind) < schema.strictness(light):
                light, ready = kind, tuple(dict.fromkeys((*ready, *shares)))
        row = Phase(
            start=start,
            light=light,
            heavy=heavy,
            ready=ready,
            announced=_announced(regime, answer),
            review_days=_review(regime, answer),
            validity_days=answer.validity_days if answer.fallback is None else None,
            source=answer.source or "",
        )
        if not found or _says(found[-1]) != (light, heavy, ready):
            found.append(row)
    return found


def of_case(case: Case, product: Product) -> tuple[list[Phase], list[Phase], LicenceStates | None]:
    """(phases of the law, phases that cap the flow, licence history) of a product as known at the cut-off.

    A built-in regime leads where the product names one of its items; the case's rows count besides where they are
    stricter, know a review time, or state a cap. Raises MissingData where nothing is said of the product on any day,
    and InputError for an item that neither the regime nor the case's measures know.
    """
    if switched(case, "licences") == "off":
        return [], [], None
    blind = switched(case, "licences") != "observed"
    own = of_measures(measures(case, product), case.cutoff if blind else None)
    caps = own if _capped(own) else []
    regime = regime_of(case.sender, regimes_beside(case.folder)) if product.item else None
    told = case.has("measures") and (case.table("measures")["product"] == product.id).any()
    if regime is not None and product.item is not None and (not told or _has(regime, product.item)):
        seen = regime.as_known_on(case.cutoff) if blind else regime
        states = history(seen, seen.item(product.item), case.target, case.sender, {})
        if any(answer.known for _, _, answer in states.steps):
            return stricter(of_regime(seen, states), own), caps, states
    if not told:
        raise MissingData(f"measures.csv: a rule of {product.id}")
    return own, caps, None


def stricter(law: list[Phase], own: list[Phase]) -> list[Phase]:
    """The phases of a regime, overruled where a case's own measures are stricter; neighbours that agree are joined."""
    found: list[Phase] = []
    for day in sorted({phase.start for phase in (*law, *own)}):
        here = [next((phase for phase in reversed(side) if phase.start <= day), None) for side in (law, own)]
        first, second = here
        best = first or second
        if first is not None and second is not None:
            other = schema.strictness(second.heavy) > schema.strictness(first.heavy)
            best = second if other else replace(first, review_days=first.review_days or second.review_days)
        if best is not None and (not found or _says(found[-1]) != _says(best)):
            found.append(replace(best, start=day))
    return found


def _says(phase: Phase) -> tuple[Any, ...]:
    return phase.light, phase.heavy, phase.ready


def _has(regime: Regime, name: str) -> bool:
    try:
        regime.item(name)
    except InputError:
        return False
    return True


def _capped(phases: list[Phase]) -> bool:
    return any(phase.caps for phase in phases)


def table_of(phases: Mapping[str, list[Phase]]) -> pd.DataFrame:
    """The phases as rows for people."""
    rows = [
        (product, phase.start, phase.light, phase.heavy, ", ".join(phase.ready), phase.announced, phase.review_days,
         phase.lowest_cap, phase.source)
        for product, found in phases.items() for phase in found
    ]  # fmt: skip
    names = ["product", "from", "ready firms need", "others need", "ready share", "announced", "review_days", "cap",
             "source"]  # fmt: skip
    return pd.DataFrame(rows, columns=names)
