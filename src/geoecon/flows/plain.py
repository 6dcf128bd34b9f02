"""Any text table as a plain CSV: UTF-8, commas, a decimal point, nothing above the header or below the rows."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from pathlib import Path

from geoecon.flows import decimals, dialect, edges

NUMERIC = re.compile(r"^[-+]?[0-9][0-9.,\s'\u00a0\u202f]*([eE][-+]?\d+)?$")


def plain_csv(path: Path, folder: Path, headings: Sequence[str] = ()) -> tuple[Path, tuple[str, ...]]:
    """A clean copy of a text file in `folder` under its own name, and what had to be changed, in words.

    `headings` are those by which the header is known. Raises InputError where the encoding or the decimal sign cannot
    be told.
    """
    read = dialect.dialect(path, path.name, folder, None, headings)
    rows, notes, _, _ = edges.trimmed(list(dialect.rows(read)), read.header, path.name)
    cells = ((line, heading, cell.strip().removeprefix("-")) for line, row in rows
             for heading, cell in zip(read.header, row, strict=True) if NUMERIC.match(cell.strip()))  # fmt: skip
    sign = decimals.sign_of(cells, path.name)
    target = folder / "plain" / Path(path.name).with_suffix(".csv").name
    target.parent.mkdir(exist_ok=True)
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(read.header)
        for _, row in rows:
            writer.writerow([_number(cell.strip(), sign) if NUMERIC.match(cell.strip()) else cell for cell in row])
    changed = {",": ["decimal comma"], ".,": ["comma between thousands"]}.get(sign, [])
    return target, (*read.repairs, *notes, *changed)


def _number(cell: str, sign: str) -> str:
    minus = "-" if cell.startswith("-") else ""
    return minus + decimals.number_text(cell.removeprefix("-"), sign)
