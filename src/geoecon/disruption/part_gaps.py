"""Columns of a bill of materials that nobody reads, and fields that no column holds."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from geoecon.disruption.bill import Lines
from geoecon.disruption.part_headings import REQUIRED, Column, beside, example, meaning, rated
from geoecon.disruption.part_products import one_of
from geoecon.errors import Fault

LEAD = "lead_time_days"
UNTOLD = {  # of the required fields those that a list may lack -> what follows
    "supplier": "supplier: every part is taken to stop",
    LEAD: "lead time: only the day on which each stock is gone can be told",
}
_MONEY = r"price|cost|value|amount|preis|prix|precio|\b(usd|eur|jpy|krw|cny|gbp)\b|[$€£¥]|単価|单价|단가"


def not_read(
    fields: Mapping[str, tuple[Column, ...]], header: Sequence[str], body: Lines
) -> tuple[tuple[str, str], ...]:  # fmt: skip
    """Heading of each column with cells that nobody reads, and what that means for the days."""
    used = {column.place for columns in fields.values() for column in columns}
    full = {k for _, row in body for k, cell in enumerate(row) if cell}
    sold = fields.get("supplier", (None,))[0]
    heads = enumerate([*header, *[""] * (max(full, default=0) + 1 - len(header))])
    return tuple((head or f"column {k + 1}, without a heading", (meaning(head) or beside(head, sold)) if head else "")
                 for k, head in heads if k not in used and k in full)  # fmt: skip


def may_be_times(head: str, header: Sequence[str], body: Lines) -> bool:
    """Whether a column that nobody reads could hold lead times: it begins with numbers and is of no money."""
    if head not in header or re.search(_MONEY, head, re.IGNORECASE):
        return False
    place = header.index(head)
    return any(re.match(r"\d", row[place]) for _, row in body[:20] if place < len(row))


def lacking(
    fields: Mapping[str, tuple[Column, ...]], header: Sequence[str], extra: Sequence[str], name: str, line: int
) -> list[Fault]:  # fmt: skip
    """A fault for each field that a list must have; `extra` are headings that may be the lead time."""
    bands = {field for field in REQUIRED if {f"{field}_low", f"{field}_high"} <= set(fields)}
    cover = {"stock", "use_per_day"} if "stock_days" in fields else set()
    free = set(UNTOLD) - ({LEAD} if extra else set())
    here = ", ".join(cell for cell in header if cell)
    faults = []
    for field in REQUIRED:
        if field in {*fields, *bands, *cover, *free}:
            continue
        near = extra[:1] if field == LEAD else [head for head in header if field == "use_per_day" and rated(head)][:1]
        more = f"; or columns {field}={near[0]!r} (--columns)" + " if it is per day" * (field != LEAD) if near else ""
        more += f", or {field}=none" if near and field == LEAD else ""
        each = [head for head in header if field == "use_per_day" and head and one_of(head) is not None][:1]
        way = "".join(each) + " * {column of how many in a time}"
        more += f"; {each[0]!r} is for one: columns {field}={way!r} (--columns) multiplies" if each else ""
        allowed = f"a heading such as {example(field)}; here: {here}{more}"
        faults.append(Fault(name, line, field, "column is missing", allowed))
    return faults


def without(fields: Mapping[str, object]) -> list[str]:
    """What follows from each column that a list may lack and does, in words."""
    return [
        f"no column is read as {words}" for field, words in UNTOLD.items() if not {field, f"{field}_low"} & set(fields)
    ]
