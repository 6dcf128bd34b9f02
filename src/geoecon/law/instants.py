"""An instant with its zone as the day at the exporter's place, whose law it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from geoecon.tables import packaged

INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)? ?(Z|UTC|GMT|[+-]\d{2}:?\d{2})")


@cache
def zones() -> Mapping[str, tuple[str, ...]]:
    """Time zones of each place from `zones.csv`."""
    return {row["place"]: tuple(row["zones"].split()) for row in packaged("law/regimes", "zones.csv")}


def at_places(on: date | str, places: Iterable[str]) -> date | str:
    """The day of an instant (a stamp or text with its zone) at the places, where it is one day; else as given."""
    text = on.isoformat() if isinstance(on, datetime) else str(on).strip()
    if INSTANT.fullmatch(text) is None:
        return on
    moment = datetime.fromisoformat(re.sub(r" ?(Z|UTC|GMT)$", "+00:00", text).replace(" +", "+").replace(" -", "-"))
    days = {moment.astimezone(ZoneInfo(zone)).date() for place in places for zone in zones().get(place, ())}
    return days.pop() if len(days) == 1 else on
