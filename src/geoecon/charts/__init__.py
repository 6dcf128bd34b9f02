"""Pictures: the SVG charts of the pages, and the house style of the Altair charts that results bring along."""

from geoecon.charts.canvas import PALETTE, Canvas, stylesheet, ticks
from geoecon.charts.curves import cliff, trend
from geoecon.charts.house import (
    COLOURS,
    HEIGHT,
    OTHER,
    PATRON,
    ROLE_COLOURS,
    SENDER,
    TARGET,
    WIDTH,
    bars,
    dated_bands,
    finish,
    path,
)
from geoecon.charts.lanes import Step, lanes
from geoecon.charts.masses import amounts, flow, histogram, shares
from geoecon.charts.picture import Picture
from geoecon.charts.spans import gantt, ranges
from geoecon.charts.timeline import Series, months, timeline
from geoecon.charts.verdicts import VERDICTS, ribbon, scale
from geoecon.charts.world import places, world

__all__ = [
    "COLOURS",
    "HEIGHT",
    "OTHER",
    "PALETTE",
    "PATRON",
    "ROLE_COLOURS",
    "SENDER",
    "TARGET",
    "VERDICTS",
    "WIDTH",
    "Canvas",
    "Picture",
    "Series",
    "Step",
    "amounts",
    "bars",
    "cliff",
    "dated_bands",
    "finish",
    "flow",
    "gantt",
    "histogram",
    "lanes",
    "months",
    "path",
    "places",
    "ranges",
    "ribbon",
    "scale",
    "shares",
    "stylesheet",
    "ticks",
    "timeline",
    "trend",
    "world",
]
