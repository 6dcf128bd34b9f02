"""Steps of a dispute on their tracks along one axis of time: how likely each had come by when, and when it came."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from geoecon.charts.canvas import Canvas, fitted
from geoecon.charts.picture import Picture, drawn
from geoecon.dates import MEAN_MONTH

PARTS = 48  # shades along a row


@dataclass(frozen=True)
class Step:
    """A row: its lane, its words, the chance (0 to 1) by each month from 0 on, the day on which it came."""

    lane: str
    words: str
    chance: Sequence[float]
    came: date | None = None


def lanes(steps: Sequence[Step], start: date, *, title: str, said: str, sources: Iterable[str] = ()) -> Picture:
    """Lanes in the order in which they come first; a row is the darker the likelier its step has come by then."""
    months = max(len(step.chance) for step in steps) - 1
    end = start + timedelta(days=MEAN_MONTH * months)

    def draw(wide: float) -> Canvas:
        row = 44.0
        names = list(dict.fromkeys(step.lane for step in steps))
        sheet = Canvas(wide, 34 + 30 * len(names) + row * len(steps) + 40)
        left, right = 6.0, wide - 10

        def at(day: date) -> float:
            return left + (day - start).days / max((end - start).days, 1) * (right - left)

        seen = any(step.came for step in steps)
        entries = [("blue2", "the darker, the likelier it had come")] + ([("came", "when it came")] if seen else [])
        sheet.legend(0, 14, entries, wide)
        y = 30.0
        for name in names:
            sheet.text(0, y + 17, name, bold=True)
            sheet.line(0, y + 23, wide, y + 23, "rule")
            y += 30
            for step in (one for one in steps if one.lane == name):
                sheet.text(0, y + 12, fitted(step.words, sheet.size, wide - 4))
                _row(sheet, step, left, right, y + 18, months)
                if step.came is not None and start <= step.came <= end:
                    sheet.diamond(at(step.came), y + 26, 7)
                y += row
        free = 0.0
        for year in range(start.year, end.year + 2):
            mark = max(date(year, 1, 1), start)
            if mark <= end and (year > start.year or start.month < 8):
                sheet.line(at(mark), y + 2, at(mark), y + 8, "ink2")
                if right - at(mark) > 30 and at(mark) >= free:
                    free = at(mark) + 40
                    sheet.text(at(mark), y + 24, str(year), colour="ink2", size=13)
        return sheet

    rows = [
        {"track": step.lane, "step": step.words, "month": month, "chance": chance, "came": step.came}
        for step in steps
        for month, chance in enumerate(step.chance)
    ]
    return drawn(draw, title, said, rows, unit="chance", sources=sources)


def _row(sheet: Canvas, step: Step, left: float, right: float, y: float, months: int) -> None:
    sheet.rect(left, y, right - left, 16, "blue4")
    shade, begin = 0.0, left
    for part in range(PARTS + 1):
        month = (part + 0.5) / PARTS * months
        before = min(int(month), months - 1)
        chance = step.chance[before] + (month - before) * (step.chance[before + 1] - step.chance[before])
        x, now = left + part / PARTS * (right - left), round(20 * min(max(chance, 0), 1)) / 20
        if now != shade or part == PARTS:  # one piece as long as the shade stays
            if shade:
                sheet.rect(begin, y, x - begin, 16, "blue", opacity=shade)
            shade, begin = now, x
