"""A tidy table of industries (use, from, to, value): its headings under other names, its unit, its cells."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from geoecon import tables
from geoecon.case import FILES
from geoecon.cells import csv_rows
from geoecon.errors import Fault, InputError
from geoecon.flows import Unit, unit, words
from geoecon.production.build import opened

RULES = FILES["economy.csv"]
VALUE = "value_usd_million"
FIELDS = ("use", "from_region", "from_sector", "to_region", "to_sector")
REGIONS, SECTORS = "region|country|economy|nation|iso3?", "sector|industry|activity|product"
FROM, TO = "from|seller|selling|supplier|origin|source|row", "to|buyer|buying|user|destination|target|column|col"
NAMES = {  # heading, its words set apart by _, -> ours
    "use": r"use|use_type|type_of_use|flow_type|type|kind|block",
    "from_region": rf"({FROM})_({REGIONS})|({REGIONS})_({FROM})|exporter",
    "from_sector": rf"({FROM})_({SECTORS})|({SECTORS})_({FROM})",
    "to_region": rf"({TO})_({REGIONS})|({REGIONS})_({TO})|importer",
    "to_sector": rf"({TO})_({SECTORS})|({SECTORS})_({TO})",
}
ENOUGH = 4  # fields that make a table of some columns one of these
WORDS = {"intermediate": "intermediate", "intermediates": "intermediate", "intermediate use": "intermediate",
         "intermediate consumption": "intermediate", "intermediate demand": "intermediate", "z": "intermediate",
         "intermediate input": "intermediate", "intermediate inputs": "intermediate", "final": "final",
         "final use": "final", "final uses": "final", "final demand": "final", "final consumption": "final",
         "y": "final", "fd": "final"}  # fmt: skip


ADDED = re.compile(r"(gross )?value added|gva|va|factor income|labou?r|capital|(net )?taxes( less subsidies)?"
                   r"|primary inputs?|imports?|imported inputs?|(gross |total )?output")  # fmt: skip


def headings() -> tuple[str, ...]:
    """The headings by which a header is known, as `economy.csv` has them and with countries and industries."""
    other = [f.replace("region", "country").replace("sector", "industry") for f in FIELDS]
    return tuple(dict.fromkeys([*FIELDS, *other, *(f.replace("_", " ") for f in (*FIELDS, *other)), VALUE]))


def fields(header: Sequence[str]) -> dict[str, list[str]]:
    """Field -> the headings of the file that name it; `value` those of a number in money."""
    found: dict[str, list[str]] = {}
    for heading in header:
        plain = "_".join(re.findall(r"[^\W_]+", heading.casefold()))
        for field, pattern in NAMES.items():
            if re.fullmatch(pattern, plain):
                found.setdefault(field, []).append(heading)
        said = unit(heading)
        if re.match(r"value|amount|flow_value|sales|obs_value|z$", plain) or (said is not None and said.money):
            found.setdefault("value", []).append(heading)
    return found


def is_tidy(header: Sequence[str]) -> bool:
    """Whether a header is that of a tidy table of industries, whole or with a column missing."""
    return len(set(fields(header)) & set(FIELDS)) >= ENOUGH


def rows(file: Path, around: Unit | None = None) -> tuple[pd.DataFrame, str, list[int]]:
    """The cells of a plain CSV in the columns of `economy.csv`, with their `line`; the unit of its values; and the
    lines of value added and taxes, which are no sales and are left out.

    `around` is the unit that lines around the table say. Raises InputError with every fault: a column that is missing
    or stands twice, a unit that is not said or said in two ways, each cell that is none.
    """
    try:
        with opened(file) as packed:
            content = packed.read().decode("utf-8-sig")
    except (UnicodeDecodeError, OSError, EOFError) as error:
        raise InputError(Fault(file.name, None, None, str(error), "UTF-8 text")) from None
    (_, header), *body = csv_rows(content.splitlines(keepends=True), file.name)
    header = [heading.strip() for heading in header]
    around = _own_unit(header, body, file.name, around)
    column, factor, told = _columns(header, file.name, around)
    faults: list[Fault] = []
    found, beside = [], []
    use = header.index(column["use"])
    for line, cells in body:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            faults.append(
                Fault(file.name, line, None, f"{len(cells)} fields", f"{len(header)} fields as in the header")
            )
            continue
        if ADDED.fullmatch(cells[use].strip().casefold().replace("_", " ")):
            beside.append(line)
            continue
        found.append({"line": line} | _row(cells, header, column, file.name, line, faults))
    if not found and not faults:
        faults.append(Fault(file.name, 1, None, "no data rows", "at least one row below the header"))
    if faults:
        raise InputError(faults)
    frame = pd.DataFrame(found, columns=["line", *column, *(h for h in header if h not in column.values())])
    return frame.assign(**{VALUE: frame[VALUE].astype(float) * factor}), told, beside


def own_unit(name: str, said: str, around: Unit | None) -> Unit:
    """The unit that the user says. Raises InputError for none of money, and where a line of the file says another."""
    told = unit(said)
    if told is None or not told.money or told.factor != told.factor:
        raise InputError(f"unit {said!r}; allowed: one of money, such as 'million USD' (--unit)")
    if around is not None and around != told:
        raise InputError(Fault(name, None, "unit", f"{said!r}, and the file says {words(around)}", "one unit"))
    return told


UNITS = ("unit", "units", "currency", "unit of measure", "unit_measure")


def _own_unit(
    header: Sequence[str], body: Sequence[tuple[int, list[str]]], name: str, around: Unit | None
) -> Unit | None:  # fmt: skip
    """The unit that a column of units says, else the one around. Raises InputError for several and for no money."""
    places = [k for k, heading in enumerate(header) if heading.casefold() in UNITS]
    told = {cells[k].strip() for k in places for _, cells in body if k < len(cells) and cells[k].strip()}
    found = {one: unit(one) for one in told}
    if len(told) > 1 or any(one is None or not one.money for one in found.values()):
        named = ", ".join(map(repr, sorted(told)[:8]))
        raise InputError(Fault(name, 1, header[places[0]], f"says {named}", "one unit of money, such as million USD"))
    own = next(iter(found.values()), None)
    if own is not None and around is not None and own != around:
        raise InputError(Fault(name, 1, header[places[0]], f"{words(own)}, and a line around the table says "
                               f"{words(around)}", "one unit"))  # fmt: skip
    return own or around


def _columns(header: Sequence[str], name: str, around: Unit | None) -> tuple[dict[str, str], float, str]:
    """Our column -> the file's, millions for one of its values, and the unit that makes (USD million)."""
    known = fields(header)
    faults = [Fault(name, 1, field, "column is missing", f"{RULES[field].allowed}; here: {', '.join(header[:12])}")
              for field in FIELDS if field not in known]  # fmt: skip
    faults += [Fault(name, 1, ", ".join(both), f"{len(both)} columns for {field}", "one column each")
               for field, both in known.items() if len(both) > 1]  # fmt: skip
    value = known.get("value", [""])[0]
    said = unit(value) or around
    if not value:
        told = f"a number in money, such as {VALUE}; here: {', '.join(header[:12])}"
        faults.append(Fault(name, 1, "value", "column is missing", told))
    elif said is None or said.factor != said.factor or not re.fullmatch("[A-Z]{3}", said.code):
        what = "no unit is said" if said is None else "the unit is not clear"
        faults.append(Fault(name, 1, value, what, f"its currency and multiple in the heading, such as {VALUE}"))
    elif around is not None and around != said:
        told = f"{words(said)} by its heading, {words(around)} by a column or a line around the table"
        faults.append(Fault(name, 1, value, told, "one unit"))
    if faults or said is None:
        raise InputError(faults)
    return {field: known[field][0] for field in FIELDS} | {VALUE: value}, said.factor / 1e6, f"{said.code} million"


def _row(
    cells: Sequence[str], header: Sequence[str], column: Mapping[str, str], name: str, line: int, faults: list[Fault]
) -> dict[str, object]:  # fmt: skip
    written = {heading: tables.unguarded(cell.strip()) for heading, cell in zip(header, cells, strict=True)}
    found: dict[str, object] = {h: cell or None for h, cell in written.items() if h not in column.values()}
    for field, heading in column.items():
        cell = written[heading]
        cell = WORDS.get(cell.casefold(), cell) if field == "use" else cell
        found[field] = None
        if tables.FORMULA.search(cell):
            faults.append(Fault(name, line, heading, f"formula {cell!r}", "a value, not a spreadsheet formula"))
        elif not cell:
            faults.append(Fault(name, line, heading, "empty", RULES[field].allowed))
        else:
            try:
                found[field] = RULES[field].read(cell)
            except ValueError:
                faults.append(Fault(name, line, heading, repr(cell), RULES[field].allowed))
    return found
