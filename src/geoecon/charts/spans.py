"""Pictures of ranges: forecast against what came, when parts run out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from geoecon.charts.canvas import SMALL, Canvas, fitted, short, ticks, width, wrapped
from geoecon.charts.picture import Picture, drawn

if TYPE_CHECKING:
    from collections.abc import Callable


MARKS = ("low", "high", "middle", "came")
FAR = 2.5  # times the middle row's reach at which an axis ends, where a row lies twice as far
GANTT = 860  # pixels of a wide Gantt


def ranges(
    rows: Sequence[Mapping[str, Any]],
    *,
    title: str,
    said: str,
    unit: str = "%",
    legend: tuple[str, str] = ("forecast", "what came"),
    zero: bool = True,
    sources: Iterable[str] = (),
) -> Picture:
    """A row each: label, low, middle, high and, where known, came. Whether it fell inside is seen at once."""

    most = _reach(rows)

    def draw(wide: float) -> Canvas:
        sheet = Canvas(wide, 0)
        labels = [wrapped(str(one["label"]), sheet.size, wide - 6, True, 2) for one in rows]
        step = sheet.size * 1.25
        tops = [30.0]
        for lines in labels:
            tops.append(tops[-1] + 48 + step * (len(lines) - 1))
        found = [min(max(one[key], -most), most) for one in rows for key in MARKS if one.get(key) is not None]
        levels = ticks(min([*found, 0] if zero else found), max([*found, 0] if zero else found), 6 if wide > 500 else 4)
        ends = [width(f"{short(level)} {unit if len(unit) < 3 else ''}", sheet.size) / 2 + 1 for level in levels]
        left, right = max(18.0, ends[0]), wide - max(26.0, ends[-1])

        def at(value: float) -> float:
            return left + (value - levels[0]) / (levels[-1] - levels[0]) * (right - left)

        entries = [("blue3", legend[0])] + (
            [("came", legend[1])] if any(one.get("came") is not None for one in rows) else []
        )
        sheet.legend(0, 14, entries, wide)
        foot = tops[-1]
        sheet.high = foot + 34
        for level in levels:
            sheet.line(at(level), 30, at(level), foot, "ink2" if level == 0 else "grid")
            words = short(level) + (f"\u00a0{unit}" if level == levels[-1] and len(unit) < 3 else "")
            sheet.text(at(level), foot + 20, words, at="middle", colour="ink2")
        for one, lines, top in zip(rows, labels, tops, strict=False):
            for number, label in enumerate(lines):
                sheet.rect(0, top + 3 + step * number, width(label, sheet.size, True) + 4, 18, "bg")
                sheet.text(0, top + 17 + step * number, label, bold=True)
            y = top + step * (len(lines) - 1)
            if one.get("low") is not None:
                begin, end = (at(min(max(one[key], levels[0]), levels[-1])) for key in ("low", "high"))
                sheet.rect(begin, y + 25, max(end - begin, 5), 13, "blue3", rx=6.5, stroke="blue2", stroke_width=0.8)
            if one.get("middle") is not None and levels[0] <= one["middle"] <= levels[-1]:
                sheet.dot(at(one["middle"]), y + 31.5, 5, "blue")
            if one.get("came") is not None:
                _came(sheet, one["came"], levels, at, y + 31.5)
        return sheet

    return drawn(draw, title, said, rows, unit=unit, sources=sources)


def _reach(rows: Sequence[Mapping[str, Any]]) -> float:
    """How far the axis goes: one row many times beyond all others would squeeze them to points."""
    sizes = sorted(max((abs(one[key]) for key in MARKS if one.get(key) is not None), default=0.0) for one in rows)
    middle = sizes[len(sizes) // 2] if sizes else 0.0
    return FAR * middle if len(sizes) > 2 and sizes[-1] > 2 * FAR * middle > 0 else float("inf")


def _came(sheet: Canvas, value: float, levels: Sequence[float], at: Callable[[float], float], y: float) -> None:
    """The diamond of what came; beyond the axis at its end, with its number."""
    held = min(max(value, levels[0]), levels[-1])
    sheet.diamond(at(held), y, 7)
    if held != value:
        words = f"{short(round(value))} →" if value > held else f"← {short(round(value))}"
        right = value > held
        sheet.text(at(held) + (-12 if right else 12), y + 5, words, at="end" if right else "start", bold=True)


def gantt(
    parts: Sequence[Mapping[str, Any]], *, title: str, said: str, start: date, stop: str, sources: Iterable[str] = ()
) -> Picture:
    """When parts run out. A part holds name, verdict (sure, possible, safe), note, out (last day of stock), back,
    back_low, back_high (days on which the replacement may come) and order (last day to order); any but name may miss.
    """
    days = [one[key] for one in parts for key in ("out", "back", "back_low", "back_high") if one.get(key)]
    end = max([*days, start + timedelta(days=60)]) + timedelta(days=12)

    def draw(wide: float) -> Canvas:
        left = 158.0 if wide > 500 else 0.0
        row = 84.0 if wide > 500 else 112.0
        sheet = Canvas(wide, 58 + row * len(parts) + (34 if wide > 500 else 76))
        right = wide - 10
        span = max((end - start).days, 1)

        def at(day: date) -> float:
            return float(left + 2 + min(max((day - start).days, 0), span) / span * (right - left - 4))

        for mark, words in _months(start, end, 8 if wide > 500 else 4):
            sheet.line(at(mark), 46, at(mark), 58 + row * len(parts), "grid")
            if width(words, sheet.size) < right - at(mark):
                sheet.text(at(mark) + 2, 40, words, colour="ink2")
        sheet.line(left + 2, 4, left + 2, 58 + row * len(parts), "ink", 2)
        sheet.text(left + 8, 16, fitted(stop, sheet.size, wide - left - 12, True), bold=True)
        for place, one in enumerate(parts):
            _part(sheet, one, 58 + row * place, at, left, right, start)
        entries = [
            ("blue2", "stock lasts"),
            ("red", "short for sure"),
            ("red2", "may be short"),
            ("sand", "when the replacement may come"),
        ]
        y = sheet.legend(0, 58 + row * len(parts) + 14, entries, wide)
        sheet.text(0, y + 20, "◆ most likely day   ▲ last day to order", size=sheet.small, colour="ink2")
        sheet.high = y + 28
        return sheet

    return drawn(draw, title, said, parts, unit="day", sources=sources, wide=GANTT)


def _part(
    sheet: Canvas,
    one: Mapping[str, Any],
    y: float,
    at: Callable[[date], float],
    left: float,
    right: float,
    start: date,
) -> None:
    colour = {"sure": "red", "possible": "amber", "safe": "teal"}.get(
        str(one.get("verdict", ""))[:8].split(",")[0], "ink2"
    )
    top = y
    if left:
        last = sheet.lines(0, y + 14, str(one["name"]), left - 8, step=1.15, most=2, bold=True)
        sheet.text(0, last + 17, str(one.get("words") or one.get("verdict", "")), bold=True, colour=colour, size=13)
        room = 2 if last < y + 15 else 1  # a long name takes a line of the note
        sheet.lines(0, last + 33, str(one.get("note", "")), left - 10, colour="ink2", size=SMALL, most=room)
    else:
        sheet.text(
            8,
            y + 14,
            fitted(f"{one['name']}: {one.get('words') or one.get('verdict', '')}", sheet.size, right - 10, True),
            bold=True,
            colour=colour,
        )
        top = y + 22
    out, early, late, back = one.get("out"), one.get("back_low"), one.get("back_high"), one.get("back")
    zero = at(start)
    if out is None:
        sheet.rect(zero, top, right - zero, 20, "grey3", stroke="grey", stroke_width=0.8)
        sheet.text(zero + 6, top + 15, "not known", colour="ink2", size=13)
        return
    sheet.rect(zero, top, at(out) - zero, 20, "blue2")
    sure, most = early or back, late or back
    if sure and sure > out:
        sheet.rect(at(out), top, at(sure) - at(out), 20, "red")
    if most and most > out:
        begin = max(out, sure) if sure else out
        sheet.rect(at(begin), top, at(most) - at(begin), 20, "red2", opacity=0.7)
    held = f"stock {(out - start).days} days"
    if width(held, 13, True) < at(out) - zero - 8:
        sheet.text(zero + 6, top + 15, held, bold=True, colour="onblue", size=13)
    else:
        clear = at(most) if most and most > out else at(out)
        if width(held, 13) < right - clear - 8:
            sheet.text(clear + 6, top + 15, held, size=13)
    if back:
        sheet.line(zero, top + 33, at(early or back), top + 33, "ink2", 1.5)
        if early and late and early != late:
            sheet.rect(
                at(early), top + 28, max(at(late) - at(early), 4), 10, "sand", rx=5, stroke="grey", stroke_width=0.8
            )
        sheet.diamond(at(back), top + 33, 6, "ink")
        words = f"replacement {_day(back)}" + (
            f", between {_day(early)} and {_day(late)}" if early and late and early != late else ""
        )
        words = fitted(words, SMALL, sheet.wide - max(zero + 6, 8) - 4)
        sheet.text(
            min(max(at(back) - width(words, SMALL) / 2, max(zero + 6, 8)), right - width(words, SMALL)),
            top + 53,
            words,
            size=SMALL,
            colour="ink2",
        )
    if one.get("order") and one["order"] >= start:
        sheet.path(
            [(at(one["order"]) - 6, top + 30), (at(one["order"]), top + 21), (at(one["order"]) + 6, top + 30)],
            close=True,
            fill="teal",
        )


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}" if day.month == 1 or day.month == 12 else f"{day.day} {day:%b}"


def _months(start: date, end: date, most: int) -> list[tuple[date, str]]:
    """First days of months, every one or so many that they have room; January carries its year."""
    months = [date(year, month, 1) for year in range(start.year, end.year + 1) for month in range(1, 13)]
    inside = [day for day in months if start < day <= end]
    step = next((k for k in (1, 2, 3, 6, 12) if len(inside) / k <= most), 12)
    kept = [day for day in inside if (day.month - 1) % step == 0] if step > 1 else inside
    return [
        (day, f"{day:%b} {day.year}" if day.month == 1 or place == 0 else f"{day:%b}") for place, day in enumerate(kept)
    ]
