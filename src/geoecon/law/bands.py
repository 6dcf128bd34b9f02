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
Row = tuple[Any, ...]  # (rule, from, to, what holds)


def band_chart(label: str, states: LicenceStates) -> alt.VConcatChart:
    """Licence states as one line of dated bands. Raises MissingData where nothing is known of any day."""
    from geoecon import charts

    rows = band_rows({label: states})
    if not rows:
        raise MissingData(f"a licence state of {label}")
    subtitle = f"kind of licence needed, by day. {SHORT}"
    return charts.finish(band_picture(rows), states.sentence(), subtitle, states.sources)


def band_picture(rows: list[Row]) -> alt.Chart:
    """Dated bands of rows (rule, from, to, what holds), not yet titled."""
    import pandas as pd

    from geoecon import charts

    frame = pd.DataFrame(rows, columns=["rule", "from", "to", "licence"])
    known = [kind.replace("_", " ") for kind in (*schema.kinds(), UNKNOWN)]
    order = [kind for kind in known if kind in set(frame["licence"])]
    order += sorted(set(frame["licence"]) - set(order))
    return charts.dated_bands(frame, "rule", "from", "to", "licence", order=order[: len(charts.COLOURS)])


def band_rows(histories: Mapping[str, LicenceStates], start: date | None = None, end: date | None = None) -> list[Row]:
    """Rows (rule, from, to, kind in words) of a dated band chart."""
    import pandas as pd

    rows = []
    for label, states in histories.items():
        for first, last, kind in states.spells():
            last = last or states.steps[-1][0] + OPEN_END
            begin, stop = max(first, start or first), min(last, end or last)
            if begin < stop:
                rows.append((label, pd.Timestamp(begin), pd.Timestamp(stop), kind))
    return rows
