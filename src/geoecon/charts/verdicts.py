"""What a licence asks as sign, word and colour, and the ribbon of what a shipment needed from when to when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from geoecon.charts.canvas import SMALL, Canvas, fitted, width
from geoecon.charts.picture import Picture, drawn

# licence verdict: sign, word, fill, severity order. Sign, word and colour always together.
VERDICTS: Mapping[str, tuple[str, str, str]] = {
    "none": ("○", "no licence", "teal3"),
    "general": ("◔", "general licence", "blue4"),
    "case": ("◐", "case by case", "amber3"),
    "refused": ("◕", "refused as policy", "red3"),
    "prohibited": ("●", "prohibited", "plum3"),
    "unknown": ("?", "not known", "grey3"),
}


def ribbon(
    spells: Sequence[tuple[date, date | None, str, str]],
    *,
    title: str,
    said: str,
    through: date | None = None,
    mark: date | None = None,
    sources: Iterable[str] = (),
) -> Picture:
    """What a shipment needed: (from, until, verdict, words). After `through` nobody has looked: hatched."""
    looked = [day for day in (through, mark) if day]  # what lies far behind both is not known and not shown
    spells = [one for one in spells if not looked or one[0] <= max(looked)] or list(spells[:1])
    ends = [min(end, max(looked)) if looked else end for _, end, _, _ in spells if end]
    last = max([*ends, *looked, spells[-1][0]])
    first = spells[0][0]
    end = last + timedelta(days=max((last - first).days // 12, 60))

    def draw(wide: float) -> Canvas:
        sheet = Canvas(wide, 118)
        span = max((end - first).days, 1)

        def at(day: date) -> float:
            return min(max((day - first).days, 0), span) / span * wide

        sheet.parts.append(hatch(wide))
        used: list[str] = []
        for start, until, verdict, words in spells:
            x0, x1 = at(start), at(until or through or end)
            sign, _, _ = spell(sheet, x0, x1, 34, verdict)
            for said_words in (f"{sign} {words}", sign):
                if width(said_words, 13.5, True) < x1 - x0 - 6:
                    sheet.text((x0 + x1) / 2, 52, said_words, at="middle", bold=True, size=13.5)
                    break
            if verdict not in used:
                used.append(verdict)
        if through and through < end:
            sheet.rect(at(through), 34, wide - at(through), 26, f"url(#hatch{wide:g})", stroke="grey", stroke_width=0.6)
        if mark and first <= mark <= end:
            words = f"{mark.day} {mark:%B %Y}"
            half = width(words, 13, True) / 2
            sheet.text(min(max(at(mark), half), wide - half), 16, words, at="middle", bold=True, size=13)
            sheet.path([(at(mark) - 6, 21), (at(mark) + 6, 21), (at(mark), 31)], close=True, fill="ink")
        for year in _years(first, end, wide):
            day = max(date(year, 1, 1), first)
            sheet.line(at(day), 60, at(day), 66, "ink2")
            if at(day) + 36 < wide and (year == end.year or at(date(year + 1, 1, 1)) - at(day) > 38):
                sheet.text(at(day) + 2, 80, str(year), size=13.5, colour="ink2")
        if through:
            words = f"hatched: not looked at after {through.day} {through:%B %Y}"
            sheet.text(wide, 108, fitted(words, 13.5, wide), at="end", size=13.5, colour="ink2")
        return sheet

    rows = [
        {"from": start, "until": until, "verdict": VERDICTS.get(verdict, VERDICTS["unknown"])[1], "words": words}
        for start, until, verdict, words in spells
    ]
    return drawn(draw, title, said, rows, unit="day", sources=sources)


def scale(verdict: str, *, title: str, said: str, note: str = "", sources: Iterable[str] = ()) -> Picture:
    """The six verdicts from light to dark, that of the answer framed; `note` stands below: presumed, until when."""

    def draw(wide: float) -> Canvas:
        across = 3 if wide < 500 else 6
        sheet = Canvas(wide, 66.0 * (6 // across) + (26 if note else 6))
        room = wide / across
        for place, (key, (sign, words, fill)) in enumerate(VERDICTS.items()):
            x, y, mine = room * (place % across), 66.0 * (place // across), key == verdict
            edge = ("ink", 2.5) if mine else ("rule", 0.8)
            sheet.rect(
                x + 2, y + 2, room - 4, 58, fill, stroke=edge[0], stroke_width=edge[1], opacity=None if mine else 0.45
            )
            sheet.text(x + room / 2, y + 20, sign, at="middle", bold=mine, colour="ink" if mine else "ink2")
            sheet.lines(
                x + room / 2,
                y + 36,
                words,
                room - 10,
                at="middle",
                size=SMALL,
                bold=mine,
                colour="ink" if mine else "ink2",
            )
        if note:
            sheet.high = sheet.lines(2, sheet.high - 8, note, wide - 4, size=SMALL, colour="ink2") + 8
        return sheet

    rows = [{"verdict": words, "this one": key == verdict} for key, (_, words, _) in VERDICTS.items()]
    return drawn(draw, title, said, rows, sources=sources)


def spell(sheet: Canvas, x0: float, x1: float, top: float, verdict: str) -> tuple[str, str, str]:
    """The bar of a spell of time in the colour of its verdict; its sign, words and colour, of "unknown" for others."""
    sign, words, fill = VERDICTS.get(verdict, VERDICTS["unknown"])
    paint = f"url(#hatch{sheet.wide:g})" if verdict == "unknown" else fill
    sheet.rect(x0, top, max(x1 - x0 - 1, 1), 26, paint, stroke="grey", stroke_width=0.6)
    return sign, words, fill


def _years(first: date, end: date, wide: float) -> list[int]:
    years = list(range(first.year, end.year + 1))
    step = max(1, round(len(years) * 48 / wide + 0.49))
    return years[::step]


def hatch(wide: float) -> str:
    """The pattern of what is not known, under a name of its own for each width."""
    return (
        f'<defs><pattern id="hatch{wide:g}" width="7" height="7" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)">'
        '<rect width="7" height="7" fill="var(--grey3)"/><line x1="0" y1="0" x2="0" y2="7" stroke="var(--grey)" '
        'stroke-width="1.6"/></pattern></defs>'
    )
