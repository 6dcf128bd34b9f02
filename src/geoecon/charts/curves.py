"""Pictures of one measure along an axis: the loss against the parameter that decides, and a share over the years."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from geoecon.charts.canvas import Canvas, short, ticks, width
from geoecon.charts.picture import Picture, drawn

if TYPE_CHECKING:
    from collections.abc import Callable


def cliff(
    points: Sequence[Mapping[str, float]],
    *,
    title: str,
    said: str,
    x: str,
    y: str,
    chance: str = "",
    prior: tuple[float, float, float] | None = None,
    mark: float | None = None,
    came: tuple[float, float] | None = None,
    band: str = "eight runs in ten",
    words: tuple[str, str] = ("our guess", "what came"),
    sources: Iterable[str] = (),
) -> Picture:
    """What is lost against the one parameter that decides.

    `points` hold x, middle, low, high and, for the row of numbers on top, chance (0 to 1). `prior` (low, mode, high)
    lies as a shade below the axis, `came` (from, to) as a bar, `mark` is the value that the reader has chosen.
    """
    rows = sorted(points, key=lambda one: one["x"])

    def draw(wide: float) -> Canvas:
        sheet = Canvas(wide, 500 if wide > 500 else 390)
        top, bottom = (66.0, sheet.high - 92) if chance else (40.0, sheet.high - 92)
        left, right = 46.0 if wide > 500 else 40.0, wide - 14
        upper = ticks(0, max(max(one["high"] for one in rows), 1e-9), 5)
        across = ticks(rows[0]["x"], rows[-1]["x"], 8 if wide > 500 else 5)
        first, last = min(across[0], rows[0]["x"]), max(across[-1], rows[-1]["x"])

        def at(value: float) -> float:
            return left + (value - first) / (last - first) * (right - left)

        def up(value: float) -> float:
            return bottom - max(value, 0) / upper[-1] * (bottom - top)

        for level in upper:
            sheet.line(left, up(level), right, up(level))
            sheet.text(left - 8, up(level) + 5, short(level), at="end", colour="ink2")
        if chance:
            sheet.text(left, 16, chance, bold=True, colour="red")
            _chances(sheet, rows, at, bottom)
        sheet.text(left, top - 6 if chance else 16, y, bold=True)
        outline = [(at(one["x"]), up(one["high"])) for one in rows] + [
            (at(one["x"]), up(one["low"])) for one in reversed(rows)
        ]
        sheet.path(outline, close=True, fill="blue3", stroke="blue2", stroke_width=0.8, opacity=0.75)
        sheet.path([(at(one["x"]), up(one["middle"])) for one in rows], fill="none", stroke="blue", stroke_width=3)
        sheet.line(left, bottom, right, bottom, "ink2")
        rising = rows[-1]["high"] > rows[0]["high"]  # the legend stands where the band is low
        sheet.legend(
            left + 10 if rising else left + (right - left) * 0.52,
            top + 16,
            [("blue", "in the middle"), ("blue3", band)],
            (right - left) * 0.48,
        )
        for value in across:
            ends = "end" if at(value) > right - 12 else "middle"
            sheet.text(at(value), bottom + 19, short(value), at=ends, colour="ink2")
        if prior is not None:
            _prior(sheet, prior, (first, last), at, bottom, words[0])
        if came is not None:
            sheet.line(at(came[0]), bottom + 54, max(at(came[1]), at(came[0]) + 4), bottom + 54, "ink", 5)
            sheet.text(min(at(came[1]) + 8, right - width(words[1], sheet.size)), bottom + 59, words[1], colour="ink2")
        if mark is not None:
            sheet.line(at(mark), top, at(mark), bottom, "red", 2, stroke_dasharray="5 4")
            near = min(rows, key=lambda one: abs(one["x"] - mark))
            sheet.dot(at(mark), up(near["middle"]), 6, "red", stroke="bg", stroke_width=2)
        last_line = sheet.lines(left, bottom + 78, x, right - left, bold=True, most=2)
        sheet.high = max(sheet.high, last_line + 8)
        return sheet

    return drawn(draw, title, said, rows, unit=y, sources=sources)


def _chances(sheet: Canvas, rows: Sequence[Mapping[str, float]], at: Callable[[float], float], bottom: float) -> None:
    """The row of chances on top, as many as have room."""
    free = -1e9
    for one in rows:
        if "chance" not in one or one["chance"] != one["chance"]:
            continue
        words = f"{round(100 * one['chance'])}\u00a0%"
        half = width(words, sheet.size, True) / 2
        place = min(max(at(one["x"]), 46 + half - 20), sheet.wide - 4 - half)
        if place - half < free:
            continue
        sheet.text(place, 37, words, at="middle", bold=True, colour="red")
        sheet.line(at(one["x"]), 43, at(one["x"]), bottom)
        free = place + half + 8


def _prior(
    sheet: Canvas,
    prior: tuple[float, float, float],
    span: tuple[float, float],
    at: Callable[[float], float],
    bottom: float,
    words: str,
) -> None:
    """What was assumed, as a triangle under the axis, cut where the axis ends."""
    low, mode, high = prior
    first, last = span
    foot, spots = bottom + 46, [low, mode, high, first, last]

    def tall(value: float) -> float:
        if value <= mode:
            return 20.0 if mode == low else 20.0 * (value - low) / (mode - low)
        return 20.0 * (high - value) / (high - mode)

    inside = sorted({value for value in spots if max(low, first) <= value <= min(high, last)})
    if len(inside) < 2:
        return
    top = [(at(value), foot - max(tall(value), 0)) for value in inside]
    ends = [(at(inside[-1]), foot), (at(inside[0]), foot)]
    sheet.path([*top, *ends], close=True, fill="sand", stroke="grey", stroke_width=0.8)
    room = width(words, sheet.size)
    if at(inside[-1]) + 8 + room <= at(last):
        sheet.text(at(inside[-1]) + 8, foot, words, colour="ink2")
    elif at(inside[0]) - 8 - room >= 0:
        sheet.text(at(inside[0]) - 8, foot, words, at="end", colour="ink2")


def trend(
    points: Sequence[tuple[float, float]],
    *,
    title: str,
    said: str,
    unit: str,
    top: float | None = None,
    breaks: Iterable[float] = (),
    sources: Iterable[str] = (),
) -> Picture:
    """A measure by year. No line runs over a missing year or over a change of source (`breaks`: first years of it)."""
    rows = sorted(points)
    cuts = set(breaks)

    def draw(wide: float) -> Canvas:
        sheet = Canvas(wide, 220)
        left, right, upper, foot = 44.0, wide - 60, 26.0, 180.0
        levels = ticks(0, top or max((value for _, value in rows), default=1), 4)
        first, last = rows[0][0], max(rows[-1][0], rows[0][0] + 1)

        def at(year: float) -> float:
            return left + (year - first) / (last - first) * (right - left)

        def up(value: float) -> float:
            return foot - value / levels[-1] * (foot - upper)

        for level in levels:
            sheet.line(left, up(level), right, up(level))
            sheet.text(left - 8, up(level) + 5, short(level), at="end", colour="ink2")
        for piece in _unbroken(rows, cuts):
            sheet.path([(at(year), up(value)) for year, value in piece], fill="none", stroke="red", stroke_width=2.5)
            for year, value in piece if len(piece) == 1 else ():
                sheet.dot(at(year), up(value), 3, "red")
        for cut in cuts:
            sheet.line(at(cut) - 4, upper, at(cut) - 4, foot, "grey", 1, stroke_dasharray="3 3")
        sheet.dot(at(rows[-1][0]), up(rows[-1][1]), 5, "red")
        sheet.text(at(rows[-1][0]) + 9, up(rows[-1][1]) + 5, f"{short(round(rows[-1][1]))}{unit}", bold=True)
        for year in {int(first), int(last)}:
            sheet.text(at(year), foot + 20, str(year), at="middle", colour="ink2")
        return sheet

    found = [{"year": year, "value": value} for year, value in rows]
    return drawn(draw, title, said, found, unit=unit, sources=sources)


def _unbroken(rows: Sequence[tuple[float, float]], cuts: set[float]) -> list[list[tuple[float, float]]]:
    """Runs of years that follow one another without a gap or a change of source."""
    pieces = [[rows[0]]] if rows else []
    for before, now in itertools.pairwise(rows):
        if now[0] - before[0] > 1 or now[0] in cuts:
            pieces.append([])
        pieces[-1].append(now)
    return pieces
