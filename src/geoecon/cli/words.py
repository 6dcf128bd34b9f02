"""A result on the terminal: in words and a small table, or as strict JSON."""

from __future__ import annotations

import re
import textwrap
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from geoecon.views import Table

LETTER = "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]"
RIGHT_TO_LEFT = re.compile(f"{LETTER}+(?: {LETTER}+)*")
WIDTH = 16  # of a column that need not be wider


def show(result: Any, as_json: bool) -> None:
    """A result's sentence and small table, or its figures and rows as strict JSON."""
    from geoecon.tables import records
    from geoecon.views import strict_json

    if as_json:
        figures = {
            name: vars(figure) | {"sources": sorted(figure.sources)} for name, figure in result.figures().items()
        }
        print(strict_json({"sentence": result.sentence(), "figures": figures, "rows": records(result.to_frame()),
                            "notes": list(_caveats(result))}))  # fmt: skip
        return
    from rich.console import Console
    from rich.text import Text

    from geoecon.views import table_of

    console = Console()
    summary = table_of(result.summary()).condensed()
    with console.capture() as drawn:
        console.print(Text(terminal(result.sentence())))
        if summary.shared:
            console.print(Text(terminal(summary.shared)))
        if summary.rows:
            console.print(table(summary, console.width))
        for caveat in _caveats(result):
            console.print(Text(terminal(f"Note: {caveat}")))
    print(isolated(drawn.get()), end="")


@contextmanager
def once_noted() -> Iterator[None]:
    """What the reader of a file notes stands under the result, and is not printed before it as well."""
    from geoecon.flows import CoverageWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CoverageWarning)
        yield


def _caveats(result: Any) -> tuple[str, ...]:
    return result.caveats() if hasattr(result, "caveats") else tuple(map(str, getattr(result, "notes", ())))


def told(page: str) -> None:
    """Lines for people, wrapped at the width of the terminal with their indent."""
    from rich.console import Console

    width = max(60, min(100, Console().width))
    for line in terminal(page).splitlines():
        indent = line[: len(line) - len(line.lstrip())]
        print(isolated(textwrap.fill(line, width, subsequent_indent=indent + "  ") if line.strip() else ""))


def table(summary: Table, width: int) -> Any:
    """Side by side where the terminal is wide enough, else one line per cell."""
    from rich.table import Table
    from rich.text import Text

    summary = replace(summary, rows=tuple(tuple(map(terminal, row)) for row in summary.rows))
    widths = fitted(dict(zip(summary.heads, zip(*summary.rows, strict=True), strict=True)), width)
    drawn = Table(box=None, pad_edge=False, header_style="bold", show_header=widths is not None)
    if widths is not None:
        for head in summary.heads:
            drawn.add_column(Text(head), overflow="fold", width=widths[head])
        for row in summary.rows:
            drawn.add_row(*map(Text, row))
        return drawn
    for row in summary.rows:
        for head, text in zip(summary.heads, row, strict=True):
            drawn.add_row(Text(head), Text(text))
        drawn.add_row()
    return drawn


def terminal(text: str) -> str:
    """Thousands apart by commas (lines break at the thin spaces of pages), characters that turn text around shown."""
    from geoecon.views import visible

    return visible(text).replace("\u2009", ",")


def isolated(lines: str) -> str:
    """Names from right to left in isolates of their own, so that what stands beside them keeps its place."""
    return RIGHT_TO_LEFT.sub(lambda name: f"\u2068{name.group()}\u2069", lines)


def fitted(columns: Mapping[str, Sequence[str]], width: int) -> dict[str, int] | None:
    """Widths of the columns, two spaces between them; None where the words are too long for the terminal."""
    least = {
        head: min(WIDTH, max(len(word) for text in (head, *texts) for word in text.split() or [" "]))
        for head, texts in columns.items()
    }
    wanted = {head: max(map(len, (head, *texts))) - least[head] for head, texts in columns.items()}
    spare = width - sum(least.values()) - 2 * (len(least) - 1)
    if spare < 0:
        return None
    part = min(1.0, spare / max(1, sum(max(0, more) for more in wanted.values())))
    return {head: low + int(part * max(0, wanted[head])) for head, low in least.items()}
