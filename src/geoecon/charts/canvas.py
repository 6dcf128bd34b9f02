"""A picture as SVG text: what every chart of the pages is drawn with. No script, no font, no request.

Colours are names of `PALETTE` and stand in the text as CSS variables, so that a page's light and dark theme reaches
into its pictures; `standalone` writes the colours themselves, for files. Every text is escaped here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Any, TypedDict

if TYPE_CHECKING:
    from typing import Unpack

    from geoecon.kinds import Cell


# role: colour on light paper, on dark paper. The same meaning everywhere.
PALETTE: Mapping[str, tuple[str, str]] = {
    "bg": ("#ffffff", "#12181e"),
    "paper": ("#f6f4ef", "#1a222a"),
    "ink": ("#16212c", "#eef1f3"),
    "ink2": ("#4a5763", "#b3bdc6"),
    "rule": ("#d8dbdd", "#36414b"),
    "grid": ("#e6e8e9", "#2a343d"),
    "blue": ("#0b5f94", "#7cc0ec"),  # forecast, links, general licence
    "blue2": ("#4c90be", "#4d92c0"),
    "blue3": ("#bfd9ea", "#28506d"),  # band
    "blue4": ("#e3eff6", "#1d3547"),
    "red": ("#b23a0e", "#ff9a6c"),  # shortage, what came, refused
    "red2": ("#d27440", "#c8673a"),
    "red3": ("#f7dfd1", "#4a2a1b"),
    "amber": ("#8a5a00", "#f0bb62"),  # case by case, warning
    "amber3": ("#f8ead0", "#43341a"),
    "teal": ("#0a6a55", "#67cdb0"),  # safe, no licence
    "teal3": ("#d5ece5", "#1a3f37"),
    "plum": ("#3b1730", "#e7b3d3"),  # prohibited
    "plum3": ("#eadfe7", "#45263a"),
    "sand": ("#cfc5ae", "#5d5644"),  # prior, second part of a bar
    "grey": ("#6b7680", "#9aa5ae"),  # not known, no effect
    "grey3": ("#e9ebec", "#2a333b"),
    "onred": ("#1a0d06", "#1a0d06"),  # text on red2 and blue2
    "onblue": ("#06121a", "#06121a"),
}
WIDE, NARROW = 528, 358  # pixels of half a page's column, and of a phone's
SMALL = 12.6  # no letter is smaller: 11.5 pixels on a phone of 360, where a narrow picture is shown at 328
LARGER = 1.1  # at most this much larger is a picture shown than it was drawn
FONT = "Inter,'Segoe UI','Helvetica Neue',Arial,sans-serif"
# widths of Arial's letters by class, in thousandths of the size; enough to keep a label inside its picture
NARROWS = {
    **dict.fromkeys("ijl|!'.,:;I ", 0.26),
    **dict.fromkeys("ft()[]/-\u00a0\u2009", 0.32),
    **dict.fromkeys("rs", 0.42),
}
WIDES = {**dict.fromkeys("mwMW%", 0.86), **dict.fromkeys("ABCDEFGHKNOPQRSTUVXYZ", 0.69), "→": 1.0, "…": 1.0}
TURNING = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x1f\x7f]")


def width(text: Cell, size: float, bold: bool = False) -> float:
    """About how wide a text stands, in pixels; East Asian letters count as squares."""
    return _units(str(text)) * size * (1.07 if bold else 1.0)


@lru_cache(maxsize=4096)
def _units(text: str) -> float:
    """The width of a text in sizes of its letters."""
    return sum(NARROWS.get(letter) or WIDES.get(letter) or (1.0 if ord(letter) > 0x2E7F else 0.56) for letter in text)


def wrapped(text: str, size: float, room: float, bold: bool = False, most: int = 9) -> list[str]:
    """The text in lines no wider than `room`; a word wider than that is cut with …, and so is line `most`."""
    lines: list[str] = []
    for word in str(text).split():
        held = f"{lines[-1]} {word}" if lines else word
        if lines and width(held, size, bold) <= room:
            lines[-1] = held
        else:
            lines.append(fitted(word, size, room, bold))
    if len(lines) > most:
        lines = [*lines[: most - 1], fitted(" ".join(lines[most - 1 :]), size, room, bold)]
    return lines or [""]


def fitted(text: str, size: float, room: float, bold: bool = False) -> str:
    """The text, cut with … where it is wider than `room`."""
    if width(text, size, bold) <= room:
        return text
    while text and width(text + "…", size, bold) > room:
        text = text[:-1]
    return text.rstrip() + "…"


def ink(colour: str) -> str:
    """A colour as it stands in the SVG: a name of the palette as a variable, anything else as it is."""
    return f"var(--{colour})" if colour in PALETTE else colour


class Look(TypedDict, total=False):
    """How a line of text stands."""

    at: str
    colour: str


@dataclass
class Canvas:
    """A sheet of `wide` by `high` pixels on which shapes are put, one after the other."""

    wide: float
    high: float
    parts: list[str] = field(default_factory=list)

    @property
    def narrow(self) -> bool:
        return self.wide < 500

    @property
    def size(self) -> float:
        """The size of most letters: 14 on a wide picture, 13 on a narrow one."""
        return 13.0 if self.narrow else 14.0

    @property
    def small(self) -> float:
        """The size of notes and keys."""
        return max(self.size - 1, SMALL)

    def put(self, tag: str, **marks: str | float | None) -> None:
        """An element; underscores in names stand for hyphens."""
        said = "".join(
            f' {name.rstrip("_").replace("_", "-")}="{_plain(value)}"'
            for name, value in marks.items()
            if value is not None
        )
        self.parts.append(f"<{tag}{said}/>")

    def text(
        self,
        x: float,
        y: float,
        said: Cell,
        *,
        size: float | None = None,
        at: str = "start",
        bold: bool = False,
        colour: str = "ink",
        turn: float | None = None,
    ) -> None:
        """A line of text whose baseline begins (`at` start), is centred (middle) or ends (end) in x, y."""
        shown = escape(TURNING.sub(lambda found: f"⟨U+{ord(found.group()):04X}⟩", str(said)), quote=False)
        turned = f' transform="rotate({turn:g} {x:.1f} {y:.1f})"' if turn else ""
        tint = "" if colour == "ink" else f' fill="{ink(colour)}"'
        weight = ' font-weight="700"' if bold else ""
        anchor = "" if at == "start" else f' text-anchor="{at}"'
        place = f'x="{x:.1f}" y="{y:.1f}" font-size="{size or self.size:g}"'
        self.parts.append(f"<text {place}{anchor}{weight}{tint}{turned}>{shown}</text>")

    def lines(
        self,
        x: float,
        y: float,
        said: str,
        room: float,
        *,
        step: float = 1.3,
        most: int = 9,
        size: float | None = None,
        bold: bool = False,
        **more: Unpack[Look],
    ) -> float:
        """A text in as many lines as it needs; returns the baseline of the last."""
        size = size or self.size
        rows = wrapped(said, size, room, bold, most)
        for number, row in enumerate(rows):
            self.text(x, y + number * size * step, row, size=size, bold=bold, **more)
        return y + (len(rows) - 1) * size * step

    def rect(self, x: float, y: float, wide: float, high: float, colour: str, **marks: str | float | None) -> None:
        self.put("rect", x=x, y=y, width=max(wide, 0.0), height=max(high, 0.0), fill=ink(colour), **_tinted(marks))

    def line(
        self,
        x1: float,
        y1: float,
        x2: float,
        y2: float,
        colour: str = "grid",
        width: float = 1,
        **marks: str | float | None,
    ) -> None:
        self.put("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=ink(colour), stroke_width=width, **_tinted(marks))

    def path(self, points: Sequence[tuple[float, float]], *, close: bool = False, **marks: str | float | None) -> None:
        """Straight lines through the points."""
        if points:
            drawn = "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in points) + ("Z" if close else "")
            self.put("path", d=drawn, **_tinted(marks))

    def diamond(self, x: float, y: float, reach: float = 7, colour: str = "red") -> None:
        """The mark of what came."""
        self.path([(x, y - reach), (x + reach, y), (x, y + reach), (x - reach, y)], close=True, fill=colour)

    def dot(self, x: float, y: float, reach: float = 5, colour: str = "blue", **marks: str | float | None) -> None:
        self.put("circle", cx=x, cy=y, r=reach, fill=ink(colour), **_tinted(marks))

    def legend(self, x: float, y: float, entries: Iterable[tuple[str, str]], room: float) -> float:
        """Squares in full colour with words, in as many rows as they need; returns the y of the last row."""
        left, size = x, self.small
        for colour, words in entries:
            wide = 18 + width(words, size) + 16
            if left > x and left + wide - 16 > x + room:
                left, y = x, y + size * 1.6
            if colour == "came":
                self.diamond(left + 6, y - 5, 6)
            else:
                self.rect(
                    left,
                    y - 10,
                    12,
                    12,
                    colour,
                    stroke="grey" if colour in ("sand", "grey3") else None,
                    stroke_width=0.8,
                )
            self.text(left + 18, y, words, size=size)
            left += wide
        return y

    def svg(self, said: str) -> str:
        """The picture, with a sentence as its label."""
        body = "".join(self.parts)
        label = escape(TURNING.sub("", said), quote=True)
        big = self.wide > WIDE
        kind = 'class="big" role="img"' if big else 'role="img"'
        shown = self.wide if big else self.wide * LARGER
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.wide:g} {self.high:g}" width="{shown:.0f}" '
            f'{kind} aria-label="{label}">{body}</svg>'
        )


def _plain(value: Cell) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".") if isinstance(value, float) else escape(str(value), quote=True)


def _tinted(marks: Mapping[str, Any]) -> dict[str, Any]:
    return {name: ink(value) if name in ("fill", "stroke") and value else value for name, value in marks.items()}


def standalone(svg: str, theme: str = "light", title: str = "", foot: str = "") -> str:
    """A picture of a page as a file of its own: colours written out, the finding above, the sources below."""
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    wide, high = (float(part) for part in found.groups()) if found else (float(WIDE), 400.0)
    room = wide - 32
    above, below = Canvas(wide, high), Canvas(wide, high)
    top = above.lines(16, 28, title, room, size=18, bold=True) + 14 if title else 8.0
    bottom = below.lines(16, 16, foot, room, size=11, colour="ink2", most=3) + 12 if foot else 8.0
    inner = svg[svg.index(">") + 1 : svg.rindex("</svg>")]
    label = re.search(r'aria-label="([^"]*)"', svg)
    scale = (wide - 32) / wide
    whole = top + high * scale + bottom
    text = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide:g}" height="{whole:g}" viewBox="0 0 {wide:g} {whole:g}" '
        f'role="img" aria-label="{label.group(1) if label else ""}" font-family="{FONT}" fill="{ink("ink")}">'
        f'<rect width="100%" height="100%" fill="{ink("bg")}"/>{"".join(above.parts)}'
        f'<g transform="translate(16 {top:g}) scale({scale:.4f})">{inner}</g>'
        f'<g transform="translate(0 {top + high * scale:g})">{"".join(below.parts)}</g></svg>'
    )
    pick = 1 if theme == "dark" else 0
    return re.sub(r"var\(--(\w+)\)", lambda one: PALETTE[one.group(1)][pick], text)


def stylesheet() -> str:
    """The palette as CSS variables: light, and dark where the system asks for it."""
    light = "".join(f"--{name}:{pair[0]};" for name, pair in PALETTE.items())
    dark = "".join(f"--{name}:{pair[1]};" for name, pair in PALETTE.items())
    return f":root{{color-scheme:light dark;{light}}}@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"


def ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Round numbers from `low` to `high`, both ends covered: steps of 1, 2 or 5 times a power of ten."""
    if not high > low:
        high = low + 1
    rough = (high - low) / max(most - 1, 1)
    power = 10 ** math.floor(math.log10(rough))
    step = next(power * times for times in (1, 2, 5, 10) if power * times >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(number * step, 12) for number in range(first, last + 1)]


def short(value: float) -> str:
    """A number on an axis: no trailing zeros, a true minus, years without comma."""
    text = f"{value:.6g}"
    return text.replace("-", "−")
