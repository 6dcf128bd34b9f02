"""Pictures of regimes over time: dated bands, one line a rule."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from geoecon.case import Case
from geoecon.controls import schema
from geoecon.controls.answer import SHORT, UNKNOWN, LicenceStates
from geoecon.controls.decision import history
from geoecon.controls.phases import Phase, ready_facts
from geoecon.controls.regime import load_regimes, regime_of
from geoecon.errors import InputError, MissingData

OPEN_END = timedelta(days=90)  # how far a step without an end is drawn
LIST = "other list item"  # alias of the general list item in every regime


def band_chart(
    histories: Mapping[str, LicenceStates], title: str | None = None, start: date | None = None, end: date | None = None
) -> Any:
    """Licence states of several items or of both countries' regimes, one dated band a line, between two days.

    Raises MissingData where nothing falls between them.
    """
    from geoecon import charts

    rows = bands(histories, start, end)
    if not rows:
        raise MissingData(f"no licence state between {start} and {end}")
    sources = frozenset[str]().union(*(states.sources for states in histories.values()))
    subtitle = f"kind of licence needed, by day. {SHORT}"
    return charts.finish(picture(rows), title or finding(histories, start, end), subtitle, sources)


def picture(rows: list[tuple[Any, ...]]) -> Any:
    """Dated bands of rows (rule, from, to, what holds), not yet titled."""
    import pandas as pd

    from geoecon import charts

    frame = pd.DataFrame(rows, columns=["rule", "from", "to", "licence"])
    known = [kind.replace("_", " ") for kind in (*schema.kinds(), UNKNOWN)]
    order = [kind for kind in known if kind in set(frame["licence"])]
    order += sorted(set(frame["licence"]) - set(order))
    return charts.dated_bands(frame, "rule", "from", "to", "licence", order=order[: len(charts.COLOURS)])


def bands(histories: Mapping[str, LicenceStates], start: date | None, end: date | None) -> list[tuple[Any, ...]]:
    """Rows (rule, from, to, kind in words) of a dated band chart."""
    import pandas as pd

    rows = []
    for label, states in histories.items():
        for first, last, kind in states.kinds():
            last = last or states.steps[-1][0] + OPEN_END
            begin, stop = max(first, start or first), min(last, end or last)
            if begin < stop:
                rows.append((label, pd.Timestamp(begin), pd.Timestamp(stop), kind.replace("_", " ")))
    return rows


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
            what = phase.heavy.replace("_", " ")
            if phase.lowest_cap is not None:
                what = "no cap" if phase.lowest_cap >= 1 else f"at most {100 * phase.lowest_cap:.0f} % of the flow"
            if phase.halt_cap is not None:
                what += ", for an unknown time"
            if first < stop:
                rows.append((names[product] + ", measures", pd.Timestamp(first), pd.Timestamp(stop), what))
    return rows


def changes(states: LicenceStates, start: date | None = None, end: date | None = None) -> int:
    """How often the kind of licence changed between two days, known changes only."""
    days = [day for day, _, kind in states.kinds()[1:] if kind != UNKNOWN]
    return sum((start is None or day >= start) and (end is None or day <= end) for day in days)


def finding(histories: Mapping[str, LicenceStates], start: date | None = None, end: date | None = None) -> str:
    """How often the rules changed, in words."""
    if len(histories) == 1:
        return next(iter(histories.values())).sentence()
    counts = {label: changes(states, start, end) for label, states in histories.items()}
    most = max(counts, key=lambda label: counts[label])
    return f"{most}: {counts[most]} changes of the licence, more than any other line of {len(counts)}"


def regimes_of_case(case: Case) -> dict[str, LicenceStates]:
    """The sender's rules for the case's products and its list, and the target's for the sender, as known at the
    cut-off. Raises MissingData where no built-in regime covers either."""
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
            facts = ready_facts(found[label])
            if facts:
                ready = f"{name}, ready firms, {case.name_of(exporter)} to {case.name_of(importer)}"
                found[ready] = history(seen, code, importer, exporter, facts)
    if not found:
        raise MissingData(f"a built-in regime of {case.sender} or {case.target}")
    return found


def regimes_chart(case: Case) -> Any:
    """Both countries' regimes of a case as a dated band chart, from half a year before its start to its end."""
    start, end = case.start - timedelta(days=182), case.end + OPEN_END
    histories = regimes_of_case(case)
    told = []
    for exporter, importer in ((case.sender, case.target), (case.target, case.sender)):
        way = f"{case.name_of(exporter)} to {case.name_of(importer)}"
        counts = [changes(states, start, end) for label, states in histories.items() if label.endswith(way)]
        lines = f"{len(counts)} rule" + ("s" if len(counts) > 1 else "")
        told += [f"{way}: {sum(counts)} changes in {lines}"] if counts else []
    return band_chart(histories, "; ".join(told), start, end)
