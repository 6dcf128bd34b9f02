"""A text whose columns stand apart by blanks alone, as a printed table or the output of R has them."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection
from pathlib import Path

from geoecon.errors import Fault, InputError

FIRST = 60  # lines in which its header is looked for
CELL = re.compile(r'"[^"]*"|\S+')
WIDE = re.compile(r"\s{2,}")


def found(sample: str, known: Collection[str], delimiters: str) -> bool:
    """Whether a line has three headings that we know with blanks between them, and neither it nor one above commas."""
    for line in sample.splitlines()[:FIRST]:
        if any(sign in line for sign in delimiters if sign != ","):
            return False
        if line.count(",") > 2:
            return False
        if sum(cell.casefold() in known for cell in _header(line)) > 2:
            return True
    return False


def _header(line: str) -> list[str]:
    """The headings of a line: apart by two blanks and more where it has those, else by one."""
    wide = [cell for cell in WIDE.split(line.strip()) if cell]
    return wide if len(wide) > 2 else [cell.strip('"') for cell in CELL.findall(line)]


def parted(path: Path, name: str, folder: Path, known: Collection[str]) -> Path:
    """A copy with tabs between the columns. Raises InputError with the first line that has another number of cells."""
    clean = folder / f"{len(list(folder.iterdir()))}-{Path(name).stem[:40]}.csv"
    header: list[str] = []
    wide, count = False, 0
    with path.open(encoding="utf-8-sig") as source, clean.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target, delimiter="\t", lineterminator="\n")
        for number, line in enumerate(source, 1):
            if not header:
                cells = _header(line)
                if sum(cell.casefold() in known for cell in cells) > 2:
                    header, wide = cells, len(WIDE.split(line.strip())) > 2
                else:
                    cells = [line.strip()]
            else:
                cells = WIDE.split(line.strip()) if wide else [cell.strip('"') for cell in CELL.findall(line)]
                count += len(cells) > 1
                if not wide and len(cells) == len(header) + 1 and cells[0] == str(count):
                    cells = cells[1:]  # R writes the number of the row in front
                if cells and not set("".join(cells)) - set("-=+"):
                    continue  # a line that is drawn
                if len(cells) not in (len(header), 1, 0):
                    told = f"{len(cells)} cells with blanks between them"
                    allowed = f"{len(header)} as in the line of the headings, or a file with commas or tabs"
                    raise InputError(Fault(name, number, None, told, allowed))
            writer.writerow(cells)
    return clean
