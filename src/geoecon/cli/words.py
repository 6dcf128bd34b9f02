"""A result on the terminal: in words and a small table, or as strict JSON."""

from __future__ import annotations

from typing import Any

WIDTH = 16  # of a column that need not be wider


def show(result: Any, as_json: bool) -> None:
    """A result's sentence and small table, or its figures and rows as strict JSON."""
    from geoecon.assessment import strict_json
    from geoecon.tables import records

    if as_json:
        figures = {
            name: vars(figure) | {"sources": sorted(figure.sources)} for name, figure in result.figures().items()
        }
        print(strict_json({"sentence": result.sentence(), "figures": figures, "rows": records(result.to_frame())}))
        return
    from rich.console import Console
    from rich.text import Text

    console = Console()
    console.print(Text(result.sentence()))
    shared, columns = split(result.summary())
    if shared:
        console.print(Text("In all rows: " + "; ".join(f"{head} {text}" for head, text in shared.items())))
    console.print(table(columns, console.width))


def split(frame: Any) -> tuple[dict[str, str], dict[str, list[str]]]:
    """The columns whose rows all say the same, said once, and the others; empty columns are left out."""
    columns = {str(head): [cell(value) for value in frame[head]] for head in frame.columns}
    if len(frame) < 2:
        return {}, columns
    same = {head: texts[0] for head, texts in columns.items() if len(set(texts)) == 1}
    shared = {head: text for head, text in same.items() if text not in ("", "–")}
    return shared, {head: texts for head, texts in columns.items() if head not in same}


def table(columns: dict[str, list[str]], width: int) -> Any:
    """Side by side where the terminal is wide enough, else one line per cell."""
    from rich.table import Table
    from rich.text import Text

    widths = fitted(columns, width)
    drawn = Table(box=None, pad_edge=False, header_style="bold", show_header=widths is not None)
    rows = list(zip(*columns.values(), strict=True))
    if widths is not None:
        for head in columns:
            drawn.add_column(Text(head), overflow="fold", width=widths[head])
        for row in rows:
            drawn.add_row(*map(Text, row))
        return drawn
    for row in rows:
        for head, text in zip(columns, row, strict=True):
            drawn.add_row(Text(head), Text(text))
        drawn.add_row()
    return drawn


def fitted(columns: dict[str, list[str]], width: int) -> dict[str, int] | None:
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


def cell(value: Any) -> str:
    from geoecon.figure import number

    if value is None or value != value:
        return "–"
    return number(value) if isinstance(value, float) else str(value)
