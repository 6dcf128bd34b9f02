"""Cells of a bill of materials that another cell explains: further suppliers under a part, shares in percent."""

from __future__ import annotations

import re

from geoecon.disruption.bill import Lines, few
from geoecon.disruption.part_columns import Heading
from geoecon.disruption.part_headings import BANDS, NUMBERS, UNITS

PERCENT = re.compile(r"%|percent|per cent|\bpct\b|prozent", re.IGNORECASE)
OWN = ("part", "stock", "use_per_day", "stock_days", "unit", "use_period", *(UNITS[name] for name in NUMBERS[:2]),
       *(band for band in BANDS if not band.startswith("lead")))  # fmt: skip


def explained(body: Lines, heading: Heading) -> tuple[Lines, list[str]]:
    """The lines with what they leave to the line above (a part written once above its suppliers, as merged cells are)
    and with percent signs that stand in the heading alone; what was done, in words.
    """
    body, notes = _further_suppliers(body, heading)
    body, merged = _groups(body, heading)
    notes += merged
    share = heading.fields.get("share", ())
    if not share or not PERCENT.search(share[0].heading):
        return body, notes
    place = share[0].place
    numbers = [
        cell for _, row in body if place < len(row) and re.fullmatch(r"\d+([.,]\d+)?", cell := row[place].strip())
    ]
    if not any(float(cell.replace(",", ".")) > 1 for cell in numbers):
        return body, notes
    wide = [(line, [f"{cell}%" if k == place and cell in numbers else cell for k, cell in enumerate(row)])
            for line, row in body]  # fmt: skip
    return wide, [*notes, f"{share[0].heading!r} is in percent"]


def _groups(body: Lines, heading: Heading) -> tuple[Lines, list[str]]:
    """A supplier written once, in the first column, above its parts, as merged cells and outlines are."""
    if "supplier" not in heading.fields:
        return body, []
    place = heading.fields["supplier"][0].place
    others = [columns[0].place for name, columns in heading.fields.items() if name != "supplier"]
    if place > min(others) or not body or not any(body[0][1][place : place + 1]):
        return body, []
    made: Lines = []
    filled: list[int] = []
    for line, row in body:
        if made and not row[place] and any(row[k] for k in others if k < len(row)):
            row = [made[-1][1][place] if k == place else cell for k, cell in enumerate(row)]
            filled.append(line)
        made.append((line, row))
    if not filled:
        return body, []
    return made, [f"{heading.fields['supplier'][0].heading!r} of the line above holds in lines {few(filled)}"]


def _further_suppliers(body: Lines, heading: Heading) -> tuple[Lines, list[str]]:
    places = {name: heading.fields[name][0].place for name in OWN if name in heading.fields}
    if not {"share", "supplier"} <= set(heading.fields):
        return body, []
    supplier = heading.fields["supplier"][0].place
    made: Lines = []
    filled: list[int] = []
    for line, row in body:
        cells = {name: row[k].strip() if k < len(row) else "" for name, k in places.items()}
        if made and not any(cells.values()) and supplier < len(row) and row[supplier].strip():
            above = made[-1][1]
            row = [above[k] if k in places.values() and k < len(above) else cell for k, cell in enumerate(row)]
            filled.append(line)
        made.append((line, row))
    many = "lines" if len(filled) > 1 else "line"
    told = f"{many} {few(filled)}: a further supplier of the part above, whose stock and use hold"
    return made, [told] if filled else []
