"""Pictures of how much and how likely: two futures as a histogram, amounts on one scale, shares, flows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from geoecon.charts.canvas import SMALL, Canvas, fitted, width, wrapped
from geoecon.charts.picture import Picture, drawn

Part = tuple[float, str, str]  # value, colour, what it is


def histogram(
    bins: Sequence[tuple[str, float, str]],
    *,
    title: str,
    said: str,
    x: str,
    notes: Sequence[tuple[int, str]] = (),
    sources: Iterable[str] = (),
) -> Picture:
    """Runs in a hundred by class: (words, runs in a hundred, colour), the words with a line feed where they may be
    broken. `notes` stand at a bar by number. Columns on a wide picture, rows on a narrow one."""

    def draw(wide: float) -> Canvas:
        return (_columns if wide > 500 else _rows)(wide, bins, x, notes)

    found = [{"class": words.replace("\n", ""), "runs in a hundred": value} for words, value, _ in bins]
    return drawn(draw, title, said, found, unit="runs in a hundred", sources=sources)


def _columns(wide: float, bins: Sequence[tuple[str, float, str]], x: str, notes: Sequence[tuple[int, str]]) -> Canvas:
    sheet = Canvas(wide, 320)
    top, foot, left = 56.0, sheet.high - 56, 4.0
    slot = (wide - left * 2) / len(bins)
    most = max((value for _, value, _ in bins), default=1) or 1
    for place, (words, value, colour) in enumerate(bins):
        x0, high = left + place * slot, value / most * (foot - top)
        sheet.rect(x0 + 2, foot - high, slot - 4, max(high, 1.5 if value else 0), colour)
        if value:
            sheet.text(x0 + slot / 2, foot - high - 6, _count(value), at="middle", bold=True)
        for line, part in enumerate(words.split("\n")):
            sheet.text(x0 + slot / 2, foot + 17 + 14 * line, part, at="middle", colour="ink2", size=SMALL)
    sheet.line(left, foot, wide - left, foot, "ink2")
    for number, (place, words) in enumerate(notes):
        _, value, colour = bins[place]
        x0 = left + (place + 1) * slot + 6
        shown = fitted(words, sheet.size, wide - 16, True)
        start = min(x0, wide - 8 - width(shown, sheet.size, True))
        clear = max((bins[k][1] for k in range(len(bins)) if k != place and left + (k + 1) * slot > start), default=0)
        y = foot - clear / most * (foot - top) - 30 if number == 0 else top - 34 + 18 * number
        sheet.text(start, max(min(y, foot - value / most * (foot - top) + 20), 14), shown, bold=True, colour=colour)
    sheet.text(left, sheet.high - 6, fitted(x, sheet.size, wide - 16), colour="ink2")
    return sheet


def _rows(wide: float, bins: Sequence[tuple[str, float, str]], x: str, notes: Sequence[tuple[int, str]]) -> Canvas:
    row, told = 26.0, dict(notes)
    sheet = Canvas(wide, 30 + row * len(bins))
    more = sheet.lines(0, 14, x, wide, colour="ink2") - 14  # what a title of several lines takes
    sheet.high += more
    labels = [words.replace("\n", " " if words[:1].isalpha() else "") for words, _, _ in bins]
    left = max(width(label, 13) for label in labels) + 10
    most = max((value for _, value, _ in bins), default=1) or 1
    for place, (_, value, colour) in enumerate(bins):
        y, long = 26 + more + row * place, value / most * (wide - left - 34)
        sheet.text(left - 8, y + 15, labels[place], at="end", colour="ink2")
        sheet.rect(left, y, max(long, 1.5 if value else 0), 20, colour)
        sheet.text(left + long + 6, y + 15, _count(value), bold=True)
        note = told.get(place, "")
        room = left + long + 34 + width(note, sheet.size, True)
        if note and room < wide:
            sheet.text(left + long + 34, y + 15, note, bold=True, colour=colour)
        elif note and width(note, sheet.size, True) < long - 12:
            sheet.text(left + 8, y + 15, note, bold=True, colour=_over(colour))
    return sheet


def _count(value: float) -> str:
    """Runs in a hundred over a bar; fewer than one are not none."""
    return f"{value:.0f}" if value >= 0.5 or not value else "<1"


def amounts(
    bars: Sequence[tuple[str, Sequence[Part], str]],
    *,
    title: str,
    said: str,
    legend: Sequence[tuple[str, str]] = (),
    foot: str = "",
    sources: Iterable[str] = (),
) -> Picture:
    """Bars on one scale, each (label, parts, total in words); the parts are what the amount is made of."""

    def draw(wide: float) -> Canvas:
        sheet = Canvas(wide, 0)
        most = max((sum(part[0] for part in parts) for _, parts, _ in bars), default=1) or 1
        tail = max(width(total, sheet.size, True) for _, _, total in bars) + 10
        y = 0.0
        for label, parts, total in bars:
            x, y = 0.0, sheet.lines(0, y + 16, label, wide, bold=True, most=2)
            for value, colour, _ in parts:
                long = max(max(value, 0) / most * (wide - tail), 2.0 if value > 0 else 0)
                sheet.rect(x, y + 8, long, 22, colour, stroke="grey" if colour == "sand" else None, stroke_width=0.8)
                x += long
            sheet.text(x + 8 if x else 0, y + 24, total, bold=True)
            y += 40
        if legend:
            y = sheet.legend(0, y + 18, legend, wide) + 6
        if foot:
            y = sheet.lines(0, y + 18, foot, wide, colour="ink2", size=13, most=2) + 4
        sheet.high = y + 4
        return sheet

    found = [{"what": label, "part": words, "value": value} for label, parts, _ in bars for value, _, words in parts]
    return drawn(draw, title, said, found, unit="USD million", sources=sources)


def shares(
    bars: Sequence[tuple[str, Sequence[Part]]],
    *,
    title: str,
    said: str,
    legend: Sequence[tuple[str, str]] = (),
    came: str = "",
    names: bool = False,
    sources: Iterable[str] = (),
) -> Picture:
    """Bars of a hundred per cent, each (label, parts); a part wide enough carries its number, with `names` its name.

    Parts are shares of 0 to 1, told as they are: medians need not add up to one, the bar is drawn whole all the same.
    Raises ValueError for a part that is no share.
    """
    if strange := [value for _, parts in bars for value, _, _ in parts if not 0 <= value <= 1.0001]:
        raise ValueError(f"shares {strange}; allowed: 0 to 1")

    def draw(wide: float) -> Canvas:
        sheet = Canvas(wide, 54 * len(bars) + 10)
        for place, (label, parts) in enumerate(bars):
            y, x = 54.0 * place, 0.0
            sheet.text(0, y + 16, fitted(label, sheet.size, wide, True), bold=True)
            whole = sum(part[0] for part in parts) or 1
            for value, colour, words in parts:
                long = value / whole * wide
                sheet.rect(
                    x,
                    y + 24,
                    max(long - 1.5, 0.5),
                    24,
                    colour,
                    stroke="grey" if colour in ("sand", "grey3") else None,
                    stroke_width=0.8,
                )
                number = f"{100 * value:.0f}"
                shown = (
                    f"{words} {number}"
                    if names and width(f"{words} {number}", sheet.size, True) < long - 10
                    else number
                )
                if width(shown, sheet.size, True) < long - 6:
                    sheet.text(x + long / 2, y + 41, shown, at="middle", bold=True, colour=_over(colour))
                x += long
        y = 54.0 * len(bars) + 20
        if legend:
            y = sheet.legend(0, y, legend, wide) + 26
        if came:
            sheet.diamond(7, y - 5, 7)
            y = sheet.lines(22, y, came, wide - 24, bold=True)
        sheet.high = y + 10 if legend or came else sheet.high
        return sheet

    found = [{"bar": label, "part": words, "value": 100 * value} for label, parts in bars for value, _, words in parts]
    return drawn(draw, title, said, found, unit="per cent", sources=sources)


def _over(colour: str) -> str:
    """The colour of text that stands on a colour."""
    return {
        "red2": "onred",
        "blue2": "onblue",
        "red": "bg",
        "blue": "bg",
        "teal": "bg",
        "plum": "bg",
        "grey": "bg",
    }.get(colour, "ink")


def flow(
    ribbons: Sequence[tuple[str, str, float]],
    *,
    title: str,
    said: str,
    notes: Mapping[str, str],
    colours: Mapping[str, str],
    sources: Iterable[str] = (),
) -> Picture:
    """Who supplies what: (supplier, product, share of the product's imports). Every product has the same height."""
    rights = list(dict.fromkeys(right for _, right, _ in ribbons))
    totals: dict[str, float] = {}
    for left, _, value in ribbons:
        totals[left] = totals.get(left, 0) + value
    lefts = sorted(totals, key=lambda name: (name.startswith("not "), name == "others", -totals[name]))

    def draw(wide: float) -> Canvas:
        most = max(sum(value for _, right, value in ribbons if right == name) for name in rights)
        block, gap = (78.0 if wide > 500 else 66.0), 26.0
        sheet = Canvas(wide, (block + gap) * len(rights) + 10)
        x1 = max(width(name, sheet.size, True) for name in lefts) + 14
        x1 = min(x1, wide * 0.3)
        x2 = wide - (210 if wide > 500 else 122)
        scale = block / most
        room = sheet.high - 12 - sum(totals[name] * scale for name in lefts)
        space = min(room / max(len(lefts) - 1, 1), 30)
        tops, y = {}, 6.0
        for name in lefts:
            tops[name] = y
            sheet.rect(x1, y, 7, max(totals[name] * scale, 1.5), colours.get(name, "grey"))
            y += totals[name] * scale + space
        step, below = sheet.size + 3, sheet.high - 1 + sheet.size
        spots = {name: max(tops[name] + totals[name] * scale / 2 + 5, 14 + step * k) for k, name in enumerate(lefts)}
        for name in reversed(lefts):  # labels keep their distance, from the foot upwards
            below = min(spots[name], below - step)
            sheet.text(x1 - 7, below, fitted(name, sheet.size, x1 - 10), at="end")
        for place, right in enumerate(rights):
            y = 6 + place * (block + gap)
            mine = sorted((one for one in ribbons if one[1] == right), key=lambda one: lefts.index(one[0]))
            for left, _, value in mine:
                high = value * scale
                _ribbon(sheet, x1 + 8, tops[left], x2, y, high, colours.get(left, "grey"))
                if value / most > 0.3:
                    sheet.text(x2 - 8, y + high / 2 + 5, f"{value * 100:.0f}\u00a0%", at="end", bold=True)
                tops[left] += high
                y += high
            base = 6 + place * (block + gap)
            sheet.rect(x2 + 1, base, 7, y - base, "ink2")
            said_lines = wrapped(right, sheet.size, wide - x2 - 16, True, 2)
            for k, line in enumerate(said_lines):
                sheet.text(x2 + 15, base + (y - base) / 2 + 2 + 17 * (k - len(said_lines) / 2 + 0.3), line, bold=True)
            sheet.lines(
                x2 + 15,
                base + (y - base) / 2 + 4 + 17 * (len(said_lines) / 2 + 0.2),
                notes.get(right, ""),
                wide - x2 - 16,
                colour="ink2",
                size=SMALL,
                most=2,
            )
        return sheet

    found = [{"supplier": left, "product": right, "share of imports": value} for left, right, value in ribbons]
    return drawn(draw, title, said, found, unit="share of imports", sources=sources)


def _ribbon(sheet: Canvas, x1: float, y1: float, x2: float, y2: float, high: float, colour: str) -> None:
    middle = (x1 + x2) / 2
    drawn_path = (
        f"M{x1:.1f},{y1:.1f}C{middle:.1f},{y1:.1f} {middle:.1f},{y2:.1f} {x2:.1f},{y2:.1f}"
        f"V{y2 + high:.1f}C{middle:.1f},{y2 + high:.1f} {middle:.1f},{y1 + high:.1f} {x1:.1f},{y1 + high:.1f}Z"
    )
    sheet.put("path", d=drawn_path, fill=f"var(--{colour})", opacity=0.6)
