"""Sheets of a workbook (xlsx, xls, xlsb) as people paste them: titles above and empty columns beside are skipped."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoecon.errors import Fault, InputError
from geoecon.flows import cell_formats, cell_marks, merged, spoilt, spoilt_xls, two_rows, web_table
from geoecon.flows.dialect import rank_of
from geoecon.flows.headings import apart, known_headings
from geoecon.flows.multiples import MANY
from geoecon.flows.units import mentions

if TYPE_CHECKING:
    from geoecon.kinds import Cell


WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb")


@dataclass(frozen=True)
class Sheet:
    """Header and rows (physical line, cells as text) of one sheet, the titles above it and what was noted."""

    header: tuple[str, ...]
    rows: list[tuple[int, list[str]]]
    titles: tuple[str, ...] = ()
    repairs: tuple[str, ...] = ()
    line: int = 1  # of the header


def pages(path: Path) -> dict[str, list[list[Cell]]]:
    """Every sheet by name as rows of cells, empty ones None; errors and formulas never computed as their text.

    A web page under the name of a workbook is read by its tables. Raises InputError for a file that is no workbook.
    """
    if web_table.is_page(path):
        return {name: [[*row] for row in rows] for name, rows in web_table.tables(path).items()}
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(str(path))
        found = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
    except (CalamineError, OSError, ValueError) as error:
        if (told := _text_in(path)) is not None:
            raise InputError(Fault(path.name, None, None, told, "the file under its own ending, .csv")) from None
        kind = path.suffix.lstrip(".").upper() if path.suffix.lower() in WORKBOOKS else "a workbook"
        saved = ", or the sheet saved as .xlsx or .csv" if path.suffix.lower() in WORKBOOKS else ""
        allowed = f"a whole Excel workbook{saved}"
        raise InputError(Fault(path.name, None, None, f"not readable as {kind} ({error})", allowed)) from None
    whole = {name: [[None if c == "" else c for c in row] for row in rows] for name, rows in found.items()}
    bare = {name: found.texts for name, found in cell_marks.marks(path).items()}
    for changed in (bare, spoilt.cells(path) | spoilt_xls.cells(path)):
        for name, odd in changed.items():
            for (row, column), told in odd.items():
                if name in whole and row < len(whole[name]) and column < len(whole[name][row]):
                    whole[name][row][column] = told
    for name, shown in cell_formats.beside(path).items():
        for (row, column), told in shown.items():
            cells = whole[name][row] if name in whole and row < len(whole[name]) else []
            if column < len(cells):
                cells[column] = cell_formats.joined(cells[column], told)
    return whole


def _text_in(path: Path) -> str | None:
    """What to say of a text under the name of a workbook; None for anything else."""
    try:
        start = path.read_bytes()[:2000].decode("utf-8", "ignore")
    except OSError:
        return None
    lines = start.splitlines()
    plain = len(lines) > 1 and all(line.isprintable() for line in (line.replace("\t", " ") for line in lines[:-1]))
    return "a text (CSV) under the name of a workbook" if plain else None


def sheet(
    path: Path, wanted: str | None = None, headings: Sequence[str] = (),
    whole: Callable[[Sequence[str]], bool] | None = None, found: dict[str, list[list[Cell]]] | None = None,
) -> Sheet:  # fmt: skip
    """The sheet that is asked for, else the first with a header that we know, else the first with cells.

    `found` are the pages where they are read. Raises InputError where several have a header that is `whole`: each is a
    table of its own.
    """
    found = pages(path) if found is None else found
    known = known_headings() | {heading.casefold() for heading in headings}
    if wanted is not None and wanted not in found:
        raise InputError(f"{path.name}: no sheet {wanted!r}; allowed: " + ", ".join(found))
    filled = {name: rows for name, rows in found.items() if any(c is not None for row in rows for c in row)}
    if not filled:
        raise InputError(Fault(path.name, None, None, "sheet is empty", "a header line and data rows"))
    ranked = {name: _header(rows, known) for name, rows in filled.items()}
    heads = {n: [text(cell) for cell in filled[n][start] if cell is not None] for n, (rank, start) in ranked.items()
             if rank and len(filled[n]) > start + 1}  # fmt: skip
    several = [n for n, head in heads.items() if whole is not None and whole(head)]
    several = [n for n in several if n not in spoilt.hidden_in(path)[1]] or several
    if wanted is None and len(several) > 1:
        raise InputError(f"{path.name}: sheets {', '.join(map(repr, several[:20]))} are tables of their own; allowed: "
                         f"sheet= one of them (--sheet {several[0]!r})")  # fmt: skip
    name = wanted or (several[0] if several else max(ranked, key=lambda n: ranked[n][0] > 2))
    if name not in filled:
        raise InputError(Fault(path.name, None, None, f"sheet {name!r} is empty", "a header line and data rows"))
    rows, (_, start) = filled[name], ranked[name]
    made, first, table = two_rows.header([[text(cell) for cell in row] for row in rows[: start + 2]], start)
    start = start + 2 - len(table)
    filled_in = merged.filled(path, name, rows, start)
    columns = [k for k, cell in enumerate(made) if cell]
    header = apart([made[k] for k in columns])
    body = [
        (number, [text(row[k]) if k < len(row) else "" for k in columns])
        for number, row in enumerate(rows[start + 1 :], start + 2)
        if any(k < len(row) and row[k] is not None for k in columns)
    ]
    titles = tuple(" ".join(text(c) for c in row if c is not None) for row in rows[:first])
    titles = tuple(title for title in titles if title)
    repairs = [f"{len(titles)} lines above the header set aside: {'; '.join(titles)[:160]}"] if titles else []
    if first < start:
        repairs.append(f"two header rows joined: {', '.join(header)[:120]}")
    if filled_in:
        repairs.append(f"{filled_in} cells of names or years stand for the lines they are merged over")
    repairs += _unseen(path, name, body, dict(zip(columns, header, strict=True)))
    if len(filled) > 1 and wanted is None:
        repairs.append(f"sheet {name!r} read, not {', '.join(repr(n) for n in filled if n != name)[:120]}")
    said = [line for other, page in filled.items() if other != name and not ranked[other][0]
            for line in remarks(page)]  # fmt: skip
    if said:
        repairs.append(f"lines of other sheets that say a unit: {'; '.join(said)[:160]}")
    return Sheet(header, body, (*titles, *said), tuple(repairs), start + 1)


def heading(rows: Sequence[Sequence[Any]], known: frozenset[str]) -> tuple[str, ...]:
    """The header that the rows of a sheet have."""
    _, start = _header(rows, known)
    made, _, _ = two_rows.header([[text(cell) for cell in row] for row in rows[: start + 2]], start)
    return apart([cell for cell in made if cell])


def _unseen(path: Path, name: str, body: Sequence[tuple[int, list[str]]], heads: Mapping[int, str]) -> list[str]:
    """What to say of lines, columns (their number -> heading) and the sheet that the workbook hides and that count."""
    told = []
    lines, out_of_sight = spoilt.hidden_in(path)
    gone = [number for number, _ in body if number in lines.get(name, ())]
    if gone:
        which = f"line {gone[0]} is" if len(gone) == 1 else f"{len(gone)} lines, the first {gone[0]}, are"
        told.append(f"{which} hidden in the workbook and counted")
    told += cell_marks.told(path, name, {number for number, _ in body})
    covered = spoilt.columns_hidden(path).get(name, frozenset())
    if unseen := [head for k, head in heads.items() if k in covered]:
        are = "is" if len(unseen) == 1 else "are"
        told.append(f"column {', '.join(unseen[:8])} {are} hidden in the workbook and read")
    return [*told, *([f"sheet {name!r} is hidden in the workbook"] if name in out_of_sight else [])]


def remarks(rows: Sequence[Sequence[Any]]) -> list[str]:
    """The lines of a sheet without a table (Read me, Notes) that say a unit or a multiple."""
    lines = [" ".join(text(cell) for cell in row if cell is not None) for row in rows[:200]]
    return [line for line in lines if mentions(line) or MANY.search(line)]


def _header(rows: Sequence[Sequence[Any]], known: frozenset[str]) -> tuple[int, int]:
    """(known headings, number of the row): the row with most of them, else the first with four words."""
    best = (0, 0)
    for k, row in enumerate(rows[:60]):
        score = rank_of([text(cell) for cell in row], known, first=False)[0]
        if score > best[0]:
            best = (score, k)
    if best[0]:
        return best
    wide = max((sum(cell is not None for cell in row) for row in rows[:50]), default=0)
    words = [k for k, row in enumerate(rows) if sum(isinstance(cell, str) for cell in row) >= min(4, max(wide, 1))]
    return (0, words[0] if words else next(k for k, row in enumerate(rows) if any(c is not None for c in row)))


def text(value: Cell) -> str:
    """A cell as text: whole numbers without .0, dates as YYYY-MM-DD, other numbers so that no thousands are read in."""
    if value is None:
        return ""
    if hasattr(value, "strftime"):
        return str(value.strftime("%Y-%m-%d"))
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, float):
        return number(value)
    return str(value).strip()


def number(value: float) -> str:
    """A number as text that has no decimal sign to be doubted and proves none for others: 1.234 is written 1.234e0."""
    if value != value:
        return ""
    if value in (float("inf"), float("-inf")):
        return str(value)
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    plain = repr(value)
    return plain if "e" in plain else plain + "e0"
