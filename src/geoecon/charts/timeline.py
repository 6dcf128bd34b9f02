"""What happened: the licence state as a ribbon, numbered events, and monthly trade under them on one axis of time."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from geoecon.charts.canvas import Canvas, fitted, short, ticks, width
from geoecon.charts.picture import Picture, drawn
from geoecon.charts.verdicts import hatch, spell
from geoecon.dates import month_on

if TYPE_CHECKING:
    from collections.abc import Callable


FULL = 1112  # pixels of a page's column


@dataclass(frozen=True)
class Series:
    """Values by spell of time: (from, until, value); a missing month is a hole, never a line. `breaks`: first days of
    another source, which counts otherwise."""

    name: str
    unit: str
    values: tuple[tuple[date, date, float], ...]
    breaks: tuple[date, ...] = ()


def timeline(
    start: date,
    end: date,
    spells: Sequence[tuple[date, date | None, str, str]],
    events: Sequence[tuple[date, str]],
    series: Sequence[Series],
    *,
    title: str,
    said: str,
    heading: str,
    turn: date,
    sources: Iterable[str] = (),
) -> Picture:
    """`spells` as in `ribbon`, `events` in order; bars from `turn` on stand in full colour."""

    def draw(wide: float) -> Canvas:
        left, right = 44.0, wide - 8
        block = 146.0 if wide > 500 else 164.0
        top = 120.0 if events else 70.0
        sheet = Canvas(wide, top + block * len(series) + 34)
        span = max((end - start).days, 1)

        def at(day: date) -> float:
            return left + min(max((day - start).days, 0), span) / span * (right - left)

        foot = top + block * len(series) if series else top
        if spells:
            sheet.parts.append(hatch(wide))
            sheet.text(left, 14, fitted(heading, sheet.size, wide - left - 8, True), bold=True)
            for begin, until, verdict, words in spells:
                _spell(sheet, at(begin), at(until or end), verdict, words)
        _numbers(sheet, [at(day) for day, _ in events], right, foot)
        for place, one in enumerate(series):
            _bars(sheet, one, top + block * place, at, left, turn, place)
        for year in range(start.year, end.year + 1):
            x = at(max(date(year, 1, 1), start))
            sheet.line(x, foot + 2, x, foot + 8, "ink2")
            if x + 34 < wide and (year == end.year or at(date(year + 1, 1, 1)) - x > 36):
                sheet.text(x + 1, foot + 24, str(year), colour="ink2")
        return sheet

    rows: list[dict[str, Any]] = [{"date": day, "what": "event", "value": None, "text": text} for day, text in events]
    rows += [{"date": begin, "what": "rule", "value": None, "text": words} for begin, _, _, words in spells]
    rows += [
        {"date": day, "what": one.name, "value": value, "text": one.unit}
        for one in series
        for day, _, value in one.values
    ]
    return drawn(draw, title, said, rows, unit=series[0].unit if series else "", sources=sources, wide=FULL)


def _spell(sheet: Canvas, x0: float, x1: float, verdict: str, words: str) -> None:
    sign, plain, _ = spell(sheet, x0, x1, 22, verdict)
    for shown in (f"{sign} {words}", f"{sign} {plain}", sign):
        if width(shown, sheet.size) < x1 - x0 - 10:
            sheet.text(x0 + 6, 40, shown)
            return


def _numbers(sheet: Canvas, places: Sequence[float], right: float, foot: float) -> None:
    """Numbered discs above their days; events on one spot share a disc."""
    groups: list[tuple[float, int, int]] = []
    for number, x in enumerate(places, 1):
        if groups and x - groups[-1][0] < 6:
            groups[-1] = (groups[-1][0], groups[-1][1], number)
        else:
            groups.append((x, number, number))
    words = [str(a) if a == b else f"{a}–{b}" for _, a, b in groups]
    wides = [max(20.0, width(text, 13.5, True) + 10) for text in words]
    spots = [x for x, _, _ in groups]
    for k in range(1, len(spots)):  # push to the right until nothing overlaps, then back from the right edge
        spots[k] = max(spots[k], spots[k - 1] + (wides[k - 1] + wides[k]) / 2 + 3)
    for k in range(len(spots) - 1, -1, -1):
        most = right - wides[k] / 2 if k == len(spots) - 1 else spots[k + 1] - (wides[k + 1] + wides[k]) / 2 - 3
        spots[k] = min(spots[k], most)
    for (x, _, _), spot, wide, text in zip(groups, spots, wides, words, strict=True):
        sheet.path([(spot, 86), (x, 102), (x, foot)], fill="none", stroke="rule", stroke_width=1)
        sheet.rect(spot - wide / 2, 66, wide, 20, "ink", rx=10)
        sheet.text(spot, 81, text, at="middle", bold=True, colour="bg", size=13.5)


def _bars(
    sheet: Canvas, one: Series, y: float, at: Callable[[date], float], left: float, turn: date, place: int
) -> None:
    light, full = (("red2", "red"), ("blue2", "blue"), ("teal", "teal"))[place % 3]
    words = f"{one.name}, {one.unit}" + (" (dashed line: another source from there on)" if one.breaks else "")
    foot, top = y + (148 if sheet.narrow else 130), y + (58 if sheet.narrow else 40)
    sheet.lines(left, y + 16, words, sheet.wide - left - 6, bold=True, colour=full, most=2)
    levels = ticks(0, max((value for _, _, value in one.values), default=1), 3)
    for level in levels:
        line = foot - level / levels[-1] * (foot - top)
        sheet.line(left, line, sheet.wide - 8, line)
        sheet.text(left - 6, line + 4, short(level), at="end", colour="ink2")
    for begin, until, value in one.values:
        x0, x1 = at(begin), at(until)
        high = max(value, 0) / levels[-1] * (foot - top)
        sheet.rect(x0 + 0.5, foot - high, max(x1 - x0 - 1.5, 1.2), max(high, 0.8), full if begin >= turn else light)
    for day in one.breaks:
        sheet.line(at(day), top, at(day), foot, "ink2", 1.5, stroke_dasharray="3 3")
    sheet.line(left, foot, sheet.wide - 8, foot, "ink2")


def months(rows: Iterable[tuple[date, float]]) -> tuple[tuple[date, date, float], ...]:
    """Monthly values as spells: each lasts to the first of the next month."""
    found = sorted(rows)
    return tuple((day, month_on(day, 1), value) for day, value in found)


def gaps(values: Sequence[tuple[date, date, float]]) -> list[tuple[date, date]]:
    """Where a series has holes."""
    return [(before[1], now[0]) for before, now in itertools.pairwise(values) if now[0] > before[1]]
