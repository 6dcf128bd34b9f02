"""A case's rules over time: the built-in regimes of both sides, and what its own measures say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from geoecon.capacity.instrument_rows import switched
from geoecon.capacity.phase import Phase
from geoecon.capacity.phases import ready_facts
from geoecon.case import Case
from geoecon.errors import InputError, MissingData
from geoecon.law import LicenceStates, history, regime_of, regimes_beside

LIST = "other list item"  # alias of the general list item in every regime


def phase_bands(
    phases: Mapping[str, list[Phase]], names: Mapping[str, str], start: date, end: date
) -> list[tuple[Any, ...]]:
    """Rows of a dated band chart for what a case's own measures say: the kind of licence, or the cap stated."""
    import pandas as pd

    rows = []
    for product, found in phases.items():
        ends = [phase.start for phase in found[1:]] + [end]
        for phase, last in zip(found, ends, strict=True):
            first, stop = max(phase.start, start), min(last, end)
            what = _bound(phase) or phase.heavy.replace("_", " ")
            if first < stop:
                rows.append((names[product] + ", measures", pd.Timestamp(first), pd.Timestamp(stop), what))
    return rows


def _bound(phase: Phase) -> str:
    """What besides licences bounds the flow, in words."""
    parts = []
    if phase.lowest_cap is not None:
        cap = "no cap" if phase.lowest_cap >= 1 else f"at most {100 * phase.lowest_cap:.0f} % of the flow"
        parts.append(cap + (", for an unknown time" if phase.halt_cap is not None else ""))
    if phase.export_tax is not None:
        parts.append(f"export tax of {100 * phase.export_tax:.0f} %")
    if phase.firm_stop:
        parts.append("a firm stops selling")
    return ", ".join(parts)


def regimes_of_case(case: Case) -> dict[str, LicenceStates]:
    """The sender's rules for the case's products and its list, and the target's for the sender, as known at the
    cut-off. Raises MissingData where no built-in regime covers either."""
    blind = switched(case, "licences") != "observed"
    found: dict[str, LicenceStates] = {}
    for exporter, importer in ((case.sender, case.target), (case.target, case.sender)):
        regime = regime_of(exporter, regimes_beside(case.folder))
        if regime is None:
            continue
        seen = regime.as_known_on(case.cutoff) if blind else regime
        names = {product.name: product.item for product in case.products if product.item and exporter == case.sender}
        for name, item in {**names, LIST + "s": LIST}.items():
            try:
                code = seen.item(str(item))
            except InputError:
                continue
            label = f"{name}, {case.name_of(exporter)} to {case.name_of(importer)}"
            found[label] = history(seen, code, importer, exporter, {})
            facts = ready_facts(found[label])
            if facts:
                ready = f"{name}, ready firms, {case.name_of(exporter)} to {case.name_of(importer)}"
                found[ready] = history(seen, code, importer, exporter, facts)
    if not found:
        raise MissingData(f"a built-in regime of {case.sender} or {case.target}")
    return found
