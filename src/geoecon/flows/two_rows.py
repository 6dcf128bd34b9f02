"""Headers of two rows, as workbooks with merged cells have them: `2019, , 2020,` above `Value, Weight, Value, …`."""

from __future__ import annotations

from collections.abc import Sequence

from geoecon.flows.across import SIDES
from geoecon.flows.edges import NUMBER
from geoecon.flows.headings import field_of
from geoecon.flows.units import unit


def header(rows: Sequence[Sequence[str]], k: int) -> tuple[list[str], int, Sequence[Sequence[str]]]:
    """The header of a table whose best row for it is number `k`, the first of its rows, and the rows from its last."""
    if not rows:
        return [], 0, []
    around = [rows[n] if 0 <= n < len(rows) else () for n in (k - 1, k, k + 1)]
    made, side = joined(*around)
    return made if side else [*rows[k]], min(k, k + side), rows[max(k, k + side) :]


def joined(above: Sequence[str], header: Sequence[str], below: Sequence[str]) -> tuple[list[str], int]:
    """One header of the row that was taken for it and the one above or below it: the headings, and which of the two
    was added (-1 above, 1 below, 0 none).
    """
    plain = [cell.strip() for cell in header]
    while plain and not plain[-1] and not any(cells[len(plain) - 1 :][:1] > [""] for cells in ([*above], [*below])):
        plain.pop()
    width = len(plain)
    over, under = ([cell.strip() for cell in [*cells, *[""] * width][:width]] for cells in (above, below))
    spare = [cell for cells in (above, below) for cell in cells[width:] if cell.strip()]
    if not spare and (not all(plain) or len(set(plain)) < width):
        if _labels(over, plain) and (made := _merged(over, plain)) and _keys(plain) <= _keys(made):
            return made, -1
        if _words(under) and (made := _merged(plain, under)) and _keys(plain) <= _keys(made):
            return made, 1
    told = [cell for cell in under if cell]
    keyed = any(cell and _keys([top]) for top, cell in zip(plain, under, strict=True))  # MT, KG: Malta to Kyrgyzstan
    if (
        all(plain)
        and not keyed
        and len(told) > 1
        and all(unit(cell) is not None and not NUMBER.match(cell) for cell in told)
    ):
        return [f"{top} ({cell})" if cell else top for top, cell in zip(plain, under, strict=True)], 1
    return plain, 0


def _keys(header: Sequence[str]) -> set[str]:
    """The fields that headings name, but for values and weights: a label above must not hide them."""
    named = {field_of(part.strip().casefold()) for heading in header for part in heading.split(" \\ ")}
    return named - {"", "value_usd", "tonnes"}


def _labels(over: Sequence[str], plain: Sequence[str]) -> bool:
    """Whether a row is that of labels above a header and no title: two cells and more, or one not in front."""
    found = [k for k, cell in enumerate(over) if cell]
    return bool(found) and (len(found) > 1 or found[0] > 0) and len(found) <= len(plain)


def _words(under: Sequence[str]) -> bool:
    """Whether a row is one of headings: no cell of it is a number, as some cell of each row of data is."""
    return any(under) and not any(NUMBER.match(cell) for cell in under)


def _merged(top: Sequence[str], bottom: Sequence[str]) -> list[str]:
    """The two rows as one, a label standing for the empty cells behind it; nothing where a heading stays empty, or
    stands twice.
    """
    made, label = [], ""
    for above, below in zip(top, bottom, strict=True):
        label = above or (label if below else "")
        sides = SIDES.get(field_of(above.casefold())), field_of(below.casefold())
        if sides[0] and sides[0] == sides[1]:
            made.append(f"{below} \\ {above}")  # the corner of a square table
            label = ""
        else:
            made.append(below if label in ("", below) else f"{label} {below}".strip())
    return made if all(made) and len({text.casefold() for text in made}) == len(made) else []
