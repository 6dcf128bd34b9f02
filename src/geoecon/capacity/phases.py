"""From dated rules to phases of a product's flow: what holds from when, for the ready part of the flow and the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

import pandas as pd

from geoecon import tables
from geoecon.capacity.flow_base import instruments
from geoecon.capacity.instruments import switched
from geoecon.capacity.review import fit_review
from geoecon.case import Case, Product
from geoecon.errors import Fault, InputError, MissingData
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

EVERYWHERE = ("WLD", "ALL", "*")


@dataclass(frozen=True)
class Phase:
    """What holds for one product from a day on. `light` is what the ready part of the flow needs, `heavy` the rest."""

    start: date
    light: str
    heavy: str
    ready: tuple[str, ...] = ()  # parameters whose product is the ready share; empty: everyone is ready
    announced: date | None = None  # of a phase that tightens
    review_days: float | None = None
    validity_days: float | None = None
    cap: float | None = None  # share of the base flow, where a measure states one
    halt_cap: float | None = None  # the same of a practice reported since `halt_since`, whose end nobody can see
    halt_since: date | None = None
    export_tax: float | None = None  # ad-valorem rate that the sender adds
    firm_stop: bool = False  # a firm's own stop of which nobody states how much it leaves
    source: str = ""

    @property
    def caps(self) -> bool:
        """Whether something besides licences bounds the flow."""
        return self.lowest_cap is not None or self.export_tax is not None or self.firm_stop

    @property
    def lowest_cap(self) -> float | None:
        """The cap while a halt of unknown length lasts, else the cap stated."""
        return min((cap for cap in (self.cap, self.halt_cap) if cap is not None), default=None)


def is_free(kind: str) -> bool:
    """Whether goods move under this kind without a licence for each contract."""
    return schema.kinds()[kind]["family"] not in ("individual", "prohibited")


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


def measures(case: Case, product: Product) -> list[dict[str, Any]]:
    """The case's own rows for a product that are known and bind the flow from sender to target.

    A reported practice counts where it states a cap. Raises InputError for a row that says neither kind nor cap.
    """
    if not case.has("measures"):
        return []
    table = case.table("measures") if switched(case, "licences") == "observed" else case.known("measures", "known_from")
    mine = (table["product"] == product.id) & (table["exporter"] == case.sender)
    rows = [
        row
        for row in tables.records(table[mine & table["importer"].isin([case.target, *EVERYWHERE])])
        if row["state"] == "in_force" or _is_halt(row)
    ]
    allowed = (
        f"a kind of licence ({', '.join(schema.kinds())}), export_tax with its duty_rate, firm_stop, or a cap_share"
    )
    faults = [
        Fault("measures.csv", row["line"], "kind", repr(row["kind"]), allowed)
        for row in rows
        if row["kind"] not in schema.kinds() and not tables.given(row["cap_share"]) and not _of_instrument(row)
    ]
    if faults:
        raise InputError(faults)
    return sorted(rows, key=lambda row: (row["valid_from"], row["measure_id"]))


def _of_instrument(row: Mapping[str, Any]) -> str:
    """ "export_tax" or "firm_stop" where a row is one of them and says enough, else ""."""
    name = instruments().get(row["kind"], {}).get("instrument", "")
    return name if name == "firm_stop" or (name == "export_tax" and tables.given(row.get("duty_rate"))) else ""


def of_measures(rows: list[dict[str, Any]], horizon: date | None) -> list[Phase]:
    """Phases of a case's own measures: on each day the strictest row in force; a cap is the lowest one stated.

    An end is visible where it lies before the cut-off or another visible row begins on it. To a blind forecast a
    reported practice without a visible end is a halt of unknown length.
    """
    starts = {row["valid_from"] for row in rows}
    spans = []
    for row in rows:
        end = row["valid_to"] if tables.given(row["valid_to"]) else None
        hidden = end is not None and horizon is not None and end > horizon and end not in starts
        spans.append((row["valid_from"], date.max if end is None or hidden else end, row))
    days = sorted(starts | {end for _, end, _ in spans if end < date.max})
    return [
        _of_day(
            day,
            [row for start, end, row in spans if start <= day < end],
            [row for start, end, row in spans if start <= day and end == date.max and horizon and _is_halt(row)],
        )
        for day in days
    ]


def _is_halt(row: dict[str, Any]) -> bool:
    """A reported practice that states a cap."""
    return bool(row.get("state") == "reported" and tables.given(row["cap_share"]))


def _of_day(day: date, held: list[dict[str, Any]], halts: list[dict[str, Any]]) -> Phase:
    """What the rows in force on a day say together; `halts` are those of them whose end nobody can see."""
    capped = [row for row in held if tables.given(row["cap_share"]) and row not in halts]
    halt = min(halts, key=lambda row: float(row["cap_share"]), default=None)
    taxes = [float(row["duty_rate"]) for row in held if _of_instrument(row) == "export_tax"]
    stops = [row for row in held if _of_instrument(row) == "firm_stop" and not tables.given(row["cap_share"])]
    kinds = [row["kind"] for row in held if row["kind"] in schema.kinds() and not tables.given(row["cap_share"])]
    kind = max(kinds, key=schema.strictness, default="none")
    ground = next((row for row in held if row["kind"] == kind), held[0] if held else None)
    told: date | None = None
    if ground is not None:
        told = ground["announced"] if tables.given(ground["announced"]) else ground["known_from"]
    return Phase(
        start=day,
        light=kind,
        heavy=kind,
        announced=told,
        review_days=next((float(row["review_days"]) for row in held if tables.given(row["review_days"])), None),
        cap=min((float(row["cap_share"]) for row in capped), default=None),
        halt_cap=None if halt is None else float(halt["cap_share"]),
        halt_since=None if halt is None else halt["valid_from"],
        export_tax=sum(taxes) if taxes else None,
        firm_stop=bool(stops),
        source=str(ground["source"]) if ground else "",
    )


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
