"""A drawn chart: the finding as its title, a sentence for those who cannot see it, wide and narrow, and its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from geoecon.charts.canvas import NARROW, WIDE, Canvas, standalone
from geoecon.errors import MissingData


@dataclass(frozen=True)
class Picture:
    """`wide` and `narrow` are SVG text with the colours as variables; `rows` the data, in `unit`."""

    title: str
    said: str
    wide: str
    narrow: str
    rows: tuple[Mapping[str, Any], ...]
    unit: str = ""
    sources: tuple[str, ...] = ()

    def file(self, theme: str = "light", narrow: bool = False) -> str:
        """The wide (or narrow) picture as an SVG file: title above, sources below, colours written out."""
        named = "; ".join(self.sources[:3]) + (f"; and {len(self.sources) - 3} more" if len(self.sources) > 3 else "")
        return standalone(self.narrow if narrow else self.wide, theme, self.title, f"Source: {named}" if named else "")

    def png(self, theme: str = "light", scale: float = 2, narrow: bool = False) -> bytes:
        """The same as a PNG picture. Raises MissingData without vl-convert."""
        return raster(self.file(theme, narrow), scale)

    def _repr_html_(self) -> str:
        return self.file()


@lru_cache(maxsize=16)
def raster(svg: str, scale: float) -> bytes:
    """An SVG file as PNG; the same picture stands in the folder, in Word and on a slide, and is made once."""
    try:
        import vl_convert
    except ImportError:
        raise MissingData("vl-convert-python: pip install 'geoecon[office]'") from None
    made: bytes = vl_convert.svg_to_png(svg, scale=scale)
    return made


def drawn(
    draw: Callable[[float], Canvas],
    title: str,
    said: str,
    rows: Iterable[Mapping[str, Any]],
    *,
    unit: str = "",
    sources: Iterable[str] = (),
    wide: float = WIDE,
) -> Picture:
    """The picture that `draw` makes at both widths."""
    return Picture(title, said, draw(wide).svg(said), draw(NARROW).svg(said), tuple(rows), unit, tuple(sorted(sources)))
