"""Pictures of regimes over time: dated bands, one line a rule."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from geoecon.case import Case
from geoecon.controls import schema
from geoecon.controls.answer import NOT_LEGAL_ADVICE, UNKNOWN, LicenceStates
from geoecon.controls.decision import history
from geoecon.controls.regime import load_regimes, regime_of
from geoecon.errors import InputError, MissingData

OPEN_END = timedelta(days=90)  # how far a step without an end is drawn
LIST = "other list item"  # alias of the general list item in every regime


def band_chart(histories: Mapping[str, LicenceStates], title: str | None = None, start: date | None = None) -> Any:
    """Licence states of several items or of both countries' regimes, one dated band a line; `start` cuts the past."""
    import pandas as pd

    from geoecon import charts

    frame = pd.DataFrame(bands(histories, start), columns=["rule", "from", "to", "licence"])
    if frame.empty:
        raise MissingData("no licence state after " + str(start))
    present = set(frame["licence"])
    order = [kind.replace("_", " ") for kind in (*schema.kinds(), UNKNOWN) if kind.replace("_", " ") in present]
    picture = charts.dated_bands(frame, "rule", "from", "to", "licence", order=order[: len(charts.COLOURS)])
    sources = frozenset[str]().union(*(states.sources for states in histories.values()))
    return charts.finish(
        picture, title or finding(histories, start), "kind of licence needed, by day. " + NOT_LEGAL_ADVICE, sources
    )


def bands(histories: Mapping[str, LicenceStates], start: date | None = None) -> list[tuple[str, Any, Any, str]]:
    """Rows (rule, from, to, kind in words) of a dated band chart."""
    import pandas as pd

    rows = []
    for label, states in histories.items():
        for first, end, kind in states.kinds():
            last = end or states.steps[-1][0] + OPEN_END
            begin = max(first, start) if start else first
            if begin < last:
                rows.append((label, pd.Timestamp(begin), pd.Timestamp(last), kind.replace("_", " ")))
    return rows


def finding(histories: Mapping[str, LicenceStates], start: date | None = None) -> str:
    """How often each rule changed its kind of licence, in words."""
    told = []
    for label, states in histories.items():
        changes = [
            day for day, _, kind in states.kinds()[1:] if kind != UNKNOWN and (start is None or day >= start)
        ]  # fmt: skip
        times = {0: "did not change", 1: "changed once", 2: "changed twice"}
        told.append(f"{label} {times.get(len(changes), f'changed {len(changes)} times')}")
    return "; ".join(told)


def regimes_of_case(case: Case) -> dict[str, LicenceStates]:
    """The sender's rules for the case's products and its list, and the target's for the sender, as known at the cut-off."""
    blind = case.switch("measures") != "observed"
    found: dict[str, LicenceStates] = {}
    for exporter, importer in ((case.sender, case.target), (case.target, case.sender)):
        regime = regime_of(exporter, load_regimes())
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
    if not found:
        raise MissingData(f"a built-in regime of {case.sender} or {case.target}")
    return found


def regimes_chart(case: Case) -> Any:
    """Both countries' regimes of a case as a dated band chart, from half a year before its start."""
    return band_chart(regimes_of_case(case), start=case.start - timedelta(days=182))
