"""Where things come from: dots for land, discs by share, arcs to the buyer. No borders, so none to dispute."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from geoecon.charts.canvas import SMALL, Canvas, fitted, width
from geoecon.charts.picture import Picture, drawn
from geoecon.tables import packaged

STEP = 2.5  # degrees between dots


@cache
def _land() -> tuple[tuple[float, float], ...]:
    """Dots of land (longitude, latitude), from Natural Earth 1:110m."""
    found = []
    for row in packaged("charts", "land.csv"):
        first, last = float(row["first"]), float(row["last"])
        found += [(first + STEP * k, float(row["latitude"])) for k in range(round((last - first) / STEP) + 1)]
    return tuple(found)


@cache
def places() -> Mapping[str, tuple[float, float]]:
    """The middle of each country's largest part: ISO code, (longitude, latitude)."""
    return {row["iso3"]: (float(row["longitude"]), float(row["latitude"])) for row in packaged("charts", "places.csv")}


def world(
    discs: Sequence[tuple[str, str, float]],
    buyer: tuple[str, str],
    *,
    title: str,
    said: str,
    foot: str = "",
    sources: Iterable[str] = (),
    shares: bool = True,
) -> Picture:
    """Suppliers (code, name, share) and the buyer (code, name); a code without a place is left out of the picture.

    Without `shares` only the names are written.
    """
    known = [one for one in discs if one[0] in places() and one[0] != buyer[0] and one[2] >= 0.005]

    def draw(wide: float) -> Canvas:
        scale = wide / 360
        sheet = Canvas(wide, 144 * scale + 30)

        def at(code: str) -> tuple[float, float]:
            x, y = places()[code]
            return _spot(x, y, scale)

        dots = "".join(f"M{x:.1f},{y:.1f}h0" for x, y in (_spot(*dot, scale) for dot in _land()))
        sheet.put(
            "path",
            d=dots,
            stroke="var(--rule)",
            stroke_width=max(STEP * scale * 0.72, 1.6),
            stroke_linecap="round",
            fill="none",
        )
        home = at(buyer[0]) if buyer[0] in places() else None
        for place, (code, _, share) in enumerate(known):
            if home:
                x, y = at(code)
                lift = abs(x - home[0]) * 0.22 + 8
                top = max(min(y, home[1]) - lift, -min(y, home[1]) * 0.9)
                sheet.put(
                    "path",
                    d=f"M{x:.1f},{y:.1f}Q{(x + home[0]) / 2:.1f},{top:.1f} {home[0]:.1f},{home[1]:.1f}",
                    fill="none",
                    stroke="var(--red)" if place == 0 else "var(--blue)",
                    stroke_width=max(7 * share, 1.0),
                    opacity=0.7,
                )
        radius = {
            code: max((share**0.5) * 24 * (1 if wide > 500 else 0.7), 3) if shares else 6.0 for code, _, share in known
        }
        spots = [(*at(code), reach) for code, reach in radius.items()] + ([(*home, 6.0)] if home else [])
        taken = [(x - reach, y - reach, x + reach, y + reach) for x, y, reach in spots]  # no label on a disc
        for place, (code, reach) in enumerate(radius.items()):
            x, y = at(code)
            sheet.dot(x, y, reach, "red" if place == 0 else "blue", stroke="bg", stroke_width=1.5)
        if home:
            sheet.dot(*home, 5, "bg", stroke="ink", stroke_width=2.5)
            _label(sheet, buyer[1], *home, 7, taken)
        for code, name, share in known[:6]:
            _label(sheet, f"{name} {100 * share:.0f}\u00a0%" if shares else name, *at(code), radius[code], taken)
        sheet.text(
            0,
            sheet.high - 6,
            fitted(foot or "Discs: share of imports. Land: Natural Earth.", SMALL, wide),
            size=SMALL,
            colour="ink2",
        )
        return sheet

    rows = [{"country": name, "code": code, "share": share} for code, name, share in discs]
    return drawn(draw, title, said, rows, unit="share of imports", sources=sources)


def _spot(x: float, y: float, scale: float) -> tuple[float, float]:
    """Pacific-centred would split the Atlantic; the date line stays at the edge. Eighty north is the top."""
    return ((x + 180 + 10) % 360) * scale, (88 - y) * scale


def _label(
    sheet: Canvas, words: str, x: float, y: float, reach: float, taken: list[tuple[float, float, float, float]]
) -> None:
    """A label beside its disc where nothing stands yet; below the map's small print it is left out."""
    size = 13.0
    wide = width(words, size, True)
    for dx, dy in (
        (reach + 5, 5),
        (-reach - 5 - wide, 5),
        (-wide / 2, -reach - 6),
        (-wide / 2, reach + 16),
        (reach + 5, 20),
        (reach + 5, -12),
        (-reach - 5 - wide, 20),
    ):
        box = (x + dx, y + dy - 12, x + dx + wide, y + dy + 3)
        if box[0] < 0 or box[2] > sheet.wide or box[1] < 0 or box[3] > sheet.high - 20:
            continue
        if any(box[0] < b[2] and box[2] > b[0] and box[1] < b[3] and box[3] > b[1] for b in taken):
            continue
        taken.append(box)
        sheet.put("rect", x=box[0] - 2, y=box[1], width=wide + 4, height=15.0, fill="var(--bg)", opacity=0.75, rx=3.0)
        sheet.text(x + dx, y + dy, words, size=size, bold=True)
        return
