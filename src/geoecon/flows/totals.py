"""Rows that call themselves a total: the World row of the one market of a table, or set aside and held against it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from geoecon.flows.coverage import dollars
from geoecon.flows.edges import NOTHING, TOTALS, Rows
from geoecon.flows.layouts import Layout
from geoecon.flows.raw import quoted

if TYPE_CHECKING:
    from geoecon.kinds import Relation


TOTAL = "a total"  # begins the reason of such rows
WORLD = "World"
ROUNDING = 0.005
KEYS = ("period", "exporter", "importer", "reporter", "partner", "product")


def of_market(totals: Rows, relation: Relation, layout: Layout) -> Rows:
    """The one total of a table of one market (period, importer, product) as its World row, else nothing: what it has
    beyond the rows above is in the total and in nobody's share, as where the file writes the word beside its keys.
    """
    if len(totals) != 1:
        return []
    line, cells = totals[0]
    header = list(relation.columns)
    found = [h for f in KEYS if (h := layout.columns.get(f)) in header]
    found += [h for f in ("indicator", "flow", "unit") if (h := layout.columns.get(f)) in header and h not in found]
    found += [heading for _, heading in layout.roles if heading in header and heading not in found]
    one = _only(relation, found)
    ends = [h for f in ("partner", "exporter", "importer") if (h := layout.columns.get(f)) in header]
    seller = ends[1] if len(ends) > 1 and one[ends[1]] is None else ends[0] if ends else None
    made = list(cells)
    for heading in found:
        k = header.index(heading)
        if heading == seller:
            made[k] = WORLD
        elif cells[k].strip() in ("", *NOTHING) or TOTALS.match(cells[k].strip().rstrip(":").casefold()):
            told = one[heading]
            if told is None:
                return []
            made[k] = told
    return [(line, made)] if seller is not None else []


def _only(relation: Relation, headings: Sequence[str]) -> dict[str, str | None]:
    """The one value of each column; None for several."""
    cells = [f"trim(coalesce({quoted(h)}::VARCHAR, ''))" for h in headings]
    asked = ", ".join(f"min({cell}), max({cell})" for cell in cells)
    row = relation.aggregate(asked).fetchall()[0] if cells else ()
    return {h: str(row[2 * k]) if row[2 * k] == row[2 * k + 1] else None for k, h in enumerate(headings)}


def against(totals: Relation, rows: Relation) -> list[str]:
    """What to say of totals (six columns, numbers as the file has them) that are the sum of no rows of the table: of
    all, of those of one period, place or product, or of those of two of these.
    """
    told = [value for (value,) in totals.project("value_usd").fetchall() if value is not None and value == value]
    if not told or len(told) > 50:
        return []
    keys = ("period", "exporter", "importer", "product")
    sets = ", ".join(["()", *(f"({a})" for a in keys), *(f"({a}, {b})" for k, a in enumerate(keys) for b in keys[:k])])
    added = f"SELECT sum(value_usd) FROM r WHERE NOT isnan(value_usd) GROUP BY GROUPING SETS ({sets})"
    summed: Any = rows.query("r", added)
    sums = [s for (s,) in summed.fetchall() if s is not None]
    odd = [value for value in told if not any(abs(value - s) <= ROUNDING * max(value, 1e-12) for s in sums)]
    if not odd:
        return []
    whole = rows.filter("NOT isnan(value_usd)").aggregate("sum(value_usd)").fetchall()[0][0] or 0.0
    named = ", ".join(dollars(value) for value in odd[:5])
    return [f"a total of {named} is the sum of no rows of the table, which add up to {dollars(whole)}: what is missing "
            "stands in no share"]  # fmt: skip
