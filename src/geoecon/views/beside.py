"""What stands beside the forecast of an ending: the other methods in one table, the record on pressing, tracks."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from geoecon import charts
from geoecon.dates import MEAN_MONTH
from geoecon.draws import band
from geoecon.message import Findings
from geoecon.message import phrases as say
from geoecon.views.content import table_of

if TYPE_CHECKING:
    from geoecon.bargaining import Tracks


def beside_endings(found: Findings) -> dict[str, Any]:
    """Fields of a block: sentences, table and picture; empty without a forecast."""
    forecast = found.forecast
    if forecast is None or not hasattr(forecast, "others"):
        return {}
    table = forecast.others(forecast.months)
    numbers = table.columns[1:]
    shown = table.assign(**{name: [f"{value:.0f}" for value in table[name]] for name in numbers})
    tracks = found.tracks
    return {
        "said": (*forecast.beside(), *((tracks.note(),) if tracks is not None else ())),
        "table": table_of(shown.rename(columns={"ending": f"after {say.length(forecast.months)}"})),
        "second": None if tracks is None else tracks_picture(found, tracks),
    }


def tracks_picture(found: Findings, tracks: Tracks) -> charts.Picture:
    """Three lanes: how likely each step had come by when; diamonds where the case's own events stand."""
    events = dict(zip(tracks.events["step"], tracks.events["months"], strict=True))
    steps = []
    for step, track, words in tracks.steps():
        middle = band(tracks.by_month(step))[0]
        came = None if step not in events else tracks.start + timedelta(days=MEAN_MONTH * float(events[step]))
        for role in ("sender", "target"):
            words = words.replace(f"the {role}", say.land(found.name(role)))
        steps.append(charts.Step(track, words, [float(value) for value in middle], came))
    title = "Three tracks, by rates alike in all cases"
    return charts.lanes(steps, tracks.start, title=title, said=f"{title}. {tracks.sentence()}", sources=tracks.sources)
