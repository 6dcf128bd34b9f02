"""A result on the terminal: in words and a small table, or as strict JSON."""

from __future__ import annotations

from typing import Any


def show(result: Any, as_json: bool) -> None:
    """A result in words and a small table, or as strict JSON."""
    from geoecon.assessment import strict_json
    from geoecon.tables import records

    if as_json:
        figures = {
            name: vars(figure) | {"sources": sorted(figure.sources)} for name, figure in result.figures().items()
        }
        print(strict_json({"sentence": result.sentence(), "figures": figures, "rows": records(result.to_frame())}))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    console.print(Text(result.sentence()))
    frame = result.summary()
    cells = [[cell(value) for value in row] for row in frame.itertuples(index=False)]
    heads = [str(column) for column in frame.columns]
    least = [
        min(14, max(len(word) for text in (head, *column) for word in (text or " ").split()))
        for head, *column in zip(heads, *cells, strict=True)
    ]
    table = Table(
        box=None, pad_edge=False, header_style="bold", show_header=sum(least) + 2 * len(least) <= console.width
    )
    if table.show_header:
        for head, width in zip(heads, least, strict=True):
            table.add_column(Text(head), overflow="fold", min_width=width)
        for row in cells:
            table.add_row(*map(Text, row))
    else:  # too wide for this terminal: one line per cell
        for row in cells:
            for head, cell in zip(heads, row, strict=True):
                table.add_row(Text(head), Text(cell))
            table.add_row()
    console.print(table)


def cell(value: Any) -> str:
    from geoecon.figure import number

    if value is None or value != value:
        return "–"
    return number(value) if isinstance(value, float) else str(value)
