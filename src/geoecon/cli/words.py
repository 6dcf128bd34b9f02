"""A result on the terminal: in words and a small table, or as strict JSON."""

from __future__ import annotations

import re
import textwrap
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from geoecon.result import Result


LETTER = "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]"
RIGHT_TO_LEFT = re.compile(f"{LETTER}+(?: {LETTER}+)*")


def show(result: Result, as_json: bool) -> None:
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
    from geoecon.cli import printing
    from geoecon.result import ROWS
    from geoecon.views import table_of

    wide = printing.width()
    spelt = [(label, terminal(words)) for label, words in getattr(result, "lines", list)()]
    summary = table_of(result.summary(), getattr(result, "SHOWN", ROWS)).condensed()
    parts = [printing.filled(terminal(result.sentence()), wide)]
    if spelt:
        parts += ["", *printing.labelled(spelt, wide, 3)]
    elif summary.shared:
        parts.append(printing.filled(terminal(summary.shared), wide))
    if summary.rows and not spelt:
        rows = [tuple(map(terminal, row)) for row in summary.rows]
        parts += ["", *printing.table(summary.heads, rows, summary.numeric, wide)]
    caveats = _caveats(result)
    parts += [""] if caveats and summary.rows else []
    parts += [printing.filled(terminal(f"Note: {caveat}"), wide) for caveat in caveats]
    print(isolated("\n".join(parts)))


def show_rows(rows: pd.DataFrame, more: int, title: str) -> None:
    """Rows under a title, the first of them if there are many, with how many more; nothing where there are none."""
    from geoecon.cli import printing
    from geoecon.views import table_of

    if not len(rows):
        return
    table, wide = table_of(rows, len(rows)), printing.width()
    cells = [tuple(map(terminal, row)) for row in table.rows]
    lines = ["", f"{title}:", *printing.table(table.heads, cells, table.numeric, wide)]
    print(isolated("\n".join([*lines, *([f"and {more} more (--json or --out has all)"] if more else [])])))


@contextmanager
def once_noted() -> Iterator[None]:
    """What the reader of a file notes stands under the result, and is not printed before it as well."""
    from geoecon.flows import CoverageWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CoverageWarning)
        yield


def _caveats(result: Result) -> tuple[str, ...]:
    return result.caveats() if hasattr(result, "caveats") else tuple(map(str, getattr(result, "notes", ())))


def told(page: str) -> None:
    """Lines for people, wrapped at the width of the terminal with their indent."""
    from geoecon.cli import printing

    width = min(100, printing.width())
    for line in terminal(page).replace(" %", "\u00a0%").splitlines():  # no line begins with a per cent
        indent = line[: len(line) - len(line.lstrip())]
        filled = textwrap.fill(line, width, subsequent_indent=indent + "  ") if line.strip() else ""
        print(isolated(filled.replace("\u00a0%", " %")))


def terminal(text: str) -> str:
    """Thousands apart by commas (lines break at the thin spaces of pages), characters that turn text around shown."""
    from geoecon.views import visible

    return visible(text).replace("\u2009", ",")


def isolated(lines: str) -> str:
    """Names from right to left in isolates of their own, so that what stands beside them keeps its place."""
    return RIGHT_TO_LEFT.sub(lambda name: f"\u2068{name.group()}\u2069", lines)
