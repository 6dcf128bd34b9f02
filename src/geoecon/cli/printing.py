"""How lines are printed: 80 columns, colour on a terminal alone, ASCII twins where the terminal knows no other letters.

Everything that a verb prints goes through the same letters, so that piped text is the same without colour.
"""

from __future__ import annotations

import codecs
import os
import shutil
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from geoecon.errors import visible

WIDE, LEAST = 80, 60
TWINS = {
    "→": "->", "─": "-", "–": "-", "−": "-", "—": "-", "’": "'", "‘": "'", "“": '"', "”": '"', "\u00a0": " ",
    "\u2009": " ", "\u202f": " ", "\u2007": " ", "…": "...", "·": ".", "×": "x", "✓": "ok", "≤": "<=", "≥": ">=",
    "½": "1/2", "²": "2", "³": "3", "█": "#", "▏": "'", "▎": "'", "▍": ":", "▌": ":", "▋": "+", "▊": "+", "▉": "#",
    "○": "o", "◔": "g", "◐": "c", "◕": "r", "●": "x", "◆": "*", "│": "|", "\u2068": "", "\u2069": "",
}  # fmt: skip
COLOURS = {"teal": 32, "blue": 34, "amber": 33, "red": 31, "plum": 35, "grey": 90, "bold": 1}


def _twin(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(TWINS.get(letter, "?") for letter in error.object[error.start : error.end]), error.end


def ready() -> None:
    """Standard output and error take every letter from now on: what they cannot show comes as its ASCII twin."""
    codecs.register_error("geoecon", _twin)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="geoecon")


def shows(text: str) -> bool:
    """Whether the terminal has these letters."""
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def coloured(text: str, colour: str) -> str:
    """The text in a colour, on a terminal that wants one."""
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return text
    return f"\x1b[{COLOURS.get(colour, 1)};1m{text}\x1b[0m"


def width() -> int:
    """Columns to fill: those of the terminal or of COLUMNS, 80 where the text is piped."""
    asked = sys.stdout.isatty() or os.environ.get("COLUMNS", "").isdigit()
    return max(LEAST, shutil.get_terminal_size((WIDE, 24)).columns) if asked else WIDE


def ends(left: str, right: str, wide: int) -> str:
    """Two texts at the two ends of a line, or on two lines where they do not fit beside one another."""
    gap = wide - len(left) - len(right)
    return f"{left}{' ' * gap}{right}" if gap >= 2 else f"{left}\n{right:>{wide}}"


def filled(text: str, wide: int, indent: str = "") -> str:
    return textwrap.fill(visible(text), wide, initial_indent=indent, subsequent_indent=indent)


def labelled(rows: Sequence[tuple[str, str]], wide: int, label: int = 12) -> Iterator[str]:
    """Label left, words right; a label that repeats is printed once."""
    before = None
    for name, text in rows:
        if text:
            head = f"  {'' if name == before else name:<{label}}"
            yield textwrap.fill(visible(text), wide, initial_indent=head, subsequent_indent=" " * (label + 2))
            before = name


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], numeric: Sequence[bool], wide: int) -> list[str]:
    """One line a row: numbers whole, texts cut with …; columns from the right are left out where even that does not
    do. What was cut or left out is named below."""
    kept = list(range(len(heads)))
    least = [_least(head, [row[k] for row in rows], numeric[k]) for k, head in enumerate(heads)]
    while len(kept) > 1 and sum(least[k] for k in kept) + 2 * (len(kept) - 1) > wide:
        kept.pop()
    spare = wide - sum(least[k] for k in kept) - 2 * (len(kept) - 1)
    widths = {k: least[k] for k in kept}
    longest = {k: max((len(row[k]) for row in rows), default=0) for k in kept if not numeric[k]}
    for _ in range(spare):  # room that is left goes, sign by sign, to the text that is squeezed most
        tight = max(longest, key=lambda k: longest[k] / widths[k], default=None)
        if tight is None or longest[tight] <= widths[tight]:
            break
        widths[tight] += 1
    titles = {k: textwrap.wrap(heads[k], widths[k]) or [""] for k in kept}
    tall = max(map(len, titles.values()))
    made = [
        _line([([""] * (tall - len(titles[k])) + titles[k])[level] for k in kept], numeric, widths)
        for level in range(tall)
    ]
    made += [_line([_cut(row[k], widths[k]) for k in kept], numeric, widths) for row in rows]
    left = [head for k, head in enumerate(heads) if k not in kept]
    told = [f"Left out at {wide} columns: {', '.join(left)}"] if left else []
    told += ["Texts that end in … are cut" if told else f"Texts that end in … are cut at {wide} columns"] * any(
        len(row[k]) > widths[k] for row in rows for k in kept
    )
    return [*made, filled(f"{'. '.join(told)}; --json has all.", wide)] if told else made


def _least(head: str, texts: Sequence[str], right: bool) -> int:
    """The narrowest that a column can be: numbers whole, texts and the words of a heading cut."""
    longest, word = max(map(len, texts), default=0), max(map(len, head.split()), default=1)
    if right:
        return max(longest, min(word, 12))
    return max(min(longest, 24), min(word, 12))


def _cut(cell: str, wide: int) -> str:
    return cell if len(cell) <= wide else f"{cell[: wide - 1].rstrip()}…"


def _line(cells: Sequence[str], numeric: Sequence[bool], widths: Mapping[int, int]) -> str:
    pairs = zip(cells, widths.items(), strict=True)
    made = [f"{cell:>{wide}}" if numeric[k] else f"{cell:<{wide}}" for cell, (k, wide) in pairs]
    return "  ".join(made).rstrip()


def day(when: date) -> str:
    """4 July 2019, as `phrases.day` of the views, which are not loaded for a licence question."""
    return f"{when.day} {when:%B %Y}"
