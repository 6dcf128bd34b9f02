"""Pictures of regimes over time: dated bands, one line a rule."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from geoecon.errors import MissingData
from geoecon.law import schema
from geoecon.law.schema import SHORT, UNKNOWN

if TYPE_CHECKING:
    import altair as alt

    from geoecon.law.answer import LicenceStates

OPEN_END = timedelta(days=90)  # how far a step without an end is drawn
LIST = "other list item"  # alias of the general list item in every regime


def band_chart(
    histories: Mapping[str, LicenceStates], title: str | None = None, start: date | None = None, end: date | None = None
) -> alt.VConcatChart:
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


def picture(rows: list[tuple[Any, ...]]) -> alt.Chart:
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
